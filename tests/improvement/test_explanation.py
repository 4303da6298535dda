"""What is told of a test without a model: calls, checks, depth, scenarios, what is missing."""

from __future__ import annotations

import pytest

from pe4king_core.improvement.depth import oracle_depth
from pe4king_core.improvement.explanation import explain_test
from pe4king_core.improvement.missing import missing_facts
from pe4king_core.improvement.ranking import ranked, worth
from pe4king_core.improvement.wording import check_words
from pe4king_core.model.case import Depth, Focus
from pe4king_core.model.fact import Basis, Presence, SubjectKind
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.openapi.loading import load
from pe4king_core.testcode import read_tests
from tests.conftest import ROOT

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"
DOCUMENT = load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())

TESTS = """
import pytest
import httpx


@pytest.fixture
def client():
    return httpx.Client(base_url="http://localhost")


@pytest.fixture
def book(client):
    return client.post("/books", json={"title": "A"}).json()


def test_reads_a_book(client):
    response = client.get("/books/1")
    assert response.status_code == 200
    assert response.json()["rating"]["count"] == 2


def test_is_not_found(client):
    assert client.get("/books/2").status_code == 404


def test_adds_a_book(client):
    payload = {"title": "Dune", "isbn": "978-1000000061", "pages": 3}
    response = client.post("/books", json=payload, headers={"X-Trace": "1"})
    assert response.status_code == 201


def test_checks_nothing(client):
    client.get("/books", params={"limit": 3})
"""


def operations(test: TestFunction) -> dict[str, Operation]:
    """What the calls of these tests mean, written down by hand."""
    meant = {
        ("GET", "/books"): "GET /books",
        ("POST", "/books"): "POST /books",
        ("GET", "/books/1"): "GET /books/{bookId}",
        ("GET", "/books/2"): "GET /books/{bookId}",
    }
    found = {}
    for call in test.calls:
        operation = DOCUMENT.operation(meant[call.method, call.path])
        assert operation is not None
        found[call.id] = operation
    return found


@pytest.fixture(scope="module")
def file() -> TestFile:
    return read_tests(TESTS, SourceLanguage.PYTHON)


def told(file: TestFile, name: str, language: str = "en") -> str:
    test = file.test_named(name)
    assert test is not None
    others = [(each, operations(each)) for each in file.tests if each is not test]
    return explain_test(test, operations(test), TESTS, others).markdown.text(language)


def test_tells_calls_checks_and_depth(file: TestFile) -> None:
    text = told(file, "test_reads_a_book")
    assert "- `GET /books/1`: Read a book" in text
    assert "- **the status**: equals 200" in text
    assert "- **rating.count**: equals 2" in text
    assert text.endswith("Depth: L4, nested fields\n")


def test_tells_which_scenarios_the_file_covers(file: TestFile) -> None:
    text = told(file, "test_reads_a_book")
    assert "- `GET /books/{bookId}` 200 The book: this test" in text
    assert "404 Something that the request names does not exist: `test_is_not_found`" in text
    assert "401 The credentials are missing or wrong: no test in this file" in text


def test_tells_the_most_valuable_missing_checks_with_their_place(file: TestFile) -> None:
    text = told(file, "test_reads_a_book")
    missing = text.partition("## Not checked yet")[2]
    assert "- **id**: format uuid — `Stored.id`" in missing
    assert missing.index("**genre**") < missing.index("**the content type**")


def test_tells_what_is_sent(file: TestFile) -> None:
    text = told(file, "test_adds_a_book")
    assert "sends" in text
    assert "title, isbn, pages" in text


def test_a_test_without_assertions_has_no_depth(file: TestFile) -> None:
    text = told(file, "test_checks_nothing", "ru")
    assert "- ничего" in text
    assert text.endswith("Глубина: L0, ничего не проверяется\n")


