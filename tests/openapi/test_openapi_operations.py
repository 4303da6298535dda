"""Operations: read one by one, of strange path items, with links, callbacks and webhooks."""

from __future__ import annotations

import threading
from textwrap import dedent

import pytest
from openapi_kit import URI, Files, api, codes

from pe4king_core.model.operation import (
    ApiDocument,
    LazyOperations,
    Operation,
    OperationEntry,
)
from pe4king_core.model.schema import JsonType
from pe4king_core.model.text import Span
from pe4king_core.openapi import load

OK = "responses: {200: {description: ok}}"


def own(document: ApiDocument, *others: str) -> list[str]:
    """The codes of all findings but `others`, which other checks give."""
    return [code for code in codes(document) if code not in others]


def lazy(count: int = 4) -> tuple[LazyOperations, list[str]]:
    read: list[str] = []

    def make(entry: OperationEntry) -> Operation:
        read.append(entry.key)
        return Operation(entry.method, entry.path, entry.pointer, f"op{entry.path[1:]}")

    entries = [
        OperationEntry("GET", f"/{n}", f"/paths/~1{n}/get", Span(n * 10, n * 10 + 8))
        for n in range(count)
    ]
    return LazyOperations(entries, make), read


def document_of(operations: LazyOperations) -> ApiDocument:
    return ApiDocument("u", "T", "1", "3.1.0", operations, ())


def test_lazy_operations_are_read_once_and_one_by_one():
    operations, read = lazy()
    assert (len(operations), read) == (4, [])
    assert operations[2] is operations[-2]
    assert read == ["GET /2"]
    assert [each.path for each in operations[1:3]] == ["/1", "/2"]
    assert read == ["GET /2", "GET /1"]
    assert [each.path for each in operations] == ["/0", "/1", "/2", "/3"]
    assert (len(read), operations.made) == (4, 4)
    with pytest.raises(IndexError):
        operations[4]


def test_lazy_operations_contain_what_they_made_and_equal_only_themselves():
    operations, read = lazy()
    inside = operations[1]
    assert inside in operations
    assert Operation("GET", "/9", "") not in operations
    assert "GET /1" not in operations
    assert read == ["GET /1"]
    assert operations == operations  # noqa: PLR0124
    assert operations != lazy()[0]


