"""The talk with a test runner inside a sandbox: it offers tests, the director decides.

JSON lines, one object each. From the child: `hello` (the test runner), `tests` with `problems`,
`ready` (may the test run again?), `ran`, `problem`, `restart` (its state is spoilt), `bye`.
To it: the job, `go`. Other lines are ignored. A child that hangs or dies is ended and started again
for what is left: the director is told by another `collected`, and by how the run ended.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pe4king_core.model.message import Message
from pe4king_core.proof.running import Director, Ended, RunReport, RunRequest, RunResult, TestItem

_START_SECONDS = 60.0
"""For the start of the test runner and the collection of tests."""
_GRACE_SECONDS = 3.0
"""How much longer than a test may take we wait for the child to stop it itself."""
_MOST_LOSSES = 3
"""How often one test may take the test runner with it before it is left out."""

Said = Mapping[str, Any]


class Talker(Protocol):
    """A child of a sandbox."""

    def send(self, line: str) -> None:
        """Send a line."""
        ...

    def receive(self, timeout: float) -> str | None:
        """The next line; None after so many seconds, or at the end."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it has ended and all it said has been received."""
        ...

    @property
    def why(self) -> str:
        """Why the sandbox ended it; empty where it did not."""
        ...

    @property
    def output(self) -> str:
        """The end of its error output."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


Start = Callable[[Sequence[str]], Talker]
"""Starts the child; it leaves out the tests with these ids."""


class Wording(Protocol):
    """How a language's runner puts things."""

    def problem(self, said: Said) -> Message:
        """A problem that the child tells of."""
        ...

    def not_collected(self, output: str) -> Message:
        """The child ended before it told of any test; `output` is the end of its error output."""
        ...

    def note(self, note: str, file: str) -> Message:
        """Something that tests of a file do which matters to whoever reads the outcome."""
        ...

    def text(self, text: str) -> str:
        """A text of the child without what differs from run to run."""
        ...


