"""Loading: operations with their parameters, bodies, answers, security and servers."""

from __future__ import annotations

import gc

import pytest
from openapi_kit import URI, Files, api, codes, operation

from pe4king_core.errors import DocumentError
from pe4king_core.model.finding import Severity
from pe4king_core.model.operation import ParameterIn, SchemeKind
from pe4king_core.model.schema import JsonType
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError


def test_document_has_title_versions_and_servers():
    found = load(
        """
openapi: 3.0.3
info: {title: Books, version: 1.2}
servers:
  - url: "https://{region}.example.com/{stage}"
    description: main
    variables:
      region: {default: eu}
      stage: {default: v1, enum: [v1, v2]}
  - url: /relative
paths: {}
""",
        URI,
    )
    assert (found.title, found.version, found.specification) == ("Books", "1.2", "3.0.3")
    assert [server.url for server in found.servers] == ["https://eu.example.com/v1", "/relative"]
    assert found.servers[0].description == "main"
    assert list(found.operations) == []


def test_operations_keep_the_order_of_the_document():
    found = api(
        """
        /b: {post: {responses: {200: {description: ok}}}, get: {responses: {}}}
        /a: {delete: {responses: {}}}
        """
    )
    assert [each.key for each in found.operations] == ["POST /b", "GET /b", "DELETE /a"]
    assert found.operations[0].pointer == "/paths/~1b/post"


def test_operation_details():
    found = operation(
        """
        operationId: getX
        summary: S
        description: D
        tags: [one, two]
        deprecated: true
        responses: {"200": {description: fine}}
        """
    )
    assert (found.operation_id, found.summary, found.description) == ("getX", "S", "D")
    assert found.tags == ("one", "two")
    assert found.deprecated
    assert found.responses["200"].description == "fine"


def test_operation_parameters_override_those_of_the_path_item():
    found = api(
        """
        /x/{id}:
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer}}
            - {name: page, in: query, schema: {type: integer}}
          get:
            parameters:
              - {name: page, in: query, required: true, schema: {type: string}}
              - {name: id, in: query, schema: {type: string}}
            responses: {}
        """
    ).operations[0]
    assert [(p.name, p.location, p.required) for p in found.parameters] == [
        ("id", ParameterIn.PATH, True),
        ("page", ParameterIn.QUERY, True),
        ("id", ParameterIn.QUERY, False),
    ]
    assert found.parameters[1].schema.types == {JsonType.STRING}


@pytest.mark.parametrize(
    ("text", "style", "explode"),
    [
        ("in: query", "form", True),
        ("in: cookie", "form", True),
        ("in: header", "simple", False),
        ("in: query, style: pipeDelimited", "pipeDelimited", False),
        ("in: query, explode: false", "form", False),
        ("in: query, style: deepObject, explode: true", "deepObject", True),
    ],
)
def test_parameter_styles(text, style, explode):
    found = operation(
        f"parameters: [{{name: p, {text}, schema: {{type: array}}}}]\nresponses: {{}}"
    )
    assert (found.parameters[0].style, found.parameters[0].explode) == (style, explode)


def test_parameter_with_content():
    found = operation(
        """
        parameters:
          - name: filter
            in: query
            content: {application/json: {schema: {type: object}, example: {a: 1}}}
        responses: {}
        """
    ).parameters[0]
    assert found.content_type == "application/json"
    assert found.schema.types == {JsonType.OBJECT}


def test_undeclared_path_parameter_is_a_required_string():
    document = api("/x/{id}: {get: {responses: {200: {description: ok}}}}")
    found = document.operations[0].parameters[0]
    assert (found.name, found.location, found.required) == ("id", ParameterIn.PATH, True)
    assert found.schema.types == {JsonType.STRING}
    assert codes(document) == ["doc-path-parameter-undeclared"]
    assert document.operations[0].findings == document.findings


