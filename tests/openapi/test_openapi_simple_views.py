"""A schema in which nothing is merged reads the same by the short way as by the long one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.model.schema import Discriminator, Schema
from pe4king_core.openapi import load

KEYWORDS: dict[str, tuple[Any, ...]] = {
    "type": ("string", "integer", "null", "file", "any", ["string", "null"], [], ["x"], 5),
    "nullable": (True, False, "yes"),
    "x-nullable": (True,),
    "enum": (["a", None], [], [1, 1.0, True], None, "a", [[1], {"a": 1}]),
    "const": (None, 1, "a"),
    "format": ("uuid", "", 5),
    "pattern": ("^a$", 7, None),
    "minimum": (0, -1.5, "1", True),
    "exclusiveMinimum": (True, 3, 0),
    "maximum": (5, None),
    "exclusiveMaximum": (False, 4),
    "multipleOf": (2, 0, -1, 0.5),
    "minLength": (1, "x"),
    "maxLength": (5, 2.0),
    "minItems": (1,),
    "maxProperties": (3,),
    "uniqueItems": (True, 1),
    "required": (["a"], "a", [1]),
    "dependentRequired": ({"a": ["b"]}, {"a": 1}),
    "title": ("T", 3),
    "description": ("D",),
    "default": (None, 0, {"a": [1]}),
    "example": ("e", None),
    "examples": ([1, 1.0, "x"], {"a": {"value": 2}}),
    "readOnly": (True, "no"),
    "writeOnly": (True,),
    "deprecated": (True,),
    "contentEncoding": ("base64",),
    "contentMediaType": ("image/png",),
    "xml": ({"name": "x"},),
    "$comment": ("c",),
    "properties": (
        {"a": {"type": "string"}, "b": {"readOnly": True}},
        {200: {"type": "integer"}},
        {},
        {"a": 5, "b": None},
        [],
    ),
    "items": ({"type": "string"}, True, [], [{"type": "string"}], None, "x"),
    "additionalProperties": (False, True, {"type": "integer"}, None, 3),
    "anyOf": ([{"type": "string"}, {"type": "integer"}], [{"type": "string"}], [], {}),
    "oneOf": ([{"const": 1}, {"const": 2}, {"const": 2}], [{"type": "null"}, {"type": "object"}]),
    "allOf": ([], [{"required": ["b"]}], "x"),
    "discriminator": ({"propertyName": "kind", "mapping": {"x": "#/nowhere"}},),
}


def views(raw: dict[str, Any]) -> tuple[Schema, Schema]:
    """The views of `raw`, and of `raw` with a keyword that says nothing and takes the long way."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            f"/{name}": {"get": {"responses": {"200": _answer(schema)}}}
            for name, schema in (("short", raw), ("long", {**raw, "$defs": {}}))
        },
    }
    found = [
        operation.responses["200"].content["application/json"].schema
        for operation in load(json.dumps(document), "file:///simple.json").operations
    ]
    short, long = found
    assert short is not None
    assert long is not None
    return short, long


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "d", "content": {"application/json": {"schema": schema}}}


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_both_ways_say_the_same(seed: int) -> None:
    random = Random(seed)
    names = random.sample(sorted(KEYWORDS), random.randrange(8))
    raw = {name: random.choice(KEYWORDS[name]) for name in names}
    short, long = views(raw)
    assert said(short) == said(long), raw


def said(schema: Schema) -> dict[str, Any]:
    """All that a view says, its subschemas included."""
    # For `wraps`, `$defs` is something that is said.
    names = (field.name for field in fields(Schema) if field.name not in ("pointer", "wraps"))
    return {name: _plain(getattr(schema, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_plain(name): _plain(member) for name, member in value.items()}
    if isinstance(value, Schema):
        return _plain(value.pointer), said(value)
    if isinstance(value, Discriminator):
        return value.property_name, _plain(value.mapping), value.default
    if isinstance(value, str):
        return value.replace("/paths/~1short", "").replace("/paths/~1long", "")
    return value
