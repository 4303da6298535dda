"""Broken parts become findings at their place, and the rest stays usable."""

from __future__ import annotations

import pytest
from openapi_kit import URI, api, codes, operation

from pe4king_core.openapi import load

OK = "responses: {200: {description: ok}}"


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ("x: {get: {%s}}", ["doc-path-slash"]),
        ("/x: [1]", ["doc-not-a-mapping"]),
        ("/x:", []),
        ("/x: {get: text}", ["doc-not-a-mapping"]),
        ("/x: {get: {responses: {200: text}}}", ["doc-not-a-mapping"]),
        (
            "/x: {get: {responses: {ok: {description: x}, 200: {description: y}}}}",
            ["doc-response-status"],
        ),
        ("/x: {get: {responses: {}}}", ["doc-no-responses"]),
        ("/x: {get: {responses: {200: {$ref: '#/nowhere'}}}}", ["doc-ref-unresolved"]),
        ("/x: {get: {parameters: [{in: query}], %s}}", ["doc-parameter-name"]),
        ("/x: {get: {parameters: [{name: a, in: body}], %s}}", ["doc-parameter-in"]),
        ("/x: {get: {parameters: {name: a, in: query}, %s}}", ["doc-parameters-not-a-list"]),
        (
            "/x: {get: {parameters: [{name: a, in: path, required: true, schema: {}}], %s}}",
            ["doc-path-parameter-unused"],
        ),
        (
            "/x: {get: {parameters: [{name: a, in: query, schema: {}}, "
            "{name: a, in: query, schema: {}}], %s}}",
            ["doc-parameter-duplicate"],
        ),
        ("/x: {get: {parameters: [{name: Accept, in: header}], %s}}", ["doc-parameter-ignored"]),
        ("/x/{id}: {get: {%s}}", ["doc-path-parameter-undeclared"]),
        (
            "/x: {get: {operationId: a, %s}, put: {operationId: a, %s}}",
            ["doc-operation-id-duplicate"],
        ),
        ("/x: {get: {security: [{no: []}], %s}}", ["doc-security-unknown-scheme"]),
        ("/x: {get: {security: {no: []}, %s}}", ["doc-security-not-a-list"]),
        ("/x: {get: {requestBody: 5, %s}}", ["doc-not-a-mapping"]),
        ("/x: {get: {requestBody: {content: {a/b: {schema: 7}}}, %s}}", ["doc-not-a-mapping"]),
        ("/x: {get: {servers: [{description: no}], %s}}", ["doc-server-url"]),
        ("/x: {get: {servers: [{url: 'http://{h}'}], %s}}", ["doc-server-variable"]),
        ("/x: {$ref: '#/paths/~1x'}", ["doc-ref-cycle"]),
        ("/x: {$ref: 'other.yaml'}", ["doc-ref-file"]),
        ("x-internal: 5", []),
        ("5: {get: {%s}}", ["doc-path-slash"]),
        (
            "/x: {get: {1: 2, null: 3, %s}}",
            ["doc-field-unknown", "doc-field-unknown", "doc-key-not-text"],
        ),
    ],
)
def test_finding(paths, expected):
    document = api(paths.replace("%s", OK) + f"\n/sound: {{get: {{{OK}}}}}\n")
    assert codes(document) == expected
    assert document.operations[-1].key == "GET /sound"
    for finding in document.findings:
        assert finding.message.en
        assert finding.message.ru
        assert finding.message.en != finding.message.ru
        assert finding.span.start > 0


def test_findings_stand_at_their_key():
    text = """openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /x:
    get:
      operationId: a
      parameters:
        - in: query
      responses:
        ok: {description: x}
        "200":
          description: y
          content:
            application/json:
              schema: {$ref: "#/components/schemas/No"}
components:
  schemas:
    A:
      properties:
        b: {$ref: "#/components/schemas/No"}
        description: {description: "$ref: '#/nowhere' in prose"}
        c: {type: object, example: {$ref: "#/components/schemas/No"}}
"""
    document = load(text, URI)
    assert [(f.code, f.span.of(text)) for f in document.findings] == [
        ("doc-parameter-name", "in: query"),
        ("doc-response-status", "ok"),
        ("doc-ref-unresolved", "schema"),
        ("doc-ref-unresolved", "b"),
    ]


def test_operation_with_a_broken_schema_is_usable():
    found = operation(
        """
        parameters: [{name: q, in: query, schema: {$ref: "#/components/schemas/No"}}]
        responses: {200: {content: {application/json: {schema: {$ref: "#/no"}}}}}
        """
    )
    view = found.responses["200"].json.schema
    assert found.parameters[0].name == "q"
    assert view.types == frozenset()
    assert view.unread == {"$ref"}


def test_same_fault_of_a_shared_part_is_told_once():
    document = api(
        "/a: {get: {parameters: [{$ref: '#/components/parameters/P'}], %s}}\n"
        "/b: {get: {parameters: [{$ref: '#/components/parameters/P'}], %s}}\n".replace("%s", OK),
        "components: {parameters: {P: {in: query}}}",
    )
    assert codes(document) == ["doc-parameter-name"]
