"""Edge cases: which requests at the edges of the document are made, and which are not."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pe4king_core.generation.proofs.proving import certainly_invalid
from pe4king_core.generation.requests.requests import changed, valid_request
from pe4king_core.generation.variations.edge import edge_cases
from pe4king_core.improvement.case_judge import judge_cases
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import CaseFact, CaseKind, Change, ChangeIn, ChangeKind
from pe4king_core.model.json import lookup
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from tests.generation.random_schemas import Schemas


def operation_with(
    schema: dict[str, Any] | None = None,
    *parameters: dict[str, Any],
    media: str = "application/json",
    path: str = "/x",
    method: str = "post",
    **more: Any,
) -> Operation:
    stated: dict[str, Any] = {"parameters": list(parameters), "responses": {"200": {}}, **more}
    if schema is not None:
        stated["requestBody"] = {"required": True, "content": {media: {"schema": schema}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {method: stated}},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
    [operation] = load(json.dumps(document), "file:///edges.json").operations
    return operation


def edges(operation: Operation) -> tuple[CaseFact, ...]:
    return edge_cases(operation, TestPlan(), valid_request(operation)).cases


def values(operation: Operation) -> dict[str, Any]:
    """What each case of one change sends, by title."""
    return {
        case.title.en: case.changes[0].value for case in edges(operation) if len(case.changes) == 1
    }


def field(schema: dict[str, Any]) -> Operation:
    """An operation whose only field is `value`."""
    return operation_with(
        {"type": "object", "required": ["value"], "properties": {"value": schema}}
    )


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"type": "integer", "minimum": -5, "maximum": 9, "example": 3},
            {"at minimum": -5, "at maximum": 9, "zero": 0, "negative": -1},
        ),
        (
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "example": 0.5},
            {"at minimum": 0.01, "at maximum": 0.99},
        ),
        (
            {"type": "integer", "minimum": 1, "maximum": 14, "multipleOf": 5, "example": 5},
            {"at maximum": 10},
        ),
        ({"type": "string", "enum": ["a", "b", "c"]}, {"b": "b", "c": "c"}),
        ({"type": ["integer", "null"], "example": 1}, {"null": None}),
        ({"type": "integer", "nullable": True, "example": 1}, {}),
        ({"type": "boolean", "example": True}, {"false": False}),
        (
            {"type": "array", "minItems": 1, "maxItems": 3, "items": {"const": 7}},
            {"with the most items": [7, 7, 7]},
        ),
        ({"type": "array", "items": {"const": 7}}, {"with no items": []}),
        (
            {"type": "string", "format": "date", "example": "2024-05-17"},
            {"of a leap day": "2024-02-29", "of the last day of a year": "2024-12-31"},
        ),
        (
            {"type": "string", "pattern": "^[A-Z]+$", "minLength": 2, "maxLength": 4},
            {"of minimum length": 2, "of maximum length": 4},
        ),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_values_at_the_edges(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    sent = valid_request(field(schema)).body
    assert sent is not None
    own: Any = lookup(sent.value, "/value")
    found = values(field(schema))
    lengths = "of minimum length" in expected
    made = {
        title.removeprefix("accepts value "): len(value) if lengths else value
        for title, value in found.items()
        if not title.startswith("accepts value item")
    }
    assert made == {
        title: value for title, value in expected.items() if (len(own) if lengths else own) != value
    }


def test_texts_in_other_scripts() -> None:
    names = ("title", "from", "lastName")
    fields = {name: {"type": "string"} for name in names}
    schema = {"type": "object", "required": list(names), "properties": fields}
    assert list(values(operation_with(schema))) == [
        "accepts title in Cyrillic",
        "accepts title with emoji",
        "accepts title with combining marks",
        "accepts title from right to left",
        "accepts lastName in Cyrillic",
    ]


def test_a_text_of_which_examples_are_told_follows_a_rule() -> None:
    name = {"type": "string", "description": 'Ends with a dot (e.g. "example.com.")'}
    schema = {"type": "object", "required": ["name"], "properties": {"name": name}}
    assert not values(operation_with(schema))


def test_texts_that_have_to_mean_something_are_left_alone() -> None:
    names = ("customer_id", "sku", "email", "pageToken")
    text = {"type": "string", "maxLength": 5}
    fields = dict.fromkeys(names, text)
    schema = {"type": "object", "required": list(names), "properties": fields}
    assert values(operation_with(schema)) == {}


ORDER = {
    "type": "object",
    "required": ["id", "lines"],
    "properties": {
        "id": {"type": "integer"},
        "note": {"type": "string", "enum": ["x"]},
        "lines": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {"sku": {"const": 5}, "gift": {"const": True}},
            },
        },
    },
}


def test_only_what_is_required_is_sent() -> None:
    operation = operation_with(
        ORDER,
        {"name": "must", "in": "query", "required": True, "schema": {"const": 1}},
        {"name": "may", "in": "query", "example": 2, "schema": {"type": "integer"}},
    )
    [case] = [case for case in edges(operation) if "only required" in case.title.en]
    request = changed(valid_request(operation), case)
    assert request.body is not None
    assert request.body.value == {"id": 1, "lines": [{"sku": 5}]}
    assert request.query == {"must": 1}


def test_everything_optional_is_sent_together() -> None:
    operation = operation_with(
        None,
        {"name": "must", "in": "query", "required": True, "schema": {"const": 1}},
        {"name": "size", "in": "query", "schema": {"const": 10}},
        {"name": "sort", "in": "query", "schema": {"enum": ["name", "date"]}},
        {"name": "cursor", "in": "query", "schema": {"type": "string"}},
        {"name": "old", "in": "query", "deprecated": True, "schema": {"const": 10}},
        method="get",
    )
    [case] = [case for case in edges(operation) if "every optional" in case.title.en]
    assert case.title.en == "accepts every optional parameter"
    assert changed(valid_request(operation), case).query == {"must": 1, "size": 10, "sort": "name"}


def test_a_partial_update_of_nothing_is_no_edge() -> None:
    schema = {"type": "object", "properties": {"a": {"const": 1}}}
    titles = [case.title.en for case in edges(operation_with(schema, method="patch"))]
    assert titles == []


def test_parameters_have_edges_where_they_travel_as_they_are() -> None:
    operation = operation_with(
        None,
        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}},
        {"name": "q", "in": "header", "schema": {"type": "string"}},
        {"name": "kind", "in": "path", "required": True, "schema": {"enum": ["a", "b"]}},
        {"name": "number", "in": "path", "required": True, "schema": {"maximum": 7}},
        path="/x/{kind}/{number}",
        method="get",
    )
    found = values(operation)
    assert found["accepts limit at maximum"] == 50
    assert found["accepts kind b"] == "b"
    assert not any("number" in title or "accepts q" in title for title in found)


def test_forms_have_edges() -> None:
    schema = {
        "type": "object",
        "required": ["size"],
        "properties": {"size": {"enum": ["s", "l"]}, "count": {"type": "integer", "minimum": 2}},
    }
    operation = operation_with(schema, media="application/x-www-form-urlencoded")
    assert values(operation)["accepts size l"] == "l"


def test_a_choice_is_judged_as_a_whole() -> None:
    """A value that is valid in its place, but makes two branches match, is no edge."""
    schema = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9, "example": 5}},
        "oneOf": [
            {"properties": {"n": {"maximum": 5}}},
            {"properties": {"n": {"minimum": 5, "multipleOf": 2}}},
            {"properties": {"n": {"maximum": 1}}},
        ],
    }
    assert list(values(operation_with(schema))) == []


def test_each_branch_of_a_choice_is_sent() -> None:
    def kind(tag: str) -> dict[str, Any]:
        return {"type": "object", "required": ["kind"], "properties": {"kind": {"const": tag}}}

    pay = {"oneOf": [kind("card"), {**kind("invoice"), "title": "Invoice"}]}
    schema = {"type": "object", "required": ["pay"], "properties": {"pay": pay}}
    assert values(operation_with(schema)) == {"accepts pay as Invoice": {"kind": "invoice"}}
    assert values(operation_with(pay)) == {"accepts body as Invoice": {"kind": "invoice"}}


def test_no_edges_where_credentials_are_the_request() -> None:
    fields = {"login": {"enum": ["a", "b"]}, "password": {"type": "string"}}
    login = {"type": "object", "properties": fields}
    both: dict[str, Any] = {"200": {}, "401": {}}
    assert edges(operation_with(login, responses=both)) == ()
    assert edges(operation_with(ORDER, responses=both)) != ()


def test_values_differ_and_sink_with_number_and_depth() -> None:
    number = {"type": "integer", "minimum": 1, "maximum": 9, "example": 5}
    inner = {"type": "object", "properties": {"c": number}}
    schema = {"type": "object", "properties": {"a": number, "b": number, "in": inner}}
    schema["required"] = ["b"]
    worth = {case.title.en: case.value for case in edges(operation_with(schema))}
    assert worth["accepts a at minimum"] == 740
    assert worth["accepts a at maximum"] == 738
    assert worth["accepts b at minimum"] == 736
    assert worth["accepts c at minimum"] == 732 - 15
    assert worth["accepts only required fields"] == 880


def proposed(*changes: Change, **more: Any) -> CaseFact:
    return CaseFact("POST /x", CaseKind.EDGE, Message("t", "т"), changes, **more)


def at(name: str, value: Any = None, kind: ChangeKind = ChangeKind.SET) -> Change:
    return Change(ChangeIn.BODY, name, kind, value)


@pytest.mark.parametrize(
    ("fact", "accepted"),
    [
        (proposed(at("/id", 0)), True),
        (proposed(at("/note", kind=ChangeKind.REMOVE)), True),
        (proposed(at("/id", 0), expected=(200,)), True),
        (proposed(Change(ChangeIn.QUERY, "may", ChangeKind.SET, 3)), True),
        (proposed(at("/id", "0")), False),
        (proposed(at("/id", kind=ChangeKind.REMOVE)), False),
        (proposed(at("/id", 0), expected=(400,)), False),
        (proposed(at("", "{", ChangeKind.RAW)), False),
        (proposed(Change(ChangeIn.QUERY, "may", ChangeKind.SET, "x")), False),
        (proposed(Change(ChangeIn.QUERY, "must", ChangeKind.REMOVE)), False),
        (proposed(Change(ChangeIn.METHOD, "", ChangeKind.SET, "PUT")), False),
        (proposed(), False),
    ],
    ids=lambda value: str(value)[-90:],
)
def test_proposed_edges_are_judged_by_the_same_rule(fact: CaseFact, accepted: bool) -> None:
    operation = operation_with(
        ORDER,
        {"name": "must", "in": "query", "required": True, "schema": {"const": 1}},
        {"name": "may", "in": "query", "schema": {"type": "integer"}},
        responses={"200": {}, "400": {}},
    )
    assert judge_cases([fact], operation).accepted == ((0,) if accepted else ())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_edges_of_random_parameters_are_valid(seed: int) -> None:
    random = Random(seed)
    make = Schemas(random)
    schema = random.choice((make._string, make._number, make._values, make._scalar, make._array))(0)
    parameter = {"name": "title", "in": "query", "required": True, "schema": schema}
    operation = operation_with(None, parameter, method="get")
    assume(not certainly_invalid(valid_request(operation), operation))
    validator = Draft202012Validator(schema)
    for case in edges(operation):
        for change in case.changes:
            assert validator.is_valid(change.value), (schema, case)
    assert judge_cases(edges(operation), operation).rejected == ()
