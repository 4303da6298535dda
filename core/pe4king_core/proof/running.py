"""How tests are run to be judged: what a runner of a language is asked, and what it tells.

The runner starts the language's test runner once. Before every run of a test it asks the
director, who sets up the server and says yes, or no: then it goes on to the next test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pe4king_core.model.message import Message


class Ended(StrEnum):
    """How one run of one test ended."""

    PASSED = "passed"
    FAILED = "failed"
    """An assertion failed."""
    CRASHED = "crashed"
    """Anything else was raised in the test itself."""
    FIXTURE_ERROR = "fixture error"
    """Raised before or after the test: fixtures, set-up methods, clean-up."""
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    EXPECTED = "expected to fail"
    """It is marked as one that fails: neither outcome says anything."""


@dataclass(frozen=True, slots=True)
class TestItem:
    """One test as the language's runner knows it.

    `id` is the runner's own (a pytest node id, a JUnit unique id); `name` the qualified name that
    our reader gives (`TestBooks.test_list`, `BooksTest.listBooks`); `row` the parameters' label.
    """

    __test__ = False

    id: str
    file: Path
    """Where the user has it, not the copy that is run."""
    name: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How one run ended; `seconds` is wall clock, `message` one paragraph in the runner's words."""

    ended: Ended
    message: str = ""
    line: int | None = None
    """The line of the test's file that it ended at, from 1."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Tests that are wanted: of this name; of this file, or any; of one of these rows, or any."""

    name: str
    file: Path | None = None
    rows: tuple[str, ...] = ()

    def means(self, item: TestItem) -> bool:
        """Whether `item` is wanted."""
        if self.name != item.name or (self.rows and item.row not in self.rows):
            return False
        return self.file is None or self.file == item.file


class Director(Protocol):
    """Who decides what is run. Called from one thread, in the order of the runs."""

    def collected(self, items: Sequence[TestItem]) -> None:
        """These tests were found; none has been run."""
        ...

    def again(self, item: TestItem) -> bool:
        """Prepare the server for the next run of `item` and say True; False: done with it."""
        ...

    def ended(self, item: TestItem, result: RunResult) -> None:
        """The run that `again` was asked for has ended."""
        ...


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to run.

    `root` is the project's folder: a copy of it is run, never itself. `files` are the test files
    in it, `names` the qualified names wanted of them (empty: all), `choices` what is wanted of
    these (empty: all), `overlay` texts that replace or add files in the copy (the proposal).
    `base_urls` are environment names that tell tests where the API is, `environment` what else
    they read (placeholders). `base_path` is where the server has the API. Seconds are for one run
    of one test, and for everything.
    """

    root: Path
    files: tuple[Path, ...]
    names: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    overlay: Mapping[Path, str] = field(default_factory=dict)
    base_urls: tuple[str, ...] = ()
    base_path: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    test_seconds: float = 10.0
    total_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class RunReport:
    """What happened as a whole; `problems` say why files or tests could not be run at all."""

    runner: str = ""
    """The test runner with its version."""
    problems: tuple[Message, ...] = ()
    restarts: int = 0
    """How often the test runner had to be killed and started again."""
    confinement: tuple[Message, ...] = ()
    """What kept the tests in: in words, what was not possible here too."""
    harms: Mapping[str, Message] = field(default_factory=dict)
    """What tests did to the test runner, by their ids; of "" all of them, before any was run."""
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Hosts beside this machine that tests called, by their ids; our server answered instead."""
