"""Cases that a conforming server could fail, which a reviewer therefore refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from pe4king_core.generation import generate
from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.generation.resources.repetition import is_said_twice
from pe4king_core.generation.variations.edge import edge_cases
from pe4king_core.generation.variations.negative import negative_cases
from pe4king_core.generation.variations.prepared import ValidRequests
from pe4king_core.model.case import TestCase, TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import CaseFact
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from tests.generation.test_edges import operation_with
from tests.generation.test_flows import ID, POSITIVE, takes


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


BOOK = {"type": "object", "properties": {"id": ID, "name": TEXT}, "required": ["id", "name"]}


def answers(*codes: str) -> dict[str, Any]:
    """One and the same answer for each of `codes`."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}
    return {code: {"description": "", "content": content} for code in codes}


def models(paths: dict[str, Any]) -> tuple[TestModel, ...]:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Book": BOOK}},
    }
    return generate(load(yaml.safe_dump(document), "file:///t.yaml"), TestPlan(kinds=POSITIVE))


def made(paths: dict[str, Any]) -> dict[str, TestCase]:
    return {case.id: case for model in models(paths) for case in model.cases}


def with_two_successes() -> dict[str, Any]:
    named = takes({"name": TEXT})
    removal = {"responses": {"200": {"description": ""}, "204": {"description": ""}}}
    missing = {"404": {"description": "no such book"}}
    return {
        "/books": {"post": {"responses": answers("200", "201"), "requestBody": named}},
        "/books/{bookId}": {
            "parameters": [item("bookId", TEXT)],
            "get": {"responses": answers("200") | missing},
            "put": {"responses": answers("200", "203"), "requestBody": named},
            "delete": removal,
        },
    }


def test_a_resource_may_be_made_with_any_documented_success() -> None:
    found = made(with_two_successes())
    [step] = found["GET /books/{bookId}.positive"].given
    assert step.statuses == (200, 201)
    assert step.clean_up is not None


def test_what_was_sent_comes_back_with_any_documented_success() -> None:
    found = made(with_two_successes())
    echo = found["POST /books.positive.echo"]
    assert echo.statuses == (200, 201)
    assert [fact.when for fact in echo.assertions if fact.law == "echo"] == [None]


def test_a_change_and_a_removal_may_answer_with_any_documented_success() -> None:
    found = made(with_two_successes())
    removed = found["GET /books/{bookId}.positive.gone-after-delete"].given[-1]
    assert removed.statuses == (200, 204)
    changed = found["GET /books/{bookId}.positive.update-then-read.PUT /books/{bookId}"].given[-1]
    assert changed.statuses == (200, 203)


def test_a_removal_that_is_only_promised_shows_nothing() -> None:
    paths = with_two_successes()
    paths["/books/{bookId}"]["delete"]["responses"]["202"] = {"description": "later"}
    assert "GET /books/{bookId}.positive.gone-after-delete" not in made(paths)


def test_answers_that_differ_are_not_taken_for_each_other() -> None:
    paths = with_two_successes()
    paths["/books"]["post"]["responses"]["200"] = {"description": "was there"}
    [step] = made(paths)["GET /books/{bookId}.positive"].given
    assert step.statuses == (201,)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("pytest", "status_code in (200, 201)"), ("junit-restassured", "statusCode(oneOf(200, 201))")],
)
def test_several_successes_are_written_in_every_format(name: str, shown: str) -> None:
    [model] = models(with_two_successes())
    assert shown in formats()[name].render(model, TestStyle()).text


def accepted(operation: Operation) -> dict[str, CaseFact]:
    found = edge_cases(operation, TestPlan(), valid_request(operation)).cases
    return {case.title.en: case for case in found}


def test_a_batch_of_nothing_is_not_sent() -> None:
    address = {"type": "array", "items": {"type": "string", "format": "email"}}
    note = {"type": "object", "properties": {"to": TEXT}, "required": ["to"]}
    assert "accepts body with no items" not in accepted(
        operation_with({"type": "array", "items": note})
    )
    removed = {"type": "object", "properties": {"emails": address}}
    assert not [t for t in accepted(operation_with(removed)) if "with no items" in t]
    kept = {"type": "object", "properties": {"emails": address, "name": TEXT}}
    assert "accepts emails with no items" in accepted(operation_with(kept))


def test_steps_of_a_json_patch_are_not_exchanged() -> None:
    properties = {"op": {"enum": ["add", "remove", "move"]}, "path": TEXT, "value": TEXT}
    step = {"type": "object", "properties": properties, "required": ["op", "path"]}
    patch = operation_with({"type": "array", "items": step}, media="application/json-patch+json")
    assert not [title for title in accepted(patch) if " op " in title]


