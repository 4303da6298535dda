"""Where the answer of a creating call has the id that a path parameter asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pe4king_core.generation.answers.answers import body_schema
from pe4king_core.generation.places import Alternative, alternatives, child
from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import join, split
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.model.schema import JsonType, Schema

IDS = ("id", "uuid", "guid", "identifier")
NAMES = ("name", "key", "slug")
VERBS = ("create", "add", "new", "register", "signup")
"""Last segments of paths that only say what POST does there."""
ENVELOPES = frozenset({"data", "result", "item", "response", "payload", "object", "metadata"})
_LISTS = frozenset({"items", "data", "results", "values", "content", "list", "entries"})
_IN_PATHS = frozenset({JsonType.STRING, JsonType.INTEGER})


@dataclass(frozen=True, slots=True)
class IdPlace:
    """A pointer into the body of the answer, or a header of it."""

    pointer: str
    header: str = ""
    sure: bool = True
    """Whether every answer has it."""


def id_place(
    source: Operation, status: int, parameter: Parameter, *, in_json: bool = False
) -> IdPlace | None:
    """Where answers of `source` with `status` have what `parameter` asks for, the surest place.

    A path takes any text; `in_json` types and formats must agree as well. The last segment of a
    documented `Location` serves where the body has nothing (RFC 9110
    section 10.2.2).
    """
    if parameter.schema is not None and parameter.schema.enum is not None:
        return None
    schema = json_answer(source, status)
    resource = resource_of(source.route)
    likely: IdPlace | None = None
    for pointer in _candidates(schema, parameter.name, resource) if schema is not None else ():
        place = place_of(schema, pointer) if schema is not None else ()
        if surely_there(place) and _fits(place, parameter.schema, in_json=in_json):
            return IdPlace(pointer)
        if likely is None and schema is not None:
            possible = place_of(schema, pointer, sure=False)
            fits = _fits(possible, parameter.schema, in_json=in_json)
            likely = IdPlace(pointer, sure=False) if fits else None
    response = source.response_for(status)
    located = response is not None and any(n.lower() == "location" for n in response.headers)
    return IdPlace("", "Location") if located and status == 201 else likely


def listed_id(source: Operation, status: int, parameter: Parameter) -> IdPlace | None:
    """Where the first item of the list that `source` answers with has what `parameter` asks for.

    No document promises that a list has items.
    """
    schema = json_answer(source, status)
    resource = resource_of(source.route)
    for at, items in lists_of(schema, resource) if schema is not None else ():
        for name in _ids(properties_of(items), parameter.name, resource):
            if _fits(place_of(items, join("", name), sure=False), parameter.schema, in_json=False):
                return IdPlace(join(at, "0", name), sure=False)
    return None


def lists_of(schema: Schema, resource: tuple[str, ...]) -> Iterator[tuple[str, Schema]]:
    """The list that the answer is, or the one inside of it, with the schema of its items."""
    if schema.only_type is JsonType.ARRAY and schema.items is not None:
        yield "", schema.items
        return
    inside = {
        name: member.items
        for name, member in properties_of(schema).items()
        if member.only_type is JsonType.ARRAY and member.items is not None
    }
    for name, items in inside.items():
        known = name.lower() in _LISTS or words_of(name, singular=True) == resource
        if known or len(inside) == 1:
            yield join("", name), items


def json_answer(operation: Operation, status: int) -> Schema | None:
    """The schema of the answer in JSON, which our requests ask for where there are others."""
    return body_schema(operation, status, asked_json=True)


@lru_cache(maxsize=4096)
def resource_of(route: str) -> tuple[str, ...]:
    """The words of what a path is about: `/shops/{id}/order-items` is `order`, `item`."""
    literal = [p for p in route.split("/") if p and "{" not in p and p.lower() not in VERBS]
    return words_of(literal[-1], singular=True) if literal else ()


def is_own_name(parameter: str, resource: tuple[str, ...]) -> bool:
    """Whether a path parameter names a `resource` itself, and not another one that it is about:
    the `{username}` of a user, but not of a membership."""
    text = "".join(words_of(parameter))
    kinds = ("", *IDS, *NAMES)
    known = {owner + kind for owner in ("".join(resource), *resource[-1:]) for kind in kinds}
    return bool(text) and (text in kinds or text in known)


def place_of(schema: Schema, pointer: str, *, sure: bool = True) -> tuple[Alternative, ...]:
    """What stands at `pointer`; where `sure`, empty unless all that is above it is there."""
    place = alternatives(schema)
    for token in split(pointer):
        if sure and not surely_there(place):
            return ()
        place = child(place, token)
    return place


def surely_there(place: tuple[Alternative, ...]) -> bool:
    """Whether a value that is not null stands there in every answer."""
    return bool(place) and all(found.required and not found.nullable for found in place)


def _candidates(schema: Schema, name: str, resource: tuple[str, ...]) -> Iterator[str]:
    for at, properties in _objects(schema, resource):
        yield from (join(at, found) for found in _ids(properties, name, resource))


def _objects(schema: Schema, resource: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Schema]]]:
    """The answer itself, and the object inside an envelope, with their properties."""
    outer = properties_of(schema)
    yield "", outer
    for name, member in outer.items():
        if name.lower() in ENVELOPES or words_of(name, singular=True) == resource:
            inner = properties_of(member)
            if inner:
                yield join("", name), inner


def properties_of(schema: Schema) -> dict[str, Schema]:
    """What `schema` and the parts of its `allOf` say of members."""
    found: dict[str, Schema] = dict(schema.properties)
    for part in schema.conjuncts.values():
        found |= {name: member for name, member in part.properties.items() if name not in found}
    return found


def _ids(properties: dict[str, Schema], name: str, resource: tuple[str, ...]) -> Iterator[str]:
    """Properties that may hold what the parameter `name` means, the surest first.

    `bookId` is `bookId`, `book_id` or `id`; `issue_number` is `number`, and never `id`.
    """
    if name in properties:
        yield name
    spelled = {words_of(found): found for found in reversed(properties)}
    words = words_of(name)
    if not words:
        return
    kind = words[-1]
    if kind in IDS or words == resource:
        wanted = [words, *((each,) for each in IDS), *((*resource, each) for each in IDS)]
        if not any(has and has[-1] in IDS for has in spelled):
            wanted += [(each,) for each in NAMES]
    elif words[:-1] in ((), resource, resource[-1:]):
        wanted = [words, (kind,), (*resource, kind)]
    else:
        wanted = [words]
    yield from dict.fromkeys(spelled[each] for each in wanted if each in spelled)


def _fits(place: tuple[Alternative, ...], schema: Schema | None, *, in_json: bool) -> bool:
    """Whether the value can stand in a path, or `in_json`, and is what `schema` says there."""
    types = frozenset(kind for found in place for kind in found.types)
    if not types or not types <= _IN_PATHS:
        return False
    wanted = schema.only_type if schema is not None else None
    if in_json and schema is not None:
        known = {(stated.format, stated.pattern) for found in place for stated in found.schemas}
        return types == {wanted} and known == {(schema.format, schema.pattern)}
    return wanted is None or wanted is JsonType.STRING or types == {wanted}
