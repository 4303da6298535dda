"""Content types of requests, and the documented media type that a body is sent in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pe4king_core.model.parts import MediaType

_PARAMETER = re.compile(r';\s*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))')
_TEXT_CODECS = ("utf", "iso8859", "cp125", "koi8", "gb", "big5", "shift", "euc", "mac")
_PLAIN_CODECS = frozenset({"ascii"})


@dataclass(frozen=True, slots=True)
class ContentType:
    """A media type as it was sent: `base` in lower case, parameters by their names."""

    base: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def charset(self) -> str | None:
        """The codec of a text, UTF-8 where none is named; None for one that is not known."""
        named = self.parameters.get("charset", "utf-8").strip().strip("'")
        try:
            found = codecs.lookup(named).name
        except (LookupError, ValueError):
            return None
        known = found in _PLAIN_CODECS or found.startswith(_TEXT_CODECS)
        return found if known else None


def content_type_of(header: str) -> ContentType:
    """The media type that a Content-Type header states (RFC 9110 section 8.3)."""
    base = header.partition(";")[0].strip().lower()
    found = {
        match[1].lower(): _unescaped(match[2]) if match[2] is not None else match[3]
        for match in _PARAMETER.finditer(header)
    }
    return ContentType(base, found)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def documented(sent: ContentType, content: Mapping[str, MediaType]) -> MediaType | None:
    """The most exact of the documented media types that `sent` is one of; None: it is none."""
    best: tuple[int, MediaType] | None = None
    for name, media in content.items():
        exactness = _exactness(content_type_of(name), sent)
        if exactness and (best is None or exactness > best[0]):
            best = (exactness, media)
    return best[1] if best is not None else None


def _exactness(stated: ContentType, sent: ContentType) -> int:
    """How exactly `stated` covers `sent`; 0: not at all."""
    kind, _, rest = stated.base.partition("/")
    if stated.base in ("*/*", "*"):
        return 1
    if rest.startswith("*"):
        return 2 if sent.base.startswith(f"{kind}/") and sent.base.endswith(rest[1:]) else 0
    if stated.base != sent.base:
        return 0
    sent_parameters = sent.parameters.items()
    return 4 if stated.parameters and stated.parameters.items() <= sent_parameters else 3