def test_media_type_examples_come_before_schema_examples():
    media = (
        operation(
            """
        responses:
          200:
            content:
              application/json:
                examples:
                  one: {value: {a: 1}}
                  two: {$ref: "#/components/examples/Two"}
                  three: {externalValue: "http://elsewhere/three.json"}
                schema: {type: object, example: {a: 3}, examples: [{a: 1}, {a: 4}]}
        """,
            "components: {examples: {Two: {value: {a: 2}}}}",
        )
        .responses["200"]
        .json
    )
    assert media.examples == ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 4})


def test_response_keys_are_normalised():
    found = operation(
        """
        responses:
          200: {description: number}
          "404": {description: text}
          4xx: {description: range}
          default: {description: rest}
          x-note: {}
        """
    )
    assert list(found.responses) == ["200", "404", "4XX", "default"]
    assert found.response_for(418).description == "range"


def test_headers_and_links():
    found = operation(
        """
        responses:
          "201":
            description: made
            headers:
              Location: {required: true, schema: {type: string, format: uri}}
              Content-Type: {schema: {type: string}}
              X-Total: {content: {text/plain: {schema: {type: integer}}}}
            links:
              self: {operationId: getX, parameters: {id: $response.body#/id}}
        """
    ).responses["201"]
    assert list(found.headers) == ["Location", "X-Total"]
    assert found.headers["Location"].required
    assert found.headers["X-Total"].schema.types == {JsonType.INTEGER}
    assert found.links[0].parameters == {"id": "$response.body#/id"}


SCHEMES = """
security: [{key: []}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    basic: {type: http, scheme: Basic}
    token: {type: http, scheme: bearer}
    oauth: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: /x}
    tls: {type: mutualTLS}
"""


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ("", [["key"]]),
        ("security: []", []),
        ("security: [{}, {basic: []}]", [[], ["basic"]]),
        ("security: [{basic: [], key: []}, {oauth: [read]}]", [["basic", "key"], ["oauth"]]),
    ],
)
def test_security_alternatives(security, expected):
    found = operation(f"{security}\nresponses: {{}}", SCHEMES)
    assert [[s.name for s in item.schemes] for item in found.security] == expected
    assert found.requires_credentials == (bool(expected) and [] not in expected)


def test_security_kinds():
    found = operation(
        "security: [{key: [], basic: [], token: [], oauth: [a], oidc: [], tls: []}]\nresponses: {}",
        SCHEMES,
    ).security[0]
    assert {s.name: s.kind for s in found.schemes} == {
        "key": SchemeKind.API_KEY,
        "basic": SchemeKind.BASIC,
        "token": SchemeKind.BEARER,
        "oauth": SchemeKind.BEARER,
        "oidc": SchemeKind.BEARER,
        "tls": SchemeKind.OTHER,
    }
    assert (found.schemes[0].location, found.schemes[0].parameter) == (ParameterIn.HEADER, "X-Key")
    assert found.scopes["oauth"] == ("a",)


def test_servers_of_operation_path_and_document():
    document = api(
        """
        /a:
          servers: [{url: https://path}]
          get: {responses: {}}
          put: {responses: {}, servers: [{url: https://operation}]}
        /b: {get: {responses: {}}}
        """,
        "servers: [{url: https://document}]",
    )
    assert [each.servers[0].url for each in document.operations] == [
        "https://path",
        "https://operation",
        "https://document",
    ]


def test_query_method_and_additional_operations_belong_to_3_2():
    paths = """
    /x:
      query: {responses: {}}
      additionalOperations: {COPY: {responses: {}}}
    """
    assert [each.method for each in api(paths, version="3.2.0").operations] == ["QUERY", "COPY"]
    assert list(api(paths, version="3.1.0").operations) == []


def test_json_document_with_byte_order_mark():
    found = load('\ufeff{"openapi": "3.0.0", "paths": {"/x": {"get": {"responses": {}}}}}', URI)
    assert found.operations[0].name_span.of(
        '\ufeff{"openapi": "3.0.0", "paths": {"/x": {"get"'
    ) == ('"get"')


def test_loosely_written_json_is_read_as_yaml():
    found = load('{"openapi": "3.0.0", "paths": {"/x": {"get": {"responses": {},},},},}', URI)
    assert [each.key for each in found.operations] == ["GET /x"]


