"""Negatives of forms: a field is broken as a whole, however many names it travels under."""

from __future__ import annotations

import json
from typing import Any

from pe4king_core.generation.requests.requests import changed, valid_request
from pe4king_core.generation.variations.negative import negative_cases
from pe4king_core.model.case import TestPlan
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load

FORM = "application/x-www-form-urlencoded"
ADDRESS = {
    "type": "object",
    "required": ["city"],
    "properties": {
        "city": {"type": "string", "minLength": 1, "example": "Berlin"},
        "floor": {"type": "integer", "example": 3},
    },
}
DEEP = {"style": "deepObject", "explode": True}


def operation(fields: dict[str, Any], encoding: dict[str, Any], media: str = FORM) -> Operation:
    """An operation that takes a form in which every field is required."""
    schema = {"type": "object", "required": list(fields), "properties": fields}
    content = {media: {"schema": schema, "encoding": encoding}}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"200": {}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"post": post}},
    }
    [found] = load(json.dumps(document), "file:///form.json").operations
    return found


def sent(found: Operation) -> dict[str, Any]:
    """What the form of each negative holds, by title; the valid one has no title."""
    valid = valid_request(found)
    cases = negative_cases(found, TestPlan(), valid).cases
    requests = {"": valid} | {
        case.title.en.removeprefix("rejects "): changed(valid, case) for case in cases
    }
    return {title: item.body.value for title, item in requests.items() if item.body}


def test_a_structure_is_replaced_with_all_its_members() -> None:
    found = sent(operation({"address": ADDRESS, "note": {"const": "hi"}}, {"address": DEEP}))
    assert found[""] == {"address[city]": "Berlin", "address[floor]": 3, "note": "hi"}
    assert found["address of wrong type"] == {"address": "not-an-object", "note": "hi"}
    assert found["missing address"] == {"note": "hi"}


def test_a_list_travels_as_its_style_says_when_it_is_wrong_as_well() -> None:
    numbers = {"type": "array", "minItems": 2, "items": {"type": "integer", "example": 5}}
    deep = sent(operation({"numbers": numbers}, {"numbers": DEEP}))
    assert deep[""] == {"numbers[0]": 5, "numbers[1]": 5}
    assert deep["numbers with an item of wrong type"] == {"numbers[0]": "not-a-number"}
    pipes = {"style": "pipeDelimited", "explode": False}
    assert sent(operation({"numbers": numbers}, {"numbers": pipes}))[""] == {"numbers": "5|5"}


def test_a_field_named_like_a_member_of_another_stays() -> None:
    fields = {"address": ADDRESS, "address[note]": {"const": "hi"}}
    found = sent(operation(fields, {"address": DEEP}))
    assert found["address of wrong type"] == {"address": "not-an-object", "address[note]": "hi"}


def test_the_members_of_an_object_in_one_text_prove_nothing() -> None:
    styled = {"style": "form", "explode": False}
    found = operation({"address": ADDRESS}, {"address": styled}, "multipart/form-data")
    negatives = negative_cases(found, TestPlan(), valid_request(found))
    assert "address of wrong type" not in sent(found)
    reasons = {doubt.title.en: doubt.reason.en for doubt in negatives.not_provable}
    assert "under their own names" in reasons["rejects address of wrong type"]
