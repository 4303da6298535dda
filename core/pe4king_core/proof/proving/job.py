"""What is to be proven: tests as read, the APIs that they are for, and how far to go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestFile
from pe4king_core.proof.running import Director, RunReport, RunRequest

if TYPE_CHECKING:
    from pe4king_core.mock.recording.recording import Recording
    from pe4king_core.proof.sandbox.sandbox import Sandbox

Raw = Callable[[], Mapping[str, Any]]
"""Gives a whole document as data."""

SEEDS = 3
MOST_MUTANTS = 100


@dataclass(frozen=True, slots=True)
class Api:
    """One document; `name` is its file without the ending. Recorded answers come before others."""

    name: str
    document: ApiDocument
    raw: Raw
    recording: Recording | None = None


@dataclass(frozen=True, slots=True)
class TestSource:
    """One test file as it will be run, read.

    `generated` are the qualified names of the tests that have to pass for every answer that the
    document allows: ours, and new ones. All others are the user's own: what they assert scripts
    the server first, where the document allows that. `before` is the file without the proposal:
    then only what stood there is taken as given, and tests that were not there are new.
    `operations` says what calls mean, by the test's qualified name and the call's id; where it is
    empty the documents are asked.
    """

    __test__ = False

    path: Path
    file: TestFile
    generated: frozenset[str] = frozenset()
    before: TestFile | None = None
    operations: Mapping[tuple[str, str], Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProofJob:
    """Everything that a proof needs; `mutants` is the most that one test is run against.

    `lenient`: tests have to pass on a server that is generous with what it accepts as well.
    """

    apis: tuple[Api, ...]
    request: RunRequest
    sources: tuple[TestSource, ...]
    seeds: int = SEEDS
    mutants: int = MOST_MUTANTS
    kinds: frozenset[MutantKind] = frozenset(MutantKind)
    lenient: bool = True
    enough: int = 0
    """A mutant that so many tests have killed is not tried on others; 0: it is, on all."""


class Runner(Protocol):
    """A language's test runner (`runners/`)."""

    def run(self, request: RunRequest, director: Director, sandbox: Sandbox) -> RunReport:
        """Run what is asked for, each test as often as the director wants."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a proof is: tests that are done of all, runs of the present one of those planned."""

    done: int
    tests: int
    test: str = ""
    runs: int = 0
    planned: int = 0


Watcher = Callable[[Progress], None]
"""Is told after every run; called from the thread that proves."""
