"""Where assertions go in Java tests, what they look like, and when they are refused."""

from __future__ import annotations

import pytest

from pe4king_core.model.fact import (
    STATUS,
    AssertionFact,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    NotNull,
    OneOf,
    ResponseValue,
    body,
)
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import CodeBase, CodeView, read_tests
from pe4king_core.weaving import Woven, weave

TITLE = AssertionFact("C1", body("/title"), HasType(frozenset({JsonType.STRING})))
PRESENT = AssertionFact("C1", body("/id"), NotNull())
OK = AssertionFact("C1", STATUS, Equals(Literal(200)))
HEAD = "import static io.restassured.RestAssured.*;\n"
FOLDER = "file:///w/"


def in_class(statements: str, imports: str = "", members: str = "") -> str:
    return (
        f"{HEAD}{imports}\nclass ATest {{\n    @Test\n    void a() {{\n{statements}    }}\n"
        f"{members}}}\n"
    )


def weave_in(text: str, *facts: AssertionFact, **files: str) -> Woven:
    texts = {f"{FOLDER}{name}.java": source for name, source in files.items()}
    view = CodeView(CodeBase(texts.get, [*texts, f"{FOLDER}ATest.java"]), f"{FOLDER}ATest.java")
    file = read_tests(text, SourceLanguage.JAVA, view)
    return weave(file, file.tests[0], facts)


def woven(text: str, *facts: AssertionFact, **files: str) -> str:
    result = weave_in(text, *facts, **files)
    assert result.refused == ()
    after = apply_edits(text, result.edits)
    assert not read_tests(after, SourceLanguage.JAVA).tests[0].damaged
    return after


def reason(text: str, *facts: AssertionFact, **files: str) -> str:
    result = weave_in(text, *(facts or (TITLE,)), **files)
    assert result.edits == ()
    assert all(why.ru != why.en for _, why in result.refused)
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
    imports = "import static org.hamcrest.Matchers.instanceOf;\n"
    assert woven(in_class(before), TITLE) == in_class(after, imports)


def test_dots_at_the_ends_of_lines() -> None:
    text = in_class(
        '        given().\n            get("/a").\n        then().\n            statusCode(200);\n'
    )
    after = woven(text, PRESENT, TITLE)
    assert (
        'statusCode(200).\n            body("id", notNullValue()).\n'
        '            body("title", instanceOf(String.class));' in after
    )


def test_comments_between_the_links() -> None:
    text = in_class(
        '        get("/a")\n            // now\n            .then() /* so */\n'
        "            .statusCode(200) // fine\n            ;\n"
    )
    assert '(200)\n            .body("id", notNullValue()) // fine\n' in woven(text, PRESENT)


def test_assertions_before_the_request() -> None:
    text = in_class('        expect().statusCode(200).when().get("/a");\n')
    assert '(200).body("id", notNullValue()).when()' in woven(text, PRESENT)


def test_one_line_stays_one_line_while_it_is_short() -> None:
    text = in_class('        get("/a").then().statusCode(200);\n')
    assert '.statusCode(200).body("id", notNullValue());' in woven(text, PRESENT)
    facts = [AssertionFact("C1", body(f"/field{n}"), NotNull()) for n in range(4)]
    after = woven(text, *facts)
    assert '.statusCode(200)\n                .body("field0", notNullValue())\n' in after


def test_lines_as_wide_as_the_file_has_them() -> None:
    wide = f"    // {'x' * 105}\n"
    statements = '        get("/a").then()\n                .statusCode(200);\n'
    choice = AssertionFact("C1", body("/kind"), OneOf(tuple(f"a rather long {n}" for n in "abcd")))
    assert '.body(\n                        "kind",' in woven(in_class(statements), choice)
    after = woven(in_class(statements, members=wide + wide), choice)
    assert '                .body("kind", oneOf("a rather long a", ' in after


def test_tabs() -> None:
    statements = '\t\tget("/a")\n\t\t\t.then()\n\t\t\t.statusCode(200);\n'
    text = in_class(statements).replace("    ", "\t")
    choice = AssertionFact("C1", body("/kind"), OneOf(tuple(f"a rather long {n}" for n in "abcd")))
    after = woven(text, choice)
    assert '\n\t\t\t.body(\n\t\t\t\t"kind",\n\t\t\t\toneOf(' in after


