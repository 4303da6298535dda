"""Swagger 2.0: where it differs from OpenAPI 3 (body and form parameters, media types, servers).

A parameter that is not in the body is its own schema; `produces` and `consumes` name the media
types; `host`, `basePath` and `schemes` are the servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from pe4king_core.model.operation import MediaType, ParameterIn, RequestBody, Server
from pe4king_core.openapi.access import SecurityReader
from pe4king_core.openapi.content import ContentReader, Reading
from pe4king_core.openapi.operations import PartReaders
from pe4king_core.openapi.parameters import ParameterReader
from pe4king_core.openapi.raw import Place, Raw, plain_values, text_of

_BODY = ("body", "formData")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}


def swagger_readers(reading: Reading, root: Place) -> PartReaders:
    """The readers for a Swagger 2.0 document."""
    content = SwaggerContent(reading, root)
    parameters = SwaggerParameters(reading, content)
    return PartReaders(
        parameters, content, SecurityReader(reading, root.get("securityDefinitions"))
    )


def swagger_servers(root: Place) -> tuple[Server, ...]:
    """The servers; relative to the document's own where it names no host."""
    raw = root.value if isinstance(root.value, dict) else {}
    host, base = text_of(raw.get("host")), text_of(raw.get("basePath"))
    path = "/" + base.strip("/") if base.strip("/") else ""
    if not host:
        return (Server(path),) if path else ()
    host = urlsplit(host).netloc or host
    schemes = root.get("schemes")
    names = [text_of(place.value) for place in schemes.elements()] if schemes else []
    return tuple(Server(f"{name}://{host}{path}") for name in names or ["https"])


class SwaggerParameters(ParameterReader):
    """Parameters that are not part of the body."""

    def is_body(self, place: Place) -> bool:
        """Body and form parameters make the request body."""
        target = self.reading.references.follow(place)
        return isinstance(target, Place) and _location(target) in _BODY

    def schema_of(self, place: Place) -> Place | None:
        """The parameter itself: it carries the keywords."""
        return place.get("schema") or place

    def style_of(self, raw: dict[Raw, Raw], location: ParameterIn) -> tuple[str, bool]:
        """`collectionFormat` in the words of OpenAPI 3."""
        form = "form" if location in (ParameterIn.QUERY, ParameterIn.COOKIE) else "simple"
        collection = text_of(raw.get("collectionFormat"))
        return _STYLES.get(collection, form), collection == "multi"


class SwaggerContent(ContentReader):
    """Bodies and answers."""

    def __init__(self, reading: Reading, root: Place) -> None:
        super().__init__(reading)
        self._root = root

    def variant(self, operation: Place) -> tuple[str, ...]:
        """An answer has the media types of the operation that gives it."""
        return self._media_names(operation, "produces")

    def content(self, place: Place, operation: Place) -> Mapping[str, MediaType]:
        """The answer's one schema in every media type that the operation produces."""
        schema_place = place.get("schema")
        examples = place.get("examples")
        stated = dict(examples.members()) if examples else {}
        if schema_place is None and not stated:
            return {}
        schema = self.reading.schema(schema_place)
        names = self.variant(operation) or tuple(stated) or (_JSON,)
        found: dict[str, MediaType] = {}
        for name in names:
            values = plain_values([stated[name].value]) if name in stated else ()
            own = schema.examples if schema else ()
            pointer = (schema_place or place).pointer
            found[name] = MediaType(name, schema, pointer, values + own)
        return found

    def header_schema(self, place: Place) -> Place | None:
        """The header itself: it carries the keywords."""
        return place

    def request_body(self, item: Place, operation: Place) -> RequestBody | None:
        """The body parameter, or all form parameters together."""
        found = self._body_parameters(item) | self._body_parameters(operation)
        places = list(found.values())
        bodies = [place for place in places if _location(place) == "body"]
        if bodies:
            return self._json_body(bodies[-1], operation)
        return self._form_body(places, operation) if places else None

    def _body_parameters(self, holder: Place) -> dict[tuple[str, str], Place]:
        listed = holder.get("parameters")
        found: dict[tuple[str, str], Place] = {}
        for place in listed.elements() if listed else ():
            target = self.reading.references.follow(place)
            if isinstance(target, Place) and _location(target) in _BODY:
                raw = target.value if isinstance(target.value, dict) else {}
                found[text_of(raw.get("name")), _location(target)] = target
        return found

    def _json_body(self, place: Place, operation: Place) -> RequestBody:
        raw = place.value if isinstance(place.value, dict) else {}
        schema = self.reading.schema(place.get("schema"))
        names = self._media_names(operation, "consumes") or (_JSON,)
        examples = schema.examples if schema else ()
        content = {name: MediaType(name, schema, place.pointer, examples) for name in names}
        required = raw.get("required") is True
        return RequestBody(required, content, place.pointer, text_of(raw.get("description")))

    def _form_body(self, places: list[Place], operation: Place) -> RequestBody:
        properties: dict[Raw, Raw] = {}
        required: list[Raw] = []
        files = False
        for place in places:
            raw = place.value if isinstance(place.value, dict) else {}
            name = text_of(raw.get("name"))
            properties[name] = raw
            required += [name] if raw.get("required") is True else []
            files |= raw.get("type") == "file"
        whole: Raw = {"type": "object", "properties": properties, "required": required}
        place = operation.child("formData", whole)
        schema = self.reading.views.view(place)
        stated = self._media_names(operation, "consumes")
        names = [name for name in stated if name in (_FORM, _MULTIPART)]
        names = names or [_MULTIPART if files else _FORM]
        content = {name: MediaType(name, schema, place.pointer) for name in names}
        return RequestBody(bool(required), content, place.pointer)

    def _media_names(self, operation: Place, key: str) -> tuple[str, ...]:
        listed = operation.get(key) or self._root.get(key)
        names = (text_of(place.value) for place in listed.elements()) if listed else ()
        return tuple(dict.fromkeys(name for name in names if name))


def _location(place: Place) -> str:
    return text_of(place.value.get("in")) if isinstance(place.value, dict) else ""
