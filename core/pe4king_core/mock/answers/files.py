"""The smallest files of well-known types, so that what opens them can."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping

from pe4king_core.generation.requests.forms import file_text

_PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_ZIP = b"PK\x05\x06" + bytes(18)
_GZIP = b64decode("H4sIAAAAAAACAytOzC3ISQUAv5vpIgYAAAA=")
_WAV = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00" + (
    b"\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"
)
_FILES: Mapping[str, bytes] = {
    "image/png": _PNG,
    "image/gif": _GIF,
    "application/pdf": _PDF,
    "application/zip": _ZIP,
    "application/gzip": _GZIP,
    "application/x-gzip": _GZIP,
    "audio/wav": _WAV,
    "audio/x-wav": _WAV,
}


def file_bytes(media_type: str) -> bytes:
    """A small content for a file of this type."""
    base = media_type.split(";", 1)[0].strip().lower()
    return _FILES.get(base) or file_text(base).encode()