def test_both_languages_tell_the_same(file: TestFile) -> None:
    for test in file.tests:
        english, russian = (told(file, test.name, language) for language in ("en", "ru"))
        assert len(english.splitlines()) == len(russian.splitlines())


@pytest.mark.parametrize("depth", [each for each in Depth if each])
def test_every_missing_fact_has_a_source_and_a_reason(file: TestFile, depth: Depth) -> None:
    for test in file.tests:
        for call in test.calls:
            operation = operations(test)[call.id]
            for fact in missing_facts(test, call, operation, TESTS, depth=depth):
                assert fact.source, fact
                assert fact.reason.en, fact
                assert fact.reason.ru, fact
                assert fact.reason.en != fact.reason.ru, fact


def test_ranking_is_a_stable_order_of_the_same_facts(file: TestFile) -> None:
    test = file.test_named("test_adds_a_book")
    assert test is not None
    facts = missing_facts(test, test.calls[0], operations(test)["C1"], TESTS)
    assert sorted(map(repr, ranked(facts))) == sorted(map(repr, facts))
    assert ranked(facts) == ranked(tuple(facts))
    first = ranked(facts)[0]
    assert worth(first) == max(map(worth, facts))
    required = [f for f in facts if f.subject.name.count("/") == 1]
    assert {f.presence for f in ranked(required)[:5]} == {Presence.REQUIRED}


def test_a_limit_keeps_the_most_valuable_in_reading_order(file: TestFile) -> None:
    test = file.test_named("test_adds_a_book")
    assert test is not None
    operation = operations(test)["C1"]
    everything = missing_facts(test, test.calls[0], operation, TESTS)
    some = missing_facts(test, test.calls[0], operation, TESTS, limit=7)
    assert len(some) == 7
    assert set(map(repr, some)) == set(map(repr, ranked(everything)[:7]))
    assert list(some) == [fact for fact in everything if fact in some]


def test_rules_add_what_is_sent_and_comes_back(file: TestFile) -> None:
    test = file.test_named("test_adds_a_book")
    assert test is not None
    call, operation = test.calls[0], operations(test)["C1"]
    plain = missing_facts(test, call, operation, TESTS)
    assert all(fact.basis is Basis.DOCUMENT for fact in plain)
    for asked in (
        missing_facts(test, call, operation, TESTS, depth=Depth.L6_RULES),
        missing_facts(test, call, operation, TESTS, focus=frozenset({Focus.RULES})),
    ):
        laws = [fact for fact in asked if fact.basis is Basis.LAW]
        assert {(fact.subject.name, fact.law) for fact in laws} == {
            ("/title", "echo"), ("/isbn", "echo"), ("/pages", "echo"),
        }  # fmt: skip


def test_depth_of_assertions() -> None:
    lines = {
        Depth.L1_STATUS: "assert r.status_code == 200",
        Depth.L2_BODY: "assert r.headers['ETag']",
        Depth.L3_FIELDS: "assert r.json()['id'] == 1",
        Depth.L4_NESTED: "assert r.json()['a']['b'] == 1",
        Depth.L5_TYPES: "assert isinstance(r.json()['id'], int)",
        Depth.L6_RULES: "assert r.json()['total'] == len(r.json()['items'])",
    }
    for depth, line in lines.items():
        text = f"def test_it(client):\n    r = client.get('/x')\n    {line}\n"
        (test,) = read_tests(text, SourceLanguage.PYTHON).tests
        assert oracle_depth(test) is depth, line
        assert all(
            item.subject is None or item.subject.kind in SubjectKind for item in test.assertions
        )


def test_a_counted_page_is_told_with_its_limit() -> None:
    counting = """
def test_counts(client):
    body = client.get("/books").json()
    assert min(body["total"], 50) == len(body["items"])
"""
    (test,) = read_tests(counting, SourceLanguage.PYTHON).tests
    (said,) = [check_words(each.check) for each in test.assertions]
    assert said.en == "is the number of items (as far as 50)"
    assert said.ru == "равно количеству items (в пределах 50)"
