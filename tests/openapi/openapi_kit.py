"""Small documents for the tests of this folder."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from textwrap import dedent, indent

from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.schema import Schema
from pe4king_core.openapi import load

URI = "file:///api/openapi.yaml"


class Files:
    """A workspace in memory; names are relative to the folder of the document."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self.asked: list[str] = []

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        self.asked.append(reference)
        uri = posixpath.normpath(posixpath.join(posixpath.dirname(base_uri[7:]), reference))
        text = self._files.get(uri.removeprefix("/api/"))
        return None if text is None else (f"file://{uri}", dedent(text))


def api(paths: str = "", rest: str = "", version: str = "3.1.0") -> ApiDocument:
    """A document with `paths` (indented here) and further top-level text."""
    body = indent(dedent(paths), "  ") if paths else "  {}\n"
    text = f'openapi: "{version}"\ninfo: {{title: T, version: "1"}}\npaths:\n{body}\n{dedent(rest)}'
    return load(text, URI)


def operation(yaml: str, rest: str = "", version: str = "3.1.0", path: str = "/x") -> Operation:
    """The one operation `get` of a document; `yaml` is its text."""
    body = indent(dedent(yaml), "    ")
    return api(f"{path}:\n  get:\n{body}\n", rest, version).operations[0]


def schema(value: object, components: object = None, version: str = "3.1.0") -> Schema:
    """The view of the JSON `value` as a response schema."""
    document = {
        "openapi": version,
        "paths": {
            "/x": {
                "get": {"responses": {"200": {"content": {"application/json": {"schema": value}}}}}
            }
        },
        "components": {"schemas": components or {}},
    }
    media = load(json.dumps(document), URI).operations[0].responses["200"].json
    assert media is not None
    assert media.schema is not None
    return media.schema


def schemas_of(document: ApiDocument, limit: int = 50_000) -> Iterator[Schema]:
    """Every different view that can be reached from the operations."""
    waiting: list[Schema | None] = []
    for found in document.operations:
        waiting += [parameter.schema for parameter in found.parameters]
        bodies = [found.request_body] if found.request_body else []
        for holder in (*bodies, *found.responses.values()):
            waiting += [media.schema for media in holder.content.values()]
    seen: set[Schema] = set()
    while waiting and len(seen) < limit:
        view = waiting.pop()
        if view is None or view in seen:
            continue
        seen.add(view)
        yield view
        waiting += view.subschemas()


def codes(document: ApiDocument) -> list[str]:
    """The codes of all findings, sorted."""
    return sorted(finding.code for finding in document.findings)
