"""`rebase`: an edit for a text that changed meanwhile is made where it was meant, or not at all."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_server.commands.review import rebase

# Few characters, so that changes among equal lines are common.
TEXTS = st.text(alphabet="a\n🩺", max_size=24)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text)))
    return Span(start, draw(st.integers(start, len(text))))


@st.composite
def both(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...], Edit]:
    """A text, edits of ours, and an edit of somebody else that touches none of them."""
    text = draw(TEXTS)
    theirs = Edit(draw(spans(text)), draw(TEXTS))
    ours: list[Edit] = []
    for span in draw(st.lists(spans(text), max_size=3)):
        others = (theirs.span, *(edit.span for edit in ours))
        if all(span.end < other.start or span.start > other.end for other in others):
            ours.append(Edit(span, draw(st.text(alphabet="XY", max_size=3))))
    assume(ours)
    return text, tuple(ours), theirs


@given(both())
@example(("a\n", (Edit(Span(2, 2), "X"),), Edit(Span(0, 0), "a\n")))
@example(("\n\n\n", (Edit(Span(1, 1), "X"),), Edit(Span(3, 3), "\n\n")))
def test_both_edits_are_made_or_ours_is_refused(
    case: tuple[str, tuple[Edit, ...], Edit],
) -> None:
    base, ours, theirs = case
    text = apply_edits(base, [theirs])
    moved = rebase(FileEdit("file:///a", ours, base=base), text)
    if moved is not None:
        assert moved.base == text
        assert apply_edits(text, moved.edits) == apply_edits(base, (*ours, theirs))


@given(both(), st.data())
def test_what_the_edits_rely_on_is_still_there(
    case: tuple[str, tuple[Edit, ...], Edit], data: st.DataObject
) -> None:
    base, ours, theirs = case
    part = data.draw(spans(base))
    text = apply_edits(base, [theirs])
    moved = rebase(FileEdit("file:///a", ours, base=base, relies_on=(part,)), text)
    if moved is not None:
        assert [span.of(text) for span in moved.relies_on] == [part.of(base)]


@given(TEXTS, st.data())
def test_typing_clear_of_an_edit_moves_it_along(base: str, data: st.DataObject) -> None:
    """Not everything is refused: text of its own kind, above the edit or below it."""
    base = f"above\n{base}|below\n"
    place = base.index("|")
    edit = FileEdit("file:///a", (Edit(Span(place, place), "X"),), base=base)
    typed = Edit(Span(*data.draw(st.sampled_from([(0, 0), (2, 4)]))), "typed")
    moved = rebase(edit, apply_edits(base, [typed]))
    assert moved is not None
    assert apply_edits(moved.base, moved.edits) == apply_edits(base, (*edit.edits, typed))


def test_the_same_insertion_twice_is_refused() -> None:
    """Two commands at once: the second must not write the tests of the first again."""
    base = "def test_a():\n    assert 1\n\n\ndef test_b():\n    assert 2\n"
    place = base.index("\n\n\ndef test_b")
    insertion = Edit(Span(place, place), "\n\n\ndef test_c():\n    assert 3")
    edit = FileEdit("file:///a", (insertion,), base=base)
    assert rebase(edit, apply_edits(base, [insertion])) is None