def test_a_number_written_as_a_text_is_not_as_long_as_it_can_be() -> None:
    amount = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "maxLength": 32, "minLength": 1}
    word = {"type": "string", "pattern": "^[a-z]+$", "maxLength": 32}
    body = {"type": "object", "properties": {"amount": amount, "word": word}}
    found = accepted(operation_with({**body, "required": ["amount", "word"]}))
    assert not [title for title in found if "amount" in title]
    assert "accepts word of maximum length" in found


@pytest.mark.parametrize(("codes", "tried"), [(("201",), True), (("201", "409"), False)])
def test_states_are_not_tried_where_they_may_conflict(codes: tuple[str, ...], tried: bool) -> None:
    state = {
        "type": "object",
        "properties": {"status": {"type": "string", "enum": ["new", "paid", "sent"]}},
    }
    responses = {code: {"description": ""} for code in codes}
    for media in ("application/json", "application/x-www-form-urlencoded"):
        whole = {**state, "required": ["status"]}
        found = accepted(operation_with(whole, media=media, responses=responses))
        assert any("accepts status paid" in title for title in found) is tried


def test_what_has_to_be_said_twice_stays_the_same() -> None:
    word = {"type": "string", "minLength": 3}
    user = {
        "type": "object",
        "properties": {"password": word, "passwordConfirmation": word, "name": word},
        "required": ["password"],
    }
    whole = {"type": "object", "properties": {"user": user}, "required": ["user"]}
    operation = operation_with(whole)
    body = ValidRequests().of(operation).body
    assert body is not None
    assert isinstance(body.value, dict)
    sent = body.value["user"]
    assert sent["password"] == sent["passwordConfirmation"]
    edges = edge_cases(operation, TestPlan(), ValidRequests().of(operation)).cases
    changed_at = {change.name for case in edges for change in case.changes}
    assert changed_at == {"/user/name"}


def test_what_is_made_in_a_resource_of_the_test_needs_nobody() -> None:
    paths = with_two_successes()
    numbers = item("pageId", {"type": "integer", "minimum": 1})
    put = {"responses": answers("200", "201"), "requestBody": takes({"name": TEXT})}
    page = {"parameters": [item("bookId", TEXT), numbers], "put": put}
    inner = made({**paths, "/books/{bookId}/pages/{pageId}": page})
    case = inner["PUT /books/{bookId}/pages/{pageId}.positive"]
    assert case.law == "create-then-use"
    assert len(case.given) == 1


def test_nothing_is_compared_where_a_change_needs_something_that_exists() -> None:
    numbers = item("pageId", {"type": "integer", "minimum": 1})
    put = {"responses": answers("200", "201"), "requestBody": takes({"name": TEXT})}
    found = made({"/pages/{pageId}": {"parameters": [numbers], "put": put}})
    assert [case.law for case in found.values()] == ["existing-data"]


@pytest.mark.parametrize(
    ("path", "prose"),
    [
        ("/domains", False),
        ("/domains/claim", False),
        ("/domains/create", False),
        ("/v1/domains/", False),
        ("/books", True),
        ("/books/claim", True),
        ("/domains/{domainId}/guests", True),
    ],
)
def test_the_name_of_a_domain_is_no_prose(path: str, prose: bool) -> None:
    named = {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}
    found = accepted(operation_with(named, item("domainId", TEXT), path=path))
    assert ("accepts name in Cyrillic" in found) is prose


@pytest.mark.parametrize(
    ("name", "other", "twice"),
    [
        ("password", "passwordConfirmation", True),
        ("confirm_email", "email", True),
        ("repeatNewPassword", "new_password", True),
        ("password", "newPasswordConfirmation", False),
        ("name", "title", False),
        ("$", "title", False),
        ("confirm", "$", False),
    ],
)
def test_fields_that_say_the_same(name: str, other: str, twice: bool) -> None:
    assert is_said_twice(name, {name: "", other: ""}) is twice


def test_neither_of_two_equal_texts_is_new() -> None:
    word = {"type": "string", "format": "email"}
    user = {"email": word, "email_confirmation": word, "login": TEXT}
    document = {"/users": {"post": {"responses": answers("201"), "requestBody": takes(user)}}}
    body = made(document)["POST /users.positive"].request.body
    assert body is not None
    assert list(body.unique) == ["/login"]
