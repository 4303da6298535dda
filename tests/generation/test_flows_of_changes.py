"""What is created before requests that were changed, and what is said to be new in them."""

from __future__ import annotations

from typing import Any

from pe4king_core.model.fact import Basis, CaseKind, ResponseValue
from tests.generation.test_flows import BOOKS, ID, calls, cases, operation, takes

SERVER = {"type": "object", "properties": {"id": ID}}
NEGATIVE = frozenset({CaseKind.NEGATIVE})
REVIEWS = BOOKS | {
    "/books/{bookId}/reviews": {"post": operation("201", {"id": ID})},
    "/books/{bookId}/reviews/{reviewId}": {
        "get": {
            "responses": {"200": {"description": "ok"}, "404": {"description": "none"}},
            "parameters": [{"name": "reviewId", "in": "path", "required": True, "schema": ID}],
        }
    },
}


def test_an_unknown_id_is_looked_for_under_a_parent_that_exists() -> None:
    found = cases(REVIEWS, kinds=NEGATIVE)
    name = "GET /books/{bookId}/reviews/{reviewId}.negative.path.reviewId"
    case = found[f"{name}.answers-404-for-unknown-reviewId"]
    assert calls(case) == ["POST /books"], "the review itself need not be there"
    assert case.request.path_parameters["bookId"] == ResponseValue("POST /books", "/id")


def test_a_made_up_resource_may_be_missed_before_the_error_is_found() -> None:
    body = takes({"pages": {"type": "integer"}})
    put = operation("200", requestBody=body)
    put["responses"] |= {code: {"description": "no"} for code in ("404", "422")}
    item = {"/books/{bookId}": {"put": put}}
    name = "PUT /books/{bookId}.negative.body.pages.rejects-missing-pages"
    assert cases(item)[name].statuses == (422, 404), "nobody knows whether there is a book"
    assert cases(BOOKS | item)[name].statuses == (422,)
    known = {"name": "bookId", "in": "path", "required": True, "schema": {"const": "first"}}
    item = {"/books/{bookId}": {"put": put, "parameters": [known]}}
    assert cases(item)[name].statuses == (422,)


LABELS: dict[str, Any] = {
    "/labels/{name}": {
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            }
        ],
        "put": operation(
            "200", {"name": {"type": "string"}}, requestBody=takes({"slug": {"type": "string"}})
        ),
        "get": operation(),
    }
}


def test_what_is_changed_is_not_said_to_be_new() -> None:
    found = cases(LABELS)
    put = "PUT /labels/{name}"
    assert set(found[f"{put}.positive"].request.unique) == {"name"}
    broken = found[f"{put}.negative.path.name.rejects-name-breaking-the-pattern"]
    assert broken.request.unique == {}
    body = found[f"{put}.negative.body.slug.rejects-slug-null"].request.body
    assert body is not None
    assert body.unique == {}
    kept = found[f"{put}.negative.body.rejects-malformed-JSON"].request
    assert set(kept.unique) == {"name"}
    assert kept.body is not None
    assert kept.body.unique == {}


def orders(**items: Any) -> dict[str, Any]:
    """A shop whose orders name customers and, in a list of lines, books."""
    line = {"type": "object", "required": ["bookId"], "properties": {"bookId": ID}}
    lines = {"type": "array", "items": line, "minItems": 1, "maxItems": 4, **items}
    body = takes({"lines": lines})
    return BOOKS | {"/orders": {"post": operation("201", {"id": ID}, requestBody=body)}}


def test_edges_with_ids_that_nobody_made_are_left_out() -> None:
    found = cases(orders())
    edges = [name for name in found if name.startswith("POST /orders.edge")]
    assert not [name for name in edges if "lines" in name]
    assert [name for name in cases(orders(), behavioural=False) if "edge.body.lines" in name]
    assert calls(found["POST /orders.positive"]) == ["POST /books"]


