"""Bytes to text: UTF-8, and UTF-16 or UTF-32 as YAML 1.2 section 5.2 and RFC 4627 tell them.

Nothing is guessed beyond that: bytes that are no UTF-8 are reported with their line.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.parsing.reading import UnreadableError

TextEncoding = Literal["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]

# UTF-32 comes first: its little-endian mark starts with that of UTF-16.
_MARKS: tuple[tuple[bytes, TextEncoding], ...] = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8"),
)
_FIRST_ASCII: tuple[tuple[re.Pattern[bytes], TextEncoding], ...] = (
    (re.compile(rb"\0\0\0[^\0]", re.DOTALL), "utf-32-be"),
    (re.compile(rb"[^\0]\0\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\0[^\0]", re.DOTALL), "utf-16-be"),
    (re.compile(rb"[^\0]\0", re.DOTALL), "utf-16-le"),
)
_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` has no byte order mark; `marked` says whether the bytes had one."""

    text: str
    encoding: TextEncoding
    marked: bool


def decode(data: bytes) -> Decoded:
    """The text in `data`. Raises UnreadableError with the line of the first bad byte.

    Its `span` is in the text before that byte.
    """
    encoding, mark = _encoding_of(data)
    body = data[len(mark) :]
    try:
        return Decoded(body.decode(encoding), encoding, bool(mark))
    except UnicodeDecodeError as error:
        raise _undecodable(body, error, encoding, len(mark)) from error


def _encoding_of(data: bytes) -> tuple[TextEncoding, bytes]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, mark
    for pattern, encoding in _FIRST_ASCII:
        if pattern.match(data):
            return encoding, b""
    return "utf-8", b""


def _undecodable(
    body: bytes, error: UnicodeDecodeError, encoding: TextEncoding, skipped: int
) -> UnreadableError:
    before = body[: error.start].decode(encoding, "replace")
    lines = before.replace("\r\n", "\n").replace("\r", "\n")
    line = lines.count("\n") + 1
    column = len(lines) - (lines.rfind("\n") + 1) + 1
    name = _NAMES[encoding[:6].rstrip("-")]
    byte = f"0x{body[error.start]:02X}"
    offset = skipped + error.start
    return UnreadableError(
        Message(
            f"Line {line}, column {column}: byte {byte} (offset {offset}) is not {name} text.",
            f"Строка {line}, столбец {column}: байт {byte} (смещение {offset}) — не текст {name}.",
        ),
        code="document-encoding",
        span=Span(len(before), len(before)),
        next_step=Message(
            "Save the file as UTF-8, then try again.",
            "Сохраните файл в кодировке UTF-8 и повторите.",
        ),
    )
