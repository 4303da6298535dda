"""A test beside an existing one: where it is written, where not, and that it really runs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.model.fact import (
    STATUS,
    AssertionFact,
    Equals,
    HasType,
    InRange,
    Literal,
    RequestValue,
    ResponseValue,
    body,
    header,
)
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import Woven, weave
from tests.rendering.java_kit import java_kit

INTEGER = HasType(frozenset({JsonType.INTEGER}))
TOTAL = AssertionFact("C1", body("/total"), INTEGER)
LOW = AssertionFact("C1", body("/limit"), InRange(Bounds(1, 100)))
OK = AssertionFact("C1", STATUS, Equals(Literal(200)))

LOOP = """\
import requests

BASE = "{service}"


def test_list():
    for offset in (1, 0):
        response = requests.get(f"{BASE}/books", params={"offset": offset})
        assert response.status_code == 200
"""


def weave_in(text: str, *facts: AssertionFact, language: str = "python", at: int = 0) -> Woven:
    file = read_tests(text, SourceLanguage(language))
    unsure = [call.id for call in file.tests[at].calls if call.unsure is not None]
    result = weave(file, file.tests[at], facts or [replace(TOTAL, call=(*unsure, "C1")[0])])
    assert all(edit.span.start == edit.span.end for edit in result.edits)
    return result


def woven(text: str, *facts: AssertionFact, language: str = "python") -> str:
    result = weave_in(text, *facts, language=language)
    assert result.refused == ()
    assert len(result.siblings) == 1
    after = apply_edits(text, result.edits)
    if language == "python":
        ast.parse(after)
    return after


def refuses(text: str, *facts: AssertionFact, language: str = "python") -> bool:
    result = weave_in(text, *facts, language=language)
    assert bool(result.refused) == (result.edits == ())
    return result.edits == () and result.siblings == ()


def test_a_loop_over_rows_gives_its_first_row() -> None:
    assert woven(LOOP, TOTAL, LOW) == (
        LOOP
        + """\


def test_list_answer():
    offset = 1
    response = requests.get(f"{BASE}/books", params={"offset": offset})
    assert response.status_code == 200
    body = response.json()
    assert {"total", "limit"} <= body.keys()
    assert type(body["total"]) is int
    assert 1 <= body["limit"] <= 100
"""
    )


def test_weaving_again_adds_nothing() -> None:
    after = woven(LOOP, TOTAL, LOW)
    again = weave_in(after, TOTAL, LOW)
    assert again.edits == ()
    assert [reason.en for _, reason in again.refused] == [
        "The check stands in test_list_answer, which makes the same request."
    ] * 2


def test_the_test_beside_need_not_check_what_the_first_one_does() -> None:
    after = woven(
        LOOP.replace("== 200\n", '== 200\n        assert response.json()["total"] == 3\n')
    )
    result = weave_in(after, AssertionFact("C1", body("/total"), Equals(Literal(3))), at=1)
    assert result.edits == ()
    assert [reason.en for _, reason in result.refused] == [
        "The check stands in test_list, which makes the same request."
    ]


def test_more_checks_go_into_the_test_that_is_there() -> None:
    after = woven(LOOP, TOTAL)
    more = weave_in(after, TOTAL, LOW)
    assert more.added == (LOW,)
    assert more.siblings == ("test_list_answer",)
    whole = apply_edits(after, more.edits)
    assert whole.count("def ") == 2
    assert whole.rstrip().endswith('assert 1 <= body["limit"] <= 100')


def test_another_test_of_that_name_is_left_alone() -> None:
    taken = LOOP + "\n\ndef test_list_answer():\n    assert BASE\n"
    assert refuses(taken)


def test_each_request_gets_its_own() -> None:
    text = LOOP + (
        '        other = requests.get(f"{BASE}/orders")\n        assert other.status_code == 200\n'
    )
    facts = (TOTAL, replace(TOTAL, call="C2"))
    result = weave_in(text, *facts)
    assert result.siblings == ("test_list_answer", "test_list_answer_2")
    assert result.added == facts
    after = apply_edits(text, result.edits)
    names = [each.name for each in ast.parse(after).body if isinstance(each, ast.FunctionDef)]
    assert sorted(names) == ["test_list", "test_list_answer", "test_list_answer_2"]
    assert weave_in(after, *facts).edits == ()


def test_one_that_expects_another_status_is_no_twin() -> None:
    gone = (
        "\n\ndef test_list_answer():\n"
        '    response = requests.get(f"{BASE}/books", params={"offset": -1})\n'
        "    assert response.status_code == 422\n"
    )
    assert refuses(LOOP + gone)
    beside = weave_in(LOOP + gone, AssertionFact("C1", body("/code"), INTEGER, when=422), at=1)
    assert len(beside.added) == 1


def test_checks_of_the_test_itself_stay_in_it() -> None:
    text = HEAD + "def test_a():\n" + INSIDE + "    last = requests.get(URL + '/1')\n"
    facts = (TOTAL, replace(TOTAL, call="C2"), replace(OK, call="C2"))
    after = apply_edits(text, weave_in(text, *facts).edits)
    assert ast.parse(after)
    own, _, beside = after.partition("def test_a_answer():")
    assert "assert last.status_code == 200" in own
    assert "assert" in beside
    assert "last" not in beside


def test_off() -> None:
    file = read_tests(LOOP, SourceLanguage.PYTHON)
    result = weave(file, file.tests[0], [TOTAL], siblings=False)
    assert result.edits == ()
    assert [reason.en for _, reason in result.refused] == ["The request is sent inside a loop."]


def test_in_a_class_with_fixtures_marks_and_tabs() -> None:
    text = (
        "import pytest\n\nclass TestBooks:\n\tPAGE = 1\n\n\t@pytest.mark.smoke\n"
        "\tdef testList(self, client: object) -> None:\n\t\tlimit = 5\n"
        "\t\tr = client.get('/books',\n\t\t\tparams={'limit': limit}); "
        "assert r.status_code == 200; n = 1\n"
        "\t\tassert r.json()['items']\n\n"
        "\tdef test_other(self, client):\n\t\tassert client.get('/x').json() == {}\n"
    )
    crowded = text.replace("\t\tassert r.json()['items']\n", "")
    assert (
        "\n\n\t@pytest.mark.smoke\n\tdef testListAnswer(self, client: object) -> None:\n"
        "\t\tlimit = 5\n\t\tresponse = client.get('/books',\n\t\t\tparams={'limit': limit})\n"
        "\t\tassert response.status_code == 200\n\t\tbody = response.json()\n"
        "\t\tassert 'total' in body\n"
    ) in woven(crowded)


def test_in_the_words_of_unittest() -> None:
    text = """\
