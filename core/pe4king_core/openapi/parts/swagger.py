"""Swagger 2.0: where it differs from OpenAPI 3 (parameters, media types, servers).

A parameter that is not in the body is its own schema; `produces` and `consumes` name the media
types; `host`, `basePath` and `schemes` are the servers. Bodies are in `swagger_bodies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from pe4king_core.model.json import Json
from pe4king_core.model.operation import (
    Example,
    Header,
    MediaType,
    Parameter,
    ParameterIn,
    RequestBody,
    Server,
)
from pe4king_core.openapi.parts.access import SecurityReader
from pe4king_core.openapi.parts.content import ContentReader, Reading
from pe4king_core.openapi.parts.examples import example_values
from pe4king_core.openapi.parts.operations import PartReaders
from pe4king_core.openapi.parts.parameters import ParameterReader
from pe4king_core.openapi.parts.swagger_bodies import (
    BodyReader,
    collection_format,
    location_of,
    style,
)
from pe4king_core.openapi.raw import NotJsonError, Place, plain, text_of

_SCHEMES = ("http", "https", "ws", "wss")
_JSON = "application/json"
_BINARY = "application/octet-stream"


def swagger_readers(reading: Reading, root: Place) -> PartReaders:
    """The readers for a Swagger 2.0 document."""
    content = SwaggerContent(reading, root)
    parameters = SwaggerParameters(reading, content)
    security = SecurityReader(reading, root.get("securityDefinitions"))

    def servers(reading: Reading, holder: Place) -> tuple[Server, ...]:
        """The servers of an operation that states `schemes` of its own."""
        names = _schemes(reading, holder)
        return _servers(root, names) if names else ()

    return PartReaders(parameters, content, security, servers)


def swagger_servers(root: Place, reading: Reading | None = None) -> tuple[Server, ...]:
    """The servers; relative to the document's own where it names no host."""
    names = _schemes(reading, root)
    if reading is not None:
        _report_address(reading, root)
    return _servers(root, names)


def _servers(root: Place, names: tuple[str, ...]) -> tuple[Server, ...]:
    host, base = _text(root, "host"), _text(root, "basePath")
    path = "/" + base.strip("/") if base.strip("/") else ""
    if not host:
        return (Server(path, template=path),) if path else ()
    if "//" in host:
        parts = urlsplit(host)
        host, names = parts.netloc or host, names or ((parts.scheme,) if parts.scheme else ())
    urls = [f"{name}://{host.strip('/')}{path}" for name in names or ("https",)]
    return tuple(Server(url, template=url) for url in urls)


def _schemes(reading: Reading | None, holder: Place) -> tuple[str, ...]:
    """`schemes` of the document or of an operation; those that are none are findings."""
    stated = holder.get("schemes")
    found: dict[str, None] = {}
    for place in stated.elements() if stated else ():
        name = text_of(place.value).strip().lower().removesuffix("://")
        if name in _SCHEMES:
            found[name] = None
        elif reading is not None:
            reading.warn(
                "doc-server-scheme",
                place,
                f"`{name}` is not one of http, https, ws, wss; it is left out.",
                f"`{name}` — не http, https, ws или wss; значение пропущено.",
            )
    return tuple(found)


def _report_address(reading: Reading, root: Place) -> None:
    host, base = root.get("host"), root.get("basePath")
    name = text_of(host.value) if host is not None else ""
    if host is not None and ("/" in name or "{" in name):
        reading.warn(
            "doc-server-host",
            host,
            f"`host: {name}` must be a host and a port only, such as `api.example.com:8080`.",
            f"`host: {name}` — здесь нужны только хост и порт, например `api.example.com:8080`.",
        )
    path = text_of(base.value) if base is not None else ""
    if base is not None and path and not path.startswith("/"):
        reading.warn(
            "doc-server-base-path",
            base,
            f"`basePath: {path}` must start with `/`; it is read as `/{path.strip('/')}`.",
            f"`basePath: {path}` должен начинаться с `/`; читаем как `/{path.strip('/')}`.",
        )


class SwaggerParameters(ParameterReader):
    """Parameters that are not part of the body."""

    def is_body(self, place: Place) -> bool:
        """Body and form parameters make the request body."""
        target = self.reading.quiet_mapping(place)
        return target is not None and location_of(target) in ("body", "formData")

    def made(self, place: Place, name: str, location: ParameterIn) -> Parameter:
        """The parameter, which carries the keywords of its schema itself."""
        raw = place.value if isinstance(place.value, dict) else {}
        schema = self.reading.schema(place.get("schema") or place)
        collection = collection_format(self.reading, place, multi=location is ParameterIn.QUERY)
        written, explode = style(collection, location)
        return Parameter(
            name=name,
            location=location,
            required=location is ParameterIn.PATH or raw.get("required") is True,
            schema=schema,
            pointer=place.pointer,
            description=text_of(raw.get("description")),
            style=written,
            explode=explode,
            examples=example_values((), schema),
            deprecated=raw.get("deprecated") is True,
            allow_empty_value=raw.get("allowEmptyValue") is True,
            collection_format=collection,
        )


class SwaggerContent(ContentReader):
    """Bodies and answers."""

    def __init__(self, reading: Reading, root: Place) -> None:
        super().__init__(reading)
        self._root = root
        self._bodies = BodyReader(reading, root)

    def variant(self, operation: Place) -> tuple[str, ...]:
        """An answer has the media types of the operation that gives it."""
        return self._bodies.media_names(operation, "produces")

    def content(self, place: Place, operation: Place) -> Mapping[str, MediaType]:
        """The answer's one schema in every media type that the operation produces."""
        schema_place = place.get("schema")
        examples = place.get("examples")
        stated = dict(examples.members()) if examples else {}
        if schema_place is None and not stated:
            return {}
        schema = self.reading.schema(schema_place)
        is_file = schema_place is not None and _text(schema_place, "type") == "file"
        names = self.variant(operation) or tuple(stated) or (_BINARY if is_file else _JSON,)
        found: dict[str, MediaType] = {}
        for name in names:
            named = _example(name, stated[name]) if name in stated else ()
            pointer = (schema_place or place).pointer
            values = example_values(named, schema)
            found[name] = MediaType(name, schema, pointer, values, named)
        return found

    def headers(self, holder: Place) -> Mapping[str, Header]:
        """Documented headers, each of which carries the keywords of its schema itself."""
        place = self.reading.mapping(holder.get("headers"), "`headers`")
        found: dict[str, Header] = {}
        for name, member in place.members() if place else ():
            header = self.reading.mapping(member, f"`{name}`")
            if header is None or name.lower() == "content-type":
                continue
            schema = self.reading.schema(header)
            collection = collection_format(self.reading, header, multi=False)
            found[name] = Header(
                name=name,
                required=False,
                schema=schema,
                pointer=header.pointer,
                description=_text(header, "description"),
                style=style(collection, ParameterIn.HEADER)[0],
                examples=example_values((), schema),
                collection_format=collection,
            )
        return found

    def request_body(self, items: tuple[Place, ...], operation: Place) -> RequestBody | None:
        """The body parameter, or all form parameters together."""
        return self._bodies.request_body(items, operation)


def _example(name: str, place: Place) -> tuple[Example, ...]:
    try:
        value: Json = plain(place.value)
    except NotJsonError:
        return ()
    return (Example(name, value, place.pointer),)


def _text(place: Place, name: str) -> str:
    return text_of(place.value.get(name)) if isinstance(place.value, dict) else ""
