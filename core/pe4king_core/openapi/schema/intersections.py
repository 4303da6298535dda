"""What holds where two schemas hold: limits inside both, types that both allow."""

from __future__ import annotations

from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.schema.keyword_values import Number


def tighter(one: Bounds, other: Bounds) -> Bounds:
    """What lies inside both."""
    if not other.limited:
        return one
    if not one.limited:
        return other
    low, exclusive_low = _tighter_end(
        (one.low, one.exclusive_low), (other.low, other.exclusive_low), 1
    )
    high, exclusive_high = _tighter_end(
        (one.high, one.exclusive_high), (other.high, other.exclusive_high), -1
    )
    return Bounds(low, high, exclusive_low, exclusive_high)


def _tighter_end(
    one: tuple[Number | None, bool], other: tuple[Number | None, bool], sign: int
) -> tuple[Number | None, bool]:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] or other[1]
    return one if sign * one[0] > sign * other[0] else other


def common_types(
    one: frozenset[JsonType] | None, other: frozenset[JsonType] | None
) -> frozenset[JsonType] | None:
    """The types allowed by both; an integer is a number."""
    if one is None or other is None:
        return other if one is None else one
    both = one & other
    for left, right in ((one, other), (other, one)):
        if JsonType.INTEGER in left and JsonType.NUMBER in right:
            both |= {JsonType.INTEGER}
    return both