def test_before_extract() -> None:
    text = in_class(
        '        String id = get("/a")\n            .then()\n            .statusCode(201)\n'
        '            .extract().path("id");\n'
    )
    assert (
        '(201)\n            .body("title", instanceOf(String.class))\n            .extract()'
        in (woven(text, TITLE))
    )


def test_before_a_root_path() -> None:
    text = in_class(
        '        get("/a").then().statusCode(200)\n'
        '            .rootPath("a").body("b", is(1)).detachRootPath("a");\n'
    )
    assert '(200)\n            .body("id", notNullValue())\n            .rootPath' in (
        woven(text, PRESENT)
    )


def test_where_the_answer_is_thrown_away() -> None:
    assert 'get("/a").then().body("id", notNullValue());' in (
        woven(in_class('        get("/a");\n'), PRESENT)
    )
    text = in_class('        assertEquals(200, get("/a").getStatusCode());\n')
    assert (
        'assertEquals(200, get("/a")\n                .then()\n'
        '                .body("id", notNullValue())\n'
        "                .extract().response().getStatusCode());" in woven(text, PRESENT)
    )


def test_types_stay_what_they_are() -> None:
    text = in_class(
        '        Book book = given()\n            .get("/a")\n            .as(Book.class);\n'
    )
    assert (
        '            .get("/a")\n            .then()\n            .body("id", notNullValue())\n'
        "            .extract()\n            .as(Book.class);" in woven(text, PRESENT)
    )


RESPONSE = "import io.restassured.response.Response;\n"
KEPT = '        Response response = get("/a");\n'


def test_behind_the_response_variable() -> None:
    text = in_class(
        f"{KEPT}        response.then().statusCode(200); // fine\n        print();\n", RESPONSE
    )
    after = """\
        response.then().statusCode(200); // fine
        response.then()
                .body("title", instanceOf(String.class))
                .body("id", notNullValue());
        print();
"""
    assert after in woven(text, TITLE, PRESENT)


