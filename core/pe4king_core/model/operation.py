"""An OpenAPI document and its operations (OpenAPI Specification 3.x names)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from threading import RLock
from typing import overload

from pe4king_core.model.finding import Finding
from pe4king_core.model.lazy import Derived, LazySequence
from pe4king_core.model.parts import (
    Encoding,
    Example,
    Header,
    Link,
    MediaKind,
    MediaType,
    Parameter,
    ParameterIn,
    RequestBody,
    Response,
    media_kind,
)
from pe4king_core.model.record import record
from pe4king_core.model.security import (
    FlowKind,
    OAuthFlow,
    SchemeKind,
    SecurityRequirement,
    SecurityScheme,
)
from pe4king_core.model.server import Server, ServerVariable
from pe4king_core.model.text import Span

LazyFindings = LazySequence[Finding]
"""Findings that are looked for when somebody asks for them."""


@record(frozen=True, slots=True)
class ExternalDocs:
    """Further documentation."""

    url: str
    description: str = ""


@record(frozen=True, slots=True)
class Tag:
    """A declared tag; `parent` and `kind` since OpenAPI 3.2."""

    name: str
    description: str = ""
    summary: str = ""
    parent: str = ""
    kind: str = ""
    external_docs: ExternalDocs | None = None
    pointer: str = ""


@record(frozen=True, slots=True)
class Callback:
    """Requests that the API sends to the URL that `expression` gives at run time.

    The operations' `path` is the expression.
    """

    name: str
    expression: str
    operations: Sequence[Operation]
    pointer: str = ""


@record(frozen=True, slots=True)
class Operation:
    """One operation; `method` is upper case, `pointer` its place in the document.

    `span` covers the operation's text, `name_span` its method key; both are empty where the
    position is not known. A method of `additionalOperations` is written as documented.
    """

    method: str
    path: str
    pointer: str
    operation_id: str | None = None
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    request_body: RequestBody | None = None
    responses: Mapping[str, Response] = field(default_factory=dict)
    security: tuple[SecurityRequirement, ...] = ()
    """Alternatives; empty means that no credentials are needed."""
    servers: tuple[Server, ...] = ()
    span: Span = Span(0, 0)
    name_span: Span = Span(0, 0)
    findings: Sequence[Finding] = field(default=(), compare=False)
    """What is wrong with this operation; what is sound can still be used."""
    callbacks: Sequence[Callback] = field(default=(), compare=False, repr=False)
    """Made when asked for; callbacks of callbacks may lead back here without end."""
    webhook: str | None = None
    """The name of the webhook that this operation belongs to; its `path` is that name."""
    external_docs: ExternalDocs | None = None
    path_summary: str = ""
    path_description: str = ""
    """What the path item says of all its operations."""

    @property
    def key(self) -> str:
        """`GET /books/{bookId}`: unique within a document."""
        return f"{self.method} {self.path}"

    @property
    def route(self) -> str:
        """`path` without a query or fragment that the document has written into it."""
        path = self.path
        if "#" not in path and "?" not in path:
            return path
        return path.partition("#")[0].partition("?")[0]

    def response_for(self, status: int) -> Response | None:
        """The documented response for `status`: exact, then its range, then `default`."""
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in self.responses:
                return self.responses[key]
        return None

    @property
    def success_statuses(self) -> tuple[int, ...]:
        """Documented 2xx codes in the document's order; `2XX` counts as 200."""
        codes = [key for key in self.responses if key[:1] == "2"]
        return tuple(int(key) if key.isdecimal() else 200 for key in codes)

    @property
    def requires_credentials(self) -> bool:
        """Whether every documented alternative asks for credentials."""
        return bool(self.security) and all(item.schemes for item in self.security)


@record(frozen=True, slots=True)
class OperationEntry:
    """An operation as far as it is known without reading it; names as in `Operation`."""

    method: str
    path: str
    pointer: str
    span: Span = Span(0, 0)
    name_span: Span = Span(0, 0)

    @property
    def key(self) -> str:
        """The operation's key."""
        return f"{self.method} {self.path}"


