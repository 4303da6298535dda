"""The parts of an operation: parameters, bodies, answers, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import lru_cache

from pe4king_core.model.json import Json
from pe4king_core.model.record import record
from pe4king_core.model.schema import Schema
from pe4king_core.model.server import Server


class ParameterIn(StrEnum):
    """Where a parameter travels."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    QUERYSTRING = "querystring"
    """The whole query string as one value of a media type, since OpenAPI 3.2."""


@record(frozen=True, slots=True)
class Example:
    """A documented example; `name` is empty for the one of `example`."""

    name: str
    value: Json
    pointer: str
    summary: str = ""
    description: str = ""
    external_value: str = ""
    """Where the value stands that the document does not hold; it is not read."""
    serialized_value: str | None = None
    """The value as it travels, since OpenAPI 3.2."""
    has_value: bool = True
    """Whether `value` is documented; without it only the other forms are."""


@record(frozen=True, slots=True)
class Header:
    """One documented header of a response or of a part of a multipart body."""

    name: str
    required: bool
    schema: Schema | None
    pointer: str
    description: str = ""
    style: str = "simple"
    explode: bool = False
    content_type: str | None = None
    """Set where the value is serialised as that media type instead of by style."""
    examples: tuple[Json, ...] = ()
    named_examples: tuple[Example, ...] = ()
    deprecated: bool = False
    collection_format: str = ""
    """Of arrays in Swagger 2.0: "csv", "ssv", "tsv" or "pipes"."""


@record(frozen=True, slots=True)
class Encoding:
    """How one property of a form, or one part of a multipart body, is written.

    `content_type` may be a list with wildcards. `styled` says whether the document states a
    style; otherwise the value is written as its content type.
    """

    name: str
    content_type: str = ""
    headers: Mapping[str, Header] = field(default_factory=dict)
    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    styled: bool = False
    pointer: str = ""
    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    prefix_encoding: tuple[Encoding, ...] = ()
    item_encoding: Encoding | None = None


class MediaKind(StrEnum):
    """What a body is made of, as far as its media type tells."""

    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    XML = "xml"
    TEXT = "text"
    BINARY = "binary"
    EVENT_STREAM = "event-stream"
    JSON_SEQUENCE = "json-sequence"
    """JSON values one after the other (`application/jsonl`, `application/json-seq` …)."""
    OTHER = "other"


_KINDS = {
    "application/x-www-form-urlencoded": MediaKind.FORM,
    "text/event-stream": MediaKind.EVENT_STREAM,
    "application/jsonl": MediaKind.JSON_SEQUENCE,
    "application/x-ndjson": MediaKind.JSON_SEQUENCE,
    "application/json-seq": MediaKind.JSON_SEQUENCE,
    "application/geo+json-seq": MediaKind.JSON_SEQUENCE,
    "application/yaml": MediaKind.TEXT,
    "application/x-yaml": MediaKind.TEXT,
    "application/graphql": MediaKind.TEXT,
    "application/javascript": MediaKind.TEXT,
    "application/sql": MediaKind.TEXT,
    "application/octet-stream": MediaKind.BINARY,
    "application/pdf": MediaKind.BINARY,
    "application/zip": MediaKind.BINARY,
    "application/gzip": MediaKind.BINARY,
}
_FAMILIES = {
    "multipart": MediaKind.MULTIPART,
    "text": MediaKind.TEXT,
    "image": MediaKind.BINARY,
    "audio": MediaKind.BINARY,
    "video": MediaKind.BINARY,
    "font": MediaKind.BINARY,
}


@lru_cache(maxsize=1024)
def media_kind(name: str) -> MediaKind:
    """What a body of the media type `name` (parameters allowed) is made of."""
    base = name.split(";", 1)[0].strip().lower()
    if base.endswith(("/json", "+json")):
        return MediaKind.JSON
    if base.endswith(("/xml", "+xml")):
        return MediaKind.XML
    if base.endswith("+yaml"):
        return MediaKind.TEXT
    return _KINDS.get(base) or _FAMILIES.get(base.partition("/")[0], MediaKind.OTHER)


@record(frozen=True, slots=True)
class MediaType:
    """One representation of a request or response body."""

    name: str
    schema: Schema | None
    pointer: str
    examples: tuple[Json, ...] = ()
    """Documented values: those of the media type first, then those of the schema."""
    named_examples: tuple[Example, ...] = ()
    """The media type's own examples with their names and places."""
    item_schema: Schema | None = None
    """Each item of a stream or sequence, since OpenAPI 3.2."""
    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    prefix_encoding: tuple[Encoding, ...] = ()
    item_encoding: Encoding | None = None

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON (`application/json`, `…+json`, `text/json`)."""
        return self.kind is MediaKind.JSON

    @property
    def kind(self) -> MediaKind:
        """What the body is made of."""
        return media_kind(self.name)


@record(frozen=True, slots=True)
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
    named_examples: tuple[Example, ...] = ()
    media: MediaType | None = None
    """The media type of `content_type`, with its encoding and examples."""
    deprecated: bool = False
    allow_reserved: bool = False
    allow_empty_value: bool = False
    collection_format: str = ""
    """Of arrays in Swagger 2.0: "csv", "ssv", "tsv", "pipes" or "multi"."""


@record(frozen=True, slots=True)
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


@record(frozen=True, slots=True)
class Link:
    """A documented way from a response to another operation (OpenAPI Link Object).

    `parameters` maps the target's parameter names to runtime expressions such as
    `$response.body#/id` or to literal values; `request_body` is the body likewise, None where
    none is documented.
    """

    name: str
    operation_id: str | None
    operation_ref: str | None
    parameters: Mapping[str, Json]
    pointer: str
    request_body: Json = None
    description: str = ""
    server: Server | None = None


@record(frozen=True, slots=True)
class Response:
    """One documented answer; `status` is "200", "4XX" or "default"."""

    status: str
    description: str
    content: Mapping[str, MediaType]
    headers: Mapping[str, Header]
    pointer: str
    links: tuple[Link, ...] = ()
    summary: str = ""

    @property
    def json(self) -> MediaType | None:
        """The first JSON representation, if there is one."""
        return next((media for media in self.content.values() if media.is_json), None)
