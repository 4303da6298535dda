"""Evidence for a proposal: which levels were checked, what came out, and what it amounts to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.model.message import Message
from pe4king_core.model.text import Span


class Level(StrEnum):
    """The levels of proof in their order (SPEC section 4)."""

    PARSES = "parses"
    RESOLVES = "resolves"
    KEEPS = "keeps"
    CONTRACT = "contract"
    SAFE = "safe"
    PASSES = "passes"
    KILLS = "kills"


class LevelState(StrEnum):
    """What one level found."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    NOT_RUN = "not_run"


class Outcome(StrEnum):
    """GREEN: all levels hold. AMBER: offered with what is missing. RED: not offered as an edit."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class LevelResult:
    """The result of one level, with its reason and, where known, its place."""

    level: Level
    state: LevelState
    reason: Message = Message("", "")
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Kills:
    """How many mutants the tests of a proposal kill, before it and after it, of how many."""

    before: int
    after: int
    mutants: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All levels of one proposal in their order; a level that is missing was not run."""

    levels: tuple[LevelResult, ...] = ()
    kills: Kills | None = None
    """None where no mutant was tried."""

    @property
    def outcome(self) -> Outcome:
        """Red on any failure; green only when every level passed; amber otherwise."""
        states = {result.level: result.state for result in self.levels}
        if LevelState.FAILED in states.values():
            return Outcome.RED
        complete = all(states.get(level) is LevelState.PASSED for level in Level)
        return Outcome.GREEN if complete else Outcome.AMBER

    def state(self, level: Level) -> LevelState:
        """The state of `level`; a level that is not listed was not run."""
        return next((r.state for r in self.levels if r.level is level), LevelState.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of facts: which it accepts, and why the others were turned away.

    Indices refer to the sequence that was judged.
    """

    accepted: tuple[int, ...]
    rejected: tuple[tuple[int, Message], ...] = ()
    warnings: tuple[Message, ...] = ()
