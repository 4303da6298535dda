"""Facts about an answer of which a Java test has only an object of a class of its own.

Jackson and Gson make texts of numbers, numbers of texts, and zeros of what is missing. Asserted
is only what the object certainly shows as the server sent it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Equals,
    HasFormat,
    Literal,
    NotNull,
    OneOf,
    Presence,
    SubjectKind,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.source import ModelVariable, TestCall, TestFunction
from pe4king_core.rendering.java.terms import Unsayable, expression_of
from pe4king_core.rendering.java.text import literal_string
from pe4king_core.weaving.java_style import Spelling
from pe4king_core.weaving.reasons import CONVERTED, FILLED_IN, NOT_A_MEMBER, SAYS_NOTHING

_AS_TEXT = re.compile(r"\s*(?:[-+.\d\[{]|(?:true|false|null|NaN|Infinity)\s*\Z|\Z)")
"""Texts that another JSON value may have become."""
_ONLY_TEXTS = frozenset({"uuid", "date", "date-time", "email", "uri"})
"""Formats that no number and no boolean looks like."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement without its `;`, the assert method it uses, and the matchers it needs."""

    statement: str
    method: str
    matchers: frozenset[str] = frozenset()
    uses_list: bool = False


def held_model(test: TestFunction, call: TestCall, place: int) -> ModelVariable | None:
    """The object made from the answer of `call` that a variable holds at `place`."""
    before = [held for held in test.model_variables if held.offset <= place]
    for held in before:
        again = [other for other in test.model_variables if other.name == held.name]
        if held.call == call.id and len(again) == 1:
            return held
    return None


def model_statement(
    fact: AssertionFact, model: ModelVariable, spelling: Spelling
) -> Said | Message:
    """The assertion of `fact` on the object, or why it is not written."""
    member = _member(fact, model)
    if member is None:
        return NOT_A_MEMBER
    if fact.check is None:
        return SAYS_NOTHING
    value = f"{model.name}{dict(model.members)[member]}"
    if isinstance(fact.check, NotNull):
        return _not_null(value, spelling) if member in model.optional else FILLED_IN
    if member not in model.texts or fact.nullable:
        return CONVERTED
    try:
        return _of_text(fact.check, value, spelling)
    except Unsayable as problem:
        return problem.message


def _member(fact: AssertionFact, model: ModelVariable) -> str | None:
    if fact.subject.kind is not SubjectKind.BODY or fact.guards or fact.conditions:
        return None
    if fact.presence is not Presence.REQUIRED:
        return None
    way, above = split(fact.subject.name), split(model.pointer)
    if len(way) != len(above) + 1 or way[: len(above)] != above or EACH in way:
        return None
    return way[-1] if way[-1] in dict(model.members) else None


def _not_null(value: str, spelling: Spelling) -> Said:
    if spelling.library == "assertj":
        return _fluent(value, ".isNotNull()", spelling)
    if spelling.library == "hamcrest":
        return _matching(value, "notNullValue()", spelling, "notNullValue")
    return Said(f"{spelling.receiver}assertNotNull({value})", "assertNotNull")


def _of_text(check: Check, value: str, spelling: Spelling) -> Said | Message:
    match check:
        case Equals(Literal(str() as wanted)) if not _AS_TEXT.match(wanted):
            return _equal(value, literal_string(wanted), spelling)
        case OneOf(values) if _are_texts(values):
            return _one_of(value, [literal_string(str(each)) for each in values], spelling)
        case HasFormat(name) if name in _ONLY_TEXTS:
            return _matches(value, literal_string(expression_of(check)), spelling)
    return CONVERTED


def _are_texts(values: Sequence[Json]) -> bool:
    return bool(values) and all(
        isinstance(each, str) and not _AS_TEXT.match(each) for each in values
    )


def _equal(value: str, wanted: str, spelling: Spelling) -> Said:
    match spelling.library:
        case "assertj":
            return _fluent(value, f".isEqualTo({wanted})", spelling)
        case "hamcrest":
            return _matching(value, f"equalTo({wanted})", spelling, "equalTo")
        case "testng":
            return Said(f"{spelling.receiver}assertEquals({value}, {wanted})", "assertEquals")
    return Said(f"{spelling.receiver}assertEquals({wanted}, {value})", "assertEquals")


def _one_of(value: str, wanted: Sequence[str], spelling: Spelling) -> Said:
    listed = ", ".join(wanted)
    if spelling.library == "assertj":
        return _fluent(value, f".isIn({listed})", spelling)
    if spelling.library == "hamcrest":
        return _matching(value, f"oneOf({listed})", spelling, "oneOf")
    condition = f"List.of({listed}).contains({value})"
    return Said(f"{spelling.receiver}assertTrue({condition})", "assertTrue", uses_list=True)


def _matches(value: str, pattern: str, spelling: Spelling) -> Said:
    if spelling.library == "assertj":
        return _fluent(value, f".matches({pattern})", spelling)
    if spelling.library == "hamcrest":
        return _matching(value, f"matchesPattern({pattern})", spelling, "matchesPattern")
    return Said(f"{spelling.receiver}assertTrue({value}.matches({pattern}))", "assertTrue")


def _fluent(value: str, links: str, spelling: Spelling) -> Said:
    return Said(f"{spelling.receiver}{spelling.starter}({value}){links}", spelling.starter)


def _matching(value: str, matcher: str, spelling: Spelling, name: str) -> Said:
    statement = f"{spelling.receiver}assertThat({value}, {matcher})"
    return Said(statement, "assertThat", frozenset({f"static org.hamcrest.Matchers.{name}"}))
