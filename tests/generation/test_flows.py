"""What is called before an operation: links, paths, fields that name other resources; clean-up."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from pe4king_core.generation import generate
from pe4king_core.model.case import TestCase, TestPlan
from pe4king_core.model.fact import CaseKind, ResponseValue
from pe4king_core.openapi import load

POSITIVE = frozenset({CaseKind.POSITIVE})
ID = {"type": "string", "format": "uuid"}


def operation(
    status: str = "200", answer: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """An operation with one success; its JSON answer has the properties `answer`, all required."""
    response: dict[str, Any] = {"description": "ok"} | more.pop("response", {})
    if answer is not None:
        schema = {"type": "object", "properties": answer, "required": list(answer)}
        response["content"] = {"application/json": {"schema": schema}}
    return {"responses": {status: response}, **more}


def takes(properties: dict[str, Any]) -> dict[str, Any]:
    """A request body with `properties`, all required."""
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def cases(paths: dict[str, Any], **plan: Any) -> dict[str, TestCase]:
    """The cases by id; path parameters are declared for every path."""
    declared = {
        path: {
            "parameters": [
                {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
                for part in path.split("/")
                if part.startswith("{")
            ],
            **item,
        }
        for path, item in paths.items()
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": declared,
    }
    loaded = load(yaml.safe_dump(document, sort_keys=False), "file:///t.yaml")
    models = generate(loaded, TestPlan(**plan))
    return {case.id: case for model in models for case in model.cases}


def calls(case: TestCase) -> list[str]:
    return [step.call for step in case.given]


BOOKS = {
    "/books": {"post": operation("201", {"id": ID})},
    "/books/{bookId}": {"get": operation(answer={"id": ID}), "delete": operation("204")},
}


def test_what_is_read_is_created_first_and_removed_afterwards() -> None:
    case = cases(BOOKS)["GET /books/{bookId}.positive"]
    [step] = case.given
    assert (step.call, step.status) == ("POST /books", 201)
    assert case.request.path_parameters == {"bookId": ResponseValue("POST /books", "/id")}
    assert step.clean_up is not None
    assert step.clean_up.operation.key == "DELETE /books/{bookId}"
    assert step.clean_up.request.path_parameters == case.request.path_parameters


def test_what_the_call_under_test_creates_is_removed() -> None:
    case = cases(BOOKS)["POST /books.positive"]
    assert case.given == ()
    assert case.clean_up is not None
    assert case.clean_up.request.path_parameters == {"bookId": ResponseValue("C1", "/id")}
    assert cases(BOOKS)["GET /books/{bookId}.positive"].clean_up is None


def test_nothing_is_removed_where_the_document_has_no_plain_delete() -> None:
    reason = {"name": "why", "in": "query", "required": True, "schema": {"type": "string"}}
    asks = BOOKS["/books/{bookId}"] | {"delete": operation("204", parameters=[reason])}
    for paths in (
        BOOKS | {"/books/{bookId}": asks},
        BOOKS | {"/books/{bookId}": {"get": operation()}},
    ):
        assert cases(paths)["POST /books.positive"].clean_up is None


def test_steps_are_the_same_objects_in_every_case() -> None:
    found = cases(BOOKS)
    steps = [case.given[0] for case in found.values() if case.given]
    assert len(steps) > 2
    assert all(step is steps[0] for step in steps)


def test_chains_of_resources_inside_of_others() -> None:
    paths = BOOKS | {
        "/books/{book}/reviews": {"post": operation("201", {"id": ID}), "get": operation()},
        "/books/{book}/reviews/{reviewId}": {"get": operation(), "delete": operation("204")},
        "/books/{b_id}/reviews/{r_id}/likes": {"post": operation("201", {"id": ID})},
        "/books/{b_id}/reviews/{r_id}/likes/{likeId}": {"get": operation()},
    }
    found = cases(paths)
    books, reviews = "POST /books", "POST /books/{book}/reviews"
    assert calls(found["GET /books/{book}/reviews.positive"]) == [books]
    review = found["GET /books/{book}/reviews/{reviewId}.positive"]
    assert calls(review) == [books, reviews]
    assert review.request.path_parameters == {
        "book": ResponseValue(books, "/id"),
        "reviewId": ResponseValue(reviews, "/id"),
    }
    assert review.given[1].request.path_parameters == {"book": ResponseValue(books, "/id")}
    like = found["GET /books/{b_id}/reviews/{r_id}/likes/{likeId}.positive"]
    assert calls(like) == [books, reviews, "POST /books/{b_id}/reviews/{r_id}/likes"]
    made = found[f"{reviews}.positive"]
    assert made.clean_up is not None
    assert made.clean_up.request.path_parameters == {
        "book": ResponseValue(books, "/id"),
        "reviewId": ResponseValue("C1", "/id"),
    }


@pytest.mark.parametrize(
    ("parameter", "answer", "pointer"),
    [
        ("bookId", {"bookId": ID, "id": ID}, "/bookId"),
        ("bookId", {"book_id": ID}, "/book_id"),
        ("book_id", {"uuid": ID, "name": ID}, "/uuid"),
        ("id", {"name": {"type": "string"}}, "/name"),
        ("slug", {"id": ID, "slug": {"type": "string"}}, "/slug"),
        ("book_number", {"id": ID, "number": {"type": "integer"}}, "/number"),
        ("isbn", {"id": ID}, None),
        ("id", {"total": {"type": "integer"}}, None),
        ("id", {"id": {"type": "boolean"}}, None),
    ],
)
def test_where_the_id_is(parameter: str, answer: dict[str, Any], pointer: str | None) -> None:
    paths = {
        "/books": {"post": operation("201", answer)},
        f"/books/{{{parameter}}}": {"get": operation()},
    }
    case = cases(paths)[f"GET /books/{{{parameter}}}.positive"]
    taken = case.request.path_parameters[parameter]
    if pointer is None:
        assert case.given == ()
    else:
        assert taken == ResponseValue("POST /books", pointer)


def test_an_id_that_may_be_null_is_not_promised() -> None:
    paths = BOOKS | {"/books": {"post": operation("201", {"id": {"type": ["string", "null"]}})}}
    case = cases(paths)["GET /books/{bookId}.positive"]
    assert case.request.path_parameters == {
        "bookId": ResponseValue("POST /books", "/id", sure=False)
    }


def test_the_id_inside_an_envelope() -> None:
    inner = {"type": "object", "required": ["id"], "properties": {"id": ID}}
    paths = BOOKS | {"/books": {"post": operation("201", {"data": inner})}}
    case = cases(paths)["GET /books/{bookId}.positive"]
    assert case.request.path_parameters == {"bookId": ResponseValue("POST /books", "/data/id")}


def test_the_location_header_where_the_body_has_no_id() -> None:
    located = {"headers": {"Location": {"schema": {"type": "string"}}}}
    paths = BOOKS | {"/books": {"post": operation("201", response=located)}}
    case = cases(paths)["GET /books/{bookId}.positive"]
    assert case.request.path_parameters == {
        "bookId": ResponseValue("POST /books", "", header="Location")
    }


def test_a_put_that_creates_under_a_new_name() -> None:
    paths = {
        "/labels/{name}": {
            "put": operation("201", {"name": {"type": "string"}}),
            "get": operation(),
            "delete": operation("204"),
        }
    }
    found = cases(paths)
    read = found["GET /labels/{name}.positive"]
    assert read.request.path_parameters == {"name": ResponseValue("PUT /labels/{name}", "/name")}
    assert "{unique}" in read.given[0].request.unique["name"]
    made = found["PUT /labels/{name}.positive"]
    assert made.given == ()
    assert "{unique}" in made.request.unique["name"]
    assert made.clean_up is not None
    assert made.clean_up.request.path_parameters == {"name": ResponseValue("C1", "/name")}


def test_links_say_where_values_go() -> None:
    link = {
        "operationRef": "#/paths/~1log~1{entry}/get",
        "parameters": {
            "path.entry": "$response.body#/at",
            "since": "$request.query.since",
            "page": 2,
            "X-Trace": "$response.header.X-Trace",
        },
    }
    query = [
        {"name": name, "in": place, "schema": {"type": "string"}}
        for name, place in (("since", "query"), ("page", "query"), ("X-Trace", "header"))
    ]
    since = {"name": "since", "in": "query", "required": True, "schema": {"const": "monday"}}
    response = {"links": {"entry": link}}
    paths = {
        "/entries": {"post": operation("200", {"at": ID}, response=response, parameters=[since])},
        "/log/{entry}": {"get": operation(parameters=query)},
    }
    case = cases(paths)["GET /log/{entry}.positive"]
    assert calls(case) == ["POST /entries"]
    assert case.law == "link"
    assert case.request.path_parameters == {"entry": ResponseValue("POST /entries", "/at")}
    assert case.request.query == {"since": "monday", "page": 2}
    assert case.request.headers == {"X-Trace": ResponseValue("POST /entries", "", header="X-Trace")}


def test_a_link_with_a_value_that_cannot_be_known_is_not_followed() -> None:
    link = {"operationRef": "#/paths/~1log~1{entry}/get", "parameters": {"entry": "$url"}}
    paths = {
        "/entries": {"post": operation("200", {"at": ID}, response={"links": {"entry": link}})},
        "/log/{entry}": {"get": operation()},
    }
    assert cases(paths)["GET /log/{entry}.positive"].given == ()


ORDERS = {
    "/customers": {"post": operation("201", {"id": ID})},
    "/customers/{id}": {"get": operation()},
    "/orders": {"post": operation("201", {"id": ID}, requestBody=takes({"customerId": ID}))},
    "/orders/{id}": {"get": operation()},
}


def test_resources_that_the_body_names_are_created_first() -> None:
    found = cases(ORDERS)
    made = found["POST /orders.positive"]
    assert calls(made) == ["POST /customers"]
    assert made.request.body is not None
    assert made.request.body.taken == {"/customerId": ResponseValue("POST /customers", "/id")}
    assert calls(found["GET /orders/{id}.positive"]) == ["POST /customers", "POST /orders"]


def test_a_field_of_another_type_or_format_names_no_resource() -> None:
    for schema in ({"type": "string"}, {"type": "integer"}, ID | {"pattern": "^[0-9a-f-]+$"}):
        body = takes({"customerId": schema})
        paths = ORDERS | {"/orders": {"post": operation("201", {"id": ID}, requestBody=body)}}
        assert cases(paths)["POST /orders.positive"].given == ()


def test_what_answers_with_its_parent_has_no_id_of_its_own() -> None:
    document = BOOKS | {
        "/books/{bookId}/readers": {"post": operation("201", {"id": ID})},
        "/books/{bookId}/readers/{reader}": {"get": operation()},
    }
    case = cases(document)["GET /books/{bookId}/readers/{reader}.positive"]
    assert calls(case) == ["POST /books", "POST /books/{bookId}/readers"]
    book = {"$ref": "#/paths/~1books/post/responses/201/content/application~1json/schema"}
    parent = operation("201")
    parent["responses"]["201"]["content"] = {"application/json": {"schema": book}}
    document |= {"/books/{bookId}/readers": {"post": parent}}
    case = cases(document)["GET /books/{bookId}/readers/{reader}.positive"]
    assert calls(case) == ["POST /books"], "the id would be that of the book"


def test_a_negative_case_needs_no_resources_that_only_the_body_names() -> None:
    found = cases(ORDERS, kinds=frozenset({CaseKind.NEGATIVE}))
    assert len(found) > 4
    for case in found.values():
        assert case.given == ()
        assert case.request.body is None or not case.request.body.taken


def test_errors_in_the_body_are_looked_for_on_a_resource_that_exists() -> None:
    item = BOOKS["/books/{bookId}"] | {
        "put": operation("200", requestBody=takes({"pages": {"type": "integer"}}))
        | {"security": [{"key": []}]}
    }
    found = cases(BOOKS | {"/books/{bookId}": item})
    put = "PUT /books/{bookId}.negative"
    missing = found[f"{put}.body.pages.rejects-missing-pages"]
    assert calls(missing) == ["POST /books"]
    method = found["GET /books/{bookId}.negative.method.rejects-method-PATCH"]
    assert method.given == ()


def test_a_circle_of_resources_ends() -> None:
    paths = {
        "/parents": {"post": operation("201", {"id": ID}, requestBody=takes({"childId": ID}))},
        "/parents/{id}": {"get": operation()},
        "/children": {"post": operation("201", {"id": ID}, requestBody=takes({"parentId": ID}))},
        "/children/{id}": {"get": operation()},
    }
    assert "GET /parents/{id}.positive" in cases(paths)


def test_no_flows_where_behaviour_is_not_wanted() -> None:
    found = cases(ORDERS | BOOKS, behavioural=False)
    assert not any(case.given for case in found.values())


def test_an_unsure_answer_starts_no_flow() -> None:
    several = {"responses": {"200": {"description": "a"}, "202": {"description": "b"}}}
    later = operation("202", {"id": ID})
    for post in (several, later, {"responses": {"default": {"description": "x"}}}):
        paths = BOOKS | {"/books": {"post": post}}
        assert cases(paths)["GET /books/{bookId}.positive"].given == ()
