"""Names of tests and ids of cases, whatever a document calls things."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from pe4king_core.generation import case_ids, generate
from pe4king_core.generation.names import MAX_NAME, told_apart, words
from pe4king_core.model.case import TestModel, TestPlan
from pe4king_core.model.message import Message
from pe4king_core.openapi import load


def model(operations: dict[str, dict[str, Any]]) -> TestModel:
    """The one model of a document with operations by `METHOD /path`."""
    paths: dict[str, Any] = {}
    for key, operation in operations.items():
        method, path = key.split(" ")
        responses = {"responses": {"200": {"description": "ok"}}}
        paths.setdefault(path, {})[method.lower()] = responses | operation
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    [made] = generate(load(text, "file:///t.yaml"), TestPlan())
    return made


def body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("listBooks", "list_books"),
        ("X-Api-Key", "x_api_key"),
        ("HTTPServer", "http_server"),
        ("repos/get", "repos_get"),
        ("получитьЗаказ", "получить_заказ"),
        ("ﬁle", "file"),
        ("***", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("operation_id", ["get", "operation", "", "%%", None])
def test_an_operation_id_that_says_nothing_gives_way_to_the_path(operation_id: str | None) -> None:
    found = {"operationId": operation_id} if operation_id is not None else {}
    names = [case.name for case in model({"GET /books/{id}": found}).cases]
    assert names[0] == "get_books_by_id_returns_200"


def test_a_shared_operation_id_names_neither() -> None:
    made = model({"GET /a": {"operationId": "read"}, "GET /b": {"operationId": "read"}})
    positive = {case.id: case.name for case in made.cases if case.id.endswith(".positive")}
    assert positive == {
        "GET /a.positive": "get_a_returns_200",
        "GET /b.positive": "get_b_returns_200",
    }


def test_ids_stay_when_operations_are_added() -> None:
    first = {"GET /b": {"operationId": "readB"}, "GET /c": {}}
    before = case_ids(model(first))
    after = case_ids(model({"POST /a": {"operationId": "addA"}} | first))
    assert before.items() <= after.items()


def test_ids_belong_to_names() -> None:
    made = model({"GET /b": {"operationId": "readB"}})
    assert case_ids(made)["read_b_returns_200"] == "readB.positive"
    assert list(case_ids(made)) == [case.name for case in made.cases]


def test_alike_fields_are_told_apart_by_their_places() -> None:
    street = object_of(street={"type": "string", "maxLength": 9})
    address = object_of(billing=street, shipping=object_of(address=street))
    names = {case.name: case for case in model({"POST /orders": body(address)}).cases}
    assert "post_orders_rejects_billing_street_too_long" in names
    case = names["post_orders_rejects_shipping_address_street_too_long"]
    assert case.title.en == "POST /orders: rejects shipping.address.street too long"
    assert "shipping.address.street" in case.title.ru
    assert not [name for name in names if name[-2:] == "_2"]


def test_a_parameter_and_a_field_of_one_name_are_told_apart() -> None:
    same = Message("rejects id too long", "id: слишком длинно")
    titles = told_apart([same, same], [("query", "id"), ("id",)])
    assert len({title.en for title in titles}) == 2


@pytest.mark.parametrize("length", [40, 99, 100, 101, 300])
def test_long_names_are_cut_at_words_and_still_say_what_is_tested(length: int) -> None:
    named = "_".join(["word"] * (length // 5 + 1))[:length].strip("_")
    schema = object_of(title={"type": "string", "maxLength": 5})
    found = [case.name for case in model({"POST /a": {"operationId": named} | body(schema)}).cases]
    assert len(set(found)) == len(found)
    assert all(len(name) <= MAX_NAME for name in found)
    [name] = [name for name in found if name.endswith("rejects_title_too_long")]
    assert set(name.removesuffix("_rejects_title_too_long").split("_")) == {"word"}


def test_a_path_that_ends_in_returns_does_not_say_it_twice() -> None:
    names = [case.name for case in model({"POST /orders/returns": {}}).cases]
    assert "post_orders_returns_answers_200" in names


def test_signs_are_said() -> None:
    sort = {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["up", "x", "-x"]}}
    names = [case.name for case in model({"GET /a": {"parameters": [sort]}}).cases]
    assert "get_a_accepts_sort_x" in names
    assert "get_a_accepts_sort_minus_x" in names


@pytest.mark.parametrize("name", ["'''", '"""', "${x}", "*/", "\\u0022", "a\nb", "класс", "🙂"])
def test_any_field_name_gives_identifiers(name: str) -> None:
    found = model({"POST /a": body(object_of(**{name: {"type": "string", "minLength": 2}}))}).cases
    assert len(found) > 4
    assert all(f"test_{case.name}".isidentifier() for case in found)
    assert len({case.name for case in found}) == len({case.id for case in found}) == len(found)
