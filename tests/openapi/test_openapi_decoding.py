"""Bytes to text: what is no text says at which line."""

from __future__ import annotations

import pytest

from pe4king_core.openapi.parsing.decoding import decode
from pe4king_core.openapi.parsing.reading import UnreadableError, read

TEXT = '{"openapi": "3.1.0", "x": "я😀"}\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_unicode_is_recognised(encoding, mark):
    found = decode((mark + TEXT).encode(encoding))
    assert (found.text, found.encoding, found.marked) == (TEXT, encoding, bool(mark))
    assert read(found.text) == {"openapi": "3.1.0", "x": "я😀"}


@pytest.mark.parametrize("data", [b"", b"a", b"\xd1\x8f: 1", b"a\x00"])
def test_short_texts(data):
    assert len(decode(data).text) <= 4


@pytest.mark.parametrize(
    ("data", "line", "column", "byte"),
    [
        ("a: 1\nb: café\n".encode("cp1252"), 2, 7, "0xE9"),
        ("a: 1\r\n\r\nописание: привет".encode("cp1251"), 3, 1, "0xEE"),
        (b"a: \xed\xa0\x80", 1, 4, "0xED"),
        (b"a: \xc3", 1, 4, "0xC3"),
        (b"\xef\xbb\xbfa\rb\xff", 2, 2, "0xFF"),
        ("a: 1\nb".encode("utf-16") + b"\x00\xd8", 2, 2, "0x00"),
        (b"\xff\xfea", 1, 1, "0x61"),
        (b"\x89PNG\r\n\x1a\n", 1, 1, "0x89"),
    ],
)
def test_what_is_no_text_says_where(data, line, column, byte):
    with pytest.raises(UnreadableError) as caught:
        decode(data)
    error = caught.value
    assert error.code == "document-encoding"
    assert error.message.en.startswith(f"Line {line}, column {column}: byte {byte} ")
    assert error.message.ru.startswith(f"Строка {line}, столбец {column}: байт {byte} ")
    assert "UTF-8" in error.text("en")
    assert "UTF-8" in error.text("ru")
    offset = int(error.message.en.split("offset ")[1].split(")")[0])
    assert data[offset] == int(byte, 16)
