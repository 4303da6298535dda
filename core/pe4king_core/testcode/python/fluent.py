"""assertpy: `assert_that(value).is_equal_to(...)`, assertions that are chained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.fact import HasSize, Matches, NotNull
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import Claims, child, claim, contained
from pe4king_core.testcode.formats import ecma, prefix
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.python.arguments import members_of, part_of
from pe4king_core.testcode.python.checks import type_check
from pe4king_core.testcode.python.comparing import compared, member_claims, true_of
from pe4king_core.testcode.python.containers import listed
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import Arguments, Fluent
from pe4king_core.testcode.values import (
    UNKNOWN,
    Known,
    Measure,
    Measured,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_SIGNS = {
    "is_equal_to": "==", "is_not_equal_to": "!=", "is_same_as": "==", "is_greater_than": ">",
    "is_greater_than_or_equal_to": ">=", "is_less_than": "<", "is_less_than_or_equal_to": "<=",
}  # fmt: skip
_SILENT = frozenset({"described_as", "using", "extracting"})


def chained(frame: Frame, fluent: Fluent, name: str, arguments: Arguments, node: Node) -> Value:
    """One more assertion on `fluent`."""
    if name in _SILENT:
        taken_out = Fluent(Unknown(call_of(fluent.subject)))
        return taken_out if name == "extracting" else fluent
    claims = fluent_claims(part_of(fluent.subject), name, arguments)
    if not frame.silent:
        span = frame.source.span(node)
        call = call_of(fluent.subject)
        frame.recorder.claim(span, claims, call, library="assertpy", soft=fluent.soft)
    return fluent


def fluent_claims(subject: Value, name: str, arguments: Arguments) -> Claims:
    """The claims of `assert_that(subject).name(...)`."""
    values = arguments.values
    first = values[0] if values else UNKNOWN
    if name in _SIGNS and values:
        return compared(subject, _SIGNS[name], first)
    match name:
        case "is_true":
            return true_of(subject)
        case "is_false":
            return negation(true_of(subject))
        case "is_none":
            return compared(subject, "==", Known(None))
        case "is_in":
            return compared(subject, "in", listed(values))
        case "is_between" if len(values) > 1:
            return (*compared(subject, ">=", first), *compared(subject, "<=", values[1]))
    return _of_part(subject, name, arguments, first) if isinstance(subject, Part) else ()


def _of_part(part: Part, name: str, arguments: Arguments, first: Value) -> Claims:
    values = arguments.values
    known = plain(first)
    text = known.value if isinstance(known, Known) and isinstance(known.value, str) else None
    match name:
        case "is_not_none":
            return (claim(part, NotNull()),)
        case "is_instance_of" | "is_type_of":
            return (claim(part, type_check(first)),)
        case "is_length":
            return compared(Measured(part, Measure.LENGTH), "==", first)
        case "is_empty":
            return (claim(part, HasSize(Bounds(0, 0))),)
        case "is_not_empty":
            return (claim(part, HasSize(Bounds(low=1))),)
        case "contains":
            return tuple(each for value in values for each in contained(value, part))
        case "contains_key":
            names = [plain(each) for each in values]
            return tuple(
                claim(child(part, str(each.value)), None)
                for each in names
                if isinstance(each, Known)
            )
        case "does_not_contain_key":
            return tuple(each for value in values for each in compared(value, "not in", part))
        case "contains_entry":
            return _entries(part, arguments)
        case "matches" if text is not None:
            return (claim(part, Matches(ecma(text))),)
        case "starts_with" | "ends_with" if text is not None:
            return (claim(part, Matches(prefix(text, end=name == "ends_with"))),)
    if name.startswith("has_") and len(values) == 1:
        return member_claims(part, name.removeprefix("has_"), first)
    return (claim(part, None),)


def _entries(part: Part, arguments: Arguments) -> Claims:
    found: list[Claims] = []
    for each in arguments.values:
        for name, value in (members_of(each) or {}).items():
            found.append(member_claims(part, name, value))
    for name, argument in arguments.named.items():
        found.append(member_claims(part, name, argument.value))
    return tuple(each for claims in found for each in claims) or (claim(part, None),)
