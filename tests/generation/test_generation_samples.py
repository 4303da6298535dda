"""Samples obey keywords that speak of other members, of names, or only under a condition."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_core.generation.samples.patterns import matching
from pe4king_core.generation.samples.samples import sample
from pe4king_core.model.schema import Schema
from pe4king_core.openapi import load
from pe4king_core.openapi.schema.values import Direction, Validity, validity

KIND = {"properties": {"kind": {"const": "x"}}}


def view(schema: Any, **schemas: Any) -> Schema:
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": content}, "responses": {}}
    document = {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/x": {"post": operation}},
        "components": {"schemas": schemas},
    }
    body = load(json.dumps(document), "file:///x.json").operations[0].request_body
    assert body is not None
    found = body.content["application/json"].schema
    assert found is not None
    return found


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "prefixItems": [{"type": "integer"}, {"format": "uuid"}]},
        {"prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": False, "minItems": 2},
        {"prefixItems": [{"type": "integer"}], "items": {"type": "boolean"}, "minItems": 4},
        {"items": {"type": "integer"}, "contains": {"minimum": 100}, "minContains": 2},
        {"type": "array", "contains": {"const": "x"}, "minItems": 3},
        {"type": "array", "contains": {"required": ["id"]}, "unevaluatedItems": False},
        {"type": "object", "required": ["x-a"], "patternProperties": {"^x-": {"type": "integer"}}},
        {
            "type": "object",
            "patternProperties": {"^x-[a-z]+$": {"type": "integer"}},
            "additionalProperties": False,
            "minProperties": 2,
        },
        {"type": "object", "propertyNames": {"enum": ["a", "b"]}, "minProperties": 2},
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}},
            "dependentRequired": {"a": ["b"], "b": ["c"]},
            "additionalProperties": {"type": "boolean"},
        },
        {
            "type": "object",
            "required": ["a"],
            "dependentSchemas": {"a": {"required": ["z"], "properties": {"z": {"const": 1}}}},
        },
        {
            "type": "object",
            "properties": {"kind": {"enum": ["x", "y"]}},
            "required": ["kind"],
            "if": KIND,
            "then": {"required": ["v"], "properties": {"v": {"type": "integer"}}},
            "else": {"required": ["w"]},
        },
        {"type": "integer", "if": {"minimum": 10}, "then": False, "else": {"maximum": -5}},
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
            "not": {"required": ["a", "b"]},
        },
        {
            "allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}],
            "required": ["a"],
            "unevaluatedProperties": False,
        },
        {"type": "object", "minProperties": 3, "unevaluatedProperties": {"type": "integer"}},
    ],
)
def test_samples_are_valid(schema):
    found = view(schema)
    assert validity(sample(found), found, direction=Direction.REQUEST) is Validity.VALID


def test_a_discriminator_that_was_inherited_names_the_schema():
    kind = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    pet = {**kind, "discriminator": {"propertyName": "kind"}}
    cat = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["kind"]}]}
    found = view({"$ref": "#/components/schemas/Cat"}, Pet=pet, Cat=cat)
    assert sample(found) == {"kind": "Cat"}


def test_arrays_in_arrays_do_not_multiply():
    inner: Any = {"type": "string"}
    for _ in range(4):
        inner = {"type": "array", "minItems": 1_000, "items": inner}
    assert len(json.dumps(sample(view(inner)))) < 100_000


@pytest.mark.parametrize(
    "pattern", ["((a{1000}){1000}){1000}", "(?:){4294967294}", "((?:){1000}){1000}"]
)
def test_patterns_that_want_endless_strings_are_not_understood(pattern):
    assert matching(pattern) is None
