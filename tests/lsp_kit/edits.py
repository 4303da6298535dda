"""Text edits made the way an editor makes them, by other arithmetic than that of the server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lsprotocol import types

_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_LINE_END = re.compile(r"\r\n|\n|\r")


class BadEdit(ValueError):
    """Edits that overlap, or are no edits."""


def offset_at(text: str, position: types.Position, encoding: str) -> int:
    """The index into `text` of an LSP position, clamped to the end of its line."""
    codec, size = _CODECS[encoding]
    start = 0
    for _ in range(position.line):
        end = _LINE_END.search(text, start)
        if end is None:
            return len(text)
        start = end.end()
    end = _LINE_END.search(text, start)
    line = text[start : end.start() if end else len(text)]
    before = line.encode(codec)[: position.character * size].decode(codec, "ignore")
    return start + len(before)


def position_at(text: str, offset: int, encoding: str) -> types.Position:
    """The LSP position of an index into `text`."""
    codec, size = _CODECS[encoding]
    ends = [match.end() for match in _LINE_END.finditer(text) if match.end() <= offset]
    line = text[ends[-1] if ends else 0 : offset]
    return types.Position(line=len(ends), character=len(line.encode(codec)) // size)


def edit_text(
    text: str, edits: Sequence[types.TextEdit], encoding: str
) -> tuple[str, list[types.TextDocumentContentChangePartial]]:
    """`text` with `edits` made, and the changes an editor then tells the server of."""
    placed = sorted(
        (
            offset_at(text, edit.range.start, encoding),
            offset_at(text, edit.range.end, encoding),
            index,
            edit.new_text,
        )
        for index, edit in enumerate(edits)
    )
    for (_, end, *_), (start, *_) in pairwise(placed):
        if start < end:
            raise BadEdit(f"edits overlap at {position_at(text, start, encoding)}")
    changes, result = [], text
    for start, end, _, new in reversed(placed):
        place = types.Range(
            start=position_at(text, start, encoding), end=position_at(text, end, encoding)
        )
        changes.append(types.TextDocumentContentChangePartial(range=place, text=new))
        result = result[:start] + new + result[end:]
    return result, changes
