"""Whether a text is an OpenAPI document, without reading it.

Almost always the first lines tell. Only JSON in one line whose version stands late is parsed.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import islice

from pe4king_core.openapi.parsing.reading import DOCUMENT_END, OPENING

_VERSION = r"""[ \t]*:(?:[ \t]+[&!][^\s]*)*[ \t]*["']?\d"""
_KEY = re.compile(rf"""(["']?)(?:openapi|swagger)\1{_VERSION}""")
_FIRST_LINE = re.compile(r"(?m)^ *(?![ \t\r\n#]|---\s)")
_VALUE = re.compile(r"""\s{0,1000}:\s{0,1000}["']?\d""")
_JSON = re.compile(r'"(?:openapi|swagger)"\s{0,1000}:\s{0,1000}"\d')
_FIRST_KEY = re.compile(r'\s*+\{[ \t\r]*+\n\s{0,1000}?(?<=\n)(?P<indent>[ \t]*+)"')
_SPACE = re.compile(r"(?:\s++|#[^\r\n]*+)*+")
_TOKEN = re.compile(
    r""""(?P<double>(?:[^"\\]++|\\.)*+)"?|'(?P<single>openapi|swagger)'|[{}\[\]]
    |(?<=\s)\#[^\r\n]*+|(?<![\w.$/-])(?P<plain>openapi|swagger)(?![\w.$/-])""",
    re.VERBOSE | re.DOTALL,
)
_NAMES = frozenset({"openapi", "swagger"})
_HEAD = 65_536
_CANDIDATES = 20
_LONGEST_INDENT = 32
_COMPANIONS = ('"paths"', '"webhooks"', '"components"', '"definitions"')


def is_openapi(text: str) -> bool:
    """Whether `text` looks like an OpenAPI or Swagger document.

    The mapping at its top level, in the first document of the file, has an `openapi` or `swagger`
    key with a version, wherever that stands.
    """
    if "openapi" not in text and "swagger" not in text:
        return False
    if "\r" in text[:_HEAD] and "\n" not in text:
        text = text.replace("\r", "\n")
    text = text.removeprefix("\ufeff")
    opening = OPENING.match(text, 0, _HEAD)
    start = opening.end() if opening else 0
    space = _SPACE.match(text, start, start + _HEAD)
    first = space.end() if space else start
    if text[first : first + 1] != "{":
        return _in_block(text, start)
    found = _at_the_head(text, first)
    return _in_the_middle(text, first) if found is None else found


def _in_block(text: str, start: int) -> bool:
    """Whether a block mapping has the key: at the indentation of its first line."""
    first = _FIRST_LINE.search(text, start)
    if first is None:
        return False
    later = _later_key(min(len(first[0]), _LONGEST_INDENT))
    found = _KEY.match(text, first.end()) or later.search(text, first.end())
    return found is not None and DOCUMENT_END.search(text, start, found.start() + 1) is None


@lru_cache(maxsize=_LONGEST_INDENT + 1)
def _later_key(indent: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{{indent}}}{_KEY.pattern}")


def _at_the_head(text: str, start: int) -> bool | None:
    """Whether the flow mapping at `start` has the key; None where its first part does not tell."""
    depth = 0
    for token in _TOKEN.finditer(text, start, start + _HEAD):
        mark = token[0]
        if mark in ("{", "["):
            depth += 1
        elif mark in ("}", "]"):
            depth -= 1
            if depth == 0:
                return False
        elif depth == 1:
            name = token["double"] or token["single"] or token["plain"]
            if name in _NAMES and _VALUE.match(text, token.end()):
                return True
    return None if len(text) > start + _HEAD else False


def _in_the_middle(text: str, start: int) -> bool:
    """JSON whose version stands late: by its indentation, or by parsing it."""
    first = _FIRST_KEY.match(text, start)
    for found in islice(_JSON.finditer(text, start + _HEAD), _CANDIDATES):
        if first is None:
            return _at_the_root(text)
        line = text.rfind("\n", max(found.start() - 200, 0), found.start()) + 1
        if text[line : found.start()] == first["indent"]:
            return True
    return False


def _at_the_root(text: str) -> bool:
    try:
        # The outermost object comes last.
        return bool(json.loads(text, object_pairs_hook=_has_version))
    except (ValueError, RecursionError):
        return any(name in text for name in _COMPANIONS)


def _has_version(members: list[tuple[str, object]]) -> bool:
    return any(name in _NAMES and isinstance(value, str) for name, value in members)
