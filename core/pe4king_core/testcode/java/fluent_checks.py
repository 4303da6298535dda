"""What AssertJ's and Truth's links claim of one part of an answer."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.model.fact import (
    Check,
    Contains,
    Equals,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    NotNull,
    Sorted,
    Unique,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import (
    Claim,
    Claims,
    child,
    claim,
    comparison,
    operand,
)
from pe4king_core.testcode.formats import prefix
from pe4king_core.testcode.intervals import size_interval
from pe4king_core.testcode.java.closures import pattern_check
from pe4king_core.testcode.java.objects import Entry, bare
from pe4king_core.testcode.values import Fallback, Known, Part, TypeNames, Value, plain

SIZES = {
    "hasSize": "==", "hasSizeGreaterThan": ">", "hasSizeGreaterThanOrEqualTo": ">=",
    "hasSizeLessThan": "<", "hasSizeLessThanOrEqualTo": "<=", "hasLength": "==",
}  # fmt: skip
_PLAIN: dict[str, Check] = {
    "isNotNull": NotNull(),
    "isNotEmpty": HasSize(Bounds(low=1)),
    "isNotBlank": HasSize(Bounds(low=1)),
    "isEmpty": HasSize(Bounds(0, 0)),
    "doesNotHaveDuplicates": Unique(),
    "isSorted": Sorted(""),
}


def entries(part: Part, values: list[Value]) -> Claims:
    """`contains(entry("type", "invoice"))`; empty where one of `values` is no entry."""
    found: list[Claim] = []
    for each in values:
        if not isinstance(each, Entry) or not isinstance(key := plain(each.key), Known):
            return ()
        found += comparison(child(part, str(key.value)), "==", bare(each.value))
    return tuple(found)


def of_media_type(part: Part, name: str, value: Value) -> Claims | None:
    """What is said of the content type; None where the link is none for texts."""
    known = plain(value)
    text = known.value if isinstance(known, Known) else None
    if name in ("startsWith", "endsWith") and isinstance(text, str):
        return (claim(part, Equals(Literal(text)) if name == "startsWith" else None),)
    return comparison(value, "in", part) if name == "contains" else None


def keys(part: Part, values: list[Value]) -> Claims:
    """The members that a link names are there."""
    return tuple(
        claim(replace(child(part, str(each.value)), fallback=Fallback.NONE), None)
        for each in map(plain, values)
        if isinstance(each, Known)
    )


def exactly(part: Part, name: str, values: list[Value]) -> Claims:
    """`containsExactly(1, 2)`, `containsExactlyInAnyOrder(1, 2)`."""
    known = [each.value for each in map(plain, values) if isinstance(each, Known)]
    if len(known) != len(values) or not known:
        size = HasSize(size_interval("==", len(values))) if len(values) > 1 else None
        return (claim(part, size),)
    if name == "containsExactly":
        return (claim(part, Equals(Literal(known))),)
    size = HasSize(size_interval("==", len(known)))
    return (claim(part, size), *(claim(part, Contains(Literal(each))) for each in known))


def check_of(part: Part, name: str, values: list[Value]) -> Check | None:
    """What the link `name` says of `part` alone."""
    first = plain(values[0]) if values else None
    known = first.value if isinstance(first, Known) else None
    if name in SIZES and isinstance(known, int):
        return HasSize(size_interval(SIZES[name], known))
    if name in _PLAIN:
        return _PLAIN[name]
    match name:
        case "hasSizeBetween":
            found = between(values)
            return HasSize(found.bounds) if found is not None else None
        case "isBetween":
            return between(values)
        case "isStrictlyBetween":
            found = between(values)
            bounds = found.bounds if found is not None else None
            return InRange(Bounds(bounds.low, bounds.high, True, True)) if bounds else None
        case "matches" | "containsPattern" if isinstance(known, str):
            return pattern_check(known) if name == "matches" else Matches(known)
        case "startsWith" | "endsWith" if isinstance(known, str):
            return Matches(prefix(known, end=name == "endsWith"))
        case "contains" if first is not None:
            wanted = operand(first, part.call)
            return Contains(wanted) if wanted is not None else None
        case "isInstanceOf" | "isExactlyInstanceOf" if isinstance(first, TypeNames):
            return HasType(first.types)
        case "isInstanceOfAny" if all(isinstance(each, TypeNames) for each in values):
            names = [each.types for each in values if isinstance(each, TypeNames)]
            return HasType(frozenset().union(*names))
    return None


def between(values: list[Value]) -> InRange | None:
    """From one number to another, where both are known."""
    ends = [each.value for each in map(plain, values) if isinstance(each, Known)]
    numbers = [each for each in ends if isinstance(each, int | float)]
    return InRange(Bounds(numbers[0], numbers[1])) if len(numbers) == 2 else None
