"""A value changed so that a claim holds for it: what a test asserts, put into an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pe4king_core.mock.scripts import with_members
from pe4king_core.model.fact import (
    Check,
    Contains,
    Equals,
    HasLength,
    HasSize,
    InRange,
    Literal,
    Matches,
    OneOf,
    Sorted,
)
from pe4king_core.model.json import EACH, Json, lookup, split
from pe4king_core.model.schema import Bounds
from pe4king_core.proof.baseline.truth import in_order

_MOST = 1_000
_BEGINNING = re.compile(r"\^((?:[^\\.^$*+?{}\[\]|()]|\\[^A-Za-z0-9])+)\$?$")
"""A pattern of nothing but characters, after the start of the text."""
_FILLING = "x"


def with_claim(body: Json, pointer: str, check: Check | None) -> Json:
    """`body` with a value at `pointer` for which `check` holds; as it is where none is known."""
    before = lookup(body, pointer.replace(f"/{EACH}", "/0"))
    wanted = _wanted(before, check)
    if wanted is _UNKNOWN:
        return body
    if not split(pointer):
        return wanted
    return with_members(body, {pointer: wanted})


_UNKNOWN: Json = "\0unknown"


def _wanted(before: Json, check: Check | None) -> Json:
    match check:
        case Equals(Literal(value)) | OneOf((value, *_)):
            return value
        case Contains(Literal(value)):
            return _containing(before, value)
        case HasSize(bounds) if isinstance(before, list):
            return _sized(before, bounds)
        case HasLength(bounds) if isinstance(before, str):
            return _long(before, bounds)
        case InRange(bounds):
            return _inside(bounds)
        case Matches(pattern) if isinstance(before, str):
            return _beginning(before, pattern)
        case Sorted(pointer, descending) if isinstance(before, list):
            found = in_order(before, pointer, descending=descending)
            return _UNKNOWN if found is None else found
    return _UNKNOWN


def _containing(before: Json, value: Json) -> Json:
    if isinstance(before, str) and isinstance(value, str):
        return value
    if isinstance(before, Sequence) and not isinstance(before, str):
        return [*before, value]
    return _UNKNOWN


def _sized(before: Sequence[Json], bounds: Bounds) -> Json:
    low, high = int(bounds.low or 0), bounds.high
    if not before and low:
        return _UNKNOWN
    wanted = min(max(len(before), low), int(high) if high is not None else _MOST, _MOST)
    return [before[index % len(before)] for index in range(wanted)]


def _long(before: str, bounds: Bounds) -> Json:
    low, high = int(bounds.low or 0), bounds.high
    most = int(high) if high is not None else _MOST
    return before.ljust(min(low, _MOST), _FILLING)[:most]


def _inside(bounds: Bounds) -> Json:
    step = 1
    if bounds.low is not None:
        return bounds.low + step if bounds.exclusive_low else bounds.low
    if bounds.high is not None:
        return bounds.high - step if bounds.exclusive_high else bounds.high
    return _UNKNOWN


def _beginning(before: str, pattern: str) -> Json:
    """A text that begins as `pattern` says, where it says that in plain characters."""
    found = _BEGINNING.match(pattern)
    if found is None:
        return _UNKNOWN
    start = re.sub(r"\\(.)", r"\1", found[1])
    return start if pattern.endswith("$") else f"{start}{before}"


def changed_members(before: Json, after: Json) -> Mapping[str, Json] | None:
    """The members at the top that differ, to be set; None where only the whole can be replaced."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return None
    return {name: value for name, value in after.items() if before.get(name) != value}