def test_lazy_operations_are_read_once_by_many_threads():
    operations, read = lazy(50)
    threads = [threading.Thread(target=list, args=(operations,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == sorted(set(read))
    assert len(read) == 50


def test_document_looks_up_without_reading_the_rest():
    operations, read = lazy()
    document = document_of(operations)
    assert [entry.key for entry in document.entries] == ["GET /0", "GET /1", "GET /2", "GET /3"]
    assert document.operation("GET /3") is operations[3]
    assert document.operation_at(15) is operations[1]
    assert document.operation_at(9) is None
    assert read == ["GET /3", "GET /1"]
    assert document.operation("op2") is operations[2]
    assert document.operation("none") is None


def test_entries_of_a_loaded_document_tell_what_the_operations_tell():
    document = api(
        """
        /a/{id}: {get: {operationId: a, responses: {}}, put: {responses: {}}}
        b: {get: {responses: {}}}
        """
    )
    assert [(e.key, e.pointer, e.span, e.name_span) for e in document.entries] == [
        (o.key, o.pointer, o.span, o.name_span) for o in document.operations
    ]
    assert [entry.key for entry in document.entries] == ["GET /a/{id}", "PUT /a/{id}", "GET /b"]


def test_path_item_says_things_of_its_operations():
    found = api(
        """
        /x:
          summary: About x
          description: All of x
          servers: [{url: https://x}]
          parameters: [{name: Trace, in: header, schema: {type: string}}]
          get:
            summary: Own
            parameters: [{name: trace, in: header, required: true, schema: {type: integer}}]
            responses: {}
            externalDocs: {url: https://docs, description: more}
        """
    ).operations[0]
    assert (found.path_summary, found.path_description) == ("About x", "All of x")
    assert (found.summary, found.servers[0].url) == ("Own", "https://x")
    assert [(p.name, p.required) for p in found.parameters] == [("trace", True)]
    assert (found.external_docs.url, found.external_docs.description) == ("https://docs", "more")


@pytest.mark.parametrize("version", ["3.0.0", "3.1.0", "3.2.0"])
def test_reference_of_a_path_item_with_siblings(version):
    document = api(
        """
        /x/{id}:
          $ref: "#/components/pathItems/Item"
          summary: here
          put: {operationId: here, responses: {200: {description: ok}}}
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
        """,
        """
        components:
          pathItems:
            Item:
              summary: there
              description: there
              parameters: [{name: id, in: path, required: true, schema: {type: string}}]
              put: {operationId: there, responses: {200: {description: ok}}}
              get: {operationId: get, responses: {200: {description: ok}}}
        """,
        version,
    )
    put, get = document.operations
    assert (put.key, put.operation_id) == ("PUT /x/{id}", "here")
    assert (get.key, get.pointer) == ("GET /x/{id}", "/components/pathItems/Item/get")
    assert [op.parameters[0].schema.types for op in (put, get)] == [{JsonType.INTEGER}] * 2
    assert (get.path_summary, get.path_description) == ("here", "there")


def test_siblings_of_a_broken_reference_are_used():
    document = api(f"/x: {{$ref: '#/nowhere', get: {{{OK}}}}}")
    assert [each.key for each in document.operations] == ["GET /x"]
    assert "doc-ref-unresolved" in codes(document)


@pytest.mark.parametrize(
    ("paths", "code", "keys"),
    [
        ("/x?a=1: {get: {%s}}", "doc-path-query", ["GET /x?a=1"]),
        ("'/x#a': {get: {%s}}", "doc-path-query", ["GET /x#a"]),
        ("/x/{: {get: {%s}}", "doc-path-template", ["GET /x/{"]),
        ("/x/{}: {get: {%s}}", "doc-path-template", ["GET /x/{}"]),
        (
            "/{a}/{a}: {parameters: [{name: a, in: path, required: true, schema: {}}], get: {%s}}",
            "doc-path-template-repeated",
            ["GET /{a}/{a}"],
        ),
        (
            "/{a}: {get: {parameters: [{name: a, in: path, required: true, schema: {}}], %s}}\n"
            "/{b}: {get: {parameters: [{name: b, in: path, required: true, schema: {}}], %s}}",
            "doc-path-ambiguous",
            ["GET /{a}", "GET /{b}"],
        ),
    ],
)
def test_strange_paths(paths, code, keys):
    document = api(paths.replace("%s", OK))
    assert codes(document) == [code]
    assert [each.key for each in document.operations] == keys
    assert document.operation(keys[-1]) is document.operations[-1]


def test_templates_inside_a_segment_and_route():
    document = api(
        """
        /files/{name}.{ext}?raw={raw}:
          get:
            parameters:
              - {name: name, in: path, required: true, schema: {type: string}}
              - {name: ext, in: path, required: true, schema: {type: string}}
              - {name: raw, in: query, schema: {type: boolean}}
            responses: {200: {description: ok}}
        """
    )
    found = document.operations[0]
    assert [p.name for p in found.parameters] == ["name", "ext", "raw"]
    assert found.route == "/files/{name}.{ext}"
    assert codes(document) == ["doc-path-query"]


def test_additional_operations():
    document = api(
        """
        /x:
          query: {responses: {200: {description: ok}}}
          additionalOperations:
            COPY: {responses: {200: {description: ok}}}
            purge: {responses: {200: {description: ok}}}
            POST: {responses: {200: {description: ok}}}
            "not a method": {responses: {200: {description: ok}}}
        """,
        version="3.2.0",
    )
    assert [each.method for each in document.operations] == ["QUERY", "COPY", "purge", "POST"]
    assert document.operations[1].pointer == "/paths/~1x/additionalOperations/COPY"
    assert document.operations[1].name_span != Span(0, 0)
    assert codes(document) == ["doc-additional-operation", "doc-additional-operation"]


LINKED = """
/a:
  get:
    responses:
      200:
        description: ok
        links: {l: {%s}}
/b/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {operationId: b, responses: {200: {description: ok}}}
"""


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("operationId: b, parameters: {id: $response.body#/id}", []),
        ("operationId: b, parameters: {path.id: $request.path.id}", []),
        ("operationRef: '#/paths/~1b~1{id}/get'", []),
        ("operationRef: '#/paths/~1b~1%7Bid%7D/get'", []),
        ("operationId: c", ["doc-link-target"]),
        ("operationRef: '#/paths/~1c/get'", ["doc-link-target"]),
        ("description: nothing", ["doc-link-target"]),
        ("operationId: b, operationRef: '#/paths/~1b~1{id}/get'", ["doc-link-target"]),
        ("operationId: b, parameters: {no: 1}", ["doc-link-parameter"]),
        ("operationId: b, parameters: {id: $response.bdy#/id}", ["doc-link-expression"]),
    ],
)
def test_link_targets(link, expected):
    document = api(LINKED.replace("%s", link))
    assert codes(document) == expected
    assert [finding.code for finding in document.operations[0].findings] == expected


def test_link_details():
    found = api(
        LINKED.replace(
            "%s",
            "operationId: b, description: D, requestBody: {a: $request.body}, "
            "server: {url: 'https://{h}', variables: {h: {default: x}}}",
        )
    )
    [link] = found.operations[0].responses["200"].links
    assert (link.description, link.request_body) == ("D", {"a": "$request.body"})
    assert link.server.url == "https://x"


CALLBACK = """
/x:
  post:
    operationId: x
    callbacks:
      onEvent:
        "{$request.body#/url}?id={$response.body#/id}":
          post:
            operationId: event
            requestBody: {content: {application/json: {schema: {type: object}}}}
            responses: {204: {description: ok}}
          put: {responses: {204: {description: ok}}}
        "{$request.header.X-Other}": {get: {responses: {200: {description: ok}}}}
      shared: {$ref: "#/components/callbacks/Shared"}
    responses: {200: {description: ok}}
"""
SHARED_CALLBACK = """
components:
  callbacks:
    Shared:
      $request.query.url:
        post:
          callbacks: {again: {$ref: "#/components/callbacks/Shared"}}
          responses: {}
"""


def test_callbacks():
    document = api(CALLBACK, SHARED_CALLBACK, "3.0.3")
    found = document.operations[0].callbacks
    assert [(each.name, each.expression) for each in found] == [
        ("onEvent", "{$request.body#/url}?id={$response.body#/id}"),
        ("onEvent", "{$request.header.X-Other}"),
        ("shared", "$request.query.url"),
    ]
    post, put = found[0].operations
    assert (post.method, post.operation_id, put.method) == ("POST", "event", "PUT")
    assert post.path == found[0].expression
    assert post.request_body.json.schema.types == {JsonType.OBJECT}
    assert post.name_span != Span(0, 0)
    assert [each.key for each in document.operations] == ["POST /x"]


def test_callbacks_of_callbacks_have_no_end_of_our_making():
    document = api(CALLBACK, SHARED_CALLBACK, "3.1.0")
    found = document.operations[0]
    for _ in range(50):
        found = found.callbacks[-1].operations[0]
    assert found.pointer == "/components/callbacks/Shared/$request.query.url/post"


def test_findings_of_callbacks_are_those_of_their_operation():
    document = api(CALLBACK, SHARED_CALLBACK, "3.0.3")
    assert [(f.code, f.pointer) for f in document.operations[0].findings] == [
        ("doc-no-responses", "/components/callbacks/Shared/$request.query.url/post")
    ]
    assert own(document) == ["doc-no-responses"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{$request.body#/url}", []),
        ("$request.body#/url", []),
        ("https://example.com/{$url}/x?status={$statusCode}", []),
        ("https://example.com/fixed", []),
        ("{$method}", []),
        ("{request.body#/url}", ["doc-callback-expression"]),
        ("{$request.bodi#/url}", ["doc-callback-expression"]),
        ("event", ["doc-callback-expression"]),
    ],
)
def test_callback_expressions(expression, expected):
    document = api(
        f"/x: {{get: {{callbacks: {{c: {{'{expression}': {{post: {{{OK}}}}}}}}}, {OK}}}}}"
    )
    assert codes(document) == expected
    assert document.operations[0].callbacks[0].expression == expression


def test_broken_callbacks_leave_the_rest():
    document = api(
        f"/x: {{get: {{callbacks: {{a: 5, b: {{$ref: '#/no'}}, c: {{$url: {{post: {{{OK}}}}}}}}}, "
        f"{OK}}}}}"
    )
    assert [each.name for each in document.operations[0].callbacks] == ["c"]
    assert codes(document) == ["doc-not-a-mapping", "doc-ref-unresolved"]


def test_webhooks():
    text = """
    webhooks:
      newBook:
        parameters: [{name: X-Sign, in: header, schema: {type: string}}]
        post:
          operationId: newBook
          requestBody: {content: {application/json: {schema: {type: object}}}}
          responses: {}
      lost: {$ref: "#/components/pathItems/Lost"}
    servers: [{url: https://api}]
    components: {pathItems: {Lost: {delete: {operationId: newBook}}}}
    """
    document = api(rest=text)
    post, delete = document.webhooks
    assert (post.webhook, post.path, post.key) == ("newBook", "newBook", "POST newBook")
    assert (post.servers, post.parameters[0].name) == ((), "X-Sign")
    assert post.pointer == "/webhooks/newBook/post"
    assert post.name_span != Span(0, 0)
    assert (delete.webhook, delete.pointer) == ("lost", "/components/pathItems/Lost/delete")
    assert list(document.operations) == []
    assert codes(document) == ["doc-no-responses", "doc-operation-id-duplicate"]
    assert list(api(rest=text, version="3.0.3").webhooks) == []


def test_each_operation_tells_the_faults_of_what_it_shares():
    document = api(
        f"/a: {{get: {{parameters: [{{$ref: '#/components/parameters/P'}}], {OK}}}}}\n"
        f"/b: {{get: {{parameters: [{{$ref: '#/components/parameters/P'}}], {OK}}}}}\n",
        "components: {parameters: {P: {name: p, in: query, style: label, schema: {}}}}",
    )
    assert codes(document) == ["doc-parameter-style"]
    for found in document.operations:
        assert [finding.code for finding in found.findings] == ["doc-parameter-style"]


def test_faults_in_other_files_are_shown_at_each_operation_that_reaches_them():
    parts = "P: {name: p, in: query, style: label, schema: {type: string}}"
    text = dedent(
        f"""
        openapi: 3.1.0
        info: {{title: T, version: "1"}}
        paths:
          /a: {{get: {{parameters: [{{$ref: "parts.yaml#/P"}}], {OK}}}}}
          /b: {{get: {{parameters: [{{$ref: "parts.yaml#/P"}}], {OK}}}}}
        """
    )
    document = load(text, URI, Files({"parts.yaml": parts}))
    lines = [text[: found.findings[0].span.start].count("\n") for found in document.operations]
    assert lines == [4, 5]
