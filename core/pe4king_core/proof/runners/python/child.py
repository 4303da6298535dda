"""What runs inside the user's Python: pytest, with every test run as often as the director wants.

The main module of one file (`plugin.py` makes it) for Python 3.7 and newer, pytest 6 and newer, of
the standard library alone. It talks JSON lines over its standard input and output, which it takes
for itself before anything of the user's is imported. The first line that it reads is the job, and
before it the secret that all lines begin with.
"""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import sys
import time
from collections.abc import Generator
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any


def _beside(name: str) -> Any:
    """A module of the same file; nobody else can import it."""
    source = globals()["__loader__"].get_source(name)
    module = ModuleType("_pe4king_" + name)
    exec(compile(source, os.path.join(__file__, name), "exec"), module.__dict__)  # noqa: S102 - ours
    return module


if TYPE_CHECKING:
    from pe4king_core.proof.runners.python import judging
else:
    judging = _beside("judging")

_NAMED = re.compile(r"[A-Za-z_][\w.]*(:|$)")
_MARKERS = ("flaky", "forked", "no_cover", "random_order", "repeat", "timeout", "xdist_group")
"""Markers of plugins that are switched off: they stay known where unknown ones are errors."""


class Line:
    """The talk with whoever started us."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        self._in = os.fdopen(os.dup(0), "r", encoding="utf-8")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        os.close(nothing)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as we live
        sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)

        self._secret = ""

    def say(self, *said: dict[str, Any]) -> None:
        """Say these in one go."""
        self._out.write("".join(self._secret + json.dumps(each) + "\n" for each in said))
        self._out.flush()

    def hear(self) -> dict[str, Any]:
        """What is said next; the end where nobody is there any more."""
        while True:
            line = self._in.readline()
            if not line:
                os._exit(3)
            if not self._secret:
                self._secret = line.partition(" ")[0] + " "
            _, secret, said = line.partition(self._secret)
            if secret:
                heard: dict[str, Any] = json.loads(said)
                return heard


class Alarm:
    """Stops the test in the middle where the system can; once a second, if it does not listen."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds if hasattr(signal, "setitimer") else 0.0
        self.has_rung = False

    def __enter__(self) -> Alarm:
        if self._seconds:
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._seconds, 1.0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._seconds:
            signal.setitimer(signal.ITIMER_REAL, 0.0)

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        self.has_rung = True
        raise judging.TimeOver(f"did not end within {self._seconds:g} s")


class Within:
    """What is changed in this process, and what it tells: notes on a run, bodies of answers."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.notes: list[str] = []
        hearing = _beside("hearing")
        self.bodies = hearing.Bodies()
        changed = _beside("redirect").install(job, self.notes, hearing.changes(self.bodies))
        self.changes, self.hosts = changed


class Player:
    """The plugin: collects, then runs each test as long as it is told to."""

    def __init__(self, job: dict[str, Any], line: Line, within: Within) -> None:
        self._job = job
        self._line = line
        self._within = within
        self._problems: list[dict[str, str]] = []
        self._phases: list[judging.Phase] = []
        self._is_spoilt = False
        self.has_collected = False

    def pytest_configure(self, config: Any) -> None:
        """The markers of plugins that are switched off."""
        for name in _MARKERS:
            config.addinivalue_line("markers", name + ": of a plugin that is switched off here")

    def pytest_collectreport(self, report: Any) -> None:
        """A file that cannot be collected is a problem, and so is one that skips itself."""
        if report.passed:
            return
        text = report.longrepr
        if isinstance(text, tuple):
            text = text[2]
        lines = [each for each in str(text).splitlines() if each.strip()]
        marked = [each[1:].strip() for each in lines if each.startswith("E ")] or lines
        named = [number for number, each in enumerate(marked) if _NAMED.match(each)] or [0]
        message = " ".join(marked[named[-1] :][:3])
        problem = {"file": report.nodeid.partition("::")[0], "message": message}
        problem["kind"] = "skipped" if report.skipped else "not collected"
        self._problems.append(problem)

    def pytest_runtestloop(self, session: Any) -> bool:
        """In place of pytest's own loop."""
        items = [each for each in session.items if self._is_wanted(each)]
        told = [self._described(each) for each in items]
        self.has_collected = True
        self._line.say({"tests": told, "problems": self._problems})
        done = set(self._job["done"])
        left = [each for each in items if each.nodeid not in done]
        for item, after in zip(left, [*left[1:], None]):  # noqa: B905 - Python 3.7
            self._play(item)
            self._leave(session, item, after)
        return True

    def _is_wanted(self, item: Any) -> bool:
        names = self._job["names"]
        return hasattr(item, "originalname") and (not names or _name(item) in names)

    def _described(self, item: Any) -> dict[str, str]:
        spec = getattr(item, "callspec", None)
        return {
            "id": item.nodeid,
            "file": _file(item),
            "name": _name(item),
            "row": spec.id if spec is not None else "",
        }

    def _play(self, item: Any) -> None:
        """Run the test again and again until we are told that it is done."""
        self._line.say({"ready": item.nodeid})
        while self._line.hear()["go"]:
            result = self._run(item)
            if self._is_spoilt:
                self._line.say(result, {"restart": True})
                os._exit(0)
            self._line.say(result, {"ready": item.nodeid})

    def _run(self, item: Any) -> dict[str, Any]:
        self._phases = []
        self._within.changes.apply()
        del self._within.notes[:]
        began = time.perf_counter()
        phase: judging.Phase | None = None
        alarm, ends = Alarm(self._job["seconds"]), False
        try:
            with alarm:
                self._protocol(item)
            ended, phase = judging.judged(self._phases, self._within.bodies)
            ends = any(isinstance(each.error, SystemExit) for each in self._phases)
        except judging.TimeOver:
            ended, self._is_spoilt = "timeout", True
        except (KeyboardInterrupt, Exception):  # noqa: BLE001 - pytest is in an unknown state now
            ended, self._is_spoilt, ends = "crashed", True, True
        if alarm.has_rung:  # the test may have swallowed it
            ended, self._is_spoilt = "timeout", True
        told = {"ran": item.nodeid, "ended": ended, "seconds": time.perf_counter() - began}
        told.update(ends=ends, hosts=self._within.hosts())
        if phase is not None:
            told.update(message=phase.text, line=judging.line_of(item, phase))
        if self._within.notes:
            told["notes"] = sorted(set(self._within.notes))
        return told

    def _protocol(self, item: Any) -> None:
        """One run: everything of the function's own is new, what is shared with others stays."""
        from _pytest.runner import call_and_report

        _renew(item)
        setup = call_and_report(item, "setup", log=False)
        if setup.passed:
            call_and_report(item, "call", log=False)
        # The next one is this one again, but as another object: else nothing would be torn down.
        after = None if _has_broken_parents(item) else copy.copy(item)
        call_and_report(item, "teardown", log=False, nextitem=after)
        item._request = False
        item.funcargs = None

    def pytest_runtest_makereport(self, call: Any) -> Generator[None, Any, None]:
        """Every part of a run comes by here, those of subtests too."""
        made = yield
        report = made.get_result()
        phase = judging.Phase(report, call.excinfo)
        self._phases.append(phase)
        if phase.when != "call" and isinstance(phase.error, judging.TimeOver):
            self._is_spoilt = True

    def _leave(self, session: Any, item: Any, after: Any) -> None:
        """Tear down what the next test does not share; what fails in it is no test's failure."""
        state = session._setupstate
        old = state.teardown_exact.__code__.co_argcount > 2
        try:
            with Alarm(self._job["seconds"]):
                state.teardown_exact(*((item, after) if old else (after,)))
        except (judging.TimeOver, Exception) as error:  # noqa: BLE001 - a user's code
            text = f"{type(error).__name__}: {error}"[: judging.MOST_TEXT]
            self._line.say({"problem": {"file": _file(item), "message": text, "kind": "left"}})