import unittest
import requests


class BooksTests(unittest.TestCase):
    def setUp(self):
        self.session = requests.Session()

    def test_list(self):
        for _ in range(2):
            found = self.session.get("http://h/books")
            self.assertEqual(found.status_code, 200)
"""
    after = woven(text)
    assert (
        "\n\n    def test_list_answer(self):\n"
        '        response = self.session.get("http://h/books")\n'
        "        self.assertEqual(response.status_code, 200)\n"
        "        body = response.json()\n"
        '        self.assertIn("total", body)\n'
    ) in after


def test_line_ends_stay() -> None:
    after = woven(LOOP.replace("\n", "\r\n"))
    assert "\n" not in after.replace("\r\n", "")


def test_gathered_requests_are_awaited() -> None:
    text = """\
import asyncio
import httpx
import pytest


@pytest.mark.asyncio
async def test_many(client: httpx.AsyncClient):
    answers = await asyncio.gather(*(client.get("/books") for _ in range(3)))
    assert [each.status_code for each in answers] == [200, 200, 200]
"""
    after = woven(text, OK, TOTAL)
    assert "@pytest.mark.asyncio\nasync def test_many_answer(client: httpx.AsyncClient):\n" in after
    assert '    response = await client.get("/books")\n' in after


HEAD = 'import requests\nURL = "http://h/books"\n\n'
STATES = "        assert r.status_code == 200\n"
INSIDE = f"    for _ in range(2):\n        r = requests.get(URL)\n{STATES}"


@pytest.mark.parametrize(
    "text",
    [
        "def test_a():\n" + INSIDE.replace("requests.get", "requests.delete"),
        "def test_a():\n    requests.post(URL)\n" + INSIDE,
        "def test_a():\n" + INSIDE + "    requests.delete(URL)\n",
        "def test_a():\n    prepare()\n" + INSIDE,
        "def test_a(db):\n    db.commit()\n" + INSIDE,
        "def test_a(client):\n    client.headers['x'] = 'y'\n" + INSIDE,
        "def test_a(rows):\n" + INSIDE.replace("range(2)", "rows"),
        "def test_a():\n" + INSIDE.replace("range(2)", "()"),
        "def test_a():\n    url = find()\n" + INSIDE.replace("URL", "url"),
        "def test_a(flag):\n    url = URL\n    if flag:\n        url = URL + '/1'\n"
        + INSIDE.replace("(URL)", "(url)"),
        "def test_a():\n" + INSIDE.replace("== 200", "in (200, 404)"),
        "def test_a():\n" + INSIDE.replace("requests.get(URL)", "make().get(URL)"),
        "def test_a():\n" + INSIDE + "        break\n",
        "def fetch():\n    while True:\n        r = requests.get(URL)\n        if r.ok:\n"
        "            return r\n\ndef test_a():\n    r = fetch()\n" + STATES[4:],
        "@pytest.mark.skip\ndef test_a():\n" + INSIDE,
        "@pytest.mark.xfail(strict=True)\ndef test_a():\n" + INSIDE,
        "@patch('x.y')\ndef test_a(y):\n" + INSIDE,
        "@pytest.mark.vcr('cassette')\ndef test_a():\n" + INSIDE,
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_a(n):\n" + INSIDE,
        "def test_a():\n    if not URL:\n        pytest.skip('no')\n" + INSIDE,
        "def test_a():\n    try:\n        r = requests.get(URL)\n"
        + STATES
        + "    except Exception:\n        print('down')\n",
        "def test_a(flag):\n    if flag:\n"
        "        r = requests.get(URL); assert r.status_code == 200; x = 1\n",
        "class TestA:\n    def test_a(self):\n"
        "        for _ in (1, 2):\n            r = requests.get(self.url)\n"
        "            assert r.status_code == 200\n\n"
        "    def test_b(self):\n        self.url = URL\n",
    ],
)
def test_nothing_where_it_is_not_certain(text: str) -> None:
    assert refuses(HEAD + text)


def test_the_texts_above_lack_one_thing_only() -> None:
    woven(HEAD + "def test_a():\n" + INSIDE)
    woven(HEAD + "def test_a(db):\n    url = URL\n" + INSIDE.replace("(URL)", "(url)"))
    woven(HEAD + "@pytest.mark.smoke\ndef test_a():\n" + INSIDE)
    woven(
        HEAD + "def test_a():\n    try:\n        r = requests.get(URL)\n" + STATES + "    except "
        "Exception as problem:\n        raise AssertionError(str(problem))\n"
    )


def test_what_speaks_of_other_answers_stays_refused() -> None:
    text = HEAD + "def test_a():\n" + INSIDE
    assert refuses(text, AssertionFact("C1", body("/a"), Equals(ResponseValue("C2", "/a"))))
    assert refuses(text, AssertionFact("C1", body("/a"), Equals(RequestValue("/a"))))
    assert refuses(text, AssertionFact("C1", body("/a"), INTEGER, when=404))


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 100])
def test_runs(limit: int, bookstore_service: str, tmp_path: Path) -> None:
    """With `limit` 0 the last check is wrong, and the new test, and only that, fails."""
    wrong = AssertionFact("C1", body("/limit"), InRange(Bounds(1, 1)))
    text = LOOP.replace("{service}", bookstore_service).replace(
        "response = requests.get(f", "response = requests.get(headers=HEADERS, url=f"
    )
    text = text.replace("\n\n\n", '\nHEADERS = {"X-API-Key": "demo-key"}\n\n\n', 1)
    kind = AssertionFact("C1", header("Content-Type"), None)
    after = woven(text, TOTAL, LOW if limit else wrong, kind)
    (tmp_path / "test_it.py").write_text(after, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    expected = "2 passed" if limit else "1 failed, 1 passed"
    assert expected in done.stdout, done.stdout[-3000:]


JAVA = """\
import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

