"""Flows on documents that speak of things in other ways than the bookstore does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pe4king_core.mock.state.unknown import Unknown
from tests.mock.state.calls import Calls, answers, hotel, named, takes, text_of, written

THING = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "maxLength": 40},
        "note": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
DRAFT = {
    "type": "object",
    "properties": {name: THING["properties"][name] for name in ("name", "note", "tags")},  # type: ignore[index]
}
ITEM = {"parameters": [named("id", {"type": "integer"})]}
HOTEL = {
    "code": "abc-1",
    "name": "Blue",
    "stars": 3,
    "address": {"street": "s", "city": "c", "country": "DE"},
}


@pytest.fixture
def rooms() -> Calls:
    return Calls(hotel())


@pytest.fixture
def pets(shared_specs: Path) -> Calls:
    return Calls(text_of(shared_specs / "small" / "petstore3.yaml"), base="/api/v3")


def test_nested_things_are_found_by_all_ids_of_their_path(rooms: Calls) -> None:
    one = rooms("POST", "/hotels", HOTEL).body["id"]
    other = rooms("POST", "/hotels", {**HOTEL, "code": "abc-2"}).body["id"]
    draft = {"number": 12, "kind": "suite", "price": 10.5}
    made = rooms("POST", f"/hotels/{one}/rooms", draft).body
    assert made == {**draft, "hotel_id": one, "beds": 1, "smoking": False}
    assert rooms("GET", f"/hotels/{one}/rooms/12").body == made
    assert rooms("GET", f"/hotels/{one}/rooms").body == [made]
    assert rooms("GET", f"/hotels/{other}/rooms").body == []
    booking = {
        "guest": {"name": "g", "email": "a@b.de"},
        "arrival": "2024-02-02",
        "nights": 2,
        "payment": {"kind": "card", "last_four": "1234"},
    }
    place = f"/hotels/{one}/rooms/12/bookings"
    booked = rooms("POST", place, booking).body
    assert rooms("GET", f"{place}/{booked['id']}").body == booked == booked | booking
    rooms("PATCH", f"{place}/{booked['id']}", {"status": "confirmed"})
    assert rooms("GET", place).body == [{**booked, "status": "confirmed"}]
    rooms("DELETE", f"/hotels/{one}")
    assert rooms("GET", f"/hotels/{one}/rooms/12").status == 404
    assert rooms("GET", f"{place}/{booked['id']}").status == 404


def test_a_merge_patch_changes_what_it_names(rooms: Calls) -> None:
    made = rooms("POST", "/hotels", {**HOTEL, "website": "https://a.example"}).body
    changed = rooms("PATCH", f"/hotels/{made['id']}", {"stars": 5, "website": None}).body
    assert changed["website"] is None
    assert {**changed, "website": made["website"], "stars": 3} == made
    assert rooms("GET", f"/hotels/{made['id']}").body == changed


def test_a_filter_of_several_values_keeps_each(rooms: Calls) -> None:
    one = rooms("POST", "/hotels", HOTEL).body["id"]
    for number, kind in enumerate(("suite", "single", "double"), 1):
        draft = {"number": number, "kind": kind, "price": 1}
        assert rooms("POST", f"/hotels/{one}/rooms", draft).status == 201
    found = rooms("GET", f"/hotels/{one}/rooms?kinds=suite&kinds=double").body
    assert [each["number"] for each in found] == [1, 3]


def test_put_makes_what_it_names(rooms: Calls) -> None:
    assert rooms("PUT", "/labels/sea-view", {"color": "#00ff00"}).body["name"] == "sea-view"
    assert rooms("GET", "/labels/sea-view").body == {"name": "sea-view", "color": "#00ff00"}
    rooms("DELETE", "/labels/sea-view")
    assert rooms("GET", "/labels/sea-view").status == 404
    rooms("PUT", "/labels/sea-view", {"color": "#0000ff"})
    assert rooms("GET", "/labels/sea-view").body["color"] == "#0000ff"


def test_ids_that_clients_choose_are_kept(pets: Calls) -> None:
    pet = {"id": 77, "name": "Rex", "photoUrls": ["u"], "status": "sold"}
    assert pets("POST", "/pet", pet).body == pet
    assert pets("GET", "/pet/77").body == pet
    assert pet in pets("GET", "/pet/findByStatus?status=sold").body
    assert pet not in pets("GET", "/pet/findByStatus?status=pending").body
    changed = {"id": 77, "name": "Max", "photoUrls": []}
    assert pets("PUT", "/pet", changed).body == changed
    assert pets("GET", "/pet/77").body == changed
    assert pets("POST", "/pet/77?name=Zoe&status=pending").body["name"] == "Zoe"
    assert pets("GET", "/pet/77").body["name"] == "Zoe"
    pets("DELETE", "/pet/77")
    assert pets("GET", "/pet/77").status == 404


def test_people_are_found_by_their_names_also_when_many_are_made_at_once(pets: Calls) -> None:
    pets("POST", "/user", {"username": "bob", "firstName": "Bob", "password": "secret"})
    found = pets("GET", "/user/bob").body
    assert (found["username"], found["firstName"]) == ("bob", "Bob")
    assert found.get("password") != "secret"
    pets("POST", "/user/createWithList", [{"username": "u1"}, {"username": "u2", "phone": "5"}])
    assert pets("GET", "/user/u2").body["phone"] == "5"


def wrapped(schema: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["data"], "properties": {"data": schema}}


def test_envelopes_are_looked_into() -> None:
    calls = Calls(
        written(
            {
                "/things": {
                    "get": {
                        "responses": answers(wrapped({"type": "array", "items": THING})),
                    },
                    "post": {
                        "requestBody": takes(wrapped(DRAFT)),
                        "responses": answers(wrapped(THING), "201"),
                    },
                },
                "/things/{id}": {**ITEM, "get": {"responses": answers(wrapped(THING))}},
            }
        )
    )
    made = calls("POST", "/things", {"data": {"name": "x", "tags": ["a", "b"]}}).body["data"]
    assert (made["name"], made["tags"]) == ("x", ["a", "b"])
    assert calls("GET", f"/things/{made['id']}").body == {"data": made}
    assert calls("GET", "/things").body["data"][-1] == made


def test_an_id_that_only_the_location_tells() -> None:
    header = {"headers": {"Location": {"schema": {"type": "string"}}}}
    created = {"201": {"description": "", **header}}
    calls = Calls(
        written(
            {
                "/things": {"post": {"requestBody": takes(DRAFT), "responses": created}},
                "/things/{id}": {**ITEM, "get": {"responses": answers(THING)}},
            }
        )
    )
    first = calls("POST", "/things", {"name": "one"}).headers["location"]
    second = calls("POST", "/things", {"name": "two"}).headers["location"]
    assert first != second
    assert calls("GET", first).body["name"] == "one"
    assert calls("GET", second).body["name"] == "two"
    assert second.endswith(f"/{calls('GET', second).body['id']}")


def test_what_there_is_one_of_keeps_its_last_value() -> None:
    settings = {
        "type": "object",
        "required": ["theme"],
        "properties": {
            "theme": {"type": "string", "enum": ["dark", "light"]},
            "size": {"type": "integer"},
            "apiToken": {"type": "string", "writeOnly": True},
        },
    }
    calls = Calls(
        written(
            {
                "/settings": {
                    "get": {"responses": answers(settings)},
                    "put": {"requestBody": takes(settings), "responses": answers(settings)},
                    "patch": {"requestBody": takes(settings), "responses": answers(settings)},
                }
            }
        )
    )
    for theme in ("light", "dark", "light"):
        calls("PUT", "/settings", {"theme": theme, "size": 7, "apiToken": "t"})
        assert calls("GET", "/settings").body == {"theme": theme, "size": 7}
    calls("PATCH", "/settings", {"theme": "dark"})
    assert calls("GET", "/settings").body == {"theme": "dark", "size": 7}


def test_a_json_patch_changes_members() -> None:
    patch = {"type": "array", "items": {"type": "object"}}
    calls = Calls(
        written(
            {
                "/things": {
                    "post": {"requestBody": takes(DRAFT), "responses": answers(THING, "201")}
                },
                "/things/{id}": {
                    **ITEM,
                    "get": {"responses": answers(THING)},
                    "patch": {
                        "requestBody": takes(patch, "application/json-patch+json"),
                        "responses": answers(THING),
                    },
                },
            }
        )
    )
    made = calls("POST", "/things", {"name": "a", "note": "n"}).body
    steps = [
        {"op": "replace", "path": "/name", "value": "b"},
        {"op": "remove", "path": "/note"},
    ]
    media = "application/json-patch+json"
    changed = calls("PATCH", f"/things/{made['id']}", steps, media=media).body
    assert changed == calls("GET", f"/things/{made['id']}").body
    assert changed["name"] == "b"
    assert "note" not in changed


def test_what_was_removed_is_gone_even_where_the_document_has_no_answer_for_it() -> None:
    only = {"200": answers(THING)["200"]}
    paths = {
        "/things/{id}": {
            **ITEM,
            "get": {"responses": only},
            "patch": {"requestBody": takes(THING), "responses": only},
            "delete": {"responses": {"204": {"description": ""}}},
        },
        "/things/{id}/parts": {**ITEM, "get": {"responses": only}},
    }
    calls = Calls(written(paths))
    assert calls("GET", "/things/999999").status == 200
    assert calls("DELETE", "/things/7").status == 204
    gone = [
        calls("GET", "/things/7"),
        calls("PATCH", "/things/7", {"id": 7, "name": "a"}),
        calls("DELETE", "/things/7"),
        calls("GET", "/things/7/parts"),
    ]
    assert [each.status for each in gone] == [404, 404, 404, 404]
    assert all(each.headers["content-type"] == "application/problem+json" for each in gone)
    assert calls("GET", "/things/8").status == 200


def test_documented_ids_exist_where_others_are_refused() -> None:
    item = {"parameters": [{**named("id", {"type": "integer"}), "example": 41}]}
    paths = {"/things/{id}": {**item, "get": {"responses": answers(THING)}}}
    calls = Calls(written(paths), unknown=Unknown.REFUSED)
    assert calls("GET", "/things/41").body["id"] == 41
    assert calls("GET", "/things/42").status == 404


def test_a_place_forgets_what_is_oldest() -> None:
    paths = {
        "/things": {"post": {"requestBody": takes(DRAFT), "responses": answers(THING, "201")}},
        "/things/{id}": {**ITEM, "get": {"responses": answers(THING)}},
    }
    calls = Calls(written(paths))
    made = [calls("POST", "/things", {"name": f"n{n}"}).body["id"] for n in range(2_050)]
    assert len(set(made)) == len(made)
    assert calls("GET", f"/things/{made[-1]}").body["name"] == "n2049"
    assert calls("GET", f"/things/{made[0]}").body["name"] != "n0"


def test_ids_fit_every_path_that_they_are_asked_for_in() -> None:
    inner = {"parameters": [named("id", {"type": "string", "format": "uuid"})]}
    plain = {**THING, "properties": {**THING["properties"], "id": {"type": "string"}}}  # type: ignore[dict-item]
    listed = {"type": "array", "items": plain}
    calls = Calls(
        written(
            {
                "/things": {
                    "get": {"responses": answers(listed)},
                    "post": {"requestBody": takes(DRAFT), "responses": answers(plain, "201")},
                },
                "/things/{id}": {
                    "parameters": [named("id", {"type": "string"})],
                    "get": {"responses": answers(plain)},
                },
                "/things/{id}/log": {**inner, "get": {"responses": answers(listed)}},
            }
        )
    )
    made = calls("POST", "/things", {"name": "x"}).body["id"]
    for each in (made, *(item["id"] for item in calls("GET", "/things").body)):
        assert calls("GET", f"/things/{each}/log").status == 200


def test_new_things_hold_what_nobody_can_make_but_nothing_else() -> None:
    listed = {"type": "array", "items": THING}
    paths = {
        "/things": {"post": {"requestBody": takes(DRAFT), "responses": answers(THING, "201")}},
        "/things/{id}": {**ITEM, "get": {"responses": answers(THING)}},
        "/things/{id}/events": {**ITEM, "get": {"responses": answers(listed)}},
        "/things/{id}/notes": {
            **ITEM,
            "get": {"responses": answers(listed)},
            "post": {"requestBody": takes(DRAFT), "responses": answers(THING, "201")},
        },
    }
    calls = Calls(written(paths))
    made = calls("POST", "/things", {"name": "x"}).body["id"]
    assert calls("GET", f"/things/{made}/notes").body == []
    assert calls("GET", f"/things/{made}/events").body


def test_notes_of_a_thing_are_not_the_thing() -> None:
    notes = {"type": "object", "additionalProperties": {"type": "string"}}
    draft = {"type": "object", "properties": {"name": {"type": "string"}, "metadata": notes}}
    store = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "string"}, **draft["properties"]},  # type: ignore[dict-item]
    }
    calls = Calls(
        written(
            {
                "/stores": {"post": {"requestBody": takes(draft), "responses": answers(store)}},
                "/stores/{id}": {
                    "parameters": [named("id", {"type": "string"})],
                    "get": {"responses": answers(store)},
                },
            }
        )
    )
    sent = {"name": "Blue", "metadata": {"colour": "red"}}
    made = calls("POST", "/stores", sent).body
    assert made == {**sent, "id": made["id"]}
    assert calls("GET", f"/stores/{made['id']}").body == made
