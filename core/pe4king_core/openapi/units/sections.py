"""Where the units of a text and the sections that hold them stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from pe4king_core.model.json import split
from pe4king_core.model.text import Span
from pe4king_core.openapi.layout import keys
from pe4king_core.openapi.layout.blocks import last_line_end
from pe4king_core.openapi.layout.marks import Key, entry_end, entry_start
from pe4king_core.openapi.layout.members import FoundMembers, Members, NumberedMembers
from pe4king_core.openapi.units.splitting import Path
from pe4king_core.openapi.units.unit import Units


class Sections:
    """The members of a document and of its sections, as its units tell them.

    `text` gives the document's, which is not kept here.
    """

    def __init__(self, text: Callable[[], str], units: Units) -> None:
        self._text = text
        self._units = units

    def members(self, pointer: str) -> Members | None:
        """The members at `pointer`; None where the units do not tell them."""
        run = self._runs.get(tuple(split(pointer)))
        if run is None:
            return None
        if isinstance(run, FoundMembers):
            return run
        names = [unit.path[-1] for unit in self._units.units[run.start : run.stop]]
        starts = self._units.starts[run.start : run.stop]
        return NumberedMembers(names, starts, run.start, self._key)

    def root(self) -> Span:
        """The range of the document; its end is where the last unit ends."""
        if self._units.whole or not self._units.units or self._units.notation == "json":
            return keys.root(self._text())
        return keys.root(self._text(), self._end(len(self._units.units) - 1))

    def _end(self, number: int) -> int:
        return self._units.starts[number] + self._units.units[number].length

    @cached_property
    def _runs(self) -> Mapping[Path, range | FoundMembers]:
        """The units of each section, or its members where sections are among them."""
        units = self._units
        parts: dict[Path, list[range]] = {}
        first = 0
        section: Path | None = None
        for number, unit in enumerate(units.units):
            if unit.path[:-1] != section:
                if section is not None:
                    parts.setdefault(section, []).append(range(first, number))
                section, first = unit.path[:-1], number
        if section is not None:
            parts.setdefault(section, []).append(range(first, len(units.units)))
        heads = {path: offsets for path, *offsets in units.heads}
        if units.whole or any(path and path not in heads for path in parts):
            return {}
        found: dict[Path, range | FoundMembers] = {}
        for path in {(), *parts, *(path[:-1] for path in heads)}:
            runs = parts.get(path, [])
            inner = [head for head in heads if head[:-1] == path]
            if len(runs) == 1 and not inner:
                found[path] = runs[0]
            else:
                members = [self._key(number) for run in runs for number in run]
                members += [self._head(head, heads[head], parts) for head in inner]
                members.sort(key=lambda key: key.span.start)
                found[path] = FoundMembers(tuple(members))
        return found

    def _head(self, path: Path, offsets: list[int], parts: Mapping[Path, list[range]]) -> Key:
        """The key of a section; its value goes to the end of its last member."""
        runs = [run for above, runs in parts.items() if above[: len(path)] == path for run in runs]
        first = self._units.starts[min(run.start for run in runs)]
        end = self._end(max(run.stop for run in runs) - 1)
        key, key_end, value = (first + offset for offset in offsets)
        start = entry_start(self._text(), key)
        if self._units.notation == "yaml":
            return Key(path[-1], Span(key, key_end), Span(value, end), Span(start, end))
        closing = self._text().find("}", end) + 1
        whole = Span(value, closing or end)
        region = Span(start, entry_end(self._text(), whole.end))
        return Key(path[-1], Span(key, key_end), whole, region, exact=True)

    def _key(self, number: int) -> Key:
        unit, start = self._units.units[number], self._units.starts[number]
        value = Span(start + unit.value_span.start, start + unit.value_span.end)
        span = Span(start + unit.key.start, start + unit.key.end)
        if self._units.notation == "json":
            region = Span(entry_start(self._text(), span.start), entry_end(self._text(), value.end))
            return Key(unit.path[-1], span, value, region, exact=True)
        end = last_line_end(self._text(), value.start, value.end, unit.key.start)
        return Key(unit.path[-1], span, value, Span(start, end))
