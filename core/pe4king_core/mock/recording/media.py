"""Media types as far as a recording tells them apart."""

from __future__ import annotations

import codecs
import re

from pe4king_core.mock.recording.words import words

_CHARSET = re.compile(r'(?i);\s*charset\s*=\s*"?([\w.:-]{1,40})')
_TEXTS = words(
    "application/xml application/x-www-form-urlencoded application/javascript application/graphql"
    " application/yaml application/x-yaml application/x-ndjson application/jsonl"
    " application/json-seq application/sql application/toml"
)


def plain_type(content_type: str) -> str:
    """The media type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Whether bodies of the media type `name` are one JSON value."""
    return name in ("application/json", "text/json") or name.endswith("+json")


def is_text(name: str) -> bool:
    """Whether bodies of the media type `name` are texts."""
    return name.startswith("text/") or name in _TEXTS or is_json(name) or name.endswith("+xml")


def charset_of(content_type: str) -> str:
    """The charset that is told; UTF-8 where there is none, or none of that name."""
    match = _CHARSET.search(content_type)
    try:
        return codecs.lookup(match[1]).name if match else "utf-8"
    except LookupError:
        return "utf-8"
