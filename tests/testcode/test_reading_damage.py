"""Half-typed code costs only the test in which it stands."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode import read_tests

COUNT = 40
HIT = 20
PYTHON_HEAD = '"""Doc."""\nimport httpx\n\nBASE = "/api"\n\n\nclass TestBooks:\n'
PYTHON_TEST = """\
    @pytest.mark.smoke
    def test_{0}(self, client):
        response = client.get(f"{{BASE}}/books/{0}")
        assert response.status_code == 200
        assert response.json()["id"] == {0}

"""
JAVA_HEAD = "package a;\n\nimport static io.restassured.RestAssured.given;\n\nclass BooksTest {\n"
JAVA_TEST = """\
    /** Reads a book. */
    @Test
    void test{0}() {{
        given().get("/books/{0}")
            .then().statusCode(200)
            .body("id", equalTo({0}));
    }}

"""
PYTHON_DAMAGE = {
    "open call": ("assert response.status_code == 200", "assert len(response.json("),
    "open string": ("assert response.status_code == 200", 'assert response.json()["id'),
    "open bracket": ("assert response.status_code == 200", "assert response.json()["),
    "dangling dot": ("assert response.status_code == 200", "assert response."),
    "open docstring": ("response = client", '"""Half a\n        response = client'),
    "bad indent": ("        assert response.status_code", "      assert response.status_code"),
    "half method": ("        assert response.status_code == 200\n", "    def \n"),
    "open paren of the head": ("(self, client):", "(self, client"),
}
JAVA_DAMAGE = {
    "open call": (".statusCode(200)", ".statusCode("),
    "open string": (".statusCode(200)", '.body("x'),
    "dangling dot": (".statusCode(200)", "."),
    "missing brace": ("    }\n", "\n"),
    "open text block": ('given().get("', 'String s = """\n        given().get("'),
    "open comment": ("given()", "/* given()"),
    "extra brace": (".statusCode(200)", ".statusCode(200); }"),
}


def damaged_file(language: SourceLanguage, damage: tuple[str, str]) -> TestFile:
    python = language is SourceLanguage.PYTHON
    tests = [(PYTHON_TEST if python else JAVA_TEST).format(number) for number in range(COUNT)]
    assert damage[0] in tests[HIT]
    tests[HIT] = tests[HIT].replace(*damage, 1)
    text = (PYTHON_HEAD if python else JAVA_HEAD) + "".join(tests) + ("" if python else "}\n")
    return read_tests(text, language)


def check(file: TestFile, prefix: str) -> None:
    by_name = {test.name: test for test in file.tests}
    for number in range(COUNT):
        test = by_name[f"{prefix}{number}"]
        if number == HIT:
            assert test.damaged
            continue
        assert not test.damaged, number
        assert (
            test.qualified_name.endswith(f"Books.{test.name}") or "BooksTest" in test.qualified_name
        )
        (call,) = test.calls
        assert call.path.endswith(f"/books/{number}")
        assert len(test.assertions) == 2
        assert call.anchor == test.assertions[1].span.end


@pytest.mark.parametrize("damage", PYTHON_DAMAGE.values(), ids=PYTHON_DAMAGE)
def test_damaged_python(damage: tuple[str, str]) -> None:
    file = damaged_file(SourceLanguage.PYTHON, damage)
    check(file, "test_")
    assert file.text[: file.import_anchor].endswith("import httpx\n")
    assert file.tests[0].calls[0].path == "/api/books/0"


@pytest.mark.parametrize("damage", JAVA_DAMAGE.values(), ids=JAVA_DAMAGE)
def test_damaged_java(damage: tuple[str, str]) -> None:
    file = damaged_file(SourceLanguage.JAVA, damage)
    check(file, "test")
    assert file.tests[0].documentation is not None


def test_half_method_behind_a_complete_one() -> None:
    half = ("equalTo(20));\n    }\n", "equalTo(20));\n    }\n\n    void helper(\n")
    file = damaged_file(SourceLanguage.JAVA, half)
    assert [test.name for test in file.tests] == [f"test{number}" for number in range(COUNT)]
    assert not any(test.damaged for test in file.tests)


def test_comments_between_java_tests_are_no_damage() -> None:
    """A bar of signs looks like the rest of a body that was closed too early."""
    bars = ("// =====", "// ----- (a) -----", "/* === */", "// if (x) {", "/* return; */")
    methods = [f'    {bar}\n    @Test void t{i}() {{ get("/x"); }}\n' for i, bar in enumerate(bars)]
    file = read_tests("class A {\n" + "\n".join(methods) + "\n}\n", SourceLanguage.JAVA)
    assert [test.name for test in file.tests] == [f"t{i}" for i in range(len(bars))]
    assert not any(test.damaged for test in file.tests)
