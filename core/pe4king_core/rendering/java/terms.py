"""What checks mean in Java's terms: classes, bounds and regular expressions.

Shared by the Hamcrest matchers (`java_checks`) and the Groovy conditions (`java_conditions`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.fact import (
    Check,
    Equals,
    HasFormat,
    HasLength,
    HasType,
    InRange,
    Literal,
    Matches,
    OneOf,
)
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.patterns import java_pattern
from pe4king_core.rendering.patterns import FORMATS

_UNBOUNDED = Bounds()
INT = (-(2**31), 2**31 - 1)
LONG = (-(2**63), 2**63 - 1)


class Unsayable(Exception):
    """A check that has no exact counterpart."""

    def __init__(self, english: str, russian: str) -> None:
        super().__init__(english)
        self.message = Message(
            en=f"cannot be written with REST Assured: {english}",
            ru=f"нельзя записать на REST Assured: {russian}",
        )


def accepts_null(check: Check | None) -> bool:
    """Whether null itself satisfies `check`."""
    if type(check) is HasType:  # nearly always
        return JsonType.NULL in check.types
    match check:
        case OneOf(values):
            return None in values
        case Equals(Literal(None)):
            return True
    return False


def type_of(checks: Sequence[Check]) -> JsonType | None:
    """The one type that `checks` leave beside null, where there is one."""
    for check in checks:
        if isinstance(check, HasType):
            types = check.types - {JsonType.NULL}
            if JsonType.NUMBER in types:
                types -= {JsonType.INTEGER}
            if len(types) == 1:
                return next(iter(types))
    return None


def bounds_of(checks: Sequence[Check]) -> Bounds:
    """The bounds that `checks` state for a number."""
    for check in checks:
        if isinstance(check, InRange):
            return check.bounds
    return _UNBOUNDED


CLASSES = {
    JsonType.STRING: "String",
    JsonType.NUMBER: "Number",
    JsonType.BOOLEAN: "Boolean",
    JsonType.ARRAY: "List",
    JsonType.OBJECT: "Map",
}


def integer_classes(bounds: Bounds) -> list[str]:
    """The classes that an integer inside `bounds` can have after parsing."""
    if inside(bounds, INT):
        return ["Integer"]
    return ["Integer", "Long"] if inside(bounds, LONG) else ["Integer", "Long", "BigInteger"]


def inside(bounds: Bounds, limits: tuple[int, int]) -> bool:
    """Whether every number in `bounds` lies inside `limits`."""
    low, high = bounds.low, bounds.high
    return low is not None and high is not None and limits[0] <= low and high <= limits[1]


def classes_of(types: frozenset[JsonType], bounds: Bounds) -> list[str]:
    """The Java classes of values of `types`, null left out."""
    wanted = types - {JsonType.INTEGER} if JsonType.NUMBER in types else types
    found: list[str] = []
    for kind in JsonType:
        if kind in wanted and kind is not JsonType.NULL:
            integers = kind is JsonType.INTEGER
            found += integer_classes(bounds) if integers else [CLASSES[kind]]
    return found


def expression_of(check: HasFormat | Matches | HasLength) -> str:
    """The full-match Java expression of a string check; lengths count code points."""
    if isinstance(check, HasLength):
        low, high = whole_bounds(check.bounds)
        if low == high:
            return f"(?s).{{{low}}}"
        return f"(?s).{{{low},{'' if high is None else high}}}"
    if isinstance(check, HasFormat):
        if check.name not in FORMATS:
            raise Unsayable(f"the format {check.name}", f"формат {check.name}")
        return FORMATS[check.name]
    translated = java_pattern(check.pattern)
    if translated is None:
        raise Unsayable(f"the pattern {check.pattern}", f"шаблон {check.pattern}")
    return translated


def whole_bounds(bounds: Bounds) -> tuple[int, int | None]:
    """Inclusive bounds of a count, never below zero."""
    low = 0
    if bounds.low is not None:
        low = max(0, -int(-bounds.low // 1))
        low += bounds.exclusive_low and low == bounds.low
    high = None
    if bounds.high is not None:
        high = int(bounds.high // 1)
        high -= bounds.exclusive_high and high == bounds.high
    if high is not None and high < low:
        raise Unsayable("bounds that nothing satisfies", "границы, которым ничто не соответствует")
    return low, high


def comparisons(bounds: Bounds) -> list[tuple[str, str]]:
    """Groovy operators and numbers for both ends of `bounds`."""
    found: list[tuple[str, str]] = []
    if bounds.low is not None:
        found.append((">" if bounds.exclusive_low else ">=", gpath.number(bounds.low)))
    if bounds.high is not None:
        found.append(("<" if bounds.exclusive_high else "<=", gpath.number(bounds.high)))
    return found
