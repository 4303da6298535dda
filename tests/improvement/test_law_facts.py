"""Laws for calls of existing tests: what is sent comes back, a list holds what is asked for."""

from __future__ import annotations

import pytest

from pe4king_core.improvement.laws import law_facts
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Check,
    Contains,
    Equals,
    HasSize,
    InRange,
    Literal,
    RequestValue,
    Sorted,
)
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import Bounds
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.testcode import read_tests

SHELF = """
openapi: 3.1.0
info: {title: Shelf, version: "1"}
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: genre, in: query, schema: {type: string, enum: [novel, poem]}}
        - {name: minPrice, in: query, schema: {type: number}}
        - {name: sort, in: query, schema: {type: string, enum: [price, "-price"]}}
        - {name: title, in: query, schema: {type: string}}
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Book"}}
    post:
      operationId: addBook
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}
components:
  schemas:
    Book:
      type: object
      required: [title, genre, price]
      properties:
        title: {type: string}
        genre: {type: string, enum: [novel, poem]}
        price: {type: number}
        email: {type: string, format: email}
        address: {type: object, properties: {street: {type: string}}}
        authors: {type: array, items: {type: object, properties: {name: {type: string}}}}
        tags: {type: array, items: {type: string}}
"""


def operation(name: str) -> Operation:
    operations = load(SHELF, "file:///shelf.yaml").operations
    return next(each for each in operations if each.operation_id == name)


def facts(name: str, call: str, status: int) -> list[AssertionFact]:
    text = f"import requests\n\n\ndef test_a(code):\n    response = requests.{call}\n"
    [test] = read_tests(text, SourceLanguage.PYTHON).tests
    return list(law_facts(test, test.calls[0], operation(name), status))


def said(name: str, call: str, status: int) -> list[tuple[str, Check | None]]:
    return [(fact.subject.name, fact.check) for fact in facts(name, call, status)]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ('{"title": "A"}', [("/title", Equals(RequestValue("/title")))]),
        ('{"title": code}', [("/title", Equals(RequestValue("/title")))]),
        ('{"title": None}', []),
        (
            '{"address": {"street": "Long"}}',
            [("/address/street", Equals(RequestValue("/address/street")))],
        ),
        (
            '{"authors": [{"name": "A"}]}',
            [("/authors/0/name", Equals(RequestValue("/authors/0/name")))],
        ),
        ('{"authors": [{"name": "A"}, {"name": "B"}]}', []),
        ('{"tags": ["a"]}', [("/tags", Equals(RequestValue("/tags")))]),
        (
            '{"tags": ["a", "b"]}',
            [
                ("/tags", Contains(RequestValue("/tags/0"))),
                ("/tags", Contains(RequestValue("/tags/1"))),
            ],
        ),
        ('{"tags": code}', []),
        ('{"email": "a@example.com"}', [("/email", Equals(RequestValue("/email")))]),
        ('{"email": "A@example.com"}', []),
        ('{"email": code}', []),
    ],
)
def test_what_is_sent_comes_back(sent: str, expected: list[tuple[str, Check]]) -> None:
    call = f"post('http://x/books', json={sent})"
    assert said("addBook", call, 201) == expected
    assert not said("addBook", call, 400), "a refusal has nothing of it"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('{"genre": "poem"}', [("/*/genre", Equals(Literal("poem")))]),
        ('{"genre": "any"}', []),
        ('{"genre": code}', []),
        ('{"minPrice": 10}', [("/*/price", InRange(Bounds(low=10)))]),
        ('{"limit": 2}', [("", HasSize(Bounds(high=2)))]),
        ('{"limit": "2"}', [("", HasSize(Bounds(high=2)))]),
        ('{"limit": 0}', []),
        ('{"sort": "price"}', [("", Sorted("/price"))]),
        ('{"sort": "-price"}', [("", Sorted("/price", True))]),
        ('{"title": "A"}', []),
    ],
)
def test_a_list_holds_what_is_asked_for(query: str, expected: list[tuple[str, Check]]) -> None:
    found = facts("listBooks", f"get('http://x/books', params={query})", 200)
    assert [(fact.subject.name, fact.check) for fact in found] == expected
    assert all(fact.basis is Basis.LAW and fact.law and fact.call == "C1" for fact in found)
