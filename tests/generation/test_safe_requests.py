"""Requests that can be sent to a server which others use: new where they must be, no harm done."""

from __future__ import annotations

from typing import Any

import yaml

from pe4king_core.generation import generate
from pe4king_core.model.case import NotProvable, TestCase, TestPlan, TestStyle
from pe4king_core.model.fact import Basis, CaseKind, RequestValue
from pe4king_core.model.json import lookup
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from tests.generation.test_flows import ID, cases, operation, takes

PAYMENTS = """
openapi: 3.1.0
info: {title: Bank, version: "1"}
paths:
  /payments:
    post:
      operationId: pay
      parameters:
        - {name: Idempotency-Key, in: header, required: true,
           schema: {type: string, format: uuid}}
        - {name: X-Request-Id, in: header, required: true,
           schema: {type: string, maxLength: 20}, example: run-7}
        - {name: X-Channel, in: header, required: true, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount, nonce]
              properties:
                amount: {type: integer, minimum: 1}
                nonce: {type: string}
      responses: {"201": {description: made}, "400": {description: no}}
"""


def models(text: str = PAYMENTS, **plan: Any) -> Any:
    return generate(load(text, "file:///t.yaml"), TestPlan(**plan))


def of_document(text: str, **plan: Any) -> dict[str, TestCase]:
    return {case.id: case for model in models(text, **plan) for case in model.cases}


