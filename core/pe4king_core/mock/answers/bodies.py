"""Values written down in a media type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from pe4king_core.generation.requests.forms import file_parts, form_fields
from pe4king_core.generation.requests.xml_bodies import xml_text
from pe4king_core.mock.answers.files import file_bytes
from pe4king_core.model.json import Json
from pe4king_core.model.operation import MediaKind, MediaType
from pe4king_core.model.schema import Schema

BOUNDARY = "pe4king-part"
_OF_EVENTS = frozenset({"event", "data", "id", "retry", "comment"})
"""The fields of an event of `text/event-stream` (HTML Living Standard, section 9.2)."""


def content_type(media: MediaType) -> str:
    """The header that says how the body is written."""
    if media.kind is MediaKind.MULTIPART and "boundary=" not in media.name:
        return f"{media.name}; boundary={BOUNDARY}"
    return media.name


def written(value: Json, media: MediaType) -> bytes:
    """`value` as a body of this media type."""
    kind = media.kind
    if kind is MediaKind.JSON:
        return as_json(value)
    if kind is MediaKind.FORM:
        return urlencode(_pairs(value, media), errors="replace").encode()
    if kind is MediaKind.MULTIPART:
        return _multipart(value, media)
    if kind is MediaKind.XML:
        return _xml(value, media.schema)
    if kind is MediaKind.EVENT_STREAM:
        return b"".join(_event(item) for item in _listed(value))
    if kind is MediaKind.JSON_SEQUENCE:
        mark = b"\x1e" if media.name.split(";")[0].strip().endswith("json-seq") else b""
        return b"".join(mark + as_json(item) + b"\n" for item in _listed(value))
    return _text_or_file(value, media)


def as_json(value: Json) -> bytes:
    """JSON as UTF-8; halves of surrogate pairs, which UTF-8 does not have, are escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _text_or_file(value: Json, media: MediaType) -> bytes:
    if not isinstance(value, str):
        return as_json(value)
    documented = any(value == example for example in media.examples)
    if media.kind is MediaKind.BINARY and not documented:
        return file_bytes(media.name)
    return _encoded(value)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _listed(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _event(value: Json) -> bytes:
    """One event: its fields where it has them, else the value as its data."""
    if isinstance(value, str) and value.startswith(("data:", "event:", "id:", "retry:", ":")):
        return _encoded(value.rstrip("\n") + "\n\n")
    fields: Mapping[str, Json] = {"data": value}
    if isinstance(value, Mapping) and "data" in value and value.keys() <= _OF_EVENTS:
        fields = value
    lines = (
        f"{'' if name == 'comment' else name}: {line}\n"
        for name, member in fields.items()
        for line in _line(member).splitlines() or [""]
    )
    return _encoded("".join(lines) + "\n")


def _line(value: Json) -> str:
    return value if isinstance(value, str) else as_json(value).decode()


def _xml(value: Json, schema: Schema | None) -> bytes:
    if isinstance(value, str) and "<" in value:
        return _encoded(value)
    return _encoded(xml_text(value, schema, "root"))


def _pairs(value: Json, media: MediaType) -> list[tuple[str, str]]:
    """Names and texts of a form; lists repeat the name."""
    found: list[tuple[str, str]] = []
    for name, member in form_fields(value, media.encoding).items():
        texts = member if isinstance(member, list | tuple) else [member]
        found += [(name, _line(text)) for text in texts]
    return found


def _multipart(value: Json, media: MediaType) -> bytes:
    """Named parts for the members of an object, else a part for each item."""
    if not isinstance(value, Mapping):
        parts = [("", "application/json", as_json(item)) for item in _listed(value)]
        return _joined(parts, named=False)
    files = file_parts(value, media.schema, media.encoding)
    parts = []
    for name, text in _pairs(value, media):
        kind = files.get(name, "")
        parts.append((name, kind, file_bytes(kind) if kind else _encoded(text)))
    return _joined(parts, named=True)


def _joined(parts: list[tuple[str, str, bytes]], *, named: bool) -> bytes:
    made = []
    for name, kind, content in parts:
        head = f"--{BOUNDARY}\r\n"
        if named:
            quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            head += f'Content-Disposition: form-data; name="{quoted}"'
            head += f'; filename="{quoted}"\r\n' if kind else "\r\n"
        head += f"Content-Type: {kind}\r\n" if kind else ""
        made.append(_encoded(f"{head}\r\n") + content + b"\r\n")
    return b"".join(made) + f"--{BOUNDARY}--\r\n".encode()
