"""Carrying a proof out: the sandbox around the runner, and reports of several languages as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pe4king_core.mock.mutant import Mutant
from pe4king_core.proof.proving.job import ProofJob, Runner, TestSource, Watcher
from pe4king_core.proof.report import Cell, ProofReport, Survivor, TestProof


class KeptRunner(Runner, Protocol):
    """A runner that says what a sandbox has to let it read."""

    @property
    def readable(self) -> tuple[Path, ...]:
        """Programs and libraries."""
        ...


def carry_out(job: ProofJob, runner: KeptRunner, watcher: Watcher | None = None) -> ProofReport:
    """Run `job` in a sandbox of its own; what `watcher` raises ends it and comes through."""
    from pe4king_core.proof.proving.proving import prove
    from pe4king_core.proof.sandbox.limits import Limits
    from pe4king_core.proof.sandbox.sandbox import Sandbox

    request = job.request
    sandbox = Sandbox(
        Limits(),
        sources=request.root,
        overlay=request.overlay,
        first=tuple(dict.fromkeys(path.parent for path in request.files)),
        readable=runner.readable,
    )
    report = prove(job, runner, sandbox, watcher)
    return replace(
        report,
        tests=in_source_order(report.tests, job.sources),
        problems=(*sandbox.problems, *report.problems),
    )


def in_source_order(
    tests: Sequence[TestProof], sources: Sequence[TestSource]
) -> tuple[TestProof, ...]:
    """As they stand in their files: JUnit has an order of its own.

    What is not written there, such as an inherited test, stays behind what it came after.
    """
    places = {
        (source.path, test.qualified_name): (number, test.span.start)
        for number, source in enumerate(sources)
        for test in source.file.tests
    }
    keys: list[tuple[int, int]] = []
    for test in tests:
        last = keys[-1] if keys else (-1, -1)
        keys.append(places.get((test.item.file, test.item.name), last))
    order = sorted(range(len(tests)), key=keys.__getitem__)
    return tuple(tests[number] for number in order)


def joined(reports: Sequence[ProofReport]) -> ProofReport:
    """Several reports as one: a mutant that two of them have is one mutant."""
    if len(reports) == 1:
        return reports[0]
    places: dict[tuple[str, str], int] = {}
    mutants: list[Mutant] = []
    tests: list[TestProof] = []
    survivors: dict[int, Survivor] = {}
    killed: set[int] = set()
    for report in reports:
        moved = [_place(each, places, mutants) for each in report.mutants]
        for test in report.tests:
            cells = tuple(replace(cell, mutant=moved[cell.mutant]) for cell in test.cells)
            tests.append(replace(test, cells=cells))
            killed |= {cell.mutant for cell in cells if _kills(cell)}
        for each in report.survivors:
            survivors.setdefault(moved[each.mutant], replace(each, mutant=moved[each.mutant]))
    alive = (survivors[index] for index in sorted(survivors) if index not in killed)
    return ProofReport(
        tuple(tests),
        tuple(mutants),
        tuple(alive),
        tuple(dict.fromkeys(each for report in reports for each in report.problems)),
        tuple(dict.fromkeys(each for report in reports for each in report.confinement)),
        "; ".join(dict.fromkeys(report.runner for report in reports if report.runner)),
        sum(report.left_out for report in reports),
    )


def _kills(cell: Cell) -> bool:
    from pe4king_core.proof.report import CellState

    return cell.state is CellState.KILLED


def _place(mutant: Mutant, places: dict[tuple[str, str], int], mutants: list[Mutant]) -> int:
    key = (mutant.operation, mutant.name)
    if key not in places:
        places[key] = len(mutants)
        mutants.append(mutant)
    return places[key]
