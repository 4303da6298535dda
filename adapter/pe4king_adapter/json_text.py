"""Finds JSON in a model's answer: in fences, in prose, after thinking, several values in a row.

Nothing is repaired but commas before a closing bracket. Size, nesting and the number of
places that are tried are limited, so that no answer can keep us busy.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from pe4king_core.model.json import Json

SIZE_LIMIT = 400_000
"""Characters of an answer; one that is longer is none that we asked for."""
NESTING_LIMIT = 60
_TRIES = 40
_START = re.compile(r"[{\[]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|["{}\[\]]', re.DOTALL)
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"|,(?=\s*[}\]])', re.DOTALL)
_BEGINNING = re.compile(r'\{\s*"|\[\s*[{\["]')


@dataclass(frozen=True, slots=True)
class FoundJson:
    """The values in the order of the text; `truncated` where one began and never ended."""

    values: tuple[Json, ...]
    truncated: bool = False


def find_json(text: str) -> FoundJson:
    """All JSON objects and arrays in `text` that are not inside one another."""
    values: list[Json] = []
    truncated = False
    position = 0
    for _ in range(_TRIES):
        start = _START.search(text, position)
        if start is None:
            break
        end = _end(text, start.start())
        parsed = _parse(text[start.start() : end]) if end is not None else None
        if end is not None and parsed is not None:
            values.append(parsed)
            position = end
            continue
        truncated = truncated or (end is None and _begins(text, start.start()))
        position = start.end()
    return FoundJson(tuple(values), truncated)


def _begins(text: str, start: int) -> bool:
    return _BEGINNING.match(text, start) is not None


def _end(text: str, start: int) -> int | None:
    """The offset behind the value that begins at `start`, or None where it never ends."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in ("{", "["):
            depth += 1
        elif token[0] in ("}", "]"):
            depth -= 1
            if depth == 0:
                return token.end()
        elif token[0] == '"':
            return None
        if depth > NESTING_LIMIT:
            return None
    return None


def _parse(text: str) -> Json:
    for candidate in (text, _TRAILING_COMMA.sub(_keep_strings, text)):
        try:
            value: Json = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _keep_strings(match: re.Match[str]) -> str:
    return "" if match[0] == "," else match[0]
