"""The members of a value that facts tell of: items, properties, what branches say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from pe4king_core.generation.answers.checks import values_check
from pe4king_core.generation.answers.where import Where
from pe4king_core.generation.places import Alternative, alternatives, child, is_object, tags_of
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact, Condition
from pe4king_core.model.json import EACH, Json, join
from pe4king_core.model.message import Message
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.equality import distinct

_MAX_BRANCHES = 32

Member: TypeAlias = tuple[Schema, Where]


def members(schema: Schema, where: Where, depth: Depth, *, nullable: bool) -> Iterator[Member]:
    """What lies right inside the value at `where`, with its place."""
    if schema.items is not None and schema.only_type is JsonType.ARRAY:
        yield schema.items, where.entered(nullable=nullable).item()
    elif (schema.properties or schema.branches) and is_object(schema):
        inside = where.entered(nullable=nullable)
        yield from _properties(schema, inside, depth)
        if schema.branches and depth >= Depth.L4_NESTED:
            yield from _shared(schema, inside, depth)
            yield from _of_branches(schema, inside, depth)


def tag_facts(schema: Schema, where: Where, *, nullable: bool) -> list[AssertionFact]:
    """That the discriminator is there and names a branch, where every branch has a name."""
    tag = schema.discriminator
    branches = [b for b in schema.branches.values() if b.types != {JsonType.NULL}]
    if tag is None or not branches or not _is_key(tag.property_name) or not is_object(schema):
        return []
    tags = [tags_of(schema, branch) for branch in branches]
    if not all(tags) or not all(tag.property_name in branch.required for branch in branches):
        return []
    check, _ = values_check(tuple(value for values in tags for value in values))
    at_tag = where.entered(nullable=nullable).member(tag.property_name, required=True)
    return [at_tag.fact(schema, check, Message(en="the discriminator", ru="дискриминатор"))]


def _properties(schema: Schema, where: Where, depth: Depth) -> Iterator[Member]:
    for name, member in schema.properties.items():
        required = name in schema.required
        if member.write_only or not _is_key(name) or not (required or depth >= Depth.L5_TYPES):
            continue
        yield member, where.member(name, required=required)


def _of_branches(schema: Schema, where: Where, depth: Depth) -> Iterator[Member]:
    """Under a discriminator each branch's properties hold where a tag of its own is found."""
    tag = schema.discriminator
    if tag is None or not _is_key(tag.property_name):
        return
    at_tag = join(where.pointer, tag.property_name)
    known = {key: tags_of(schema, branch) for key, branch in schema.branches.items()}
    times = Counter(value for tags in known.values() for value in tags)
    for key, branch in schema.branches.items():
        tags = tuple(value for value in known[key] if times[value] == 1)
        if not tags:
            continue
        for member, inside in _properties(branch, where.under(Condition(at_tag, tags)), depth):
            if inside.pointer != at_tag:
                yield member, inside


def _shared(schema: Schema, where: Where, depth: Depth) -> Iterator[Member]:
    """Without a discriminator, the properties that every branch has, as far as all agree."""
    if schema.discriminator is not None or len(schema.branches) > _MAX_BRANCHES:
        return
    objects = [each for each in alternatives(schema) if not (each.never or each.only_null)]
    first = dict.fromkeys(name for part in objects[0].schemas for name in part.properties)
    for name in first:
        if name in schema.properties or not _is_key(name):
            continue
        place = child(objects, name)
        required = all(each.required for each in place)
        if len(place) >= len(objects) and (required or depth >= Depth.L5_TYPES):
            agreed = _agreed(join(schema.pointer, "properties", name), place)
            if agreed is not None:
                yield agreed, where.member(name, required=required)


def _agreed(pointer: str, place: Sequence[Alternative]) -> Schema | None:
    """What all alternatives say of a place, as a schema; None where one of them forbids it."""
    if any(each.never or any(part.write_only for part in each.schemas) for each in place):
        return None
    parts = dict.fromkeys(part for each in place for part in each.schemas)
    if len(parts) == 1:
        return next(iter(parts))
    null = {JsonType.NULL} if any(each.nullable for each in place) else set()
    types = frozenset[JsonType]()
    if all(each.types for each in place):
        types = frozenset({kind for each in place for kind in each.types} | null)
    return Schema(pointer, types=types, enum=_values(place))


def _values(place: Sequence[Alternative]) -> tuple[Json, ...] | None:
    """The values that one alternative or another allows, where each lists its own."""
    found: list[Json] = []
    for each in place:
        listed = next((part.enum for part in each.schemas if part.enum is not None), None)
        if listed is None:
            return None
        found += listed
    return distinct(found)


def _is_key(name: str) -> bool:
    """In a subject `*` and numbers mean items of arrays."""
    return name != EACH and not name.isdecimal()
