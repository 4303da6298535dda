"""A text and its syntax tree, with places that count code points.

tree-sitter counts bytes. Every character beyond ASCII is replaced by one ASCII character of the
same role before parsing, so that bytes, columns and code points are the same number; texts of
nodes are taken from the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser

_SPECIAL = re.compile(r"[^\x01-\x0c\x0e-\x7f]")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_TREE_DEPTH = 120
"""Deeper trees are no tests that somebody wrote; reading stops there."""


def masked(text: str) -> str:
    """`text` in ASCII, one character for each: letters stay letters, line ends line ends."""
    return _SPECIAL.sub(lambda match: _stand_in(text, match.start()), text)


def _stand_in(text: str, index: int) -> str:
    character = text[index]
    if character == "\r":
        return "\r" if text.startswith("\r\n", index) else "\n"
    if character == "\ufeff" and index == 0:
        return "\f"
    return "x" if character.isalnum() else "\x01"


def newline_of(text: str) -> str:
    """The line end that `text` uses first; a line feed where it has none."""
    found = _LINE_BREAK.search(text)
    return found.group() if found else "\n"


def line_start(text: str, offset: int) -> int:
    """The offset at which the line of `offset` starts."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """The offset of the line end behind `offset`, or of the text's end."""
    found = _LINE_BREAK.search(text, offset)
    return found.start() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """The offset at which the line after that of `offset` starts, or the text's end."""
    found = _LINE_BREAK.search(text, offset)
    return found.end() if found else len(text)


def indentation(text: str, offset: int) -> str:
    """The white space at the start of the line of `offset`."""
    start = line_start(text, offset)
    end = start
    while end < len(text) and text[end] in " \t\f\ufeff":
        end += 1
    return text[start:end].lstrip("\ufeff")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed text; `base` is added to a node's place to get the offset in the file's `text`."""

    text: str
    root: Node
    base: int = 0

    def span(self, node: Node) -> Span:
        """The place of `node` in the file."""
        return Span(*self._bounds(node))

    def of(self, node: Node) -> str:
        """The text of `node` as written."""
        start, end = self._bounds(node)
        return self.text[start:end]

    def _bounds(self, node: Node) -> tuple[int, int]:
        base = self.base
        start, end = node.start_byte + base, node.end_byte + base
        if 0 <= start <= end <= len(self.text):
            return start, end
        size = len(self.text)
        start = min(max(start, 0), size)
        return start, min(max(end, start), size)


def parse(text: str, language: SourceLanguage) -> Source:
    """The whole of `text` as a tree; never fails, errors are nodes."""
    return Source(text, _tree(masked(text), language))


def parse_part(
    text: str, span: Span, language: SourceLanguage, *, before: str = "", after: str = ""
) -> Source:
    """Only `span` of `text`, parsed between `before` and `after` (ASCII)."""
    part = before + masked(span.of(text)).replace("\f", " ") + after
    return Source(text, _tree(part, language), span.start - len(before))


def ascii_bytes(
    text: str, language: SourceLanguage, start: int = 0, end: int | None = None
) -> bytes:
    """What the parser gets for `text[start:end]`."""
    end = len(text) if end is None else end
    # One more on either side: a line end is known by what stands beside it.
    before, behind = max(start - 1, 0), min(end + 1, len(text))
    part = masked(text[before:behind])
    if before and part.startswith("\f") and text[before] == "\ufeff":
        part = "\x01" + part[1:]
    return _bytes(part[start - before : end - before], language)


def _bytes(ascii_text: str, language: SourceLanguage) -> bytes:
    if language is SourceLanguage.JAVA:
        ascii_text = ascii_text.replace("\f", " ")
    return ascii_text.encode("ascii")


def _tree(ascii_text: str, language: SourceLanguage) -> Node:
    return parser_of(language).parse(_bytes(ascii_text, language)).root_node


def parser_of(language: SourceLanguage) -> Parser:
    """A parser for `language`."""
    from tree_sitter import Parser

    return Parser(_grammar(language))


@cache
def _grammar(language: SourceLanguage) -> Language:
    from tree_sitter import Language

    if language is SourceLanguage.PYTHON:
        import tree_sitter_python

        return Language(tree_sitter_python.language())
    import tree_sitter_java

    return Language(tree_sitter_java.language())


def children(node: Node) -> list[Node]:
    """The named children of `node` without comments."""
    return [child for child in node.named_children if "comment" not in child.type]


def walk(node: Node, *, into: frozenset[str] | None = None) -> Iterator[Node]:
    """`node` and its named descendants in source order; only through types in `into`, if given."""
    stack = [(node, 0)]
    while stack:
        current, depth = stack.pop()
        yield current
        if depth < _TREE_DEPTH and (into is None or current is node or current.type in into):
            stack += [(child, depth + 1) for child in reversed(current.named_children)]