def test_swagger_2():
    document = load(
        """
swagger: "2.0"
info: {title: Old, version: "1"}
host: api.example.com
basePath: /v1/
schemes: [https, http]
consumes: [application/json]
produces: [application/json, application/xml]
securityDefinitions:
  b: {type: basic}
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, type: integer, minimum: 1}
    post:
      security: [{b: []}]
      parameters:
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: pet, in: body, required: true, schema: {$ref: "#/definitions/Pet"}}
      responses:
        200:
          description: ok
          schema: {$ref: "#/definitions/Pet"}
          headers: {X-Rate: {type: integer}}
          examples: {application/json: {name: Rex}}
    put:
      parameters:
        - {name: photo, in: formData, type: file, required: true}
        - {name: note, in: formData, type: string}
      responses: {204: {description: done}}
definitions:
  Pet: {type: object, required: [name], properties: {name: {type: string, x-nullable: true}}}
""",
        URI,
    )
    assert [server.url for server in document.servers] == [
        "https://api.example.com/v1",
        "http://api.example.com/v1",
    ]
    post, put = document.operations
    assert [(p.name, p.explode) for p in post.parameters] == [("id", False), ("tags", True)]
    assert post.parameters[0].schema.bounds.low == 1
    assert post.request_body.required
    assert post.request_body.json.schema.pointer == "/definitions/Pet"
    assert post.request_body.json.schema.properties["name"].nullable
    assert list(post.responses["200"].content) == ["application/json", "application/xml"]
    assert post.responses["200"].json.examples == ({"name": "Rex"},)
    assert post.responses["200"].headers["X-Rate"].schema.types == {JsonType.INTEGER}
    assert post.security[0].schemes[0].kind is SchemeKind.BASIC
    assert list(put.request_body.content) == ["multipart/form-data"]
    form = put.request_body.content["multipart/form-data"].schema
    assert (list(form.properties), form.required) == (["photo", "note"], {"photo"})
    assert put.responses["204"].content == {}
    assert document.findings == ()


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "document-empty", 1),
        ("- a\n- b", "document-not-a-mapping", 1),
        ("title: x", "document-not-openapi", 1),
        ("info: {}\nopenapi: 4.0.0", "document-version", 2),
        ("swagger: '1.2'", "document-version", 1),
        ("paths:\n  /x: [1\n", "document-syntax", 3),
        ('{"info": {},\n "paths": {]}', "document-syntax", 2),
        ("[1,\n", "document-syntax", 2),
        ('{"openapi": ' + "[" * 100_000, "document-too-deep", 1),
        ("openapi: " + "[" * 100_000, "document-too-deep", 1),
        ("openapi: \x01", "document-version", 1),
    ],
)
def test_what_is_no_document_says_why_and_where(text, code, line):
    with pytest.raises(UnreadableError) as caught:
        load(text, URI)
    assert isinstance(caught.value, DocumentError)
    assert caught.value.code == code
    assert f"Line {line}:" in caught.value.text("en")
    assert f"Строка {line}:" in caught.value.text("ru")
    assert text.count("\n", 0, caught.value.span.start) == line - 1


SOUND = "  /b:\n    get: {responses: {200: {description: fine}}}\n"
SOUND_JSON = ' "/b": {"get": {"responses": {"200": {"description": "fine"}}}}'


