"""What the gate `contract` judges: what a proposal writes, not what stood there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import Level, LevelState
from pe4king_core.proof.gates.contract.gate import ContractGate
from pe4king_core.proof.proposed import Proposed, Surroundings
from tests.proof.gates.contract_kit import bookstore, judged

PYTHON = SourceLanguage.PYTHON
OLD = """\
def test_old(api):
    response = api.get("/magazines", params={"page": 1})
    assert response.status_code == 299
    assert response.json()["titel"]
"""
NEW = """\


def test_new(api):
    response = api.get("/books")
    assert response.status_code == 200
"""


def test_what_stood_there_is_not_judged() -> None:
    assert judged(PYTHON, OLD + NEW, before=OLD).state is LevelState.PASSED


def test_what_is_added_to_it_is_judged() -> None:
    result = judged(PYTHON, OLD + NEW + '    assert response.json()["pages"]\n', before=OLD)
    assert result.state is LevelState.FAILED
    assert result.reason.en.startswith("/pages is not in the answer of GET /books; ")
    assert "/items/*/pages" in result.reason.en
    assert result.span is not None
    assert result.span.start > len(OLD)


def test_the_same_mistake_once_more_is_judged() -> None:
    again = OLD.replace("test_old", "test_again")
    assert judged(PYTHON, OLD + "\n\n" + again, before=OLD).state is LevelState.FAILED


def test_an_insertion_into_a_test_is_judged_alone() -> None:
    place = OLD.index("    assert response.json")
    edit = Edit(Span(place, place), '    assert response.json()["author"]\n')
    before = OLD.replace("/magazines", "/books").replace("299", "200")
    place = before.index("    assert response.json")
    proposed = Proposed(PYTHON, before, (Edit(Span(place, place), edit.text),))
    result = ContractGate().check(proposed, Surroundings(documents=(bookstore(),)))
    assert result.state is LevelState.FAILED
    assert "/author" in result.reason.en
    assert "more" not in result.reason.en
    assert result.span is not None
    assert result.span.of(proposed.after) == "author"


def test_several_inventions_are_counted() -> None:
    result = judged(PYTHON, OLD)
    assert result.level is Level.CONTRACT
    assert result.state is LevelState.FAILED
    more = judged(PYTHON, OLD.replace("/magazines", "/books"))
    assert more.reason.en.endswith("(and 1 more)")
    assert more.reason.ru.endswith("(и ещё 1)")


HELPER = """\
def check_error(response):
    assert response.json()["errorCode"]


def open_shop(api):
    api.post("/__reset")
"""
USES = """\
from helpers import check_error, open_shop


def test_new(api):
    open_shop(api)
    response = api.get("/books")
    assert response.status_code == 200
    check_error(response)
"""


def test_helpers_of_the_project_are_not_judged() -> None:
    texts = {"/p/tests/helpers.py": HELPER}
    assert judged(PYTHON, USES, texts=texts, path="/p/tests/test_new.py").state is LevelState.PASSED


def test_what_a_test_gives_to_a_helper_is_judged() -> None:
    helper = "def fetch(api, path):\n    return api.get(path)\n"
    test = """\
from helpers import fetch


def test_new(api):
    response = fetch(api, "/magazines")
    assert response.status_code == 200
"""
    texts = {"/p/tests/helpers.py": helper}
    result = judged(PYTHON, test, texts=texts, path="/p/tests/test_new.py")
    assert result.state is LevelState.FAILED
    assert "/magazines" in result.reason.en


def test_siblings_are_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text('SHELF = "/magazines"\n', encoding="utf-8")
    test = """\
from helpers import SHELF


def test_new(api):
    response = api.get(f"{SHELF}/7/reviews")
    assert response.status_code == 200
"""
    edit = Edit(Span(0, 0), test)
    proposed = Proposed(PYTHON, "", (edit,), str(tmp_path / "test_new.py"))
    around = Surroundings(documents=(bookstore(),), root=tmp_path)
    assert ContractGate().check(proposed, around).state is LevelState.FAILED
    alone = Surroundings(documents=(bookstore(),))
    assert ContractGate().check(proposed, alone).state is LevelState.WARNED


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            PYTHON,
            "import pytest\n\n@pytest.fixture\ndef author(api):\n"
            '    return api.post("/authors", json={}).json()\n',
        ),
        (
            SourceLanguage.JAVA,
            'class Base {\n  Response author(String id) {\n    return api().get("/authors/" + id);'
            "\n  }\n}\n",
        ),
    ],
)
def test_requests_outside_of_tests_are_judged(language: SourceLanguage, text: str) -> None:
    result = judged(language, text)
    assert result.state is LevelState.FAILED
    assert "/authors" in result.reason.en
    assert judged(language, text.replace("authors", "books")).state is LevelState.PASSED


def test_without_a_document_nothing_is_said() -> None:
    proposed = Proposed(PYTHON, "", (Edit(Span(0, 0), NEW),))
    result = ContractGate().check(proposed, Surroundings())
    assert result.state is LevelState.NOT_RUN
    assert result.reason.en
    assert result.reason.ru


@pytest.mark.parametrize(
    "text", ["", "def test_x(:\n", "\x00", "class", "def test_x():\n  (" * 300]
)
@pytest.mark.parametrize("language", list(SourceLanguage))
def test_rubbish_is_no_accident(language: SourceLanguage, text: str) -> None:
    assert judged(language, text).level is Level.CONTRACT


def test_the_same_proposal_is_judged_alike() -> None:
    assert judged(PYTHON, OLD) == judged(PYTHON, OLD)
