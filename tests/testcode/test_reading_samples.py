"""Hand-written tests in foreign styles, each with what a reader should find in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import telling

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode import read_tests

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.name.removesuffix(".txt") for path in SAMPLES.glob("*.txt"))


def sample(name: str) -> TestFile:
    language = SourceLanguage.JAVA if ".java" in name else SourceLanguage.PYTHON
    return read_tests((SAMPLES / f"{name}.txt").read_text(encoding="utf-8"), language)


def expectations(name: str) -> dict[str, list[str]]:
    """`name.expected`: the test's name, then a line for each call and each assertion."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (SAMPLES / f"{name}.expected").read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            current.append(line.strip())
        else:
            current = found[line] = []
    return found


@pytest.mark.parametrize("name", NAMES)
def test_finds_the_tests(name: str) -> None:
    assert [test.qualified_name for test in sample(name).tests] == list(expectations(name))


@pytest.mark.parametrize(
    ("name", "test"), [(name, test) for name in NAMES for test in expectations(name)]
)
def test_reads_calls_and_assertions(name: str, test: str) -> None:
    found = sample(name).test_named(test)
    assert found is not None
    assert not found.damaged
    told = [f"{call.id} {telling.call(call)}" for call in found.calls]
    told += [telling.assertion(assertion) for assertion in found.assertions]
    assert told == expectations(name)[test]


@pytest.mark.parametrize("name", NAMES)
def test_places_lie_in_their_test(name: str) -> None:
    file = sample(name)
    for test in file.tests:
        assert test.span.contains(test.name_span.start)
        assert test.span.contains(test.body_span.end)
        assert test.name_span.of(file.text) == test.name
        for call in test.calls:
            assert call.statement.start <= call.span.start <= call.span.end
            assert test.span.contains(call.anchor)
        for number, assertion in enumerate(test.assertions, 1):
            assert assertion.id == f"A{number}"
            assert assertion.span.of(file.text) == assertion.text
            assert test.span.contains(assertion.span.start)


def test_knows_the_file() -> None:
    file = sample("functions.py")
    assert file.client == "requests"
    assert file.fixtures == {"book"}
    assert {"re", "uuid.UUID", "pytest", "http.HTTPStatus"} <= file.imports
    assert file.text[: file.import_anchor].endswith("import requests\n")
    java = sample("chains.java")
    assert java.client == "rest-assured"
    assert {"static org.hamcrest.Matchers.*", "io.restassured.RestAssured"} <= java.imports
    assert java.text[: java.import_anchor].endswith("provider.ValueSource;\n")


def test_says_why_something_is_not_resolved() -> None:
    def reason(test: str, name: str = "functions.py") -> str:
        found = sample(name).test_named(test)
        assert found is not None
        unresolved = found.calls[0].blocked
        assert unresolved is not None
        assert unresolved.ru
        return unresolved.en

    assert "path" in reason("test_parameters")
    assert "helper" in reason("test_hidden_call")
    assert "loop" in reason("test_loop")
    assert "assigned again" in reason("test_reassigned")
    assert "exception" in reason("test_raises")
    assert "helper" in reason("ChainsTest.helper", "chains.java")
    assert "loop" in reason("ResponsesTest.loops", "responses.java")


def test_body_variables() -> None:
    found = sample("functions.py").test_named("test_f_string")
    assert found is not None
    given, held = found.body_variables
    assert (given.name, given.call, given.pointer) == ("book", "C1", "")
    assert (held.name, held.call, held.pointer) == ("data", "C2", "/data")


def test_names_of_holes() -> None:
    found = sample("functions.py").test_named("test_f_string")
    assert found is not None
    assert found.calls[1].parameter_names == ("id", "review_id")
    chained = sample("chains.java").test_named("pathParameters")
    assert chained is not None
    assert chained.calls[0].parameter_names == ("bookId", "reviewId")


def test_documentation_and_parameters() -> None:
    file = sample("classes.py")
    method = file.test_named("test_method")
    assert method is not None
    assert method.documentation is not None
    assert method.documentation.of(file.text) == '"""Books can be listed."""'
    assert method.parameters == ("client",)
    java = sample("chains.java")
    listed = java.test_named("listsBooks")
    assert listed is not None
    assert listed.documentation is not None
    assert listed.documentation.of(java.text) == "/** Lists the books. */"
    assert listed.span.start == listed.documentation.start
