"""Which operation answers a request, and who may call it."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from . import operations
from .errors import ApiError, MethodNotAllowed, NotFound, Unauthorized
from .operations import BASE_PATH, Answer, Call, Headers
from .store import Store

Handler: TypeAlias = Callable[[Store, Call], Answer]


class Access(Enum):
    """The credentials that an operation asks for."""

    OPEN = "open"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the document."""

    method: str
    template: str
    handler: Handler
    access: Access

    def match(self, path: str) -> Mapping[str, str] | None:
        """The path parameters where `path` is of this template."""
        wanted, given = self.template.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        values: dict[str, str] = {}
        for name, segment in zip(wanted, given, strict=True):
            if name.startswith("{") and segment:
                values[name[1:-1]] = unquote(segment)
            elif name != segment:
                return None
        return values


ROUTES = (
    Route("GET", "/books", operations.list_books, Access.READ),
    Route("POST", "/books", operations.create_book, Access.WRITE),
    Route("GET", "/books/{bookId}", operations.get_book, Access.READ),
    Route("PUT", "/books/{bookId}", operations.replace_book, Access.WRITE),
    Route("DELETE", "/books/{bookId}", operations.delete_book, Access.WRITE),
    Route("GET", "/books/{bookId}/reviews", operations.list_reviews, Access.READ),
    Route("POST", "/books/{bookId}/reviews", operations.create_review, Access.WRITE),
    Route("POST", "/customers", operations.create_customer, Access.WRITE),
    Route("GET", "/customers/{customerId}", operations.get_customer, Access.READ),
    Route("POST", "/orders", operations.create_order, Access.WRITE),
    Route("GET", "/orders/{orderId}", operations.get_order, Access.READ),
    Route("POST", "/orders/{orderId}/cancel", operations.cancel_order, Access.WRITE),
    Route("GET", "/health", operations.get_health, Access.OPEN),
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What callers must show; the demo values are no secrets."""

    api_key: str = field(default_factory=lambda: os.environ.get("BOOKSTORE_API_KEY", "demo-key"))
    token: str = field(default_factory=lambda: os.environ.get("BOOKSTORE_TOKEN", "demo-token"))

    def check(self, access: Access, headers: Headers) -> None:
        """Raises Unauthorized where `headers` do not show what `access` asks for."""
        if access is Access.READ and not _same(headers.get("X-API-Key") or "", self.api_key):
            raise Unauthorized(
                "This operation needs a valid API key in X-API-Key.",
                {"WWW-Authenticate": 'ApiKey realm="bookstore"'},
            )
        scheme, _, token = (headers.get("Authorization") or "").strip().partition(" ")
        valid = scheme.lower() == "bearer" and _same(token.strip(), self.token)
        if access is Access.WRITE and not valid:
            raise Unauthorized(
                "This operation needs a valid bearer token.", {"WWW-Authenticate": "Bearer"}
            )


@dataclass(frozen=True, slots=True)
class Bookstore:
    """The whole API without HTTP."""

    store: Store = field(default_factory=Store)
    credentials: Credentials = field(default_factory=Credentials)

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        """The answer to one request; `target` is the path with its query as it was sent."""
        try:
            return self._answer(method, target, headers, body)
        except ApiError as error:
            return Answer(error.status, error.body(), error.headers)

    def _answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        try:
            parts = urlsplit(target)
            query = parse_qs(parts.query, keep_blank_values=True)
        except ValueError as error:
            raise NotFound("There is nothing at this path.") from error
        route, values = _find(method, parts.path)
        self.credentials.check(route.access, headers)
        return route.handler(self.store, Call(values, query, headers, body))


def _find(method: str, path: str) -> tuple[Route, Mapping[str, str]]:
    inside = path.removeprefix(BASE_PATH) if path.startswith(f"{BASE_PATH}/") else ""
    matches = [(route, values) for route in ROUTES if (values := route.match(inside)) is not None]
    for route, values in matches:
        if route.method == method:
            return route, values
    if not matches:
        raise NotFound("There is nothing at this path.")
    allowed = ", ".join(sorted(route.method for route, _ in matches))
    raise MethodNotAllowed(f"This path answers to {allowed} only.", {"Allow": allowed})


def _same(shown: str, wanted: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8"), wanted.encode("utf-8"))
