"""Spans of our own to LSP ranges and back, for one text and the encoding the client chose."""

from __future__ import annotations

from lsprotocol import types

from pe4king_core.model.text import Edit, Encoding, Position, Span
from pe4king_server.lsp.text_buffer import TextBuffer


class TextPositions:
    """Converts between offsets into one text (code points) and LSP positions.

    Positions past the end of a line or of the text are clamped, as LSP wants it.
    """

    def __init__(self, text: str | TextBuffer, encoding: Encoding) -> None:
        self._lines = TextBuffer(text) if isinstance(text, str) else text
        self._encoding = encoding

    def position(self, offset: int) -> types.Position:
        """The LSP position of `offset`."""
        place = self._lines.position(offset, self._encoding)
        return types.Position(line=place.line, character=place.column)

    def offset(self, position: types.Position) -> int:
        """The offset of an LSP position."""
        return self._lines.offset(Position(position.line, position.character), self._encoding)

    def range(self, span: Span) -> types.Range:
        """The LSP range of `span`."""
        return types.Range(start=self.position(span.start), end=self.position(span.end))

    def span(self, place: types.Range) -> Span:
        """The span of an LSP range; one with its ends swapped is put right."""
        start, end = self.offset(place.start), self.offset(place.end)
        return Span(min(start, end), max(start, end))

    def text_edit(self, edit: Edit) -> types.TextEdit:
        """`edit` in the form that a workspace edit takes."""
        return types.TextEdit(range=self.range(edit.span), new_text=edit.text)
