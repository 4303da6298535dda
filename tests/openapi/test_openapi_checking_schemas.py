"""Faults of schemas: each is a finding with its code and place; sound schemas say nothing."""

from __future__ import annotations

import pytest
from checking_kit import check, told, with_schema

from pe4king_core.model.finding import Severity

SCHEMAS = [
    ({"type": "strng"}, "doc-schema-type", "/type", Severity.WARNING),
    ({"type": "int64"}, "doc-schema-type", "/type", Severity.WARNING),
    ({"type": "object", "required": True}, "doc-schema-required", "/required", Severity.WARNING),
    ({"required": "a"}, "doc-schema-required", "/required", Severity.WARNING),
    (
        {"required": ["b"], "properties": {"aaa": {}}},
        "doc-schema-required-unknown",
        "/required",
        Severity.INFORMATION,
    ),
    (
        {"required": ["naem"], "properties": {"name": {}}},
        "doc-schema-required-unknown",
        "/required",
        Severity.WARNING,
    ),
    ({"enum": []}, "doc-schema-enum", "/enum", Severity.WARNING),
    ({"enum": ["a", "b", "a"]}, "doc-schema-enum", "/enum", Severity.INFORMATION),
    (
        {"type": "string", "enum": ["a", 1]},
        "doc-schema-enum-type",
        "/enum",
        Severity.INFORMATION,
    ),
    ({"type": "string", "enum": [1]}, "doc-schema-enum-type", "/enum", Severity.WARNING),
    ({"enum": "a"}, "doc-not-a-list", "/enum", Severity.WARNING),
    (
        {"type": "integer", "default": "x"},
        "doc-default-invalid",
        "/default",
        Severity.INFORMATION,
    ),
    (
        {"type": "object", "properties": {"a": {"type": "integer"}}, "example": {"a": "x"}},
        "doc-example-invalid",
        "/example",
        Severity.INFORMATION,
    ),
    ({"minLength": 5, "maxLength": 4}, "doc-schema-bounds", "/minLength", Severity.WARNING),
    ({"minItems": 5, "maxItems": 4}, "doc-schema-bounds", "/minItems", Severity.WARNING),
    (
        {"minProperties": 5, "maxProperties": 4},
        "doc-schema-bounds",
        "/minProperties",
        Severity.WARNING,
    ),
    ({"minimum": 5, "maximum": 4.5}, "doc-schema-bounds", "/minimum", Severity.WARNING),
    (
        {"minimum": 5, "exclusiveMinimum": True, "maximum": 5},
        "doc-schema-bounds",
        "/minimum",
        Severity.WARNING,
    ),
    ({"minLength": -1}, "doc-schema-negative", "/minLength", Severity.WARNING),
    ({"multipleOf": 0}, "doc-schema-negative", "/multipleOf", Severity.WARNING),
    ({"maxLength": "5"}, "doc-wrong-type", "/maxLength", Severity.WARNING),
    ({"maxLength": 2.5}, "doc-wrong-type", "/maxLength", Severity.WARNING),
    (
        {"type": "integer", "maxLength": 5},
        "doc-schema-keyword-type",
        "/maxLength",
        Severity.INFORMATION,
    ),
    ({"type": "array"}, "doc-schema-items", "", Severity.INFORMATION),
    ({"const": 5}, "doc-schema-dialect", "/const", Severity.INFORMATION),
    ({"type": ["string", "integer"]}, "doc-schema-dialect", "/type", Severity.INFORMATION),
    ({"exclusiveMinimum": 5}, "doc-schema-dialect", "/exclusiveMinimum", Severity.INFORMATION),
    ({"examples": ["a"]}, "doc-schema-dialect", "/examples", Severity.INFORMATION),
    ({"pattern": "([a"}, "doc-schema-pattern", "/pattern", Severity.WARNING),
    ({"pattern": "/^[a-z]+$/i"}, "doc-schema-pattern", "/pattern", Severity.WARNING),
    ({"maxLenght": 5}, "doc-schema-keyword", "/maxLenght", Severity.WARNING),
    ({"banana": 5}, "doc-schema-keyword", "/banana", Severity.INFORMATION),
    ({"name": {"type": "string"}}, "doc-schema-keyword", "/name", Severity.WARNING),
    (
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        "doc-schema-unsatisfiable",
        "/allOf",
        Severity.WARNING,
    ),
    (
        {"properties": {"a": {}}, "discriminator": {"propertyName": "kind"}},
        "doc-discriminator-property",
        "/discriminator",
        Severity.INFORMATION,
    ),
    (
        {"properties": {"kind": {}}, "discriminator": {"propertyName": "kind"}},
        "doc-discriminator-optional",
        "/discriminator",
        Severity.INFORMATION,
    ),
    (
        {
            "properties": {"kind": {}},
            "required": ["kind"],
            "discriminator": {"propertyName": "kind", "mapping": {"a": "Nowhere"}},
        },
        "doc-discriminator-mapping",
        "/discriminator/mapping/a",
        Severity.WARNING,
    ),
    ({"properties": {"a": "text"}}, "doc-not-a-mapping", "/properties/a", Severity.ERROR),
    ({"properties": ["a"]}, "doc-not-a-mapping", "/properties", Severity.ERROR),
    ({"allOf": {"type": "string"}}, "doc-not-a-list", "/allOf", Severity.ERROR),
    (
        {"$ref": "#/components/schemas/B", "maxLength": 5},
        "doc-ref-siblings",
        "",
        Severity.INFORMATION,
    ),
    ({"$ref": "#/components/schemas/No"}, "doc-ref-unresolved", "", Severity.ERROR),
    ({"$ref": "#/components/schemas/A"}, "doc-ref-cycle", "", Severity.ERROR),
    ({"not": {"$ref": "https://x.test/a"}}, "doc-ref-remote", "/not", Severity.ERROR),
]


