"""Fields of forms and parts of multipart bodies, written as the document's encodings say.

OpenAPI, Encoding Object: with a style a field travels like a query parameter, else by its content
type, which for structures is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Encoding
from pe4king_core.model.schema import JsonType, Schema

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_OCTETS = "application/octet-stream"
_BY_NAME = {
    **dict.fromkeys(("image", "avatar", "photo", "picture", "logo", "icon", "cover"), "image/png"),
    **dict.fromkeys(("audio", "recording", "voice"), "audio/mpeg"),
    "csv": "text/csv",
    "pdf": "application/pdf",
    "video": "video/mp4",
    "zip": "application/zip",
    "xml": "application/xml",
    "json": "application/json",
    "yaml": "application/yaml",
}
_CONTENTS = {
    "text/csv": "id,name\n1,Sample\n",
    "application/json": '{"name": "Sample"}',
    "application/xml": "<sample/>",
    "text/xml": "<sample/>",
    "text/html": "<p>Sample</p>",
    "application/yaml": "name: Sample\n",
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
}


def form_fields(value: Json, encodings: Mapping[str, Encoding] | None = None) -> dict[str, Json]:
    """The members of a form as text, numbers, and lists for names that are repeated."""
    fields: dict[str, Json] = {}
    for name, member in value.items() if isinstance(value, Mapping) else ():
        encoding = (encodings or {}).get(name)
        if member is None:
            continue
        if encoding is not None and encoding.styled and _is_structured(member):
            fields |= _styled(name, member, encoding)
        elif isinstance(member, list | tuple):
            fields[name] = [_field(item) for item in member]
        else:
            fields[name] = _field(member)
    return fields


def _is_structured(value: Json) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _styled(name: str, value: Json, encoding: Encoding) -> dict[str, Json]:
    if encoding.style == "deepObject":
        return deep_object(name, value)
    if isinstance(value, Mapping):
        if encoding.explode:
            return {key: _field(item) for key, item in value.items()}
        pairs = [_text(part) for pair in value.items() for part in pair]
        return {name: _DELIMITERS.get(encoding.style, ",").join(pairs)}
    items = value if isinstance(value, list | tuple) else [value]
    if encoding.explode:
        return {name: [_field(item) for item in items]}
    return {name: _DELIMITERS.get(encoding.style, ",").join(_text(item) for item in items)}


def deep_object(name: str, value: Json) -> dict[str, Json]:
    """`filter[price][gte]=5`: each scalar under its own name; items by their number."""
    if isinstance(value, Mapping):
        members = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        members = [(str(number), item) for number, item in enumerate(value)]
    else:
        return {name: _field(value)}
    return {
        key: found
        for member, item in members
        for key, found in deep_object(f"{name}[{member}]", item).items()
    }


def _field(value: Json) -> Json:
    structured = isinstance(value, Mapping | list | tuple | bool)
    return json.dumps(value, ensure_ascii=False) if structured else value


def _text(value: Json) -> str:
    found = _field(value)
    return "" if found is None else str(found)


def file_parts(
    value: Mapping[str, Json], schema: Schema | None, encodings: Mapping[str, Encoding]
) -> dict[str, str]:
    """Which members of a multipart body are files, with their media types."""
    found: dict[str, str] = {}
    for name in value:
        stated = schema.properties.get(name) if schema is not None else None
        if stated is not None and JsonType.ARRAY in stated.types and stated.items is not None:
            stated = stated.items
        encoding = encodings.get(name)
        written = encoding.content_type if encoding is not None else ""
        if stated is not None and _is_file(stated, written):
            found[name] = _media_type(name, stated, written)
    return found


def _is_file(schema: Schema, written: str) -> bool:
    """Whether the part is no text: it says so, or its media type does."""
    if schema.format == "binary":
        return True
    if schema.types - {JsonType.NULL, JsonType.STRING} or schema.content_encoding is not None:
        return False
    kind = _first(written) or schema.content_media_type or ""
    return bool(kind) and not kind.startswith("text/plain") and kind != "application/json"


def _media_type(name: str, schema: Schema, written: str) -> str:
    stated = _first(written) or schema.content_media_type or ""
    if stated and not stated.endswith("*"):
        return stated
    guess = next((_BY_NAME[word] for word in words_of(name) if word in _BY_NAME), _OCTETS)
    if stated.endswith("/*") and stated != "*/*" and not guess.startswith(stated[:-1]):
        return {"image/*": "image/png", "text/*": "text/plain"}.get(stated, _OCTETS)
    return guess


def _first(written: str) -> str:
    return written.split(",", 1)[0].strip()


def file_text(media_type: str) -> str:
    """A small content for a file of this type, as text."""
    return _CONTENTS.get(media_type.split(";", 1)[0].strip().lower(), "sample")
