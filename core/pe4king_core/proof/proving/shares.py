"""How the time of a proof is shared out: what quick tests leave over goes to slow ones."""

from __future__ import annotations

_CAREFUL = 2.0
"""The tests that are left may take so many times as long as those before them."""
_PART = 0.5
"""So much of what is likely to be left over may one test take."""


class Shares:
    """The shares of one proof's tests, asked for one after the other as each begins."""

    def __init__(self, end: float) -> None:
        """`end`: when all time is over (of a monotonic clock, as all times here)."""
        self._end = end
        self._first: float | None = None
        self._begun = 0

    def until(self, now: float, left: int) -> float:
        """When the test that begins now has to end; `left` tests are to be run, with this one."""
        rest = max(self._end - now, 0.0)
        fair = rest / max(left, 1)
        spare = rest - _CAREFUL * self._typical(now, rest) * (left - 1)
        self._first = now if self._first is None else self._first
        self._begun += 1
        return now + max(fair, _PART * spare)

    def _typical(self, now: float, rest: float) -> float:
        """How long one test took so far; nothing is to spare where that is not known."""
        return rest if self._first is None else (now - self._first) / self._begun
