"""Schemas that mean harm: an answer, valid where there is a valid one, in bounded work."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from pe4king_core.mock.answers.answers import VARIANTS, Answers
from pe4king_core.mock.answers.kept import Kept
from tests.mock.answers.answers_kit import content, document_of, media_of

SELF = {"$ref": "#/components/schemas/A"}
LARGEST = 1_000_000


def nested(depth: int) -> Any:
    schema: Any = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "required": ["x"], "properties": {"x": schema}}
    return schema


SCHEMAS: dict[str, Any] = {
    "many items": {"type": "array", "minItems": 10**9, "items": {"type": "integer"}},
    "long text": {"type": "string", "minLength": 10**9},
    "no end": {
        "properties": {
            "text": {"type": "string", "maxLength": 10**9},
            "list": {"type": "array", "items": {}, "maxItems": 10**9},
        },
        "type": "object",
    },
    "many members": {"type": "object", "minProperties": 10**6},
    "wide": {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(3000)}},
    "required of itself": {"type": "object", "required": ["a"], "properties": {"a": SELF}},
    "lists of itself": {"type": "array", "minItems": 3, "items": SELF},
    "tree": {
        "type": "object",
        "properties": {"left": SELF, "right": SELF, "all": {"type": "array", "items": SELF}},
    },
    "map of itself": {"type": "object", "additionalProperties": SELF},
    "wide and of itself": {
        "type": "object",
        "required": [f"p{n}" for n in range(30)],
        "properties": {f"p{n}": SELF for n in range(30)},
    },
    "many branches": {
        "oneOf": [
            {"type": "object", "required": [f"k{n}"], "properties": {f"k{n}": {"type": "string"}}}
            for n in range(300)
        ]
    },
    "same branches": {"oneOf": [{"type": "object"}] * 100},
    "long enum": {"enum": [f"v{n}" for n in range(20_000)]},
    "too few to differ": {
        "type": "array",
        "uniqueItems": True,
        "minItems": 50,
        "items": {"enum": [1, 2, 3]},
    },
    "pattern": {"type": "string", "pattern": "^(a+)+$", "minLength": 5000},
    "numbers": {
        "type": "object",
        "properties": {
            "a": {"type": "number", "minimum": 1e308},
            "b": {"type": "number", "multipleOf": 1e-300},
            "d": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 5e-324},
        },
    },
    "beyond numbers": {"type": "integer", "minimum": 10**400},
    "never": False,
    "not itself": {"not": SELF},
    "if itself": {"if": SELF, "then": SELF, "else": SELF},
    "deep": nested(150),
}
IMPOSSIBLE = frozenset(
    {"many items", "long text", "many members", "required of itself", "lists of itself", "never"}
    | {"wide and of itself", "same branches", "too few to differ", "not itself", "if itself"}
    | {"deep", "beyond numbers"}
)


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_hostile_schemas(name: str) -> None:
    document = document_of({"200": content(SELF)}, {"A": SCHEMAS[name]})
    answers, operation = Answers(document), document.operations[0]
    found = answers.success(operation)
    assert found is not None
    schema = {**SELF, "components": {"schemas": {"A": SCHEMAS[name]}}}
    judge = None if name in IMPOSSIBLE or name == "pattern" else Draft202012Validator(schema)
    for turn in range(0, VARIANTS, 3):
        answer = answers.answer(*found, turn=turn)
        assert len(answer.body) < LARGEST
        value = json.loads(answer.body)
        assert judge is None or judge.is_valid(value)


def test_what_is_kept_is_bounded() -> None:
    kept = Kept[bytes](800, len)
    for number in range(1_000):
        assert kept.get(number, lambda: b"x" * 50) == b"x" * 50
    made: list[int] = []
    kept.get(999, lambda: made.append(999) or b"")
    kept.get(0, lambda: made.append(0) or b"")
    assert made == [0]
    kept.get("large", lambda: b"x" * 700)
    kept.get("large", lambda: made.append(700) or b"")
    assert made == [0, 700]


def test_values_that_are_made_again_are_the_same() -> None:
    document = document_of({"200": content(SCHEMAS["tree"])}, {"A": SCHEMAS["tree"]})
    media = media_of(document)
    one, other = Answers(document), Answers(document)
    assert [one.value(media, turn) for turn in range(VARIANTS)] == [
        other.value(media, turn) for turn in reversed(range(VARIANTS))
    ][::-1]
