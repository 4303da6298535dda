"""Bodies without what is secret in them; of the same media type, and as valid as before."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from pe4king_core.mock.recording.jsons import read_json, written_json
from pe4king_core.mock.recording.masking.names import Names, Secrecy, is_count
from pe4king_core.mock.recording.masking.parts import masked_pairs
from pe4king_core.mock.recording.masking.shapes import is_card
from pe4king_core.mock.recording.masking.texts import Texts
from pe4king_core.mock.recording.media import charset_of, is_json, is_text, plain_type

_BOUNDARY = re.compile(r'(?i)\bboundary\s*=\s*"?([^";,]{1,200})')
_PART_NAME = re.compile(rb'(?i)[;\s]name\s*=\s*(?:"([^"]*)"|([^\s;]+))')
_PART_TYPE = re.compile(rb"(?im)^content-type\s*:\s*([^\r\n]+)")
_DEEPEST = 200


class Bodies:
    """Masks bodies by their media types."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    @property
    def _names(self) -> Names:
        return self._texts.names

    def masked(self, content: bytes, content_type: str) -> bytes:
        """`content` of the type `content_type` ("" where it is not told)."""
        if not content:
            return content
        name = plain_type(content_type)
        boundary = _BOUNDARY.search(content_type) if name.startswith("multipart/") else None
        if boundary is not None:
            return self._parts(content, boundary[1].strip().encode("latin-1", "replace"))
        charset = charset_of(content_type)
        try:
            text = content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            return self._bytes(content)
        if name and not is_text(name) and not text.isprintable():
            return self._bytes(content)
        return self._text(text, name).encode(charset, "replace")

    def _text(self, text: str, name: str) -> str:
        if is_json(name) or text.lstrip()[:1] in ("{", "["):
            found = read_json(text)
            if found is not None:
                masked = self._member("", found[0], inherited=False, depth=0)
                return text if masked == found[0] else written_json(masked)
        if name == "application/x-www-form-urlencoded":
            return masked_pairs(self._texts, text)
        if "json" in name and "\n" in text.strip():
            return "\n".join(self._text(line, "application/json") for line in text.split("\n"))
        return self._texts.masked(text)

    def _bytes(self, content: bytes) -> bytes:
        text = content.decode("latin-1")
        return self._texts.keys_only(text).encode("latin-1", "replace")

    def _parts(self, content: bytes, boundary: bytes) -> bytes:
        line = b"--" + boundary
        return line.join(self._part(part) for part in content.split(line))

    def _part(self, part: bytes) -> bytes:
        head, blank, body = part.partition(b"\r\n\r\n")
        if not blank:
            return part
        end = b"\r\n" if body.endswith(b"\r\n") else b""
        body = body[: len(body) - len(end)]
        found = _PART_NAME.search(head)
        name = (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""
        told = _PART_TYPE.search(head)
        kind = told[1].decode("latin-1") if told else ""
        head = self._bytes(head)
        secrecy = self._names.secrecy(name)
        if secrecy is Secrecy.KEPT:
            return part
        if secrecy is Secrecy.SECRET or (not told and secrecy is not Secrecy.NONE):
            masked = self._texts.named(name, body.decode("utf-8", "surrogateescape"))
            return head + blank + masked.encode("utf-8", "surrogateescape") + end
        return head + blank + self.masked(body, kind) + end

    def _member(self, name: str, value: Any, *, inherited: bool, depth: int) -> Any:
        """A value of JSON; `inherited`: something around it is called a secret."""
        secrecy = self._names.secrecy(name) if name else Secrecy.NONE
        if secrecy is Secrecy.KEPT:
            return value
        secret = inherited or secrecy is Secrecy.SECRET
        if depth > _DEEPEST:
            return None  # nobody looks so deep, and nothing that was not looked at is written
        if isinstance(value, dict):
            return {
                self._key(each): self._member(
                    self._called(name, each, secrecy), inner, inherited=secret, depth=depth + 1
                )
                for each, inner in value.items()
            }
        if isinstance(value, list):
            return [self._member(name, each, inherited=secret, depth=depth + 1) for each in value]
        if isinstance(value, str):
            return self._texts.secret(value) if secret else self._texts.named(name, value)
        return self._number(name, value, secret=secret, phone=secrecy is Secrecy.PHONE)

    def _called(self, around: str, name: str, secrecy: Secrecy) -> str:
        """`number` inside `card` is a card's number."""
        alone = secrecy is not Secrecy.PERHAPS or self._names.secrecy(name) is not Secrecy.NONE
        return name if alone else f"{around} {name}"

    def _key(self, name: str) -> str:
        """A name may be a value as well: an object by e-mail addresses."""
        return self._texts.masked(name) if "@" in name or len(name) > 16 else name

    def _number(self, name: str, value: Any, *, secret: bool, phone: bool) -> Any:
        if isinstance(value, bool) or value is None or not math.isfinite(value):
            return value
        digits = json.dumps(value)
        if (secret and not is_count(name)) or phone or is_card(digits):
            if is_card(digits):
                return int(self._texts.replacements.card(digits))
            return self._texts.replacements.number(value)
        known = self._texts.without_known(digits)
        return value if known == digits or not known.isdecimal() else int(known)
