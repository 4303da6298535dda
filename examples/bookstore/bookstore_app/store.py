"""The state of the shop and its rules. All methods may be called from several threads."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar, cast

from . import seed
from .errors import Conflict, NotFound
from .parameters import BookQuery
from .records import Book, Customer, Order, OrderLine, Review
from .values import JsonObject

NEWEST_REVIEWS = 100
T = TypeVar("T")


class Store:
    """Everything in memory, with what `seed` puts there. Bodies given to it are valid."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._books = {book.id: book for book in seed.books()}
        self._customers = {customer.id: customer for customer in seed.customers()}
        self._orders = {order.id: order for order in seed.orders()}
        self._sent: dict[tuple[str, str], str] = {}
        self._reviews: dict[str, list[Review]] = {}
        for review in seed.reviews():
            self._reviews.setdefault(review.book_id, []).append(review)

    def search(self, query: BookQuery) -> tuple[list[JsonObject], int]:
        """One page of the matching books and the number of all of them."""
        with self._lock:
            found = [book for book in self._books.values() if _matches(book, query)]
            found.sort(key=_sort_key(query.sort), reverse=query.sort.startswith("-"))
            page = found[query.offset : query.offset + query.limit]
            return [self._shown(book) for book in page], len(found)

    def add_book(self, fields: JsonObject) -> JsonObject:
        """The new book."""
        with self._lock:
            book = Book(_new_id(), _now(), fields)
            self._books[book.id] = book
            return self._shown(book)

    def book(self, book_id: str) -> JsonObject:
        """The book; raises NotFound."""
        with self._lock:
            return self._shown(self._book(book_id))

    def replace_book(self, book_id: str, fields: JsonObject) -> JsonObject:
        """The book as it is now; raises NotFound."""
        with self._lock:
            book = replace(self._book(book_id), fields=fields)
            self._books[book_id] = book
            return self._shown(book)

    def delete_book(self, book_id: str) -> None:
        """Removes a book and its reviews; raises NotFound, or Conflict where it was ordered."""
        with self._lock:
            self._book(book_id)
            lines = (line for order in self._orders.values() for line in order.lines)
            if any(line.book_id == book_id for line in lines):
                raise Conflict("The book stands in an order.")
            del self._books[book_id]
            self._reviews.pop(book_id, None)

    def reviews(self, book_id: str) -> list[JsonObject]:
        """The newest reviews of a book, the newest first; raises NotFound."""
        with self._lock:
            self._book(book_id)
            newest = self._reviews.get(book_id, [])[-NEWEST_REVIEWS:]
            return [review.shown() for review in reversed(newest)]

    def add_review(self, book_id: str, fields: JsonObject) -> JsonObject:
        """The new review; raises NotFound."""
        with self._lock:
            self._book(book_id)
            review = Review(
                _new_id(),
                _now(),
                book_id,
                rating=int(cast(float, fields["rating"])),
                text=cast(str, fields["text"]),
                reviewer=cast("str | None", fields.get("reviewer")),
            )
            self._reviews.setdefault(book_id, []).append(review)
            return review.shown()

    def add_customer(self, fields: JsonObject) -> JsonObject:
        """The new customer. The password is not kept: nobody can log in here."""
        with self._lock:
            public = {name: value for name, value in fields.items() if name != "password"}
            customer = Customer(_new_id(), _now(), public)
            self._customers[customer.id] = customer
            return customer.shown()

    def customer(self, customer_id: str) -> JsonObject:
        """The customer; raises NotFound."""
        with self._lock:
            return _found(self._customers.get(customer_id), "customer").shown()

    def place_order(self, key: str, fields: JsonObject) -> JsonObject:
        """The new order, or the one that the same key and body made; raises NotFound."""
        sent = (key, json.dumps(fields, sort_keys=True))
        with self._lock:
            earlier = self._orders.get(self._sent.get(sent, ""))
            if earlier is not None and earlier.status != "cancelled":
                return earlier.shown()
            order = self._new_order(fields)
            self._orders[order.id] = order
            self._sent[sent] = order.id
            return order.shown()

    def order(self, order_id: str) -> JsonObject:
        """The order; raises NotFound."""
        with self._lock:
            return _found(self._orders.get(order_id), "order").shown()

    def cancel_order(self, order_id: str) -> JsonObject:
        """The cancelled order; raises NotFound, or Conflict where it has been shipped."""
        with self._lock:
            order = _found(self._orders.get(order_id), "order")
            if order.status == "shipped":
                raise Conflict("The order has been shipped already.")
            self._orders[order_id] = replace(order, status="cancelled")
            return self._orders[order_id].shown()

    def _book(self, book_id: str) -> Book:
        return _found(self._books.get(book_id), "book")

    def _shown(self, book: Book) -> JsonObject:
        return book.shown([review.rating for review in self._reviews.get(book.id, [])])

    def _new_order(self, fields: JsonObject) -> Order:
        customer_id = cast(str, fields["customerId"]).lower()
        _found(self._customers.get(customer_id), "customer")
        return Order(
            _new_id(),
            _now(),
            customer_id,
            tuple(self._line(item) for item in cast(Sequence[JsonObject], fields["items"])),
            payment=cast(JsonObject, fields["payment"]),
            comment=cast("str | None", fields.get("comment")),
        )

    def _line(self, item: JsonObject) -> OrderLine:
        book = self._book(cast(str, item["bookId"]).lower())
        return OrderLine(
            book.id,
            cast(str, book.fields["title"]),
            int(cast(float, item["quantity"])),
            cast(float, book.fields["price"]),
        )


def _matches(book: Book, query: BookQuery) -> bool:
    if query.genre is not None and book.fields["genre"] != query.genre:
        return False
    return query.minimum_price is None or cast(float, book.fields["price"]) >= query.minimum_price


def _sort_key(sort: str) -> Callable[[Book], tuple[str | float, str]]:
    name = sort.removeprefix("-")
    return lambda book: (cast("str | float", book.fields[name]), book.id)


def _found(value: T | None, kind: str) -> T:
    if value is None:
        raise NotFound(f"There is no such {kind}.")
    return value


def _new_id() -> str:
    return str(uuid.uuid4())


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
