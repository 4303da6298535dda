"""Equality of JSON values as JSON Schema has it: 1 equals 1.0, but no number equals a boolean.

Values are compared by keys that can be hashed, so that many are compared in linear time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from pe4king_core.model.json import Json
from pe4king_core.openapi.raw import same

_MAX_DEPTH = 120


def identity(value: Json, depth: int = _MAX_DEPTH) -> Hashable:
    """A key that equal values share and no others.

    Raises RecursionError where `value` is nested more deeply than `depth`.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, int | float):
        return ("number", value)
    if depth <= 0:
        raise RecursionError
    if isinstance(value, Mapping):
        members = ((name, identity(member, depth - 1)) for name, member in value.items())
        return ("object", frozenset(members))
    return ("array", tuple(identity(item, depth - 1) for item in value))


def distinct(values: Iterable[Json]) -> tuple[Json, ...]:
    """The values, each once, in their order; at most as deep as `identity` allows."""
    found: dict[Hashable, Json] = {}
    for value in values:
        found.setdefault(identity(value), value)
    return tuple(found.values())


def common(some: Iterable[Json], others: Iterable[Json]) -> tuple[Json, ...]:
    """Those of `some` that are among `others`."""
    keys = {identity(value) for value in others}
    return tuple(value for value in some if identity(value) in keys)


def is_one_of(value: Json, values: tuple[Json, ...]) -> bool:
    """Whether `value` equals one of `values`."""
    if isinstance(value, str):
        return value in values
    return any(same(value, other) for other in values)


def repeats(values: Sequence[Json]) -> bool | None:
    """Whether two of `values` are equal; None where they are nested too deeply to be told."""
    try:
        return len({identity(value) for value in values}) < len(values)
    except RecursionError:
        return None