class LazyOperations(Sequence[Operation]):
    """Operations that are known by their entries and read one by one, each at most once.

    `make` reads the operation of an entry. Safe in several threads. Equal to itself only.
    """

    __slots__ = ("_keys", "_lock", "_made", "_make", "entries")

    def __init__(
        self, entries: Iterable[OperationEntry], make: Callable[[OperationEntry], Operation]
    ) -> None:
        self.entries = tuple(entries)
        self._make = make
        self._made: list[Operation | None] = [None] * len(self.entries)
        self._keys: dict[str, int] | None = None
        self._lock = RLock()

    @property
    def made(self) -> int:
        """How many operations have been read by now."""
        return sum(operation is not None for operation in self._made)

    def _one(self, index: int) -> Operation:
        found = self._made[index]
        if found is None:
            with self._lock:
                found = self._made[index]
                if found is None:
                    found = self._made[index] = self._make(self.entries[index])
        return found

    @overload
    def __getitem__(self, index: int) -> Operation: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Operation, ...]: ...
    def __getitem__(self, index: int | slice) -> Operation | tuple[Operation, ...]:
        if isinstance(index, slice):
            return tuple(self._one(number) for number in range(len(self.entries))[index])
        return self._one(range(len(self.entries))[index])

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Operation]:
        return (self._one(number) for number in range(len(self.entries)))

    def __contains__(self, item: object) -> bool:
        return isinstance(item, Operation) and any(
            entry.key == item.key and self._one(number) == item
            for number, entry in enumerate(self.entries)
        )

    def find(self, key: str) -> Operation | None:
        """The operation with this `key` (`GET /books`); reads no other."""
        if self._keys is None:
            pairs = [(entry.key, number) for number, entry in enumerate(self.entries)]
            self._keys = dict(reversed(pairs))
        number = self._keys.get(key)
        return None if number is None else self._one(number)

    def at(self, offset: int) -> Operation | None:
        """The first operation whose text contains `offset`; reads no other."""
        for number, entry in enumerate(self.entries):
            if entry.span.start <= offset < entry.span.end:
                return self._one(number)
        return None


@record(frozen=True, slots=True)
class ApiDocument:
    """A loaded document: what is sound in `operations`, what is not in `findings`."""

    uri: str
    title: str
    version: str
    specification: str
    """The version of OpenAPI it is written in, such as "3.1.0"."""
    operations: Sequence[Operation]
    servers: tuple[Server, ...]
    findings: Sequence[Finding] = ()
    webhooks: Sequence[Operation] = ()
    """Requests that the API sends to its users (OpenAPI 3.1)."""
    tags: Sequence[Tag] = ()
    """The declared tags."""
    security_schemes: Mapping[str, SecurityScheme] = field(default_factory=dict)
    self_uri: str = ""
    """`$self` (OpenAPI 3.2): the document's own URI as it states it."""
    derived: Derived = field(default_factory=Derived, init=False, compare=False, repr=False)
    """What was worked out from this document already, such as the index of its paths."""

    @property
    def entries(self) -> tuple[OperationEntry, ...]:
        """The operations as far as they are known without reading them."""
        if isinstance(self.operations, LazyOperations):
            return self.operations.entries
        return tuple(
            OperationEntry(item.method, item.path, item.pointer, item.span, item.name_span)
            for item in self.operations
        )

    def operation(self, key: str) -> Operation | None:
        """The operation with this `key`, else that with this operationId."""
        if isinstance(self.operations, LazyOperations):
            found = self.operations.find(key)
            if found is not None:
                return found
        for operation in self.operations:
            if key in (operation.key, operation.operation_id):
                return operation
        return None

    def operation_at(self, offset: int) -> Operation | None:
        """The operation whose text contains `offset`."""
        if isinstance(self.operations, LazyOperations):
            return self.operations.at(offset)
        return next((op for op in self.operations if op.span.start <= offset < op.span.end), None)


__all__ = [
    "ApiDocument",
    "Callback",
    "Encoding",
    "Example",
    "ExternalDocs",
    "FlowKind",
    "Header",
    "LazyFindings",
    "LazyOperations",
    "Link",
    "MediaKind",
    "MediaType",
    "OAuthFlow",
    "Operation",
    "OperationEntry",
    "Parameter",
    "ParameterIn",
    "RequestBody",
    "Response",
    "SchemeKind",
    "SecurityRequirement",
    "SecurityScheme",
    "Server",
    "ServerVariable",
    "Tag",
    "media_kind",
]
