"""The valid request of an operation, and changes made to it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from pe4king_core.generation.requests.bodies import resource_of, valid_body
from pe4king_core.generation.requests.forms import form_fields
from pe4king_core.generation.samples.samples import Samples
from pe4king_core.generation.samples.sampling import At, by_turns
from pe4king_core.model.case import Body, Request, RequestArgument
from pe4king_core.model.fact import CaseFact, Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import Operation, Parameter, ParameterIn, Response
from pe4king_core.model.record import replace
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Validity, validity

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
_PRECONDITIONS = frozenset(
    {"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"}
)
"""With made-up values of these a server rightly does nothing (RFC 9110 section 13.1)."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
"""What a header may be called, in lower case (RFC 9110 section 5.6.2)."""
_FORM = "application/x-www-form-urlencoded"
_SOME = 3
"""With other seeds one of so many optional parameters is sent."""


def tested_parameters(operation: Operation) -> tuple[Parameter, ...]:
    """The parameters that a test may set: not credentials, nor a query string as a whole, nor
    what HTTP has no header for."""
    secret = {
        (scheme.location, scheme.parameter.lower())
        for requirement in operation.security
        for scheme in requirement.schemes
    }
    return tuple(item for item in operation.parameters if _is_tested(item, secret))


def _is_tested(parameter: Parameter, secret: Collection[tuple[ParameterIn | None, str]]) -> bool:
    location, name = parameter.location, parameter.name.lower()
    if location is ParameterIn.QUERYSTRING or (location, name) in secret:
        return False
    if location is not ParameterIn.HEADER:
        return True
    return name not in _OWN_HEADERS and _TOKEN.fullmatch(name) is not None


def is_precondition(parameter: Parameter) -> bool:
    """Whether it says when not to do what is asked, with nothing documented to say there."""
    header = parameter.location is ParameterIn.HEADER and not parameter.examples
    return header and parameter.name.lower() in _PRECONDITIONS


def valid_request(
    operation: Operation, *, seed: int = 1, samples: Samples | None = None
) -> Request:
    """A request the document allows: required parameters, documented examples of others.

    Other seeds give other values and other optional parts. `samples`, if given, rules; one
    object for many operations saves work.
    """
    samples = samples or Samples(seed)
    places: dict[ParameterIn, dict[str, RequestArgument]] = {place: {} for place in ParameterIn}
    for parameter in tested_parameters(operation):
        if _is_sent(parameter, samples):
            about = parameter.name if parameter.location is ParameterIn.PATH else ""
            value = parameter_value(parameter, samples, resource_of(operation, about))
            places[parameter.location][parameter.name] = value
    headers = places[ParameterIn.HEADER]
    accept = _accept(operation)
    if accept:
        headers["Accept"] = accept
    path, query = _route(operation, places[ParameterIn.PATH])
    suffix, members = _query_string(operation, samples)
    return Request(
        method=operation.method,
        path=path + suffix,
        path_parameters=places[ParameterIn.PATH],
        query={**query, **places[ParameterIn.QUERY], **members},
        headers=headers,
        cookies=places[ParameterIn.COOKIE],
        body=valid_body(operation, samples),
    )


def _is_sent(parameter: Parameter, samples: Samples) -> bool:
    if parameter.required or parameter.examples:
        return True
    if is_precondition(parameter):
        return False
    if samples.everything:
        return not parameter.deprecated
    return not samples.is_first and samples.turn(At(parameter.name)) % _SOME == 0


def parameter_value(parameter: Parameter, samples: Samples | None = None, owner: str = "") -> Json:
    """A valid value: a documented example where it is valid, else synthesised."""
    samples = samples or Samples()
    for example in by_turns(parameter.examples, samples.turn(At(parameter.name))):
        if parameter.schema is None or validity(example, parameter.schema) is not Validity.INVALID:
            return example
    schema = parameter.schema
    if schema is not None and parameter.description and not schema.description:
        schema = _described(schema, parameter.description)
    return samples.of(schema, parameter.name, owner=owner, terse=True)


def _described(schema: Schema, description: str) -> Schema:
    """A plain schema that says what its parameter says; a view of its own, so it is not kept."""
    if schema.only_type is None or schema.branches or schema.conjuncts or schema.others:
        return schema
    return replace(schema, description=description, pointer=f"{schema.pointer}#{description[:80]}")


def _route(
    operation: Operation, path: dict[str, RequestArgument]
) -> tuple[str, dict[str, RequestArgument]]:
    """The path without the query that some documents write into it, and that query.

    Parameters in that query move there; those of a fragment, which never travels, go.
    """
    if "?" not in operation.path and "#" not in operation.path:
        return operation.path, {}
    route = operation.route
    written = operation.path.partition("#")[0].partition("?")[2]
    query: dict[str, RequestArgument] = {}
    for name, value in parse_qsl(written, keep_blank_values=True):
        query[name] = path.get(value[1:-1], value) if value.startswith("{") else value
    for name in [name for name in path if "{" + name + "}" not in route]:
        del path[name]
    return route, query


def _query_string(operation: Operation, samples: Samples) -> tuple[str, dict[str, RequestArgument]]:
    """What a parameter that is the whole query string adds: a text behind the path, or members."""
    whole = next(
        (
            item
            for item in operation.parameters
            if item.location is ParameterIn.QUERYSTRING
            and (item.required or item.examples or samples.everything)
        ),
        None,
    )
    if whole is None:
        return "", {}
    value = parameter_value(whole, samples, resource_of(operation))
    if isinstance(value, Mapping) and whole.content_type in (None, _FORM):
        encodings = whole.media.encoding if whole.media is not None else {}
        return "", dict(form_fields(value, encodings))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "?" + quote(text, safe=""), {}


def _accept(operation: Operation) -> str | None:
    """JSON is asked for by name where the success answer may have another form as well."""
    response: Response | None = next(
        (operation.response_for(status) for status in operation.success_statuses), None
    )
    if response is None or response.json is None or len(response.content) < 2:
        return None
    return response.json.name


def changed(request: Request, fact: CaseFact) -> Request:
    """`request` with the changes and credentials of `fact`."""
    parts: dict[str, Any] = {
        "method": request.method,
        "path_parameters": request.path_parameters,
        "query": request.query,
        "headers": request.headers,
        "cookies": request.cookies,
        "body": request.body,
    }
    for change in fact.changes:
        name = _PARTS.get(change.where, "cookies")
        before = parts[name]
        if name == "method":
            parts[name] = str(change.value)
        elif change.where is ChangeIn.MEDIA_TYPE:
            parts[name] = Body(str(change.value), raw="plain text")
        elif name == "body":
            parts[name] = _changed_body(before, change)
        else:
            parts[name] = _with(before, change)
    return Request(
        path=request.path,
        credentials=fact.credentials,
        unique=request.unique,
        fresh_headers=request.fresh_headers,
        **parts,
    )


_PARTS = {
    ChangeIn.BODY: "body",
    ChangeIn.MEDIA_TYPE: "body",
    ChangeIn.METHOD: "method",
    ChangeIn.PATH: "path_parameters",
    ChangeIn.QUERY: "query",
    ChangeIn.HEADER: "headers",
}
"""What each change is made to."""


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
    value = changed_value(body.value, change)
    return Body(body.media_type, value, body.raw, body.unique, body.files, body.taken)


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
