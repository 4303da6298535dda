"""Arrays for schemas: tuples, what `contains` looks for, items that all differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from pe4king_core.generation.samples.sampling import At, Maker
from pe4king_core.model.json import Json
from pe4king_core.model.record import replace
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Validity, same, validity

_MAX_ITEMS = 1_000
_MAX_WEIGHT = 4_000
"""How many values an array may hold, those inside of its items as well."""
_MAX_TRIES = 80


def arrays(schema: Schema, at: At, maker: Maker) -> Iterator[Json]:
    """Arrays for `schema`, the best first; always at least one."""
    low = min(int(schema.size.low or 0), _MAX_ITEMS)
    items = schema.others.get("items")
    inside = at.item(schema)
    if schema.prefix_items or "contains" in schema.others:
        yield from _tuples(schema, low, inside, maker)
    if items is None:
        yield [f"sample {number}" if number else "sample" for number in range(low)]
        return
    if low == 0 and (items in at.above or maker.is_too_much(inside)):
        yield []
        return
    first = maker.value(items, inside)
    if (low == 0 and not first.valid) or low * weight(first.value, _MAX_WEIGHT) > _MAX_WEIGHT:
        yield []
        return
    yield from _several(schema, items, at, maker, first.value)
    count = max(low, 1) if schema.size.high is None or schema.size.high >= 1 else 0
    if schema.unique_items and count > 1:
        yield _distinct(items, count, inside, maker)
    yield [first.value] * count


def _several(schema: Schema, items: Schema, at: At, maker: Maker, first: Json) -> Iterator[Json]:
    """As many items as usual, each with its own turn; none where one is usual or too few."""
    inside = at.item(schema)
    usual = maker.usual_count(inside)
    if usual == 1 or items in inside.above or maker.is_too_much(inside):
        return
    high = usual if schema.size.high is None else min(usual, int(schema.size.high))
    if high > 1 and high >= (schema.size.low or 0):
        others = (maker.value(items, at.item(schema, number)) for number in range(1, high))
        yield [first, *(made.value for made in others if made.valid)]


def _tuples(schema: Schema, low: int, inside: At, maker: Maker) -> Iterator[Json]:
    """The first items by their own schemas, then what `contains` looks for, then the rest."""
    items, wanted = schema.others.get("items"), schema.others.get("contains")
    head = [
        maker.value(stated, inside).value
        for stated in islice(schema.prefix_items.values(), _MAX_ITEMS)
        if stated not in inside.above
    ]
    found: list[Json] = []
    if wanted is not None and wanted not in inside.above:
        count = min(int(schema.contains_count.low or 0), _MAX_ITEMS)
        typed = wanted if items is None else typed_as(wanted, items)
        found = [maker.value(typed, inside).value] * max(count, 1)
    missing = max(low - len(head) - len(found), 0)
    last = maker.value(items, inside).value if items is not None and missing else "sample"
    if weight([last, found[:1]], _MAX_WEIGHT) * (missing + len(found)) <= _MAX_WEIGHT:
        yield [*head, *found, *[last] * missing]
        yield [*found, *head[len(found) :], *[last] * missing]
    yield head
    yield head[:low]


def _distinct(items: Schema, count: int, at: At, maker: Maker) -> list[Json]:
    found: list[Json] = []
    for candidate in islice(_many(items, at, maker), 4 * count + _MAX_TRIES):
        if any(same(candidate, other) for other in found):
            continue
        if validity(candidate, items, direction=maker.direction) is not Validity.INVALID:
            found.append(candidate)
        if len(found) == count:
            break
    return found


def _many(items: Schema, at: At, maker: Maker) -> Iterator[Json]:
    """Candidates for one item, then variations of the first: other endings, other numbers."""
    candidates = list(islice(maker.candidates(items, at), _MAX_TRIES))
    yield from candidates
    for number in range(1, _MAX_ITEMS + 1):
        for value in candidates[:1]:
            yield from _variations(value, number)


def _variations(value: Json, number: int) -> Iterator[Json]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + number, value - number)
    elif isinstance(value, str):
        ending = str(number)
        yield from (value[: -len(ending)] + ending, value + ending)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            for other in _variations(member, number):
                yield {**value, name: other}


def weight(value: Json, most: int) -> int:
    """How many values `value` holds, counted up to `most`."""
    waiting, count = [value], 0
    while waiting and count <= most:
        found = waiting.pop()
        count += 1
        if isinstance(found, Mapping):
            waiting += found.values()
        elif isinstance(found, list | tuple):
            waiting += found
    return count


def typed_as(part: Schema, whole: Schema) -> Schema:
    """`part`, which holds together with `whole`, with the types that only `whole` states."""
    if part.types or not whole.types or part.never:
        return part
    return replace(part, types=whole.types, pointer=f"{part.pointer}&{whole.pointer}")
