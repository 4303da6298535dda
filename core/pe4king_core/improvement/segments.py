"""Segments of paths: those of a document's templates, and those of a call with its holes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

HOLE = "{}"
LITERAL = 1 << 20
"""The weight of a segment that is written out; more than any template with a parameter has."""

_MARK = "\0"
_PARAMETER = re.compile(r"\{[^{}]*\}")
_LONGEST = 200
_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A segment of a template: literal `pieces`, and how many parameters stand between two."""

    pieces: tuple[str, ...]
    gaps: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def is_literal(self) -> bool:
        """Whether it has no parameter."""
        return not self.gaps

    @property
    def is_parameter(self) -> bool:
        """Whether it is nothing but a parameter."""
        return self.pieces == ("", "") and self.gaps == (1,)

    @property
    def weight(self) -> int:
        """How much it states: everything, some characters, or nothing."""
        return sum(map(len, self.pieces)) if self.gaps else LITERAL

    def fits(self, text: str) -> bool:
        """Whether every value of the holes of `text` is a value of this pattern."""
        if not self.gaps:
            return text == self.pieces[0]
        first, last = self.pieces[0], self.pieces[-1]
        if not text.startswith(first):
            return False
        place = len(first)
        # The earliest place for each literal leaves the most room for those that follow.
        for piece, gap in zip(self.pieces[1:-1], self.gaps, strict=False):
            place = text.find(piece, place + gap)
            if place < 0:
                return False
            place += len(piece)
        return text.endswith(last) and len(text) - len(last) >= place + self.gaps[-1]

    def could_fit(self, text: str) -> bool:
        """Whether some value of the holes of `text` is a value of this pattern."""
        if _MARK not in text:
            return self.fits(text)
        if text == _MARK:
            return True
        mine: list[str] = []
        for number, piece in enumerate(self.pieces):
            mine += piece
            if number < len(self.gaps):
                mine += [_ANY] * self.gaps[number] + [_MANY]
        theirs = [_MANY if letter == _MARK else letter for letter in text]
        return len(mine) <= _LONGEST >= len(theirs) and _meet(mine, theirs)


_ANY = "any"
_MANY = "many"


def _meet(one: list[str], other: list[str]) -> bool:
    """Whether a text exists that both wildcard patterns take."""
    reached = [[False] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one), -1, -1):
        for j in range(len(other), -1, -1):
            mine = one[i] if i < len(one) else None
            theirs = other[j] if j < len(other) else None
            if mine is None and theirs is None:
                reached[i][j] = True
            elif _MANY in (mine, theirs):
                down = mine is not None and reached[i + 1][j]
                reached[i][j] = down or (theirs is not None and reached[i][j + 1])
            elif mine is not None and theirs is not None:
                same = mine == theirs or _ANY in (mine, theirs)
                reached[i][j] = same and reached[i + 1][j + 1]
    return reached[0][0]


@dataclass(frozen=True, slots=True)
class CallSegment:
    """A segment of a call's path; holes have their names in the test, "" where they have none."""

    text: str
    names: tuple[str, ...] = ()

    @property
    def is_hole(self) -> bool:
        """Whether all of it is computed by the test."""
        return self.text == _MARK

    @property
    def is_known(self) -> bool:
        """Whether nothing of it is computed."""
        return _MARK not in self.text

    @property
    def shown(self) -> str:
        """As the test has it, with `{}` for what it computes."""
        return self.text.replace(_MARK, HOLE)


def split_path(path: str) -> list[str]:
    """The segments of `path` as written; query, fragment and empty segments are left out."""
    plain = path.partition("#")[0].partition("?")[0]
    return [segment for segment in plain.split("/") if segment]


def pattern_of(segment: str) -> Pattern:
    """The pattern that a segment of a template stands for."""
    pieces, gaps = [""], list[int]()
    names = tuple(match.group()[1:-1] for match in _PARAMETER.finditer(segment))
    for number, piece in enumerate(_PARAMETER.split(segment)):
        if number and piece == "" and pieces[-1] == "" and gaps:
            gaps[-1] += 1  # two parameters side by side
        elif number:
            gaps.append(1)
            pieces.append(unquote(piece))
        else:
            pieces[0] = unquote(piece)
    return Pattern(tuple(pieces), tuple(gaps), names)


def call_segments(path: str, names: tuple[str, ...]) -> tuple[CallSegment, ...]:
    """The segments of the path of a call; `names` are those of its holes in their order."""
    found: list[CallSegment] = []
    used = 0
    for segment in split_path(path):
        holes = segment.count(HOLE)
        own = names[used : used + holes]
        used += holes
        text = unquote(segment.replace("%00", "%2500").replace(HOLE, _MARK))
        found.append(CallSegment(text, own))
    return tuple(found)


def plain_name(name: str) -> str:
    """A name without case and separators: `bookId`, `book_id` and `book-id` are one."""
    return _WORDS.sub("", name.rpartition(".")[2].lower())