def yaml_of(paths: dict[str, Any]) -> str:
    return str(
        yaml.safe_dump({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    )


def test_keys_of_idempotency_are_new_in_every_request() -> None:
    request = of_document(PAYMENTS)["pay.positive"].request
    assert request.fresh_headers == {"Idempotency-Key": "{uuid}", "X-Request-Id": "run-7-{unique}"}
    assert request.body is not None
    assert list(request.body.unique) == ["/nonce"]


def test_a_negative_that_is_about_the_key_has_what_it_says() -> None:
    found = [case for case in of_document(PAYMENTS).values() if case.kind is CaseKind.NEGATIVE]
    about = [case for case in found if "Idempotency-Key" in case.id]
    assert about
    assert all("Idempotency-Key" not in case.request.fresh_headers for case in about)
    others = [case for case in found if "amount" in case.id]
    assert others
    assert all("Idempotency-Key" in case.request.fresh_headers for case in others)


def test_no_edge_has_a_fixed_key() -> None:
    edges = [case for case in of_document(PAYMENTS).values() if case.kind is CaseKind.EDGE]
    assert edges
    assert all("Idempotency-Key" in case.request.fresh_headers for case in edges)


def test_new_keys_are_written_in_every_format() -> None:
    shown = {name: each.render(models()[0], TestStyle()).text for name, each in formats().items()}
    python, java = shown["pytest"], shown["junit-restassured"]
    assert '"Idempotency-Key": str(uuid4())' in python
    assert '"X-Request-Id": f"run-7-{uuid4().hex[:8]}"' in python
    assert "from uuid import uuid4" in python
    assert '.header("Idempotency-Key", UUID.randomUUID().toString())' in java
    assert '.header("X-Request-Id", "run-7-" + unique())' in java
    assert "import java.util.UUID;" in java


THINGS = {
    "/things/{thingId}": {
        "get": operation(answer={"id": ID}),
        "delete": operation("204"),
        "patch": operation(answer={"id": ID}, requestBody=takes({"title": {"type": "string"}})),
    },
    "/things/{thingId}/close": {"post": operation("204")},
    "/things/{thingId}/parts": {"post": operation("201", {"id": ID})},
    "/units": {"get": operation(answer={"id": ID}), "delete": operation("204")},
}


def test_what_nobody_made_is_read_as_behaviour() -> None:
    found = cases(THINGS)
    assert found["GET /things/{thingId}.positive"].law == "existing-data"
    assert found["POST /things/{thingId}/parts.positive"].law == "existing-data"
    assert found["GET /units.positive"].law == ""


def test_nothing_is_tried_on_what_nobody_made() -> None:
    size = {"type": "integer", "minimum": 1, "maximum": 9, "example": 5}
    query = {"name": "size", "in": "query", "schema": size}
    one = {"post": operation("201", requestBody=takes({"size": size}))}
    one["get"] = operation(parameters=[query])
    found = [each for each in cases({"/x/{id}/y": one}).values() if each.kind is CaseKind.EDGE]
    assert {(case.operation.method, case.law) for case in found} == {("GET", "existing-data")}


def test_what_nobody_made_is_changed_and_removed_on_demand_only() -> None:
    found = cases(THINGS, kinds=frozenset({CaseKind.POSITIVE, CaseKind.EDGE}))
    laws = {case.operation.key: case.law for case in found.values()}
    assert laws.pop("GET /units") == ""
    assert set(laws.values()) == {"existing-data"}
    assert {"DELETE /things/{thingId}", "PATCH /things/{thingId}"} <= laws.keys()
    assert [each.kind for each in found.values()] == [CaseKind.POSITIVE] * len(found)


def test_a_server_without_state_gets_every_request() -> None:
    found = cases(THINGS, behavioural=False)
    assert "DELETE /things/{thingId}.positive" in found
    assert found["GET /things/{thingId}.positive"].law == ""


def test_what_is_left_out_is_told() -> None:
    told: list[NotProvable] = [
        each for model in models(yaml_of(THINGS)) for each in model.not_provable
    ]
    assert "DELETE /units" in [each.operation for each in told]


def test_values_that_the_document_lists_need_nobody() -> None:
    parameter = {"name": "unit", "in": "path", "required": True, "schema": {"enum": ["c", "f"]}}
    date = {"type": "string", "format": "date"}
    day = {"name": "day", "in": "path", "required": True, "schema": date}
    found = cases(
        {"/weather/{unit}/{day}": {"parameters": [parameter, day], "get": operation("200")}}
    )
    assert found["GET /weather/{unit}/{day}.positive"].law == ""


def edges_of(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, TestCase]:
    schema = {"type": "object", "properties": properties, "required": required or []}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    found = cases({"/things": {"post": operation("201", requestBody=body)}})
    return {case.title.en.partition(": ")[2]: case for case in found.values()}


def test_a_body_without_required_fields_is_not_sent_empty() -> None:
    text = {"type": "string"}
    assert "accepts only required fields" not in edges_of({"name": text, "note": text})
    assert "accepts only required fields" in edges_of({"name": text, "note": text}, ["name"])
    inside = {"type": "object", "properties": {"name": text}}
    assert "accepts only required fields" not in edges_of({"user": inside}, ["user"])


def test_no_edge_turns_a_range_round() -> None:
    day = {"type": "string", "format": "date"}
    query = [
        {"name": "createdFrom", "in": "query", "schema": day, "example": "2024-02-01"},
        {"name": "createdTo", "in": "query", "schema": day, "example": "2024-12-01"},
        {"name": "min_price", "in": "query", "schema": PRICE, "example": 10},
        {"name": "max_price", "in": "query", "schema": PRICE, "example": 20},
    ]
    found = cases({"/things": {"get": operation(parameters=query)}})
    edges = [case for case in found.values() if case.kind is CaseKind.EDGE]
    full = [case.request.query for case in edges if len(case.request.query) == 4]
    assert {query["createdFrom"] for query in full} == {"1970-01-01", "2024-02-01", "2024-02-29"}
    assert {query["createdTo"] for query in full} == {"2024-02-29", "2024-12-01", "2024-12-31"}
    assert {query["min_price"] for query in full} == {1, 10}
    assert {query["max_price"] for query in full} == {20, 500}


PRICE = {"type": "integer", "minimum": 1, "maximum": 500}


def test_what_has_to_be_ahead_is_not_in_the_past() -> None:
    day = {"type": "string", "format": "date"}
    ahead = {"executeOn": day, "day": day | {"description": "Not in the past."}, "born": day}
    found = edges_of(ahead, ["executeOn", "day", "born"])
    about = [title for title in found if "leap day" in title and title.startswith("accepts")]
    assert about == ["accepts born of a leap day"]
    assert "accepts born of the beginning of 1970" in found
    body = found["returns 201"].request.body
    assert body is not None
    assert isinstance(body.value, dict)
    assert body.value["executeOn"] >= "2030"
    assert body.value["day"] >= "2030"


def test_a_range_in_russian_ends_after_its_start() -> None:
    moment = {"type": "string", "format": "date-time"}
    body = edges_of({"начало": moment, "конец": moment}, ["начало", "конец"])["returns 201"].request
    assert body.body is not None
    assert isinstance(body.body.value, dict)
    assert body.body.value["конец"] > body.body.value["начало"]


def test_zero_is_no_edge_of_a_number_that_has_only_a_maximum() -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 30}}
    found = cases({"/things": {"get": operation(parameters=[limit])}})
    edges = [case for case in found.values() if case.kind is CaseKind.EDGE]
    assert {"limit": 30} in [case.request.query for case in edges]
    assert {"limit": 0} not in [case.request.query for case in edges]