@pytest.mark.parametrize(("schema", "code", "below", "severity"), SCHEMAS)
def test_schema_fault(schema, code, below, severity):
    data = with_schema(schema, B={"type": "string"})
    pointer = "/components/schemas/A" + below
    found = check(data)
    assert [(f.code, f.pointer, f.severity) for f in found] == [(code, pointer, severity)]
    assert found[0].message.en != found[0].message.ru
    assert found[0].span.start > 0


def test_unknown_type_in_a_list():
    found = check(with_schema({"type": ["string", "nul", None]}, "3.1.0"))
    assert [(f.code, f.message.en.partition(" is no type")[0]) for f in found] == [
        ("doc-schema-type", "`type: nul`"),
        ("doc-schema-type", "`type: null`"),
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "nullable": True, "enum": ["a", None]},
        {"type": "number", "enum": [1, 2.5]},
        {"type": "integer", "enum": [1, 2.0], "default": 1.0},
        {"required": ["a"], "allOf": [{"properties": {"a": {}}}]},
        {"allOf": [{"required": ["b"], "properties": {"a": {}}}], "properties": {"b": {}}},
        {"required": ["a"], "properties": {"b": {}}, "additionalProperties": {"type": "string"}},
        {"properties": {"$ref": {"type": "string"}, "required": {"type": "boolean"}}},
        {"properties": {"type": {"type": "string"}, "x-y": {"type": "string"}}},
        {"type": "object", "x-internal": {"a": [1]}, "example": {"$id": 1, "type": "strng"}},
        {"default": {"$ref": 5}, "enum": [{"type": "strng"}, {"$ref": 5}]},
        {"pattern": r"^\p{L}+(?<year>\d{4})\k<year>$"},
        {"pattern": "(?i)^[a-z]++$"},
        {"pattern": r"^[\w.\-]+@[\w.]+\.(?:de|com)$"},
        {"type": "string", "format": "date", "example": "2020-02-30x", "nullable": False}
        | {"format": "own-format"},
        {"type": "integer", "minimum": 5, "maximum": 5, "uniqueItems": False},
        {"items": {"$ref": "#/components/schemas/A"}, "type": "array"},
        {"oneOf": [{"type": "string"}, {"type": "integer"}], "discriminator": None},
        {"type": "object", "additionalProperties": True, "description": None},
        {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}],
            "discriminator": {"propertyName": "kind", "mapping": {"c": "Cat"}},
        },
    ],
)
def test_sound_schema_says_nothing(schema):
    cat = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    assert told(with_schema(schema, Cat=cat)) == []


@pytest.mark.parametrize(
    ("version", "schema", "below"),
    [
        ("3.1.0", {"type": "string", "nullable": True}, ["/nullable"]),
        ("3.1.0", {"minimum": 1, "exclusiveMinimum": True}, ["/exclusiveMinimum"]),
        ("3.1.0", {"type": "array", "items": [{"type": "string"}]}, ["/items"]),
        ("3.1.0", {"type": ["integer", "null"], "const": 5, "exclusiveMinimum": 3}, []),
        ("3.2.0", {"prefixItems": [{}], "if": {}, "then": {}, "$defs": {"a": True}}, []),
        ("2.0", {"oneOf": [{"type": "string"}], "nullable": True}, ["/nullable", "/oneOf"]),
        ("2.0", {"type": "integer", "x-nullable": True, "exclusiveMinimum": True}, []),
    ],
)
def test_dialects(version, schema, below):
    section = "/definitions/A" if version == "2.0" else "/components/schemas/A"
    assert told(with_schema(schema, version)) == [
        ("doc-schema-dialect", section + name) for name in below
    ]
