"""Whether what is broken in a unit could be sound in the whole text.

A quote or a bracket that is not closed goes on in the units that follow, and an alias names what
stands in another one. Every other fault stays a fault, whatever the rest of the text says. Wrong
answers are on one side only: "perhaps" costs the reading of the whole text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from pe4king_core.model.text import Span
from pe4king_core.openapi.layout import flows
from pe4king_core.openapi.layout.marks import skip_space
from pe4king_core.openapi.units.splitting import Notation

_ALIAS = re.compile(
    r"(?:^[ \t]*|[:\-?,\[{][ \t]+|[\[{,])\*[^\s\[\]{},*]+[ \t]*(?=[\r\n,\]}:#]|\Z)", re.MULTILINE
)
"""An alias where a value or a key may stand; words of prose between asterisks are none."""

_TAG = re.compile(r"(?<![^\s\[{,:])![^\s\[\]{},]")
_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)

_LINE_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029\ufeff]")
"""What is the end of a line, or nothing, to some parsers, but not where a text is cut."""

_OPENING = re.compile(r"(?<![^\s\[{,:])[\"'\[{]")
_QUOTED = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL),
    "'": re.compile(r"'(?:[^']|'')*+'"),
}
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|[\"{}\[\]]", re.DOTALL)
_AFTER = re.compile(r"[ \t]*(?:[\r\n,:\]}]|\Z)|[ \t]+#")
_UNKNOWN_KEY = re.compile(r"[?&!*:\"'{\[]|[^\n]*:(?:[ \t\r]|$)")
"""What may be a key of YAML that is not known by its layout."""

_LEFT = re.compile(r"^ *(?=[^ \t\r\n#])", re.MULTILINE)
_BLANK = r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*+"
_PLAIN = r"[^\s#\"'\[{\-][^\n{}\[\]\"',]*"
_NESTED_BLOCKS = re.compile(
    rf"{_BLANK} *(?:{_PLAIN}|\"[^\"\n]*\"|'[^'\n]*'):[ \t]*(?:#[^\n]*)?\r?\n"
    rf"{_BLANK}[ \t]+{_PLAIN}:(?=\s)"
)
_DIRECTIVES = 65_536
_FURTHEST = 1_000_000


Broken = tuple[Span, int]
"""A broken unit: its place, and where its value starts."""


def may_be_sound(text: str, broken: Sequence[Broken], notation: Notation) -> bool:
    """Whether the broken units of `text` may be sound where the whole is read."""
    if notation == "json":
        return _json_goes_on(text, *broken[0]) and _is_balanced(text, broken)
    has_tags = _TAG_DIRECTIVE.search(text, 0, _DIRECTIVES) is not None
    return any(
        _ALIAS.search(text, unit.start, unit.end) is not None
        or (has_tags and _TAG.search(text, unit.start, unit.end) is not None)
        or _LINE_BREAK.search(text, unit.start, unit.end) is not None
        or _yaml_goes_on(text, unit)
        for unit, _ in broken
    )


def _is_balanced(text: str, broken: Sequence[Broken]) -> bool:
    """Whether the broken units have as many closing brackets as opening ones, or may have."""
    depth = 0
    for unit, _ in broken:
        for token in _TOKEN.finditer(text, unit.start, unit.end):
            if token[0] == '"':
                return _end(text, token.start(), unit.end) is not None
            depth += (token[0] in "{[") - (token[0] in "}]")
    return depth == 0


def _json_goes_on(text: str, unit: Span, value: int) -> bool:
    start = skip_space(text, value)
    for strict in (True, False):
        try:
            _, end = json.JSONDecoder(strict=strict).raw_decode(text, start)
        except RecursionError:
            return False
        except ValueError:
            continue
        # Strings with line breaks are read too, but only with the whole.
        if end == unit.end:
            return not strict
        # Closed brackets alone are too many, but with others a new layout may come about.
        return end > unit.end or any(text.find(mark, end, unit.end) >= 0 for mark in "{[")
    return False


def _yaml_goes_on(text: str, unit: Span) -> bool:
    if any(_UNKNOWN_KEY.match(line) for line in _outer_lines(text, unit, unit.start, unit.end)):
        return True
    position = unit.start
    while True:
        opening = _OPENING.search(text, position, unit.end)
        if opening is None:
            return False
        start = opening.start()
        line = text.find("\n", start, unit.end)
        line = unit.end if line < 0 else line
        end = _end(text, start, unit.end)
        if end is not None and end <= line:
            position = end
            continue
        # It reaches over a line end, if it opens anything at all: it may be a part of a text.
        if end is not None and _matters(text, unit, Span(start, end)):
            return True
        position = start + 1


def _end(text: str, start: int, unit_end: int) -> int | None:
    """Where what opens at `start` is closed; None where it cannot be in a sound text."""
    mark = text[start]
    if mark in _QUOTED:
        closed = _QUOTED[mark].match(text, start, start + _FURTHEST)
        if closed is None:
            return None if len(text) <= start + _FURTHEST else len(text)
        return closed.end() if _AFTER.match(text, closed.end()) else None
    end = flows.value_end(text, start, unit_end)
    if end < unit_end or text[end - 1 : end] in ("]", "}"):
        return end
    # Keys of block style, one in the other without a comma, are no members of a flow collection.
    return None if _NESTED_BLOCKS.match(text, unit_end) else len(text)


def _matters(text: str, unit: Span, inner: Span) -> bool:
    """Whether the layout by which the text was cut was not what the parser sees."""
    if inner.end > unit.end:
        return True
    return any(_outer_lines(text, unit, inner.start, inner.end))


def _outer_lines(text: str, unit: Span, start: int, end: int) -> Iterator[str]:
    """The lines after the one at `start` that are not deeper than the key of the unit."""
    first = _LEFT.search(text, unit.start, unit.end)
    indent = len(first[0]) if first else 0
    line = text.find("\n", start, end)
    for found in _LEFT.finditer(text, line + 1, end) if line >= 0 else ():
        if len(found[0]) <= indent:
            stop = text.find("\n", found.end(), unit.end)
            yield text[found.end() : unit.end if stop < 0 else stop]
