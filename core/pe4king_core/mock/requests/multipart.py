"""Multipart bodies cut into their parts (RFC 2046 section 5.1.1, RFC 7578)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pe4king_core.mock.requests.jsons import TextError

_MOST_PARTS = 10_000
_LONGEST_BOUNDARY = 200
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r';\s*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))')


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `name` is None where it has none, `file_name` where it is no file."""

    name: str | None
    content: bytes
    content_type: str = ""
    file_name: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def parts_of(body: bytes, boundary: str) -> list[Part]:
    """The parts of `body`. Raises TextError where it is not what its boundary says."""
    if not boundary or len(boundary) > _LONGEST_BOUNDARY or not boundary.isascii():
        raise TextError("no boundary")
    return [_part(raw) for raw in _cut(body, b"--" + boundary.encode())]


def _cut(body: bytes, mark: bytes) -> Iterator[bytes]:
    """What stands between the lines that begin with the boundary."""
    pieces = (b"\n" + body).split(b"\n" + mark)
    if len(pieces) < 2:
        raise TextError("no part")
    if len(pieces) > _MOST_PARTS:
        raise TextError("too many parts")
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return
        first, end, rest = piece.partition(b"\n")
        if not end or first.strip(b" \t\r"):
            raise TextError("no part")
        yield rest.removesuffix(b"\r")
    raise TextError("no end of the parts")


def _part(raw: bytes) -> Part:
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        head, content = b"", raw.partition(b"\n")[2]
    else:
        end = _END_OF_HEADERS.search(raw)
        head, content = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    headers = dict(_headers(head.decode("utf-8", "replace")))
    described = dict(_fields(headers.get("content-disposition", "")))
    name, file_name = described.get("name"), described.get("filename")
    return Part(name, content, headers.get("content-type", ""), file_name, headers)


def _headers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, mark, value = line.partition(":")
        if mark:
            yield name.strip().lower(), value.strip()


def _fields(header: str) -> Iterator[tuple[str, str]]:
    """The fields of Content-Disposition; browsers write quotes in names as `%22`."""
    for match in _FIELD.finditer(header):
        name = match[1].lower()
        text = match[2].replace('\\"', '"') if match[2] is not None else match[3]
        if name.endswith("*"):
            charset, _, rest = text.partition("'")
            encoded = rest.partition("'")[2]
            text, name = unquote(encoded, charset or "utf-8", "replace"), name[:-1]
        yield name, text.replace("%22", '"').replace("%0D%0A", "\r\n")
