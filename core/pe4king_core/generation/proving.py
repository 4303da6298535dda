"""Whether changes make a valid request of an operation certainly invalid.

Own cases and proposed ones pass the same proof: no reading that a lenient server may choose
(`coercion`) makes the changed parameter or body valid again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from pe4king_core.generation.coercion import as_text, readings, text_readings
from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.requests import changed_value, tested_parameters
from pe4king_core.model.case import Request
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind, ResponseValue
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import MediaType, Operation, Parameter, ParameterIn
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity, violations

PLACES = {
    ChangeIn.PATH: ParameterIn.PATH,
    ChangeIn.QUERY: ParameterIn.QUERY,
    ChangeIn.HEADER: ParameterIn.HEADER,
    ChangeIn.COOKIE: ParameterIn.COOKIE,
}
MALFORMED = {
    ChangeIn.PATH: (400, 422, 404),
    ChangeIn.QUERY: (400, 422),
    ChangeIn.HEADER: (400, 422),
    ChangeIn.COOKIE: (400, 422),
    ChangeIn.BODY: (422, 400),
    ChangeIn.MEDIA_TYPE: (415,),
}
"""The statuses that tell a client what is wrong with a part of its request (RFC 9110)."""

_MAX_READINGS = 256
_MAX_PATH_TEXT = 1_000
_HEADER_TEXT = range(0x20, 0x7F)


def certainly_invalid(request: Request, operation: Operation) -> bool:
    """Whether `request`, meant to be valid, breaks the document: no valid value could be made.

    A body that several branches of a oneOf allow is sent all the same: servers take the first,
    or the one that the discriminator names.
    """
    values = {
        ParameterIn.PATH: request.path_parameters,
        ParameterIn.QUERY: request.query,
        ParameterIn.HEADER: request.headers,
        ParameterIn.COOKIE: request.cookies,
    }
    for parameter in tested_parameters(operation):
        value = values[parameter.location].get(parameter.name)
        if isinstance(value, ResponseValue) or parameter.name not in values[parameter.location]:
            continue
        if parameter.schema is not None and validity(value, parameter.schema) is Validity.INVALID:
            return True
    media = operation.request_body.json if operation.request_body is not None else None
    if media is None or media.schema is None or request.body is None:
        return False
    wrong = violations(request.body.value, media.schema, direction=Direction.REQUEST)
    return any(not reason.endswith(": oneOf") for reason in wrong)


def forbidden(changes: Sequence[Change], operation: Operation, valid: Request) -> bool:
    """Whether the `valid` request of `operation` with all `changes` is certainly invalid."""
    final = _final(changes)
    if any(change.where is ChangeIn.METHOD for change in final):
        return False
    media = [change for change in final if change.where is ChangeIn.MEDIA_TYPE]
    body = [change for change in final if change.where is ChangeIn.BODY]
    if any(parameter_forbidden(c, operation) for c in final if c.where in PLACES):
        return True
    if media:
        return media_type_forbidden(str(media[-1].value), operation)
    return bool(body) and _body_forbidden(body, operation, valid)


def _final(changes: Sequence[Change]) -> list[Change]:
    """Without changes of parameters that a later change undoes."""
    last = {(c.where, c.name): c for c in changes if c.where in PLACES}
    others = [change for change in changes if change.where not in PLACES]
    return [*last.values(), *others]


def parameter_forbidden(change: Change, operation: Operation) -> bool:
    """Whether a parameter that is required is missing, or its text is no valid value."""
    location = PLACES[change.where]
    parameter = next(
        (
            item
            for item in tested_parameters(operation)
            if (item.name, item.location) == (change.name, location)
        ),
        None,
    )
    if parameter is None or _is_spread(parameter):
        return False
    if change.kind is ChangeKind.REMOVE:
        return parameter.required and location is not ParameterIn.PATH and not _filled(parameter)
    return _text_forbidden(change.value, parameter)


def _is_spread(parameter: Parameter) -> bool:
    """Whether it is an object, whose members may travel under their own names."""
    schema = parameter.schema
    return schema is not None and JsonType.OBJECT in schema.types


def _filled(parameter: Parameter) -> bool:
    return parameter.schema is not None and parameter.schema.has_default


def _text_forbidden(value: Json, parameter: Parameter) -> bool:
    text = as_text(value)
    schema = parameter.schema
    if text is None or schema is None or parameter.content_type is not None:
        return False
    if text.strip() == "" and (not parameter.required or _filled(parameter)):
        return False
    if not _can_travel(text, parameter.location):
        return False
    return all(validity(v, schema) is Validity.INVALID for v in (value, *text_readings(text)))


def _can_travel(text: str, location: ParameterIn) -> bool:
    """Whether `text` arrives as it is and at this operation."""
    if location is ParameterIn.PATH:
        hidden = "/" in text or "\\" in text or text.strip(". ") == ""
        return not hidden and len(text) <= _MAX_PATH_TEXT
    if location is ParameterIn.QUERY:
        return len(text) <= _MAX_PATH_TEXT
    printable = all(ord(character) in _HEADER_TEXT for character in text)
    separated = location is ParameterIn.COOKIE and any(c in text for c in ';,"\\ ')
    return printable and not separated and text.strip() != "" and len(text) <= _MAX_PATH_TEXT


def media_type_forbidden(name: str, operation: Operation) -> bool:
    """Whether the operation documents 415 and no media type that `name` could be."""
    body = operation.request_body
    if body is None or not body.content or "415" not in operation.responses:
        return False
    sent = _base(name)
    known = {_base(item) for item in body.content}
    return not known & {sent, "*/*", f"{sent.partition('/')[0]}/*"}


def _base(name: str) -> str:
    return name.split(";", 1)[0].strip().lower()


def _body_forbidden(changes: Sequence[Change], operation: Operation, request: Request) -> bool:
    body = operation.request_body
    media = body.json if body is not None else None
    if body is None or media is None or request.body is None:
        return False
    last = changes[-1]
    if last.kind is ChangeKind.REMOVE and not last.name:
        return body.required
    if last.kind is ChangeKind.RAW:
        return _text_body_forbidden(str(last.value), media, required=body.required)
    if any(change.kind is ChangeKind.RAW or not change.name for change in changes[:-1]):
        return False
    return media.schema is not None and value_forbidden(request.body.value, changes, media.schema)


def _text_body_forbidden(text: str, media: MediaType, *, required: bool) -> bool:
    if not text.strip():
        return required
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return True
    schema = media.schema
    return schema is not None and all(
        validity(reading, schema, direction=Direction.REQUEST) is Validity.INVALID
        for reading in readings(value)
    )


def value_forbidden(whole: Json, changes: Sequence[Change], schema: Schema) -> bool:
    """Whether the valid body `whole` with all `changes` is invalid, however it is read."""
    if validity(whole, schema, direction=Direction.REQUEST) is Validity.INVALID:
        return False
    ways = [list(_ways(change, schema)) for change in changes]
    count = 1
    for found in ways:
        count *= len(found)
    if not 0 < count <= _MAX_READINGS:
        return False
    for together in product(*ways):
        value = whole
        for change in together:
            value = changed_value(value, change)
        if validity(value, schema, direction=Direction.REQUEST) is not Validity.INVALID:
            return False
    return True


def _ways(change: Change, schema: Schema) -> Iterator[Change]:
    """`change`, then what a lenient server may see in its place."""
    if change.kind is not ChangeKind.REMOVE:
        for reading in readings(change.value):
            yield replace(change, value=reading)
    if change.kind is ChangeKind.REMOVE or change.value is None:
        yield replace(change, kind=ChangeKind.REMOVE)
        yield replace(change, kind=ChangeKind.SET, value=None)
        for default in _defaults(schema, change.name):
            yield replace(change, kind=ChangeKind.SET, value=default)


def _defaults(schema: Schema, pointer: str) -> Iterator[Json]:
    place = alternatives(schema)
    for token in split(pointer):
        place = child(place, token)
    for found in place:
        for stated in found.schemas:
            if stated.has_default:
                yield stated.default
