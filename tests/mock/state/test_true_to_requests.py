"""What users expect of a server beyond single answers: one truth in all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pe4king_core.mock.exchange import Sent
from tests.mock.state.calls import Calls, answers, named, takes, text_of, written

UUID = {"type": "string", "format": "uuid"}
TIME = {"type": "string", "format": "date-time", "readOnly": True}
PART = {
    "type": "object",
    "required": ["sku"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "sku": {"type": "string"}},
}
DRAFT = {
    "type": "object",
    "required": ["customerId"],
    "properties": {
        "customerId": UUID,
        "note": {"type": ["string", "null"]},
        "parts": {"type": "array", "items": PART},
    },
}
ORDER = {
    "type": "object",
    "required": ["id", "customerId", "total", "createdAt"],
    "properties": {
        **DRAFT["properties"],  # type: ignore[dict-item]
        "id": {**UUID, "readOnly": True},
        "total": {"type": "number", "readOnly": True},
        "createdAt": TIME,
        "updatedAt": TIME,
        "phone": {"type": "string"},
    },
}
KNOWN = "5b0a0d0e-8a4e-4b0e-9a64-000000000001"
EXAMPLE = {"id": KNOWN, "customerId": KNOWN, "total": 9, "createdAt": "2024-01-01T00:00:00Z"}
ITEM = {"parameters": [named("id", {"type": "string"})]}
ID = {"parameters": [named("orderId", UUID)]}
MERGE = "application/merge-patch+json"


def shop() -> str:
    read = answers(ORDER)
    kinds = {name: {"schema": ORDER} for name in ("application/json", "application/xml")}
    read["200"]["content"] = {**kinds, "application/json": {"schema": ORDER, "example": EXAMPLE}}
    change = {"type": "object", "properties": {"note": DRAFT["properties"]["note"]}}  # type: ignore[index]
    upload = {"type": "object", "properties": {"id": UUID, "kind": {"type": "string"}}}
    orders = {"type": "array", "items": ORDER}
    return written(
        {
            "/orders": {
                "get": {"responses": answers(orders)},
                "post": {"requestBody": takes(DRAFT), "responses": answers(ORDER, "201")},
            },
            "/orders/{orderId}": {
                **ID,
                "get": {"responses": read},
                "put": {"requestBody": takes(change), "responses": answers(ORDER)},
                "patch": {"requestBody": takes(change, MERGE), "responses": answers(ORDER)},
                "delete": {"responses": {"204": {"description": ""}}},
            },
            "/orders/{orderId}/parts": {
                **ID,
                "get": {"responses": answers({"type": "array", "items": PART})},
                "post": {"requestBody": takes(PART), "responses": answers(PART, "201")},
            },
            "/orders/{orderId}/files": {
                **ID,
                "post": {"requestBody": takes(upload), "responses": answers(upload, "201")},
            },
            "/orders/{orderId}/close": {**ID, "post": {"responses": answers(ORDER)}},
        }
    )


@pytest.fixture
def orders() -> Calls:
    return Calls(shop())


def made(orders: Calls, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = orders("POST", "/orders", {"customerId": KNOWN, **more}).body
    return found


def test_a_change_changes_nothing_else(orders: Calls) -> None:
    changed = orders("PATCH", f"/orders/{KNOWN}", {"note": None}, media=MERGE).body
    assert changed == {**EXAMPLE, "note": None}
    assert orders("GET", f"/orders/{KNOWN}").body == changed


def test_another_representation_tells_the_same(orders: Calls) -> None:
    headers = [("Accept", "application/xml")]
    answer = orders.service.answer(Sent("GET", f"/orders/{KNOWN}", headers)).answer
    assert answer.header("content-type") == "application/xml"
    assert b"createdAt" in answer.body
    assert b"phone" not in answer.body
    assert b"updatedAt" not in answer.body


def test_a_put_that_needs_nothing_keeps_what_is_not_sent(orders: Calls) -> None:
    order = made(orders, note="mine", parts=[{"sku": "a"}])
    changed = orders("PUT", f"/orders/{order['id']}", {"note": "new"}).body
    assert changed["parts"] == [{"sku": "a"}]
    assert changed["customerId"] == KNOWN
    assert orders("GET", f"/orders/{order['id']}").body == changed


def test_what_only_the_server_says_is_not_taken_over(orders: Calls) -> None:
    order = made(orders, total=5, id="x", createdAt="1999-01-01T00:00:00Z")
    assert order["total"] != 5
    assert order["id"] != "x"
    assert order["createdAt"] > "2000"


def test_times_go_on(orders: Calls) -> None:
    first, second = made(orders), made(orders)
    assert first["createdAt"] < second["createdAt"]
    assert first["createdAt"] == first["updatedAt"]
    for turn in range(2):
        changed = orders("PATCH", f"/orders/{first['id']}", {"note": str(turn)}, media=MERGE).body
        assert changed["updatedAt"] > first["updatedAt"]
        assert changed["createdAt"] == first["createdAt"]
        first = changed
    assert orders("GET", f"/orders/{first['id']}").body == first


def test_what_an_order_holds_is_below_it_too(orders: Calls) -> None:
    order = made(orders, parts=[{"sku": "a"}])
    path = f"/orders/{order['id']}"
    assert orders("GET", f"{path}/parts").body == [{"sku": "a"}]
    part = orders("POST", f"{path}/parts", {"sku": "b"}).body
    assert orders("GET", f"{path}/parts").body == [{"sku": "a"}, part]
    assert orders("GET", path).body["parts"] == [{"sku": "a"}, part]
    changed = orders("PATCH", path, {"note": "n"}, media=MERGE).body
    assert changed["parts"] == [{"sku": "a"}, part]
    assert orders("GET", path).body["parts"] == [{"sku": "a"}, part]


def test_what_is_made_below_a_thing_has_an_id_of_its_own(orders: Calls) -> None:
    path = f"/orders/{KNOWN}/files"
    files = [orders("POST", path, {"kind": "photo"}).body for _ in range(3)]
    assert len({each["id"] for each in files}) == 3
    assert all(each["kind"] == "photo" for each in files)


def test_different_things_have_different_ids(orders: Calls) -> None:
    for order in orders("GET", "/orders").body:
        assert order["id"] != order["customerId"] or order["id"] == KNOWN


ARTICLE = {"article": {"title": "q", "description": "d", "body": "b"}}


@pytest.fixture
def blog(shared_specs: Path) -> Calls:
    return Calls(text_of(shared_specs / "small" / "realworld.yml"), base="/api")


def test_articles_are_updated_counted_and_gone(blog: Calls) -> None:
    slug = blog("POST", "/articles", ARTICLE).body["article"]["slug"]
    new = blog("PUT", f"/articles/{slug}", {"article": {"title": "New"}}).body["article"]
    assert (new["title"], new["description"], new["body"]) == ("New", "d", "b")
    listed = blog("GET", "/articles").body
    assert listed["articlesCount"] == len(listed["articles"])
    assert blog("DELETE", f"/articles/{slug}").status in (200, 204)
    assert blog("GET", f"/articles/{slug}").status == 404
    assert blog("GET", f"/articles/{slug}/comments").status == 404
    assert blog("GET", "/articles").body["articlesCount"] == len(listed["articles"]) - 1


def test_filters_mean_names_of_objects_and_items_of_lists(blog: Calls) -> None:
    articles = blog("GET", "/articles").body["articles"]
    author, tag = articles[0]["author"]["username"], articles[0]["tagList"][0]
    assert blog("GET", f"/articles?author={author}").body["articles"]
    assert blog("GET", f"/articles?tag={tag}").body["articles"]
    for nobody in ("author=nobody", "tag=nosuch"):
        assert blog("GET", f"/articles?{nobody}").body == {"articles": [], "articlesCount": 0}


def test_flags_follow_actions_and_back(blog: Calls) -> None:
    for method, follows in (("DELETE", False), ("POST", True), ("DELETE", False)):
        profile = blog(method, "/profiles/joe/follow").body["profile"]
        assert (profile["username"], profile["following"]) == ("joe", follows)
        assert blog("GET", "/profiles/joe").body["profile"] == profile


def test_a_name_is_no_id_where_the_server_gives_one() -> None:
    customer = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    }
    draft = {"type": "object", "properties": {"name": {"type": "string"}}}
    paths = {
        "/customers": {
            "post": {"requestBody": takes(draft), "responses": answers(customer, "201")}
        },
        "/customers/{customer}": {
            "parameters": [named("customer", {"type": "string"})],
            "get": {"responses": answers(customer)},
        },
    }
    calls = Calls(written(paths))
    joes = [calls("POST", "/customers", {"name": "Joe"}).body for _ in range(2)]
    assert len({"Joe", *(each["id"] for each in joes)}) == 3
    assert [calls("GET", f"/customers/{each['id']}").body for each in joes] == joes


def test_new_ids_look_like_documented_ones() -> None:
    domain = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    known = {**named("id", {"type": "string"}), "example": KNOWN}
    paths = {
        "/domains": {"post": {"responses": answers(domain, "201")}},
        "/domains/{id}": {"parameters": [known], "get": {"responses": answers(domain)}},
    }
    calls = Calls(written(paths))
    found = {calls("POST", "/domains").body["id"] for _ in range(3)}
    assert len(found) == 3
    assert all(len(each) == len(KNOWN) and each.count("-") == 4 for each in found)


def test_a_query_sets_members_that_were_not_there(shared_specs: Path) -> None:
    pets = Calls(text_of(shared_specs / "small" / "petstore3.yaml"), base="/api/v3")
    pets("POST", "/pet", {"id": 77, "name": "Rex", "photoUrls": []})
    pets("POST", "/pet/77?name=Bob&status=pending")
    pet = pets("GET", "/pet/77").body
    assert (pet["name"], pet["status"]) == ("Bob", "pending")


def test_lists_are_in_the_order_of_their_ids() -> None:
    thing = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    query = [named("status", {"type": "string", "enum": ["a", "b", "c"]}, "query")]
    thing["properties"]["status"] = {"type": "string", "enum": ["a", "b", "c"]}  # type: ignore[index]
    listed = {"parameters": query, "responses": answers({"type": "array", "items": thing})}
    ids = [
        each["id"] for each in Calls(written({"/things": {"get": listed}}))("GET", "/things").body
    ]
    assert len(ids) > 3
    assert ids == sorted(ids)


def test_other_seeds_have_the_documented_example_too() -> None:
    for seed in range(2, 6):
        orders = Calls(shop(), seed=seed)
        assert orders("GET", f"/orders/{KNOWN}").body == EXAMPLE
        assert EXAMPLE in orders("GET", "/orders").body


def test_a_json_patch_is_known_by_its_looks() -> None:
    thing = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "intent": {"type": "string"},
            "payer": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
    }
    steps = {"type": "array", "items": {"type": "object"}}
    item = {
        "parameters": [named("id", {"type": "string"})],
        "get": {"responses": answers(thing)},
        "patch": {"requestBody": takes(steps), "responses": {"204": {"description": ""}}},
    }
    calls = Calls(written({"/things/{id}": item}))
    changes = [
        {"op": "replace", "path": "/intent", "value": "AUTHORIZE"},
        {"op": "replace", "path": "/payer/name", "value": "Joe"},
    ]
    assert calls("PATCH", "/things/7", changes).status == 204
    found = calls("GET", "/things/7").body
    assert (found["id"], found["intent"], found["payer"]) == ("7", "AUTHORIZE", {"name": "Joe"})


def test_what_was_changed_is_listed(orders: Calls) -> None:
    new = "5b0a0d0e-8a4e-4b0e-9a64-000000000777"
    changed = orders("PATCH", f"/orders/{new}", {"note": "mine"}, media=MERGE).body
    assert changed in orders("GET", "/orders").body


def test_a_part_of_a_thing_is_set_by_its_own_path() -> None:
    user = {"type": "object", "properties": {n: {"type": "string"} for n in ("id", "email", "bio")}}
    mail = {"type": "object", "properties": {"email": {"type": "string"}}}
    item = {"parameters": [named("id", {"type": "string"})]}
    part = {"requestBody": takes(mail), "responses": {"204": {"description": ""}}}
    paths = {
        "/users/{id}": {**item, "get": {"responses": answers(user)}},
        "/users/{id}/email": {**item, "put": part},
    }
    calls = Calls(written(paths))
    before = calls("GET", "/users/7").body
    assert calls("PUT", "/users/7/email", {"email": "new@b.cc"}).status == 204
    assert calls("GET", "/users/7").body == {**before, "email": "new@b.cc"}


@pytest.mark.parametrize("documented", [True, False])
def test_who_has_the_answer_is_told_so_where_that_is_documented(documented: bool) -> None:
    thing = {"type": "object", "properties": {"note": {"type": "string"}}}
    tagged = answers(thing, headers={"ETag": {"schema": {"type": "string"}}})
    same = {"304": {"description": "Same"}} if documented else {}
    patch = {"requestBody": takes(thing), "responses": answers(thing)}
    item = {**ITEM, "get": {"responses": {**tagged, **same}}, "patch": patch}
    calls = Calls(written({"/things/{id}": item}))
    tag = calls("GET", "/things/7").headers["etag"]

    def status(text: str) -> int:
        sent = Sent("GET", "/things/7", [("If-None-Match", text)])
        answer = calls.service.answer(sent).answer
        assert (answer.body == b"") is (answer.status == 304)
        assert answer.header("etag")
        return answer.status

    assert status(f'"x", W/{tag}') == (304 if documented else 200)
    assert status('"x"') == 200
    calls("PATCH", "/things/7", {"note": "new"})
    assert status(tag) == 200


def test_ids_that_count_go_on_counting() -> None:
    text = {"type": "string", "example": "customer-9"}
    customer = {"type": "object", "required": ["id"], "properties": {"id": text}}
    paths = {
        "/customers": {
            "get": {"responses": answers({"type": "array", "items": customer})},
            "post": {"responses": answers(customer, "201")},
        },
        "/customers/{id}": {**ITEM, "get": {"responses": answers(customer)}},
    }
    calls = Calls(written(paths))
    made = [calls("POST", "/customers").body["id"] for _ in range(3)]
    numbers = [int(each.removeprefix("customer-")) for each in made]
    assert numbers == sorted(set(numbers))
    listed = [each["id"] for each in calls("GET", "/customers").body]
    assert len(listed) == len(set(listed)) > 3


def test_a_first_page_has_none_before_it() -> None:
    thing = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    flags = ["hasPrevPage", "hasNextPage"]
    info = {
        "type": "object",
        "required": flags,
        "properties": {n: {"type": "boolean"} for n in flags},
    }
    page = {
        "type": "object",
        "required": ["items", "pageInfo"],
        "properties": {"items": {"type": "array", "items": thing}, "pageInfo": info},
    }
    whole = {"type": "integer", "minimum": 0}
    paging = [named(name, whole, "query") for name in ("limit", "offset")]
    calls = Calls(written({"/things": {"get": {"parameters": paging, "responses": answers(page)}}}))

    def told(query: str) -> list[bool]:
        found = calls("GET", f"/things?{query}").body["pageInfo"]
        return [found[name] for name in flags]

    assert told("limit=1&offset=0") == [False, True]
    assert told("limit=1&offset=1") == [True, True]
    assert told("limit=100&offset=2") == [True, False]
