"""What the document has at a place of a body, in any of the forms that the body may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.model.json import EACH, Json, join, pointer_of, split
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.patterns import matches
from pe4king_core.openapi.schema.values import Direction, Validity, same, validity

_MOST = 300
"""No more schemas are looked through for a name that stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """The schemas that may hold at a place; `open`: the document says nothing of what is there."""

    schemas: tuple[Schema, ...]
    open: bool = False

    @property
    def exists(self) -> bool:
        """Whether something may stand here."""
        return bool(self.schemas) or self.open


def root(schemas: Iterable[Schema | None]) -> Place:
    """A whole body that is one of `schemas`; None: anything."""
    every = tuple(schemas)
    known = tuple(dict.fromkeys(each for each in every if each is not None))
    return Place(known, open=None in every)


def way(whole: Place, pointer: str) -> list[Place]:
    """The places from the whole body down to `pointer`; ends with the first that is not there."""
    found = [whole]
    for token in split(pointer):
        found.append(inside(found[-1], token))
        if not found[-1].schemas:
            break
    return found


def spread(whole: Place, pointer: str) -> list[Place]:
    """The same for what assertions name: which list REST Assured's `everyItem` goes through, in
    `a.b.c`, depends on the answer, so that `*` may have been meant in another place."""
    tokens = split(pointer)
    steps = way(whole, pointer)
    if EACH not in tokens or (len(steps) > len(tokens) and steps[-1].exists):
        return steps
    others = way(whole, pointer_of(token for token in tokens if token != EACH))
    if not others[-1].schemas:
        return steps
    items = inside(others[-1], EACH)
    last = items if items.schemas else others[-1]
    return [whole] * len(tokens) + [last]


def inside(place: Place, token: str) -> Place:
    """What `token` leads to."""
    found: dict[Schema, None] = {}
    for schema in together(place.schemas):
        found.update(dict.fromkeys(_named(schema, token)))
    if not found and token != EACH and not token.isdecimal():
        # `items.title` of REST Assured speaks of each item.
        for schema in together(place.schemas):
            for member in together(_items(schema, EACH)):
                found.update(dict.fromkeys(_named(member, token)))
    is_open = place.open or any(_leaves_open(each, token) for each in place.schemas)
    return Place(tuple(found), open=is_open)


def together(schemas: Iterable[Schema]) -> Iterator[Schema]:
    """`schemas` and everything that may hold in the same place."""
    waiting = list(schemas)
    seen = set(waiting)
    while waiting:
        schema = waiting.pop(0)
        yield schema
        conditional = [schema.others[name] for name in ("then", "else") if name in schema.others]
        for members in (schema.conjuncts, schema.branches, schema.dependent_schemas):
            conditional += members.values()
        new = [part for part in dict.fromkeys(conditional) if part not in seen]
        seen.update(new)
        waiting += new


def _named(schema: Schema, token: str) -> Iterator[Schema]:
    stated = False
    if token in schema.properties:
        stated = True
        yield schema.properties[token]
    for pattern, member in schema.pattern_properties.items():
        if matches(pattern, token):
            stated = True
            yield member
    if not stated and token != EACH:
        yield from _of_maps(schema)
    if token == EACH or token.isdecimal():
        yield from _items(schema, token)
    elif token == EACH:
        yield from _of_maps(schema)


def _of_maps(schema: Schema) -> Iterator[Schema]:
    """The values of a map; `additionalProperties: true` describes none."""
    member = schema.others.get("additionalProperties")
    if member is not None and not member.never and not _says_nothing(member):
        yield member


def _items(schema: Schema, token: str) -> Iterator[Schema]:
    if token in schema.prefix_items:
        yield schema.prefix_items[token]
        return
    if token == EACH:
        yield from schema.prefix_items.values()
        yield from _of_maps(schema)
    if "items" in schema.others:
        yield schema.others["items"]


def _says_nothing(schema: Schema) -> bool:
    return not (schema.types or schema.properties or schema.enum or schema.title) and not any(
        schema.subschemas()
    )


def _leaves_open(schema: Schema, token: str, depth: int = 0) -> bool:
    """Whether `schema` allows members, or items, and describes none of them."""
    is_item = token == EACH or token.isdecimal()
    kinds = (JsonType.ARRAY, JsonType.OBJECT) if is_item else (JsonType.OBJECT,)
    if schema.never or depth > 8 or not any(schema.allows(kind) for kind in kinds):
        return False
    if schema.properties or schema.pattern_properties or not schema.additional_allowed:
        return bool(schema.unread & {"properties", "allOf", "$ref", "$dynamicRef"})
    if any(_named(schema, token)) or "items" in schema.others:
        return False
    if not all(_leaves_open(each, token, depth + 1) for each in schema.conjuncts.values()):
        return False
    branches = list(schema.branches.values())
    return not branches or any(_leaves_open(each, token, depth + 1) for each in branches)


def names_in(place: Place) -> list[str]:
    """The members that the document has there, in its order."""
    return list(dict.fromkeys(name for each in together(place.schemas) for name in each.properties))


def elsewhere(whole: Place, name: str) -> str | None:
    """Another place of the body whose last name is `name`."""
    return next((pointer for pointer in pointers(whole) if split(pointer)[-1] == name), None)


def pointers(whole: Place) -> Iterator[str]:
    """The places of the body, those above first, each schema once."""
    waiting: list[tuple[str, Place]] = [("", whole)]
    seen: set[Schema] = set()
    while waiting and len(seen) < _MOST:
        pointer, place = waiting.pop(0)
        for step in (*names_in(place), EACH):
            there, inner = join(pointer, step), inside(place, step)
            if not inner.schemas:
                continue
            yield there
            new = tuple(each for each in inner.schemas if each not in seen)
            seen.update(new)
            if new:
                waiting.append((there, Place(new)))


def enum_of(place: Place) -> list[Json]:
    """The values that the document lists for the place; none where others are possible."""
    listed: list[Json] = []
    for schema in place.schemas:
        values = [each for part in together((schema,)) for each in part.enum or ()]
        if not values:
            return []
        listed += values
    return listed


def lists(values: Sequence[Json], value: Json) -> bool:
    """Whether `value` is one of `values`."""
    return any(same(value, each) for each in values)


def allows(place: Place, value: Json, direction: Direction) -> bool:
    """Whether the document may allow `value` there."""
    if place.open or not place.schemas:
        return True
    found = (validity(value, each, direction=direction) for each in place.schemas)
    return any(each is not Validity.INVALID for each in found)