JUNIT5 = "import static org.junit.jupiter.api.Assertions.assertEquals;\n"
STYLES = {
    "junit 5": (
        JUNIT5,
        'assertEquals(200, response.statusCode(), "status");',
        ['assertEquals("Dune", response.<Object>path("title"));', "assertNotNull("],
    ),
    "junit 4": (
        "import static org.junit.Assert.*;\n",
        "assertEquals(200, response.getStatusCode());",
        ['assertEquals("Dune", response.<Object>path("title"));', "assertNotNull("],
    ),
    "testng": (
        "import org.testng.Assert;\n",
        "Assert.assertEquals(response.getStatusCode(), 200);",
        ['Assert.assertEquals(response.<Object>path("title"), "Dune");', "Assert.assertNotNull("],
    ),
    "assertj": (
        "import static org.assertj.core.api.Assertions.*;\n",
        'assertThat(response.statusCode()).as("status").isEqualTo(200);',
        ['assertThat(response.<Object>path("title")).isEqualTo("Dune");', ")).isNotNull();"],
    ),
    "hamcrest": (
        "import static org.hamcrest.MatcherAssert.assertThat;\n"
        "import static org.hamcrest.Matchers.*;\n",
        "assertThat(response.statusCode(), is(200));",
        ['assertThat(response.<Object>path("title"), equalTo("Dune"));', "notNullValue());"],
    ),
    "json path": (
        JUNIT5,
        'assertEquals(1, response.jsonPath().getInt("n"));',
        ['assertEquals("Dune", response.jsonPath().<Object>get("title"));'],
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_in_the_words_of_the_test(style: str) -> None:
    imports, assertion, words = STYLES[style]
    text = in_class(f"{KEPT}        {assertion}\n", imports + RESPONSE)
    dune = AssertionFact("C1", body("/title"), Equals(Literal("Dune")))
    after = woven(text, dune, PRESENT)
    assert all(each in after for each in words)
    assert after.index(assertion) < after.index(words[0])
    assert ".then()" not in after


def test_in_the_words_of_the_file() -> None:
    other = "    @Test\n    void b() {\n        assertEquals(1, 1);\n    }\n"
    dune = AssertionFact("C1", body("/title"), Equals(Literal("Dune")))
    after = woven(in_class(KEPT, JUNIT5 + RESPONSE, other), dune)
    assert 'assertEquals("Dune", response.<Object>path("title"));' in after


def test_what_the_words_cannot_say_is_a_chain() -> None:
    text = in_class(f"{KEPT}        assertEquals(200, response.statusCode());\n", JUNIT5 + RESPONSE)
    price = AssertionFact("C1", body("/price"), InRange(Bounds(0.5, 19.99)))
    after = woven(text, price, PRESENT)
    assert 'assertNotNull(response.<Object>path("id"));\n        response.then()\n' in after
    assert '"price.toDouble()", allOf(greaterThanOrEqualTo(0.5), lessThanOrEqualTo(19.99))' in after


def test_inherited_assertions_are_not_imported_anew() -> None:
    text = in_class(f"{KEPT}        assertEquals(200, response.statusCode());\n", RESPONSE)
    assert "        response.then().body(" in woven(text, PRESENT)


SOFT = "import org.assertj.core.api.SoftAssertions;\n" + RESPONSE


def test_soft_assertions_stand_before_their_end() -> None:
    text = in_class(
        f"{KEPT}        SoftAssertions softly = new SoftAssertions();\n"
        "        softly.assertThat(response.statusCode()).isEqualTo(200);\n"
        "        print();\n        softly.assertAll();\n        assertThat(1).isOne();\n",
        SOFT,
    )
    after = woven(text, PRESENT)
    assert (
        '.isEqualTo(200);\n        softly.assertThat(response.<Object>path("id")).isNotNull();\n'
        "        print();" in after
    )


def test_soft_assertions_under_a_condition_are_not_joined() -> None:
    text = in_class(
        f"{KEPT}        SoftAssertions softly = new SoftAssertions();\n"
        "        if (x) {\n            softly.assertThat(response.statusCode()).isEqualTo(200);\n"
        "        }\n        softly.assertAll();\n",
        SOFT,
    )
    assert '        }\n        response.then().body("id", notNullValue());\n' in woven(
        text, PRESENT
    )


def test_soft_assertions_of_another_answer_are_not_joined() -> None:
    text = in_class(
        f"{KEPT}        SoftAssertions softly = new SoftAssertions();\n"
        '        response = get("/b");\n'
        "        softly.assertThat(response.statusCode()).isEqualTo(200);\n"
        "        softly.assertAll();\n",
        SOFT,
    )
    assert f'{KEPT}        response.then().body("id", notNullValue());\n' in woven(text, PRESENT)


def test_other_variables_of_an_answer() -> None:
    text = in_class('        var kept = get("/a");\n')
    assert '        kept.then().body("id", notNullValue());\n' in woven(text, PRESENT)
    text = in_class(
        '        ValidatableResponse v = get("/a").then();\n        v.statusCode(200);\n'
    )
    assert 'get("/a").then().body("id", notNullValue());\n' in woven(text, PRESENT)


CLIENT = """\
import io.restassured.response.*;
import io.restassured.path.json.JsonPath;
import static io.restassured.RestAssured.*;
class Client {
    Response one() { return get("/a"); }
    ValidatableResponse checked() { return get("/a").then(); }
    ExtractableResponse<Response> extracted() { return get("/a").then().extract(); }
    JsonPath parsed() { return get("/a").jsonPath(); }
    Book book() { return get("/a").as(Book.class); }
}
"""
BOOK = "record Book(String id, String title, int pages, Author author) {}\n"
USED = "        Client client = new Client();\n"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Response r = client.one();", '        r.then().body("id", notNullValue());'),
        ("ValidatableResponse v = client.checked();", '        v.body("id", notNullValue());'),
        (
            "ExtractableResponse<Response> e = client.extracted();",
            '        e.response().then().body("id", notNullValue());',
        ),
        ("client.checked().statusCode(200);", '.statusCode(200).body("id", notNullValue());'),
        ("client.one().then().statusCode(200);", '.statusCode(200).body("id", notNullValue());'),
        ("client.one();", 'client.one().then().body("id", notNullValue());'),
        (
            "String s = client.one().asString();",
            'client.one().then().body("id", notNullValue()).extract().asString();',
        ),
        (
            "JsonPath j = client.parsed();",
            '        assertThat(j.<Object>get("id"), notNullValue());',
        ),
        ("Book b = client.book();", "        assertThat(b.id(), notNullValue());"),
    ],
)
def test_through_a_client(statement: str, expected: str) -> None:
    text = in_class(f"{USED}        {statement}\n")
    assert expected in woven(text, PRESENT, Client=CLIENT, Book=BOOK)


