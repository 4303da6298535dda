"""Whole exchanges: the operation that is meant, and requests that should have been refused."""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.contract.fault import FaultKind
from pe4king_core.mock.exchange import Answer, Exchange, HeaderList, Sent

LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}
BOOK_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
LOST = Answer(404)
FINE = Answer(200)


def shop(**more: Any) -> dict[str, Any]:
    done = {"responses": {"200": {"description": ""}}}
    return {
        "openapi": "3.1.0",
        "servers": [{"url": "https://shop.example/{version}/api", "variables": VERSION}],
        "paths": {
            "/books": {"get": {**done, "parameters": [LIMIT]}},
            "/books/{id}": {"get": {**done, "parameters": [BOOK_ID]}},
            "/books/newest": {"get": {"responses": {"204": {}}}},
            "/find?by=name": {"get": {"responses": {"201": {}}}},
            "/secret": {"get": {**done, "security": [{"key": []}, {"login": []}]}},
        },
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "key"},
                "login": {"type": "http", "scheme": "basic"},
            }
        },
        **more,
    }


VERSION = {"version": {"default": "v2"}}


def kinds(
    target: str, answer: Answer = FINE, headers: HeaderList = (), method: str = "GET"
) -> list[FaultKind]:
    exchange = Exchange(Sent(method, target, headers), answer)
    return [fault.kind for fault in ExchangeJudge(shop()).faults(exchange)]


@pytest.mark.parametrize(
    ("target", "status", "wanted"),
    [
        ("/books", 200, []),
        ("/v2/api/books?limit=5", 200, []),
        ("/v2/api/books/5", 200, []),
        ("/books/newest", 204, []),
        ("/books/newest", 200, [FaultKind.STATUS]),
        ("/find?by=name", 201, []),
        ("/find?by=name", 200, [FaultKind.STATUS]),
        ("/nothing/like/that", 500, []),
    ],
)
def test_the_operation_is_found_by_what_was_sent(
    target: str, status: int, wanted: list[FaultKind]
) -> None:
    assert kinds(target, Answer(status)) == wanted


def test_a_method_that_is_not_documented_is_no_operation() -> None:
    assert kinds("/books", LOST, method="POST") == []


def test_an_invalid_request_must_not_succeed() -> None:
    assert kinds("/books?limit=51") == [FaultKind.ACCEPTED]
    assert kinds("/v2/api/books/five") == [FaultKind.ACCEPTED]
    assert kinds("/books?limit=50") == []


def test_any_refusal_of_an_invalid_request_is_right() -> None:
    assert kinds("/books?limit=51", Answer(422)) == []
    assert kinds("/books?limit=50", Answer(422)) == [FaultKind.STATUS]
    assert kinds("/books?limit=51", Answer(500)) == [FaultKind.SERVER_ERROR]


@pytest.mark.parametrize(
    ("target", "headers", "wanted"),
    [
        ("/secret", (), [FaultKind.CREDENTIALS]),
        ("/secret?key=", (), [FaultKind.CREDENTIALS]),
        ("/secret", (("Authorization", "Bearer abc"),), [FaultKind.CREDENTIALS]),
        ("/secret", (("authorization", "Basic YTpi"),), []),
        ("/secret?key=abc", (), []),
    ],
)
def test_credentials_are_needed(target: str, headers: HeaderList, wanted: list[FaultKind]) -> None:
    assert kinds(target, FINE, headers) == wanted
    assert kinds(target, Answer(401), headers) == ([] if wanted else [FaultKind.STATUS])


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, (("x-key", "a"),)),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, (("Cookie", "a=b; sid=1"),)),
        ({"type": "http", "scheme": "Bearer"}, (("Authorization", "bearer abc"),)),
        ({"type": "oauth2"}, (("Authorization", "Bearer abc"),)),
        ({"type": "openIdConnect"}, (("Authorization", "Bearer abc"),)),
    ],
)
def test_each_kind_of_credentials(scheme: dict[str, str], headers: HeaderList) -> None:
    raw = shop(components={"securitySchemes": {"key": scheme}}, security=[{"key": []}])
    judge = ExchangeJudge(raw)
    assert judge.faults(Exchange(Sent("GET", "/books", headers), FINE)) == []
    without = judge.faults(Exchange(Sent("GET", "/books", ()), FINE))
    assert [fault.kind for fault in without] == [FaultKind.CREDENTIALS]


def test_credentials_that_may_be_left_out() -> None:
    judge = ExchangeJudge(shop(security=[{}, {"key": []}]))
    assert judge.faults(Exchange(Sent("GET", "/books", ()), FINE)) == []


def test_an_operation_that_is_named_needs_no_guess() -> None:
    judge = ExchangeJudge(shop())
    faults = judge.answer_faults("GET /books/newest", FINE)
    assert [fault.kind for fault in faults] == [FaultKind.STATUS]
    assert judge.answer_faults("GET /books/{id}", FINE) == []


def test_what_was_removed_may_be_told_to_be_gone() -> None:
    judge = ExchangeJudge(shop())
    gone = Answer(404, ())

    def found(target: str, *removed: str) -> list[FaultKind]:
        exchange = Exchange(Sent("GET", target, ()), gone)
        return [fault.kind for fault in judge.faults(exchange, removed=removed)]

    assert found("/books/5") == [FaultKind.STATUS]
    assert found("/books/5?x=1", "/books/5") == []
    assert found("/v2/api/books/5", "/v2/api/books") == []
    assert found("/books/5", "/books/55", "/books/5/pages", "/") == [FaultKind.STATUS]
