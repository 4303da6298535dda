"""Everything that a schema allows comes up: branches, enums, null, absence, bounds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from pe4king_core.mock.answers.answers import VARIANTS, Answers
from tests.conftest import ROOT
from tests.mock.answers.answers_kit import content, document_of, media_of, values

SOME_ID = "b1946ac9-2492-4d23-87c6-235b4d2611a5"
SOME_SEEDS = tuple(range(1, 13))


def test_every_branch_comes_up_within_every_branch() -> None:
    def choice(name: str, inner: Any) -> Any:
        branches = [
            {"type": "object", "required": [f"{name}{n}"], "properties": {f"{name}{n}": inner}}
            for n in range(3)
        ]
        return {"oneOf": branches}

    schema = choice("a", choice("b", choice("c", {"type": "integer"})))
    found = {tuple(_keys(value)) for value in values(schema, SOME_SEEDS)}
    wanted = {(f"a{a}", f"b{b}", f"c{c}") for a in range(3) for b in range(3) for c in range(3)}
    assert wanted <= found


def _keys(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    name = next(name for name in value if not name.startswith("extra"))
    return [name, *_keys(value[name])]


def test_a_value_fits_one_branch_only_though_all_of_them_are_alike() -> None:
    simple = {"type": "object", "properties": {"message": {"type": "string"}}}
    full = {
        "type": "object",
        "properties": {"message": {"type": "string"}, "why": {"type": "object"}},
    }
    schema = {"oneOf": [simple, full]}
    judge = Draft202012Validator(schema)
    assert all(judge.is_valid(value) for value in values(schema))


def test_every_enum_value_comes_up() -> None:
    numbers = [f"v{number}" for number in range(60)]
    schema = {"type": "object", "properties": {"kind": {"enum": numbers}}}
    assert {value.get("kind") for value in values(schema, SOME_SEEDS)} >= set(numbers)


def test_optional_members_are_there_null_and_absent() -> None:
    member = {"type": ["string", "null"], "maxLength": 9, "minLength": 2}
    found = values({"type": "object", "properties": {"nick": member, "age": {"type": "integer"}}})
    assert {type(value["nick"]) for value in found if "nick" in value} == {str, type(None)}
    assert any("nick" not in value for value in found)
    assert any("age" in value and "nick" not in value for value in found)
    assert {2, 9} <= {len(value["nick"]) for value in found if value.get("nick")}


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "integer", "minimum": 3, "maximum": 77}, {3, 77}),
        ({"type": "number", "minimum": 0.5, "maximum": 1.5}, {0.5, 1.5}),
        ({"type": "integer", "format": "int32"}, {2**31 - 1}),
        ({"type": "boolean"}, {True, False}),
    ],
)
def test_bounds_are_reached(schema: Any, wanted: set[Any]) -> None:
    found = values({"type": "object", "required": ["x"], "properties": {"x": schema}})
    assert wanted <= {value["x"] for value in found}


def test_lists_are_empty_usual_and_as_long_as_allowed() -> None:
    found = values({"type": "array", "items": {"type": "string"}, "maxItems": 8})
    assert {0, 3, 8} <= {len(value) for value in found}


def test_other_members_appear_only_where_they_are_allowed() -> None:
    members = {"properties": {"a": {"type": "string"}}}
    opened = values({"type": "object", **members, "additionalProperties": {"type": "integer"}})
    assert any(isinstance(value.get("extra0"), int) for value in opened)
    closed = values({"type": "object", **members, "additionalProperties": False})
    assert all(value.keys() <= {"a"} for value in closed)


def test_examples_come_first_then_other_values() -> None:
    examples = {"short": {"value": {"id": 7}}, "bad": {"value": {"id": "x"}}, "b": {"value": {}}}
    schema = {"type": "object", "properties": {"id": {"type": "integer"}, "n": {"type": "number"}}}
    document = document_of({"200": content(schema, examples=examples)})
    media = media_of(document)
    answers = Answers(document)
    assert [answers.value(media, turn) for turn in range(2)] == [{"id": 7}, {}]
    others = [answers.value(media, turn) for turn in range(2, VARIANTS)]
    assert all(isinstance(value.get("id", 0), int) for value in others)
    assert any(value.keys() == {"id", "n"} for value in others)


def test_what_only_requests_have_is_never_answered_and_what_only_answers_have_is() -> None:
    schema = {
        "type": "object",
        "required": ["id", "password"],
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "password": {"type": "string", "writeOnly": True},
            "name": {"type": "string"},
        },
    }
    found = values(schema)
    assert all("password" not in value and "id" in value for value in found)


def test_items_of_a_list_differ_and_are_counted() -> None:
    book = {
        "type": "object",
        "required": ["id", "title", "createdAt", "updatedAt"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "example": SOME_ID},
            "title": {"type": "string", "example": "War and Peace"},
            "createdAt": {"type": "string", "format": "date-time"},
            "updatedAt": {"type": "string", "format": "date-time"},
        },
    }  # fmt: skip
    page = {
        "type": "object",
        "required": ["items", "total", "meta"],
        "properties": {
            "items": {"type": "array", "items": book},
            "total": {"type": "integer"},
            "meta": {"type": "object", "properties": {"total_items": {"type": "integer"}}},
        },
    }
    for value in values(page, (1, 2)):
        ids = [item["id"] for item in value["items"]]
        assert len(set(ids)) == len(ids)
        assert value["total"] == len(ids)
        assert value["meta"].get("total_items", len(ids)) == len(ids)
        assert all(item["createdAt"] <= item["updatedAt"] for item in value["items"])
    first = values(page)[0]
    assert [item["title"] for item in first["items"]] == [
        "War and Peace",
        "War and Peace 2",
        "War and Peace 3",
    ]


def test_a_map_shows_an_entry_and_can_be_without() -> None:
    found = values({"type": "object", "additionalProperties": {"type": "integer"}})
    assert all(isinstance(value, dict) for value in found)
    assert found[0]


DIGEST = """
import hashlib, sys
from pathlib import Path
from pe4king_core.mock.answers.answers import VARIANTS, Answers
from pe4king_core.openapi import load
path = Path(sys.argv[1])
document = load(path.read_text(encoding="utf-8"), "file:///bookstore.yaml")
summed = hashlib.sha256()
for seed in (1, 5):
    answers = Answers(document, seed)
    for operation in document.operations:
        for status, response in answers.others(operation):
            for turn in range(0, VARIANTS, 5):
                answer = answers.answer(status, response, turn=turn)
                summed.update(repr((answer.status, answer.headers, answer.body)).encode())
print(summed.hexdigest())
"""


def test_the_same_in_every_process() -> None:
    document = ROOT / "examples" / "bookstore" / "openapi.yaml"
    found = set()
    for hash_seed in ("0", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "core")}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST, str(document)],
            env=environment,
            capture_output=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_other_seeds_give_other_values() -> None:
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    one, other = values(schema, (1,)), values(schema, (2,))
    assert one != other
    assert one == values(schema, (1,))
    assert len({json.dumps(value) for value in one}) > VARIANTS // 2


def test_ids_differ_where_the_schema_is_in_doubt_elsewhere() -> None:
    # Python has no equal for the second pattern, so no value is known to be valid.
    item = {
        "type": "object",
        "required": ["bookId", "note"],
        "properties": {
            "bookId": {"type": "string", "pattern": "^b_[0-9]{4}$", "example": "b_0123"},
            "note": {"type": "string", "pattern": r"^(?<=\p{L}*)\w+$", "example": "x"},
        },
    }
    (first, *_) = values({"type": "array", "items": item})
    ids = [each["bookId"] for each in first]
    assert len(ids) == len(set(ids)) == 3
    assert all(len(each) == 6 and each.startswith("b_") for each in ids)
