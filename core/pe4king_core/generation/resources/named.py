"""Names that a creating request may send and that its items are found by: without them servers
either refuse the request or choose a name that nobody is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pe4king_core.generation.proofs.proving import certainly_invalid, json_media
from pe4king_core.generation.resources.chosen import is_of_item, names_item
from pe4king_core.generation.resources.identity import IDS, id_place, properties_of, resource_of
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.model.record import replace
from pe4king_core.model.schema import JsonType, Schema


def with_name(request: Request, operation: Operation, status: int, parameter: Parameter) -> Request:
    """`request`, a POST, with the optional name that the path `parameter` of the items asks for,
    where no answer promises it."""
    media, body = json_media(operation.request_body, request), request.body
    schema = media.schema if media is not None else None
    if schema is None or body is None:
        return request
    if not isinstance(body.value, Mapping) or words_of(parameter.name)[-1:] in ((), *_BY_SERVERS):
        return request
    place = id_place(operation, status, parameter)
    if place is not None and place.sure:
        return request
    resource = resource_of(operation.route)
    for above, name in _names(schema, parameter.name, resource):
        members = body.value.get(above, {}) if above else body.value
        if not isinstance(members, Mapping) or name in members:
            continue
        named = {**members, name: "-".join(("sample", *resource))}
        value = {**body.value, above: named} if above else named
        made = replace(request, body=replace(body, value=value))
        if not certainly_invalid(made, operation):
            return made
    return request


_BY_SERVERS = tuple((each,) for each in IDS)
"""Last words of names of what servers choose themselves where it is optional."""


def _names(schema: Schema, parameter: str, resource: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The fields that name what is made, with the object they are in."""
    outer = properties_of(schema)
    objects = {"": outer} | {
        name: properties_of(member)
        for name, member in outer.items()
        if is_of_item((name,), resource)
    }
    for above, properties in objects.items():
        for name, member in properties.items():
            plain = member.only_type is JsonType.STRING and not member.read_only
            if plain and member.enum is None and names_item(name, parameter, resource):
                yield above, name