def test_edges_of_names_that_must_be_new_need_a_way_to_remove_them() -> None:
    body = takes({"name": {"type": "string", "maxLength": 40}})
    create = {"post": operation("201", {"id": ID}, requestBody=body)}
    create["post"]["responses"]["409"] = {"description": "there is one already"}
    edge = "POST /books.edge.body.name.accepts-name-of-maximum-length"
    assert edge in cases(BOOKS | {"/books": create})
    for_ever = {"/books": create, "/books/{bookId}": {"get": operation()}}
    assert edge not in cases(for_ever)
    assert edge in cases(for_ever, behavioural=False)


def test_a_list_names_each_resource_once_where_fewer_will_do() -> None:
    example = [{"bookId": f"7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a0{n}"} for n in (1, 2)]
    for fewest, taken in ((1, ["/lines/0/bookId"]), (2, ["/lines/0/bookId", "/lines/1/bookId"])):
        request = cases(orders(example=example, minItems=fewest))["POST /orders.positive"].request
        assert request.body is not None
        assert list(request.body.taken) == taken
        value = request.body.value
        assert isinstance(value, dict)
        assert len(value["lines"]) == fewest


def test_the_place_that_only_says_create() -> None:
    paths = {
        "/books/create": BOOKS["/books"],
        "/books/{bookId}": BOOKS["/books/{bookId}"],
    }
    found = cases(paths)
    assert calls(found["GET /books/{bookId}.positive"]) == ["POST /books/create"]
    assert found["POST /books/create.positive"].clean_up is not None


def test_a_put_that_only_changes_makes_nothing() -> None:
    changes = operation("200", {"name": {"type": "string"}})
    changes["responses"]["404"] = {"description": "none"}
    found = cases({"/labels/{name}": {"put": changes, "get": operation()}})
    assert found["GET /labels/{name}.positive"].given == ()
    assert not [case for case in found.values() if case.request.unique]


SERVERS: dict[str, Any] = {
    "/servers": {
        "get": operation("200", {"items": {"type": "array", "items": SERVER}}),
    },
    "/servers/{server}": {"get": operation(), "delete": operation("204"), "put": operation()},
    "/servers/{server}/flush": {"post": operation()},
    "/servers/{server}/zones": {"post": operation("201", {"id": ID})},
    "/servers/{server}/zones/{zone}": {"get": operation(), "delete": operation("204")},
}


def test_what_cannot_be_created_is_looked_for_in_its_list() -> None:
    found = cases(SERVERS)
    case = found["GET /servers/{server}.positive"]
    assert calls(case) == ["GET /servers"]
    first = ResponseValue("GET /servers", "/items/0/id", sure=False)
    assert case.request.path_parameters == {"server": first}
    assert (case.basis, case.law) == (Basis.LAW, "list-then-use")
    zone = found["DELETE /servers/{server}/zones/{zone}.positive"]
    assert calls(zone) == ["GET /servers", "POST /servers/{server}/zones"]
    assert zone.given[0].clean_up is None


def test_what_was_there_before_is_changed_and_deleted_on_demand_only() -> None:
    found = cases(SERVERS)
    assert found["PUT /servers/{server}.positive"].request.unique
    for key in ("DELETE /servers/{server}", "POST /servers/{server}/flush"):
        assert found[f"{key}.positive"].law == "existing-data", key
    assert not [name for name in found if "gone-after-delete" in name and "zones" not in name]


def test_a_documented_value_is_better_than_the_first_of_a_list() -> None:
    server = {"name": "server", "in": "path", "required": True, "schema": {"const": "localhost"}}
    item = {"/servers/{server}": {"get": operation(), "parameters": [server]}}
    case = cases(SERVERS | item)["GET /servers/{server}.positive"]
    assert (case.given, case.request.path_parameters) == ((), {"server": "localhost"})


def test_a_search_is_no_creation_and_is_not_cleaned_up() -> None:
    listed = operation("200", {"id": ID})
    found = cases(BOOKS | {"/books": {"get": listed}})
    assert found["GET /books.positive"].clean_up is None
    assert found["GET /books/{bookId}.positive"].given == ()
