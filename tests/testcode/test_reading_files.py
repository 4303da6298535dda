"""Names of test files, line ends, byte order marks, scripts other than Latin."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode import language_of, read_tests

PYTHON = """\
import httpx


def test_книги(client):
    ответ = client.get("/книги/😀")
    assert ответ.status_code == 200
    assert ответ.json()["имя"] == "Ёж"
"""
JAVA = """\
import static io.restassured.RestAssured.given;

class КнигиTest {
    @Test
    void книга() {
        given().get("/книги/😀").then().statusCode(200).body("имя", is("Ёж"));
    }
}
"""


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("test_books.py", SourceLanguage.PYTHON),
        ("file:///c%3A/x/books_test.py", SourceLanguage.PYTHON),
        ("a\\b\\test_x.py", SourceLanguage.PYTHON),
        ("src/BooksTest.java", SourceLanguage.JAVA),
        ("BooksTests.java", SourceLanguage.JAVA),
        ("file:///x/BooksIT.java", SourceLanguage.JAVA),
        ("app/tests.py", SourceLanguage.PYTHON),
        ("src/TestBooks.java", SourceLanguage.JAVA),
        ("BooksTestCase.java", SourceLanguage.JAVA),
        ("BooksITCase.java", SourceLanguage.JAVA),
        ("books.py", None),
        ("conftest.py", None),
        ("contests.py", None),
        ("Testament.java", None),
        ("Books.java", None),
        ("TestBooks.javax", None),
        ("test_books.pyc", None),
        ("", None),
    ],
)
def test_language_of(name: str, language: SourceLanguage | None) -> None:
    assert language_of(name) is language


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("language", list(SourceLanguage))
def test_line_ends_and_marks(newline: str, mark: str, language: SourceLanguage) -> None:
    text = mark + (PYTHON if language is SourceLanguage.PYTHON else JAVA).replace("\n", newline)
    file = read_tests(text, language)
    assert file.newline == newline
    (test,) = file.tests
    assert not test.damaged
    assert test.calls[0].path == "/книги/😀"
    assert [str(each.subject) for each in test.assertions] == ["status", "body(/имя)"]
    assert test.assertions[1].span.of(text) == test.assertions[1].text
    assert text[: file.import_anchor].endswith((f"httpx{newline}", f"given;{newline}"))


def test_tabs_and_form_feeds() -> None:
    text = (
        "\fclass TestA:\n\tdef test_a(self, client):\n\t\tr = client.get('/a')\n\t\tassert r.ok\n"
    )
    (test,) = read_tests(text, SourceLanguage.PYTHON).tests
    assert test.indent == "\t\t"
    assert not test.damaged


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("", ""),
        ("def test_a(): pass\n", ""),
        ('"""Doc."""\n\nx = 1\n', '"""Doc."""\n'),
        ('#!/usr/bin/python\n# c\n"""Doc."""\nx = 1\n', '#!/usr/bin/python\n# c\n"""Doc."""\n'),
        ("from __future__ import annotations\nx = 1\n", "from __future__ import annotations\n"),
        ("import a\nfrom b import (\n    c,\n)\nx = 1\n", "import a\nfrom b import (\n    c,\n)\n"),
        ("\ufeffx = 1\n", "\ufeff"),
        ("import a", "import a"),
        ("def f(): pass\nimport late\n", ""),
    ],
)
def test_where_python_imports_go(text: str, before: str) -> None:
    file = read_tests(text, SourceLanguage.PYTHON)
    assert text[: file.import_anchor] == before


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("", ""),
        ("class A {}\n", ""),
        ("package a;\n\nclass A {}\n", "package a;\n"),
        (
            "package a;\nimport b.C;\nimport static d.E.*;\n\nclass A {}",
            "package a;\nimport b.C;\nimport static d.E.*;\n",
        ),
        ("\ufeffclass A {}\n", "\ufeff"),
    ],
)
def test_where_java_imports_go(text: str, before: str) -> None:
    file = read_tests(text, SourceLanguage.JAVA)
    assert text[: file.import_anchor] == before
