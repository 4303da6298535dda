"""Our conversion of positions against the kit's own arithmetic, in the three encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from pe4king_core.model.text import Edit, Encoding, Span
from pe4king_server.lsp.positions import TextPositions
from tests.lsp_kit.edits import edit_text, offset_at, position_at

notable = st.sampled_from("ab\té€😀👩\u0301\u2028\x0c\x85\r\n")
texts = st.text(notable | st.characters(codec="utf-8"))
encodings = st.sampled_from(Encoding)


@st.composite
def texts_with_span(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(texts)
    # The middle of a `\r\n` is no position of LSP.
    offsets = st.sampled_from(
        [at for at in range(len(text) + 1) if text[max(at - 1, 0) : at + 1] != "\r\n"]
    )
    start, end = sorted((draw(offsets), draw(offsets)))
    return text, Span(start, end)


@given(texts_with_span(), encodings)
def test_round_trip(text_with_span: tuple[str, Span], encoding: Encoding) -> None:
    text, span = text_with_span
    positions = TextPositions(text, encoding)
    assert positions.span(positions.range(span)) == span


@given(texts_with_span(), encodings)
def test_positions_are_those_of_an_editor(
    text_with_span: tuple[str, Span], encoding: Encoding
) -> None:
    text, span = text_with_span
    positions = TextPositions(text, encoding)
    assert positions.position(span.start) == position_at(text, span.start, encoding)
    place = position_at(text, span.end, encoding)
    assert positions.offset(place) == offset_at(text, place, encoding) == span.end


@given(texts_with_span(), encodings, texts)
def test_an_editor_makes_our_edits_as_we_do(
    text_with_span: tuple[str, Span], encoding: Encoding, new: str
) -> None:
    text, span = text_with_span
    edit = TextPositions(text, encoding).text_edit(Edit(span, new))
    result, _ = edit_text(text, [edit], encoding)
    assert result == text[: span.start] + new + text[span.end :]


@pytest.mark.parametrize(
    ("line", "character", "offset"), [(0, 99, 3), (1, 99, 5), (9, 0, 5), (1, 0, 5)]
)
def test_positions_past_an_end_are_clamped(line: int, character: int, offset: int) -> None:
    positions = TextPositions("a😀b\r\n", Encoding.UTF16)
    assert positions.offset(types.Position(line=line, character=character)) == offset


def test_a_range_with_its_ends_swapped_is_put_right() -> None:
    positions = TextPositions("abc", Encoding.UTF8)
    start, end = types.Position(line=0, character=1), types.Position(line=0, character=3)
    assert positions.span(types.Range(start=end, end=start)) == Span(1, 3)
