"""Which failures are tried again: what a flaky test happens to fail on is no kill."""

from __future__ import annotations

from collections import Counter

from pe4king_core.proof.proving.runs import Run, same_answers
from pe4king_core.proof.running import Ended, RunResult

_CONFIRMED = 4
"""So many failures at one line: a check that fails every other time hardly comes through."""


class Confirming:
    """The kills of one test; a check that has failed again often enough is trusted."""

    def __init__(self) -> None:
        self._failed_again: Counter[int | None] = Counter()

    def is_wanted(self, result: RunResult) -> bool:
        """Whether a check has failed that has to fail again to be believed."""
        return result.ended is Ended.FAILED and self._failed_again[result.line] < _CONFIRMED

    def failed_again(self, result: RunResult) -> None:
        """It did."""
        self._failed_again[result.line] += 1


def contradicts(run: Run, again: Run) -> bool:
    """Whether a test that failed passes with the very same answers."""
    return run.went_wrong and again.passed and same_answers(run.seen, again.seen)
