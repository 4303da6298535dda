"""Where an answer has the thing or the list it is about, and what its schema says of members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pe4king_core.generation.resources.identity import (
    ENVELOPES,
    IDS,
    NAMES,
    id_place,
    listed_id,
)
from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json, join, split
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.model.schema import JsonType, Schema

_LISTS = frozenset(
    {"items", "data", "results", "result", "values", "content", "contents", "list", "entries"}
    | {"records", "rows", "elements", "value", "objects", "hits", "members", "docs", "nodes"}
)
_PAGING = frozenset(
    {"total", "count", "limit", "offset", "page", "pages", "size", "next", "previous", "prev"}
    | {"cursor", "more", "links", "meta", "pagination", "paging", "first", "last", "self", "skip"}
    | {"object", "url", "kind", "status", "success", "etag", "token", "metadata", "version"}
)
_DEPTH = 6
_OWN = frozenset({*IDS, "_id"})


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where the list stands in an answer, and the schema of its items."""

    pointer: str
    items: Schema | None


def stated(schema: Schema, depth: int = _DEPTH) -> dict[str, tuple[Schema, ...]]:
    """The members that `schema`, all its parts and any of its branches speak of."""
    found: dict[str, tuple[Schema, ...]] = {}
    for name in schema.properties:
        found[name] = (schema.properties[name],)
    if depth <= 0:
        return found
    for part in (*schema.conjuncts.values(), *schema.branches.values()):
        for name, schemas in stated(part, depth - 1).items():
            found[name] = (*found.get(name, ()), *schemas)
    return found


def required_in(schema: Schema, depth: int = _DEPTH) -> frozenset[str]:
    """The members that every value of `schema` has."""
    found = set(schema.required)
    for part in schema.conjuncts.values() if depth > 0 else ():
        found |= required_in(part, depth - 1)
    return frozenset(found)


def items_of(schema: Schema, depth: int = _DEPTH) -> Schema | None:
    """The schema of the items of an array, in the first part or branch that has one."""
    if schema.items is not None:
        return schema.items
    for part in (*schema.conjuncts.values(), *schema.branches.values()) if depth > 0 else ():
        found = items_of(part, depth - 1)
        if found is not None:
            return found
    return None


def is_array(schema: Schema) -> bool:
    """Whether values are arrays, as far as one look tells."""
    if schema.only_type is JsonType.ARRAY:
        return True
    parts = (*schema.conjuncts.values(), *schema.branches.values())
    return not schema.types and bool(parts) and all(p.only_type is JsonType.ARRAY for p in parts)


def is_object(schema: Schema) -> bool:
    """Whether values are objects, as far as one look tells."""
    return schema.only_type is JsonType.OBJECT or (not schema.types and bool(stated(schema)))


def list_at(schema: Schema, resource: tuple[str, ...], depth: int = 2) -> ListPlace | None:
    """The list that an answer is, or that it is there for; None where it is about one thing."""
    if is_array(schema):
        return ListPlace("", items_of(schema))
    members = stated(schema)
    if not members or not _OWN.isdisjoint(members):
        return None
    arrays = {name: each for name, (each, *_) in members.items() if is_array(each)}
    for name, member in arrays.items():
        items = items_of(member)
        if items is None:
            continue
        named = name.lower() in _LISTS or words_of(name, singular=True)[-1:] == resource[-1:]
        others = (words_of(each) for each in members if each not in arrays)
        paging = len(arrays) == 1 and all(_PAGING & {*words} for words in others)
        if named or (paging and is_object(items)):
            return ListPlace(join("", name), items)
    for name, (member, *_) in members.items() if depth > 0 else ():
        if name.lower() in ENVELOPES | {"_embedded"} and is_object(member):
            inner = list_at(member, resource, depth - 1)
            if inner is not None:
                return ListPlace(join("", name) + inner.pointer, inner.items)
    return None


def thing_at(schema: Schema, resource: tuple[str, ...]) -> str:
    """Where an answer or a body has the thing it is about: "" or inside of an envelope.

    What may be missing while other members may not is no envelope. `metadata` has the name of a
    thing beside its `kind`, as in Kubernetes; else it is a note.
    """
    members = stated(schema)
    if not _OWN.isdisjoint(members):
        return ""
    inner = [name for name, (each, *_) in members.items() if is_object(each)]
    envelopes = ENVELOPES if "kind" in members else ENVELOPES - {"metadata"}
    needed = required_in(schema)
    named = [
        name
        for name in inner
        if words_of(name, singular=True) == resource
        or (name.lower() in envelopes and (not needed or name in needed))
    ]
    if named:
        return join("", named[0])
    return join("", inner[0]) if len(inner) == 1 and len(members) == 1 else ""


def member_at(schema: Schema, pointer: str) -> Schema | None:
    """The schema at `pointer`; numbers stand for any item."""
    found: Schema | None = schema
    for token in split(pointer):
        if found is None:
            return None
        if token.isdecimal() and is_array(found):
            found = items_of(found)
        else:
            found = next(iter(stated(found).get(token, ())), None)
    return found


def id_at(operation: Operation, status: int, parameter: Parameter) -> str | None:
    """The pointer of the id of the thing in the answer of `operation`; None where it has none."""
    place = id_place(operation, status, parameter)
    return place.pointer if place is not None and not place.header else None


def id_in_items(operation: Operation, status: int, parameter: Parameter) -> str:
    """The member of the items of a list that names them; "" where none does."""
    place = listed_id(operation, status, parameter)
    return split(place.pointer)[-1] if place is not None else ""


def id_like(members: Mapping[str, object], resource: tuple[str, ...]) -> str:
    """The member that names a thing by its looks."""
    spelled = {words_of(name): name for name in reversed(list(members))}
    return next((spelled[each] for each in _spellings(resource) if each in spelled), "")


def _spellings(resource: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for kind in IDS:
        yield (kind,)
    for kind in IDS:
        yield (*resource, kind)
        yield (*resource[-1:], kind)
    for kind in NAMES:
        yield (kind,)


def put_at(value: Json, pointer: str, new: Json) -> Json:
    """`value` with `new` at `pointer`, where that leads to a member or item that is there."""
    return _put(value, split(pointer), new)


def _put(value: Json, way: tuple[str, ...], new: Json) -> Json:
    if not way:
        return new
    if isinstance(value, Mapping):
        if way[0] not in value and len(way) > 1:
            return value
        return {**value, way[0]: _put(value.get(way[0]), way[1:], new)}
    if isinstance(value, list | tuple) and way[0].isdecimal() and int(way[0]) < len(value):
        made = list(value)
        made[int(way[0])] = _put(made[int(way[0])], way[1:], new)
        return made
    return value
