"""Places in a text. Core counts in code points from the start of the text; only `LineTable`
converts to lines and to the column units an editor asked for (LSP position encodings).

Lines end at `\\n`, `\\r\\n` and `\\r` only, as in LSP; U+2028 and form feeds do not end a line.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_LINE_END = re.compile(r"\r\n|\n|\r")


class Encoding(StrEnum):
    """The unit of a column (LSP `PositionEncodingKind`)."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of `text` that this span names."""
        return text[self.start : self.end]

    def contains(self, offset: int) -> bool:
        """Whether `offset` lies inside, both ends included (a cursor may stand at the end)."""
        return self.start <= offset <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace `span` by `text`; an empty span is an insertion."""

    span: Span
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all `edits` made at once; spans refer to the text as it was.

    Insertions at one offset keep the order in which they are given. Raises ValueError where
    edits overlap.
    """
    result: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < position:
            raise ValueError(f"edits overlap at offset {edit.span.start}")
        result += (text[position : edit.span.start], edit.text)
        position = edit.span.end
    return "".join((*result, text[position:]))


def compose_insertions(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """One set of insertions for two made one after the other.

    `first` refers to a text, `second` to that text with `first` applied; the result refers to
    the original text. Raises ValueError where an edit replaces anything.
    """
    blocks = [(edit.span.start, edit.text) for edit in sorted(first, key=lambda edit: edit.span)]
    for edit in (*first, *second):
        if edit.span.start != edit.span.end:
            raise ValueError("only insertions can be composed")
    for edit in sorted(second, key=lambda edit: edit.span, reverse=True):
        _insert(blocks, edit.span.start, edit.text)
    return tuple(Edit(Span(start, start), text) for start, text in blocks)


def _insert(blocks: list[tuple[int, str]], offset: int, text: str) -> None:
    """Put `text` at `offset` of the text with `blocks` inserted, into a block where it is one."""
    shift = 0
    for index, (start, inserted) in enumerate(blocks):
        begin = start + shift
        if offset < begin:
            blocks.insert(index, (offset - shift, text))
            return
        if offset <= begin + len(inserted):
            inside = offset - begin
            blocks[index] = (start, inserted[:inside] + text + inserted[inside:])
            return
        shift += len(inserted)
    blocks.append((offset - shift, text))


@dataclass(frozen=True, slots=True)
class Position:
    """A place as editors count it: zero-based line, column in the units of an `Encoding`."""

    line: int
    column: int


class LineTable:
    """Line starts of one text; converts offsets to positions and back in any encoding."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The zero-based line on which `offset` lies."""
        return bisect.bisect_right(self._starts, max(offset, 0)) - 1

    def line_span(self, line: int) -> Span:
        """The span of `line` with its line end."""
        line = max(0, min(line, len(self._starts) - 1))
        following = line + 1 < len(self._starts)
        return Span(self._starts[line], self._starts[line + 1] if following else len(self._text))

    def position(self, offset: int, encoding: Encoding) -> Position:
        """`offset` (code points) as line and column in `encoding`."""
        offset = max(0, min(offset, len(self._text)))
        line = self.line_of(offset)
        before = self._text[self._starts[line] : offset]
        return Position(line, _units(before, encoding))

    def offset(self, position: Position, encoding: Encoding) -> int:
        """The offset at `position`; past the end of line or text it is clamped (LSP)."""
        if position.line >= len(self._starts):
            return len(self._text)
        span = self.line_span(position.line)
        line = span.of(self._text).rstrip("\r\n")
        if encoding is Encoding.UTF32 or line.isascii():
            return span.start + min(position.column, len(line))
        return span.start + _characters(line, position.column, encoding)


_CONTINUATION = bytes(range(0x80, 0xC0))


def _characters(line: str, column: int, encoding: Encoding) -> int:
    """How many characters of `line` lie before `column`; one that it cuts counts as a whole."""
    if encoding is Encoding.UTF8:
        before = line.encode("utf-8", "surrogatepass")[:column]
        return len(before.translate(None, _CONTINUATION))
    before = line.encode("utf-16-le", "surrogatepass")[: 2 * column]
    return len(before.decode("utf-16-le", "surrogatepass"))


def _units(text: str, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
