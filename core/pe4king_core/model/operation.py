"""An OpenAPI document and its operations (OpenAPI Specification 3.x names)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pe4king_core.model.finding import Finding
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Schema
from pe4king_core.model.text import Span


class ParameterIn(StrEnum):
    """Where a parameter travels."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `schema` is None where the document gives none."""

    name: str
    location: ParameterIn
    required: bool
    schema: Schema | None
    pointer: str
    description: str = ""
    style: str = "simple"
    explode: bool = False
    content_type: str | None = None
    """Set where the value is serialised as that media type instead of by style."""
    examples: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaType:
    """One representation of a request or response body."""

    name: str
    schema: Schema | None
    pointer: str
    examples: tuple[Json, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON (`application/json`, `…+json`, `text/json`)."""
        base = self.name.split(";", 1)[0].strip().lower()
        return base.endswith(("/json", "+json"))


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What an operation accepts; media types in the order of the document."""

    required: bool
    content: Mapping[str, MediaType]
    pointer: str
    description: str = ""

    @property
    def json(self) -> MediaType | None:
        """The first JSON representation, if there is one."""
        return next((media for media in self.content.values() if media.is_json), None)


@dataclass(frozen=True, slots=True)
class Header:
    """One documented response header."""

    name: str
    required: bool
    schema: Schema | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Link:
    """A documented way from a response to another operation (OpenAPI Link Object).

    `parameters` maps the target's parameter names to runtime expressions such as
    `$response.body#/id` or to literal values.
    """

    name: str
    operation_id: str | None
    operation_ref: str | None
    parameters: Mapping[str, Json]
    pointer: str


@dataclass(frozen=True, slots=True)
class Response:
    """One documented answer; `status` is "200", "4XX" or "default"."""

    status: str
    description: str
    content: Mapping[str, MediaType]
    headers: Mapping[str, Header]
    pointer: str
    links: tuple[Link, ...] = ()

    @property
    def json(self) -> MediaType | None:
        """The first JSON representation, if there is one."""
        return next((media for media in self.content.values() if media.is_json), None)


class SchemeKind(StrEnum):
    """How credentials are shown (OpenAPI Security Scheme Object)."""

    API_KEY = "apiKey"
    BASIC = "basic"
    BEARER = "bearer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """One scheme; `location` and `parameter` are set for API keys."""

    name: str
    kind: SchemeKind
    location: ParameterIn | None = None
    parameter: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class SecurityRequirement:
    """All of `schemes` together grant access; an empty one means anonymous access."""

    schemes: tuple[SecurityScheme, ...]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Server:
    """Where the API lives; variables are already replaced by their defaults."""

    url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `method` is upper case, `pointer` its place in the document.

    `span` covers the operation's text, `name_span` its method key; both are empty where the
    position is not known.
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
    findings: tuple[Finding, ...] = ()
    """What is wrong with this operation; what is sound can still be used."""

    @property
    def key(self) -> str:
        """`GET /books/{bookId}`: unique within a document."""
        return f"{self.method} {self.path}"

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


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """A loaded document: what is sound in `operations`, what is not in `findings`."""

    uri: str
    title: str
    version: str
    specification: str
    """The version of OpenAPI it is written in, such as "3.1.0"."""
    operations: tuple[Operation, ...]
    servers: tuple[Server, ...]
    findings: tuple[Finding, ...] = ()

    def operation(self, key: str) -> Operation | None:
        """The operation with this `key` or operationId."""
        for operation in self.operations:
            if key in (operation.key, operation.operation_id):
                return operation
        return None

    def operation_at(self, offset: int) -> Operation | None:
        """The operation whose text contains `offset`."""
        return next((op for op in self.operations if op.span.start <= offset < op.span.end), None)
