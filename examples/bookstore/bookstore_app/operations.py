"""The operations of the document, one function each: read the request, ask the store, answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from . import bodies
from .parameters import book_query, identifier
from .store import Store
from .values import Check, Json, JsonObject

VERSION = "1.0.0"
BASE_PATH = "/v1"


class Headers(Protocol):
    """Request headers, found without regard to case."""

    def get(self, name: str, /) -> str | None:
        """The first value of the header, or None."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an operation: decoded path parameters, query, headers and the raw body."""

    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    headers: Headers
    body: bytes

    def identifier(self, name: str) -> str:
        """The UUID in the path parameter `name`; raises InvalidParameter."""
        return identifier(name, self.path[name])

    def read(self, check: Check) -> JsonObject:
        """The JSON body, which passes `check`; raises as `read_body` does."""
        return bodies.read_body(self.body, self.headers.get("Content-Type"), check)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; a 204 has no body."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)


def list_books(store: Store, call: Call) -> Answer:
    """GET /books."""
    query = book_query(call.query)
    items, total = store.search(query)
    page: JsonObject = {
        "items": items,
        "total": total,
        "limit": query.limit,
        "offset": query.offset,
    }
    return Answer(200, page, {"X-Total-Count": str(total)})


def create_book(store: Store, call: Call) -> Answer:
    """POST /books."""
    return _created("books", store.add_book(call.read(bodies.BOOK)))


def get_book(store: Store, call: Call) -> Answer:
    """GET /books/{bookId}."""
    return _tagged(store.book(call.identifier("bookId")))


def replace_book(store: Store, call: Call) -> Answer:
    """PUT /books/{bookId}."""
    book_id = call.identifier("bookId")
    return _tagged(store.replace_book(book_id, call.read(bodies.BOOK)))


def delete_book(store: Store, call: Call) -> Answer:
    """DELETE /books/{bookId}."""
    store.delete_book(call.identifier("bookId"))
    return Answer(204)


def list_reviews(store: Store, call: Call) -> Answer:
    """GET /books/{bookId}/reviews."""
    return Answer(200, store.reviews(call.identifier("bookId")))


def create_review(store: Store, call: Call) -> Answer:
    """POST /books/{bookId}/reviews."""
    book_id = call.identifier("bookId")
    return Answer(201, store.add_review(book_id, call.read(bodies.REVIEW)))


def create_customer(store: Store, call: Call) -> Answer:
    """POST /customers."""
    return _created("customers", store.add_customer(call.read(bodies.CUSTOMER)))


def get_customer(store: Store, call: Call) -> Answer:
    """GET /customers/{customerId}."""
    return Answer(200, store.customer(call.identifier("customerId")))


def create_order(store: Store, call: Call) -> Answer:
    """POST /orders."""
    key = identifier("Idempotency-Key", call.headers.get("Idempotency-Key"))
    return _created("orders", store.place_order(key, call.read(bodies.ORDER)))


def get_order(store: Store, call: Call) -> Answer:
    """GET /orders/{orderId}."""
    return Answer(200, store.order(call.identifier("orderId")))


def cancel_order(store: Store, call: Call) -> Answer:
    """POST /orders/{orderId}/cancel."""
    return Answer(200, store.cancel_order(call.identifier("orderId")))


def get_health(_store: Store, _call: Call) -> Answer:
    """GET /health."""
    return Answer(200, {"status": "ok", "version": VERSION})


def _created(collection: str, body: JsonObject) -> Answer:
    return Answer(201, body, {"Location": f"{BASE_PATH}/{collection}/{body['id']}"})


def _tagged(book: JsonObject) -> Answer:
    digest = hashlib.sha256(json.dumps(book, sort_keys=True).encode()).hexdigest()
    return Answer(200, book, {"ETag": f'"{digest[:16]}"'})
