"""Assertions of JUnit, TestNG, Hamcrest and AssertJ to claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.fact import (
    Check,
    Contains,
    HasFormat,
    HasSize,
    HasType,
    InRange,
    Matches,
    NotNull,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import Claims, child, claim, comparison, operand, size_interval
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.formats import prefix
from pe4king_core.testcode.java.chains import link_span
from pe4king_core.testcode.java.closures import pattern_check
from pe4king_core.testcode.java.expressions import arguments, evaluate
from pe4king_core.testcode.java.matchers import matched
from pe4king_core.testcode.java.truths import claims_of
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.values import (
    Answer,
    Collected,
    Known,
    Measure,
    Measured,
    Part,
    TypeNames,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

ASSERTION = re.compile(r"(?:assert|expect|verify|validate|check|should)(?=[A-Z_]|\Z)")
_SIGNS = {
    "isEqualTo": "==", "isSameAs": "==", "isNotEqualTo": "!=", "isGreaterThan": ">",
    "isGreaterThanOrEqualTo": ">=", "isLessThan": "<", "isLessThanOrEqualTo": "<=",
}  # fmt: skip
_SIZES = {
    "hasSize": "==", "hasSizeGreaterThan": ">", "hasSizeGreaterThanOrEqualTo": ">=",
    "hasSizeLessThan": "<", "hasSizeLessThanOrEqualTo": "<=",
}  # fmt: skip
_QUIET = frozenset(
    {"as", "describedAs", "withFailMessage", "overridingErrorMessage", "asString", "asList"}
    | {"asInstanceOf", "usingRecursiveComparison"}
)
_FORMATS = {
    "UUID.fromString": "uuid", "OffsetDateTime.parse": "date-time", "Instant.parse": "date-time",
    "LocalDate.parse": "date",
}  # fmt: skip


def assertion_claims(context: Context, node: Node, name: str) -> tuple[Claims, str | None]:
    """The claims of the assertion call `node`, and the call that it speaks of."""
    nodes = arguments(node)
    if name in ("assertTrue", "assertFalse") and nodes:
        condition = nodes[0]
        if condition.type == "string_literal" and len(nodes) > 1:
            condition = nodes[1]
        claims = claims_of(context, condition)
        mentioned = call_of(evaluate(context, condition))
        return (claims if name == "assertTrue" else negation(claims)), mentioned
    values = [evaluate(context, each) for each in nodes]
    call = next(filter(None, map(call_of, values)), None)
    if name in ("assertEquals", "assertNotEquals", "assertSame") and len(values) >= 2:
        return _equality(values, "!=" if name == "assertNotEquals" else "=="), call
    if name == "assertThat" and len(nodes) >= 2:
        return matched(context, values[-2], nodes[-1], evaluate), call
    part = next((each for each in values if isinstance(each, Part)), None)
    if part is None:
        return (), call
    types = next((each for each in values if isinstance(each, TypeNames)), None)
    match name:
        case "assertNotNull":
            return (claim(part, NotNull()),), call
        case "assertNull":
            return comparison(part, "==", Known(None)), call
        case "assertInstanceOf" if types is not None:
            return (claim(part, HasType(types.types)),), call
    return (claim(part, None),), call


def _equality(values: list[Value], sign: str) -> Claims:
    """Two values are compared; a message may stand before or behind them."""
    if (len(values) > 2 and call_of(values[0]) is None and call_of(values[1]) is None) or (
        len(values) > 2 and isinstance(values[0], Known) and isinstance(values[1], Known)
    ):
        values = values[1:]
    left, right = values[0], values[1]
    if isinstance(left, Known) or call_of(left) is None:
        left, right = right, left
    return comparison(left, sign, right)


def fluent(context: Context, value: Value, links: list[Node]) -> None:
    """AssertJ's `assertThat(value).isEqualTo(...).isNotNull()`: an assertion for each link."""
    call = call_of(value)
    for link in links:
        name = context.of(link.child_by_field_name("name"))
        if name in _QUIET:
            continue
        values = [evaluate(context, each) for each in arguments(link)]
        if name in ("size", "hasSizeThat"):
            value = Measured(value, Measure.LENGTH) if isinstance(value, Part) else Unknown(call)
            continue
        claims = _fluent(value, name, values)
        context.recorder.claim(link_span(context, link), claims, call)


def _fluent(value: Value, name: str, values: list[Value]) -> Claims:
    if name in _SIGNS and values:
        return comparison(value, _SIGNS[name], values[0])
    if name in ("isTrue", "isFalse"):
        return comparison(value, "==", Known(name == "isTrue"))
    if isinstance(value, Answer):
        return ()
    if isinstance(value, Part):
        return _of_part(value, name, values)
    if isinstance(value, Collected):
        size = _check(value.array, name, values) if name in _SIZES else None
        return (claim(value.array, size),)
    return (claim(value.part, None),) if isinstance(value, Measured) else ()


def _of_part(part: Part, name: str, values: list[Value]) -> Claims:
    if name == "isNull":
        return comparison(part, "==", Known(None))
    if name in ("isIn", "isOneOf"):
        known = [each.value for each in map(plain, values) if isinstance(each, Known)]
        listed = known[0] if len(known) == 1 and isinstance(known[0], list) else known
        return comparison(part, "in", Known(listed))
    if name in ("containsKey", "containsKeys"):
        return tuple(
            claim(child(part, str(each.value)), None) for each in values if isinstance(each, Known)
        )
    if name == "containsEntry" and len(values) == 2 and isinstance(values[0], Known):
        return comparison(child(part, str(values[0].value)), "==", values[1])
    if name == "contains" and len(values) > 1:
        found = [operand(each, part.call) for each in values]
        return tuple(claim(part, Contains(each) if each else None) for each in found)
    return (claim(part, _check(part, name, values)),)


def _check(part: Part, name: str, values: list[Value]) -> Check | None:
    first = plain(values[0]) if values else None
    known = first.value if isinstance(first, Known) else None
    if name in _SIZES and isinstance(known, int):
        return HasSize(size_interval(_SIZES[name], known))
    match name:
        case "isNotNull":
            return NotNull()
        case "isNotEmpty" | "isNotBlank":
            return HasSize(Bounds(low=1))
        case "isEmpty":
            return HasSize(Bounds(0, 0))
        case "isPositive":
            return InRange(Bounds(low=0, exclusive_low=True))
        case "isBetween" if len(values) == 2:
            return _between(values)
        case "matches" | "containsPattern" if isinstance(known, str):
            return pattern_check(known) if name == "matches" else Matches(known)
        case "startsWith" | "endsWith" if isinstance(known, str):
            return Matches(prefix(known, end=name == "endsWith"))
        case "contains" if first is not None:
            found = operand(first, part.call)
            return Contains(found) if found is not None else None
        case "isInstanceOf" if isinstance(first, TypeNames):
            return HasType(first.types)
    return None


def _between(values: list[Value]) -> InRange | None:
    ends = [each.value for each in map(plain, values) if isinstance(each, Known)]
    numbers = [each for each in ends if isinstance(each, int | float)]
    return InRange(Bounds(numbers[0], numbers[1])) if len(numbers) == 2 else None


def parsed(context: Context, node: Node) -> Claims:
    """`UUID.fromString(x)`, `OffsetDateTime.parse(x)`: x has the format, or the call fails."""
    called = context.of(node).partition("(")[0]
    nodes = arguments(node)
    value = evaluate(context, nodes[0]) if len(nodes) == 1 else None
    if called not in _FORMATS or not isinstance(value, Part):
        return ()
    return (claim(value, HasFormat(_FORMATS[called])),)