@pytest.mark.parametrize(
    ("broken", "line", "pointer", "kept"),
    [
        ("  /a: [1\n", 3, "/paths/~1a", []),
        ("  /a: {get: {summary: x}\n", 3, "/paths/~1a", ["GET"]),
        ("  /a:\n    get: {}\n    put:\n      a: b: c\n", 6, "/paths/~1a/put/a", ["GET", "PUT"]),
        ("  /a:\n    get:\n      summary: 'x\n", 5, "/paths/~1a/get/summary", ["GET"]),
        ("  /a:\n    get:\n      tags: []\n    pu\n", 6, "/paths/~1a/get/tags", ["GET"]),
        ("  /a:\n    get:\n      tags: []\n oops\n", 6, "/paths/~1a", ["GET"]),
        ("  /a:\n    get:\n      tags: *nowhere\n", 5, "/paths/~1a/get/tags", ["GET"]),
        ("  /a:\n    get:\n\t  tags: []\n    put: {}\n", 5, "/paths/~1a/get", ["GET", "PUT"]),
    ],
)  # fmt: skip
def test_a_broken_part_is_a_finding_and_the_rest_is_used(broken, line, pointer, kept):
    for text in (
        f"openapi: 3.0.0\npaths:\n{broken}{SOUND}",
        f"openapi: 3.0.0\npaths:\n{broken}{SOUND}components: {{schemas: {{A: {{}}}}}}\n",
    ):
        document = load(text, URI)
        told = [f for f in document.findings if f.code == "document-syntax"]
        assert [(text.count("\n", 0, f.span.start) + 1, f.pointer) for f in told] == [
            (line, pointer)
        ]
        assert told[0].severity is Severity.ERROR
        assert not told[0].message.en.startswith("Line")
        found = {operation.key: operation for operation in document.operations}
        assert list(found) == [*(f"{method} /a" for method in kept), "GET /b"]
        assert found["GET /b"].responses["200"].description == "fine"
        assert "document-syntax" not in [f.code for f in found["GET /b"].findings]
        for method in kept:
            assert "document-syntax" in [f.code for f in found[f"{method} /a"].findings]


@pytest.mark.parametrize(
    ("broken", "line", "pointer", "kept"),
    [
        (' "/a": {"get": {"tags": []},\n  "put": {"tags": [}},\n', 4, "/paths/~1a/put/tags",
         ["GET", "PUT"]),
        (' "/a": {"get": {"tags": []}\n  "put": {}},\n', 4, "/paths/~1a", ["GET", "PUT"]),
        (' "/a": {"get": {"summary": "x}},\n', 3, "/paths/~1a/get/summary", ["GET"]),
        (' "/a": {"get": {}\n', 3, "/paths/~1a", ["GET"]),
    ],
)  # fmt: skip
def test_a_broken_part_of_json_is_a_finding_and_the_rest_is_used(broken, line, pointer, kept):
    text = f'{{"openapi": "3.0.0",\n"paths": {{\n{broken}{SOUND_JSON}\n}}}}'
    document = load(text, URI)
    told = [f for f in document.findings if f.code == "document-syntax"]
    assert [(text.count("\n", 0, f.span.start) + 1, f.pointer) for f in told] == [(line, pointer)]
    found = {operation.key: operation for operation in document.operations}
    assert list(found) == [*(f"{method} /a" for method in kept), "GET /b"]
    assert found["GET /b"].responses["200"].description == "fine"


def test_sound_items_of_a_broken_list_keep_their_places():
    found = load(
        "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      parameters:\n"
        "      - {name: a, in: query, schema: {type: string}}\n"
        "      - name: b: c\n        in: query\n"
        "      - name: d\n        in: query\n        schema: {type: integer}\n",
        URI,
    ).operations[0]
    assert [(p.name, p.pointer) for p in found.parameters] == [
        ("a", "/paths/~1a/get/parameters/0"),
        ("d", "/paths/~1a/get/parameters/2"),
    ]
    assert [f.pointer for f in found.findings if f.code == "document-syntax"] == [
        "/paths/~1a/get/parameters/1/name"
    ]


def test_members_of_a_broken_flow_mapping_have_their_values():
    found = load("openapi: 3.0.0\npaths:\n  /a: {get: {summary: one, description: [}}\n", URI)
    assert [operation.summary for operation in found.operations] == ["one"]


