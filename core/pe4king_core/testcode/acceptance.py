"""Which checks a missing value passes, where the code makes null or zero of it."""

from __future__ import annotations

from pe4king_core.model.fact import (
    Check,
    Equals,
    HasType,
    InRange,
    Literal,
    MultipleOf,
    NotNull,
    OneOf,
)
from pe4king_core.model.schema import JsonType


def accepts_null(check: Check | None) -> bool:
    """Whether null passes `check` for certain or possibly; None checks nothing."""
    match check:
        case None:
            return True
        case Equals(Literal(value)):
            return value is None
        case Equals():
            return False
        case OneOf(values):
            return None in values
        case HasType(types):
            return JsonType.NULL in types
    return False


def accepts_zero(check: Check | None) -> bool:
    """Whether 0 or false passes `check`."""
    match check:
        case None:
            return True
        case Equals(Literal(value)):
            return value in (0, False)
        case OneOf(values):
            return any(value in (0, False) for value in values)
        case InRange(bounds):
            low, high = bounds.low, bounds.high
            above = low is None or low < 0 or (low == 0 and not bounds.exclusive_low)
            return above and (high is None or high > 0 or (high == 0 and not bounds.exclusive_high))
        case HasType() | NotNull() | MultipleOf():
            return True
    return False
