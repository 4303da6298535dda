"""Cuts the text of a document into units: what is read by itself.

A unit is a path item, a component, a webhook, or any other top-level value. YAML is cut by the
layout of its lines, JSON by the standard library's decoder, which gives the values as well.
A text that cannot be cut without doubt gives None and is read whole.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from pe4king_core.model.text import Span
from pe4king_core.openapi.layout import keys
from pe4king_core.openapi.parsing.reading import has_half_escape
from pe4king_core.openapi.raw import Raw

Notation = Literal["yaml", "json"]
Path = tuple[str, ...]

_SECTIONS = frozenset(
    {"paths", "webhooks", "definitions", "parameters", "responses", "securityDefinitions"}
)
_HEAD = re.compile(r"[ \t]*(?:#[^\n]*|\r)?\n")
_FIRST_LINE = re.compile(r"\ufeff?(?:[ \t\r]*(?:#[^\n]*)?\n)*+( *)(?=[^ \t\r\n#{\[\-])")
_KEY = re.compile(
    r"""("(?:[^"\\\n]|\\.)*+"|'(?:[^'\n]|'')*+'
        |(?!:[ \t])[^\s#'"{}\[\],&*!|>%@`?](?:(?!\s\#)[^\n]){0,1024}?)
    [ \t]*:(?=[ \t\r\n]|\Z)""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\r\n]*")
