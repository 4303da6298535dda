"""Java test files in the styles that weaving knows: each a file with tests `a0`, `a1` ... .

They compile against the jars of `tests.rendering.java_kit`. All tests of a file do the same; the
request goes to `/books` of `RestAssured.baseURI`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import weave

_PLAIN = """\
package styles;

import static io.restassured.RestAssured.given;
{imports}
class {name} {{
{tests}}}
"""
_TEST = """\
    @Test
    public void {test}() {{
{body}    }}
"""


@dataclass(frozen=True, slots=True)
class Style:
    """One way of writing tests: `imports` of its file and the statements of each test."""

    imports: str
    body: str
    members: str = ""
    words: str = ""
    """What inserted code must contain for a plain fact (a text must equal a value)."""
    body_only: bool = False
    """Only the body is visible, not the status or the headers."""
    loud: bool = False
    """Values of a wrong type may end in an exception: what is expected is asked all at once."""

    def source(self, name: str, count: int = 1) -> str:
        """The file of the class `name` with `count` tests."""
        tests = "\n".join(_TEST.format(test=f"a{n}", body=self.body) for n in range(count))
        members = f"\n{self.members}" if self.members else ""
        return _PLAIN.format(name=name, imports=self.imports, tests=tests + members)


JUPITER = "\nimport org.junit.jupiter.api.Test;\n"
RESPONSE = "\nimport io.restassured.response.Response;\nimport org.junit.jupiter.api.Test;\n"
_KEPT = '        Response response = given().header("a", "b").get("/books");\n'


def _kept(assertion: str) -> str:
    return f"{_KEPT}        {assertion};\n"


STYLES = {
    "chain": Style(
        JUPITER,
        """\
        given()
            .header("a", "b")
        .when()
            .get("/books")
        .then()
            .log().ifError() // fine
            ;
