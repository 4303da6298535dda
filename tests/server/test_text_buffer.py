"""The text buffer does what plain strings and line tables do, piece by piece."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from pe4king_core.model.text import Edit, Encoding, LineTable, Position, Span
from pe4king_server.lsp import text_buffer
from pe4king_server.lsp.documents import LspTextDocument
from pe4king_server.lsp.text_buffer import EditLog, TextBuffer, merged

ENCODINGS = list(Encoding)
texts = st.text("ab \r\n\u2028\x0cя\u20ac😀", max_size=60)
places = st.integers(0, 80)


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> Iterator[None]:
    """Pieces of a few characters, so that every seam is met."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_buffer, "PIECE", 4)
        yield


def check(buffer: TextBuffer, text: str) -> None:
    assert (buffer.text, len(buffer)) == (text, len(text))
    pieces = [piece.text for piece in buffer._split()]
    assert "".join(pieces) == text
    assert not any(text_buffer._cuts(before, after) for before, after in pairwise(pieces))
    assert all(len(piece) <= 2 * text_buffer.PIECE + 1 for piece in pieces)


@given(texts, st.lists(st.tuples(places, places, texts), max_size=12), st.data())
def test_edits_and_positions_are_those_of_the_whole_text(
    text: str, edits: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    buffer = TextBuffer(text)
    for one, other, new in edits:
        start, end = sorted((min(one, len(text)), min(other, len(text))))
        buffer = buffer.replaced(Edit(Span(start, end), new))
        text = text[:start] + new + text[end:]
        check(buffer, text)
    table = LineTable(text)
    for encoding in ENCODINGS:
        position = Position(data.draw(places), data.draw(places))
        assert buffer.offset(position, encoding) == table.offset(position, encoding)
        for offset in range(-1, len(text) + 2):
            place = buffer.position(offset, encoding)
            assert place == table.position(offset, encoding)
            assert buffer.offset(place, encoding) == table.offset(place, encoding)


@given(texts, st.lists(st.tuples(places, places, texts), min_size=1, max_size=6))
def test_merged_edits_do_what_the_edits_do(text: str, edits: list[tuple[int, int, str]]) -> None:
    now, made = text, []
    for one, other, new in edits:
        start, end = sorted((min(one, len(now)), min(other, len(now))))
        made.append(Edit(Span(start, end), new))
        now = now[:start] + new + now[end:]
    edit = merged(made, now)
    assert edit is not None
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == now
    assert merged([], now) is None


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_long_life_of_edits(encoding: Encoding) -> None:
    """Changes as an editor sends them, and what a reader that looks now and then gets of them."""
    dice = random.Random(3)
    text = "ab\r\n" * 50
    codec = PositionCodec(encoding=types.PositionEncodingKind(encoding.value))
    document = LspTextDocument("file:///a", source=text, version=1, position_codec=codec)
    seen = document.snapshot("file:///a")
    for step in range(400):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.choice((0, 0, 1, 2, 30)))
        new = "".join(dice.choices("ab\r\n😀я", k=dice.choice((0, 1, 1, 3, 25))))
        table = LineTable(text)
        ends = [table.position(place, encoding) for place in (start, end)]
        begin, stop = (types.Position(line=each.line, character=each.column) for each in ends)
        change = types.TextDocumentContentChangePartial(
            range=types.Range(start=begin, end=stop), text=new
        )
        start, end = (table.offset(each, encoding) for each in ends)
        text = text[:start] + new + text[end:]
        document.apply_change(change)
        assert document.source == text
        assert "".join(document.lines) == text
        if step % 7 == 0:
            now = document.snapshot("file:///a")
            edit = now.edit_since(seen)
            assert edit is not None
            assert seen.text[: edit.span.start] + edit.text + seen.text[edit.span.end :] == text
            seen = now


def test_a_text_that_is_replaced_as_a_whole_has_no_edit() -> None:
    document = LspTextDocument("file:///a", source="ab")
    before = document.snapshot("file:///a")
    document.apply_change(types.TextDocumentContentChangeWholeDocument(text="xyz"))
    after = document.snapshot("file:///a")
    assert (before.text, after.text, after.edit_since(before)) == ("ab", "xyz", None)
    assert after.edit_since(after) == Edit(Span(0, 0), "")
    other = LspTextDocument("file:///a", source="ab").snapshot("file:///a")
    assert other.edit_since(before) is None


def test_the_log_forgets_what_is_long_ago() -> None:
    log = EditLog()
    for _ in range(log.LONGEST * 3):
        log.add(Edit(Span(0, 0), "x"))
    assert log.between(0, log.revision) is None
    assert len(log.between(log.revision - 300, log.revision) or ()) == 300
    log.add(Edit(Span(0, 0), "x" * (log.LARGEST + 1)))
    assert log.between(log.revision - 1, log.revision) is None
    assert log.between(log.revision, log.revision) == ()
    assert log.between(log.revision, log.revision + 1) is None


def test_positions_outside_are_clamped() -> None:
    buffer = TextBuffer("ab\r\ncd")
    for place, offset in (((-1, -5), 0), ((0, 99), 2), ((1, 99), 6), ((9, 0), 6), ((1, -1), 4)):
        assert buffer.offset(Position(*place), Encoding.UTF16) == offset


def test_lone_surrogates_do_no_harm() -> None:
    buffer = TextBuffer("a\ud83d\n\ude00b" * 5)
    for encoding in ENCODINGS:
        for offset in range(len(buffer)):
            place = buffer.position(offset, encoding)
            assert buffer.offset(place, encoding) == offset
