"""Where the active law mutant strikes; every answer stays valid by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import islice

from pe4king_core.generation.samples.samples import sample
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.state.overlay import fits
from pe4king_core.mock.state.shapes import items_of, member_at, put_at, stated
from pe4king_core.model.json import Json, has, lookup
from pe4king_core.model.schema import Schema

_DEPTH = 3
_MOST = 8
"""Other values tried of one part of a value."""


class Operator(StrEnum):
    """The ways to break a law."""

    ECHO_CHANGED = "echo-changed"
    NOT_KEPT = "not-kept"
    """What was made is not there when it is read."""
    KEPT_CHANGED = "kept-changed"
    """A member of what was made is another one when it is read."""
    NOT_UPDATED = "not-updated"
    MEMBER_NOT_UPDATED = "member-not-updated"
    NOT_REMOVED = "not-removed"
    REMOVED_IS_LISTED = "removed-is-listed"
    COUNT_OFF_BY_ONE = "count-off-by-one"
    ORDER_REVERSED = "order-reversed"
    SORT_IGNORED = "sort-ignored"
    FILTER_IGNORED = "filter-ignored"
    PAGE_IGNORED = "page-ignored"
    EMPTY_LIST = "empty-list"
    NOT_LISTED = "not-listed"
    """What was made is not in the list."""
    ITEM_MISSING = "item-missing"
    """The last item of the list is not there."""


def is_active(mutant: Mutant | None, operator: Operator, operation: str, subject: str = "") -> bool:
    """Whether `mutant` is this one."""
    return (
        mutant is not None
        and mutant.operator == operator
        and mutant.operation == operation
        and subject in ("", mutant.subject)
    )


def changed_at(value: Json, schema: Schema, pointer: str) -> Json:
    """`value` with another valid value at `pointer`; as it is where there is none."""
    stated = member_at(schema, pointer)
    if stated is None or not has(value, pointer):
        return value
    for other in other_values(lookup(value, pointer), stated):
        made = put_at(value, pointer, other)
        if fits(made, schema):
            return made
    return value


def other_values(value: Json, schema: Schema) -> Iterator[Json]:
    """Values of `schema` that are not `value`, the likeliest first."""
    for other in (*(schema.enum or ()), *schema.examples, *_near(value), *_inside(value, schema)):
        if not _same(other, value) and fits(other, schema):
            yield other


def _inside(value: Json, schema: Schema, depth: int = _DEPTH) -> Iterator[Json]:
    """`value` with another value in one of its parts."""
    items = items_of(schema)
    if depth <= 0:
        return
    if isinstance(value, list | tuple) and items is not None:
        for index, item in enumerate(value):
            for other in islice(_others(item, items, depth), _MOST):
                yield [*value[:index], other, *value[index + 1 :]]
        yield [*value, sample(items)]
    elif isinstance(value, Mapping):
        members = stated(schema)
        for name, member in value.items():
            for each in members.get(name, ()):
                for other in islice(_others(member, each, depth), _MOST):
                    yield {**value, name: other}


def _others(value: Json, schema: Schema, depth: int) -> Iterator[Json]:
    for other in (*(schema.enum or ()), *_near(value), *_inside(value, schema, depth - 1)):
        if not _same(other, value) and fits(other, schema):
            yield other


def _near(value: Json) -> Iterator[Json]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value / 2, 0, 1)
    elif isinstance(value, str):
        yield from _near_text(value)
    elif isinstance(value, list | tuple):
        yield from ([*value[1:], *value[:1]], [*value[:-1]])
    elif value is None:
        yield from ("other", 1, True)


def _near_text(text: str) -> Iterator[str]:
    yield f"{text} other"
    for index in range(len(text) - 1, -1, -1):
        found = text[index]
        if found.isdigit():
            yield f"{text[:index]}{(int(found) + 1) % 10}{text[index + 1 :]}"
        elif found.isascii() and found.isalpha():
            other = chr((ord(found.lower()) - 96) % 26 + 97)
            other = other.upper() if found.isupper() else other
            yield f"{text[:index]}{other}{text[index + 1 :]}"
    if text:
        yield text[:-1]


def _same(one: Json, other: Json) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)
