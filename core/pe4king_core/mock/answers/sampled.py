"""Samples as they are answered: whole resources, lists of several items, other values by turns."""

from __future__ import annotations

from zlib import crc32

from pe4king_core.generation.samples.samples import Samples
from pe4king_core.generation.samples.sampling import At
from pe4king_core.openapi.schema.values import Direction

_SHIFT = 32
_SLOWEST = 3 << 30
"""Three quarters of a step in a round; every place has a pace of its own."""
_DRAWN = 97
_BUDGET = 500
"""How many values there are in one of the later rounds, before only what is required is added."""
_MANY, _SOME = 3, 2


class AnswerSamples(Samples):
    """Makes values of answers; `round_` 0 is the first choice of everything.

    In even rounds each place takes its choices one after the other, so that long enums come to
    their end; in odd rounds they are drawn, so that choices that depend on each other (a branch, a
    branch inside of it) meet in every way.
    """

    def __init__(self, round_: int = 0) -> None:
        super().__init__(1 + round_, everything=True, direction=Direction.RESPONSE)
        self._round = round_
        if round_:
            self.budget = _BUDGET

    def turn(self, at: At) -> int:
        """Which of several values is taken at this place; items of a list follow each other."""
        if not self._round:
            return at.number
        path = f"{at.path}/{at.name}"
        if self._round % 2:
            return _hashed(f"{self._round}{path}") % _DRAWN + at.number
        place = _hashed(path)
        steps = (self._round // 2) * (_SLOWEST + place // 4) >> _SHIFT
        return steps + place % _DRAWN + at.number

    def usual_count(self, inside: At, /) -> int:
        """Three items in a list, two in a list within its first one, else one."""
        lists = inside.path.count("/0")
        if lists <= 1:
            return _MANY
        return _SOME if lists == _SOME and not inside.number else 1


def _hashed(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))
