"""The figures of a proof, counted once: what tests did to each mutant, by operation and kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.proof.report import CellState, Count, Judged, ProofReport, TestProof


@dataclass(frozen=True, slots=True)
class Group:
    """The mutants (indices of the report) of one operation and kind."""

    operation: str
    kind: MutantKind
    mutants: tuple[int, ...]


class Tally:
    """What can be said of a report in numbers."""

    def __init__(self, report: ProofReport) -> None:
        self.report = report
        self._states: list[set[CellState]] = [set() for _ in report.mutants]
        for test in report.tests:
            for cell in test.cells:
                self._states[cell.mutant].add(cell.state)
        self.groups = _groups(report)

    def count(self, mutants: Iterable[int]) -> Count:
        """How many of `mutants` some test killed, of how many that some test reached."""
        killed = reached = 0
        for index in mutants:
            states = self._states[index]
            reached += bool(states - {CellState.NOT_REACHED})
            killed += CellState.KILLED in states
        return Count(killed, reached)

    def of_kind(self, kind: MutantKind) -> Count:
        """The count of one kind of mutants."""
        mutants = self.report.mutants
        return self.count(index for index, each in enumerate(mutants) if each.kind is kind)

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

    @property
    def harmless(self) -> bool:
        """Whether no test fails where it should not."""
        verdicts = self.verdicts()
        return not verdicts[Judged.FALSE_ALARM] and not verdicts[Judged.FLAKY]


def of_test(test: TestProof) -> Count:
    """The kills of one test."""
    states = [cell.state for cell in test.cells]
    reached = sum(state is not CellState.NOT_REACHED for state in states)
    return Count(sum(state is CellState.KILLED for state in states), reached)


def percent(count: Count) -> str:
    """`95 %`, rounded down, so that 100 means all; a dash where nothing was reached."""
    return f"{100 * count.killed // count.reached} %" if count.reached else "–"


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
