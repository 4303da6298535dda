"""Whether a text is an OpenAPI document, without reading it."""

from __future__ import annotations

import re
from itertools import islice

_BLOCK = re.compile(
    r"""^(?:\ufeff)?["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*["']?\d""", re.MULTILINE
)
_JSON = re.compile(r'"(?:openapi|swagger)"\s*:\s*"\d')
_FLOW = re.compile(r"""["']?\b(?:openapi|swagger)["']?\s*:\s*["']?\d""")
_FIRST_KEY = re.compile(r'\{\s*?\n([ \t]*)"')
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]')
_FIRST_PART = 65_536
_CANDIDATES = 20
_COMPANIONS = ('"paths"', '"webhooks"', '"components"', '"definitions"')


def is_openapi(text: str) -> bool:
    """Whether `text` looks like an OpenAPI or Swagger document.

    It has an `openapi` or `swagger` key with a version at its top level, wherever that stands.
    """
    start = text[:_FIRST_PART].lstrip("\ufeff \t\r\n")
    if not start.startswith("{"):
        return _BLOCK.search(text) is not None
    if "openapi" not in text and "swagger" not in text:
        return False
    head = text[:_FIRST_PART]
    candidates = islice(_FLOW.finditer(head), _CANDIDATES)
    if any(_depth(head, found.start()) == 1 for found in candidates):
        return True
    return _in_the_middle(text)


def _depth(text: str, end: int) -> int:
    depth = 0
    for token in _BRACKETS.finditer(text, 0, end):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
    return depth


def _in_the_middle(text: str) -> bool:
    """JSON whose version stands late: by its indentation, or by its companions in one line."""
    first = _FIRST_KEY.match(text.lstrip("\ufeff \t\r\n"))
    for found in islice(_JSON.finditer(text, _FIRST_PART), _CANDIDATES):
        line = text.rfind("\n", max(found.start() - 200, 0), found.start()) + 1
        if first and text[line : found.start()] == first[1]:
            return True
        if not first and any(name in text for name in _COMPANIONS):
            return True
    return False
