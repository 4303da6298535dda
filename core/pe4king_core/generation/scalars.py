"""Strings and numbers for schemas, the ones that look like the real thing first.

These are candidates: who needs a valid value asks `validity` and takes the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor, isfinite

from pe4king_core.model.schema import Bounds, Schema

FORMAT_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "uuid": ("3f2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d",),
    "date": ("2024-05-17",),
    "date-time": ("2024-05-17T09:30:00Z",),
    "time": ("09:30:00Z",),
    "email": ("anna.petrova@example.com", "a@b.co"),
    "uri": ("https://example.com/resource", "https://a.co", "urn:a"),
    "url": ("https://example.com/resource", "https://a.co"),
    "hostname": ("api.example.com", "a.co", "a"),
    "ipv4": ("192.0.2.10", "8.8.8.8"),
    "ipv6": ("2001:db8::10", "::1"),
    "byte": ("c2FtcGxl", "YQ=="),
    "binary": ("sample",),
    "password": ("Str0ng-Passw0rd",),
}

_NAME_SAMPLES: tuple[tuple[str, str], ...] = (
    ("email", "anna.petrova@example.com"),
    ("phone", "+15550100200"),
    ("firstname", "Anna"),
    ("lastname", "Petrova"),
    ("username", "anna.petrova"),
    ("country", "DE"),
    ("currency", "EUR"),
    ("city", "Berlin"),
    ("street", "12 Main Street"),
    ("postal", "10115"),
    ("zip", "10115"),
    ("language", "en"),
    ("url", "https://example.com/resource"),
    ("color", "blue"),
    ("title", "Sample title"),
    ("description", "A short description"),
    ("name", "Anna Petrova"),
    ("date", "2024-05-17"),
)
_REPETITIONS = 65
_LONGEST = 100_000
_PREFERRED = Fraction(1)


def strings(schema: Schema, name: str = "") -> Iterator[str]:
    """Strings of the schema's format, pattern and length; always at least one."""
    from pe4king_core.generation.patterns import matching

    known = FORMAT_SAMPLES.get(schema.format or "", ())
    yield from known
    low = min(int(schema.length.low or 0), _LONGEST)
    high = int(schema.length.high) if schema.length.high is not None else None
    if schema.pattern is not None:
        wanted = dict.fromkeys((0, 1, 2, low, low + 1, *range(3, _REPETITIONS)))
        for extra in wanted:
            made = matching(schema.pattern, extra) if extra < _LONGEST else None
            if made is None:
                break
            yield made
    text = _by_name(name)
    if len(text) < low:
        text = (text + " sample" * (low // 7 + 1))[:low]
    yield text if high is None else text[:high]
    yield "x" * low if high is None or low <= high else ""


def _by_name(name: str) -> str:
    key = re.sub(r"[^a-z]", "", name.lower())
    return next((value for part, value in _NAME_SAMPLES if part in key), f"sample {name}".strip())


def numbers(schema: Schema, *, integer: bool) -> Iterator[int | float]:
    """Numbers inside the bounds on the grid that `multipleOf` makes; always at least one."""
    step = _exact(schema.multiple_of) or Fraction(0)
    if not schema.bounds.limited and not step and not integer:
        yield 9.99
    grid = step or (Fraction(1) if integer else Fraction(1, 2))
    for point in _points(schema.bounds, grid):
        if _inside(point, schema.bounds) and (not integer or point.denominator == 1):
            yield _plain(point)
    for point in _between(schema.bounds):
        yield floor(point) if integer else _plain(point)


def _points(bounds: Bounds, grid: Fraction) -> Iterator[Fraction]:
    """Points of the grid: one near 1, then those next to the ends, then zero."""
    low, high = _exact(bounds.low), _exact(bounds.high)
    yield ceil(_PREFERRED / grid) * grid
    if low is not None:
        yield from ((ceil(low / grid) + offset) * grid for offset in range(4))
    if high is not None:
        yield from ((floor(high / grid) - offset) * grid for offset in range(4))
    yield Fraction(0)
    if low is not None:
        whole = grid.denominator * grid
        yield from ((ceil(low / whole) + offset) * whole for offset in range(2))


def _between(bounds: Bounds) -> Iterator[Fraction]:
    """Points off the grid, for bounds that lie close together; zero where there are none."""
    low, high = _exact(bounds.low), _exact(bounds.high)
    if low is not None and high is not None:
        yield (low + high) / 2
    yield low if low is not None else high if high is not None else Fraction(0)


def _inside(point: Fraction, bounds: Bounds) -> bool:
    low, high = _exact(bounds.low), _exact(bounds.high)
    above = low is None or point > low or (point == low and not bounds.exclusive_low)
    below = high is None or point < high or (point == high and not bounds.exclusive_high)
    return above and below


def _exact(number: int | float | None) -> Fraction | None:
    """The number as it is written, so that 0.01 is a hundredth."""
    if number is None or (isinstance(number, float) and not isfinite(number)):
        return None
    return Fraction(str(number))


def _plain(point: Fraction) -> int | float:
    if point.denominator == 1:
        return int(point)
    try:
        return float(point)
    except OverflowError:
        return int(point)