def test_a_matcher_of_several_texts_is_imported() -> None:
    text = in_class(f"{USED}        JsonPath j = client.parsed();\n")
    choice = AssertionFact("C1", body("/kind"), OneOf(("a", "b")))
    after = woven(text, choice, Client=CLIENT)
    assert '        assertThat(j.<Object>get("kind"), oneOf("a", "b"));\n' in after
    assert "import static org.hamcrest.Matchers.oneOf;\n" in after


def test_a_helper_with_an_unseen_result() -> None:
    text = in_class(f"{USED}        client.book();\n")
    assert "comes out of this call" in reason(text, PRESENT, Client=CLIENT, Book=BOOK)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (TITLE, "converted"),
        (AssertionFact("C1", body("/pages"), NotNull()), "fills in"),
        (AssertionFact("C1", body("/pages"), Equals(Literal(3))), "converted"),
        (AssertionFact("C1", body("/title"), Equals(Literal("7"))), "converted"),
        (AssertionFact("C1", body("/title"), HasLength(Bounds(1, 9))), "converted"),
        (AssertionFact("C1", body("/subtitle"), NotNull()), "does not show"),
        (AssertionFact("C1", body("/author/name"), NotNull()), "does not show"),
        (OK, "does not show"),
    ],
)
def test_an_object_shows_only_what_was_not_converted(fact: AssertionFact, words: str) -> None:
    text = in_class(f"{USED}        Book b = client.book();\n")
    assert words in reason(text, fact, Client=CLIENT, Book=BOOK)


@pytest.mark.parametrize(
    ("imports", "assertion", "expected"),
    [
        (JUNIT5, "assertEquals(1, 1);", 'assertEquals("Dune", b.title());'),
        ("import org.testng.Assert;\n", "Assert.assertTrue(b.x());",
         'Assert.assertEquals(b.title(), "Dune");'),
        ("import static org.assertj.core.api.Assertions.*;\n", "assertThat(b.title()).isNotNull();",
         'assertThat(b.title()).isEqualTo("Dune");'),
    ],
)  # fmt: skip
def test_an_object_in_the_words_of_the_test(imports: str, assertion: str, expected: str) -> None:
    text = in_class(f"{USED}        Book b = client.book();\n        {assertion}\n", imports)
    dune = AssertionFact("C1", body("/title"), Equals(Literal("Dune")))
    assert expected in woven(text, dune, Client=CLIENT, Book=BOOK)


def test_compares_with_an_earlier_answer() -> None:
    text = in_class(
        '        Response first = post("/a");\n        get("/b").then().statusCode(200);\n'
    )
    same = AssertionFact("C2", body("/id"), Equals(ResponseValue("C1", "/id")))
    assert 'equalTo(first.path("id"))' in woven(text, same)


def test_a_variable_that_holds_another_answer_is_not_compared_with() -> None:
    text = in_class('        Response r = post("/a");\n        r = get("/b");\n')
    same = AssertionFact("C2", body("/id"), Equals(ResponseValue("C1", "/id")))
    assert [why for _, why in weave_in(text, same).refused]


OURS = "import static org.hamcrest.Matchers.instanceOf;\n"


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("import static org.hamcrest.Matchers.*;\n", "import static org.hamcrest.Matchers.*;\n"),
        (OURS.replace("Matchers", "CoreMatchers"), OURS.replace("Matchers", "CoreMatchers")),
        ("import a.D;\n\n", f"{OURS}import a.D;\n\n"),
        ("import static z.Y.x;\n\n", f"{OURS}import static z.Y.x;\n\n"),
    ],
)
def test_imports(imports: str, expected: str) -> None:
    text = in_class('        get("/a").then().statusCode(200);\n', imports)
    assert woven(text, TITLE).startswith(HEAD + expected)


def test_matchers_through_their_class() -> None:
    text = in_class(
        '        get("/a").then().body("x", Matchers.is(1));\n', "import org.hamcrest.Matchers;\n"
    )
    assert '.body("title", Matchers.instanceOf(String.class));' in woven(text, TITLE)