def test_a_kind_that_needs_another_field_by_its_description_is_left_out() -> None:
    kind = {"type": "string", "enum": ["general", "event"]}
    event = {"type": "string", "format": "uuid", "description": "Required if it is for an event."}
    assert "accepts kind event" not in edges_of({"kind": kind, "eventId": event}, ["kind"])
    assert "accepts kind event" in edges_of({"kind": kind}, ["kind"])


TEXT = {"type": "string"}
WHO = {"email": TEXT | {"format": "email"}, "password": TEXT}
REFUSED = {"200": {"description": "ok"}, "401": {"description": "no"}}


def test_who_logs_in_is_registered_first() -> None:
    inside = {"type": "object", "properties": WHO | {"username": TEXT}, "required": [*WHO]}
    login = {"type": "object", "properties": WHO, "required": [*WHO]}
    found = cases(
        {
            "/users": {"post": operation("201", requestBody=takes({"user": inside}))},
            "/login": {"post": {"responses": REFUSED, "requestBody": takes({"user": login})}},
        }
    )
    case = found["POST /login.positive"]
    [step] = case.given
    assert (step.call, case.basis) == ("POST /users", Basis.LAW)
    assert step.request.body is not None
    assert case.request.body is not None
    taken = {"/user/email": RequestValue("/user/email", "POST /users")}
    assert case.request.body.taken == taken
    sent = [lookup(each.body.value, "/user/password") for each in (step.request, case.request)]
    assert sent[0] == sent[1]


def test_nobody_logs_in_with_credentials_that_were_made_up() -> None:
    login = {"post": {"responses": REFUSED, "requestBody": takes(WHO)}}
    assert "POST /login.positive" not in cases({"/login": login})
    known = WHO | {"password": TEXT | {"example": "secret"}}
    login = {"post": {"responses": REFUSED, "requestBody": takes(known)}}
    assert cases({"/login": login})["POST /login.positive"].law == "existing-data"


def test_the_own_account_keeps_what_it_is_known_by() -> None:
    schema = {"type": "object", "properties": WHO | {"bio": TEXT, "image": TEXT}}
    body = {"content": {"application/json": {"schema": schema}}}
    found = cases({"/user": {"put": operation(requestBody=body)}})
    sent = [each.request.body for each in found.values() if each.kind is not CaseKind.NEGATIVE]
    assert sent
    assert {name for body in sent if body and isinstance(body.value, dict) for name in body.value}
    assert not [body for body in sent if body and {"email", "password"} & {*(body.value or ())}]
    required = cases({"/me/email": {"put": operation(requestBody=takes(WHO))}})
    assert "PUT /me/email.positive" not in required


WHOLE = {"id": ID, "slug": TEXT, "name": TEXT, "size": {"type": "integer"}}


