"""Documents that are made to be read without end, and reading one operation on its own."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from openapi_kit import URI, api, codes

from pe4king_core.openapi import load
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.layout.positions import Finder, Positions
from pe4king_core.openapi.parsing.reading import read
from pe4king_core.openapi.parts.access import SecurityReader
from pe4king_core.openapi.parts.content import ContentReader
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.operations import OperationReader, PartReaders
from pe4king_core.openapi.parts.parameters import ParameterReader
from pe4king_core.openapi.raw import Place, Source
from pe4king_core.openapi.refs.references import References
from pe4king_core.openapi.schema.schemas import SchemaViews

OK = {"200": {"description": "ok"}}
COUNT = 300


def document(**parts: object) -> str:
    return json.dumps(
        {"openapi": "3.2.0", "info": {"title": "T", "version": "1"}, "paths": {}, **parts}
    )


def reader_of(text: str) -> tuple[OperationReader, Place]:
    source = Source(URI, read(text))
    positions = Positions(text)
    references = References(source, None)
    reading = Reading(
        references, SchemaViews(references, siblings=True), Report(Finder(positions)), "3.1.0"
    )
    content = ContentReader(reading)
    parts = PartReaders(ParameterReader(reading, content), content, SecurityReader(reading, None))
    return OperationReader(reading, parts, ()), Place(source, "", source.data)


def test_one_operation_on_its_own():
    reader, root = reader_of(
        dedent(
            """
            openapi: 3.1.0
            paths:
              /a: {get: {operationId: x, responses: {}}, put: {responses: {}}}
              b: {post: {operationId: x, responses: {200: {description: ok}}}}
              5: {get: {responses: {200: {description: ok}}}}
              /c: {$ref: "#/paths/~1a"}
            webhooks:
              w: {post: {responses: {200: {description: ok}}}}
            """
        )
    )
    found = reader.operation("/b", "POST")
    assert found == reader.operation("b", "POST")
    assert (found.key, found.pointer) == ("POST /b", "/paths/b/post")
    assert [finding.code for finding in found.findings] == ["doc-operation-id-duplicate"]
    assert [finding.code for finding in reader.operation("/a", "GET").findings] == [
        "doc-no-responses"
    ]
    assert reader.operation("/5", "GET").pointer == "/paths/5/get"
    assert reader.operation("/c", "PUT").pointer == "/paths/~1a/put"
    assert reader.webhook("w", "POST").key == "POST w"
    for path, method in [("/a", "POST"), ("/d", "GET"), ("/a", "get"), ("", "GET")]:
        assert reader.operation(path, method) is None
    assert reader.webhook("no", "POST") is None
    items = dict(reader.items(root))
    assert list(items) == ["/a", "b", "5", "/c"]
    assert [method for method, _ in reader.methods(items["/c"])] == ["GET", "PUT"]


def test_path_items_that_refer_to_each_other_are_read_together():
    found = api(
        """
        /a: {$ref: "#/paths/~1b", get: {responses: {200: {description: ok}}}}
        /b: {$ref: "#/paths/~1a", put: {responses: {200: {description: ok}}}}
        """
    )
    assert [each.key for each in found.operations] == ["GET /a", "PUT /a", "PUT /b", "GET /b"]
    assert set(codes(found)) >= {"doc-ref-cycle"}


def test_callbacks_that_all_operations_share_are_read_once():
    callbacks = {
        f"c{number}": {
            "$url": {
                "post": {
                    "callbacks": {
                        f"c{other}": {"$ref": f"#/components/callbacks/c{other}"}
                        for other in range(30)
                    },
                    "responses": {},
                }
            }
        }
        for number in range(30)
    }
    operation = {
        "callbacks": {name: {"$ref": f"#/components/callbacks/{name}"} for name in callbacks},
        "responses": OK,
    }
    paths = {f"/{number}": {"post": operation} for number in range(COUNT)}
    found = load(document(paths=paths, components={"callbacks": callbacks}), URI)
    first, last = found.operations[0], found.operations[-1]
    assert first.callbacks[0].operations is last.callbacks[0].operations
    assert [f.code for f in last.findings] == ["doc-no-responses"] * 30
    assert codes(found).count("doc-no-responses") == 30


@pytest.mark.parametrize(
    "parts",
    [
        {"tags": [{"name": f"t{n}", "parent": f"t{(n + 1) % COUNT}"} for n in range(COUNT)]},
        {"paths": {"/" + "{" * 50_000: {"get": {"responses": OK}}}},
        {"paths": {"/" + "{a}" * 5_000: {"get": {"responses": OK}}}},
        {"servers": [{"url": "{" * 50_000}, {"url": "{a}" * 5_000}]},
        {
            "paths": {
                f"/p{n}": {"$ref": f"#/paths/~1p{(n + 1) % COUNT}", "get": {"responses": OK}}
                for n in range(COUNT)
            }
        },
        {
            "paths": {
                "/x": {
                    "get": {
                        "callbacks": {"a": {"{$request.body#/" * 2_000: {}, "{" * 20_000: {}}},
                        "responses": OK,
                    }
                }
            }
        },
        {"paths": {"/x": {"get": {"responses": {"200": {"content": {"a/" * 50_000: {}}}}}}}},
    ],
    ids=["tags", "braces", "templates", "servers", "items", "expressions", "media-type"],
)
def test_hostile_documents_end_with_findings(parts):
    found = load(document(**parts), URI)
    assert 0 < len(found.findings) <= 1_002
    assert all(operation.key for operation in found.operations)


def test_nested_encodings_end():
    encoding: dict[str, object] = {"contentType": "text/plain"}
    for _ in range(100):
        encoding = {"contentType": "multipart/mixed", "encoding": {"a": encoding}}
    media = {"multipart/mixed": {"encoding": {"a": encoding}}}
    text = document(paths={"/x": {"post": {"requestBody": {"content": media}, "responses": OK}}})
    made = load(text, URI).operations[0].request_body.content["multipart/mixed"].encoding
    depth = 0
    while made:
        made = made["a"].encoding
        depth += 1
    assert 3 < depth < 50
