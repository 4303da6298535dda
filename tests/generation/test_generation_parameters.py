"""Parameters travel as text: what is called invalid must stay invalid however the text is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pe4king_core.generation.generate import generate_cases
from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.generation.variations.negative import negative_cases
from pe4king_core.improvement.case_judge import judge_cases
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import (
    CaseFact,
    CaseKind,
    Change,
    ChangeIn,
    ChangeKind,
    Credentials,
)
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from tests.generation.random_schemas import Schemas

VALUES: tuple[Any, ...] = (
    *("5", "0", "1.0", "-7", "1e3", " 5 ", "abc", "true", "FALSE", "null", "", "a,b", "1,2"),
    *(5, 0, -7, 1.5, True, None, "x" * 50, "x" * 5000, "a/b", "..", "2024-05-17", "not-a-uuid"),
    *("!?", "ж", "a;b", "[1]", {"a": 1}, [1]),
)


def operation_with(*parameters: dict[str, Any], path: str = "/x", **more: Any) -> Operation:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"get": {"parameters": list(parameters), "responses": {}, **more}}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "token"}}
        },
    }
    [operation] = load(json.dumps(document), "file:///parameters.json").operations
    return operation


def readings(text: str) -> Iterator[Any]:
    """What a lenient server could take `text` for; written apart from the product's own list."""
    yield text
    for part in (text, text.strip()):
        for read in (int, float):
            try:
                yield read(part)
            except (ValueError, OverflowError):
                continue
    if text.strip().lower() in ("true", "false", "1", "0"):
        yield text.strip().lower() in ("true", "1")
    yield from ([text], text.split(","))
    with suppress(ValueError):
        yield [int(part) for part in text.split(",")]


def spelled(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(spelled(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_called_invalid_stays_invalid_as_text(seed: int) -> None:
    random = Random(seed)
    make = Schemas(random)
    schema = random.choice((make._string, make._number, make._values, make._scalar, make._array))(0)
    location = random.choice(("query", "path", "header", "cookie"))
    parameter = {"name": "p", "in": location, "required": True, "schema": schema}
    operation = operation_with(parameter, path="/x/{p}" if location == "path" else "/x")
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    own = [fact for fact in negative_cases(operation, TestPlan()).cases if fact.changes]
    assert judge_cases(own, operation).rejected == ()
    changes = [change for fact in own for change in fact.changes]
    for value in VALUES:
        change = Change(ChangeIn(location), "p", ChangeKind.SET, value)
        fact = CaseFact(operation.key, CaseKind.NEGATIVE, Message("t", "т"), (change,))
        changes += [change] * len(judge_cases([fact], operation).accepted)
    for change in changes:
        if change.kind is ChangeKind.REMOVE:
            continue
        text = spelled(change.value)
        assert all(character.isprintable() for character in text)
        for seen in (change.value, *(() if isinstance(change.value, list) else readings(text))):
            if _agrees(validator, schema):
                assert not validator.is_valid(seen), (schema, change, seen)


def _agrees(validator: Draft202012Validator, schema: Any) -> bool:
    """Whether the package checks the schema's format at all."""
    name = schema.get("format") if isinstance(schema, dict) else None
    return name is None or (name in validator.format_checker.checkers and name != "time")


def test_a_required_parameter_that_may_be_missing_after_all() -> None:
    operation = operation_with(
        {"name": "filled", "in": "query", "required": True, "schema": {"default": 1}},
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "filter", "in": "query", "required": True, "schema": {"type": "object"}},
        {"name": "must", "in": "query", "required": True, "schema": {"type": "string"}},
    )
    titles = [fact.title.en for fact in negative_cases(operation, TestPlan()).cases]
    assert titles == ["rejects page of wrong type", "rejects missing query must"]


def test_an_optional_parameter_is_not_invalid_by_being_empty() -> None:
    schema = {"type": "string", "minLength": 1}
    operation = operation_with({"name": "q", "in": "query", "schema": schema})
    assert negative_cases(operation, TestPlan()).cases == ()


def test_objects_and_json_in_parameters_are_not_guessed_at() -> None:
    operation = operation_with(
        {"name": "o", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
        {
            "name": "j",
            "in": "query",
            "content": {"application/json": {"schema": {"type": "integer"}}},
        },
        {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
    )
    titles = [fact.title.en for fact in negative_cases(operation, TestPlan()).cases]
    assert titles == ["rejects ids with an item of wrong type"]


def test_credentials_are_no_parameters() -> None:
    operation = operation_with(
        {"name": "token", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "Content-Length", "in": "header", "required": True, "schema": {"type": "integer"}},
        security=[{"key": []}],
        responses={"401": {"description": "who"}},
    )
    request = valid_request(operation)
    assert (request.query, request.headers) == ({}, {})
    cases, _ = generate_cases(operation, TestPlan())
    assert [c.request.credentials for c in cases if c.request.credentials != "valid"] == [
        Credentials.NONE,
        Credentials.WRONG,
    ]


def test_every_path_parameter_gets_a_value() -> None:
    operation = operation_with(path="/x/{undeclared}/{also}")
    assert set(valid_request(operation).path_parameters) == {"undeclared", "also"}


def fact_of(operation: Operation, *changes: Change, **more: Any) -> CaseFact:
    return CaseFact(operation.key, CaseKind.NEGATIVE, Message("t", "т"), changes, **more)


BODY = load(
    json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/x": {
                    "post": {
                        "requestBody": {
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "object",
                                        "required": ["a", "b", "d"],
                                        "properties": {
                                            "a": {"type": "integer"},
                                            "b": {"type": ["string", "null"]},
                                            "c": {"type": "integer"},
                                            "d": {"type": "integer", "default": 3},
                                            "n": {"type": "object", "properties": {"x": {}}},
                                        },
                                    }
                                },
                                "application/*": {},
                            }
                        },
                        "responses": {"400": {"description": "bad"}, "409": {"description": "no"}},
                    }
                }
            },
        }
    ),
    "file:///body.json",
).operations[0]


