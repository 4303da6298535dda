"""Where in a value each part of a schema speaks: subjects of mutants, nearest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.model.json import EACH, join
from pe4king_core.model.schema import Schema

_DEEPEST = 6
_MOST_PLACES = 300
_MOST_MEMBERS = 100
"""Of one object; what has more is looked at in part."""


@dataclass(frozen=True, slots=True)
class Place:
    """A schema and the pointer into values it speaks of; `*` is each item or each other member."""

    subject: str
    schema: Schema
    depth: int
    above: tuple[str, ...] = ()
    """The pointers of the schemas around it, which ends recursion."""


def places(schema: Schema, subject: str = "") -> Iterator[Place]:
    """The places of a schema, breadth first, bounded."""
    waiting = deque([Place(subject, schema, 0)])
    seen: set[tuple[str, str]] = set()
    while waiting and len(seen) < _MOST_PLACES:
        place = waiting.popleft()
        key = (place.subject, place.schema.pointer)
        if key in seen or place.schema.never:
            continue
        seen.add(key)
        yield place
        if place.schema.pointer not in place.above and place.depth < _DEEPEST:
            waiting.extend(_below(place))


def _below(place: Place) -> Iterator[Place]:
    schema, above = place.schema, (*place.above, place.schema.pointer)
    for part in (*schema.branches.values(), *schema.conjuncts.values()):
        yield Place(place.subject, part, place.depth, above)
    deeper = place.depth + 1
    for number, name in enumerate(schema.properties):
        if number < _MOST_MEMBERS:
            member = schema.properties[name]
            if not member.write_only:
                yield Place(join(place.subject, name), member, deeper, above)
    for name, item in schema.prefix_items.items():
        yield Place(join(place.subject, name), item, deeper, above)
    if schema.items is not None:
        yield Place(join(place.subject, EACH), schema.items, deeper, above)
    if schema.additional is not None and not schema.properties:
        yield Place(join(place.subject, EACH), schema.additional, deeper, above)
