"""Members that the document forbids: told wherever it is certain, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_core.generation import response_facts
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import (
    AssertionFact,
    HasLength,
    HasType,
    InRange,
    OnlyMembers,
    SubjectKind,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.openapi import load

CLOSED = {"additionalProperties": False}
TEXT = {"type": "string"}
NAMED = {
    "A": {"type": "object", "properties": {"a": TEXT}, **CLOSED},
    "B": {"type": "object", "properties": {"b": TEXT}, **CLOSED},
    "Open": {"type": "object", "properties": {"c": TEXT}},
    "Tree": {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
        **CLOSED,
    },
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def facts_of(schema: dict[str, Any], depth: Depth = Depth.L5_TYPES) -> tuple[AssertionFact, ...]:
    answer = {"description": "", "content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": answer}}}},
        "components": {"schemas": NAMED},
    }
    [operation] = load(json.dumps(document), "file:///t.json").operations
    return response_facts(operation, 200, depth=depth)


def told(schema: dict[str, Any], depth: Depth = Depth.L5_TYPES) -> dict[str, tuple[str, ...]]:
    return {
        fact.subject.name: fact.check.names
        for fact in facts_of(schema, depth)
        if isinstance(fact.check, OnlyMembers)
    }


OBJECT = {"type": "object", "properties": {"a": TEXT, "b": TEXT}}


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        (OBJECT | CLOSED, {"": ("a", "b")}),
        ({"properties": {"a": TEXT}, **CLOSED}, {"": ("a",)}),
        (OBJECT | {"type": ["object", "null"], **CLOSED}, {"": ("a", "b")}),
        (OBJECT | {"unevaluatedProperties": False}, {"": ("a", "b")}),
        (
            OBJECT | {"allOf": [ref("Open")], "unevaluatedProperties": False},
            {"": ("a", "b", "c")},
        ),
        ({"type": "array", "items": ref("A")}, {"/*": ("a",)}),
        (
            {"type": "object", "properties": {"x": ref("A"), "y": ref("Open")}, **CLOSED},
            {"": ("x", "y"), "/x": ("a",)},
        ),
        ({"oneOf": [ref("A"), ref("B")]}, {"": ("a", "b")}),
        ({"anyOf": [ref("A"), {"type": "null"}]}, {"": ("a",)}),
        (ref("Tree"), {"": ("below",), "/below/*": ("below",)}),
    ],
    ids=str,
)
def test_what_else_is_forbidden_is_told(
    schema: dict[str, Any], names: dict[str, tuple[str, ...]]
) -> None:
    assert told(schema) == names


@pytest.mark.parametrize(
    "schema",
    [
        OBJECT,
        OBJECT | {"additionalProperties": TEXT},
        OBJECT | {"additionalProperties": {}},
        OBJECT | {"patternProperties": {"^x-": TEXT}, **CLOSED},
        OBJECT | {"patternProperties": {"^x-": TEXT}, "unevaluatedProperties": False},
        OBJECT | {"unevaluatedProperties": TEXT},
        OBJECT | {"type": ["object", "string"], **CLOSED},
        {"oneOf": [ref("A"), ref("Open")]},
        {"type": "object", **CLOSED},
        {
            **OBJECT,
            "if": {"required": ["a"]},
            "then": {"additionalProperties": TEXT},
            "unevaluatedProperties": False,
        },
    ],
    ids=str,
)
def test_what_may_be_there_is_not_ruled_out(schema: dict[str, Any]) -> None:
    assert told(schema) == {}


def test_the_names_are_told_with_types_only() -> None:
    assert told(OBJECT | CLOSED, Depth.L4_NESTED) == {}


def checks_of(schema: dict[str, Any]) -> list[object]:
    facts = [fact for fact in facts_of(schema) if fact.subject.kind is SubjectKind.BODY]
    return [fact.check for fact in facts if not isinstance(fact.check, HasType)]


def test_a_number_of_32_bits_is_no_larger() -> None:
    low, high = -(2**31), 2**31 - 1
    assert checks_of({"type": "integer", "format": "int32"}) == [InRange(Bounds(low, high))]
    assert checks_of({"type": "integer", "format": "int32", "minimum": 1}) == [
        InRange(Bounds(1, high))
    ]
    assert checks_of({"type": "integer", "format": "int64"}) == []


def test_an_address_is_no_longer_than_documented() -> None:
    limited = {"type": "string", "minLength": 3, "maxLength": 254}
    assert HasLength(Bounds(None, 254)) in checks_of(limited | {"format": "email"})
    assert not any(
        isinstance(check, HasLength) for check in checks_of(limited | {"format": "date"})
    )