_INDENT = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*+( *)(?=[^ \t\r\n#])")
_DEEPEST = 40
_USUAL_INDENT = 4
_MAX_UNITS = 500_000


class Piece(NamedTuple):
    """One unit of a text: where it, its key and its value stand (offsets)."""

    path: Path
    start: int
    end: int
    key: int
    key_end: int
    value: int
    value_end: int
    data: tuple[Raw] | None = None
    """The value in a tuple of one where it is known already."""
    torn: int | None = None
    """The start of a line that stands further left than its key: it is no block of its own."""


@dataclass(frozen=True, slots=True)
class Head:
    """The key of a section, and where its value starts."""

    path: Path
    key: Span
    value: int


class NotCutError(ValueError):
    """The text cannot be cut into units without doubt."""


@dataclass(slots=True)
class _BlockKey:
    """A key line: where the line, the key and its value start."""

    name: str
    line: int
    start: int
    length: int
    end: int
    torn: int | None = None


class Splitter:
    """Cuts one text. `decode` turns a part of it into characters.

    The text may be UTF-8 shown as Latin-1, which takes a quarter of the memory: what decides the
    structure is ASCII. Offsets then count bytes.
    """

    def __init__(self, text: str, decode: Callable[[str], str] | None = None) -> None:
        self._text = text
        self._decode = decode
        self._json = json.JSONDecoder().raw_decode
        self._end = 0
        self._usual: list[tuple[int, int]] = []
        self.heads: list[Head] = []

    def pieces(self) -> Iterator[Piece]:
        """The units of a whole document in its order. Raises NotCutError, early or late."""
        if notation_of(self._text) == "json":
            return self._json_document()
        if "\r" in self._text and "\n" not in self._text:
            raise NotCutError
        return iter(self._block(keys.root(self._text), ()))

    def part(self, section: Path, notation: Notation) -> list[Piece] | None:
        """The units of a part of `section`: some members with what stands between them.

        One broken JSON member is one unit all the same: where it ends is known to the caller.
        """
        text = self._text
        try:
            if notation == "yaml":
                indent = _INDENT.match(text)
                if indent is None or (indent[1] and _outer(len(indent[1])).search(text)):
                    return None
                return self._block(Span(0, len(text)), section)
            if has_half_escape(text):
                return None
            return list(self._json_members(_skip(text, 0), section, ""))
        except NotCutError:
            return _broken_member(text, section) if notation == "json" else None

    def members(self, value: Span) -> list[Piece] | None:
        """The members of the block mapping at `value`, none of them a section; else None."""
        head = _HEAD.match(self._text, value.start, value.end)
        try:
            return None if head is None else self._block(Span(head.end(), value.end), ("", "", ""))
        except NotCutError:
            return None

    def _name(self, written: str) -> str:
        return keys.unquoted(written if self._decode is None else self._decode(written))

    def _block(self, value: Span, path: Path) -> list[Piece]:
        """The units of the block mapping that fills whole lines at `value`."""
        first = _FIRST_LINE.match(self._text, value.start, value.end)
        if first is None or len(first[1]) > _DEEPEST:
            raise NotCutError
        pieces: list[Piece] = []
        names: set[str] = set()
        found = self._block_keys(Span(first.start(1), value.end), len(first[1]))
        ends = [*(key.line for key in found[1:]), value.end][: len(found)]
        for key, end in zip(found, ends, strict=True):
            inner = (*path, key.name)
            if key.name in names and is_section(inner):
                raise NotCutError
            names.add(key.name)
            below = self._members(Span(key.end, end), inner) if is_section(inner) else None
            if below is None:
                key_end = key.start + key.length
                pieces.append(
                    Piece(inner, key.line, end, key.start, key_end, key.end, end, torn=key.torn)
                )
            else:
                stands = Span(key.start, key.start + key.length)
                self.heads.append(Head(inner, stands, key.end))
                pieces += below
            if len(pieces) > _MAX_UNITS:
                raise NotCutError
        if not pieces:
            raise NotCutError
        return pieces

    def _members(self, value: Span, path: Path) -> list[Piece] | None:
        """The units of a section; None where it is not a mapping in block style."""
        head = _HEAD.match(self._text, value.start, value.end)
        count = len(self.heads)
        try:
            return None if head is None else self._block(Span(head.end(), value.end), path)
        except NotCutError:
            del self.heads[count:]
            return None

    def _block_keys(self, lines: Span, indent: int) -> list[_BlockKey]:
        """The keys at `indent`, the first at the start of `lines`."""
        text = self._text
        found: list[_BlockKey] = []
        for line, start in self._lines(lines, indent):
            if start - line == indent:
                if text.startswith(("- ", "-\n", "-\r"), start):
                    continue
                key = _KEY.match(text, start, lines.end)
                if key is not None:
                    name = self._name(key[1])
                    found.append(_BlockKey(name, line, start, len(key[1]), key.end()))
                    continue
            if not found:
                return []
            found[-1].torn = found[-1].torn or line
        return found

    def _lines(self, lines: Span, indent: int) -> Iterator[tuple[int, int]]:
        """Start and first character of lines indented by at most `indent`, the first included.

        The lines of the usual indents are found once for the whole text.
        """
        if indent > _USUAL_INDENT:
            yield lines.start, lines.start + indent
            further = _lines_up_to(indent).finditer(self._text, lines.start, lines.end)
            yield from (line.span(1) for line in further)
            return
        if not self._usual:
            found = _lines_up_to(_USUAL_INDENT).finditer(self._text)
            self._usual = [line.span(1) for line in found]
        yield lines.start, lines.start + indent
        number = bisect_right(self._usual, (lines.start, lines.end))
        while number < len(self._usual) and self._usual[number][0] < lines.end:
            line = self._usual[number]
            number += 1
            if line[1] - line[0] <= indent:
                yield line

    def _json_document(self) -> Iterator[Piece]:
        text = self._text
        if has_half_escape(text):
            raise NotCutError
        start = _skip(text, 1 if text.startswith("\ufeff") else 0)
        yield from self._json_members(_skip(text, start + 1), (), "}")
        # The walk leaves its end behind, because a generator cannot be asked twice.
        if _skip(text, self._end + 1) != len(text):
            raise NotCutError

    def _json_members(self, position: int, path: Path, closing: str) -> Iterator[Piece]:
        """The members from `position` to `closing`, to the end of the text where it is empty.

        As strict as `json.loads`. Afterwards `_end` is the place of `closing`.
        """
        text, names, count = self._text, set[str](), 0
        try:
            while position < len(text) or closing or not count:
                _, key_end = self._json(text, position)
                colon = _skip(text, key_end)
                if text[position] != '"' or text[colon] != ":":
                    raise NotCutError
                inner = (*path, self._name(text[position:key_end]))
                if inner[-1] in names and is_section(inner):
                    raise NotCutError
                names.add(inner[-1])
                count += 1
                yield from self._json_value(inner, Span(position, key_end), _skip(text, colon + 1))
                position = _skip(text, self._end)
                if position >= len(text) and not closing:
                    break
                if text[position] != ",":
                    if text[position] != closing:
                        raise NotCutError
                    break
                position = _skip(text, position + 1)
        except (ValueError, IndexError, RecursionError) as error:
            raise NotCutError from error
        self._end = position

    def _json_value(self, path: Path, key: Span, start: int) -> Iterator[Piece]:
        """The value at `start`: one unit, or those of a section. Afterwards `_end` is its end."""
        text = self._text
        if is_section(path) and text[start] == "{":
            first = _skip(text, start + 1)
            if text[first] != "}":
                self.heads.append(Head(path, key, start))
                yield from self._json_members(first, path, "}")
                self._end += 1
                return
        data, end = self._json(text, start)
        known = (data,)
        if self._decode is not None and not text[start:end].isascii():
            known = (json.loads(self._decode(text[start:end])),)
        yield Piece(path, key.start, end, key.start, key.end, start, end, data=known)
        self._end = end


def is_section(path: Path) -> bool:
    """Whether the members of the value at `path` are units of their own."""
    if len(path) == 1:
        return path[0] in _SECTIONS or path[0] == "components"
    return len(path) == 2 and path[0] == "components"


def notation_of(text: str) -> Notation:
    """JSON where the text starts with a bracket, however its file is called."""
    start = _skip(text, 1 if text.startswith("\ufeff") else 0)
    return "json" if text.startswith(("{", "//", "/*"), start) else "yaml"


@lru_cache(maxsize=64)
def _outer(indent: int) -> re.Pattern[str]:
    """A line left of `indent` that may be a key, or the end of the document.

    Other words there break only the unit in which they stand.
    """
    return re.compile(
        rf"^ {{0,{indent - 1}}}(?:---|\.\.\.|[-?%&!*{{}}\[\]\"']|[^ \r\n#][^\n]*?:(?:[ \t\r]|$))",
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
            places = (key.span.start, key.span.end, key.value.start, key.value.end)
            found.append(Piece(path, key.region.start, key.value.end, *places))
    return found


def _broken_member(text: str, section: Path) -> list[Piece] | None:
    try:
        name, end = json.JSONDecoder().raw_decode(text, _skip(text, 0))
        colon = _skip(text, end)
        if not isinstance(name, str) or text[colon] != ":":
            return None
    except (ValueError, IndexError):
        return None
    length = len(text)
    return [Piece((*section, name), 0, length, _skip(text, 0), end, colon + 1, length)]


@lru_cache(maxsize=64)
def _lines_up_to(indent: int) -> re.Pattern[str]:
    """Lines indented by at most `indent` that are neither blank nor comments."""
    return re.compile(rf"\n( {{0,{indent}}}+)(?=[^ \t\r\n#])")


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
