"""Whether changes make a valid request of an operation certainly invalid.

Own cases and proposed ones pass the same proof: no reading that a lenient server may choose
(`coercion`) makes the changed parameter or body valid again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import product

from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.proofs.coercion import (
    Reading,
    Way,
    as_text,
    list_readings,
    readings,
    text_readings,
)
from pe4king_core.generation.proofs.doubts import (
    ALLOWED,
    CANNOT_TRAVEL,
    EMPTY_AS_MISSING,
    HAS_DEFAULT,
    NOT_REQUIRED,
    NOT_UNDERSTOOD,
    SPREAD,
    TOO_LONG,
    TOO_MANY,
    allowed_reading,
    reason_of,
)
from pe4king_core.generation.requests.requests import changed_value, tested_parameters
from pe4king_core.model.case import Request
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind, EarlierValue
from pe4king_core.model.json import Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import MediaType, Operation, Parameter, ParameterIn, RequestBody
from pe4king_core.model.parts import MediaKind, media_kind
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
_MAX_TEXT = 1_000
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
        if isinstance(value, EarlierValue) or parameter.name not in values[parameter.location]:
            continue
        if parameter.schema is not None and validity(value, parameter.schema) is Validity.INVALID:
            return True
    media = json_media(operation.request_body, request)
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
    if parameter is None:
        return False
    return parameter_doubt(change, parameter, others=operation.parameters) is None


def parameter_doubt(
    change: Change, parameter: Parameter, others: Sequence[Parameter] = ()
) -> Message | None:
    """Why `change` of `parameter` may be right; None where it is certainly wrong.

    `others`: all parameters of the operation, which may be taken for members of an object.
    """
    if change.kind is ChangeKind.REMOVE:
        return _missing_doubt(parameter, others)
    schema = parameter.schema
    if schema is None or is_spread(parameter):
        return SPREAD if schema is not None else ALLOWED
    if parameter.content_type is not None:
        return NOT_UNDERSTOOD
    if isinstance(change.value, list | tuple):
        return list_doubt(change.value, parameter)
    return text_doubt(change.value, parameter)


def _missing_doubt(parameter: Parameter, others: Sequence[Parameter]) -> Message | None:
    if not parameter.required or parameter.location is ParameterIn.PATH:
        return NOT_REQUIRED
    if filled(parameter):
        return HAS_DEFAULT
    schema = parameter.schema
    if schema is None or not is_spread(parameter):
        return None
    names = {item.name for item in others if item is not parameter}
    if parameter.content_type is None and not names.isdisjoint(schema.properties):
        return SPREAD
    return None if validity({}, schema) is Validity.INVALID else SPREAD


def is_spread(parameter: Parameter) -> bool:
    """Whether it is an object, whose members may travel under their own names."""
    schema = parameter.schema
    return schema is not None and JsonType.OBJECT in schema.types


def filled(parameter: Parameter) -> bool:
    """Whether a server that finds no value has one to take."""
    return parameter.schema is not None and parameter.schema.has_default


def text_doubt(value: Json, parameter: Parameter) -> Message | None:
    """Why the scalar `value` may be right for `parameter`, which travels as text."""
    text = as_text(value)
    schema = parameter.schema
    if text is None or schema is None:
        return NOT_UNDERSTOOD
    doubt = travel_doubt(text, parameter)
    return doubt or allowed_reading((Reading(value, Way.SENT), *text_readings(text)), schema)


def travel_doubt(text: str, parameter: Parameter) -> Message | None:
    """Why `text` may not arrive as a value of `parameter`."""
    if text.strip() == "" and (not parameter.required or filled(parameter)):
        return EMPTY_AS_MISSING
    if len(text) > _MAX_TEXT:
        return TOO_LONG
    return None if can_travel(text, parameter.location) else CANNOT_TRAVEL


def list_doubt(values: Sequence[Json], parameter: Parameter) -> Message | None:
    """Why the array `values` may be right for `parameter`.

    Names that are repeated keep their values apart; otherwise the text may be cut anywhere.
    """
    schema = parameter.schema
    texts = [text for value in values if (text := as_text(value)) is not None]
    if schema is None or not texts or len(texts) < len(values):
        return NOT_UNDERSTOOD
    joined = ",".join(texts)
    doubt = travel_doubt(joined, parameter)
    if doubt is not None or any(not text.strip() for text in texts):
        return doubt or EMPTY_AS_MISSING
    ways = [Reading(list(values), Way.SENT), *list_readings(texts)]
    if len(texts) == 1 or not _is_repeated(parameter):
        ways += text_readings(joined)
    return allowed_reading(ways, schema)


def _is_repeated(parameter: Parameter) -> bool:
    forms = parameter.location in (ParameterIn.QUERY, ParameterIn.COOKIE)
    return forms and parameter.explode and parameter.style in ("form", "cookie")


def can_travel(text: str, location: ParameterIn) -> bool:
    """Whether `text` arrives as it is and at this operation."""
    if location is ParameterIn.PATH:
        hidden = "/" in text or "\\" in text or text.strip(". ") == ""
        return not hidden and len(text) <= _MAX_TEXT
    if location is ParameterIn.QUERY:
        return len(text) <= _MAX_TEXT
    printable = all(ord(character) in _HEADER_TEXT for character in text)
    separated = location is ParameterIn.COOKIE and any(c in text for c in ';,"\\ ')
    return printable and not separated and text.strip() != "" and len(text) <= _MAX_TEXT


def media_of(body: RequestBody, request: Request) -> MediaType | None:
    """The documented media type that `request` is sent in."""
    if request.body is None:
        return None
    found = body.content.get(request.body.media_type)
    return found or body.json or next(iter(body.content.values()), None)


def json_media(body: RequestBody | None, request: Request) -> MediaType | None:
    """The documented media type of a body that is sent as JSON, by name or as one of a range."""
    sent = request.body
    if body is None or sent is None or sent.raw is not None:
        return None
    media = media_of(body, request)
    json_sent = media_kind(sent.media_type) is MediaKind.JSON
    return media if media is not None and (media.is_json or json_sent) else None


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
    body, media = operation.request_body, json_media(operation.request_body, request)
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
    if schema is None:
        return False
    return allowed_reading(readings(value), schema, Direction.REQUEST) is None


def value_forbidden(whole: Json, changes: Sequence[Change], schema: Schema) -> bool:
    """Whether the valid body `whole` with all `changes` is invalid, however it is read."""
    if validity(whole, schema, direction=Direction.REQUEST) is Validity.INVALID:
        return False
    return value_doubt(whole, changes, schema) is None


def value_doubt(whole: Json, changes: Sequence[Change], schema: Schema) -> Message | None:
    """Why `whole` with all `changes` may be valid; None where no reading of it is."""
    ways = [list(_ways(change, schema)) for change in changes]
    count = 1
    for found in ways:
        count *= len(found)
    if not 0 < count <= _MAX_READINGS:
        return TOO_MANY
    for together in product(*ways):
        value = whole
        for change, _ in together:
            value = changed_value(value, change)
        verdict = validity(value, schema, direction=Direction.REQUEST)
        if verdict is not Validity.INVALID:
            way = next((way for _, way in together if way is not Way.SENT), Way.SENT)
            return reason_of(Reading(value, way), verdict, schema)
    return None


def _ways(change: Change, schema: Schema) -> Iterator[tuple[Change, Way]]:
    """`change`, then what a lenient server may see in its place."""
    where, name = change.where, change.name
    if change.kind is not ChangeKind.REMOVE:
        for value, way in readings(change.value):
            yield Change(where, name, change.kind, value), way
        if change.value is not None:
            return
    removed = change.kind is ChangeKind.REMOVE
    yield Change(where, name, ChangeKind.REMOVE), Way.SENT if removed else Way.LEFT_OUT
    yield Change(where, name, ChangeKind.SET, None), Way.MISSING
    for default in _defaults(schema, name):
        yield Change(where, name, ChangeKind.SET, default), Way.DEFAULT


def _defaults(schema: Schema, pointer: str) -> Iterator[Json]:
    place = alternatives(schema)
    for token in split(pointer):
        place = child(place, token)
    for found in place:
        for stated in found.schemas:
            if stated.has_default:
                yield stated.default
