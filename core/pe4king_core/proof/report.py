"""What a proof comes to: a verdict for each test, and which test kills which mutant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message
from pe4king_core.proof.running import TestItem


class Judged(StrEnum):
    """What a test is, by its runs against the conforming server."""

    PASSES = "passes"
    FALSE_ALARM = "false alarm"
    """It fails on an answer that the document allows."""
    FLAKY = "flaky"
    """The same answers, another outcome."""
    UNPROVEN = "unproven"


class CellState(StrEnum):
    """What one test does to one mutant. Only `KILLED` is a kill."""

    KILLED = "killed"
    SURVIVED = "survived"
    CRASHED = "crash"
    FIXTURE_ERROR = "fixture error"
    TIMEOUT = "timeout"
    NOT_REACHED = "not reached"
    """The fault never showed in an answer to this test."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One test against one mutant; `mutant` is an index into the report's mutants."""

    mutant: int
    state: CellState
    message: str = ""
    """The failure, in the runner's words."""


@dataclass(frozen=True, slots=True)
class TestProof:
    """The verdict of one test; `reason` says why it is not `PASSES`, or not on every seed."""

    __test__ = False

    item: TestItem
    judged: Judged
    reason: Message = Message("", "")
    operations: tuple[str, ...] = ()
    """Keys of the operations that its baseline reached."""
    cells: tuple[Cell, ...] = ()
    seeds: int = 0
    """How many varied servers it passed on."""
    seconds: float = 0.0
    """One plain run."""
    unfinished: int = 0
    """Mutants that it was not run against, as its part of the time was used up or it hung."""
    prepared: tuple[str, ...] = ()
    """Keys of the operations that it calls to set up or clean up only."""
    ends: int = 0
    """On how many servers that show nothing of the document's examples it passed."""
    harm: Message | None = None
    """What it did beside testing: it hung, or ended the test runner."""
    hosts: tuple[str, ...] = ()
    """The hosts that it called beside this machine; our server answered in their place."""

    def concerns(self, cell: Cell, mutants: Sequence[Mutant]) -> bool:
        """Whether a cell of it counts: where it only prepares something, its kills alone do."""
        if cell.state is CellState.KILLED:
            return True
        is_prepared = mutants[cell.mutant].operation in self.prepared
        return cell.state is not CellState.NOT_REACHED and not is_prepared


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that was reached but no test killed; `fact` would kill it, where one is known."""

    mutant: int
    fact: AssertionFact | None = None
    test: str = ""
    """The test (an item's id) that the fact belongs to."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of mutants: how many some test killed, of how many that some test reached."""

    killed: int = 0
    reached: int = 0

    @property
    def rate(self) -> float:
        """From 0 to 1; 1 where nothing was reached."""
        return self.killed / self.reached if self.reached else 1.0


@dataclass(frozen=True, slots=True)
class ProofReport:
    """All of it; the order of tests and mutants is that in which they were found."""

    tests: tuple[TestProof, ...] = ()
    mutants: tuple[Mutant, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    problems: tuple[Message, ...] = ()
    confinement: tuple[Message, ...] = ()
    runner: str = ""
    left_out: int = 0
    """Pairs of test and mutant that were not tried for want of time or by choice."""
    harm: Message | None = None
    """What kept all tests from being run, where that is the tests' own doing."""

    def states(self, mutant: int) -> Iterator[CellState]:
        """What the tests that are concerned with it did to one mutant."""
        for test in self.tests:
            for cell in test.cells:
                if cell.mutant == mutant and test.concerns(cell, self.mutants):
                    yield cell.state

    def count(self, kind: MutantKind) -> Count:
        """Kills of one kind of mutants."""
        killed = reached = 0
        for index, mutant in enumerate(self.mutants):
            states = set(self.states(index)) if mutant.kind is kind else set()
            reached += bool(states)
            killed += CellState.KILLED in states
        return Count(killed, reached)
