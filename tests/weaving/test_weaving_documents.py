"""What a whole document promises can be woven, is read back, and is not woven twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.improvement.missing import missing_facts
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.openapi import load
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import weave

BOOKSTORE = Path(__file__).resolve().parents[2] / "examples" / "bookstore" / "openapi.yaml"
TEXTS = {
    SourceLanguage.PYTHON: """\
import httpx


def test_a(client):
    response = client.{method}("{path}")
    assert response.status_code == {status}
""",
    SourceLanguage.JAVA: """\
class ATest {{
    @Test
    void a() {{
        given()
                .when()
                .{method}("{path}")
                .then()
                .statusCode({status});
    }}
}}
""",
}


@pytest.fixture(scope="module")
def bookstore() -> ApiDocument:
    return load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())


@pytest.mark.parametrize("language", list(SourceLanguage))
def test_bookstore(language: SourceLanguage, bookstore: ApiDocument) -> None:
    woven = 0
    for operation in bookstore.operations:
        for status in operation.success_statuses:
            text = TEXTS[language].format(
                method=operation.method.lower(), path=operation.path, status=status
            )
            file = read_tests(text, language)
            (test,) = file.tests
            facts = missing_facts(test, test.calls[0], operation, text)
            result = weave(file, test, facts)
            assert result.added == facts
            after = read_tests(apply_edits(text, result.edits), language)
            [again] = after.tests
            assert not again.damaged
            assert missing_facts(again, again.calls[0], operation, after.text) == ()
            woven += len(result.added)
    assert woven > 100
