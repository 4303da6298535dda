"""What calls carry, value by value, as far as the code shows it."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode import read_tests

JAVA = """\
import static io.restassured.RestAssured.given;

class ShopTest {{
  @Test
  void works() {{
    {body}
  }}
  static Map<String, Object> json(String text) {{
    return MAPPER.readValue(text, new TypeReference<>() {{}});
  }}
}}
"""


def sent(text: str, language: SourceLanguage) -> list[str]:
    """`where name text` of everything that the test sends."""
    (test,) = read_tests(text, language).tests
    return [f"{each.where} {each.name} {each.text}".rstrip() for each in test.sent]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            'api.get("/books?limit=5", params={"genre": "poetry", "page": number()})',
            ['query limit "5"', 'query genre "poetry"', "query page"],
        ),
        ('api.get("/books", params=filters())', ["query"]),
        (
            'api.get("/books", headers={"X-Key": "k"}, cookies={"seen": "1"})',
            ['header X-Key "k"', 'cookie seen "1"'],
        ),
        (
            'api.post("/books", json={"title": "A", "authors": ["B"], "rating": {"count": n}})',
            ['body /title "A"', 'body /authors/0 "B"', "body /rating/count"],
        ),
        ('api.post("/books", json={**book, "title": "A"})', ["body", 'body /title "A"']),
        ('api.post("/books", content=json.dumps({"title": "A"}))', ['body /title "A"']),
        (
            'book = {"a": {"b": 1}, "c": [{"d": 1}], "e": 2}\n'
            '    book["c"][0]["d"] = 5\n    del book["e"]\n    book["a"]["f"] = None\n'
            '    api.post("/books", json=book)',
            ["body /c/0/d 5", "body /a/b 1", "body /a/f null"],
        ),
        ('api.post("/books", json={})', ["body  {}"]),
    ],
)
def test_python(code: str, expected: list[str]) -> None:
    text = f"import json\n\ndef test_x(api, n, book):\n    {code}\n"
    assert sorted(sent(text, SourceLanguage.PYTHON)) == sorted(expected)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            'given().queryParam("genre", "poetry").queryParams("a", 1, "b", x).get("/a?limit=5");',
            ['query limit "5"', 'query genre "poetry"', "query a 1", "query b"],
        ),
        ('given().queryParams(filters()).get("/books");', ["query"]),
        (
            'given().header("X-Key", "k").cookie("seen", "1").get("/books");',
            ['header X-Key "k"', 'cookie seen "1"'],
        ),
        (
            'given().body(Map.of("title", "A", "rating", Map.of("count", n))).post("/books");',
            ['body /title "A"', "body /rating/count"],
        ),
        (
            'given().body("{\\"title\\": \\"A\\", \\"pages\\": " + pages + "}").post("/books");',
            ['body /title "A"', "body /pages"],
        ),
        (
            'Map<String, Object> book = json("{\\"a\\": {\\"b\\": 1}, \\"c\\": [{\\"d\\": 1}]}");\n'
            '    at(book, "c", 0).put("d", 5);\n    book.remove("a");\n'
            '    given().body(book).post("/books");',
            ["body /c/0/d 5"],
        ),
        (
            'Map<String, Object> book = json("{\\"a\\": {\\"b\\": 1}, \\"e\\": 2}");\n'
            '    change(book);\n    given().body(book).post("/books");',
            ["body /a", "body /e 2"],
        ),
    ],
)
def test_java(code: str, expected: list[str]) -> None:
    assert sorted(sent(JAVA.format(body=code), SourceLanguage.JAVA)) == sorted(expected)


def test_every_row_of_a_table() -> None:
    text = """\
import pytest

@pytest.mark.parametrize("genre", ["fiction", "poetry"])
def test_x(api, genre):
    api.get("/books", params={"genre": genre})
"""
    assert sent(text, SourceLanguage.PYTHON) == ['query genre "fiction"', 'query genre "poetry"']


def test_set_up_is_known_to_every_test() -> None:
    text = """\
import pytest

@pytest.fixture
def book(api):
    return api.post("/books", json={"title": "A"}).json()

def test_one(api, book):
    api.get("/one")

def test_two(api, book):
    api.get("/two")
"""
    tests = read_tests(text, SourceLanguage.PYTHON).tests
    assert [[each.name for each in test.sent] for test in tests] == [["/title"], ["/title"]]
