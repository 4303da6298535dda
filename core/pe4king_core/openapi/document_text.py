"""The text of a document with its units: what is read, where it stands, and what one edit changes.

A `DocumentText` never changes. `edited` gives the one for the next text: units that the edit did
not touch are shared, so a keystroke costs the reading of one unit.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from pe4king_core.model.finding import Finding
from pe4king_core.model.text import Edit, Span
from pe4king_core.openapi.anchors import may_have_anchors
from pe4king_core.openapi.blocks import last_line_end
from pe4king_core.openapi.lazy import LazyMapping, Pending
from pe4king_core.openapi.marks import Key, entry_end, entry_start
from pe4king_core.openapi.positions import Positions
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.splitting import Path
from pe4king_core.openapi.units import InProcess, Unit, UnitReader, Units

_ALIAS = re.compile(r"[:\-,\[][ \t]+[*&][A-Za-z0-9_]")


class DocumentText:
    """One text of a document, its data and its positions."""

    def __init__(self, text: str, units: Units) -> None:
        self.text = text
        self._units = units

    @classmethod
    def read(cls, text: str, reader: UnitReader | None = None) -> DocumentText:
        """Reads a whole text. Raises UnreadableError where nothing of it can be used."""
        return cls(text, (reader or InProcess()).read_units(text))

    @property
    def is_whole(self) -> bool:
        """Whether the text had to be read as one."""
        return self._units.whole

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
        return {
            unit.pointer: tuple(
                replace(fault, span=Span(start + fault.span.start, start + fault.span.end))
                for fault in unit.faults
            )
            for start, unit in self.numbered()
            if unit.faults
        }

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What could not be read: of the text as a whole, then of units in their order."""
        found = [fault for faults in self.faults_by_unit.values() for fault in faults]
        return (*self._units.faults, *found)

    @cached_property
    def has_anchors(self) -> bool:
        """Whether `$id`, `$anchor` or `$dynamicAnchor` may be stated somewhere."""
        return may_have_anchors(self.text)

    @cached_property
    def data(self) -> Raw:
        """The data of the document; members are decoded when they are looked at."""
        units = self._units.units
        if len(units) == 1 and not units[0].path:
            return units[0].value
        return _tree(units, 0)

    @cached_property
    def positions(self) -> Positions:
        """Where everything stands."""
        return Positions(self.text, self._known)

    def numbered(self) -> Iterator[tuple[int, Unit]]:
        """Start offset and unit, in the order of the text."""
        return zip(self._units.starts, self._units.units, strict=True)

    @cached_property
    def _by_section(self) -> Mapping[str, Mapping[str, Key]]:
        """The members of the document and of its sections by pointer and name."""
        found: dict[str, dict[str, Key]] = {}
        heads = {path: offsets for path, *offsets in self._units.heads}
        ends: dict[Path, int] = {}
        for start, unit in self.numbered():
            for length in range(1, len(unit.path)):
                section = unit.path[:length]
                if section not in ends and section in heads:
                    _under(found, section)[section[-1]] = self._head(section, start, heads[section])
                ends[section] = start + unit.length
            _under(found, unit.path)[unit.path[-1]] = self._key(unit, start)
        for section, end in ends.items():
            members = _under(found, section)
            if section[-1] in members:
                members[section[-1]] = self._closed(members[section[-1]], end)
        return found

    def _head(self, path: Path, start: int, offsets: list[int]) -> Key:
        key, key_end, value = (start + offset for offset in offsets)
        return Key(path[-1], Span(key, key_end), Span(value, value), Span(key, key))

    def _closed(self, head: Key, end: int) -> Key:
        """`head` with its value up to the end of its last member, and the bracket after it."""
        start = entry_start(self.text, head.span.start)
        if self._units.notation == "yaml":
            return Key(head.name, head.span, Span(head.value.start, end), Span(start, end))
        closing = self.text.find("}", end) + 1
        value = Span(head.value.start, closing or end)
        region = Span(start, entry_end(self.text, value.end))
        return Key(head.name, head.span, value, region, exact=True)

    def _key(self, unit: Unit, start: int) -> Key:
        value = Span(start + unit.value_span.start, start + unit.value_span.end)
        span = Span(start + unit.key.start, start + unit.key.end)
        if self._units.notation == "json":
            region = Span(entry_start(self.text, span.start), entry_end(self.text, value.end))
            return Key(unit.path[-1], span, value, region, exact=True)
        end = last_line_end(self.text, value.start, value.end, unit.key.start)
        return Key(unit.path[-1], span, value, Span(start, end))

    def _known(self, pointer: str) -> Mapping[str, Key] | None:
        """The members of a section, which need not be searched for again."""
        return None if self._units.whole else self._by_section.get(pointer)

    def edited(self, edit: Edit, text: str, reader: UnitReader | None = None) -> DocumentText:
        """The document after `edit`, which led to `text`. Raises UnreadableError as `read` does."""
        reader = reader or InProcess()
        if not self._units.whole:
            made = self._with_part(edit, text, reader)
            if made is not None:
                return made
        return DocumentText.read(text, reader)

    def _with_part(self, edit: Edit, text: str, reader: UnitReader) -> DocumentText | None:
        """The document with the touched units read again; None where that is not enough."""
        old = self._units
        first = bisect.bisect_right(old.starts, edit.span.start) - 1
        last = bisect.bisect_left(old.starts, max(edit.span.end, edit.span.start + 1)) - 1
        if first < 0 or last < first:
            return None
        touched = old.units[first : last + 1]
        section = touched[0].path[:-1]
        end = old.starts[last] + touched[-1].length
        if edit.span.end > end or any(unit.path[:-1] != section for unit in touched):
            return None
        shift = len(edit.text) - (edit.span.end - edit.span.start)
        start = old.starts[first]
        between = text[start : end + shift]
        part = reader.read_part(between, section, old.notation)
        if part is None or not self._fits(touched[0], part, between):
            return None
        units = (*old.units[:first], *part.units, *old.units[last + 1 :])
        starts = old.starts[:first]
        starts += [start + offset for offset in part.starts]
        starts += [offset + shift for offset in old.starts[last + 1 :]]
        made = DocumentText(text, Units(old.notation, units, starts, heads=old.heads))
        if "has_anchors" in self.__dict__:
            # What was found stays true at worst; only the new part can add something.
            made.__dict__["has_anchors"] = self.has_anchors or may_have_anchors(between)
        return made

    def _fits(self, before: Unit, part: Units, text: str) -> bool:
        """Whether the units read anew take the place of those before without further doubt."""
        if not part.units:
            return False
        if self._units.notation == "yaml" and part.units[0].key.start != before.key.start:
            return False
        # An alias may name what stands in another unit.
        return not any(unit.faults for unit in part.units) or not _ALIAS.search(text)


def _tree(units: tuple[Unit, ...], depth: int) -> LazyMapping:
    plain: dict[Raw, Raw] = {}
    pending: dict[Raw, Pending] = {}
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        name = unit.path[depth]
        if len(unit.path) == depth + 1:
            plain[name] = None
            pending[name] = unit
        else:
            plain.setdefault(name, None)
            groups.setdefault(name, []).append(unit)
    for name, members in groups.items():
        plain[name] = _tree(tuple(members), depth + 1)
    return LazyMapping(plain, pending)


def _under(found: dict[str, dict[str, Key]], path: Path) -> dict[str, Key]:
    """The members of the section in which `path` stands; names of sections need no escaping."""
    return found.setdefault("".join(f"/{name}" for name in path[:-1]), {})