def items(sent: dict[str, Any], key: str = "itemId", **put: Any) -> dict[str, TestCase]:
    one = {
        "get": operation(answer=WHOLE),
        "delete": operation("204"),
        "put": operation(answer=WHOLE, requestBody=takes(sent)) | put,
    }
    one["put"]["responses"]["404"] = {"description": "none"}
    post = operation("201", WHOLE, requestBody=takes(sent))
    return cases({"/items": {"post": post}, f"/items/{{{key}}}": one})


def test_the_server_gives_ids_to_what_is_made() -> None:
    schema = {"type": "object", "properties": {"id": {"type": "integer", "example": 10}} | WHO}
    body = {"content": {"application/json": {"schema": schema}}}
    made = {"post": operation("201", {"id": ID}, requestBody=body)}
    one = {"delete": operation("204"), "get": operation(answer={"id": ID})}
    request = cases({"/users": made, "/users/{userId}": one})["POST /users.positive"].request
    assert request.body is not None
    assert "id" not in (request.body.value or {})


def test_what_had_to_be_given_a_fixed_id_is_not_removed() -> None:
    body = takes({"id": {"type": "integer", "example": 10}, "name": TEXT})
    made = {"post": operation("201", {"id": {"type": "integer"}}, requestBody=body)}
    one = {"delete": operation("204"), "get": operation(answer={"id": ID})}
    found = cases({"/pets": made, "/pets/{petId}": one})
    assert found["POST /pets.positive"].clean_up is None


def test_a_put_sends_the_key_that_is_in_its_path() -> None:
    user = {"username": TEXT, "size": {"type": "integer"}}
    one = {"put": operation(requestBody=takes(user)), "get": operation(answer=user)}
    one["put"]["responses"]["404"] = {"description": "none"}
    found = cases(
        {
            "/users": {"post": operation("201", user, requestBody=takes(user))},
            "/users/{username}": one,
        }
    )
    request = found["PUT /users/{username}.positive"].request
    assert request.body is not None
    assert request.body.taken == {"/username": request.path_parameters["username"]}


def test_an_update_changes_something() -> None:
    found = items({"name": TEXT, "size": {"type": "integer"}})
    case = found["PUT /items/{itemId}.positive"]
    made, changed = case.given[-1].request.body, case.request.body
    assert made is not None
    assert changed is not None
    assert made.value != changed.value


def test_an_update_does_not_change_what_the_slug_is_made_of() -> None:
    found = items({"name": TEXT, "size": {"type": "integer"}}, key="slug")
    assert "PUT /items/{slug}.positive" in found
    assert not [name for name in found if "update-then-read" in name]
    sent = {"name": TEXT, "size": {"type": "integer"}, "weight": {"type": "integer"}}
    optional = {"type": "object", "properties": sent}
    body = {"required": True, "content": {"application/json": {"schema": optional}}}
    found = items({"name": TEXT, "size": {"type": "integer"}}, key="slug", requestBody=body)
    request = found["PUT /items/{slug}.positive"].request
    assert request.body is not None
    assert request.body.value is not None
    assert "name" not in request.body.value  # type: ignore[operator]


def test_what_is_planned_without_a_word_of_it_is_not_in_1970() -> None:
    found = edges_of({"day": {"type": "string", "format": "date"}}, ["day"])
    assert "accepts day of a leap day" in found
    assert "accepts day of the beginning of 1970" not in found


def test_a_login_in_the_query_needs_somebody_as_well() -> None:
    query = [{"name": name, "in": "query", "schema": TEXT} for name in ("user", "password")]
    found = cases({"/user/login": {"get": operation(parameters=query)}})
    assert "GET /user/login.positive" not in found


def test_edges_of_names_are_sent_to_what_is_removed_afterwards() -> None:
    found = items({"name": TEXT, "size": {"type": "integer"}})
    assert "PUT /items/{itemId}.edge.body.name.accepts-name-in-Cyrillic" in found


