"""The full check: every fault of a document is a finding with its code, its place and a remedy."""

from __future__ import annotations

import json
import random

import pytest
from checking_kit import OK, check, checker, document, told, with_schema
from openapi_kit import URI

from pe4king_core.model.finding import Severity
from pe4king_core.openapi import load
from pe4king_core.openapi.checks.checking import MAX_REACHED
from pe4king_core.openapi.findings.report import MAX_FINDINGS, MAX_PER_CODE
from pe4king_core.openapi.raw import Place

OPERATIONS = [
    ({"operationID": "a"}, ("doc-field-unknown", "/operationID"), Severity.WARNING),
    ({"zzz": 1}, ("doc-field-unknown", "/zzz"), Severity.INFORMATION),
    ({"consumes": ["a/b"]}, ("doc-field-version", "/consumes"), Severity.INFORMATION),
    ({"summary": 5}, ("doc-wrong-type", "/summary"), Severity.INFORMATION),
    ({"summary": ["a"]}, ("doc-wrong-type", "/summary"), Severity.WARNING),
    ({"deprecated": "yes"}, ("doc-wrong-type", "/deprecated"), Severity.WARNING),
    ({"tags": "a"}, ("doc-not-a-list", "/tags"), Severity.WARNING),
    ({"requestBody": []}, ("doc-not-a-mapping", "/requestBody"), Severity.ERROR),
    ({"requestBody": {}}, ("doc-field-missing", "/requestBody"), Severity.INFORMATION),
    (
        {"parameters": [{"$ref": "#/components/schemas/S"}]},
        ("doc-ref-kind", "/parameters/0"),
        Severity.WARNING,
    ),
    (
        {"parameters": [{"name": "a", "in": "query", "schema": {}, "exmaple": 1}]},
        ("doc-field-unknown", "/parameters/0/exmaple"),
        Severity.WARNING,
    ),
    (
        {
            "parameters": [
                {"name": "a", "in": "query", "schema": {"type": "integer"}, "example": "x"}
            ]
        },
        ("doc-example-invalid", "/parameters/0/example"),
        Severity.INFORMATION,
    ),
    (
        {
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {"type": "integer"},
                        "examples": {"a": {"$ref": "#/components/examples/E"}},
                    }
                }
            }
        },
        ("doc-example-invalid", "/requestBody/content/application~1json/examples/a"),
        Severity.INFORMATION,
    ),
    (
        {
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {"type": "integer"},
                        "example": {"$ref": "#/components/examples/E"},
                    }
                }
            }
        },
        ("doc-example-ref", "/requestBody/content/application~1json/example"),
        Severity.INFORMATION,
    ),
]


@pytest.mark.parametrize(("fields", "expected", "severity"), OPERATIONS)
def test_operation_fault(fields, expected, severity):
    components = {"schemas": {"S": {"type": "string"}}, "examples": {"E": {"value": "text"}}}
    data = document({"/x": {"get": {"responses": OK, **fields}}}, components=components)
    found = check(data)
    pointer = "/paths/~1x/get" + expected[1]
    assert [(f.code, f.pointer, f.severity) for f in found] == [(expected[0], pointer, severity)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"info": {"title": "T"}}, [("doc-field-missing", "/info")]),
        ({"inof": {}}, [("doc-field-unknown", "/inof")]),
        ({"servers": {"url": "/"}}, [("doc-not-a-list", "/servers")]),
        ({"webhooks": {}}, [("doc-field-version", "/webhooks")]),
        ({"tags": [{"name": 5}]}, [("doc-wrong-type", "/tags/0/name")]),
        ({"x-anything": {"a": [1, {"$ref": "#/no"}]}}, []),
        (
            {"components": {"securitySchemes": {"S": {"type": "oauth"}}}},
            [("doc-wrong-value", "/components/securitySchemes/S/type")],
        ),
        ({"components": {"schema": {}}}, [("doc-field-unknown", "/components/schema")]),
        ({"components": {"schemas": []}}, [("doc-not-a-mapping", "/components/schemas")]),
    ],
)
def test_document_fault(more, expected):
    assert told(document() | more) == expected


def test_parameters_of_swagger_are_schemas():
    parameters = [
        {"name": "a", "in": "query", "type": "integr", "required": True},
        {"name": "b", "in": "query", "type": "integer", "minimum": 5, "maximum": 4},
        {"name": "c", "in": "formData", "type": "file", "format": 5},
        {"name": "d", "in": "query", "type": "array", "items": {"type": "string"}, "default": "x"},
    ]
    data = document(
        {"/x": {"get": {"parameters": parameters, "responses": OK}}},
        version="2.0",
    )
    at = "/paths/~1x/get/parameters"
    assert told(data) == [
        ("doc-default-invalid", f"{at}/3/default"),
        ("doc-schema-bounds", f"{at}/1/minimum"),
        ("doc-schema-type", f"{at}/0/type"),
        ("doc-wrong-type", f"{at}/2/format"),
    ]


