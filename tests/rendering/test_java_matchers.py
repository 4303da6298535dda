"""Matchers that have a method of their own: what they stand for, and that they are read back."""

from __future__ import annotations

import pytest

from pe4king_core.model.case import Body, Request
from pe4king_core.model.source import BodyKind, SourceLanguage
from pe4king_core.rendering.formats.junit_restassured import FORMAT
from pe4king_core.rendering.java.matchers import NAMES, definitions, shortened
from pe4king_core.testcode import read_tests
from tests.rendering.test_java_class import CREATE, STYLE, case, render

WHOLE = "anyOf(isA(Integer.class), isA(Long.class), isA(BigInteger.class))"


@pytest.mark.parametrize(
    ("written", "short"),
    [
        (f'.body("a", {WHOLE})', '.body("a", integer())'),
        (
            f'.body("a", anyOf(nullValue(), {WHOLE[6:]})',
            '.body("a", anyOf(nullValue(), integer()))',
        ),
        (
            '.body("d", matchesPattern("\\\\d{4}-(?!02-3)[01]\\\\d-[0-3]\\\\d"))',
            '.body("d", date())',
        ),
        (
            f'.body("$", anyOf(not(hasKey("a)")), hasEntry(equalTo("a)"), {WHOLE})))',
            '.body("$", optional("a)", integer()))',
        ),
        (
            '.body("l", everyItem(anyOf(not(hasKey("a")), hasEntry(equalTo("a"), '
            'allOf(isA(String.class), is("("))))))',
            '.body("l", everyItem(optional("a", allOf(isA(String.class), is("(")))))',
        ),
    ],
)
def test_links_say_the_same_in_fewer_words(written: str, short: str) -> None:
    assert shortened(written) == short


@pytest.mark.parametrize(
    "code",
    [
        f'.body("{WHOLE}", anyOf(is(1), is(2)))',
        '.body("$", anyOf(not(hasKey("a")), hasEntry(equalTo("b"), is(1))))',
        '.body("$", anyOf(not(hasKey("a")), hasEntry(equalTo("a"), is(1)), nullValue()))',
        '.body("d", matchesPattern("\\\\d{5}"))',
        '.body("d", anyOf(nullValue(), is("\\"matchesPattern(1)")))',
    ],
)
def test_what_means_something_else_stays(code: str) -> None:
    assert shortened(code) == code


def _claims(links: str) -> list[tuple[str, str, str, bool]]:
    members = "\n\n".join(definitions(NAMES))
    text = f"""
import static io.restassured.RestAssured.*;
import static org.hamcrest.Matchers.*;
class BooksTest {{
  @Test
  void a() {{
    get("/books").then(){links};
  }}

{members}
}}
"""
    (test,) = read_tests(text, SourceLanguage.JAVA).tests
    return [
        (str(each.subject), str(each.check), each.presence.value, each.nullable)
        for each in test.assertions
    ]


def test_short_links_are_read_as_the_long_ones_even_where_there_are_many() -> None:
    parts = [
        f'.body("$", anyOf(not(hasKey("m{index}")), hasEntry(equalTo("m{index}"), {WHOLE})))'
        for index in range(150)
    ]
    many = "".join(parts)
    read = _claims(many)
    assert len(read) >= 150
    short = "".join(map(shortened, parts))
    assert short.count("optional(") == len(parts)
    assert _claims(short) == read


@pytest.mark.parametrize("alone", [True, False])
def test_parts_of_forms_are_read_back(alone: bool) -> None:
    """The class has a method for texts in other scripts; a test alone builds them in place."""
    fields = {"вид": "счёт", "plain": "text"}
    sent = Request("POST", "/books", body=Body("multipart/form-data", fields))
    posted = case("a", CREATE, sent)
    method = FORMAT.render_case(posted, STYLE).code
    text = f"class BooksTest {{\n{method}\n}}\n" if alone else render(posted)
    text = text.replace("api()", "given()")
    assert ("textPart(" in text) is not alone
    (test,) = read_tests(text, SourceLanguage.JAVA).tests
    (call,) = test.calls
    assert call.parts.body is BodyKind.MULTIPART
    assert call.parts.form == ("вид", "plain")
    assert call.parts.complete
