"""The figures of a proof, counted once: what tests did to each mutant, by operation and kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.proof.report import (
    Cell,
    CellState,
    Count,
    Judged,
    ProofReport,
    Survivor,
    TestProof,
)

OTHER_ENDS = (CellState.CRASHED, CellState.FIXTURE_ERROR, CellState.TIMEOUT)
"""How a test ends that neither passes nor kills."""


@dataclass(frozen=True, slots=True)
class Group:
    """The mutants (indices of the report) of one operation and kind."""

    operation: str
    kind: MutantKind
    mutants: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Accident:
    """A test that broke on a mutant's fault though none of its checks failed."""

    test: TestProof
    cell: Cell


class Tally:
    """What can be said of a report in numbers."""

    def __init__(self, report: ProofReport) -> None:
        self.report = report
        self._states: list[set[CellState]] = [set() for _ in report.mutants]
        self._tried: set[int] = set()
        self._accidents: dict[int, Accident] = {}
        for test in report.tests:
            for cell in test.cells:
                self._tried.add(cell.mutant)
                if not test.concerns(cell, report.mutants):
                    continue
                self._states[cell.mutant].add(cell.state)
                if cell.state in OTHER_ENDS:
                    self._accidents.setdefault(cell.mutant, Accident(test, cell))
        self.groups = _groups(report)

    def count(self, mutants: Iterable[int]) -> Count:
        """How many of `mutants` some test killed, of how many that some test reached."""
        killed = reached = 0
        for index in mutants:
            states = self._states[index]
            reached += bool(states)
            killed += CellState.KILLED in states
        return Count(killed, reached)

    def noticed(self, kind: MutantKind) -> Count:
        """As `of_kind`, with what tests noticed by accident."""
        places = [place for place, each in enumerate(self.report.mutants) if each.kind is kind]
        found = [self._states[place] - {CellState.SURVIVED} for place in places]
        return Count(sum(map(bool, found)), self.of_kind(kind).reached)

    def of_kind(self, kind: MutantKind) -> Count:
        """The count of one kind of mutants."""
        mutants = self.report.mutants
        return self.count(index for index, each in enumerate(mutants) if each.kind is kind)

    def untried(self, kind: MutantKind) -> int:
        """How many mutants of a kind no test was run against, of operations that tests judge."""
        return sum(place not in self._tried for place in self._judged(kind))

    def unreached(self, kind: MutantKind) -> int:
        """How many of those that were tried showed in no answer."""
        places = self._judged(kind)
        return sum(place in self._tried and not self._states[place] for place in places)

    def _judged(self, kind: MutantKind) -> Iterator[int]:
        """The mutants of a kind, but for operations that tests only prepare things with."""
        tests = self.report.tests
        judged = {key for test in tests for key in test.operations if key not in test.prepared}
        for place, each in enumerate(self.report.mutants):
            if each.kind is kind and each.operation in judged:
                yield place

    @property
    def all(self) -> Count:
        """The count of all mutants."""
        return self.count(range(len(self.report.mutants)))

    @property
    def operations(self) -> tuple[str, ...]:
        """Keys of the operations with mutants, in the order of the report."""
        return tuple(dict.fromkeys(group.operation for group in self.groups))

    def group(self, operation: str, kind: MutantKind) -> Count:
        """The count of one operation and kind."""
        wanted = (each for each in self.groups if (each.operation, each.kind) == (operation, kind))
        return self.count(index for group in wanted for index in group.mutants)

    def verdicts(self) -> dict[Judged, int]:
        """How many tests are what; every verdict is there."""
        found = dict.fromkeys(Judged, 0)
        for test in self.report.tests:
            found[test.judged] += 1
        return found

    def accident(self, survivor: Survivor) -> Accident | None:
        """The first test that broke on it, where one did."""
        return self._accidents.get(survivor.mutant)

    @property
    def unnoticed(self) -> tuple[Survivor, ...]:
        """Survivors that every test passed with."""
        return tuple(each for each in self.report.survivors if self.accident(each) is None)

    @property
    def by_accident(self) -> tuple[Survivor, ...]:
        """Survivors that some test broke on, though not by a check."""
        return tuple(each for each in self.report.survivors if self.accident(each) is not None)

    @property
    def idle(self) -> tuple[TestProof, ...]:
        """Tests that pass whatever fault is in their answers."""
        wanted = (each for each in self.report.tests if each.judged is Judged.PASSES)
        return tuple(each for each in wanted if _states(each) == {CellState.SURVIVED})

    @property
    def harmless(self) -> bool:
        """Whether no test fails where it should not."""
        verdicts = self.verdicts()
        return not verdicts[Judged.FALSE_ALARM] and not verdicts[Judged.FLAKY]


def _states(test: TestProof) -> set[CellState]:
    return {cell.state for cell in test.cells} - {CellState.NOT_REACHED}


def of_test(test: TestProof, mutants: Sequence[Mutant]) -> Count:
    """The kills of one test, of the report's `mutants`."""
    states = [cell.state for cell in test.cells if test.concerns(cell, mutants)]
    return Count(sum(state is CellState.KILLED for state in states), len(states))


def percent(count: Count) -> str:
    """`95 %`; 100 means all and 0 none. A dash where nothing was reached."""
    if not count.reached:
        return "–"
    least, most = int(count.killed > 0), 100 - int(count.killed < count.reached)
    return f"{min(most, max(least, round(100 * count.rate)))} %"


def _groups(report: ProofReport) -> tuple[Group, ...]:
    """By operation in the order of the mutants, those of the contract before those of laws."""
    found: dict[tuple[str, MutantKind], list[int]] = {}
    order: Sequence[str] = list(dict.fromkeys(mutant.operation for mutant in report.mutants))
    for operation in order:
        for kind in MutantKind:
            found[operation, kind] = []
    for index, mutant in enumerate(report.mutants):
        found[mutant.operation, mutant.kind].append(index)
    return tuple(Group(*key, tuple(indices)) for key, indices in found.items() if indices)