def test_serialised_examples_of_parameters_are_left_alone():
    listed = {"type": "array", "items": {"type": "integer"}}
    parameters = [
        {"name": "a", "in": "query", "schema": listed, "example": "1,2"},
        {"name": "b", "in": "query", "schema": {"type": "boolean"}, "example": "true"},
        {"name": "c", "in": "query", "schema": {"type": "integer"}, "example": "12"},
        {"name": "d", "in": "query", "schema": {"type": "integer"}, "example": "1.5"},
    ]
    data = document({"/x": {"get": {"parameters": parameters, "responses": OK}}})
    assert told(data) == [("doc-example-invalid", "/paths/~1x/get/parameters/3/example")]


def test_fault_of_another_file_names_file_and_line():
    files = {"pets.yaml": "Pet:\n  type: object\n  properties:\n    a:\n      type: strng\n"}
    data = document(
        {"/x": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}},
        components={
            "responses": {
                "R": {
                    "description": "d",
                    "content": {"application/json": {"schema": {"$ref": "pets.yaml#/Pet"}}},
                }
            }
        },
    )
    (finding,) = check(data, files)
    text = json.dumps(data, indent=1)
    assert finding.code == "doc-schema-type"
    assert finding.message.en.startswith("pets.yaml, line 5: `type: strng`")
    assert finding.message.ru.startswith("pets.yaml, строка 5: `type: strng`")
    assert finding.span.of(text) == '"schema"'


def operation_place(root: Place, path: str, method: str) -> Place:
    paths = root.get("paths")
    assert paths is not None
    item = paths.get(path)
    assert item is not None
    place = item.get(method)
    assert place is not None
    return place


def test_operation_knows_the_faults_of_all_it_reaches():
    ref = {"$ref": "#/components/schemas/A"}
    body = {"requestBody": {"content": {"application/json": {"schema": ref}}}, "responses": OK}
    data = document(
        {
            "/a": {"post": body, "parameters": [{"name": "q", "in": "query", "oops": 1}]},
            "/b": {"get": {"responses": OK}},
        },
        components={
            "schemas": {
                "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"properties": {"a": ref, "c": {"$ref": "#/components/schemas/C"}}},
                "C": {"type": "strng"},
                "D": {"type": "wrong"},
            }
        },
    )
    made, _, root = checker(data)
    found = made.reachable(operation_place(root, "/a", "post"))
    assert [(f.code, f.pointer) for f in found] == [
        ("doc-schema-type", "/components/schemas/C/type"),
        ("doc-field-unknown", "/paths/~1a/parameters/0/oops"),
    ]
    assert made.reachable(operation_place(root, "/b", "get")) == ()


def test_reaching_agrees_with_a_plain_search():
    """Random graphs of schemas: strongly connected components against breadth-first search."""
    chance = random.Random(7)
    for _ in range(30):
        size = chance.randint(2, 25)
        edges = {
            n: {chance.randrange(size) for _ in range(chance.randint(0, 3))} for n in range(size)
        }
        bad = {n for n in range(size) if chance.random() < 0.4}
        schemas = {
            f"S{n}": {
                "type": "strng" if n in bad else "object",
                "properties": {f"p{m}": {"$ref": f"#/components/schemas/S{m}"} for m in edges[n]},
            }
            for n in range(size)
        }
        data = document(components={"schemas": schemas})
        made, _, root = checker(data)
        for start in chance.sample(range(size), size):
            seen, waiting = {start}, [start]
            while waiting:
                for following in edges[waiting.pop()] - seen:
                    seen.add(following)
                    waiting.append(following)
            place = Place(root.source, f"/components/schemas/S{start}", schemas[f"S{start}"])
            found = {finding.pointer for finding in made.reachable(place)}
            assert found == {f"/components/schemas/S{n}/type" for n in seen & bad}


def test_deep_chains_and_fans_are_bounded():
    chain = {f"S{n}": {"items": {"$ref": f"#/components/schemas/S{n + 1}"}} for n in range(3_000)}
    chain["S3000"] = {"type": "strng"}
    data = document(components={"schemas": chain})
    made, _, root = checker(data)
    place = Place(root.source, "/components/schemas/S0", chain["S0"])
    assert [finding.code for finding in made.reachable(place)] == ["doc-schema-type"]
    fan = {f"S{n}": {"type": f"strng{n}"} for n in range(500)}
    fan["All"] = {"anyOf": [{"$ref": f"#/components/schemas/S{n}"} for n in range(500)]}
    made, _, root = checker(document(components={"schemas": fan}))
    place = Place(root.source, "/components/schemas/All", fan["All"])
    assert len(made.reachable(place)) == MAX_REACHED


