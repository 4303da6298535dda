"""Cases made from documents: valid requests, provably invalid ones, names, order, budget."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import Depth, TestCase, TestModel, TestPlan
from pe4king_core.model.fact import (
    Basis,
    CaseKind,
    ChangeIn,
    Credentials,
    Presence,
    ResponseValue,
    SubjectKind,
)
from pe4king_core.openapi import load
from pe4king_core.openapi.schema.values import Direction, Validity, validity

SHOP = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: https://shop.example/v1}]
security: [{key: []}]
paths:
  /items:
    get:
      operationId: listItems
      tags: [items]
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
        - {name: state, in: query, required: true, schema: {enum: [new, used]}}
        - {name: any, in: query, schema: {type: string}}
      responses:
        "200":
          description: found
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Item"}}
        "400": {description: bad}
        "401": {description: who}
    post:
      operationId: createItem
      tags: [items]
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/NewItem"}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
          links:
            get: {operationId: getItem, parameters: {itemId: "$response.body#/id"}}
        "400": {description: bad}
        "422": {description: broken}
  /items/{itemId}:
    get:
      operationId: getItem
      tags: [items]
      security: []
      parameters:
        - {name: itemId, in: path, required: true, schema: {type: string, format: uuid}}
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
        "404": {description: none}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    NewItem:
      type: object
      additionalProperties: false
      required: [name, price, kind]
      properties:
        name: {type: string, minLength: 2, maxLength: 20}
        price: {type: number, exclusiveMinimum: 0}
        kind: {enum: [a, b]}
        tags:
          type: array
          uniqueItems: true
          maxItems: 3
          items: {type: string, pattern: "^[a-z]+$"}
        note: {type: [string, "null"]}
        weight: {type: integer, default: 1}
    Item:
      allOf:
        - {$ref: "#/components/schemas/NewItem"}
        - type: object
          required: [id]
          properties: {id: {type: string, format: uuid, readOnly: true}}
"""


def models(text: str = SHOP, **plan: object) -> tuple[TestModel, ...]:
    return generate(load(text, "file:///shop.yaml"), TestPlan(**plan))  # type: ignore[arg-type]


def cases(text: str = SHOP, **plan: object) -> dict[str, TestCase]:
    return {case.name: case for model in models(text, **plan) for case in model.cases}


def test_positive_cases_send_valid_requests() -> None:
    found = cases(kinds=frozenset({CaseKind.POSITIVE}))
    assert list(found) == [
        "list_items_returns_200",
        "list_items_lists_no_more_than_limit",
        "create_item_returns_201",
        "create_item_returns_what_was_sent",
        "get_item_returns_200",
        "get_item_returns_the_created_item",
    ]
    assert found["list_items_returns_200"].request.query == {"state": "new"}
    body = found["create_item_returns_201"].request.body
    assert body is not None
    schema = load(SHOP, "file:///shop.yaml").operations[1].request_body
    assert schema is not None
    assert schema.json is not None
    assert schema.json.schema is not None
    assert validity(body.value, schema.json.schema, direction=Direction.REQUEST) is Validity.VALID


def test_a_documented_link_creates_the_resource_first() -> None:
    case = cases()["get_item_returns_200"]
    assert [step.operation.operation_id for step in case.given] == ["createItem"]
    assert case.request.path_parameters == {"itemId": ResponseValue("POST /items", "/id")}
    assert "get_item_returns_200" in cases(behavioural=False)
    assert cases(behavioural=False)["get_item_returns_200"].given == ()


def test_negative_cases_say_what_they_break() -> None:
    negative = [name for name, case in cases().items() if case.kind is CaseKind.NEGATIVE]
    for name in (
        "list_items_rejects_missing_credentials",
        "list_items_rejects_wrong_credentials",
        "list_items_rejects_missing_query_state",
        "list_items_rejects_state_outside_enum",
        "list_items_rejects_limit_below_minimum",
        "list_items_rejects_limit_above_maximum",
        "list_items_rejects_limit_of_wrong_type",
        "create_item_rejects_missing_body",
        "create_item_rejects_malformed_json",
        "create_item_rejects_missing_name",
        "create_item_rejects_name_too_short",
        "create_item_rejects_name_too_long",
        "create_item_rejects_name_null",
        "create_item_rejects_price_below_minimum",
        "create_item_rejects_kind_outside_enum",
        "create_item_rejects_tags_with_repeated_items",
        "create_item_rejects_tags_with_too_many_items",
        "create_item_rejects_tags_item_breaking_the_pattern",
        "create_item_rejects_unknown_field",
        "get_item_answers_404_for_unknown_item_id",
        "get_item_rejects_item_id_not_a_uuid",
    ):
        assert name in negative, name


