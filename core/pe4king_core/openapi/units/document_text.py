"""The text of a document with its units: what is read, where it stands, and what one edit changes.

A `DocumentText` never changes. `edited` gives the one for the next text: units that the edit did
not touch are shared, so a keystroke costs the reading of one unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from pe4king_core.model.finding import Finding
from pe4king_core.model.text import Edit, Span
from pe4king_core.openapi.layout.marks import has_lone_returns, with_line_feeds
from pe4king_core.openapi.layout.positions import Positions
from pe4king_core.openapi.parsing.reading import relaxed_json
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.units.editing import units_after
from pe4king_core.openapi.units.identifiers import may_have_anchors
from pe4king_core.openapi.units.lazy import LazyMapping, Pending
from pe4king_core.openapi.units.sections import Sections
from pe4king_core.openapi.units.splitting import Path
from pe4king_core.openapi.units.unit import Unit, UnitReader, Units
from pe4king_core.openapi.units.unit_reading import InProcess


class DocumentText:
    """One text of a document, its data and its positions."""

    def __init__(self, text: str, units: Units) -> None:
        self._text: str | bytes = text
        self._units = units
        self.characters = len(text)

    @classmethod
    def read(cls, text: str, reader: UnitReader | None = None) -> DocumentText:
        """Reads a whole text. Raises UnreadableError where nothing of it can be used."""
        return cls(text, (reader or InProcess()).read_units(text))

    @property
    def text(self) -> str:
        """The whole text; safe in several threads."""
        text = self._text
        if isinstance(text, bytes):
            text = self._text = text.decode("utf-8", "surrogatepass")
        return text

    def rest(self) -> None:
        """Keep the text as bytes until somebody looks at it: some take four times as much."""
        self._text = self.text.encode("utf-8", "surrogatepass")
        self.__dict__.pop("searched", None)

    @property
    def is_whole(self) -> bool:
        """Whether the text had to be read as one."""
        return self._units.whole

    @property
    def frame(self) -> Units:
        """The units with what is known of the text as a whole."""
        return self._units

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units in the order of the text."""
        return self._units.units

    def span_of(self, unit: int) -> Span:
        """Where the unit with this number stands."""
        start = self._units.starts[unit]
        return Span(start, start + self._units.units[unit].length)

    @cached_property
    def faults_by_unit(self) -> Mapping[str, tuple[Finding, ...]]:
        """What could not be read, by the pointer of the unit in which it stands."""
        found: dict[str, tuple[Finding, ...]] = {}
        for start, unit in self.numbered():
            if unit.faults:
                moved = (
                    replace(fault, span=Span(start + fault.span.start, start + fault.span.end))
                    for fault in unit.faults
                )
                found[unit.pointer] = (*found.get(unit.pointer, ()), *moved)
        return found

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What could not be read: of the text as a whole, then of units in their order."""
        found = [fault for faults in self.faults_by_unit.values() for fault in faults]
        return (*self._units.faults, *found)

    @cached_property
    def has_anchors(self) -> bool:
        """Whether `$id`, `$anchor` or `$dynamicAnchor` may be stated somewhere."""
        known = self._units.has_anchors
        return may_have_anchors(self.text) if known is None else known

    @cached_property
    def data(self) -> Raw:
        """The data of the document; members are decoded when they are looked at."""
        units = self._units.units
        if len(units) == 1 and not units[0].path:
            return units[0].value
        return _tree(units)

    @cached_property
    def positions(self) -> Positions:
        """Where everything stands."""
        return _Positions(self)

    @cached_property
    def searched(self) -> str:
        """The text as positions are looked for in it; every character has its place."""
        loose = self.is_whole and self._units.notation == "json"
        text = relaxed_json(self.text) if loose else self.text
        return with_line_feeds(text) if self._has_lone_returns else text

    @cached_property
    def _has_lone_returns(self) -> bool:
        return has_lone_returns(self.text)

    def numbered(self) -> Iterator[tuple[int, Unit]]:
        """Start offset and unit, in the order of the text."""
        return zip(self._units.starts, self._units.units, strict=True)

    def edited(self, edit: Edit, text: str, reader: UnitReader | None = None) -> DocumentText:
        """The document after `edit`, which led to `text`. Raises UnreadableError as `read` does."""
        reader = reader or InProcess()
        found = units_after(self._units, self.text, edit, text, reader)
        if found is None:
            return DocumentText.read(text, reader)
        units, touched = found
        # What was found stays true at worst; only the new part can add something.
        anchors = self.has_anchors or may_have_anchors(touched.span.of(text))
        made = DocumentText(text, replace(units, has_anchors=anchors))
        if not self._has_lone_returns:
            around = Span(max(touched.span.start - 1, 0), touched.span.end + 1)
            made.__dict__["_has_lone_returns"] = has_lone_returns(around.of(text))
        return made


class _Positions(Positions):
    """Positions that hold no text of their own."""

    def __init__(self, document: DocumentText) -> None:
        sections = Sections(lambda: document.text, document.frame)
        super().__init__("", sections.members, sections.root)
        self._document = document

    @property
    def _text(self) -> str:
        return self._document.searched


def _tree(units: tuple[Unit, ...]) -> LazyMapping:
    """The document as nested mappings: of its units, and of its sections."""
    below: dict[Path, dict[Raw, Pending]] = {(): {}}
    section: Path = ()
    members = below[()]
    for unit in units:
        if unit.path[:-1] != section:
            section = unit.path[:-1]
            members = below.setdefault(section, {})
            for length in range(1, len(section) + 1):
                below.setdefault(section[: length - 1], {}).setdefault(
                    section[length - 1], _SECTION
                )
        members[unit.path[-1]] = unit
    return _mapping(below, ())


class _Section:
    """Stands for a mapping that has units of its own."""

    value: Raw = None


_SECTION = _Section()


def _mapping(below: dict[Path, dict[Raw, Pending]], path: Path) -> LazyMapping:
    pending = below[path]
    plain: dict[Raw, Raw] = dict.fromkeys(pending)
    sections = [name for name, member in pending.items() if member is _SECTION]
    for name in sections:
        plain[name] = _mapping(below, (*path, str(name)))
        del pending[name]
    return LazyMapping(plain, pending)
