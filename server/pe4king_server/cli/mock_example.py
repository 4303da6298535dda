"""A command line that shows a mocked API at work."""

from __future__ import annotations

import json
import shlex
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.model.case import Request
from pe4king_core.model.operation import (
    ApiDocument,
    Operation,
    OperationEntry,
    ParameterIn,
    SchemeKind,
    SecurityScheme,
)

_LOOKED_AT = 12


def curl(document: ApiDocument, base: str, credentials: Sequence[str] = ()) -> str:
    """A curl call of the operation that is easiest to call; empty where there is none.

    `credentials` are the only right ones; any are where there are none.
    """
    entries = sorted(document.entries, key=_effort)[:_LOOKED_AT]
    operations = [found for each in entries if (found := document.operation(each.key)) is not None]
    if not operations:
        return ""
    operation = min(operations, key=_needs)
    return " ".join(_parts(operation, base, credentials))


def _effort(entry: OperationEntry) -> tuple[bool, int, int]:
    return entry.method != "GET", entry.path.count("{"), len(entry.path)


def _needs(operation: Operation) -> tuple[bool, int, int]:
    required = sum(parameter.required for parameter in operation.parameters)
    secret = operation.requires_credentials
    return operation.method != "GET", required + 2 * secret, len(operation.path)


def _parts(operation: Operation, base: str, known: Sequence[str]) -> Iterator[str]:
    request = valid_request(operation)
    yield "curl"
    if operation.method != "GET":
        yield f"-X {shlex.quote(operation.method)}"
    schemes = operation.security[0].schemes if operation.requires_credentials else ()
    headers = {**request.headers, **_secrets(schemes, ParameterIn.HEADER, known)}
    body = request.body
    if body is not None and body.raw is None and not body.files:
        headers["Content-Type"] = body.media_type
    for name, value in headers.items():
        yield f"-H {shlex.quote(f'{name}: {value}')}"
    cookies = {**request.cookies, **_secrets(schemes, ParameterIn.COOKIE, known)}
    if cookies:
        yield f"-b {shlex.quote('; '.join(f'{name}={value}' for name, value in cookies.items()))}"
    if "Content-Type" in headers and body is not None:
        yield f"-d {shlex.quote(json.dumps(body.value, ensure_ascii=False))}"
    query = {**request.query, **_secrets(schemes, ParameterIn.QUERY, known)}
    yield shlex.quote(base + _path(request) + (f"?{_written(query)}" if query else ""))


def _secrets(
    schemes: Iterable[SecurityScheme], place: ParameterIn, known: Sequence[str]
) -> dict[str, str]:
    """Credentials that the mock takes, of those that go to `place`."""
    found: dict[str, str] = {}
    for scheme in schemes:
        if scheme.location is place:
            found[scheme.parameter] = known[0] if known else "key"
        elif scheme.location is None and place is ParameterIn.HEADER:
            found["Authorization"] = _authorization(scheme, known)
    return found


def _authorization(scheme: SecurityScheme, known: Sequence[str]) -> str:
    if scheme.kind is not SchemeKind.BASIC:
        return f"Bearer {known[0] if known else 'token'}"
    pair = next((each for each in known if ":" in each), "user:pass")
    return f"Basic {b64encode(pair.encode()).decode()}"


def _path(request: Request) -> str:
    path = request.path
    for name, value in request.path_parameters.items():
        path = path.replace("{" + name + "}", quote(_text(value), safe=""))
    return path


def _written(query: Mapping[str, object]) -> str:
    """The query; a list is written as one name a value, which is OpenAPI's usual style."""
    pairs = [
        (name, _text(each))
        for name, value in query.items()
        for each in (value if isinstance(value, list | tuple) else (value,))
    ]
    return urlencode(pairs)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
