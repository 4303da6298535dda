"""One run of a test as judges see it, and how they ask for the next one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from pe4king_core.proof.proving.serving import Seen
from pe4king_core.proof.running import Ended, RunResult

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended, and what it asked the server."""

    result: RunResult
    seen: tuple[Seen, ...]

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.result.ended is Ended.PASSED

    @property
    def went_wrong(self) -> bool:
        """Whether an answer may have been the reason that it did not pass."""
        return self.result.ended in (Ended.FAILED, Ended.CRASHED, Ended.FIXTURE_ERROR)

    @property
    def has_fault(self) -> bool:
        """Whether the fault of the mutant showed."""
        return any(each.has_fault for each in self.seen)


Steps = Generator[None, Run, Given]
"""A judge at work: it sets the server up, yields, and is sent the run that was made with it."""


def same_answers(one: Sequence[Seen], other: Sequence[Seen]) -> bool:
    """Whether both were answered alike, as far as both went."""
    pairs = zip_longest(one[: len(other)], other[: len(one)])
    return all(_key(left) == _key(right) for left, right in pairs)


def _key(seen: Seen) -> tuple[str, int, bytes]:
    handled = seen.handled
    return handled.sent.target, handled.answer.status, handled.answer.body
