"""Where the tests of a file stand, and the file around them.

What a test means follows from its own text and from the file without its tests (the surroundings),
never from another test. So a keystroke in one test leaves all others as they were.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.text import Span


@dataclass(frozen=True, slots=True)
class Place:
    """One test: its whole text with decorators or documentation, its name, its classes.

    `holder` is the offset of the name of the class that it stands in, -1 where there is none.
    `damaged`: syntax errors, or an end that is only guessed.
    """

    span: Span
    name: Span
    classes: tuple[str, ...] = ()
    holder: int = -1
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """What a part of a text that starts like a test holds, in offsets from its start.

    `torn`: it ends inside of a string or a comment, so what looks like the next test may be none.
    `assigned`: names that its code gives a value. `plain`: it is a test only if its class says so.
    """

    end: int
    damaged: bool
    torn: bool = False
    assigned: frozenset[str] = frozenset()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A file without its tests; a stub stands for each run of tests with nothing between them."""

    text: str
    stubs: tuple[Span, ...]
    _there: tuple[int, ...]
    """Where its pieces start in `text`, alternately file text and stubs."""
    _here: tuple[int, ...]
    """Where they start in the file."""

    @classmethod
    def of(cls, text: str, found: Sequence[Sequence[Place]], stubs: Sequence[str]) -> Surroundings:
        """Those of the runs `found` in `text`, with a stub for each."""
        pieces, there, here = [], [0], [0]
        size = position = 0
        for run, stub in zip(found, stubs, strict=True):
            start, end = run[0].span.start, run[-1].span.end
            pieces += [text[position:start], stub]
            size += start - position
            there += [size, size + len(stub)]
            here += [start, end]
            size, position = size + len(stub), end
        pieces.append(text[position:])
        spans = tuple(map(Span, there[1::2], there[2::2]))
        return cls("".join(pieces), spans, tuple(there), tuple(here))

    def to_file(self, offset: int) -> int:
        """The place in the file of `offset` in `text`, which is in no stub."""
        index = max(bisect.bisect_left(self._there, offset) - 1, 0)
        return self._here[index] + offset - self._there[index]

    def from_file(self, offset: int) -> int:
        """The place in `text` of `offset` in the file, which is in no test."""
        index = bisect.bisect_right(self._here, offset) - 1
        return self._there[index] + offset - self._here[index]


def runs(text: str, places: Sequence[Place]) -> list[list[Place]]:
    """`places` in groups of one class with nothing but white space between them."""
    found: list[list[Place]] = []
    end = 0
    for place in places:
        beside = found and found[-1][-1].holder == place.holder
        if beside and not text[end : place.span.start].strip():
            found[-1].append(place)
        else:
            found.append([place])
        end = place.span.end
    return found
