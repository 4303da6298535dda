"""Members of YAML block collections, read by indentation; deeper lines are never looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from pe4king_core.model.text import Span
from pe4king_core.openapi.layout.marks import Key, entry_start, line_start, unquoted


class Kind(Enum):
    """What stands at a place."""

    EMPTY = auto()
    SCALAR = auto()
    BLOCK_SCALAR = auto()
    FLOW = auto()
    MAPPING = auto()
    SEQUENCE = auto()


@dataclass(frozen=True, slots=True)
class Node:
    """A value: `start` with its anchor and tag, `content` without."""

    kind: Kind
    start: int
    content: int


_KEY = re.compile(
    r"""(?:[&!]\S*[ \t]+)*
    (?P<key>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\n]|'')*+'
        |(?![-?:](?:[ \t\r\n]|\Z))[^\s#'"{}\[\],&*!|>%@`](?:[^\n\#]|(?<![ \t])\#){0,1024}?)
    [ \t]{0,64}:(?=[ \t\r\n]|\Z)""",
    re.VERBOSE,
)
_EXPLICIT = re.compile(
    r"""\?[ \t]+(?:[&!]\S*[ \t]+)*
    (?P<key>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'|[^\s#|>{\[](?:[^\r\n#]|(?<![ \t])\#)*+)?""",
    re.VERBOSE | re.DOTALL,
)
_EXPLICIT_START = re.compile(r"\?(?=[ \t\r\n]|\Z)")
_DASH = re.compile(r"-(?=[ \t\r\n]|\Z)")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|(?<![^ \t\r\n])#[^\n]*)*+")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'""", re.DOTALL)
_FIRST_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*+( *)(?=[^\s\-])")
_COMMENT = re.compile(r"(?<=[ \t\n])#")
_MAX_PROPERTIES = 8
_BACK = 200


@lru_cache(maxsize=64)
def _keys_at(indent: int) -> re.Pattern[str]:
    """Line starts indented by exactly `indent` that are neither comments nor list items."""
    document = "" if indent else r"|(?:---|\.\.\.)(?:\s|\Z)|%"
    return re.compile(rf"\n {{{indent}}}(?![ \t\r\n#\]}}]|[-:](?:[ \t\r\n]|\Z){document})")


@lru_cache(maxsize=64)
def _items_at(indent: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{{indent}}}(?=-(?:[ \t\r\n]|\Z))")


@lru_cache(maxsize=64)
def _values_at(indent: int) -> re.Pattern[str]:
    """Where the value of an explicit key begins."""
    return re.compile(rf"\n {{{indent}}}:(?=[ \t\r\n]|\Z)")


@lru_cache(maxsize=64)
def _left_between(outer: int, inner: int) -> re.Pattern[str]:
    """A line that says something right of `outer` and left of `inner`."""
    return re.compile(rf"\n {{{outer + 1},{inner - 1}}}(?=[^ \t\r\n#])")


@lru_cache(maxsize=64)
def _left_of(indent: int) -> re.Pattern[str]:
    """A line that says something further left than `indent`."""
    return re.compile(rf"\n(?! {{{indent}}}| *+\r?(?:\n|\Z))")


def node(text: str, value: Span) -> Node:
    """What stands first in `value`, the range after a colon or a dash, or of a document."""
    position = value.start
    compact = _may_begin_collection(text, position)
    start = -1
    for _ in range(_MAX_PROPERTIES):
        gap = _GAP.match(text, position, value.end)
        here = gap.end() if gap else position
        compact = compact or text.find("\n", position, here) >= 0
        if here >= value.end:
            break
        start = here if start < 0 else start
        kind = _kind(text, here, value.end, compact=compact)
        if kind is not None:
            return Node(kind, start, here)
        mark = _PROPERTY.match(text, here, value.end)
        position = mark.end() if mark else here + 1
        compact = False
    return Node(Kind.EMPTY, value.start if start < 0 else start, position)


def _kind(text: str, here: int, end: int, *, compact: bool) -> Kind | None:
    """The kind of what stands at `here`; None for an anchor or a tag."""
    mark = text[here]
    if mark in "{[":
        return Kind.FLOW
    if mark in "|>":
        return Kind.BLOCK_SCALAR
    if compact:
        if _DASH.match(text, here, end):
            return Kind.SEQUENCE
        if _EXPLICIT_START.match(text, here, end) or _KEY.match(text, here, end):
            return Kind.MAPPING
    return None if mark in "&!" else Kind.SCALAR


def _may_begin_collection(text: str, position: int) -> bool:
    """Whether a block collection may begin on the line of `position`."""
    before = text[max(position - _BACK, 0) : position]
    line = before[before.rfind("\n") + 1 :]
    content = line.strip("\ufeff \t\r")
    if line == "---":
        return False
    return not content or content[-1] in "-[,?" or content.rstrip("- ") == ":"


def mapping(text: str, content: int, end: int) -> Iterator[Key]:
    """The members of the block mapping whose first key is at `content`."""
    indent = content - line_start(text, content)
    for (start, span, name, after), following in pairwise(_keys(text, content, end, indent)):
        limit = following[0] if following[0] == end else following[0] - indent
        last = last_line_end(text, after, limit, indent)
        region = Span(entry_start(text, start), last)
        yield Key(name, span, Span(after, limit), region)


_Head: TypeAlias = tuple[int, Span, str, int]
"""Where a key's line says something; the key's span, name and end of its colon."""


def _keys(text: str, content: int, end: int, indent: int) -> Iterator[_Head]:
    """The keys at `indent` and a last one at `end`; what is no key or a stray one is left out."""
    starts = [content, *(m.end() for m in _keys_at(indent).finditer(text, content, end)), end]
    usual = 0
    for start, following in pairwise(starts):
        key = _key(text, start, following, indent)
        if key is None:
            continue
        inner = _inner_indent(text, Span(key[3], following), indent)
        if usual and inner > usual and _left_between(indent, inner).search(text, key[3], following):
            continue
        usual = inner or usual
        yield key
    yield end, Span(end, end), "", end


def _inner_indent(text: str, value: Span, indent: int) -> int:
    """The indentation of the first line below a key whose own line ends; 0 where there is none."""
    first = _FIRST_LINE.match(text, value.start, value.end)
    return len(first[1]) if first and len(first[1]) > indent else 0


def _key(text: str, start: int, end: int, indent: int) -> _Head | None:
    if not _EXPLICIT_START.match(text, start, end):
        match = _KEY.match(text, start, end)
        if match is None or "\n" in match["key"]:
            return None
        return start, Span(*match.span("key")), unquoted(match["key"]), match.end()
    match = _EXPLICIT.match(text, start, end)
    colon = _values_at(indent).search(text, start, end)
    if match is None or match["key"] is None:
        after = colon.end() if colon else end
        name = text[start + 1 : colon.start() if colon else end].strip()
        return start, Span(start, start + 1), name, after
    key = match["key"].rstrip()
    span = Span(match.start("key"), match.start("key") + len(key))
    return start, span, unquoted(key), colon.end() if colon else span.end


def sequence(text: str, content: int, end: int) -> Iterator[Key]:
    """The items of the block sequence whose first dash is at `content`."""
    indent = content - line_start(text, content)
    starts = [content, *(m.end() for m in _items_at(indent).finditer(text, content, end)), end]
    for number, (start, following) in enumerate(pairwise(starts)):
        limit = following if following == end else following - indent
        value = Span(start + 1, limit)
        region = Span(entry_start(text, start), last_line_end(text, start, limit, indent))
        yield Key(str(number), _item_span(text, start, value), value, region)


def _item_span(text: str, dash: int, value: Span) -> Span:
    first = node(text, value)
    if first.kind is Kind.EMPTY:
        return Span(dash, dash + 1)
    if first.kind is Kind.SCALAR:
        return Span(first.start, scalar_end(text, first, value.end))
    if first.kind is Kind.FLOW:
        return Span(first.content, first.content + 1)
    line = text.find("\n", first.start, value.end)
    content = text[first.start : line if line >= 0 else value.end].rstrip()
    return Span(first.start, first.start + len(content))


def scalar_end(text: str, scalar: Node, end: int) -> int:
    """The end of a scalar in a range that ends at `end`, without what follows it."""
    start = scalar.content
    if scalar.kind is Kind.EMPTY:
        return start
    if scalar.kind is Kind.BLOCK_SCALAR:
        return _block_scalar_end(text, start, end)
    if text[start] in "\"'":
        quoted = _QUOTED.match(text, start, end)
        if quoted:
            return quoted.end()
        line = text.find("\n", start, end)
        return start + len(text[start : line if line >= 0 else end].rstrip())
    comment = _COMMENT.search(text, start, end)
    return start + len(text[start : comment.start() if comment else end].rstrip(" \t\r\n"))


def _block_scalar_end(text: str, start: int, end: int) -> int:
    """The end of the last line of text; with `+` of the last empty one too."""
    line = text.find("\n", start, end)
    header = text[start : line if line >= 0 else end].partition("#")[0].rstrip()
    if line < 0:
        return start + len(header)
    first = re.compile(r"(?:[ \t]*\r?\n)*( *)(?=[^\s])").match(text, line + 1, end)
    if first is None:
        return end - (text[end - 1] == "\n") if "+" in header else start + len(header)
    indent = len(first[1])
    if any(mark.isdigit() for mark in header):
        outer = line_start(text, start)
        indent = min(indent, len(text[outer:start]) - len(text[outer:start].lstrip(" -")) + 1)
    stop = _left_of(indent).search(text, line, end)
    last = stop.start() if stop else end
    if "+" in header:
        return last - 1 if last > line + 1 and not stop and text[last - 1] == "\n" else last
    return _last_text(text, line, last, indent)


def _last_text(text: str, start: int, end: int, indent: int) -> int:
    """The end of the last line that is more than `indent` spaces."""
    position = end
    while position > start:
        before = text.rfind("\n", start, position)
        line = text[before + 1 : position].rstrip("\r")
        if line.strip() or len(line) > indent:
            return before + 1 + len(line)
        position = before
    return start


def last_line_end(text: str, start: int, end: int, indent: int) -> int:
    """The end of the last line before `end` that is neither blank nor an outer comment.

    Deeper comments are kept: they may be text of a block scalar.
    """
    position = end
    while position > start:
        line = text.rfind("\n", start, position - 1) + 1
        content = text[max(line, start) : position].strip()
        outer = content.startswith("#") and text.find("#", line) - line <= indent
        if (content and not outer) or line <= start:
            return position
        position = line
    return end
