"""Negative cases: what is broken, what cannot be proven and why, and what it is worth."""

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

from pe4king_core.generation.requests.requests import changed, valid_request
from pe4king_core.generation.variations.methods import Methods
from pe4king_core.generation.variations.negative import Negatives, negative_cases
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import Basis, ChangeKind
from pe4king_core.model.operation import Operation, OperationEntry
from pe4king_core.openapi import load
from tests.generation.random_schemas import Schemas
from tests.generation.test_edges import ORDER, operation_with

FORM = "application/x-www-form-urlencoded"


def negatives(operation: Operation) -> Negatives:
    return negative_cases(operation, TestPlan(), valid_request(operation))


def titles(operation: Operation) -> list[str]:
    return [case.title.en.removeprefix("rejects ") for case in negatives(operation).cases]


def doubts(operation: Operation) -> dict[str, str]:
    """The reasons of what is not provable, by title."""
    found = negatives(operation).not_provable
    assert all(doubt.reason.ru and doubt.title.ru for doubt in found)
    return {doubt.title.en.removeprefix("rejects "): doubt.reason.en for doubt in found}


def body(schema: dict[str, Any], **more: Any) -> Operation:
    return operation_with(schema, responses={"200": {}, "415": {}}, **more)


def field(schema: dict[str, Any], *, required: bool = True) -> Operation:
    names = ["value"] if required else []
    return body({"type": "object", "required": names, "properties": {"value": schema}})


def of_value(operation: Operation) -> list[str]:
    """What is broken about the field `value`."""
    return [title for title in titles(operation) if "value" in title]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"type": "integer", "minimum": 1, "maximum": 5},
            ["below minimum", "above maximum", "of wrong type", "null"],
        ),
        ({"enum": ["a", "b"]}, ["outside enum", "null"]),
        (
            {"type": "string", "format": "email"},
            ["not an email", "of wrong type", "null"],
        ),
        (
            {"type": "string", "format": "date"},
            ["not a date", "that no calendar has", "of wrong type", "null"],
        ),
        (
            {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 3},
            ["breaking the pattern", "too short", "too long", "of wrong type", "null"],
        ),
        (
            {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "boolean"}},
            ["with too few items", "with too many items", "of wrong type", "null"],
        ),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            ["with a value of wrong type", "of wrong type", "null"],
        ),
        ({"type": ["string", "integer"]}, ["of wrong type"]),
        ({"oneOf": [{"type": "string"}, {"type": "boolean"}]}, ["of wrong type", "null"]),
        ({"type": ["string", "null"]}, ["of wrong type"]),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_field_is_broken_in_each_way(schema: dict[str, Any], expected: list[str]) -> None:
    found = [title.removeprefix("value ") for title in of_value(field(schema))]
    own = [title for title in found if title != "missing value" and "item" not in title[:6]]
    items = [title for title in found if title.startswith("with")]
    assert sorted(set(own) | set(items)) == sorted(expected)


