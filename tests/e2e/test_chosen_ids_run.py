"""Ids that clients choose, in generated tests that are run against a server that keeps them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.openapi import load
from tests.e2e.suites import STYLES, TRUE_KINDS, Suite, run_pytest, suite
from tests.rendering.java_kit import Outcome, java_kit

pytestmark = pytest.mark.slow

_LEAST = 12
"""Tests that the document gives at least, so that an empty suite does not pass."""
_DOCUMENT = """
openapi: 3.1.0
info: {title: Store, version: '1'}
x-shared:
- &id {name: id, in: path, required: true, schema: {type: string}}
- &none {description: no}
- &gone {description: gone}
- &named
  description: ok
  content:
    application/json:
      schema: {type: object, properties: {id: {type: string}, name: {type: string}}}
- &text
  description: ok
  content:
    application/json:
      schema: &note
        type: object
        required: [text]
        properties: {text: {type: string, maxLength: 20}}
- &sent {required: true, content: {application/json: {schema: *note}}}
- &maybe
  description: made
  content:
    application/json:
      schema: {type: object, properties: {id: {type: string}}}
paths:
  /buckets/{id}:
    parameters: [*id]
    put: {tags: [buckets], responses: {'201': {description: made}, '200': {description: there}}}
    get: {tags: [buckets], responses: {'200': *named, '404': *none}}
    delete: {tags: [buckets], responses: {'204': *gone, '404': *none}}
  /buckets/{bucket_id}/items/{id}:
    parameters:
    - {name: bucket_id, in: path, required: true, schema: {type: string}}
    - *id
    put:
      tags: [items]
      requestBody: *sent
      responses: {'201': {description: made}, '200': {description: there}}
    get: {tags: [items], responses: {'200': *text, '404': *none}}
    delete: {tags: [items], responses: {'204': *gone, '404': *none}}
  /tenants:
    post:
      tags: [tenants]
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}}}
      responses: {'200': {description: made}}
  /tenants/{tenant}:
    parameters: [{name: tenant, in: path, required: true, schema: {type: string}}]
    get: {tags: [tenants], responses: {'200': *named, '404': *none}}
    delete: {tags: [tenants], responses: {'204': *gone, '404': *none}}
  /notes:
    post:
      tags: [notes]
      requestBody: *sent
      responses: {'201': *maybe}
  /notes/{id}:
    parameters: [*id]
    get: {tags: [notes], responses: {'200': *text, '404': *none}}
    delete: {tags: [notes], responses: {'204': *gone, '404': *none}}
"""


class Store(BaseHTTPRequestHandler):
    """Keeps what is sent under the path or the name that the client chose. Notes go nowhere."""

    protocol_version = "HTTP/1.1"
    kept: dict[str, dict[str, Any]]

    def do_PUT(self) -> None:
        self._keep(self.path, 200 if self.path in self.kept else 201)

    def do_POST(self) -> None:
        if self.path == "/notes":
            self._read()
            self._answer(201, {})
        else:
            self._keep(self.path, 200)

    def do_GET(self) -> None:
        found = self.kept.get(unquote(self.path))
        self._answer(404 if found is None else 200, found)

    def do_DELETE(self) -> None:
        gone = self.kept.pop(unquote(self.path), None)
        self._answer(404 if gone is None else 204)

    def _keep(self, path: str, status: int) -> None:
        sent = self._read()
        above = path.rpartition("/items/")[0]
        if above and above not in self.kept:
            return self._answer(404)
        place = f"{path}/{sent['name']}" if self.command == "POST" else path
        if self.command == "POST" and place in self.kept:
            return self._answer(409)
        self.kept[place] = {"id": unquote(place.rpartition("/")[2]), **sent}
        return self._answer(status)

    def _read(self) -> dict[str, Any]:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = json.loads(sent) if sent else {}
        return found if isinstance(found, dict) else {}

    def _answer(self, status: int, value: dict[str, Any] | None = None) -> None:
        content = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if content:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def store() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    kept: dict[str, dict[str, Any]] = {}
    handler = type("Handler", (Store,), {"kept": kept})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kept
    server.shutdown()
    thread.join()
    server.server_close()


def made(name: str, style: TestStyle) -> Suite:
    document = load(_DOCUMENT, "file:///store.yaml")
    return suite(document, name, style, TestPlan(kinds=TRUE_KINDS))


def judge(outcomes: dict[str, Outcome], kept: dict[str, dict[str, Any]]) -> None:
    assert len(outcomes) >= _LEAST
    wrong = {name: one for name, one in outcomes.items() if one.state in ("failed", "error")}
    assert wrong == {}
    skipped = [name for name, one in outcomes.items() if one.state == "skipped"]
    assert skipped
    assert all("note" in name.lower() for name in skipped), "their ids are promised by nobody"
    assert kept == {}, "what tests make is removed"


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_pytest_finds_what_it_made_and_removes_it(
    style: TestStyle, tmp_path: Path, store: tuple[str, dict[str, dict[str, Any]]]
) -> None:
    url, kept = store
    done = run_pytest(made("pytest", style).write(tmp_path), {"API_BASE_URL": url})
    judge(dict(done.outcomes), kept)


@pytest.mark.java
def test_junit_finds_what_it_made_and_removes_it(
    tmp_path: Path, store: tuple[str, dict[str, dict[str, Any]]]
) -> None:
    url, kept = store
    kit = java_kit()
    classes = kit.compile(made("junit-restassured", TestStyle()).java(), tmp_path)
    judge(dict(kit.run_tests(classes, {"API_BASE_URL": url})), kept)