""",
        words='.body("title", equalTo("Dune"))',
    ),
    "dots behind": Style(
        JUPITER,
        '        given().\n            get("/books").\n        then().\n'
        "            log().ifError();\n",
        words='            body("title", equalTo("Dune"))',
    ),
    "one line": Style(
        JUPITER,
        '        given().get("/books").then().log().ifError();\n',
        words='.body("title", equalTo("Dune"))',
    ),
    "expect": Style(
        JUPITER,
        '        given().expect().log().ifError().when().get("/books");\n',
        words='.body("title", equalTo("Dune"))',
        loud=True,
    ),
    "root path": Style(
        JUPITER,
        '        given().get("/books").then().rootPath("a").log().ifError();\n',
        words='.then().body("title", equalTo("Dune")).rootPath("a")',
    ),
    "bare": Style(
        JUPITER,
        '        given().get("/books");\n',
        words='.then().body("title", equalTo("Dune"));',
    ),
    "extracted": Style(
        JUPITER,
        '        Object id = given().get("/books").then().extract().path("id");\n',
        words="\n                .extract().path(",
    ),
    "read at once": Style(
        "\nimport io.restassured.path.json.JsonPath;" + JUPITER,
        '        JsonPath json = given().get("/books").jsonPath();\n',
        words="\n                .extract().jsonPath();",
    ),
    "printed": Style(
        JUPITER,
        '        String text = given().get("/books").prettyPeek().getBody().asString();\n',
        words=".extract()",
    ),
    "response": Style(RESPONSE, _KEPT, words='response.then().body("title", '),
    "response checked": Style(
        RESPONSE,
        _KEPT + "        response.then().log().ifError();\n",
        words='response.then().body("title", ',
    ),
    "assigned": Style(
        RESPONSE,
        '        Response r;\n        r = given().get("/books");\n',
        words="r.then()",
    ),
    "assigned in a condition": Style(
        RESPONSE,
        '        Response r;\n        if (1 + 1 == 2)\n            r = given().get("/books");\n',
        words='.then().body("title", equalTo("Dune")).extract().response();',
    ),
    "validatable": Style(
        "\nimport io.restassured.response.ValidatableResponse;" + JUPITER,
        '        ValidatableResponse v = given().get("/books").then();\n'
        "        v.log().ifError();\n",
        words='.then().body("title", equalTo("Dune"));',
    ),
    "extractable": Style(
        "\nimport io.restassured.response.ExtractableResponse;"
        "\nimport io.restassured.response.Response;" + JUPITER,
        "        ExtractableResponse<Response> e ="
        ' given().get("/books").then().extract();\n        e.statusCode();\n',
        words='.body("title", equalTo("Dune"))',
    ),
    "var": Style(JUPITER, '        var kept = given().get("/books");\n', words="kept.then()"),
    "junit 5": Style(
        "import static org.junit.jupiter.api.Assertions.assertEquals;\n" + RESPONSE,
        _kept("assertEquals(response.statusLine(), response.getStatusLine())"),
        words='assertEquals("Dune", response.<Object>path("title"));',
    ),
    "junit 5 through its class": Style(
        RESPONSE + "import org.junit.jupiter.api.Assertions;\n",
        _kept("Assertions.assertTrue(response.getStatusCode() > 0)"),
        words='Assertions.assertEquals("Dune", response.<Object>path("title"));',
    ),
    "junit 4": Style(
        "import static org.junit.Assert.*;\n\nimport io.restassured.response.Response;\n"
        "import org.junit.Test;\n",
        _kept("assertTrue(response.jsonPath() != null && response.statusCode() > 0)"),
        words='assertEquals("Dune", response.jsonPath().<Object>get("title"));',
    ),
    "testng": Style(
        "\nimport io.restassured.response.Response;\nimport org.testng.Assert;\n"
        "import org.testng.annotations.Test;\n",
        _kept('Assert.assertTrue(response.statusCode() > 0, "status")'),
        words='Assert.assertEquals(response.<Object>path("title"), "Dune");',
    ),
    "testng soft": Style(
        "\nimport io.restassured.response.Response;\nimport org.testng.annotations.Test;\n"
        "import org.testng.asserts.SoftAssert;\n",
        _KEPT + "        SoftAssert soft = new SoftAssert();\n"
        "        soft.assertTrue(response.statusCode() > 0);\n        soft.assertAll();\n",
        words='soft.assertEquals(response.<Object>path("title"), "Dune");',
    ),
    "assertj": Style(
        "import static org.assertj.core.api.Assertions.assertThat;\n" + RESPONSE,
        _kept("assertThat(response.statusCode()).isPositive()"),
        words='assertThat(response.<Object>path("title")).isEqualTo("Dune");',
    ),
    "assertj bdd": Style(
        "import static org.assertj.core.api.BDDAssertions.then;\n" + RESPONSE,
        _kept("then(response.statusCode()).isPositive()"),
        words='then(response.<Object>path("title")).isEqualTo("Dune");',
    ),
    "assertj soft": Style(
        RESPONSE + "import org.assertj.core.api.SoftAssertions;\n",
        _KEPT + "        SoftAssertions softly = new SoftAssertions();\n"
        "        softly.assertThat(response.statusCode()).isPositive();\n"
        "        softly.assertAll();\n",
        words='softly.assertThat(response.<Object>path("title")).isEqualTo("Dune");',
    ),
    "assertj softly": Style(
        "import static org.assertj.core.api.SoftAssertions.assertSoftly;\n" + RESPONSE,
        _KEPT + "        assertSoftly(softly -> {\n"
        "            softly.assertThat(response.statusCode()).isPositive();\n        });\n",
        words='    softly.assertThat(response.<Object>path("title")).isEqualTo("Dune");',
    ),
    "validatable of a helper": Style(
        "\nimport io.restassured.response.ValidatableResponse;" + JUPITER,
        "        ValidatableResponse v = checked();\n",
        "    ValidatableResponse checked() {\n"
        '        return given().get("/books").then();\n    }\n',
        words='        v.body("title", equalTo("Dune"));',
    ),
    "extractable of a helper": Style(
        "import static org.junit.jupiter.api.Assertions.assertNotNull;\n"
        "\nimport io.restassured.response.ExtractableResponse;"
        "\nimport io.restassured.response.Response;" + JUPITER,
        "        ExtractableResponse<Response> e = extracted();\n        assertNotNull(e);\n",
        "    ExtractableResponse<Response> extracted() {\n"
        '        return given().get("/books").then().extract();\n    }\n',
        words='assertEquals("Dune", e.<Object>path("title"));',
    ),
    "json path of a helper": Style(
        "import static org.junit.jupiter.api.Assertions.assertNotNull;\n"
        "\nimport io.restassured.path.json.JsonPath;" + JUPITER,
        "        JsonPath json = page();\n        assertNotNull(json);\n",
        '    JsonPath page() {\n        return given().get("/books").jsonPath();\n    }\n',
        words='assertEquals("Dune", json.<Object>get("title"));',
        body_only=True,
        loud=True,
    ),
    "hamcrest": Style(
        "import static org.hamcrest.MatcherAssert.assertThat;\n"
        "import static org.hamcrest.Matchers.*;\n" + RESPONSE,
        _kept("assertThat(response.statusCode(), greaterThan(0))"),
        words='assertThat(response.<Object>path("title"), equalTo("Dune"));',
    ),
    "hamcrest through its class": Style(
        "import static org.hamcrest.MatcherAssert.assertThat;\n"
        + RESPONSE
        + "import org.hamcrest.Matchers;\n",
        _kept("assertThat(response.statusCode(), Matchers.greaterThan(0))"),
        words='assertThat(response.<Object>path("title"), Matchers.equalTo("Dune"));',
    ),
}


def woven(style: Style, name: str, groups: Sequence[Sequence[AssertionFact]]) -> str:
    """The file of `style` with a test for each of `groups`, woven with its facts."""
    text = style.source(name, len(groups))
    file = read_tests(text, SourceLanguage.JAVA)
    edits: list[Edit] = []
    imports: set[str] = set()
    for test, facts in zip(file.tests, groups, strict=True):
        result = weave(file, test, facts)
        told = [why.en for _, why in result.refused if not style.body_only]
        assert told == [], (name, told)
        for edit in result.edits:
            if edit.span.start < file.tests[0].span.start:
                imports |= {line for line in edit.text.splitlines() if line.startswith("import")}
            else:
                edits.append(edit)
    package, rest = apply_edits(text, edits).split("\n", 1)
    return "\n".join((package, *sorted(imports), rest))


def is_whole(style: Style, facts: Sequence[AssertionFact]) -> bool:
    """Whether all of `facts` can be said in `style`."""
    text = style.source("Whole")
    file = read_tests(text, SourceLanguage.JAVA)
    return weave(file, file.tests[0], facts).refused == ()


MODEL = Style(
    "import static org.junit.jupiter.api.Assertions.assertNotNull;\n" + JUPITER,
    "        Book book = book();\n        assertNotNull(book);\n",
    "    record Book(String id, String title) {}\n\n"
    '    Book book() {\n        return given().get("/books").as(Book.class);\n    }\n',
    loud=True,
)
"""A test that has nothing but an object made by Jackson."""
