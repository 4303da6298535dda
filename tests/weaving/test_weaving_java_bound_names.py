"""Woven Java speaks only of variables that have a value where it stands, as javac asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.fact import STATUS, AssertionFact, Equals, HasType, Literal, body
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import weave
from tests.rendering.java_kit import java_kit

OK = AssertionFact("C1", STATUS, Equals(Literal(200)))
TITLE = AssertionFact("C1", body("/title"), HasType(frozenset({JsonType.STRING})))
HEAD = """\
import static io.restassured.RestAssured.*;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.*;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

class %sTest {
    boolean flag = true;
    String kind = "a";

    @Test
    void a() {
"""
BEHIND = "        }\n        assertThat(r.statusCode(), equalTo(200));\n"
LINKS = '.body("title", instanceOf(String.class))'
SHAPES = {
    "Group": (
        """\
Response r = get("/a");
JsonPath data;
switch (kind) {
    case "a":
        data = r.jsonPath();
        assertThat(data.getInt("id"), is(5));
        break;
    default:
        break;
}
""",
        f"{BEHIND}        assertThat(r.jsonPath()",
    ),
    "Rule": (
        """\
JsonPath data;
switch (kind) {
    case "a" -> data = get("/a").jsonPath();
    default -> data = null;
}
""",
        LINKS,
    ),
    "Value": (
        """\
JsonPath data = switch (kind) {
    case "a" -> get("/a").jsonPath();
    default -> null;
};
assertThat(data.getInt("id"), is(5));
""",
        LINKS,
    ),
    "ShortCircuit": (
        """\
Response r;
if (flag && (r = get("/a")).statusCode() == 200) {
    assertThat(r.jsonPath().getInt("id"), is(5));
}
""",
        LINKS,
    ),
    "Choice": (
        """\
Response r;
boolean fine = kind.isEmpty() ? true : (r = get("/a")).statusCode() == 200;
assertThat(fine, is(true));
""",
        LINKS,
    ),
    "InnerBlock": (
        """\
{
    Response r = get("/a");
    assertThat(r.statusCode(), lessThan(300));
}
""",
        "            assertThat(r.statusCode(), equalTo(200));\n",
    ),
    "Condition": (
        """\
Response r;
if ((r = get("/a")).statusCode() == 200) {
    assertThat(r.jsonPath().getInt("id"), is(5));
}
""",
        BEHIND,
    ),
    "Assigned": (
        """\
Response r;
r = get("/a");
if (flag) {
    assertThat(r.jsonPath().getInt("id"), is(5));
}
""",
        BEHIND,
    ),
}


def woven(name: str) -> str:
    indented = "".join(f"        {line}\n" for line in SHAPES[name][0].splitlines())
    text = f"{HEAD % name}{indented}    }}\n}}\n"
    file = read_tests(text, SourceLanguage.JAVA)
    result = weave(file, file.tests[0], [OK, TITLE])
    assert result.refused == ()
    return apply_edits(text, result.edits)


@pytest.mark.parametrize("name", SHAPES)
def test_where_the_variable_has_a_value(name: str) -> None:
    assert SHAPES[name][1] in woven(name)


@pytest.mark.java
@pytest.mark.slow
def test_the_compiler_agrees(tmp_path: Path) -> None:
    sources = {f"{name}Test.java": woven(name) for name in SHAPES}
    java_kit().compile(sources, tmp_path)
