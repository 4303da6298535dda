"""What holds for every fact and every style of test."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from facts_of_all_kinds import all_facts
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import is_covered, read_tests
from pe4king_core.weaving import weave

FACTS = tuple(all_facts())
SOME_FACTS = st.lists(
    st.sampled_from(FACTS), min_size=2, max_size=6, unique_by=lambda fact: fact.subject
)
"""Facts that do not contradict each other."""
PYTHON = {
    "function": '''\
import httpx


def test_a(client):
    """Doc."""
    response = client.get("/books/1")
    assert response.status_code == 200  # fine
''',
    "body kept": """\
import requests
import re

def test_a():
    r = requests.get("http://x/books")
    data = r.json()
    assert data["total"] == 3
    for body in data["list"]:
        print(body)
""",
    "class with tabs": """\
class TestBooks:
\tasync def test_a(self, client):
\t\tresponse = await client.get("/books")
\t\tassert (
\t\t\tresponse.status_code == 200
\t\t)
""",
    "with block": """\
def test_a(session):
    with session.get("http://x/books", stream=True) as answer:
        assert answer.ok

    print("done")""",
    "try block": """\
def test_a(client, body, payload):
  try:
    response = client.get("/books")
  finally:
    clean()
""",
    "unittest": """\
import unittest
import requests
class BooksCase(unittest.TestCase):
    def setUp(self):
        self.client = requests.Session()

    def test_a(self):
        response = self.client.get("/books")
        self.assertEqual(response.status_code, 200)
        response = self.client.get("/other")
""",
    "carriage returns": (
        "def test_a(client):\r\n    r = client.get('/a')\r\n    assert r.ok\r\n\r\nx = 1\r\n"
    ),
}
JAVA_HEAD = """\
package a;

import static io.restassured.RestAssured.given;
import io.restassured.response.Response;

class ATest {
"""
JAVA = {
    "chain over lines": """\
    @Test
    void a() {
        given()
            .header("a", "b")
        .when()
            .get("/books")
        .then()
            .statusCode(200) // fine
            ;
    }
""",
    "chain on a line": """\
  @Test void a() {
    given().get("/books").then().statusCode(200);
  }
""",
    "extracted": """\
    @Test
    void a() {
        String id = given()
                .get("/books")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }
""",
    "response": """\
\t@Test
\tvoid a() {
\t\tResponse response = given().get("/books");
\t\tassertEquals(200, response.statusCode());
\t\tint x = 1;
\t}
""",
}


def woven_texts(language: SourceLanguage, style: str, facts: tuple[AssertionFact, ...]) -> None:
    text = PYTHON[style] if language is SourceLanguage.PYTHON else JAVA_HEAD + JAVA[style] + "}\n"
    file = read_tests(text, language)
    (test,) = file.tests
    result = weave(file, test, facts)
    assert set(result.added) | {fact for fact, _ in result.refused} == set(facts)
    assert all(edit.span.start == edit.span.end for edit in result.edits)
    for _, reason in result.refused:
        assert reason.en
        assert re.search("[а-я]", reason.ru)
    woven = apply_edits(text, result.edits)
    check_syntax(woven, language)
    after = read_tests(woven, language)
    (new,) = after.tests
    check_assertions(test, new)
    for fact in result.added:
        assert is_covered(new, fact), woven
    check_twice(after, new, result.added)


def check_syntax(text: str, language: SourceLanguage) -> None:
    if language is SourceLanguage.PYTHON:
        compile(text, "test_woven.py", "exec")
    else:
        assert not read_tests(text, language).tests[0].damaged


def check_assertions(old: TestFunction, new: TestFunction) -> None:
    """The old assertions are all there, and the new ones speak of the same calls."""
    assert [call.path for call in new.calls] == [call.path for call in old.calls]
    before = Counter((each.call, each.text, str(each.check)) for each in old.assertions)
    after = Counter((each.call, each.text, str(each.check)) for each in new.assertions)
    assert before <= after
    added = after - before
    assert all(call == "C1" for call, _, _ in added)


def check_twice(file: TestFile, test: TestFunction, facts: tuple[AssertionFact, ...]) -> None:
    missing = [fact for fact in facts if not is_covered(test, fact)]
    assert weave(file, test, missing).edits == ()


@pytest.mark.parametrize("style", PYTHON)
def test_every_fact_in_python(style: str) -> None:
    for fact in FACTS[:: 1 if style == "function" else 7]:
        woven_texts(SourceLanguage.PYTHON, style, (fact,))


@pytest.mark.slow
@pytest.mark.parametrize("style", JAVA)
def test_every_fact_in_java(style: str) -> None:
    for fact in FACTS[:: 2 if style == "chain over lines" else 9]:
        woven_texts(SourceLanguage.JAVA, style, (fact,))


@given(
    facts=SOME_FACTS,
    style=st.sampled_from(sorted(PYTHON)),
)
@settings(max_examples=60, deadline=None)
def test_some_facts_in_python(facts: list[AssertionFact], style: str) -> None:
    woven_texts(SourceLanguage.PYTHON, style, tuple(facts))


@given(
    facts=SOME_FACTS,
    style=st.sampled_from(sorted(JAVA)),
)
@settings(max_examples=60, deadline=None)
def test_some_facts_in_java(facts: list[AssertionFact], style: str) -> None:
    woven_texts(SourceLanguage.JAVA, style, tuple(facts))
