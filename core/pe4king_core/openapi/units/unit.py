"""Units of a document: the data that crosses process borders.

The value of a unit is kept as marshalled bytes and decoded when it is first looked at. Texts
become units in `unit_reading`.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from pe4king_core.model.finding import Finding
from pe4king_core.model.json import join
from pe4king_core.model.text import Span
from pe4king_core.openapi.parsing.reading import collector_paused
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.units.splitting import Notation, Path

Member = tuple[str, int, int, int, int]
"""An operation of a path item: method key, start and end of its key, start and end of its region;
offsets from the start of the unit."""

HeadAt = tuple[Path, int, int, int]
"""A section: its path; start and end of its key and the start of its value, counted from the
start of its first unit (so all of them are negative)."""


@dataclass(slots=True, eq=False)
class Unit:
    """One unit. Offsets count from its own start, so it stays as it is when the text moves."""

    path: Path
    length: int
    key: Span
    value_span: Span
    payload: bytes | None
    """The marshalled value; None where nothing of it could be read."""
    members: tuple[Member, ...] | None = None
    """The operations of a path item, where the text shows what the data says."""
    faults: tuple[Finding, ...] = ()
    """What could not be read, with spans from the start of the unit."""
    _decoded: list[Raw] = field(default_factory=list, repr=False)

    @property
    def pointer(self) -> str:
        """The JSON pointer of the unit."""
        return join("", *self.path)

    @property
    def value(self) -> Raw:
        """The value; None where it is broken."""
        if not self._decoded and self.payload is not None:
            with collector_paused():
                self._decoded.append(marshal.loads(self.payload))  # noqa: S302 - made by us
        return self._decoded[0] if self._decoded else None


@dataclass(slots=True, eq=False)
class Units:
    """The units of one text in its order, with the offset at which each starts."""

    notation: Notation
    units: tuple[Unit, ...]
    starts: list[int]
    heads: tuple[HeadAt, ...] = ()
    """The sections that were cut into units."""
    faults: tuple[Finding, ...] = ()
    """What is wrong with the text as a whole; spans count from its start."""
    has_anchors: bool | None = None
    """Whether the text may state `$id`, `$anchor` or `$dynamicAnchor`, where that is known."""
    whole: bool = False
    """Whether the text had to be read as one: then no part of it can be read again alone."""


Row = tuple[
    int, Path, int, int, int, int, int, bytes | None, tuple[Member, ...] | None, tuple[Finding, ...]
]
"""A unit on its way: start, path, length, key, value, payload, members, faults."""

Batch = list[Row] | None
"""Some units; None: those before do not count, the text is read in another way."""


def assembled(parts: Iterable[Batch | Units]) -> Units:
    """The units of a stream: its batches, and the last `Units` for all but the units."""
    units: list[Unit] = []
    starts: list[int] = []
    frame: Units | None = None
    for part in parts:
        if part is None:
            units, starts = [], []
        elif isinstance(part, Units):
            frame = part
        else:
            for row in part:
                starts.append(row[0])
                units.append(
                    Unit(
                        row[1], row[2], Span(row[3], row[4]), Span(row[5], row[6]),
                        row[7], row[8], row[9],
                    )
                )  # fmt: skip
    if frame is None:
        raise ValueError("a stream of units without an end")
    return replace(frame, units=tuple(units), starts=starts)


class UnitReader(Protocol):
    """Reads units, here or in another process."""

    def read_units(self, text: str) -> Units:
        """The units of a whole document. Raises UnreadableError."""

    def read_part(self, text: str, section: Path, notation: Notation) -> Units | None:
        """Some members of `section`; None where only the whole document tells what they are."""