@pytest.mark.parametrize(
    ("schema", "title", "reason"),
    [
        ({"type": "string", "default": "x"}, "missing value", "the default may be taken instead"),
        (
            {"type": ["string", "null"]},
            "missing value",
            "a missing value may be read as null, which is allowed",
        ),
        (
            {"type": ["string", "null"], "minLength": 1},
            "value empty",
            "an empty text may be read as null",
        ),
        (
            {"type": "number", "multipleOf": 0.5},
            "value not a multiple",
            "the fraction may be cut off",
        ),
        (
            {"type": "array", "items": {"type": "string"}},
            "value item null",
            "a server may leave null items out, and the array is valid without them",
        ),
        (
            {"type": "string", "pattern": "^\\p{L}+$"},
            "value breaking the pattern",
            "whether the schema allows the value cannot be told: it has a pattern or keywords that "
            "only a server can judge",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_may_be_read_as_valid_says_how(
    schema: dict[str, Any], title: str, reason: str
) -> None:
    operation = field(schema)
    assert doubts(operation).get(title) == reason
    assert title not in titles(operation)


def test_null_for_an_optional_field_may_mean_that_it_is_missing() -> None:
    operation = field({"type": "string"}, required=False)
    reason = "null may be read as a missing value, and the value may be missing"
    assert doubts(operation) == {"value null": reason}


def test_the_branch_that_is_sent_is_broken_where_no_other_allows_it() -> None:
    def branch(tag: str, **properties: Any) -> dict[str, Any]:
        stated = {"tag": {"const": tag}, **properties}
        return {"type": "object", "required": list(stated), "properties": stated}

    first = branch("a", size={"type": "integer", "minimum": 1})
    operation = body({"oneOf": [first, branch("b")]})
    assert {"size below minimum", "missing size", "tag outside enum"} <= set(titles(operation))

    free = {"type": "object", "title": "Free", "properties": {"size": {"type": "string"}}}
    operation = body({"anyOf": [first, free]})
    assert doubts(operation)["missing size"] == "the branch Free allows it"
    assert "size below minimum" not in titles(operation)


def test_an_unknown_field_breaks_closed_objects_only() -> None:
    inner = {"type": "object", "additionalProperties": False, "properties": {"a": {"const": 1}}}
    schema = {"type": "object", "properties": {"inner": inner}}
    assert [title for title in titles(body(schema)) if "unknown" in title] == [
        "unknown field in inner"
    ]
    closed = {**schema, "unevaluatedProperties": False}
    assert "unknown field" in titles(body(closed))
    named = {**inner, "patternProperties": {"Field$": {}}}
    assert not any("unknown" in title for title in titles(body(named)))


def test_a_shared_schema_is_broken_inside_once() -> None:
    address = {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}
    schema = {
        "type": "object",
        "required": ["home", "work"],
        "properties": {name: {"$ref": "#/x-address"} for name in ("home", "work")},
    }
    operation = with_shared(schema, address)
    found = titles(operation)
    assert [title for title in found if "city" in title] == [
        "missing city",
        "city of wrong type",
        "city null",
    ]
    assert {"missing home", "missing work"} <= set(found)


def with_shared(schema: dict[str, Any], shared: dict[str, Any]) -> Operation:
    """An operation whose body refers to `#/x-address`."""
    content = {"application/json": {"schema": schema}}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"200": {}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"post": post}},
        "x-address": shared,
    }
    [operation] = load(json.dumps(document), "file:///shared.json").operations
    return operation


def test_arrays_as_parameters() -> None:
    ids = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    names = {"type": "array", "items": {"type": "string"}, "maxItems": 2}
    operation = operation_with(
        None,
        {"name": "ids", "in": "query", "schema": ids},
        {"name": "names", "in": "query", "schema": names},
        {"name": "joined", "in": "query", "explode": False, "schema": names},
        method="get",
    )
    assert titles(operation) == [
        "ids with an item of wrong type",
        "ids with too few items",
        "ids with too many items",
        "names with too many items",
    ]
    reason = "one value may be read as a list of one, or the list as its only value"
    assert doubts(operation) == {"joined with too many items": reason}


def test_objects_as_parameters() -> None:
    closed = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    operation = operation_with(
        None,
        {"name": "filter", "in": "query", "required": True, "schema": closed},
        {"name": "free", "in": "query", "required": True, "schema": {"type": "object"}},
        method="get",
    )
    assert titles(operation) == ["missing query filter"]
    reason = "the members of the object may travel under their own names"
    wanted = ("filter of wrong type", "missing query free", "free of wrong type")
    assert doubts(operation) == dict.fromkeys(wanted, reason)


def test_a_value_too_long_for_a_url_is_not_sent() -> None:
    schema = {"type": "string", "maxLength": 5000}
    operation = operation_with(None, {"name": "q", "in": "query", "schema": schema}, method="get")
    assert doubts(operation) == {"q too long": "a URL or header this long may not arrive"}


PERSON = {
    "type": "object",
    "required": ["age", "tags", "agreed", "name"],
    "properties": {
        "age": {"type": "integer", "minimum": 1},
        "tags": {"type": "array", "items": {"type": "string"}},
        "agreed": {"type": "boolean"},
        "name": {"type": "string", "minLength": 1},
        "nick": {"type": "string", "minLength": 1},
    },
}


@pytest.mark.parametrize("media", [FORM, "multipart/form-data"])
def test_forms_are_broken_where_text_can_tell(media: str) -> None:
    operation = body(PERSON, media=media)
    assert titles(operation) == [
        "missing body",
        "missing age",
        "age below minimum",
        "age of wrong type",
        "agreed of wrong type",
        "missing name",
        "name empty",
        "unsupported media type",
    ]
    assert doubts(operation) == {
        "missing tags": "a form cannot tell an empty list from a missing one, and an empty one is "
        "allowed",
        "missing agreed": "a box that is not checked is missing from a form: it may be read as "
        "false",
        "nick empty": "an empty text may be read as a missing value",
    }


def test_a_form_of_which_nothing_must_be_there_may_be_no_body() -> None:
    operation = body({"type": "object", "properties": {"a": {"type": "integer"}}}, media=FORM)
    assert "missing body" not in titles(operation)