def test_nothing_is_shut_down() -> None:
    found = cases(
        {
            "/admin/shutdown": {"post": operation("202")},
            "/logout": {"get": operation("204")},
            "/admin/reports": {"post": operation("202")},
        }
    )
    assert [name for name in found if name.endswith(".positive")] == [
        "POST /admin/reports.positive"
    ]


def test_what_has_to_be_repeated_is_the_same() -> None:
    word = TEXT | {"minLength": 3}
    sent = {"newPassword": word, "newPasswordConfirmation": word}
    found = edges_of(sent, [*sent])
    body = found["returns 201"].request.body
    assert body is not None
    assert isinstance(body.value, dict)
    assert len({*body.value.values()}) == 1
    assert not [title for title in found if title.startswith("accepts")]


def test_states_are_not_tried_where_a_change_may_conflict() -> None:
    state = {"type": "string", "enum": ["new", "paid", "shipped"]}
    put = {"responses": {"200": {"description": "ok"}, "409": {"description": "not now"}}}
    found = items({"name": TEXT, "status": state}, **put)
    assert "PUT /items/{itemId}.positive" in found
    assert not [name for name in found if name.startswith("PUT") and "accepts-status" in name]


def test_a_reference_to_something_else_is_not_new() -> None:
    request = edges_of({"account_slug": TEXT, "slug": TEXT}, ["account_slug", "slug"])
    body = request["returns 201"].request.body
    assert body is not None
    assert list(body.unique) == ["/slug"]


def test_invented_addresses_belong_to_nobody() -> None:
    mail = {"type": "string", "format": "email", "example": "jane@gmail.com"}
    body = edges_of({"email": mail}, ["email"])["returns 201"].request.body
    assert body is not None
    assert body.unique == {"/email": "jane.{unique}@example.com"}


def test_the_name_of_a_domain_is_no_prose() -> None:
    body = takes({"name": TEXT})
    one = {"delete": operation("204"), "get": operation()}
    post = {"post": operation("201", {"id": ID}, requestBody=body)}
    assert [name for name in cases({"/cats": post, "/cats/{id}": one}) if "Cyrillic" in name]
    assert not [name for name in cases({"/domains": post, "/domains/{id}": one}) if "Cyril" in name]


def test_a_put_that_makes_what_is_missing_finds_nothing_unknown() -> None:
    put = operation("201", requestBody=takes({"name": TEXT}))
    put["responses"]["404"] = {"description": "no such shelf"}
    found = cases({"/items/{itemId}": {"put": put}})
    assert not [case for case in found.values() if case.law == "unknown-id"]


def test_without_credentials_401_is_right_where_403_is_documented() -> None:
    document = yaml.safe_load(PAYMENTS)
    document["security"] = [{"key": []}]
    scheme = {"type": "http", "scheme": "bearer"}
    document["components"] = {"securitySchemes": {"key": scheme}}
    document["paths"]["/payments"]["post"]["responses"]["403"] = {"description": "no right"}
    found = of_document(yaml.safe_dump(document))
    [case] = [each for each in found.values() if "missing-credentials" in each.id]
    assert case.statuses == (401, 403)


def test_unknown_ids_are_made_of_a_pattern() -> None:
    schema = {"type": "string", "pattern": "^ord_[a-z0-9]{10}$"}
    parameter = {"name": "orderId", "in": "path", "required": True, "schema": schema}
    get = operation()
    get["responses"]["404"] = {"description": "none"}
    found = cases({"/orders/{orderId}": {"parameters": [parameter], "get": get}})
    unknown = [case for case in found.values() if case.law == "unknown-id"]
    assert len(unknown) == 1
    known = found["GET /orders/{orderId}.positive"].request.path_parameters["orderId"]
    assert all(case.request.path_parameters["orderId"] != known for case in unknown)


def test_what_somebody_asks_for_by_name_is_written() -> None:
    asked = cases(THINGS, operations=frozenset({"POST /things/{thingId}/close"}))
    assert asked["POST /things/{thingId}/close.positive"].law == "existing-data"
