"""Swagger 2.0: collection formats, forms, addresses, OAuth."""

from __future__ import annotations

from textwrap import dedent

import pytest
from openapi_kit import URI, codes

from pe4king_core.model.operation import (
    ApiDocument,
    FlowKind,
)
from pe4king_core.model.schema import JsonType
from pe4king_core.openapi import load

OK = "responses: {200: {description: ok}}"


def own(document: ApiDocument, *others: str) -> list[str]:
    """The codes of all findings but `others`, which other checks give."""
    return [code for code in codes(document) if code not in others]


def swagger(text: str) -> ApiDocument:
    return load(f'swagger: "2.0"\ninfo: {{title: T, version: "1"}}\n{dedent(text)}', URI)


@pytest.mark.parametrize(
    ("text", "collection", "style", "explode"),
    [
        ("in: query, type: array, items: {type: string}", "csv", "form", False),
        ("in: query, type: array, collectionFormat: multi", "multi", "form", True),
        ("in: query, type: array, collectionFormat: ssv", "ssv", "spaceDelimited", False),
        ("in: query, type: array, collectionFormat: tsv", "tsv", "tabDelimited", False),
        ("in: query, type: array, collectionFormat: pipes", "pipes", "pipeDelimited", False),
        ("in: header, type: array", "csv", "simple", False),
        ("in: header, type: array, collectionFormat: pipes", "pipes", "pipeDelimited", False),
        ("in: path, required: true, type: array", "csv", "simple", False),
        ("in: query, type: string", "", "form", False),
    ],
)
def test_collection_formats(text, collection, style, explode):
    document = swagger(
        f"paths: {{'/x/{{p}}': {{get: {{parameters: [{{name: p, {text}}}], {OK}}}}}}}"
    )
    found = document.operations[0].parameters[0]
    assert (found.collection_format, found.style, found.explode) == (collection, style, explode)
    assert "doc-collection-format" not in codes(document)


@pytest.mark.parametrize(
    "text", ["in: header, collectionFormat: multi", "in: query, collectionFormat: semicolons"]
)
def test_collection_format_that_is_not_possible(text):
    document = swagger(
        f"paths: {{/x: {{get: {{parameters: [{{name: p, type: array, items: {{type: string}}, "
        f"{text}}}], {OK}}}}}}}"
    )
    assert document.operations[0].parameters[0].collection_format == "csv"
    assert "doc-collection-format" in codes(document)


def test_forms_of_swagger():
    document = swagger(
        """
        consumes: [application/json, application/x-www-form-urlencoded, multipart/form-data]
        paths:
          /x:
            post:
              parameters:
                - {name: tags, in: formData, type: array, items: {type: string}, required: true,
                   collectionFormat: multi}
                - {name: size, in: formData, type: integer, minimum: 1}
              responses: {200: {description: ok}}
            put:
              parameters:
                - {name: photo, in: formData, type: file}
              responses:
                200:
                  description: ok
                  schema: {type: file}
                  headers:
                    X-Ids: {type: array, items: {type: integer}, collectionFormat: pipes}
            patch:
              consumes: [text/plain]
              parameters: [{name: photo, in: formData, type: file}]
              responses: {200: {description: ok}}
            delete:
              consumes: []
              parameters:
                - {name: a, in: body, schema: {type: string}}
                - {name: b, in: formData, type: string}
              responses: {200: {description: ok}}
        """
    )
    post, put, patch, delete = document.operations
    assert list(post.request_body.content) == [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ]
    form = post.request_body.content["multipart/form-data"]
    assert form.encoding["tags"].explode
    assert form.schema.properties["size"].bounds.low == 1
    assert form.schema.properties["size"].pointer == "/paths/~1x/post/parameters/1"
    assert form.schema.required == {"tags"}
    assert list(put.request_body.content) == ["multipart/form-data"]
    photo = put.request_body.content["multipart/form-data"].schema.properties["photo"]
    assert (photo.types, photo.format) == ({JsonType.STRING}, "binary")
    assert list(put.responses["200"].content) == ["application/octet-stream"]
    ids = put.responses["200"].headers["X-Ids"]
    assert (ids.collection_format, ids.style) == ("pipes", "pipeDelimited")
    assert list(patch.request_body.content) == ["multipart/form-data"]
    assert list(delete.request_body.content) == ["application/json"]
    assert codes(document) == ["doc-body-parameters", "doc-file-consumes"]


def test_examples_of_swagger_answers():
    found = swagger(
        """
        produces: [application/json]
        paths:
          /x:
            get:
              responses:
                200:
                  description: ok
                  schema: {type: object, example: {a: 2}}
                  examples: {application/json: {a: 1}}
        """
    ).operations[0]
    media = found.responses["200"].json
    assert media.examples == ({"a": 1}, {"a": 2})
    [example] = media.named_examples
    assert example.pointer == "/paths/~1x/get/responses/200/examples/application~1json"


@pytest.mark.parametrize(
    ("text", "urls", "expected"),
    [
        ("host: a.b\nschemes: [https, ws]", ["https://a.b", "ws://a.b"], []),
        ("host: a.b:8080\nbasePath: /v1/", ["https://a.b:8080/v1"], []),
        ("host: 'http://a.b/'", ["http://a.b"], ["doc-server-host"]),
        ("host: a.b\nbasePath: v1", ["https://a.b/v1"], ["doc-server-base-path"]),
        ("basePath: /v1", ["/v1"], []),
        ("host: a.b\nschemes: [ftp, http]", ["http://a.b"], ["doc-server-scheme"]),
        ("schemes: [http]", [], []),
    ],
)
def test_addresses_of_swagger(text, urls, expected):
    document = swagger(f"{text}\npaths: {{/x: {{get: {{{OK}}}}}}}")
    assert [server.url for server in document.servers] == urls
    assert [server.url for server in document.operations[0].servers] == urls
    assert own(document, "doc-wrong-value") == expected


def test_schemes_of_a_swagger_operation():
    document = swagger(
        f"host: a.b\nschemes: [http]\npaths: {{/x: {{get: {{schemes: [wss], {OK}}}, "
        f"put: {{{OK}}}}}}}"
    )
    get, put = document.operations
    assert [get.servers[0].url, put.servers[0].url] == ["wss://a.b", "http://a.b"]


def test_oauth_of_swagger():
    document = swagger(
        f"""
        securityDefinitions:
          o: {{type: oauth2, flow: accessCode, authorizationUrl: https://a, tokenUrl: https://t,
               scopes: {{read: R}}}}
        paths: {{/x: {{get: {{security: [{{o: [read]}}], {OK}}}}}}}
        """
    )
    [flow] = document.security_schemes["o"].flows
    assert (flow.kind, flow.token_url, flow.scopes) == (
        FlowKind.AUTHORIZATION_CODE,
        "https://t",
        {"read": "R"},
    )
    assert document.findings == ()
