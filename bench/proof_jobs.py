"""One suite of one document, proven: what is run, by which runner, and what becomes of it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from bench.proof_suites import Source
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import read
from pe4king_core.proof.proving.job import Api, ProofJob, Runner, TestSource
from pe4king_core.proof.proving.proving import prove
from pe4king_core.proof.report import CellState, Judged, ProofReport
from pe4king_core.proof.runners.python.runner import PythonRunner
from pe4king_core.proof.running import RunRequest
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.sandbox import Sandbox
from pe4king_core.rendering.format import environment_name
from pe4king_core.testcode import read_tests
from pe4king_server.actions.writing import schemes_of

ROOT = Path(__file__).parents[1]
_SHARED = Path(os.environ.get("PE4KING_SHARED", ROOT.parent / "shared"))
PLACEHOLDER = "demo:key"
_WRONG = frozenset({CellState.CRASHED, CellState.FIXTURE_ERROR, CellState.TIMEOUT})
SAMPLES: Mapping[str, int] = MappingProxyType(
    {
        "small/museum.yaml": 0,
        "small/realworld.yml": 0,
        "small/petstore3.yaml": 0,
        "bookstore": 0,
        "mid/resend.yaml": 8,
        "large/github-api.json": 8,
    }
)
"""How many operations are taken of each document, every n-th of it; 0: all."""


class ReadingRunner(Runner, Protocol):
    """A runner that says what a sandbox has to let it read."""

    @property
    def readable(self) -> tuple[Path, ...]:
        """Files and folders."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """A suite on disk, ready to be proven; `most` mutants for one test, 0: as many as for all.

    `generated` are the tests that have to pass for every answer that the document allows; None: all
    that are read in the files. `lost` are those in files with syntax errors, which nothing can run.
    """

    paths: tuple[Path, ...]
    runner: ReadingRunner
    generated: frozenset[str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    most: int = 0
    lost: int = 0


MutantKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Mutants of one kind: those reached, those killed, those that only made tests break."""

    reached: frozenset[MutantKey] = frozenset()
    killed: frozenset[MutantKey] = frozenset()
    broke: frozenset[MutantKey] = frozenset()

    @property
    def rate(self) -> float:
        """Killed of those reached; 1 where nothing was."""
        return len(self.killed) / len(self.reached) if self.reached else 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of one suite; `failed` says why there is nothing to tell."""

    tests: int = 0
    contract: Tally = Tally()
    law: Tally = Tally()
    alarms: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    seconds: float = 0.0
    runs: int = 0
    lost: int = 0
    failed: str = ""


def source_of(name: str, seed: int) -> Source | None:
    """A document by its name, None where it is not here."""
    bookstore = ROOT / "examples" / "bookstore" / "openapi.yaml"
    path = bookstore if name == "bookstore" else _SHARED / "specs" / name
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    document, raw = load(text, path.as_uri()), read(text)
    keys = [operation.key for operation in document.operations]
    most = SAMPLES.get(name, 12)
    step = max(len(keys) // most, 1) if most else 1
    chosen = keys[::step][: most or None]
    return Source(path, document, cast("Mapping[str, object]", raw), frozenset(chosen), seed)


def python_runner() -> PythonRunner:
    """pytest of our own interpreter."""
    return PythonRunner(Path(sys.executable))


def proven(source: Source, root: Path, made: Made, mutants: int, seeds: int) -> Figures:
    """Run the suite against everything.

    A mutant that one test has killed is tried on no other: what is killed at all stays the same.
    """
    job = job_of(source, root, made, made.most or mutants, seeds=seeds, enough=1)
    box = Sandbox(Limits(), sources=root, readable=made.runner.readable)
    start = time.perf_counter()
    report = prove(job, made.runner, box)
    return _figures(report, time.perf_counter() - start, made.lost)


def in_scratch(prefix: str) -> tempfile.TemporaryDirectory[str]:
    """A folder for one suite."""
    return tempfile.TemporaryDirectory(prefix=f"pe4king-{prefix}-")


def credentials(source: Source) -> dict[str, str]:
    """What generated tests read beside the address."""
    named = {environment_name(each): PLACEHOLDER for each in schemes_of(source.document)}
    return {**named, "API_EXISTING_DATA": "1"}


def job_of(
    source: Source, root: Path, made: Made, mutants: int, *, seeds: int, enough: int = 0
) -> ProofJob:
    """The suite as a job."""
    request = RunRequest(
        root,
        made.paths,
        base_urls=("API_BASE_URL",),
        environment={**credentials(source), **made.environment},
        total_seconds=1800,
    )
    sources = tuple(_source(path, made) for path in made.paths)
    api = Api(source.path.stem, source.document, lambda: source.raw)
    return ProofJob((api,), request, sources, seeds=seeds, mutants=mutants, enough=enough)


def _source(path: Path, made: Made) -> TestSource:
    language = SourceLanguage.JAVA if path.suffix == ".java" else SourceLanguage.PYTHON
    known = path.suffix in (".java", ".py")
    file = read_tests(path.read_text(encoding="utf-8") if known else "", language)
    names = frozenset(test.qualified_name for test in file.tests)
    return TestSource(path, file, names if made.generated is None else made.generated)


def _figures(report: ProofReport, seconds: float, lost: int) -> Figures:
    wrong = {Judged.FALSE_ALARM, Judged.FLAKY}
    told = {test: f"{test.judged}: {test.item.id}: {test.reason.en[:300]}" for test in report.tests}
    return Figures(
        len(report.tests),
        _tally(report, MutantKind.CONTRACT),
        _tally(report, MutantKind.LAW),
        tuple(told[test] for test in report.tests if test.judged in wrong),
        tuple(told[test] for test in report.tests if test.judged is Judged.UNPROVEN),
        tuple(each.en[:300] for each in report.problems),
        seconds,
        sum(len(test.cells) for test in report.tests),
        lost,
    )


def _tally(report: ProofReport, kind: MutantKind) -> Tally:
    states: dict[int, set[CellState]] = {}
    for test in report.tests:
        for cell in test.cells:
            states.setdefault(cell.mutant, set()).add(cell.state)
    found = {
        _key(mutant): states[number] - {CellState.NOT_REACHED}
        for number, mutant in enumerate(report.mutants)
        if mutant.kind is kind and number in states
    }
    killed = _where(found, lambda each: CellState.KILLED in each)
    return Tally(
        _where(found, bool), killed, _where(found, lambda each: bool(each & _WRONG)) - killed
    )


def _where(
    found: Mapping[MutantKey, set[CellState]], holds: Callable[[set[CellState]], bool]
) -> frozenset[MutantKey]:
    return frozenset(key for key, states in found.items() if holds(states))


def _key(mutant: Mutant) -> MutantKey:
    return (mutant.operation, mutant.name, mutant.place, mutant.status, mutant.subject)


def together(tallies: Iterable[Tally]) -> float | None:
    """The rate over all documents together; None where nothing was reached."""
    found: Sequence[Tally] = list(tallies)
    reached = sum(len(each.reached) for each in found)
    return round(sum(len(each.killed) for each in found) / reached, 4) if reached else None
