"""Intervals that comparisons with a number leave: `0 < x`, `x <= 9`, and both together."""

from __future__ import annotations

from decimal import Decimal

from pe4king_core.model.fact import Check, HasSize, InRange
from pe4king_core.model.schema import Bounds


def interval(sign: str, number: int | float) -> Bounds:
    """The numbers x for which `x sign number` holds; `==` gives the number alone."""
    match sign:
        case "<":
            return Bounds(high=number, exclusive_high=True)
        case "<=":
            return Bounds(high=number)
        case ">":
            return Bounds(low=number, exclusive_low=True)
        case ">=":
            return Bounds(low=number)
    return Bounds(low=number, high=number)


def size_interval(sign: str, number: int | float) -> Bounds:
    """The whole numbers x for which `x sign number` holds, with both ends included."""
    bounds = interval(sign, number)
    low = None if bounds.low is None else bounds.low + bounds.exclusive_low
    high = None if bounds.high is None else bounds.high - bounds.exclusive_high
    return Bounds(low, high)


def around(middle: float, delta: float) -> Bounds:
    """From `middle - delta` to `middle + delta`, as decimal numbers."""
    centre, width = Decimal(repr(middle)), Decimal(repr(delta))
    return Bounds(_plain_number(centre - width), _plain_number(centre + width))


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def both_ends(first: Check, second: Check) -> Check | None:
    """The interval of which two checks of one kind say one end each; None for anything else."""
    for kind in (InRange, HasSize):
        if isinstance(first, kind) and isinstance(second, kind):
            lower, upper = (first, second) if first.bounds.low is not None else (second, first)
            if lower.bounds.high is None and upper.bounds.low is None:
                return kind(
                    Bounds(
                        lower.bounds.low,
                        upper.bounds.high,
                        lower.bounds.exclusive_low,
                        upper.bounds.exclusive_high,
                    )
                )
    return None
