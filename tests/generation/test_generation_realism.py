"""Values look like what their names, formats and descriptions say, for every seed."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.generation.resources.unique import with_unique
from pe4king_core.generation.samples.samples import Samples
from pe4king_core.model.json import lookup
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from tests.generation.random_schemas import Schemas


def create(
    schema: Any, path: str = "/things", method: str = "post", media: str = "application/json"
) -> Operation:
    """An operation at `path` that takes a body of `schema`."""
    operation = {
        "requestBody": {"required": True, "content": {media: {"schema": schema}}},
        "responses": {"201": {"description": "made"}, "409": {"description": "there"}},
    }
    document = {"openapi": "3.1.0", "info": {}, "paths": {path: {method: operation}}}
    return load(json.dumps(document), "file:///x.json").operations[0]


def sent(operation: Operation, **more: Any) -> Any:
    body = valid_request(operation, **more).body
    assert body is not None
    return body.value


def value_of(name: str, schema: dict[str, Any], path: str = "/things", **more: Any) -> Any:
    whole = {"type": "object", "required": [name], "properties": {name: schema}}
    return sent(create(whole, path), **more)[name]


TEXT: dict[str, Any] = {"type": "string"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("email", TEXT, "anna.petrova@example.com"),
        ("billing_email", TEXT, "anna.petrova@example.com"),
        ("firstName", TEXT, "Anna"),
        ("first_name", TEXT, "Anna"),
        ("firstname", TEXT, "Anna"),
        ("createdAt", TEXT, "2024-05-17T09:30:00Z"),
        ("published_on", TEXT, "2024-05-17T09:30:00Z"),
        ("dateOfBirth", TEXT, "1990-05-17"),
        ("startDate", {**TEXT, "format": "date"}, "2030-01-15"),
        ("endDate", {**TEXT, "format": "date"}, "2030-01-31"),
        ("country", TEXT, "Germany"),
        ("country", {**TEXT, "maxLength": 2}, "DE"),
        ("country", {**TEXT, "pattern": "^[A-Z]{3}$"}, "DEU"),
        ("countryCode", TEXT, "DE"),
        ("country", {**TEXT, "description": "Two-letter code (ISO 3166-1 alpha-2)"}, "DE"),
        ("currency", TEXT, "EUR"),
        ("currency", {**TEXT, "description": "ISO 4217 code, in lowercase"}, "eur"),
        ("phoneNumber", TEXT, "+15550100200"),
        ("clientIp", TEXT, "192.0.2.10"),
        ("homepage", TEXT, "https://example.com/resource"),
        ("avatar_url", {**TEXT, "format": "uri"}, "https://example.com/images/1.png"),
        ("isbn", {**TEXT, "pattern": r"^\d{3}-\d-\d{2}-\d{6}-\d$"}, "978-3-16-148410-0"),
        ("backgroundColor", {**TEXT, "pattern": "^#[0-9a-f]{6}$"}, "#1f6feb"),
        ("version", TEXT, "1.2.3"),
        ("reply_to", TEXT, "anna.petrova@example.com"),
        ("copy_to", TEXT, "Sample copy to"),
        ("commitSha", {**TEXT, "minLength": 40}, "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"),
        ("имя", TEXT, "Anna"),
        ("Номер телефона", TEXT, "+15550100200"),
        ("город_доставки", TEXT, "Berlin"),
        ("marker", {**TEXT, "format": "phone"}, "+15550100200"),
        ("opaque", {**TEXT, "description": "An ISO 8601 timestamp"}, "2024-05-17T09:30:00Z"),
        (
            "zone",
            {**TEXT, "description": "Its name (e.g. “example.com.”), with a dot"},
            "example.com.",
        ),
        ("mark", {**TEXT, "description": "For example: `v-1`, never `v-2`"}, "v-1"),
        ("mark", {**TEXT, "description": "Метка, например «v-1»"}, "v-1"),
        ("mark", {**TEXT, "description": "For example `<your mark>`"}, "Sample mark"),
        ("mark", {**TEXT, "maxLength": 2, "description": "E.g. `long`"}, "Sa"),
        ("stage", {**TEXT, "description": "Has to be URL-encoded"}, "Sample stage"),
        ("price", NUMBER, 19.99),
        ("price", INTEGER, 1999),
        ("price", {**NUMBER, "maximum": 10}, 7.25),
        ("latitude", NUMBER, 52.52),
        ("quantity", INTEGER, 2),
        ("per_page", INTEGER, 20),
        ("year", INTEGER, 2024),
        ("created", {**INTEGER, "description": "Unix timestamp"}, 1715938200),
        ("enabled", {"type": "boolean"}, True),
        ("isDeleted", {"type": "boolean"}, False),
        # A name inside of another word means nothing.
        ("bzip", TEXT, "Sample bzip"),
        ("entitled", TEXT, "Sample entitled"),
        ("surnamed", TEXT, "Sample surnamed"),
        ("chat", TEXT, "Sample chat"),
        ("filename", TEXT, "report.pdf"),
        ("hostname", TEXT, "api.example.com"),
        ("username", TEXT, "anna.petrova"),
    ],
)
def test_a_value_looks_like_the_real_thing(
    name: str, schema: dict[str, Any], expected: Any
) -> None:
    assert value_of(name, schema) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users", "Anna Petrova"),
        ("/companies", "Example Ltd"),
        ("/pets", "Rex"),
        ("/books", "War and Peace"),
        ("/gadgets", "Sample gadget"),
        ("/api/users/{id}/gadgets", "Sample gadget"),
        ("/users/v1/register", "Anna Petrova"),
    ],
)
def test_a_name_is_that_of_the_resource(path: str, expected: str) -> None:
    assert value_of("name", TEXT, path) == expected


def test_values_of_paths_need_no_quoting() -> None:
    names = ("path", "owner", "city", "title", "name", "token", "bookId")
    path = "/files/" + "/".join(f"{{{name}}}" for name in names)
    parameters = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]
    operation = {"parameters": parameters, "responses": {}}
    document = {"openapi": "3.1.0", "info": {}, "paths": {path: {"get": operation}}}
    [made] = load(json.dumps(document), "file:///x.json").operations
    values = valid_request(made).path_parameters
    assert values["bookId"] == "book-1"
    assert all(re.fullmatch(r"[\w.~-]+", str(value)) for value in values.values()), values


def test_documented_values_come_first_where_they_are_valid() -> None:
    assert value_of("email", {**TEXT, "example": "me@example.org"}) == "me@example.org"
    assert value_of("email", {**TEXT, "format": "email", "example": "me"}).startswith("anna")
    assert value_of("mood", {**TEXT, "default": "calm"}) == "calm"


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        ("startDate", "endDate", {**TEXT, "format": "date"}),
        ("validFrom", "validTo", {**TEXT, "format": "date-time"}),
        ("start_at", "end_at", TEXT),
        ("minPrice", "maxPrice", NUMBER),
        ("min_age", "max_age", INTEGER),
    ],
)
def test_what_ends_a_range_is_not_below_its_start(
    low: str, high: str, kind: dict[str, Any]
) -> None:
    schema = {"type": "object", "required": [low, high], "properties": {low: kind, high: kind}}
    for seed in range(1, 30):
        made = sent(create(schema), seed=seed)
        assert made[low] < made[high], (seed, made)


WIDE = {
    "type": "object",
    "required": ["must"],
    "properties": {
        **{f"extra{chr(97 + number)}": TEXT for number in range(20)},
        "must": TEXT,
        "email": TEXT,
        "customerId": TEXT,
        "createdAt": TEXT,
        "expand": {"type": "array", "items": TEXT},
        "old": {**TEXT, "deprecated": True},
    },
}


def test_of_many_optional_members_the_telling_ones_are_sent() -> None:
    made = sent(create(WIDE))
    assert len(made) == 13
    assert {"must", "email", "extraa"} <= made.keys()
    assert made.keys().isdisjoint({"customerId", "createdAt", "expand", "old", "extrat"})


def test_a_full_request_has_every_member_and_parameter() -> None:
    body = valid_request(create(WIDE), samples=Samples(everything=True)).body
    assert body is not None
    assert isinstance(body.value, dict)
    assert list(body.value) == list(WIDE["properties"])


def test_other_seeds_give_other_values_and_parts_but_the_same_ones_each_time() -> None:
    operation = create(WIDE)
    made = [json.dumps(sent(operation, seed=seed)) for seed in range(1, 12)]
    assert made == [json.dumps(sent(operation, seed=seed)) for seed in range(1, 12)]
    assert len(set(made)) > 8
    assert len({len(json.loads(text)) for text in made}) > 1


def test_several_documented_examples_take_turns_and_a_single_one_comes_first() -> None:
    schema = body_with(login={**TEXT, "examples": ["demo", "guest"]}, note={**TEXT, "example": "n"})
    made = [sent(create(schema), seed=seed) for seed in range(1, 12)]
    assert made[0] == {"login": "demo", "note": "n"}
    assert {value["login"] for value in made} == {"demo", "guest"}
    assert "n" not in {value["note"] for value in made[1:]}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
@example(214404923)  # where the second seed alone finds something valid
def test_values_of_every_seed_are_valid(number: int) -> None:
    made = Schemas(Random(number), untyped=False).make()
    validator = made.validator("readOnly")
    [operation] = load(made.document("request"), "file:///random.json").operations
    if not validator.is_valid(sent(operation)):
        return
    for seed in range(2, 6):
        value = sent(operation, seed=seed)
        assert validator.is_valid(value), (seed, value)


def unique_of(operation: Operation, **more: Any) -> Any:
    body = with_unique(valid_request(operation), operation, **more).body
    assert body is not None
    for pointer, template in body.unique.items():
        start, end = template.split("{unique}")
        assert re.fullmatch(
            re.escape(start) + "[0-9a-f]{8}" + re.escape(end), str(lookup(body.value, pointer))
        )
    return dict(body.unique)


def body_with(**properties: Any) -> Any:
    return {"type": "object", "required": list(properties), "properties": properties}


@pytest.mark.parametrize(
    ("schema", "path", "expected"),
    [
        (body_with(email=TEXT), "/users", {"/email": "anna.petrova.{unique}@example.com"}),
        (
            body_with(user=body_with(username=TEXT)),
            "/users",
            {"/user/username": "anna.petrova-{unique}"},
        ),
        (
            body_with(name={**TEXT, "description": 'With a dot (e.g. "example.com.")'}),
            "/zones",
            {"/name": "example-{unique}.com."},
        ),
        (
            body_with(id={**TEXT, "format": "uuid"}),
            "/users",
            {"/id": "3f2b8c1e-5d4a-4b6f-9c7d-8e1f{unique}"},
        ),
        (
            body_with(slug={**TEXT, "pattern": "^[a-z0-9_]+$"}),
            "/pages",
            {"/slug": "sample_slug_{unique}"},
        ),
        (body_with(login={**TEXT, "maxLength": 8}), "/users", {"/login": "{unique}"}),
        (body_with(login={**TEXT, "maxLength": 7}), "/users", {}),
        (body_with(sku={**TEXT, "pattern": "^[0-9]+$"}), "/items", {}),
        (body_with(key={**TEXT, "enum": ["a", "b"]}), "/items", {}),
        (body_with(countryCode=TEXT, customerId=TEXT), "/orders", {}),
        (body_with(template=body_with(id=TEXT)), "/mails", {}),
        (body_with(email=TEXT), "/login", {}),
    ],
    ids=str,
)
def test_texts_that_servers_keep_unique_are_new_in_every_run(
    schema: Any, path: str, expected: dict[str, str]
) -> None:
    assert unique_of(create(schema, path)) == expected


def test_a_name_is_kept_unique_where_a_conflict_is_documented() -> None:
    assert unique_of(create(body_with(name=TEXT), "/tags")) == {"/name": "new-{unique}"}


def test_the_path_of_a_put_that_creates_is_new_in_every_run() -> None:
    operation = create(body_with(note=TEXT), "/books/{isbn}", "put")
    request = with_unique(valid_request(operation), operation, keyed_by="isbn")
    assert request.unique == {"isbn": "9783161484100-{unique}"}
    assert request.path_parameters["isbn"] == "9783161484100-5d4a3b2c"


def test_prices_with_cents_stay_prices_for_every_seed() -> None:
    price = {"type": "number", "minimum": 0, "multipleOf": 0.01}
    body = create({"type": "object", "required": ["price"], "properties": {"price": price}})
    found = {Samples(seed).of(_body_schema(body))["price"] for seed in range(1, 40)}
    assert len(found) > 1
    assert max(found) < 100


def test_items_of_an_order_are_called_as_goods() -> None:
    text = {"type": "string"}
    item = {"type": "object", "required": ["name"], "properties": {"name": text}}
    order = {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}},
    }
    operation = {
        "requestBody": {"content": {"application/json": {"schema": order}}},
        "responses": {"201": {"description": ""}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/orders": {"post": operation}},
        "components": {"schemas": {"Item": item}},
    }
    made = load(json.dumps(document), "file:///x.json").operations[0]
    assert sent(made)["items"][0]["name"] == "Desk lamp"


def _body_schema(operation: Operation) -> Any:
    assert operation.request_body is not None
    assert operation.request_body.json is not None
    return operation.request_body.json.schema
