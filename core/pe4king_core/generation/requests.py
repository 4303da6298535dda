"""The valid request of an operation, and changes made to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from pe4king_core.generation.samples import sample
from pe4king_core.model.case import Body, Request, RequestArgument
from pe4king_core.model.fact import CaseFact, Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import MediaType, Operation, Parameter, ParameterIn, Response
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_OWN_HEADERS = frozenset(
    {
        "accept",
        "content-type",
        "authorization",
        "content-length",
        "transfer-encoding",
        "connection",
        "host",
    }
)
"""Headers that OpenAPI tells to ignore as parameters (Parameter Object, `name`), or that belong
to the HTTP client (RFC 9112 sections 3.2, 6.1 and 6.2, RFC 9110 section 7.6.1)."""
_CONCRETE = {"*": "application/json", "application": "application/json", "text": "text/plain"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def tested_parameters(operation: Operation) -> tuple[Parameter, ...]:
    """The parameters that a test may set: not credentials, nor a query string as a whole."""
    secret = {
        (scheme.location, scheme.parameter.lower())
        for requirement in operation.security
        for scheme in requirement.schemes
    }
    return tuple(
        item
        for item in operation.parameters
        if item.location is not ParameterIn.QUERYSTRING
        and (item.location, item.name.lower()) not in secret
        and not (item.location is ParameterIn.HEADER and item.name.lower() in _OWN_HEADERS)
    )


def parameter_value(parameter: Parameter) -> Json:
    """A valid value: a documented example where it is valid, else synthesised."""
    for example in parameter.examples:
        if parameter.schema is None or validity(example, parameter.schema) is not Validity.INVALID:
            return example
    return sample(parameter.schema, parameter.name)


def valid_request(operation: Operation) -> Request:
    """A request the document allows: required parameters, documented examples of others."""
    places: dict[ParameterIn, dict[str, RequestArgument]] = {place: {} for place in ParameterIn}
    for parameter in tested_parameters(operation):
        if parameter.required or parameter.examples:
            places[parameter.location][parameter.name] = parameter_value(parameter)
    headers = dict(places[ParameterIn.HEADER])
    accept = _accept(operation)
    if accept:
        headers["Accept"] = accept
    return Request(
        method=operation.method,
        path=operation.path,
        path_parameters=places[ParameterIn.PATH],
        query=places[ParameterIn.QUERY],
        headers=headers,
        cookies=places[ParameterIn.COOKIE],
        body=_body(operation),
    )


def _accept(operation: Operation) -> str | None:
    """JSON is asked for by name where the success answer may have another form as well."""
    response: Response | None = next(
        (operation.response_for(status) for status in operation.success_statuses), None
    )
    if response is None or response.json is None or len(response.content) < 2:
        return None
    return response.json.name


def _body(operation: Operation) -> Body | None:
    request_body = operation.request_body
    if request_body is None or not request_body.content:
        return None
    media = request_body.json or next(iter(request_body.content.values()))
    name = _concrete(media.name)
    value = body_value(media)
    if media.is_json or name == "application/json":
        return Body(name, value)
    if name.lower().startswith(_FORMS):
        return Body(name, form_fields(value))
    if isinstance(value, str):
        return Body(name, raw=value)
    return Body(name, raw="sample" if value is None else json.dumps(value, ensure_ascii=False))


def _concrete(name: str) -> str:
    """A media type that a request can have, for a range such as `*/*` or `image/*`."""
    kind, _, rest = name.partition("/")
    return _CONCRETE.get(kind, f"{kind}/octet-stream") if rest.startswith("*") else name


def form_fields(value: Json) -> dict[str, Json]:
    """The members of a form as text: arrays repeat their name, structures travel as JSON."""
    fields: dict[str, Json] = {}
    for name, member in value.items() if isinstance(value, Mapping) else ():
        if isinstance(member, list | tuple):
            fields[name] = [_field(item) for item in member]
        elif member is not None:
            fields[name] = _field(member)
    return fields


def _field(value: Json) -> Json:
    structured = isinstance(value, Mapping | list | tuple | bool)
    return json.dumps(value, ensure_ascii=False) if structured else value


def body_value(media: MediaType) -> Json:
    """A valid body: a documented example where it is valid, else synthesised."""
    for example in media.examples:
        if (
            media.schema is None
            or validity(example, media.schema, direction=Direction.REQUEST) is not Validity.INVALID
        ):
            return example
    return sample(media.schema)


def changed(request: Request, fact: CaseFact) -> Request:
    """`request` with the changes and credentials of `fact`."""
    for change in fact.changes:
        request = _apply(request, change)
    return replace(request, credentials=fact.credentials)


def _apply(request: Request, change: Change) -> Request:
    if change.where is ChangeIn.BODY:
        return replace(request, body=_changed_body(request.body, change))
    if change.where is ChangeIn.MEDIA_TYPE:
        return replace(request, body=Body(str(change.value), raw="plain text"))
    if change.where is ChangeIn.METHOD:
        return replace(request, method=str(change.value))
    if change.where is ChangeIn.PATH:
        return replace(request, path_parameters=_with(request.path_parameters, change))
    if change.where is ChangeIn.QUERY:
        return replace(request, query=_with(request.query, change))
    if change.where is ChangeIn.HEADER:
        return replace(request, headers=_with(request.headers, change))
    return replace(request, cookies=_with(request.cookies, change))


def _with(values: Mapping[str, RequestArgument], change: Change) -> dict[str, RequestArgument]:
    result = dict(values)
    if change.kind is ChangeKind.REMOVE:
        result.pop(change.name, None)
    else:
        result[change.name] = change.value
    return result


def _changed_body(body: Body | None, change: Change) -> Body | None:
    if change.kind is ChangeKind.RAW:
        media_type = body.media_type if body is not None else "application/json"
        return Body(media_type, raw=str(change.value))
    if body is None or (change.kind is ChangeKind.REMOVE and not change.name):
        return None
    return replace(body, value=changed_value(body.value, change))


def changed_value(value: Json, change: Change) -> Json:
    """`value` with one change made at its pointer; the value itself is not touched.

    A pointer that leads nowhere changes nothing.
    """
    return _changed(value, split(change.name), change)


def _changed(value: Json, tokens: tuple[str, ...], change: Change) -> Json:
    if not tokens:
        return change.value
    first, rest = tokens[0], tokens[1:]
    removed = not rest and change.kind is ChangeKind.REMOVE
    if isinstance(value, Mapping):
        members = dict(value)
        if removed:
            members.pop(first, None)
        elif not rest or first in members:
            members[first] = _changed(members.get(first), rest, change)
        return members
    if not isinstance(value, list | tuple) or not first.isdecimal() or int(first) >= len(value):
        return value
    index, items = int(first), list(value)
    return [
        *items[:index],
        *([] if removed else [_changed(items[index], rest, change)]),
        *items[index + 1 :],
    ]