def test_what_may_be_valid_is_not_called_invalid() -> None:
    found = [name for name, case in cases().items() if case.kind is CaseKind.NEGATIVE]
    assert not [name for name in found if "any" in name.split("_")], "a string takes everything"
    assert "create_item_rejects_note_null" not in found, "null is allowed"
    assert "create_item_rejects_missing_weight" not in found, "there is a default"
    assert "get_item_rejects_missing_credentials" not in found, "anonymous access is allowed"


def negatives_with_body() -> Iterator[TestCase]:
    for case in cases(kinds=frozenset({CaseKind.NEGATIVE})).values():
        in_body = [
            change for change in case.changes if change.where is ChangeIn.BODY and change.name
        ]
        if in_body:
            yield case


def test_every_changed_body_is_invalid() -> None:
    checked = 0
    for case in negatives_with_body():
        media = case.operation.request_body
        assert media is not None
        assert media.json is not None
        assert media.json.schema is not None
        assert case.request.body is not None
        verdict = validity(case.request.body.value, media.json.schema, direction=Direction.REQUEST)
        assert verdict is Validity.INVALID, case.name
        checked += 1
    assert checked > 12


def test_expected_statuses_are_the_documented_ones() -> None:
    found = cases()
    assert found["list_items_rejects_missing_credentials"].statuses == (401,)
    assert found["create_item_rejects_missing_credentials"].statuses == (401, 403), (
        "none documented"
    )
    assert found["create_item_rejects_missing_name"].statuses == (422, 400)
    assert found["create_item_rejects_malformed_json"].statuses == (400, 422)
    assert found["get_item_answers_404_for_unknown_item_id"].statuses == (404,)


def test_laws_are_marked_and_can_be_left_out() -> None:
    assert cases()["get_item_answers_404_for_unknown_item_id"].law == "unknown-id"
    assert "get_item_answers_404_for_unknown_item_id" not in cases(behavioural=False)


def test_credentials_of_a_case() -> None:
    found = cases()
    assert found["list_items_rejects_missing_credentials"].request.credentials is Credentials.NONE
    assert found["list_items_rejects_wrong_credentials"].request.credentials is Credentials.WRONG
    assert found["list_items_returns_200"].request.credentials is Credentials.VALID


def test_generation_is_deterministic() -> None:
    assert models() == models()


def test_the_budget_keeps_the_most_valuable() -> None:
    found = list(cases(max_tests_per_endpoint=2))
    assert found[:2] == ["list_items_returns_200", "list_items_rejects_missing_credentials"]
    assert len(found) == 6


def test_selection_by_key_or_operation_id() -> None:
    for name in ("getItem", "GET /items/{itemId}"):
        found = cases(operations=frozenset({name}))
        assert found
        assert all(case.operation.operation_id == "getItem" for case in found.values())


@pytest.mark.parametrize("depth", list(Depth)[:5])
def test_depth_limits_what_is_asserted(depth: Depth) -> None:
    facts = cases(depth=depth)["list_items_returns_200"].assertions
    body = [fact for fact in facts if fact.subject.kind is SubjectKind.BODY]
    if depth < Depth.L2_BODY:
        assert not facts
    if depth < Depth.L5_TYPES:
        assert all(fact.presence is Presence.REQUIRED for fact in body)
    else:
        assert any(fact.presence is Presence.IF_PRESENT for fact in body)


def test_ids_are_unique_and_names_are_identifiers() -> None:
    everything = [case for model in models() for case in model.cases]
    assert len({case.id for case in everything}) == len(everything)
    assert len({case.name for case in everything}) == len(everything)
    assert all(case.name.isidentifier() for case in everything)


