"""Spans, edits and line tables: the laws that every edit stands on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.model.text import (
    Edit,
    Encoding,
    LineTable,
    Position,
    Span,
    apply_edits,
    compose_insertions,
)

TEXTS = st.text(st.sampled_from("ab\n\r\u2028\x0cя😀\x85"), max_size=40)


@given(TEXTS, st.sampled_from(Encoding), st.data())
def test_offset_to_position_and_back(text: str, encoding: Encoding, data: st.DataObject) -> None:
    table = LineTable(text)
    offset = data.draw(st.integers(0, len(text)))
    between = text[offset - 1 : offset + 1] == "\r\n"
    if not between:
        assert table.offset(table.position(offset, encoding), encoding) == offset


@given(TEXTS)
def test_only_lsp_line_ends_end_a_line(text: str) -> None:
    expected = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert len(LineTable(text)) == expected


@pytest.mark.parametrize(
    ("encoding", "column"), [(Encoding.UTF8, 6), (Encoding.UTF16, 3), (Encoding.UTF32, 2)]
)
def test_columns_are_counted_in_the_units_of_the_encoding(encoding: Encoding, column: int) -> None:
    assert LineTable("я😀x").position(2, encoding) == Position(0, column)


@given(TEXTS, st.sampled_from(Encoding), st.integers(0, 99), st.integers(0, 99))
def test_positions_past_the_end_are_clamped(
    text: str, encoding: Encoding, line: int, column: int
) -> None:
    assert 0 <= LineTable(text).offset(Position(line, column), encoding) <= len(text)


def insertions(text: str) -> st.SearchStrategy[list[Edit]]:
    places = st.lists(st.integers(0, len(text)), max_size=4, unique=True)
    return places.flatmap(
        lambda offsets: st.tuples(*(st.text("xyz", min_size=1, max_size=3) for _ in offsets)).map(
            lambda texts: [Edit(Span(o, o), t) for o, t in zip(offsets, texts, strict=True)]
        )
    )


@given(
    st.text("ab\n", max_size=12).flatmap(lambda t: st.tuples(st.just(t), insertions(t))), st.data()
)
def test_composed_insertions_do_what_both_did(
    case: tuple[str, list[Edit]], data: st.DataObject
) -> None:
    text, first = case
    middle = apply_edits(text, first)
    second = data.draw(insertions(middle))
    composed = compose_insertions(first, second)
    assert apply_edits(text, composed) == apply_edits(middle, second)


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcdef", [Edit(Span(0, 3), ""), Edit(Span(2, 4), "")])


def test_composition_takes_insertions_only() -> None:
    with pytest.raises(ValueError, match="insertions"):
        compose_insertions([Edit(Span(0, 1), "x")], [])
