"""Whether one check implies another: what a stronger check makes superfluous."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pe4king_core.model.fact import (
    Check,
    Contains,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Unique,
)
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.schema.patterns import matches, python_pattern
from pe4king_core.testcode.formats import ecma, format_of


def implies(strong: Check | None, weak: Check) -> bool:
    """Whether every value that passes `strong` passes `weak`, as far as we can tell."""
    match strong:
        case None:
            return False
        case Equals(Literal(value)):
            return satisfies(value, weak)
        case OneOf(values):
            return all(satisfies(value, weak) for value in values)
    if strong == weak:
        return True
    match weak:
        case NotNull():
            return not _admits_null(strong)
        case HasType(types):
            return _implies_type(strong, types)
        case InRange(bounds):
            return isinstance(strong, InRange) and within(strong.bounds, bounds)
        case HasSize(bounds) | HasLength(bounds):
            return isinstance(strong, HasSize | HasLength) and within(strong.bounds, bounds)
        case HasFormat(name):
            return isinstance(strong, Matches) and _whole(strong.pattern) == name
        case Matches(pattern):
            return isinstance(strong, Matches) and _same(strong.pattern, pattern)
        case OnlyMembers(names):
            return isinstance(strong, OnlyMembers) and set(strong.names) <= set(names)
        case MultipleOf(factor):
            return isinstance(strong, MultipleOf) and strong.factor == factor
    return False


def _admits_null(check: Check) -> bool:
    match check:
        case Equals():
            return True
        case HasType(types):
            return JsonType.NULL in types
    return False


def _implies_type(strong: Check, types: frozenset[JsonType]) -> bool:
    match strong:
        case HasType(strong_types):
            return all(
                each in types or (each is JsonType.INTEGER and JsonType.NUMBER in types)
                for each in strong_types
            )
        case HasFormat() | Matches() | HasLength():
            return JsonType.STRING in types
        case OnlyMembers():
            return JsonType.OBJECT in types
    return False


def within(inner: Bounds, outer: Bounds) -> bool:
    """Whether every number in `inner` lies in `outer`."""
    if outer.low is not None and (
        inner.low is None
        or inner.low < outer.low
        or (inner.low == outer.low and outer.exclusive_low and not inner.exclusive_low)
    ):
        return False
    return outer.high is None or not (
        inner.high is None
        or inner.high > outer.high
        or (inner.high == outer.high and outer.exclusive_high and not inner.exclusive_high)
    )


def _whole(pattern: str) -> str | None:
    is_whole = pattern.startswith("^") and pattern.endswith("$")
    return format_of(pattern) if is_whole else None


def _same(left: str, right: str) -> bool:
    return bool(_spellings(left) & _spellings(right))


def _spellings(pattern: str) -> frozenset[str]:
    """`pattern` as it is, and as our renderer translates it for Python."""
    plain = ecma(pattern)
    translated = python_pattern(plain)
    return frozenset({plain, ecma(translated) if translated is not None else plain})


def json_types(value: Json) -> frozenset[JsonType]:
    """The types that `value` has; an integer is a number too."""
    match value:
        case None:
            return frozenset({JsonType.NULL})
        case bool():
            return frozenset({JsonType.BOOLEAN})
        case int():
            return frozenset({JsonType.INTEGER, JsonType.NUMBER})
        case float():
            whole = {JsonType.INTEGER} if value.is_integer() else set()
            return frozenset({JsonType.NUMBER} | whole)
        case str():
            return frozenset({JsonType.STRING})
        case Mapping():
            return frozenset({JsonType.OBJECT})
    return frozenset({JsonType.ARRAY})


def satisfies(value: Json, check: Check) -> bool:  # noqa: PLR0912 - one arm a check
    """Whether the literal `value` passes `check`, as far as we can tell without running it."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    match check:
        case Equals(Literal(other)):
            return equal(value, other)
        case OneOf(values):
            return any(equal(value, other) for other in values)
        case HasType(types):
            return bool(json_types(value) & types)
        case NotNull():
            return value is not None
        case InRange(bounds):
            return number is not None and bounds.contains(number)
        case MultipleOf(factor):
            return isinstance(value, int) and isinstance(factor, int) and value % factor == 0
        case HasLength(bounds):
            return isinstance(value, str) and bounds.contains(len(value))
        case HasSize(bounds):
            return _is_array(value) and bounds.contains(len(value))  # type: ignore[arg-type]  # an array
        case HasFormat(name):
            return isinstance(value, str) and _has_format(value, name)
        case Matches(pattern):
            return isinstance(value, str) and bool(matches(pattern, value))
        case Contains(Literal(other)):
            return _contains(value, other)
        case OnlyMembers(names):
            return isinstance(value, Mapping) and set(value) <= set(names)
        case Unique():
            return _is_array(value) and _all_different(value)  # type: ignore[arg-type]  # an array
    return False


def _is_array(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _contains(value: Json, other: Json) -> bool:
    if isinstance(value, str):
        return isinstance(other, str) and other in value
    return isinstance(value, Sequence) and any(equal(item, other) for item in value)


def _all_different(items: Sequence[Json]) -> bool:
    return not any(
        equal(item, other) for index, item in enumerate(items) for other in items[:index]
    )


def equal(left: Json, right: Json) -> bool:
    """JSON equality: numbers compare numerically, true is not 1."""
    return json_types(left) & json_types(right) != frozenset() and left == right


def _has_format(value: str, name: str) -> bool:
    try:
        match name:
            case "uuid":
                return str(UUID(value)) == value.lower()
            case "date":
                return date.fromisoformat(value).isoformat() == value
            case "date-time":
                return datetime.fromisoformat(value).tzinfo is not None and "T" in value
            case "email":
                return re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None
    except ValueError:
        return False
    return False