@pytest.mark.parametrize("unused", [False, True])
def test_an_operation_tells_what_is_broken_in_the_schemas_that_it_reaches(unused):
    text = (
        "openapi: 3.0.0\npaths:\n  /a:\n    get:\n"
        "      parameters:\n      - {name: p, in: query, schema: {type: string}}\n"
        "      responses:\n        '200':\n          description: fine\n"
        "          content: {a/b: {schema: {$ref: '#/components/schemas/A'}}}\n"
        "  /b:\n    get:\n      responses: {'204': {description: none}}\n"
        "components:\n  schemas:\n"
        "    A: {properties: {b: {$ref: '#/components/schemas/B'}}}\n"
        "    B:\n      type: object\n      properties: {x: [}\n      required: [y]\n"
        "    C: {type: wrong}\n"
    )
    if unused:
        text = text.replace("$ref: '#/components/schemas/B'", "$ref: '#/components/schemas/C'")
    document = load(text, URI)
    first, second = document.operations
    assert [p.name for p in first.parameters] == ["p"]
    assert list(first.responses) == ["200"]
    (finding,) = first.findings
    if unused:
        assert (finding.code, finding.pointer) == ("doc-schema-type", "/components/schemas/C/type")
    else:
        assert finding.code == "document-syntax"
        assert finding.pointer.startswith("/components/schemas/B")
        assert finding.span.of(text).strip().endswith("[}")
    assert second.findings == ()
    assert "document-syntax" in codes(document)


def test_alias_bomb_is_refused():
    levels = "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 20)}]" for n in range(12)
    )
    with pytest.raises(DocumentError):
        load(f"openapi: 3.0.0\n{levels}\n", URI)


def test_badly_indented_brackets_are_read_as_other_tools_read_them():
    found = load(
        "openapi: 3.0.0\npaths:\n  /x:\n    get:\n      tags: [\n        a\n"
        "]\n      responses: {200: {description: ok}}\n",
        URI,
    )
    assert found.operations[0].tags == ("a",)


def test_collector_is_as_before():
    assert gc.isenabled()
    api("/x: {get: {responses: {}}}")
    assert gc.isenabled()


def test_references_into_other_files():
    files = Files(
        {
            "paths/x.yaml": """
                get:
                  parameters: [{$ref: "../parts.yaml#/parameters/page"}]
                  responses:
                    200: {$ref: "../parts.yaml#/responses/Ok"}
                """,
            "parts.yaml": """
                parameters: {page: {name: page, in: query, schema: {type: integer}}}
                responses:
                  Ok:
                    description: ok
                    content:
                      application/json: {schema: {$ref: "openapi.yaml#/components/schemas/Node"}}
                """,
        }
    )
    text = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /x: {$ref: "paths/x.yaml"}
components:
  schemas:
    Node: {type: object, properties: {next: {$ref: "#/components/schemas/Node"}}}
"""
    files._files = {**files._files, "openapi.yaml": text}  # type: ignore[dict-item]
    document = load(text, URI, files)
    found = document.operations[0]
    assert found.pointer == "file:///api/paths/x.yaml#/get"
    assert found.parameters[0].name == "page"
    view = found.responses["200"].json.schema
    assert view.pointer == "/components/schemas/Node"
    assert view.properties["next"] is view
    assert document.findings == ()
    assert found.name_span.of(text) == "/x"


def test_remote_references_are_refused_without_asking():
    files = Files({})
    text = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /x:
    get:
      responses:
        200: {$ref: "https://example.com/parts.yaml#/Ok"}
        201: {$ref: "file:///etc/passwd"}
"""
    document = load(text, URI, files)
    assert list(document.operations[0].responses) == ["200", "201"]
    assert codes(document) == ["doc-ref-remote", "doc-ref-remote"]
    assert files.asked == []


def test_escaped_and_percent_encoded_references():
    document = api(
        """
        /x/{id}:
          get:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            responses: {}
        /y/{id}:
          get:
            parameters: [{$ref: "#/paths/~1x~1%7Bid%7D/get/parameters/0"}]
            responses: {}
        /z/{id}: {$ref: "#/paths/~1x~1{id}"}
        """
    )
    assert document.findings == () or set(codes(document)) == {"doc-no-responses"}
    assert [each.parameters[0].schema.types for each in document.operations] == [
        {JsonType.INTEGER}
    ] * 3
    assert document.operations[2].key == "GET /z/{id}"