@pytest.mark.parametrize(
    "operation_id",
    ["", "get-item", "1st", "получитьЗаказ", "class", "a" * 300, "a/b?c#d", '"; import os; "', "é̂"],
)
def test_any_operation_id_gives_valid_names(operation_id: str) -> None:
    shown = operation_id.replace("\\", "\\\\").replace('"', '\\"')
    text = SHOP.replace("operationId: getItem\n", f'operationId: "{shown}"\n')
    found = cases(text)
    assert len(found) > 20
    assert all(f"test_{name}".isidentifier() for name in found)


def test_recursive_schemas_end() -> None:
    text = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /nodes:
    post:
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Node"}}}
      responses:
        "200":
          description: x
          content: {application/json: {schema: {$ref: "#/components/schemas/Node"}}}
components:
  schemas:
    Node:
      type: object
      required: [name, children]
      properties:
        name: {type: string}
        parent: {$ref: "#/components/schemas/Node"}
        children: {type: array, items: {$ref: "#/components/schemas/Node"}}
"""
    found = cases(text)
    body = found["post_nodes_returns_200"].request.body
    assert body is not None
    assert isinstance(body.value, dict)
    assert body.value["children"] == []


OBVIOUS = """
openapi: 3.1.0
info: {title: Notes, version: "1"}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
security: [{key: []}]
paths:
  /notes:
    post:
      operationId: createNote
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201":
          description: made
          content:
            application/json:
              schema: &note {type: object, required: [id], properties: {id: {type: integer}}}
  /notes/{noteId}:
    get:
      operationId: getNote
      parameters: [{name: noteId, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: one
          content:
            application/json: {schema: *note}
            application/xml: {schema: {type: string}}
"""


def test_an_obvious_flow_creates_the_resource_first() -> None:
    case = cases(OBVIOUS)["get_note_returns_200"]
    assert [step.operation.operation_id for step in case.given] == ["createNote"]
    assert case.request.path_parameters == {"noteId": ResponseValue("POST /notes", "/id")}
    assert case.law == "create-then-use"
    unsure = cases(OBVIOUS.replace("required: [id]", "required: []"))
    assert unsure["get_note_returns_200"].basis is Basis.LAW
    assert case.basis is Basis.DOCUMENT


def test_an_answer_that_is_asked_for_as_json_is_checked_as_json() -> None:
    case = cases(OBVIOUS)["get_note_returns_200"]
    assert case.request.headers == {"Accept": "application/json"}
    assert "/id" in [fact.subject.name for fact in case.assertions]


def test_any_client_error_is_no_refused_caller() -> None:
    from pe4king_core.model.case import TestStyle
    from pe4king_core.rendering.formats import formats

    [made] = models(OBVIOUS)
    for name, words in (
        ("pytest", "assert response.status_code not in (401, 403)"),
        ("junit-restassured", "not(oneOf(401, 403))"),
    ):
        assert words in formats()[name].render(made, TestStyle()).text


def test_what_cannot_be_made_or_broken_is_listed() -> None:
    text = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /form:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {type: object, required: [a]}}
      responses: {"200": {description: x}}
  /odd:
    post:
      requestBody:
        content:
          application/json: {schema: {type: string, pattern: "^a$", minLength: 5}}
      responses: {"200": {description: x}}
"""
    [made] = models(text)
    doubts = [(doubt.operation, doubt.title.en) for doubt in made.not_provable]
    assert ("POST /odd", "answers a valid request") in doubts
    assert ("POST /odd", "breaks the body's schema") in doubts
    assert not [case for case in made.cases if case.name == "post_odd_returns_200"]


def test_another_seed_says_something_else_but_signs_in_as_documented() -> None:
    text = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /sessions:
    post:
      operationId: signIn
      requestBody: &known
        content:
          application/json:
            schema:
              type: object
              required: [user]
              properties: {user: {type: string, example: guest}}
      responses: {"200": {description: in}, "401": {description: who}}
  /notes:
    post: {operationId: note, requestBody: *known, responses: {"200": {description: ok}}}
"""
    for seed in range(2, 6):
        found = cases(text, seed=seed)
        assert found["sign_in_returns_200"].request == cases(text)["sign_in_returns_200"].request
        assert found["note_returns_200"].request != cases(text)["note_returns_200"].request
