"""The talk with a test runner inside a sandbox: it offers tests, the director decides.

JSON lines, one object each. From the child: `hello` (the test runner), `tests` with `problems`,
`ready` (may the test run again?), `ran`, `problem`, `restart` (its state is spoilt), `bye`.
To it: the job, `go`. Lines without the secret of the start, and what is said out of turn, are
ignored. A child that hangs or dies is ended and started again for what is left: the director is
told by another `collected`, and by how the run ended.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pe4king_core.model.message import Message
from pe4king_core.proof.runners.lines import Said, Sealed, Talker
from pe4king_core.proof.runners.misdeeds import (
    ENDS,
    FORGES,
    HANGS,
    WHOLE,
    Misdeeds,
    ended_by_sandbox,
)
from pe4king_core.proof.runners.wanted import wanted
from pe4king_core.proof.running import Director, Ended, RunReport, RunRequest, RunResult, TestItem
from pe4king_core.proof.sandbox.errors import SandboxError

_START_SECONDS = 60.0
"""For the start of the test runner and the collection of tests."""
_GRACE_SECONDS = 3.0
"""How much longer than a test may take we wait for the child to stop it itself."""
_MOST_LOSSES = 3
"""How often one test may take the test runner with it before it is left out."""

Start = Callable[[Sequence[str], str], Talker]
"""Starts the child; it leaves out the tests with these ids, and begins its lines with the text."""


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
    _last: str = WHOLE
    """The id of the test that ran last, or runs."""
    _misdeeds: Misdeeds = field(default_factory=Misdeeds)
    _problems: list[Message] = field(default_factory=list)
    _has_moved: bool = False
    """In this start of the child: a test was run, or is done."""
    _losses: Counter[str] = field(default_factory=Counter)
    _until: float = 0.0

    def hold(self) -> RunReport:
        """Talk until all tests are done, or the time is over."""
        self._until = time.monotonic() + self.request.total_seconds
        restarts = 0
        try:
            while self._talked():
                restarts += 1
        except SandboxError as error:
            self._problems.append(Message(error.text("en"), error.text("ru")))
        return RunReport(
            self._runner,
            tuple(dict.fromkeys(self._problems)),
            restarts,
            harms=self._misdeeds.harms,
            hosts=self._misdeeds.hosts,
        )

    def _talked(self) -> bool:
        """Talk with one child; whether another one has to be started."""
        self._has_moved = self._has_collected = False
        secret = secrets.token_hex()
        child = self.start(self._done, secret)
        try:
            return self._talked_with(Sealed(child, secret))
        finally:
            child.stop()

    def _talked_with(self, line: Sealed) -> bool:
        wait = _START_SECONDS
        while True:
            said = line.receive(max(0.0, min(wait, self._until - time.monotonic())))
            self._note_forgery(line)
            if said is None:
                return self._lost(line.child)
            if "restart" in said or "bye" in said:
                return self._ended(said, line.child)
            if self._is_in_turn(said):
                self._take(said, line)
            else:
                line.forged = True
                self._note_forgery(line)
            if self._is_over:
                return self._out_of_time()
            wait = _START_SECONDS if "hello" in said else self._patience

    @property
    def _patience(self) -> float:
        return self.request.test_seconds + _GRACE_SECONDS

    @property
    def _is_over(self) -> bool:
        return time.monotonic() >= self._until

    def _is_in_turn(self, said: Said) -> bool:
        """Whether it can be said now; what a test has the child say, or say again, cannot."""
        if "hello" in said or "tests" in said:
            return not self._has_collected
        if "ready" in said:
            return self._has_collected and self._running is None
        return "ran" not in said or (self._running is not None and self._running.id == said["ran"])

    def _note_forgery(self, line: Sealed) -> None:
        if line.forged:
            line.forged = False
            self._problems.append(_forged(self._running.name if self._running else ""))
            self._misdeeds.harmed(self._last, FORGES)

    def _take(self, said: Said, line: Sealed) -> None:
        if "hello" in said:
            self._runner = said["hello"]
        elif "problem" in said:
            self._problems.append(self.wording.problem(said["problem"]))
        elif "tests" in said:
            self._collected(said)
        elif "ran" in said:
            self._ran(said)
        elif "ready" in said and not self._is_over:
            self._offered(said["ready"], line)

    def _collected(self, said: Said) -> None:
        self._has_collected = True
        if not self._items:
            self._problems += [self.wording.problem(each) for each in said["problems"]]
            found = [self._item(each) for each in said["tests"]]
            chosen, missing = wanted(found, self.request.choices)
            self._problems += missing
            self._items.update((each.id, each) for each in chosen)
        self.director.collected(tuple(self._items.values()))

    def _item(self, told: Said) -> TestItem:
        return TestItem(told["id"], self.request.root / told["file"], told["name"], told["row"])

    def _offered(self, identity: str, line: Sealed) -> None:
        item = self._items.get(identity)
        go = item is not None and identity not in self._done and self.director.again(item)
        if go:
            self._running, self._last = item, identity
        else:
            self._done.append(identity)
            self._has_moved = True
        line.send({"go": go})

    def _ran(self, said: Said) -> None:
        file = self._items[said["ran"]].file
        notes = said.get("notes", ())
        shown = _shown(file, self.request.root)
        told = [self.wording.note(each, shown) for each in notes]
        self._problems += told
        message = self.wording.text(said.get("message") or "; ".join(each.en for each in told))
        ended = Ended(said["ended"])
        self._misdeeds.called(said["ran"], said.get("hosts", ()))
        if said.get("ends", False):
            self._misdeeds.harmed(said["ran"], ENDS)
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
        reason = child.reason
        child.stop()  # all of its output is known only then
        if reason is not None:
            self._problems.append(_before_any_test(reason))
        elif not self._problems:
            self._problems.append(self.wording.not_collected(child.output))

    def _lost(self, child: Talker) -> bool:
        """Nothing is heard any more: the child hangs or has died."""
        has_died = child.ended
        if self._is_over:
            return self._out_of_time()
        if not self._has_collected:
            if self._runner:  # it had started: what stopped it is the user's
                self._misdeeds.harmed(WHOLE, _harm(child, has_died) or HANGS)
            self._not_collected(child)
            return False
        harm = _harm(child, has_died)
        if harm is not None:
            self._misdeeds.harmed(self._last, harm)
        if self._running is not None:
            self._lose(self._running, child.reason)
            self._end(_killed(self.request.test_seconds, has_died, child))
        elif not self._has_moved:
            self._skip_first(child.reason)
        return True

    def _lose(self, item: TestItem, reason: Message | None) -> None:
        if reason is not None:
            self._problems.append(_of_test(item, reason))
        self._losses[item.id] += 1
        if self._losses[item.id] == _MOST_LOSSES:
            self._done.append(item.id)
            self._problems.append(_left_out(item.name))

    def _skip_first(self, reason: Message | None) -> None:
        """The child ends before the first test that is left can run, every time."""
        left = (each for each in self._items.values() if each.id not in self._done)
        item = next(left, None)
        if item is not None:
            if reason is not None:
                self._problems.append(_of_test(item, reason))
            self._done.append(item.id)
            if self.director.again(item):
                self._running = item
                self._end(RunResult(Ended.FIXTURE_ERROR, _BEFORE))

    def _out_of_time(self) -> bool:
        if self._running is not None:
            self._end(RunResult(Ended.TIMEOUT, _OUT_OF_TIME.en))
        self._problems.append(_OUT_OF_TIME)
        return False


def _harm(child: Talker, has_died: bool) -> Message | None:
    """Why a child that is not heard of any more has ended; None where it has not."""
    if child.reason is not None:
        return ended_by_sandbox(child.reason)
    return ENDS if has_died else None


def _killed(seconds: float, has_died: bool, child: Talker) -> RunResult:
    if child.why:
        why = child.reason.en if child.reason is not None else child.why
        return RunResult(Ended.CRASHED, f"the sandbox ended the test runner: {why}")
    if has_died:
        return RunResult(Ended.CRASHED, "the test ended the whole test runner")
    return RunResult(Ended.TIMEOUT, f"did not end within {seconds:g} s", seconds=seconds)


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


def _of_test(item: TestItem, reason: Message) -> Message:
    return Message(f"{item.name}: {reason.en}.", f"{item.name}: {reason.ru}.")


def _before_any_test(reason: Message) -> Message:
    return Message(
        f"The test runner was ended before any test: {reason.en}.",
        f"Запускающая программа завершена до первого теста: {reason.ru}.",
    )


def _forged(name: str) -> Message:
    """`name` is the test that was running; empty: none was."""
    who = (name, name) if name else ("The tests", "Тесты")
    return Message(
        f"{who[0]}: lines that only the test runner may write were written into its output; "
        "they were ignored.",
        f"{who[1]}: в вывод записаны строки, которые пишет только сама запускающая программа; "
        "они не учтены.",
    )
