"""Bodies as the values that mutants change, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.mock.exchange import Answer, HeaderList
from pe4king_core.model.json import Json
from pe4king_core.model.parts import MediaKind, media_kind

_SEPARATOR = {"application/json-seq": b"\x1e", "application/geo+json-seq": b"\x1e"}


@dataclass(frozen=True, slots=True)
class Body:
    """What a body says; a JSON sequence is the array of its items."""

    value: Json
    kind: MediaKind
    separator: bytes = b""

    def bytes(self, value: Json) -> bytes | None:
        """`value` written in the same way; None where that cannot be."""
        try:
            if self.kind is MediaKind.TEXT:
                return value.encode() if isinstance(value, str) else _json(value)
            if self.kind is MediaKind.JSON:
                return _json(value)
            if not isinstance(value, Sequence) or isinstance(value, str):
                return None
            return b"".join(self.separator + _json(each) + b"\n" for each in value)
        except (ValueError, RecursionError):
            return None  # half of a surrogate pair, or nested too deeply


def body_of(answer: Answer) -> Body | None:
    """The value of an answer's body; None where it is not read."""
    name = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    kind = media_kind(name)
    try:
        if kind is MediaKind.JSON:
            return Body(json.loads(answer.body), kind)
        if kind is MediaKind.JSON_SEQUENCE:
            separator = _SEPARATOR.get(name, b"")
            lines = answer.body.replace(b"\x1e", b"").split(b"\n")
            return Body([json.loads(line) for line in lines if line.strip()], kind, separator)
        if kind is MediaKind.TEXT:
            return Body(answer.body.decode(), kind)
    except (ValueError, RecursionError):
        return None
    return None


def with_body(answer: Answer, body: bytes) -> Answer:
    """The answer with another body."""
    return Answer(answer.status, without(answer.headers, "content-length"), body)


def without(headers: HeaderList, name: str) -> HeaderList:
    """The headers but those called `name`."""
    return tuple((known, value) for known, value in headers if known.lower() != name)


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
