"""Contract mutants of one document: what each does, its name, that it is always the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_core.mock.exchange import Answer, Exchange, Sent
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.contract import contract_mutants, mutated
from pe4king_core.mock.mutants.operators import Breaks, Ignores
from pe4king_core.mock.mutants.wording import described
from tests.mock.mutants.mutated_services import BOOKSTORE, Subject, subject_at, subject_of

ITEM = {
    "type": "object",
    "required": ["id", "price"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "price": {"type": "number", "minimum": 0, "multipleOf": 0.5, "maximum": 99},
        "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "name": {"type": "string", "minLength": 2, "maxLength": 5},
        "kind": {"type": "string", "enum": ["a", "b"]},
    },
}
PAGE = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "items": ITEM,
            "minItems": 1,
            "maxItems": 3,
            "uniqueItems": True,
        }
    },
}
VALUE: dict[str, Any] = {
    "items": [
        {
            "id": "7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01",
            "price": 12.5,
            "code": "ABC",
            "name": "Dune",
            "kind": "a",
        }
    ]
}
JSON = ("Content-Type", "application/json")


@pytest.fixture(scope="module")
def shop() -> Subject:
    media = {"application/json": {"schema": PAGE}}
    count = {"required": True, "schema": {"type": "integer"}}
    error = {"type": "object", "required": ["message"]}
    problem = {"application/json": {"schema": error}}
    listed = {
        "responses": {
            "200": {"description": "", "content": media, "headers": {"X-Count": count}},
            "404": {"description": "", "content": problem},
        }
    }
    info = {"title": "Shop", "version": "1"}
    raw = {"openapi": "3.1.0", "info": info, "paths": {"/books": {"get": listed}}}
    return subject_of(json.dumps(raw))


def broken(shop: Subject, mutant: Mutant) -> Answer:
    """What the mutant makes of a usual answer."""
    status = int(mutant.status)
    body = VALUE if status == 200 else {"message": "lost"}
    answer = Answer(status, (JSON, ("X-Count", "1")), json.dumps(body).encode())
    made = mutated(mutant, Exchange(Sent("GET", "/books", ()), answer), mutant.status, shop.judge)
    assert made is not None, mutant.name
    return made


def by_name(shop: Subject) -> dict[str, Mutant]:
    (operation,) = shop.document.operations
    return {mutant.name: mutant for mutant in contract_mutants(operation, most=None)}


@pytest.mark.parametrize(
    ("name", "member", "wanted"),
    [
        ("/items/*/price: text instead of number", "price", "12.5"),
        ("/items/*/price: null", "price", None),
        ("/items/*/price: -0.5, below the minimum", "price", -0.5),
        ("/items/*/price: 99.5, above the maximum", "price", 99.5),
        ("/items/*/price: no multiple of 0.5", "price", 12.75),
        ("/items/*/id: not-a-uuid, no uuid", "id", "not-a-uuid"),
        ("/items/*/id: number instead of text", "id", 12345),
        ("/items/*/code: does not match its pattern", "code", "ABC~\n"),
        ("/items/*/name: text shorter than 2", "name", "D"),
        ("/items/*/name: text longer than 5", "name", "Duneee"),
        ("/items/*/kind: unlisted, which is not documented", "kind", "unlisted"),
        ("/items/*: extra member unexpectedMember", "unexpectedMember", True),
    ],
)
def test_members(shop: Subject, name: str, member: str, wanted: Any) -> None:
    answer = broken(shop, by_name(shop)[f"GET /books 200 {name}"])
    assert answer.status == 200
    assert json.loads(answer.body) == {"items": [{**VALUE["items"][0], member: wanted}]}


def test_a_missing_member(shop: Subject) -> None:
    answer = broken(shop, by_name(shop)["GET /books 200 /items/*/price: missing"])
    (item,) = json.loads(answer.body)["items"]
    assert sorted(item) == ["code", "id", "kind", "name"]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("/items: number of items below 1", 0),
        ("/items: number of items above 3", 4),
        ("/items: a repeated item", 2),
    ],
)
def test_items(shop: Subject, name: str, count: int) -> None:
    answer = broken(shop, by_name(shop)[f"GET /books 200 {name}"])
    assert len(json.loads(answer.body)["items"]) == count


def test_only_the_last_item_is_bad(shop: Subject) -> None:
    mutant = by_name(shop)["GET /books 200 /items: the last item is of another type"]
    good = VALUE["items"][0]
    two = {"items": [good, {**good, "price": 1}]}
    answer = Answer(200, (JSON, ("X-Count", "2")), json.dumps(two).encode())
    made = mutated(mutant, Exchange(Sent("GET", "/books", ()), answer), "200", shop.judge)
    assert made is not None
    first, last = json.loads(made.body)["items"]
    assert first == good
    assert not isinstance(last, dict)


@pytest.mark.parametrize(
    ("name", "status", "content_type", "count", "body"),
    [
        ("answered with 201", 201, "application/json", "1", True),
        ("answered with 500", 500, "application/json", "1", True),
        ("answered with 400", 400, "application/json", "1", True),
        ("sent as text/html", 200, "text/html", "1", True),
        ("no content type", 200, None, "1", True),
        ("header X-Count: missing", 200, "application/json", None, True),
        ("header X-Count: a forbidden value", 200, "application/json", "not-a-value", True),
        ("empty body", 200, "application/json", "1", False),
    ],
)
def test_what_is_around_the_body(
    shop: Subject, name: str, status: int, content_type: str | None, count: str | None, body: bool
) -> None:
    space = " " if name.startswith("header") else ": "
    answer = broken(shop, by_name(shop)[f"GET /books 200{space}{name}"])
    assert answer.status == status
    assert answer.header("content-type") == content_type
    assert answer.header("x-count") == count
    assert answer.body == (json.dumps(VALUE).encode() if body else b"")


def test_a_body_cut_off_is_no_json(shop: Subject) -> None:
    answer = broken(shop, by_name(shop)["GET /books 200: body cut off"])
    with pytest.raises(ValueError, match="line 1"):
        json.loads(answer.body)


def test_an_error_of_another_shape(shop: Subject) -> None:
    answer = broken(shop, by_name(shop)["GET /books 404: an error body of another shape"])
    assert answer.status == 404
    assert json.loads(answer.body) == {}


def test_every_mutant_of_the_document_breaks_a_full_answer(shop: Subject) -> None:
    mutants = by_name(shop).values()
    assert len(mutants) > 40
    for mutant in mutants:
        assert shop.judge.answer_faults(mutant.operation, broken(shop, mutant)), mutant.name
        assert mutant.kind is MutantKind.CONTRACT
        assert mutant.place.startswith("/paths/~1books/get/responses/")


@pytest.mark.parametrize(
    ("media_type", "schema", "body", "name", "wanted"),
    [
        (
            "application/x-ndjson",
            {"type": "object", "required": ["a"]},
            b'{"a": 1}\n{"a": 2, "b": 3}\n',
            "/*/a: missing",
            b'{}\n{"b": 3}\n',
        ),
        (
            "application/json-seq",
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            b'\x1e{"a": 1}\n',
            "/*/a: text instead of number",
            b'\x1e{"a": "1"}\n',
        ),
        (
            "application/jsonl",
            {"type": "array", "items": {"type": "integer"}},
            b"1\n2\n",
            "/*: text instead of number",
            b'"1"\n"2"\n',
        ),
        ("text/plain", {"type": "string", "enum": ["up", "down"]}, b"up", "", b"unlisted"),
        ("text/plain", {"type": "integer", "maximum": 5}, b"5", "", b"6"),
        ("application/xml", {"type": "object"}, b"<a><b/></a>", ": body cut off", b"<a><b"),
    ],
)
def test_other_media_types(
    media_type: str, schema: Any, body: bytes, name: str, wanted: bytes
) -> None:
    media = {media_type: {"schema": schema}}
    paths = {"/x": {"get": {"responses": {"200": {"description": "", "content": media}}}}}
    info = {"title": "", "version": ""}
    other = subject_of(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    (operation,) = other.document.operations
    answer = Answer(200, (("Content-Type", media_type),), body)
    exchange = Exchange(Sent("GET", "/x", ()), answer)
    made = {m.name: mutated(m, exchange, "200", other.judge) for m in contract_mutants(operation)}
    found = [a.body for n, a in made.items() if a is not None and n.endswith(name)]
    assert wanted in found


def test_a_mutant_leaves_other_answers_alone(shop: Subject) -> None:
    price = by_name(shop)["GET /books 200 /items/*/price: missing"]
    sent = Sent("GET", "/books", ())
    lost = Answer(404, (JSON,), b'{"message": "lost"}')
    assert mutated(price, Exchange(sent, lost), "404", shop.judge) is None
    without_items = Answer(200, (JSON, ("X-Count", "0")), b'{"items": []}')
    assert mutated(price, Exchange(sent, without_items), "200", shop.judge) is None


def test_an_answer_that_is_wrong_already_proves_nothing(shop: Subject) -> None:
    price = by_name(shop)["GET /books 200 /items/*/price: null"]
    wrong = Answer(200, (JSON,), json.dumps(VALUE).encode())  # a header is missing
    assert mutated(price, Exchange(Sent("GET", "/books", ()), wrong), "200", shop.judge) is None


def test_a_break_that_the_document_allows_is_no_mutant(shop: Subject) -> None:
    price = by_name(shop)["GET /books 200 /items/*/price: text instead of number"]
    free = json.dumps({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": PATHS})
    answer = Answer(200, (JSON,), json.dumps(VALUE).encode())
    sent = Sent("GET", "/books", ())
    assert mutated(price, Exchange(sent, answer), "200", subject_of(free).judge) is None


PATHS = {
    "/books": {
        "get": {"responses": {"200": {"description": "", "content": {"application/json": {}}}}}
    }
}


def test_names_are_unique_and_both_languages_are_there() -> None:
    for operation in subject_at(BOOKSTORE).document.operations:
        mutants = contract_mutants(operation, most=None)
        assert len({mutant.name for mutant in mutants}) == len(mutants)
        for mutant in mutants:
            message = described(mutant)
            assert mutant.name.startswith(message.en)
            assert message.en.startswith(operation.key)
            assert message.ru.startswith(operation.key)
            assert message.ru != message.en or mutant.operator == Breaks.NULL


def test_the_same_seed_gives_the_same_mutants() -> None:
    one, other = subject_at(BOOKSTORE).document, subject_at(BOOKSTORE).document
    for first, second in zip(one.operations, other.operations, strict=True):
        assert contract_mutants(first, seed=7) == contract_mutants(second, seed=7)
    seeds = [contract_mutants(one.operations[0], seed=seed, most=20) for seed in (1, 2)]
    assert seeds[0] != seeds[1]


def test_few_mutants_are_diverse() -> None:
    document = subject_at(BOOKSTORE).document
    operation = document.operation("POST /books")
    assert operation is not None
    few = contract_mutants(operation, most=30)
    assert len(few) == 30
    operators = {mutant.operator for mutant in few}
    assert len(operators) >= 12
    assert {Breaks.MISSING, Breaks.TYPE, Breaks.STATUS, Ignores.INVALID} <= operators
    assert {mutant.status[:1] for mutant in few} >= {"2", "4", ""}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Node"},
        {"type": "array", "minItems": 10**9, "items": {"type": "string"}},
        {"type": "string", "minLength": 10**9, "maxLength": 10**12, "pattern": "^(a+)+$"},
        {"type": "object", "required": [f"m{n}" for n in range(500)]},
        {"properties": {f"m{n}": {"$ref": "#/components/schemas/Node"} for n in range(500)}},
        {"enum": list(range(5_000))},
        {"type": "number", "minimum": -1e308, "maximum": 1e308, "multipleOf": 1e-300},
        False,
    ],
    ids=lambda schema: str(schema)[:30],
)
def test_hostile_schemas_end(schema: Any) -> None:
    node = {"properties": {"next": {"$ref": "#/components/schemas/Node"}, "of": {"type": "array"}}}
    media = {"application/json": {"schema": schema}}
    raw = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {"/x": {"get": {"responses": {"200": {"description": "", "content": media}}}}},
        "components": {"schemas": {"Node": node}},
    }
    hostile = subject_of(json.dumps(raw))
    (operation,) = hostile.document.operations
    assert len(contract_mutants(operation)) <= 60
    for mutant in hostile.mutants.proven(operation, hostile.answers):
        assert mutant.operator in {*Breaks}
