"""Bodies without the compression they travelled in (RFC 9110 section 8.4)."""

from __future__ import annotations

import zlib

READABLE = ("gzip", "x-gzip", "deflate", "identity")
"""The codings that are understood here."""

_GZIP, _ZLIB, _RAW = 31, 15, -15


def decoded(content: bytes, encoding: str, most: int) -> tuple[bytes, bool] | None:
    """The first `most` bytes of a body and whether that is all; None where it cannot be read."""
    codings = [each.strip().lower() for each in encoding.split(",") if each.strip()]
    complete = True
    for coding in reversed(codings):
        if coding == "identity":
            continue
        if coding not in READABLE:
            return None
        found = _inflated(content, coding, most)
        if found is None:
            return None
        content, complete = found
    return content[:most], complete and len(content) <= most


def readable_encodings(accepted: str) -> str:
    """Those codings of an `Accept-Encoding` that are understood here."""
    kept = [
        each.strip()
        for each in accepted.split(",")
        if each.partition(";")[0].strip().lower() in READABLE
    ]
    return ", ".join(kept) or "identity"


def _inflated(content: bytes, coding: str, most: int) -> tuple[bytes, bool] | None:
    kinds = (_GZIP,) if coding != "deflate" else (_ZLIB, _RAW)  # some servers leave zlib's head out
    for kind in kinds:
        machine = zlib.decompressobj(kind)
        try:
            found = machine.decompress(content, most + 1)
        except zlib.error:
            continue
        return found, machine.eof and len(found) <= most
    return None
