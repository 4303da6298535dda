"""The recorded exchanges, and which protocol each speaks; needs nothing but Python itself."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("PE4KING_SHARED") or ROOT.parent / "shared")
RECORDED = SHARED / "wire" / "exchanges.jsonl.gz"
MISSING = (
    "the recorded exchanges (wire/exchanges.jsonl.gz) are not beside the checkout; "
    "set PE4KING_SHARED to the folder that holds them"
)

_PATHS = (
    ("gigachat", r"/api/v2/chat/completions$"),
    ("chat", r"/chat/completions$"),
    ("responses", r"/responses$"),
    ("anthropic", r"/messages$"),
    ("gemini", r":(stream)?generateContent$"),
    ("ollama", r"/api/chat$"),
    ("yandex", r"/foundationModels/v1/completion$"),
    ("models", r"/(models|tags)$"),
)
_HOSTS = {"gigachat": "gigachat"}
"""Protocols that share the end of their paths with others'."""


@dataclass(frozen=True)
class Exchange:
    """One answer as it came; `protocol` is "" where it is no text completion."""

    number: int
    protocol: str
    host: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    name: str

    @property
    def streamed(self) -> bool:
        """Whether the answer came in pieces."""
        content = self.headers.get("content-type", "")
        return "event-stream" in content or "ndjson" in content


def exchanges() -> list[Exchange]:
    """All of them, in the file's order."""
    return list(_read())


def _read() -> Iterator[Exchange]:
    with gzip.open(RECORDED, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            item = json.loads(line)
            headers = {name.lower(): str(v) for name, v in (item.get("headers") or {}).items()}
            yield Exchange(
                number,
                protocol_of(item["host"], item["path"]),
                item["host"],
                item["path"],
                item["status"],
                headers,
                _bytes(item["body"]),
                f"{item['file']} {item['host']}{item['path']}",
            )


def protocol_of(host: str, path: str) -> str:
    """The protocol that this place speaks."""
    for name, pattern in _PATHS:
        if _HOSTS.get(name, "") in host and re.search(pattern, path, re.IGNORECASE):
            return name
    return ""


def _bytes(body: Any) -> bytes:
    return (body if isinstance(body, str) else json.dumps(body)).encode()
