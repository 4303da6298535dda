"""Edits of documents, and what has to hold after each of them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from pe4king_core.errors import DocumentError
from pe4king_core.model.text import Edit, Span
from pe4king_core.openapi.loading import load_text
from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.openapi.units.splitting import Notation, Path
from pe4king_core.openapi.units.unit import Units
from pe4king_core.openapi.units.unit_reading import InProcess

URI = "file:///api/openapi.yaml"
SAMPLES = 12
PIECES = [
    "", "x", " ", "  ", "\n", "\n  ", "\n    get: {}\n", '"', "'", "{", "}", "[", "]", ":", ": ",
    ",", "#", " # ", "-", "- ", "*a", "&a ", "я", "😀", "\t", "?", "|", "---\n", "...\n", "\r",
    "\r\n", "%", "~", "\u2028",
    '"k": 1,', ', "k": {}', "components:\n", "paths:\n", "x-new: 1\n", "\n\n", "\ufeff", "!t ",
    "  /new:\n    get:\n      responses: {}\n", '"/new": {"get": {"responses": {}}},',
]  # fmt: skip
"""What is typed or pasted."""


class CountingReader(InProcess):
    """Counts how often a whole text is read."""

    def __init__(self) -> None:
        self.whole = 0

    def read_units(self, text: str) -> Units:
        self.whole += 1
        return super().read_units(text)


class DyingReader(CountingReader):
    """The parser dies of parts that hold `poison`."""

    def __init__(self, poison: str, error: DocumentError) -> None:
        super().__init__()
        self._poison = poison
        self._error = error

    def read_part(self, text: str, section: Path, notation: Notation) -> Units | None:
        if self._poison in text:
            raise self._error
        return super().read_part(text, section, notation)


def applied(edit: Edit, text: str) -> str:
    """`text` after `edit`."""
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def undone(edit: Edit, text: str) -> Edit:
    """The edit that takes back `edit` of `text`."""
    return Edit(Span(edit.span.start, edit.span.start + len(edit.text)), edit.span.of(text))


def fresh(text: str) -> DocumentText | None:
    """`text` read as a whole; None where it is refused."""
    try:
        return DocumentText.read(text)
    except DocumentError:
        return None


def edited(document: DocumentText, edit: Edit, reader: InProcess | None = None) -> DocumentText:
    """`document` after `edit`; raises what reading the new text raises."""
    return document.edited(edit, applied(edit, document.text), reader)


def check(after: DocumentText | None, chance: random.Random) -> None:
    """Compares an edited document with the same text read as a whole.

    Promised is: both are free of faults or both are not; free of faults they are equal in all that
    can be asked. An edit is judged by the units that it touches, so of what is broken only the
    places may differ, and never is less of it usable: see `keeps_the_others`.
    """
    if after is None:
        return
    whole = fresh(after.text)
    if whole is None:
        # Nothing can be used of the whole text; its units may still be there with their faults.
        assert after.faults, after.text
        return
    assert bool(after.faults) == bool(whole.faults), (after.faults, whole.faults)
    if whole.faults:
        return
    assert units(after) == units(whole)
    assert after.data == whole.data
    if isinstance(whole.data, dict):
        assert list(after.data) == list(whole.data)
    assert after.is_whole == whole.is_whole
    check_positions(after, whole, chance)
    assert entries(after) == entries(whole)


def units(document: DocumentText) -> list[tuple[object, ...]]:
    """All that units hold."""
    return [
        (start, unit.path, unit.length, unit.key, unit.value_span, unit.members, unit.value)
        for start, unit in document.numbered()
    ]


def entries(document: DocumentText) -> object:
    """The operations as the text shows them, or why there are none."""
    try:
        made = load_text(document, URI)
    except DocumentError as error:
        return error.code
    return made.operations.entries, made.webhooks.entries


def check_positions(after: DocumentText, whole: DocumentText, chance: random.Random) -> None:
    """Compares places of some pointers and of some offsets."""
    pointers = [*sampled(after, chance), "/paths", "/components/schemas", "/nowhere", ""]
    for pointer in pointers:
        for name in ("key_span", "value_span", "region"):
            found = getattr(after.positions, name)(pointer)
            assert found == getattr(whole.positions, name)(pointer), (name, pointer)
        assert list(after.positions.children(pointer)) == list(whole.positions.children(pointer))
    for _ in range(SAMPLES):
        offset = chance.randint(0, len(after.text))
        assert after.positions.at(offset) == whole.positions.at(offset), offset


def sampled(document: DocumentText, chance: random.Random) -> Iterator[str]:
    """Pointers of some units and of something in them."""
    for unit in chance.sample(document.units, min(SAMPLES, len(document.units))):
        yield unit.pointer
        below = list(document.positions.children(unit.pointer))
        if below:
            yield f"{unit.pointer}/{chance.choice(below).replace('~', '~0').replace('/', '~1')}"


def random_edit(text: str, chance: random.Random) -> Edit:
    """Typing, pasting or deleting, often at the borders of lines."""
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice((0, 0, 0, 1, 1, 3, 40, 300)))
    kind = chance.random()
    if kind < 0.3:
        start = text.rfind("\n", 0, start) + 1
    if kind < 0.15 or kind > 0.9:
        end = text.find("\n", end) + 1 or len(text)
    new = chance.choice(PIECES)
    if chance.random() < 0.1:
        other = chance.randrange(len(text) + 1)
        new = text[
            text.rfind("\n", 0, other) + 1 : text.find("\n", min(other + 200, len(text))) + 1
        ]
    if kind > 0.95:
        new = "  " + Span(start, max(start, end)).of(text).replace("\n", "\n  ")
    return Edit(Span(start, max(start, end)), new)


def keeps_the_others(before: DocumentText, after: DocumentText, edit: Edit) -> None:
    """No unit is lost or changed that stands away from the edit, where only units are broken."""
    shift = len(edit.text) - (edit.span.end - edit.span.start)
    there = {(start, unit.path): unit.value for start, unit in after.numbered()}
    for start, unit in before.numbered():
        far = start > edit.span.end + 1 or start + unit.length < edit.span.start - 1
        if far:
            moved = start + shift if start > edit.span.end else start
            assert there.get((moved, unit.path)) == unit.value, unit.path