def test_many_findings_are_shown_fairly():
    schemas = {
        **{f"T{n}": {"type": f"wrong{n}"} for n in range(1_500)},
        **{f"K{n}": {"oneword": n} for n in range(500)},
        "Lone": {"minLength": 3, "maxLength": 2},
    }
    found = check(document(components={"schemas": schemas}))
    codes = [finding.code for finding in found]
    assert len(codes) <= MAX_FINDINGS
    assert codes.count("doc-schema-type") == MAX_PER_CODE
    assert codes.count("doc-schema-keyword") == 20
    assert codes.count("doc-schema-bounds") == 1
    assert codes[-1] == "doc-more"
    assert found[-1].message.en.startswith("1,880 more findings are left out")
    assert "doc-schema-type: 1,400, doc-schema-keyword: 480" in found[-1].message.en


def test_repeated_operation_ids():
    operation = {"operationId": "same", "responses": OK}
    found = told(document({"/a": {"get": operation}, "/b": {"get": operation}}))
    assert found == [("doc-operation-id-duplicate", "/paths/~1b/get")]
    shared = {"pathItems": {"A": {"get": operation}, "B": {"get": operation}}}
    paths = {"/a": {"$ref": "#/components/pathItems/A"}, "/c": {"$ref": "#/components/pathItems/A"}}
    assert told(document(paths, "3.1.0", components=shared)) == []


def test_unused_components_are_told_on_demand():
    data = with_schema({"type": "string"}, B={"items": {"$ref": "#/components/schemas/A"}})
    assert told(data) == []
    made, report, root = checker(data, unused=True)
    made.document(root)
    assert [(f.code, f.pointer) for f in report.findings] == [
        ("doc-component-unused", "/components/schemas/B")
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"openapi": "3.0.0", "info": [], "paths": [], "components": 5},
        {"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [None, 1, [], {"in": {}}]}}}},
        {"openapi": "3.1.0", "components": {"schemas": {1: {2: 3, None: {}}, "a": {"type": {}}}}},
        {
            "openapi": "3.1.0",
            "components": {"schemas": {"a": {"enum": [{}, []], "required": [{}]}}},
        },
        {"openapi": "3.1.0", "components": {"schemas": {"a": {"discriminator": [], "allOf": 1}}}},
        {"openapi": "3.1.0", "components": {"schemas": {"a": {"minimum": float("nan")}}}},
        {"openapi": "3.1.0", "components": {"schemas": {"a": {"minLength": 10**400}}}},
        {"swagger": "2.0", "paths": {"/": {"get": {"parameters": [{"type": [], "items": 5}]}}}},
        {"openapi": "3.0.0", "components": {"schemas": {"a" * 5_000: {"b" * 5_000: 1}}}},
    ],
)
def test_nonsense_never_raises(data):
    made, report, root = checker(data)
    made.document(root)
    assert all(finding.message.en and finding.message.ru for finding in report.findings)


def test_findings_stand_at_keys_and_values():
    text = """openapi: 3.0.0
info: {title: T, version: "1"}
paths: {}
components:
  schemas:
    A:
      type: strng
      maxLenght: 5
      allOf:
        - banana: 1
        - $ref: '#/components/schemas/No'
"""
    found = {(f.code, f.span.of(text)) for f in load(text, URI).findings}
    assert found == {
        ("doc-schema-type", "strng"),
        ("doc-schema-keyword", "maxLenght"),
        ("doc-schema-keyword", "banana"),
        ("doc-ref-unresolved", "$ref: '#/components/schemas/No'"),
    }


def test_dynamic_references_are_followed():
    data = with_schema({"items": {"$dynamicRef": "#/components/schemas/No"}}, "3.1.0")
    assert told(data) == [("doc-ref-unresolved", "/components/schemas/A/items")]


def test_references_into_the_middle_are_checked_once():
    inner = {"type": "object", "properties": {"a": {"type": "strng"}}}
    media = {"application/json": {"schema": inner}}
    pointer = "/paths/~1x/get/responses/200/content/application~1json/schema"
    data = document(
        {
            "/x": {"get": {"responses": {"200": {"description": "d", "content": media}}}},
            "/y": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}},
        },
        components={
            "responses": {
                "R": {
                    "description": "d",
                    "content": {"a/json": {"schema": {"$ref": "#" + pointer}}},
                }
            }
        },
    )
    assert told(data) == [("doc-schema-type", pointer + "/properties/a/type")]
    made, _, root = checker(data)
    for path in ("/x", "/y"):
        found = made.reachable(operation_place(root, path, "get"))
        assert [finding.code for finding in found] == ["doc-schema-type"]


def test_hostile_size_is_bounded(monkeypatch):
    monkeypatch.setattr("pe4king_core.openapi.checks.checking.MAX_OBJECTS", 100)
    schemas = {f"S{n}": {"type": "string"} for n in range(500)}
    codes = [finding.code for finding in check(document(components={"schemas": schemas}))]
    assert codes == ["doc-check-incomplete"]
