"""Where definitions go that a file lacks: behind those that they are rendered behind."""

from __future__ import annotations

from dataclasses import dataclass, field

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode import read_tests
from pe4king_core.testcode.syntax import newline_of
from pe4king_core.weaving.choosing import Choice, key_of
from pe4king_core.weaving.definitions import Definition, Kind, Outline, renamed
from pe4king_core.weaving.imports import import_edits

_Section = tuple[str, Kind, bool, bool]
"""Room, kind, whether it stands behind tests, and whether it is said of the whole module."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An offset at the start of a line; `front`: what stands there is to come behind."""

    offset: int
    front: bool = False
    first: bool = False
    """Nothing of the same section stands before it."""


def placed(
    existing: str, theirs: Outline, ours: Outline, choice: Choice, language: SourceLanguage
) -> tuple[Edit, ...]:
    """The insertions of what was chosen."""
    placer = _Placer(existing, theirs, ours, choice, language)
    placer.place()
    file = read_tests(existing, language)
    found: dict[int, list[str]] = {}
    for edit in import_edits(file, choice.imports):
        found.setdefault(edit.span.start, []).append(edit.text)
    for offset, text in placer.texts:
        found.setdefault(offset, []).append(text)
    return tuple(
        Edit(Span(offset, offset), _begun(existing, offset) + "".join(texts))
        for offset, texts in sorted(found.items())
    )


def _begun(text: str, offset: int) -> str:
    """The line end that the last line of `text` lacks."""
    unended = offset == len(text) > 0 and text[-1] not in "\r\n"
    return newline_of(text) if unended else ""


@dataclass(slots=True)
class _Placer:
    existing: str
    theirs: Outline
    ours: Outline
    choice: Choice
    language: SourceLanguage
    texts: list[tuple[int, str]] = field(default_factory=list)
    _places: dict[_Section, _Place] = field(default_factory=dict)

    def place(self) -> None:
        """Go through ours in order, and remember behind what each section has come."""
        sections = self._sections()
        for index, (each, section) in enumerate(zip(self.ours.definitions, sections, strict=True)):
            if key_of(each) in self.choice.taken:
                place = self._places.get(section) or self._first(section, sections, index)
                self.texts.append((place.offset, self._text(each, place)))
                self._places[section] = _Place(place.offset, place.front)
            elif (there := self._there(each)) is not None:
                self._places[section] = _Place(there.end)

    def _sections(self) -> list[_Section]:
        seen: set[str] = set()
        found: list[_Section] = []
        for each in self.ours.definitions:
            found.append((each.room, each.kind, each.room in seen, each.name == "pytestmark"))
            if each.kind is Kind.TEST:
                seen.add(each.room)
        return [
            (room, kind, behind and kind is not Kind.TEST, marks)
            for room, kind, behind, marks in found
        ]

    def _first(self, section: _Section, sections: list[_Section], index: int) -> _Place:
        """Where the first of a section goes: before the next one that is there."""
        for each, other in zip(self.ours.definitions[index:], sections[index:], strict=True):
            there = self._there(each) if other == section else None
            if there is not None:
                return _Place(there.start, front=True)
        room = self.theirs.room_like(self.ours, section[0]) or ""
        _, kind, behind, _ = section
        ends = kind is Kind.TEST or behind
        return _Place((self.theirs.ends if ends else self.theirs.starts)[room], first=True)

    def _there(self, each: Definition) -> Definition | None:
        room = self.theirs.room_like(self.ours, each.room)
        if room is None:
            return None
        name = self.choice.names.get(key_of(each), each.name)
        return self.theirs.named(room).get(name)

    def _text(self, each: Definition, place: _Place) -> str:
        newline = newline_of(self.existing)
        code = self._code(each).replace("\r\n", "\n").replace("\n", newline)
        gap = newline * self._empty_lines(each, place)
        return f"{code}{newline}{gap}" if place.front else f"{gap}{code}{newline}"

    def _empty_lines(self, each: Definition, place: _Place) -> int:
        if each.kind is Kind.VALUE:
            return 1 if place.first or each.room else 0
        return 2 if self.language is SourceLanguage.PYTHON and not each.room else 1

    def _code(self, each: Definition) -> str:
        names = {
            key[1]: name for key, name in self.choice.names.items() if key[0] in ("", each.room)
        }
        code = renamed(each.code, names, self.language)
        room = self.theirs.room_like(self.ours, each.room) or ""
        indent, wanted = self.ours.indents[each.room], self.theirs.indents[room]
        lines = [*self._marks(each, indent), *code.split("\n")]
        return "\n".join(
            wanted + line.removeprefix(indent) if line.startswith(indent) and line.strip() else line
            for line in lines
        )

    def _marks(self, each: Definition, indent: str) -> list[str]:
        """What is said of all tests in ours, above one test, where the file does not say it."""
        if each.kind is not Kind.TEST or self.theirs.marks or "allure" not in self.theirs.imports:
            return []
        return [indent + mark for mark in self.ours.marks]
