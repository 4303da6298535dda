"""The values that a documented link takes from a call for the next one (OpenAPI Link Object)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.resources.identity import json_answer, place_of, surely_there
from pe4king_core.model.case import Request, RequestArgument
from pe4king_core.model.fact import RequestValue, ResponseValue
from pe4king_core.model.json import Json, has, lookup, split
from pe4king_core.model.operation import Link, Operation, ParameterIn
from pe4king_core.model.schema import Schema

_PLACES = {
    "path": ParameterIn.PATH,
    "query": ParameterIn.QUERY,
    "header": ParameterIn.HEADER,
}
_EXPRESSION = re.compile(r"\{?\$(response|request)\.(body#?|path\.|query\.|header\.)([^{}]*)\}?")


@dataclass(frozen=True, slots=True)
class LinkedValues:
    """What the target of a link is called with, by the places and names of its parameters."""

    path: Mapping[str, RequestArgument]
    query: Mapping[str, RequestArgument]
    headers: Mapping[str, RequestArgument]


@dataclass(frozen=True, slots=True)
class LinkFrom:
    """A documented link with the operation and status whose answer it belongs to."""

    source: Operation
    status: int
    link: Link


def links_of(operation: Operation, status: int) -> Iterator[LinkFrom]:
    """The links of the answer of `operation` with `status`."""
    response = operation.response_for(status)
    for link in response.links if response is not None else ():
        yield LinkFrom(operation, status, link)


def target_reference(link: Link) -> str:
    """What the link says of its target: an operationId, or `#` and the operation's pointer."""
    return link.operation_id or unquote(link.operation_ref or "")


def linked_values(found: LinkFrom, sent: Request, target: Operation) -> LinkedValues | None:
    """The values for `target`; None where one of them is not surely there.

    `sent` is the request of the link's source.
    """
    places: dict[ParameterIn, dict[str, RequestArgument]] = {
        place: {} for place in _PLACES.values()
    }
    for key, expression in found.link.parameters.items():
        where, name = _parameter(key, target)
        value = _value(expression, found, sent)
        if isinstance(value, _Unknown) or where not in places:
            return None
        places[where][name] = value
    return LinkedValues(
        places[ParameterIn.PATH], places[ParameterIn.QUERY], places[ParameterIn.HEADER]
    )


class _Unknown:
    """There is no value that could be relied on."""


_UNKNOWN = _Unknown()


def _parameter(key: str, target: Operation) -> tuple[ParameterIn, str]:
    """The place and name of the parameter `key`, which may be qualified: `path.id`."""
    for item in target.parameters:
        if item.name == key:
            return item.location, key
    place, dot, name = key.partition(".")
    if dot and place in _PLACES:
        return _PLACES[place], name
    return (ParameterIn.PATH if "{" + key + "}" in target.path else ParameterIn.QUERY), key


def _value(expression: Json, found: LinkFrom, sent: Request) -> RequestArgument | _Unknown:
    if not isinstance(expression, str) or "$" not in expression:
        return expression
    match = _EXPRESSION.fullmatch(expression)
    if match is None:
        return _UNKNOWN
    side, place, rest = match.groups()
    if side == "response":
        return _answered(place, rest, found)
    if place.startswith("body"):
        return _sent_in_body(rest, found, sent)
    name = rest.lower() if place == "header." else rest
    values = {"path.": sent.path_parameters, "query.": sent.query, "header.": sent.headers}[place]
    known = {key.lower() if place == "header." else key: key for key in values}
    if name not in known:
        return _UNKNOWN
    if place == "path." and name in sent.unique:
        return RequestValue("", found.source.key, name)
    return values[known[name]]


def _answered(place: str, rest: str, found: LinkFrom) -> RequestArgument | _Unknown:
    if place == "header.":
        return ResponseValue(found.source.key, "", rest)
    schema = json_answer(found.source, found.status)
    if not place.startswith("body") or schema is None:
        return _UNKNOWN
    return ResponseValue(found.source.key, rest, sure=_promised(schema, rest))


def _sent_in_body(pointer: str, found: LinkFrom, sent: Request) -> RequestArgument | _Unknown:
    """What was sent; of what is new in every run what came back at that place, if it surely did."""
    body = sent.body
    if body is None or body.raw is not None or not has(body.value, pointer):
        return _UNKNOWN
    if pointer in body.taken:
        return body.taken[pointer]
    if pointer not in body.unique:
        return lookup(body.value, pointer)
    schema = json_answer(found.source, found.status)
    if schema is not None and surely_there(place_of(schema, pointer)):
        return ResponseValue(found.source.key, pointer)
    return RequestValue(pointer, found.source.key)


def _promised(schema: Schema, pointer: str) -> bool:
    """Whether no answer may lack a value at `pointer`; the link itself promises what the schema
    does not speak of."""
    place, tokens = alternatives(schema), split(pointer)
    while surely_there(place):
        if not tokens:
            return True
        place, tokens = child(place, tokens[0]), tokens[1:]
    return not place