def _unsaid(*_: object, **__: object) -> str:
    return ""


def _renew(item: Any) -> None:
    """Forget the run before: the request, the instance of the class, what was captured."""
    # Whole tracebacks are a third of the time of a run that fails, and nobody reads them.
    item.repr_failure = item._repr_failure_py = _unsaid
    if not getattr(item, "_request", False):
        item._initrequest()
    if item.cls is not None and "_obj" in item.__dict__:
        item._obj = None
        item.__dict__.pop("_instance", None)
    item.__dict__.pop("_excinfo", None)
    del item._report_sections[:]
    del item.user_properties[:]
    for node in item.listchain():
        node.__dict__.pop("_prepare_exc", None)


def _has_broken_parents(item: Any) -> bool:
    """Whether something that outlives the test failed to be set up: it must be tried again."""
    stack = item.session._setupstate.stack
    if isinstance(stack, dict) and any(each[1] for node, each in stack.items() if node is not item):
        return True
    shared = (
        each
        for found in item._fixtureinfo.name2fixturedefs.values()
        for each in found
        if each.scope != "function"
    )
    results = (getattr(each, "cached_result", None) for each in shared)
    return any(each is not None and each[2] is not None for each in results)


def _file(item: Any) -> str:
    return os.path.relpath(os.path.realpath(judging.path_of(item)), os.path.realpath(os.getcwd()))


def _name(item: Any) -> str:
    """The qualified name, without the row of parameters."""
    classes = [
        each.name for each in item.listchain() if isinstance(getattr(each, "obj", None), type)
    ]
    return ".".join([*classes, item.originalname or item.name])


def _with_hooks(pytest: Any) -> None:
    """Say how pytest is to call the plugin; a decorator would need pytest before it is found."""
    pytest.hookimpl(tryfirst=True)(Player.pytest_runtestloop)
    pytest.hookimpl(hookwrapper=True, tryfirst=True)(Player.pytest_runtest_makereport)


def _arguments(job: dict[str, Any], version: tuple[int, ...]) -> list[str]:
    """What pytest is started with; what only newer ones know is added here."""
    chosen: list[str] = job["arguments"]
    if version >= (7, 3):
        chosen = ["-o", "tmp_path_retention_policy=none", *chosen]
    if version >= (9,):
        chosen = ["-o", "strict=false", "-o", "strict_markers=false", *chosen]
    return chosen


def main() -> None:
    """Run the job that the first line names."""
    line = Line()
    job = line.hear()["job"]
    sys.path[0] = os.getcwd()
    within = Within(job)
    _beside("enforcing").enforce(os.environ.pop("PE4KING_ENFORCE", ""))
    try:
        import pytest
    except ImportError as error:
        line.say({"problem": {"file": "", "message": str(error), "kind": "no pytest"}})
        os._exit(0)
    version = tuple(int(each) for each in re.findall(r"\d+", pytest.__version__)[:2])
    python = ".".join(str(each) for each in sys.version_info[:3])
    line.say({"hello": f"pytest {pytest.__version__}, Python {python}"})
    if version < (6,):
        line.say({"problem": {"file": "", "message": pytest.__version__, "kind": "old pytest"}})
        os._exit(0)
    _with_hooks(pytest)
    player = Player(job, line, within)
    pytest.main(_arguments(job, version), plugins=[player])
    sys.stdout.flush()
    sys.stderr.flush()
    line.say({"bye": player.has_collected})
    os._exit(0)


if __name__ == "__main__":
    main()
