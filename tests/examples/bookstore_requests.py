"""Requests to the bookstore made from its document: valid ones, and ones changed on purpose."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from bookstore_contract import Contract, Operation, examples_of

UNKNOWN = "00000000-0000-4000-8000-000000000000"
SHIPPED_ORDER = "b5a1e0c7-4d2f-4f83-9a6b-6c8d7e9f0102"
VALID = {
    "apiKey": {"X-API-Key": "demo-key"},
    "bearerAuth": {"Authorization": "Bearer demo-token"},
}
REMOVED = object()


@dataclass(frozen=True)
class Probe:
    """A request that must be answered with `status`.

    `path` replaces the path parameter: an id, or the operation that makes the resource whose id
    it is. `change` is a pointer into the example body with its new value; `content` is sent
    instead of the body.
    """

    operation: str
    status: int
    path: str = ""
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    without: str = ""
    anonymous: bool = False
    change: tuple[str, Any] | None = None
    content: bytes | None = None
    example: int = 0

    def __str__(self) -> str:
        how = self.path or self.without or (self.change[0] if self.change else "")
        extra = "".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.operation}-{self.status}-{how}{extra}"


class Shop:
    """A client that knows the document."""

    def __init__(self, client: httpx.Client, contract: Contract) -> None:
        self.client = client
        self.contract = contract

    def send(self, probe: Probe) -> httpx.Response:
        """The answer to the request that `probe` describes."""
        operation = self.contract.operations[probe.operation]
        headers = self._headers(operation, probe)
        headers.pop(probe.without, None)
        content = probe.content
        if content is None and operation.body is not None:
            content = json.dumps(body_of(operation, probe)).encode()
        return self.client.request(
            operation.method,
            self._path(operation, probe),
            params=probe.query,
            headers=headers,
            content=content,
        )

    def create(self, operation: str) -> str:
        """The id of a new resource."""
        response = self.send(Probe(operation, 201))
        assert response.status_code == 201, response.text
        return response.json()["id"]

    def _path(self, operation: Operation, probe: Probe) -> str:
        path = operation.path
        for parameter in operation.parameters:
            if parameter["in"] == "path":
                created = probe.path in self.contract.operations
                value = self.create(probe.path) if created else probe.path
                value = value or examples_of(parameter)[0]
                path = path.replace("{" + parameter["name"] + "}", value)
        return path

    def _headers(self, operation: Operation, probe: Probe) -> dict[str, str]:
        headers = {} if operation.body is None else {"Content-Type": "application/json"}
        for parameter in operation.parameters:
            if parameter["in"] == "header":
                headers[parameter["name"]] = examples_of(parameter)[0]
        if not probe.anonymous:
            for scheme in operation.schemes:
                headers |= VALID[scheme]
        return headers | probe.headers


def body_of(operation: Operation, probe: Probe) -> Any:
    """The example body with the change that `probe` asks for."""
    assert operation.body is not None
    content = operation.body["content"]["application/json"]
    body = copy.deepcopy(examples_of(content)[probe.example])
    return body if probe.change is None else changed(body, *probe.change)


def changed(body: Any, pointer: str, value: Any) -> Any:
    """`body` with the place `pointer` set to `value`, or removed."""
    if not pointer:
        return value
    *parents, last = pointer.split("/")[1:]
    node = body
    for part in parents:
        node = node[int(part)] if isinstance(node, list) else node[part]
    key: Any = int(last) if isinstance(node, list) else last
    if value is REMOVED:
        del node[key]
    else:
        node[key] = value
    return body
