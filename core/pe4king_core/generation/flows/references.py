"""Fields of a request body that name other resources: `customerId` of an order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pe4king_core.generation.answers.echoes import sent_schema
from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request
from pe4king_core.model.json import Json, join, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import record
from pe4king_core.model.schema import Schema

_IDS = frozenset({"id", "uuid", "guid"})
_DEPTH = 4


@record(frozen=True, slots=True)
class Reference:
    """A field whose value is the id of a resource, which is told by its words."""

    pointer: str
    name: str
    resource: tuple[str, ...]
    schema: Schema


def references(operation: Operation, request: Request) -> Iterator[Reference]:
    """The fields of the JSON body of `request` that clearly hold ids of resources."""
    schema = sent_schema(operation)
    body = request.body
    if schema is None or body is None or body.raw is not None:
        return
    for pointer, name in _id_fields(body.value, "", ""):
        stated = _stated(schema, pointer)
        words = words_of(name, singular=True)
        if stated is not None and stated.enum is None and not stated.read_only:
            yield Reference(pointer, name, words[:-1], stated)


def named_resources(value: Json, name: str) -> Iterator[tuple[str, ...]]:
    """The words of the resources whose ids `value`, which stands at `name`, holds."""
    for _, field in _id_fields(value, "", name):
        yield words_of(field, singular=True)[:-1]


def one_of_each(value: Json, pointers: Iterable[str]) -> Json:
    """`value` with one item in each array whose items the `pointers` lead into: the resources that
    they name would be one and the same."""
    for pointer in pointers:
        tokens = split(pointer)
        for index, step in enumerate(tokens):
            if step.isdecimal() and int(step) > 0:
                value = _cut(value, tokens[:index])
                break
    return value


def _cut(value: Json, tokens: tuple[str, ...]) -> Json:
    if isinstance(value, list | tuple):
        return [_cut(item, tokens[1:]) for item in value] if tokens else list(value[:1])
    if not isinstance(value, Mapping) or not tokens or tokens[0] not in value:
        return value
    return {**value, tokens[0]: _cut(value[tokens[0]], tokens[1:])}


def _id_fields(value: Json, pointer: str, name: str) -> Iterator[tuple[str, str]]:
    """Pointers to texts and numbers that are called ids of something, with their names."""
    if isinstance(value, Mapping):
        if len(split(pointer)) < _DEPTH:
            for key, member in value.items():
                yield from _id_fields(member, join(pointer, key), key)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _id_fields(item, join(pointer, str(index)), name)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        words = words_of(name, singular=True)
        if len(words) > 1 and words[-1] in _IDS:
            yield pointer, name


def _stated(schema: Schema, pointer: str) -> Schema | None:
    """The one schema that speaks of what stands at `pointer`."""
    place = alternatives(schema)
    for token in split(pointer):
        place = child(place, "*" if token.isdecimal() else token)
    schemas = list(dict.fromkeys(stated for found in place for stated in found.schemas))
    return schemas[0] if len(schemas) == 1 else None
