"""Text that is edited in place of its size: pieces of about 32 kB that versions share.

A keystroke makes a new buffer that differs from the old one in one piece, so versions cost little,
older ones stay as they were and any thread may read them. Lines end at `\\n`, `\\r\\n` and `\\r`
only; a piece never ends between `\\r` and `\\n`, so line ends are counted piece by piece.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from pe4king_core.model.text import Edit, Encoding, Position, Span

PIECE = 32_768
"""Characters of a piece of a new text; edited ones have up to twice as many."""

_LINE_END = re.compile(r"\r\n|\n|\r")


class _Piece:
    """A part of a text. What is known of it is found when it is first asked for."""

    __slots__ = ("_ends", "_units", "breaks", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = text.count("\n")
        if "\r" in text:
            self.breaks += text.count("\r") - text.count("\r\n")
        self._ends: list[int] | None = None
        self._units: dict[Encoding, int] = {}

    @property
    def ends(self) -> list[int]:
        """Offsets behind each line end."""
        if self._ends is None:
            self._ends = [match.end() for match in _LINE_END.finditer(self.text)]
        return self._ends

    def units(self, encoding: Encoding) -> int:
        """The length in units of `encoding`."""
        found = self._units.get(encoding)
        if found is None:
            found = self._units[encoding] = units_of(self.text, encoding)
        return found


class TextBuffer:
    """One version of a text; never changes. Offsets are code points."""

    __slots__ = ("_breaks", "_offsets", "_pieces", "_text")

    def __init__(self, text: str) -> None:
        self._text: str | None = text
        self._pieces: Sequence[_Piece] | None = None
        self._offsets: list[int] = []
        self._breaks: list[int] = []

    @property
    def text(self) -> str:
        """The whole text, joined once."""
        if self._text is None:
            self._text = "".join([piece.text for piece in self._pieces or ()])
        return self._text

    @property
    def is_joined(self) -> bool:
        """Whether `text` costs nothing."""
        return self._text is not None

    def __len__(self) -> int:
        if self._text is not None:
            return len(self._text)
        return self._offsets[-1]

    def replaced(self, edit: Edit) -> TextBuffer:
        """The text with `edit` made; its span lies inside the text, start before end."""
        pieces = self._split()
        first, start = self._locate(edit.span.start)
        last, end = self._locate(edit.span.end)
        new = "".join((pieces[first].text[:start], edit.text, pieces[last].text[end:]))
        # A line end that would be cut in two, and a piece that shrank, join their neighbour.
        if first > 0 and (len(new) < PIECE // 4 or _cuts(pieces[first - 1].text, new)):
            first -= 1
            new = pieces[first].text + new
        if last + 1 < len(pieces) and _cuts(new, pieces[last + 1].text):
            last += 1
            new += pieces[last].text
        made = [*pieces[:first], *_pieces(new), *pieces[last + 1 :]]
        result = TextBuffer.__new__(TextBuffer)
        result._text = None
        result._pieces = None
        result._adopt(made)
        return result

    def offset(self, position: Position, encoding: Encoding) -> int:
        """The offset at `position`; past the end of line or text it is clamped (LSP)."""
        pieces = self._split()
        line, column = max(position.line, 0), max(position.column, 0)
        if line > self._breaks[-1]:
            return len(self)
        index, start = self._line_start(line)
        following = line - self._breaks[index]
        while True:
            piece = pieces[index]
            ended = following < piece.breaks
            if ended or start:
                part = piece.text[start : _content_end(piece, following) if ended else None]
                units = units_of(part, encoding)
            else:
                part, units = piece.text, piece.units(encoding)
            if column < units:
                return self._offsets[index] + start + _characters(part, column, encoding)
            if ended or index + 1 == len(pieces):
                return self._offsets[index] + start + len(part)
            column -= units
            index, start, following = index + 1, 0, 0

    def position(self, offset: int, encoding: Encoding) -> Position:
        """`offset` as line and column in `encoding`; one outside the text is clamped."""
        pieces = self._split()
        index, local = self._locate(max(0, min(offset, len(self))))
        inside = bisect_right(pieces[index].ends, local)
        line = self._breaks[index] + inside
        if inside:
            start = pieces[index].ends[inside - 1]
            return Position(line, units_of(pieces[index].text[start:local], encoding))
        column = units_of(pieces[index].text[:local], encoding)
        while index > 0:
            index -= 1
            piece = pieces[index]
            if piece.breaks:
                return Position(line, column + units_of(piece.text[piece.ends[-1] :], encoding))
            column += piece.units(encoding)
        return Position(line, column)

    def _split(self) -> Sequence[_Piece]:
        """The pieces; a text that is only read is never split."""
        pieces = self._pieces
        if pieces is None:
            pieces = self._adopt(_pieces(self.text))
        return pieces

    def _adopt(self, pieces: list[_Piece]) -> Sequence[_Piece]:
        # The pieces come last: another thread that sees them sees the sums too.
        self._offsets = [0, *accumulate(len(piece.text) for piece in pieces)]
        self._breaks = [0, *accumulate(piece.breaks for piece in pieces)]
        self._pieces = pieces
        return pieces

    def _locate(self, offset: int) -> tuple[int, int]:
        """The piece of `offset` and the place in it; a seam belongs to the piece behind it."""
        index = bisect_right(self._offsets, offset, hi=len(self._offsets) - 1) - 1
        return index, offset - self._offsets[index]

    def _line_start(self, line: int) -> tuple[int, int]:
        """The piece in which `line` starts, and where in it (maybe at its very end)."""
        if line == 0:
            return 0, 0
        index = bisect_left(self._breaks, line) - 1
        return index, self._split()[index].ends[line - self._breaks[index] - 1]


class EditLog:
    """The latest edits of one document, so that its readers can follow edit by edit.

    Revisions count the edits that were made. Filled by one thread, read by any.
    """

    LONGEST = 1000
    """Edits that are kept."""

    LARGEST = 1_000_000
    """Characters of new text that are kept; readers that are further behind read anew."""

    def __init__(self) -> None:
        self._state: tuple[int, tuple[Edit, ...]] = (0, ())
        self._size = 0

    @property
    def revision(self) -> int:
        """How many edits were made so far; a text replaced as a whole counts as one."""
        return self._state[0]

    def add(self, edit: Edit) -> None:
        """Note one more edit, made to the text with all earlier ones."""
        revision, kept = self._state
        self._size += len(edit.text)
        kept = (*kept, edit)
        while kept and (len(kept) > self.LONGEST or self._size > self.LARGEST):
            dropped = kept[: len(kept) // 2 + 1]
            self._size -= sum(len(each.text) for each in dropped)
            kept = kept[len(dropped) :]
        self._state = (revision + 1, kept)

    def forget(self) -> None:
        """Note that the text was replaced as a whole."""
        self._state, self._size = (self.revision + 1, ()), 0

    def between(self, earlier: int, later: int) -> tuple[Edit, ...] | None:
        """The edits from one revision to another, each for the text with those before it.

        None where they are not known any more.
        """
        revision, kept = self._state
        first = revision - len(kept)
        if not first <= earlier <= later <= revision:
            return None
        return kept[earlier - first : later - first]


def merged(edits: Iterable[Edit], text: str) -> Edit | None:
    """One edit that does what `edits` do one after the other; `text` is what they lead to.

    Its span covers all that they touched. None where there are no edits.
    """
    start = old_end = end = -1
    for edit in edits:
        if start < 0:
            start, old_end, end = edit.span.start, edit.span.end, edit.span.end
        start = min(start, edit.span.start)
        if edit.span.end > end:
            old_end += edit.span.end - end
            end = edit.span.end
        end += len(edit.text) - (edit.span.end - edit.span.start)
    return None if start < 0 else Edit(Span(start, old_end), text[start:end])


def units_of(text: str, encoding: Encoding) -> int:
    """The length of `text` in units of `encoding`."""
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(part: str, column: int, encoding: Encoding) -> int:
    """How many characters of `part` lie before `column`; one that it cuts counts as a whole."""
    if encoding is Encoding.UTF32 or part.isascii():
        return column
    return bisect_left(
        range(len(part)), column, key=lambda length: units_of(part[:length], encoding)
    )


def _content_end(piece: _Piece, number: int) -> int:
    """Where the line before the line end `number` of a piece ends."""
    end = piece.ends[number]
    return end - (2 if end > 1 and piece.text.startswith("\r\n", end - 2) else 1)


def _cuts(before: str, after: str) -> bool:
    return before.endswith("\r") and after.startswith("\n")


def _pieces(text: str) -> list[_Piece]:
    """`text` in pieces, at least one; short of two pieces' length it stays whole."""
    found: list[_Piece] = []
    start = 0
    while len(text) - start > 2 * PIECE:
        end = start + PIECE
        if text[end - 1] == "\r" and text[end] == "\n":
            end += 1
        found.append(_Piece(text[start:end]))
        start = end
    found.append(_Piece(text[start:]))
    return found