public class BooksTest {
    private RequestSpecification key;

    @BeforeEach
    void setUp() {
        key = given().baseUri(System.getenv("API_BASE_URL")).header("X-API-Key", "demo-key");
    }

    @Test
    @Tag("read")
    public void list() throws Exception {
        for (int offset : new int[] {1, 0}) {
            given()
                .spec(key)
                .queryParam("offset", offset)
            .when()
                .get("/books")
            .then()
                .statusCode(200);
        }
    }
}
"""


def test_java() -> None:
    after = woven(JAVA, TOTAL, LOW, language="java")
    assert (
        """
    @Test
    @Tag("read")
    public void listAnswer() throws Exception {
        int offset = 1;
        given()
            .spec(key)
            .queryParam("offset", offset)
        .when()
            .get("/books")
            .then()
            .statusCode(200)
"""
    ) in after
    again = weave_in(after, TOTAL, LOW, language="java")
    assert again.edits == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('.get("/books")', '.delete("/books")'),
        ("for (int offset", "prepare();\n        for (int offset"),
        ("new int[] {1, 0}", "rows()"),
        ("@Test\n", "@Test\n    @Disabled\n"),
        ("@Test\n", "@Test(expected = AssertionError.class)\n"),
        ("@Test\n", "@RepeatedTest(2)\n"),
        ("list() throws", "list(TestInfo info) throws"),
        ("public class", "@TestMethodOrder(OrderAnnotation.class)\npublic class"),
        ("            given()", "            key = null;\n            given()"),
        ('("offset", offset)', '("offset", find(offset))'),
    ],
)
def test_java_not_where_it_is_not_certain(old: str, new: str) -> None:
    assert old in JAVA
    assert refuses(JAVA.replace(old, new, 1), language="java")


@pytest.mark.java
@pytest.mark.slow
def test_java_runs(bookstore_service: str, tmp_path: Path) -> None:
    kit = java_kit()
    for name, limit, passes in (("good", 100, True), ("wrong", 1, False)):
        checks = (TOTAL, AssertionFact("C1", body("/limit"), InRange(Bounds(1, limit))))
        after = woven(JAVA, *checks, language="java")
        classes = kit.compile(
            {"BooksTest.java": after}, tmp_path / name, options=("-Xlint:all", "-Werror")
        )
        outcomes = kit.run_tests(classes, {"API_BASE_URL": bookstore_service})
        assert outcomes["BooksTest.list"].passed
        assert outcomes["BooksTest.listAnswer"].passed is passes
