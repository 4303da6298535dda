"""Line breaks of Java code, and links that are put together from several."""

from __future__ import annotations

import pytest

from pe4king_core.model.fact import AssertionFact, body
from pe4king_core.rendering.java.assertions import render_java
from pe4king_core.rendering.java.imports import imports_of
from pe4king_core.rendering.java.layout import link
from pe4king_core.rendering.java.text import flat_block, json_text


def test_keys_of_parents_that_may_be_missing_are_asked_one_by_one() -> None:
    facts = [AssertionFact("C1", body(f"/owner/{name}"), guards=("/owner",)) for name in "ab"]
    facts += [AssertionFact("C1", body(f"/{name}"), None) for name in ("a", 'b", hasKey("')]
    assert render_java(facts).links == (
        '.body("owner", anyOf(nullValue(), hasKey("a")))',
        '.body("owner", anyOf(nullValue(), hasKey("b")))',
        r'.body("$", allOf(hasKey("a"), hasKey("b\", hasKey(\"")))',
    )


def test_a_long_literal_is_broken_before_spaces() -> None:
    text = " ".join(["word"] * 30)
    lines = link(f'.body("{text}", is(true))', 8).split("\n")
    assert all(len(line) <= 100 for line in lines)
    assert lines[0] == ".body("
    assert "".join(line.strip(' +,"') + " " for line in lines[1:-1]).split() == ["word"] * 30
    assert lines[2].startswith(" " * 16 + '+ " word')


@pytest.mark.parametrize("text", ["a" * 120, "a" * 60 + "\\n" + "b" * 60])
def test_a_literal_without_spaces_is_broken_at_its_line_ends_alone(text: str) -> None:
    assert link(f'f("{text}")', 4).count("+ ") == text.count("n")


def test_brackets_and_commas_in_strings_are_text() -> None:
    code = f'.body("a, (b]", f("\\"), (", {"x" * 40}, "{"y" * 30}"))'
    assert link(code, 8).split("\n") == [
        ".body(",
        '            "a, (b]",',
        f'            f("\\"), (", {"x" * 40}, "{"y" * 30}"))',
    ]


def test_a_text_block_breaks_the_calls_around_it() -> None:
    block = flat_block(json_text({"a": [1, 2], "b": "x"}))
    assert link(f'f("name", List.of(json({block})))', 0) == (
        'f(\n    "name",\n    List.of(\n        json(\n            """\n            {\n'
        '              "a": [1, 2],\n              "b": "x"\n            }\n            """)))'
    )


def test_imports_are_those_of_the_code_and_not_of_its_texts() -> None:
    code = """  void a() {
    // UUID in a comment
    String body =
        \"\"\"
        { "x": List.of(1) }
        \"\"\";
    response.then().body("oneOf(1)", x.equalTo(2), hasKey("Map")).contentType(ContentType.JSON);
  }"""
    assert imports_of(code) == {
        "static org.hamcrest.Matchers.hasKey",
        "io.restassured.http.ContentType",
    }
