"""Where assertions go in Java tests, what they look like, and when they are refused."""

from __future__ import annotations

import pytest

from pe4king_core.model.fact import (
    STATUS,
    AssertionFact,
    Equals,
    HasFormat,
    HasType,
    Literal,
    NotNull,
    ResponseValue,
    body,
)
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import Woven, weave

TITLE = AssertionFact("C1", body("/title"), HasType(frozenset({JsonType.STRING})))
PRESENT = AssertionFact("C1", body("/id"), NotNull())


def in_class(statements: str, imports: str = "") -> str:
    return f"{imports}class ATest {{\n    @Test\n    void a() {{\n{statements}    }}\n}}\n"


def weave_in(text: str, *facts: AssertionFact) -> Woven:
    file = read_tests(text, SourceLanguage.JAVA)
    return weave(file, file.tests[0], facts)


def woven(text: str, *facts: AssertionFact) -> str:
    result = weave_in(text, *facts)
    assert result.refused == ()
    after = apply_edits(text, result.edits)
    assert not read_tests(after, SourceLanguage.JAVA).tests[0].damaged
    return after


def reason(text: str, *facts: AssertionFact) -> str:
    result = weave_in(text, *(facts or (TITLE,)))
    assert result.edits == ()
    return result.refused[0][1].en


def test_behind_the_chain() -> None:
    before = """\
        given()
            .when()
                .get("/books/1")
            .then()
                .statusCode(200) // fine
            ;
"""
    after = before.replace(
        "(200) //", '(200)\n                .body("title", instanceOf(String.class)) //'
    )
    imports = "import static org.hamcrest.Matchers.instanceOf;\n\n"
    assert woven(in_class(before), TITLE) == in_class(after, imports)


def test_dots_at_the_ends_of_lines() -> None:
    text = in_class(
        '        given().\n            get("/a").\n        then().\n            statusCode(200);\n'
    )
    assert 'statusCode(200)\n            .body("id", notNullValue());' in woven(text, PRESENT)


def test_assertions_before_the_request() -> None:
    text = in_class('        expect().statusCode(200).when().get("/a");\n')
    assert '(200).body("id", notNullValue()).when()' in woven(text, PRESENT)


def test_one_line_stays_one_line_while_it_is_short() -> None:
    text = in_class('        get("/a").then().statusCode(200);\n')
    assert '.statusCode(200).body("id", notNullValue());' in woven(text, PRESENT)
    facts = [AssertionFact("C1", body(f"/field{n}"), NotNull()) for n in range(4)]
    after = woven(text, *facts)
    assert '.statusCode(200)\n                .body("field0", notNullValue())\n' in after


def test_before_extract() -> None:
    text = in_class(
        '        String id = get("/a")\n            .then()\n            .statusCode(201)\n'
        '            .extract().path("id");\n'
    )
    assert (
        '(201)\n            .body("title", instanceOf(String.class))\n            .extract()'
        in (woven(text, TITLE))
    )


def test_behind_the_response_variable() -> None:
    text = in_class(
        '        Response response = get("/a");\n'
        "        assertEquals(200, response.statusCode()); // fine\n        print();\n"
    )
    after = """\
        assertEquals(200, response.statusCode()); // fine
        response.then()
                .body("title", instanceOf(String.class))
                .body("id", notNullValue());
        print();
"""
    assert after in woven(text, TITLE, PRESENT)


def test_compares_with_an_earlier_answer() -> None:
    text = in_class(
        '        Response first = post("/a");\n        get("/b").then().statusCode(200);\n'
    )
    same = AssertionFact("C2", body("/id"), Equals(ResponseValue("C1", "/id")))
    assert 'equalTo(first.path("id"))' in woven(text, same)


OURS = "import static org.hamcrest.Matchers.instanceOf;\n"


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("import static org.hamcrest.Matchers.*;\n", "import static org.hamcrest.Matchers.*;\n"),
        (OURS.replace("Matchers", "CoreMatchers"), OURS.replace("Matchers", "CoreMatchers")),
        (
            "import static a.B.c;\n\nimport a.D;\n\n",
            f"import static a.B.c;\n{OURS}\nimport a.D;\n\n",
        ),
        ("package a;\n\n", f"package a;\n\n{OURS}\n"),
        ("import a.D;\n\n", f"{OURS}\nimport a.D;\n\n"),
        (
            "import static a.B.c;\nimport static z.Y.x;\n\n",
            f"import static a.B.c;\n{OURS}import static z.Y.x;\n\n",
        ),
    ],
)
def test_imports(imports: str, expected: str) -> None:
    text = in_class('        get("/a").then().statusCode(200);\n', imports)
    assert woven(text, TITLE).startswith(f"{expected}class")


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ('        get("/a").then().statusCode(;\n', "syntax errors"),
        ('        get("/a");\n', "throws the answer away"),
        ('        get("/a").then().statusCode(status);\n', "constant"),
        ('        for (int i : x) {\n        get("/a").then().statusCode(1);\n        }\n', "loop"),
        ('        while (x) {\n        get("/a").then().statusCode(1);\n        }\n', "loop"),
        ("        createBook().then().statusCode(1);\n", "helper"),
        ('        get("/a").then().rootPath("x").body("a", is(1));\n', "root path"),
        ('        Response r = get("/a"); int x = 1;\n', "share a line"),
        ('        String s = get("/a").jsonPath().getString("x");\n', "part of the answer"),
        ('        JsonPath json = get("/a").jsonPath();\n', "part of the answer"),
        ('        assertThrows(E.class, () -> get("/a").then().statusCode(1));\n', "exception"),
        ('        await().until(() -> get("/a").then().statusCode(1));\n', "lambda"),
        ('        ResponseEntity<X> r = client.get("/a");\n', "REST Assured"),
    ],
)
def test_refuses(statements: str, words: str) -> None:
    assert words in reason(in_class(statements))


def test_refuses_names_that_mean_something_else() -> None:
    statements = '        get("/a").then().statusCode(200);\n'
    other = "import static org.mockito.ArgumentMatchers.instanceOf;\n"
    assert "instanceOf" in reason(in_class(statements, other))
    declared = in_class(statements + "    }\n    Object instanceOf(Class<?> c) {\n")
    assert "instanceOf" in reason(declared)


def test_what_is_there_word_for_word_is_not_repeated() -> None:
    text = in_class('        get("/a").then().statusCode(200).body("id", notNullValue());\n')
    assert "exactly this check" in reason(text, PRESENT)


def test_refuses_what_only_another_status_has() -> None:
    text = in_class('        get("/a").then().body("x", is(1));\n')
    limited = AssertionFact("C1", body("/id"), HasFormat("uuid"), when=200)
    assert "not a constant" in reason(text, limited)
    status = AssertionFact("C1", STATUS, Equals(Literal(200)))
    assert weave_in(text, status, limited).refused == ()
