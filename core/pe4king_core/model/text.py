"""Places in a text. Core counts in code points from the start of the text; only `LineTable`
converts to lines and to the column units an editor asked for (LSP position encodings).

Lines end at `\\n`, `\\r\\n` and `\\r` only, as in LSP; U+2028 and form feeds do not end a line.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, islice

_LAST_OF_LINE_END = re.compile(r"\n|\r(?!\n)")
_BLOCK = 16_384
"""Characters that are counted at once."""

_COMPARED = 65_536
"""Characters that are compared at once."""


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


def edit_between(old: str, new: str) -> Edit:
    """The smallest single edit that makes `new` of `old`."""
    shorter = min(len(old), len(new))
    start = _common(shorter, lambda begin, end: old.startswith(new[begin:end], begin))
    rest = _common(
        shorter - start,
        lambda begin, end: old.startswith(new[len(new) - end : len(new) - begin], len(old) - end),
    )
    return Edit(Span(start, len(old) - rest), new[start : len(new) - rest])


def _common(limit: int, same: Callable[[int, int], bool]) -> int:
    """How many characters agree, at most `limit`; compared in blocks, then by halves."""
    start = 0
    while start < limit and same(start, min(start + _COMPARED, limit)):
        start = min(start + _COMPARED, limit)
    low, high = start, min(start + _COMPARED, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class Position:
    """A place as editors count it: zero-based line, column in the units of an `Encoding`."""

    line: int
    column: int


class LineTable:
    """Lines of one text; converts offsets to positions and back in any encoding.

    No list of all lines is made. Line ends are counted once for each block of the text, a
    conversion counts inside one block only, and a column on a line longer than a block is the sum
    of its blocks' lengths: some microseconds each, whatever the text is.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._returns = "\r" in text
        self._lengths: dict[Encoding, list[int]] = {}

    def __len__(self) -> int:
        return self._breaks[-1] + 1

    def line_of(self, offset: int) -> int:
        """The zero-based line on which `offset` lies."""
        offset = max(0, min(offset, len(self._text)))
        block = offset // _BLOCK
        return self._breaks[block] + self._count(block * _BLOCK, offset)

    def line_span(self, line: int) -> Span:
        """The span of `line` with its line end."""
        line = max(0, min(line, self._breaks[-1]))
        return Span(self._start(line), self._start(line + 1))

    def position(self, offset: int, encoding: Encoding) -> Position:
        """`offset` (code points) as line and column in `encoding`."""
        offset = max(0, min(offset, len(self._text)))
        line = self.line_of(offset)
        start = self._start_before(offset, line)
        if encoding is Encoding.UTF32 or self._text.isascii():
            return Position(line, offset - start)
        if offset - start <= _BLOCK:
            return Position(line, _units(self._text[start:offset], encoding))
        return Position(line, self._length(offset, encoding) - self._length(start, encoding))

    def offset(self, position: Position, encoding: Encoding) -> int:
        """The offset at `position`; past the end of line or text it is clamped (LSP)."""
        if position.line >= len(self):
            return len(self._text)
        span = self.line_span(position.line)
        start, end = span.start, span.end
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        if encoding is Encoding.UTF32 or self._text.isascii():
            return min(start + position.column, end)
        column = position.column
        if end - start > _BLOCK:
            lengths = self._lengths_in(encoding)
            column += self._length(start, encoding)
            block = bisect.bisect_right(lengths, column) - 1
            block = max(start // _BLOCK, min(block, end // _BLOCK))
            column -= lengths[block] if block * _BLOCK > start else self._length(start, encoding)
            start = max(start, block * _BLOCK)
            end = min(end, start + _BLOCK)
        return start + _characters(self._text[start:end], column, encoding)

    @cached_property
    def _breaks(self) -> list[int]:
        """How many line ends stand before each block, and in the whole text."""
        counts = (self._count(at, at + _BLOCK) for at in range(0, len(self._text), _BLOCK))
        return [*accumulate(counts, initial=0)]

    def _count(self, start: int, end: int) -> int:
        """How many lines end with a character in `start:end`; `\\r\\n` ends with its second."""
        feeds = self._text.count("\n", start, end)
        if not self._returns:
            return feeds
        pairs = self._text.count("\r\n", start, end + 1)
        return feeds + self._text.count("\r", start, end) - pairs

    def _start(self, line: int) -> int:
        """The offset at which `line` starts; the end of the text for the one after the last."""
        if line <= 0 or line > self._breaks[-1]:
            return 0 if line <= 0 else len(self._text)
        block = bisect.bisect_left(self._breaks, line) - 1
        missing = line - self._breaks[block]
        start = block * _BLOCK
        if self._returns:
            ends = _LAST_OF_LINE_END.finditer(self._text, start)
            return next(islice(ends, missing - 1, None)).end()
        start -= 1
        for _ in range(missing):
            start = self._text.find("\n", start + 1)
        return start + 1

    def _start_before(self, offset: int, line: int) -> int:
        """The start of `line`, on which `offset` lies: searched for backwards, as it is near."""
        if not self._returns:
            end = self._text.rfind("\n", max(offset - _BLOCK, 0), offset)
            if end >= 0:
                return end + 1
        return self._start(line)

    def _lengths_in(self, encoding: Encoding) -> list[int]:
        lengths = self._lengths.get(encoding)
        if lengths is None:
            parts = range(0, len(self._text), _BLOCK)
            units = (_units(self._text[at : at + _BLOCK], encoding) for at in parts)
            lengths = self._lengths[encoding] = [*accumulate(units, initial=0)]
        return lengths

    def _length(self, offset: int, encoding: Encoding) -> int:
        """The length of the text before `offset` in units of `encoding`."""
        block = offset // _BLOCK
        before = self._text[block * _BLOCK : offset]
        return self._lengths_in(encoding)[block] + _units(before, encoding)


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
