"""What a lenient server takes, and what it refuses all the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mock.requests.asking import (
    asked,
    asked_query,
    document,
    operation,
    parameter,
    posted,
    reasons,
)

INTEGERS = {"type": "array", "items": {"type": "integer"}, "maxItems": 2}


@pytest.mark.parametrize(
    ("schema", "query", "read"),
    [
        ({"type": "integer"}, "p=%205%20", {"p": 5}),
        ({"type": "integer"}, "p=5.0", {"p": 5}),
        ({"type": "boolean"}, "p=Yes", {"p": True}),
        ({"type": "boolean"}, "p=0", {"p": False}),
        ({"enum": ["new"]}, "p=NEW", {"p": "new"}),
        (INTEGERS, "p=1;2", {"p": [1, 2]}),
        ({"type": "integer"}, "p=", {}),
        ({"type": ["integer", "null"]}, "p=NULL", {"p": None}),
    ],
)
def test_query(schema: Any, query: str, read: Any) -> None:
    strict = asked_query(query, parameter("p", schema))
    lenient = asked_query(query, parameter("p", schema), lenient=True)
    assert (lenient.query, lenient.faults) == (read, ())
    assert strict.faults or strict.query == read


@pytest.mark.parametrize(
    ("schema", "query"),
    [
        ({"type": "integer"}, "p=abc"),
        ({"type": "integer", "maximum": 3}, "p=4"),
        ({"type": "integer"}, "p=1&p=2"),
        (INTEGERS, "p=1&p=2&p=3"),
        ({"enum": ["new"]}, "p=old"),
    ],
)
def test_refused_query(schema: Any, query: str) -> None:
    assert asked_query(query, parameter("p", schema), lenient=True).faults


def test_a_missing_parameter_has_its_default() -> None:
    stated = parameter("p", {"type": "integer", "default": 3}, required=True)
    assert asked_query("", stated, lenient=True).query == {"p": 3}
    assert reasons(asked_query("", stated)) == ["query p: required"]


SCHEMA = {
    "type": "object",
    "required": ["n"],
    "properties": {
        "n": {"type": "integer", "maximum": 9},
        "b": {"type": "boolean", "default": True},
        "s": {"type": "string", "maxLength": 3},
        "l": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        "many": {"type": "array", "items": {"properties": {"k": {"type": "integer"}}}},
        "deep": {"type": "array", "items": {"type": "array", "items": {"type": "object"}}},
        "o": {"oneOf": [{"type": "object", "properties": {"k": {"type": "integer"}}}]},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"n": "5"}, {"n": 5}),
        ({"n": 5.4}, {"n": 5}),
        ({"n": 5, "b": "on"}, {"n": 5, "b": True}),
        ({"n": 5, "s": 12}, {"n": 5, "s": "12"}),
        ({"n": 5, "l": "7"}, {"n": 5, "l": [7]}),
        ({"n": [5]}, {"n": 5}),
        ({"n": 5, "s": None}, {"n": 5}),
        ({"n": 5, "o": {"k": "1"}}, {"n": 5, "o": {"k": 1}}),
        ({"n": 5, "many": {"k": "1"}}, {"n": 5, "many": [{"k": 1}]}),
    ],
)
def test_json(sent: Any, read: Any) -> None:
    body = json.dumps(sent).encode()
    assert posted(body, "application/json", SCHEMA).faults
    lenient = posted(body, "application/json", SCHEMA, lenient=True)
    assert (lenient.body, lenient.faults) == (read, ())


@pytest.mark.parametrize(
    "sent",
    [
        {"n": "5x"},
        {"n": "10"},
        {"n": 5, "s": "1234"},
        {"n": 5, "l": []},
        {"n": 5, "l": ["x"]},
        {"n": 5, "o": {"k": "x"}},
        {"n": 5, "many": {"k": "x"}},
        {"n": 5, "deep": {}},
        {"n": 5, "extra": 1},
        {},
        [],
        [{"n": 5}, {"n": 5}],
    ],
)
def test_refused_json(sent: Any) -> None:
    body = json.dumps(sent).encode()
    assert posted(body, "application/json", SCHEMA, lenient=True).faults


def test_an_object_is_not_hidden_in_a_list() -> None:
    """A schema without `type` allows any list; what is wrong in the object stays wrong."""
    schema = {"properties": {"n": {"type": "integer"}}}
    assert posted(b'{"n": "x"}', "application/json", schema, lenient=True).faults


def test_forms_leave_out_empty_lists_and_boxes() -> None:
    schema = {**SCHEMA, "required": ["n", "b", "many"]}
    schema["properties"] = {
        **SCHEMA["properties"],  # type: ignore[dict-item]
        "b": {"type": "boolean"},
        "many": {"type": "array", "items": {"type": "string"}},
    }
    form = "application/x-www-form-urlencoded"
    lenient = posted(b"n=5", form, schema, lenient=True)
    assert (lenient.body, lenient.faults) == ({"n": 5, "b": False, "many": []}, ())
    assert len(posted(b"n=5", form, schema).faults) == 2


def test_a_body_without_a_type_is_of_the_first() -> None:
    lenient = posted(b'{"n": 5, "n": 6}', "application/json", SCHEMA, sent="", lenient=True)
    assert (lenient.body, lenient.faults) == ({"n": 6}, ())


def test_searches_end() -> None:
    """A schema of many choices that contains itself, and a value in which nothing fits."""
    inner = {"$ref": "#/components/schemas/T"}
    members = {f"p{number}": inner for number in range(6)}
    branch = {"type": "object", "properties": members}
    tree = {"oneOf": [{**branch, "required": [f"r{number}"]} for number in range(12)]}
    value: Any = "x"
    for _ in range(12):
        value = {f"p{number}": "x" for number in range(1, 6)} | {"p0": value}
    stated = operation(requestBody={"content": {"application/json": {"schema": inner}}})
    known = document({"/x": {"post": stated}}, components={"schemas": {"T": tree}})
    sent = [("Content-Type", "application/json")]
    body = json.dumps(value).encode()
    assert asked(known, "/x", method="POST", headers=sent, body=body, lenient=True).faults