def test_an_unsupported_media_type_is_only_refused_where_it_says_so() -> None:
    [reason] = {
        text
        for title, text in doubts(operation_with(ORDER)).items()
        if title == "unsupported media type"
    }
    assert reason == "415 is not documented: a server may read other media types as well"


@pytest.mark.parametrize(
    ("documented", "expected"), [(["415"], ()), (["400", "415"], (400, 415)), (["404"], ())]
)
def test_a_missing_body_is_no_unsupported_type_alone(
    documented: list[str], expected: tuple[int, ...]
) -> None:
    operation = operation_with(ORDER, responses={"200": {}, **{key: {} for key in documented}})
    [case] = [each for each in negatives(operation).cases if "missing body" in each.title.en]
    assert case.expected == expected


def test_every_request_is_made_once() -> None:
    found = negatives(body(ORDER)).cases
    requests = [
        (case.credentials, [(c.where, c.name, c.kind, repr(c.value)) for c in case.changes])
        for case in found
    ]
    assert all(request not in requests[:index] for index, request in enumerate(requests))


def test_values_of_cases() -> None:
    worth = {case.title.en: case.value for case in negatives(body(ORDER)).cases}
    assert worth["rejects missing body"] == 780
    assert worth["rejects missing id"] == 800
    assert worth["rejects missing lines"] == 798
    assert worth["rejects missing sku"] == 796 - 15
    assert worth["rejects unsupported media type"] == 460


def methods(*entries: str) -> Methods:
    made = (entry.split(" ") for entry in entries)
    return Methods(OperationEntry(method, path, "") for method, path in made)


def operation_at(method: str, path: str, *codes: str) -> Operation:
    return operation_with(method=method.lower(), path=path, responses={code: {} for code in codes})


def test_a_method_that_a_path_does_not_have() -> None:
    found = methods("GET /books", "POST /books", "PATCH /books/{id}").case(
        operation_at("GET", "/books", "200")
    )
    assert found is not None
    [change] = found.changes
    assert (change.value, change.kind) == ("PATCH", ChangeKind.SET)
    assert (found.basis, found.law) == (Basis.LAW, "method-not-allowed")
    assert found.expected == (405, 404, 501)


def test_another_method_is_tried_without_a_body() -> None:
    found = methods("POST /x").case(operation_with(ORDER))
    assert found is not None
    assert changed(valid_request(operation_with(ORDER)), found).body is None


def test_a_documented_405_needs_no_law() -> None:
    found = methods("GET /books").case(operation_at("GET", "/books", "200", "405"))
    assert found is not None
    assert (found.basis, found.expected) == (Basis.DOCUMENT, (405,))


@pytest.mark.parametrize(
    "entries",
    [
        ("POST /books", "GET /books"),
        ("GET /books", "PATCH /{any}"),
        ("GET /books", "PUT /books", "POST /books", "DELETE /books", "PATCH /books"),
    ],
    ids=["not the first operation", "another path matches", "all methods are there"],
)
def test_no_method_is_refused_where_it_may_be_meant(entries: tuple[str, ...]) -> None:
    assert methods(*entries).case(operation_at("GET", "/books", "200")) is None


def test_a_template_may_match_a_fixed_path() -> None:
    known = methods("GET /books/{id}", "POST /books/search")
    assert known.case(operation_at("GET", "/books/{id}", "200")) is None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_negatives_of_random_forms_are_invalid_however_the_text_is_read(seed: int) -> None:
    random = Random(seed)
    make = Schemas(random)
    schema = random.choice((make._string, make._number, make._values, make._scalar, make._array))(0)
    form = {"type": "object", "required": ["value"], "properties": {"value": schema}}
    operation = body(form, media=FORM)
    validator = Draft202012Validator(schema)
    for case in negatives(operation).cases:
        for change in case.changes:
            if change.name and change.kind is ChangeKind.REMOVE:
                assert not any(map(validator.is_valid, (None, [], False, {})))
            elif change.name and isinstance(change.value, str) and "format" not in schema:
                found = [change.value, [change.value], change.value.split(","), *read(change.value)]
                assert not any(map(validator.is_valid, found)), (schema, case)


def read(text: str) -> Iterator[Any]:
    """Numbers and booleans that a form's text may stand for."""
    for kind in (int, float):
        with suppress(ValueError, OverflowError):
            yield kind(text)
    if text.lower() in ("true", "false"):
        yield text.lower() == "true"