def change(name: str, value: Any = None, kind: ChangeKind = ChangeKind.SET) -> Change:
    return Change(ChangeIn.BODY, name, kind, value)


REMOVE = ChangeKind.REMOVE


@pytest.mark.parametrize(
    "fact",
    [
        fact_of(BODY, change("/a", "word")),
        fact_of(BODY, change("/a", kind=REMOVE)),
        fact_of(BODY, change("/a", {"x": 1}), expected=(400,)),
        fact_of(BODY, change("", "{'a': 1", ChangeKind.RAW)),
        fact_of(BODY, change("", '"text"', ChangeKind.RAW)),
    ],
    ids=lambda fact: str(fact.changes),
)
def test_a_provably_invalid_case_is_accepted(fact: CaseFact) -> None:
    assert judge_cases([fact], BODY).accepted == (0,)


@pytest.mark.parametrize(
    "fact",
    [
        fact_of(BODY, change("/a", "5")),
        fact_of(BODY, change("/a", True)),
        fact_of(BODY, change("/a", 1.5)),
        fact_of(BODY, change("/b", 5)),
        fact_of(BODY, change("/b", kind=REMOVE)),
        fact_of(BODY, change("/c", None)),
        fact_of(BODY, change("/d", kind=REMOVE)),
        fact_of(BODY, change("/d", None)),
        fact_of(BODY, change("/n/x/deep", 1)),
        fact_of(BODY, change("/a", "word"), change("/a", 5)),
        fact_of(BODY, change("", "", ChangeKind.RAW)),
        fact_of(BODY, change("", kind=REMOVE)),
        fact_of(BODY, change("/a", "word"), Change(ChangeIn.METHOD, "", ChangeKind.SET, "PUT")),
        fact_of(BODY, Change(ChangeIn.MEDIA_TYPE, "", ChangeKind.SET, "application/xml")),
        fact_of(BODY, change("/a", "word"), expected=(409,)),
        fact_of(BODY, change("/a", "word"), expected=(418,)),
        fact_of(BODY, change("/a", "word"), credentials=Credentials.OTHER),
        fact_of(BODY, credentials=Credentials.NONE),
    ],
    ids=lambda fact: f"{fact.changes} {fact.expected}",
)
def test_a_case_that_may_be_valid_is_turned_away(fact: CaseFact) -> None:
    assert judge_cases([fact], BODY).accepted == ()