@pytest.mark.parametrize(
    "other",
    [
        "import static org.mockito.ArgumentMatchers.instanceOf;\n",
        "import static org.example.Helpers.*;\n",
    ],
)
def test_a_name_that_means_something_else_is_qualified(other: str) -> None:
    used = '        get("/a").then().statusCode(200);\n        instanceOf(1);\n'
    after = woven(in_class(used, other), TITLE)
    assert '.body("title", Matchers.instanceOf(String.class))' in after
    assert "import org.hamcrest.Matchers;\n" in after


def test_refuses_where_no_name_is_free() -> None:
    text = in_class(
        '        get("/a").then().statusCode(200);\n        instanceOf(1);\n',
        "import org.mockito.Matchers;\nimport static org.example.Helpers.*;\n",
    )
    assert "Matchers" in reason(text)


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ('        get("/a").then().statusCode(;\n', "syntax errors"),
        ('        get("/a").then().statusCode(status);\n', "constant"),
        ('        for (int i : x) {\n        get("/a").then().statusCode(1);\n        }\n', "loop"),
        ('        while (x) {\n        get("/a").then().statusCode(1);\n        }\n', "loop"),
        ("        createBook().then().statusCode(1);\n", "helper"),
        ('        Response r = get("/a"); int x = 1;\n', "share a line"),
        ('        Wrapper w = wrap(get("/a"));\n        RestAssured.rootPath = "x";\n', "root"),
        ('        given().spec(x).get("/a").then().spec(spec(1).rootPath("x"));\n', "root path"),
        (
            '        try {\n            get("/a").then().statusCode(1);\n'
            "        } catch (AssertionError e) {\n        }\n",
            "unnoticed",
        ),
        (
            '        Response r = get("/a");\n        if (r.statusCode() == 503) {\n'
            "            return;\n        }\n        assertEquals(1, r.statusCode());\n",
            "ends or is skipped",
        ),
        (
            '        Response r = get("/a");\n        assumeTrue(r.statusCode() == 1);\n'
            '        r.then().log().all();\n        assertNotNull(r.path("x"));\n',
            "ends or is skipped",
        ),
    ],
)
def test_refuses(statements: str, words: str) -> None:
    assert words in reason(in_class(statements))


def test_a_test_that_fails_early_may_be_woven_into() -> None:
    text = in_class(
        '        Response r = get("/a");\n        if (r.statusCode() != 200) {\n'
        '            throw new AssertionError("no");\n        }\n        r.then().log().all();\n'
    )
    assert weave_in(text, PRESENT).refused == ()
    skipped = text.replace("AssertionError", "SkipException")
    again = skipped.replace("r.then().log().all()", "r.then().statusCode(200)")
    assert "ends or is skipped" in reason(again, PRESENT)


def test_refuses_tests_that_expect_an_exception() -> None:
    text = in_class('        get("/a").then().statusCode(200);\n')
    for head in ("@Test(expected = IOException.class)", "@Test(expectedExceptions = A.class)"):
        assert "expects an exception" in reason(text.replace("@Test", head))


def test_what_is_there_word_for_word_is_not_repeated() -> None:
    text = in_class('        get("/a").then().statusCode(200).body("id", notNullValue());\n')
    assert "exactly this check" in reason(text, PRESENT)


def test_refuses_what_only_another_status_has() -> None:
    text = in_class('        get("/a").then().body("x", is(1));\n')
    limited = AssertionFact("C1", body("/id"), HasFormat("uuid"), when=200)
    assert "not a constant" in reason(text, limited)
    assert weave_in(text, OK, limited).refused == ()


def test_sizes_in_assertj() -> None:
    imports = "import static org.assertj.core.api.Assertions.assertThat;\n" + RESPONSE
    text = in_class(f"{KEPT}        assertThat(response.statusCode()).isEqualTo(200);\n", imports)
    items = AssertionFact("C1", body("/items"), HasSize(Bounds(1, 5)))
    after = woven(text, items)
    assert ".asInstanceOf(InstanceOfAssertFactories.LIST)" in after
    assert ".hasSizeBetween(1, 5);" in after
    assert "import org.assertj.core.api.InstanceOfAssertFactories;\n" in after
