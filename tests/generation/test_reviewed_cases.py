"""Cases that a conforming server could fail, which a reviewer therefore refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pe4king_core.generation.negative import negative_cases
from pe4king_core.generation.requests import valid_request
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import CaseFact
from pe4king_core.model.operation import Operation
from tests.generation.test_edges import operation_with


def negatives(operation: Operation) -> dict[str, CaseFact]:
    found = negative_cases(operation, TestPlan(), valid_request(operation)).cases
    return {case.title.en: case for case in found}


def item(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


@pytest.mark.parametrize(
    ("documented", "missing", "wrong"),
    [
        (("403",), (401, 403), (401, 403)),
        (("401",), (401,), (401,)),
        (("401", "403"), (401,), (401, 403)),
        ((), (401, 403), (401, 403)),
    ],
)
def test_who_does_not_say_who_they_are_may_get_401(
    documented: tuple[str, ...], missing: tuple[int, ...], wrong: tuple[int, ...]
) -> None:
    responses = {code: {"description": ""} for code in ("200", *documented)}
    operation = operation_with(responses=responses, security=[{"key": []}])
    found = negatives(operation)
    assert found["rejects missing credentials"].expected == missing
    assert found["rejects wrong credentials"].expected == wrong


TEXT = {"type": "string"}


def test_a_put_that_makes_what_is_not_there_has_no_unknown_id() -> None:
    responses = {code: {"description": ""} for code in ("200", "201", "404")}
    order, line = item("orderId", TEXT), item("lineId", TEXT)
    alone = operation_with(None, order, path="/o/{orderId}", method="put", responses=responses)
    inner = operation_with(
        None, order, line, path="/o/{orderId}/l/{lineId}", method="put", responses=responses
    )
    assert not [title for title in negatives(alone) if "unknown" in title]
    assert "answers 404 for unknown orderId" in negatives(inner)
    assert "answers 404 for unknown lineId" not in negatives(inner)


@pytest.mark.parametrize("pattern", ["^ord_[a-z0-9]{10}$", r"^\d{12}$", "^[A-F0-9]{24}$"])
def test_an_id_with_a_pattern_may_be_unknown(pattern: str) -> None:
    responses = {code: {"description": ""} for code in ("200", "404")}
    made = item("orderId", {"type": "string", "pattern": pattern})
    operation = operation_with(None, made, path="/o/{orderId}", method="get", responses=responses)
    case = negatives(operation)["answers 404 for unknown orderId"]
    value = case.changes[0].value
    assert isinstance(value, str)
    assert re.search(pattern, value)
    assert value != valid_request(operation).path_parameters["orderId"]


def test_short_codes_are_all_known_perhaps() -> None:
    responses = {code: {"description": ""} for code in ("200", "404")}
    made = item("country", {"type": "string", "pattern": "^[A-Z]{2}$"})
    operation = operation_with(None, made, path="/c/{country}", method="get", responses=responses)
    assert not [title for title in negatives(operation) if "unknown" in title]


@pytest.mark.parametrize("media", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("required", [False, True])
def test_an_optional_body_without_anything_in_it_is_not_sent(media: str, required: bool) -> None:
    content = {media: {"schema": {"type": "object", "properties": {}}}}
    body = {"content": content, "required": required}
    sent = valid_request(operation_with(requestBody=body)).body
    assert (sent is not None) is required


def test_an_optional_body_that_says_something_is_sent() -> None:
    named = {"type": "object", "properties": {"name": TEXT}}
    body = {"content": {"application/json": {"schema": named}}}
    assert valid_request(operation_with(requestBody=body)).body is not None
