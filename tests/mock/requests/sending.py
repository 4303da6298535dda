"""Generated cases as the requests that a client sends for them, without any server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from pe4king_core.mock.exchange import Sent
from pe4king_core.model.case import Body, Request, TestCase
from pe4king_core.model.fact import EarlierValue
from pe4king_core.model.operation import Operation
from pe4king_core.rendering.python.payloads import sent_value
from pe4king_core.rendering.python.wire import cookies_of, file_name, header_of, path_of, query_of
from pe4king_core.rendering.wire import text_of

BASE = "http://api.test"


def sent_of(case: TestCase) -> Sent | None:
    """The request of a case that takes nothing from earlier calls; None for others."""
    request = case.request
    body = request.body
    if case.given or _takes(request) or (body is not None and body.taken):
        return None
    headers = _headers(case.operation, request)
    parts = _body(body)
    if "content" in parts and body is not None:
        headers["Content-Type"] = body.media_type
    made = httpx.Request(
        request.method,
        _url(case.operation, request),
        params=query_of(case.operation, request.query) or None,
        headers=headers,
        **parts,
    )
    made.read()
    target = made.url.raw_path.decode("ascii")
    headers = [(name.decode(), value.decode("latin-1")) for name, value in made.headers.raw]
    return Sent(made.method, target, headers, made.content)


def _takes(request: Request) -> bool:
    places = (request.path_parameters, request.query, request.headers, request.cookies)
    return any(isinstance(value, EarlierValue) for place in places for value in place.values())


def _url(operation: Operation, request: Request) -> str:
    path = request.path
    for name, value in request.path_parameters.items():
        path = path.replace("{" + name + "}", path_of(operation, name, value))
    return BASE + path.replace("#", "%23")


def _headers(operation: Operation, request: Request) -> dict[str, str]:
    headers = {name: header_of(operation, name, value) for name, value in request.headers.items()}
    cookies = cookies_of(operation, request.cookies, "httpx")
    if isinstance(cookies, Mapping):
        cookies = "; ".join(f"{name}={text_of(value)}" for name, value in cookies.items())
    return {**headers, **({"Cookie": cookies} if cookies else {})}


def _body(body: Body | None) -> dict[str, Any]:
    if body is None:
        return {}
    if body.raw is not None:
        return {"content": body.raw.encode()}
    value = sent_value(body)
    if body.media_type.startswith("multipart/form-data") and isinstance(value, Mapping):
        return {"files": list(_parts(value, body.files))}
    if body.media_type.startswith("application/x-www-form-urlencoded"):
        return {"data": value}
    return {"content": httpx.Request("POST", BASE, json=value).content}


def _parts(value: Mapping[str, Any], files: Mapping[str, str]) -> Any:
    for name, member in value.items():
        for item in member if isinstance(member, list | tuple) else [member]:
            text = text_of(item)
            kind = files.get(name)
            yield name, (file_name(name, kind), text, kind) if kind else (None, text)
