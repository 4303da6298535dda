"""The valid request of an operation, and changes made to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pe4king_core.generation.samples import sample
from pe4king_core.model.case import Body, Request, RequestArgument
from pe4king_core.model.fact import CaseFact, Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import MediaType, Operation, Parameter, ParameterIn, Response
from pe4king_core.openapi.values import Direction, Validity, validity

_OWN_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Headers that OpenAPI tells to ignore as parameters (Parameter Object, `name`)."""


def tested_parameters(operation: Operation) -> tuple[Parameter, ...]:
    """The parameters that a test may set."""
    return tuple(
        item
        for item in operation.parameters
        if not (item.location is ParameterIn.HEADER and item.name.lower() in _OWN_HEADERS)
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
    if media.is_json:
        return Body(media.name, body_value(media))
    if _is_form(media.name):
        return Body(media.name, body_value(media))
    text = body_value(media)
    return Body(media.name, raw=text if isinstance(text, str) else "sample")


def _is_form(name: str) -> bool:
    return name.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


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
    """`value` with one change made at its pointer; the value itself is not touched."""
    tokens = split(change.name)
    if not tokens:
        return change.value
    if isinstance(value, Mapping):
        result = dict(value)
        if len(tokens) > 1:
            result[tokens[0]] = _inner(value.get(tokens[0]), change)
        elif change.kind is ChangeKind.REMOVE:
            result.pop(tokens[0], None)
        else:
            result[tokens[0]] = change.value
        return result
    if isinstance(value, list | tuple) and tokens[0].isdecimal() and int(tokens[0]) < len(value):
        items = list(value)
        items[int(tokens[0])] = (
            _inner(items[int(tokens[0])], change) if len(tokens) > 1 else change.value
        )
        return items
    return value


def _inner(value: Json, change: Change) -> Json:
    rest = change.name[1:].partition("/")[2]
    return changed_value(value, replace(change, name=f"/{rest}"))
