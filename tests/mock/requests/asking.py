"""Small documents and requests to them, for the tests of this room."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.checking import read_request
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.requests.routing import Router
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load

Headers = Sequence[tuple[str, str]]


def document(paths: Mapping[str, Any], **others: Any) -> ApiDocument:
    """An OpenAPI document with `paths`; `others` are its other members."""
    raw = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, **others}
    if "swagger" in others:
        del raw["openapi"]
    return load(json.dumps(raw), "file:///api.json")


def operation(**parts: Any) -> dict[str, Any]:
    """An operation with an answer and `parts`."""
    return {"responses": {"200": {"description": "ok"}}, **parts}


def parameter(name: str, schema: Any, where: str = "query", **others: Any) -> dict[str, Any]:
    """A parameter object."""
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, "schema": schema, **required, **others}


def asked(
    known: ApiDocument,
    target: str,
    *,
    method: str = "GET",
    headers: Headers = (),
    body: bytes = b"",
    lenient: bool = False,
) -> ReadRequest:
    """The request as it is read."""
    found = Router(known).find(method, target)
    return read_request(Sent(method, target, headers, body), found, lenient=lenient)


def asked_query(query: str, *parameters: dict[str, Any], lenient: bool = False) -> ReadRequest:
    """A GET with query parameters."""
    known = document({"/x": {"get": operation(parameters=list(parameters))}})
    return asked(known, f"/x?{query}", lenient=lenient)


def posted(
    body: bytes,
    media_type: str,
    schema: Any,
    *,
    sent: str | None = None,
    headers: Headers = (),
    lenient: bool = False,
    required: bool = True,
    **media: Any,
) -> ReadRequest:
    """A POST with a body that is documented as `media_type` and sent as `sent`."""
    content = {media_type: {"schema": schema, **media}}
    stated = operation(requestBody={"required": required, "content": content})
    named = [("Content-Type", media_type if sent is None else sent)] if sent != "" else []
    known = document({"/x": {"post": stated}})
    return asked(known, "/x", method="POST", headers=[*named, *headers], body=body, lenient=lenient)


def reasons(request: ReadRequest) -> list[str]:
    """What is wrong, as `query limit: type`."""
    return [f"{fault.where} {fault.name}: {fault.reason}" for fault in request.faults]
