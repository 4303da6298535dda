"""Cuts the text of a document into units: what is read by itself.

A unit is a path item, a component, a webhook, or any other top-level value. YAML is cut by the
layout of its lines, JSON by the standard library's decoder, which gives the values as well.
A text that cannot be cut without doubt gives None and is read whole.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pe4king_core.model.text import Span
from pe4king_core.openapi import keys
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.reading import has_half_escape

Notation = Literal["yaml", "json"]
Path = tuple[str, ...]

_SECTIONS = frozenset(
    {"paths", "webhooks", "definitions", "parameters", "responses", "securityDefinitions"}
)
_HEAD = re.compile(r"[ \t]*(?:#[^\n]*|\r)?\n")
_FIRST_LINE = re.compile(r"\ufeff?(?:[ \t\r]*(?:#[^\n]*)?\n)*+( *)(?=[^ \t\r\n#{\[\-])")
_KEY = re.compile(
    r"""("(?:[^"\\\n]|\\.)*+"|'(?:[^'\n]|'')*+'|[^\s#'"{}\[\],&*!|>%@`?][^\n]{0,1024}?)
    [ \t]*:(?=[ \t\r\n]|\Z)""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\r\n]*")
_INDENT = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*+( *)(?=[^ \t\r\n#])")
_DEEPEST = 40
_MAX_UNITS = 500_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of a text: where it stands in it (offsets), and its value where that is known."""

    path: Path
    span: Span
    key: Span
    value: Span
    known: bool = False
    data: Raw = None
    torn: int | None = None
    """The start of a line that stands further left than its key: it is no block of its own."""


@dataclass(frozen=True, slots=True)
class Head:
    """The key of a section, and where its value starts."""

    path: Path
    key: Span
    value: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut into units, in its order."""

    pieces: list[Piece]
    heads: list[Head]


def is_section(path: Path) -> bool:
    """Whether the members of the value at `path` are units of their own."""
    if len(path) == 1:
        return path[0] in _SECTIONS or path[0] == "components"
    return len(path) == 2 and path[0] == "components"


def notation_of(text: str) -> Notation:
    """JSON where the text starts with a bracket, however its file is called."""
    start = _SPACE.match(text, 1 if text.startswith("\ufeff") else 0)
    return "json" if start is not None and text[start.end() : start.end() + 1] == "{" else "yaml"


def split(text: str) -> Cut | None:
    """The units of a whole document."""
    if notation_of(text) == "json":
        return None if has_half_escape(text) else _split_json(text)
    if "\r" in text and "\n" not in text:
        return None
    return _split_block(text, keys.root(text), ())


def split_part(text: str, section: Path, notation: Notation) -> list[Piece] | None:
    """The units of a part of `section`: some of its members with what stands between them.

    One broken JSON member is one unit all the same: where it ends is known to the caller.
    """
    if notation == "yaml":
        indent = _INDENT.match(text)
        if indent is None or (indent[1] and _outer(len(indent[1])).search(text)):
            return None
        cut = _split_block(text, Span(0, len(text)), section)
        return cut.pieces if cut is not None else None
    if has_half_escape(text):
        return None
    walk = _JsonWalk(text)
    try:
        end = walk.members(_skip(text, 0), section, "")
    except (ValueError, IndexError, RecursionError):
        return _broken_member(text, section)
    return walk.cut.pieces if _skip(text, end) == len(text) else None


@lru_cache(maxsize=64)
def _outer(indent: int) -> re.Pattern[str]:
    """A line left of `indent` that may be a key, or the end of the document.

    Other words there break only the unit in which they stand.
    """
    return re.compile(
        rf"^ {{0,{indent - 1}}}(?:---|\.\.\.|[-?%&!*{{}}\[\]\"']|[^ \r\n#][^\n]*?:(?:[ \r]|$))",
        re.M,
    )


def split_by_layout(text: str) -> list[Piece]:
    """The units of a document that is broken, as far as its layout shows them."""
    found: list[Piece] = []
    waiting: list[tuple[Path, keys.Key]] = [
        ((), key) for key in reversed(list(keys.members_of_root(text)))
    ]
    while waiting and len(found) < _MAX_UNITS:
        above, key = waiting.pop()
        path = (*above, key.name)
        inner = list(keys.children(text, key.value)) if is_section(path) else []
        if inner:
            waiting += [(path, member) for member in reversed(inner)]
        else:
            found.append(Piece(path, Span(key.region.start, key.value.end), key.span, key.value))
    return found


def _broken_member(text: str, section: Path) -> list[Piece] | None:
    try:
        name, end = json.JSONDecoder().raw_decode(text, _skip(text, 0))
        colon = _skip(text, end)
        if not isinstance(name, str) or text[colon] != ":":
            return None
    except (ValueError, IndexError):
        return None
    key = Span(_skip(text, 0), end)
    return [Piece((*section, name), Span(0, len(text)), key, Span(colon + 1, len(text)))]


def _split_block(text: str, value: Span, path: Path) -> Cut | None:
    """The units of the block mapping that fills whole lines at `value`."""
    first = _FIRST_LINE.match(text, value.start, value.end)
    if first is None or len(first[1]) > _DEEPEST:
        return None
    cut = Cut([], [])
    names: set[str] = set()
    found = _block_keys(text, Span(first.start(1), value.end), len(first[1]))
    ends = [*(key.line for key in found[1:]), value.end][: len(found)]
    for key, end in zip(found, ends, strict=True):
        inner = (*path, key.name)
        if key.name in names and is_section(inner):
            return None
        names.add(key.name)
        stands = Span(key.start, key.start + key.length)
        below = _members(text, Span(key.end, end), inner) if is_section(inner) else None
        if below is None:
            whole = Span(key.line, end)
            cut.pieces.append(Piece(inner, whole, stands, Span(key.end, end), torn=key.torn))
        else:
            cut.pieces.extend(below.pieces)
            cut.heads.extend((Head(inner, stands, key.end), *below.heads))
        if len(cut.pieces) > _MAX_UNITS:
            return None
    return cut if cut.pieces else None


@dataclass(slots=True)
class _BlockKey:
    """A key line: where the line, the key and its value start."""

    name: str
    line: int
    start: int
    length: int
    end: int
    torn: int | None = None


def _block_keys(text: str, lines: Span, indent: int) -> list[_BlockKey]:
    """The keys at `indent`, the first at the start of `lines`."""
    found: list[_BlockKey] = []
    starts = [Span(lines.start, lines.start + indent)]
    further = _lines_up_to(indent).finditer(text, lines.start, lines.end)
    starts += (Span(*line.span(1)) for line in further)
    for line in starts:
        start = line.end
        if start - line.start == indent:
            if text.startswith(("- ", "-\n", "-\r"), start):
                continue
            key = _KEY.match(text, start, lines.end)
            if key is not None:
                name = keys.unquoted(key[1])
                found.append(_BlockKey(name, line.start, start, len(key[1]), key.end()))
                continue
        if not found:
            return []
        found[-1].torn = found[-1].torn or line.start
    return found


@lru_cache(maxsize=64)
def _lines_up_to(indent: int) -> re.Pattern[str]:
    """Lines indented by at most `indent` that are neither blank nor comments."""
    return re.compile(rf"\n( {{0,{indent}}}+)(?=[^ \t\r\n#])")


def _members(text: str, value: Span, path: Path) -> Cut | None:
    """The units of a section; None where it is not a mapping in block style."""
    head = _HEAD.match(text, value.start, value.end)
    return None if head is None else _split_block(text, Span(head.end(), value.end), path)


def _split_json(text: str) -> Cut | None:
    walk = _JsonWalk(text)
    start = _skip(text, 1 if text.startswith("\ufeff") else 0)
    try:
        end = walk.members(_skip(text, start + 1), (), "}")
    except (ValueError, IndexError, RecursionError):
        return None
    sound = text[end] == "}" and _skip(text, end + 1) == len(text)
    return walk.cut if sound and walk.cut.pieces else None


class _JsonWalk:
    """Collects the units of JSON as strictly as `json.loads` reads it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decode = json.JSONDecoder().raw_decode
        self.cut = Cut([], [])

    def members(self, position: int, path: Path, closing: str) -> int:
        """Reads members from `position` to `closing` (to the end of the text where it is empty);
        returns where that stands. Raises ValueError or IndexError where this is no JSON."""
        text = self._text
        names: set[str] = set()
        while True:
            name, key_end = self._decode(text, position)
            colon = _skip(text, key_end)
            if not isinstance(name, str) or text[colon] != ":":
                raise ValueError("no member")
            value = _skip(text, colon + 1)
            inner = (*path, name)
            if name in names and is_section(inner):
                raise ValueError("a section twice")
            names.add(name)
            end = self._value(inner, Span(position, key_end), value)
            position = _skip(text, end)
            if position >= len(text) and not closing:
                return position
            if text[position] != ",":
                if text[position] != closing:
                    raise ValueError("no end")
                return position
            position = _skip(text, position + 1)
            if position >= len(text) and not closing:
                return position

    def _value(self, path: Path, key: Span, start: int) -> int:
        text = self._text
        if is_section(path) and text[start] == "{":
            first = _skip(text, start + 1)
            if text[first] != "}":
                self.cut.heads.append(Head(path, key, start))
                return self.members(first, path, "}") + 1
        data, end = self._decode(text, start)
        span = Span(key.start, end)
        self.cut.pieces.append(Piece(path, span, key, Span(start, end), known=True, data=data))
        if len(self.cut.pieces) > _MAX_UNITS:
            raise ValueError("too many")
        return end


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