@dataclass(slots=True)
class Conversation:
    """One request's talk, over as many starts of the child as it takes."""

    request: RunRequest
    director: Director
    start: Start
    wording: Wording
    _runner: str = ""
    _items: dict[str, TestItem] = field(default_factory=dict)
    _has_collected: bool = False
    """In this start of the child."""
    _done: list[str] = field(default_factory=list)
    _running: TestItem | None = None
    _problems: list[Message] = field(default_factory=list)
    _has_moved: bool = False
    """In this start of the child: a test was run, or is done."""
    _losses: Counter[str] = field(default_factory=Counter)
    _until: float = 0.0

    def hold(self) -> RunReport:
        """Talk until all tests are done, or the time is over."""
        self._until = time.monotonic() + self.request.total_seconds
        restarts = 0
        while self._talked():
            restarts += 1
        return RunReport(self._runner, tuple(dict.fromkeys(self._problems)), restarts)

    def _talked(self) -> bool:
        """Talk with one child; whether another one has to be started."""
        self._has_moved = self._has_collected = False
        child = self.start(self._done)
        try:
            wait = _START_SECONDS
            while True:
                said = self._heard(child, wait)
                if said is None:
                    return self._lost(child)
                if "restart" in said or "bye" in said:
                    return self._ended(said, child)
                self._take(said, child)
                if self._is_over:
                    return self._out_of_time()
                wait = _START_SECONDS if "hello" in said else self._patience
        finally:
            child.stop()

    @property
    def _patience(self) -> float:
        return self.request.test_seconds + _GRACE_SECONDS

    @property
    def _is_over(self) -> bool:
        return time.monotonic() >= self._until

    def _heard(self, child: Talker, wait: float) -> Said | None:
        line = child.receive(max(0.0, min(wait, self._until - time.monotonic())))
        return None if line is None else _said(line)

    def _take(self, said: Said, child: Talker) -> None:
        if "hello" in said:
            self._runner = said["hello"]
        elif "problem" in said:
            self._problems.append(self.wording.problem(said["problem"]))
        elif "tests" in said:
            self._collected(said)
        elif "ran" in said:
            self._ran(said)
        elif "ready" in said and not self._is_over:
            self._offered(said["ready"], child)

    def _collected(self, said: Said) -> None:
        self._has_collected = True
        if not self._items:
            self._problems += [self.wording.problem(each) for each in said["problems"]]
            for each in said["tests"]:
                file = self.request.root / each["file"]
                self._items[each["id"]] = TestItem(each["id"], file, each["name"], each["row"])
        self.director.collected(tuple(self._items.values()))

    def _offered(self, identity: str, child: Talker) -> None:
        item = self._items.get(identity)
        go = item is not None and identity not in self._done and self.director.again(item)
        if go:
            self._running = item
        else:
            self._done.append(identity)
            self._has_moved = True
        child.send(json.dumps({"go": go}))

    def _ran(self, said: Said) -> None:
        file = self._items[said["ran"]].file
        notes = said.get("notes", ())
        shown = _shown(file, self.request.root)
        told = [self.wording.note(each, shown) for each in notes]
        self._problems += told
        message = self.wording.text(said.get("message") or "; ".join(each.en for each in told))
        ended = Ended(said["ended"])
        self._end(RunResult(ended, message, said.get("line"), said.get("seconds", 0.0)))

    def _end(self, result: RunResult) -> None:
        item, self._running = self._running, None
        self._has_moved = True
        if item is not None:
            self.director.ended(item, result)

    def _ended(self, said: Said, child: Talker) -> bool:
        if not self._has_collected:
            self._not_collected(child)
        return "restart" in said

    def _not_collected(self, child: Talker) -> None:
        child.stop()  # all of its output is known only then
        if not self._problems:
            self._problems.append(self.wording.not_collected(child.output))

    def _lost(self, child: Talker) -> bool:
        """Nothing is heard any more: the child hangs or has died."""
        has_died = child.ended
        if self._is_over:
            return self._out_of_time()
        if not self._has_collected:
            self._not_collected(child)
            return False
        if self._running is not None:
            self._lose(self._running)
            self._end(_killed(self.request.test_seconds, has_died, child.why))
        elif not self._has_moved:
            self._skip_first()
        return True

    def _lose(self, item: TestItem) -> None:
        self._losses[item.id] += 1
        if self._losses[item.id] == _MOST_LOSSES:
            self._done.append(item.id)
            self._problems.append(_left_out(item.name))

    def _skip_first(self) -> None:
        """The child ends before the first test that is left can run, every time."""
        left = (each for each in self._items.values() if each.id not in self._done)
        item = next(left, None)
        if item is not None:
            self._done.append(item.id)
            if self.director.again(item):
                self._running = item
                self._end(RunResult(Ended.FIXTURE_ERROR, _BEFORE))

    def _out_of_time(self) -> bool:
        if self._running is not None:
            self._end(RunResult(Ended.TIMEOUT, _OUT_OF_TIME.en))
        self._problems.append(_OUT_OF_TIME)
        return False


def _killed(seconds: float, has_died: bool, why: str) -> RunResult:
    if why:
        return RunResult(Ended.CRASHED, f"the sandbox ended the test runner: {why}")
    if has_died:
        return RunResult(Ended.CRASHED, "the test ended the whole test runner")
    return RunResult(Ended.TIMEOUT, f"did not end within {seconds:g} s", seconds=seconds)


def _said(line: str) -> Said:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name


_OUT_OF_TIME = Message(
    "The time for all runs is over; what was not run yet has no verdict.",
    "Время на все запуски вышло; то, что ещё не запускалось, осталось без вердикта.",
)
_BEFORE = "the test runner ended before the test could run"


def _left_out(name: str) -> Message:
    return Message(
        f"{name} ended the test runner {_MOST_LOSSES} times: it is not run any more.",
        f"{name} завершил запускающую программу {_MOST_LOSSES} раза: больше не запускается.",
    )
