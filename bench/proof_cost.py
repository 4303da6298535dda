"""What a mutant costs: one run of a test against it, over one plain run of the same test.

A mutant's run is all time from the end of the run before it to its own end: choosing and seeding
the mutant, the talk with the runner, the test, its judgement. A plain run is all that pytest, or
JUnit in a warm virtual machine, does for the test where nobody directs it. Both call the same
server in this process. The best of some rounds counts: whatever else the machine does only slows.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bench.proof_jobs import ROOT, Made, credentials, in_scratch, job_of, python_runner
from bench.proof_suites import SUITES, Source
from pe4king_core.errors import UserError
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.mounts import Mounts
from pe4king_core.mock.http.serving import Running
from pe4king_core.mock.service import Service
from pe4king_core.proof.proving.director import ProofDirector
from pe4king_core.proof.proving.job import Runner
from pe4king_core.proof.proving.proving import prove
from pe4king_core.proof.runners.java.class_path import ClassPaths
from pe4king_core.proof.runners.java.runner import JavaRunner
from pe4king_core.proof.running import Director, RunReport, RunRequest, RunResult, TestItem
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.sandbox import Sandbox

_ROUNDS = 2
_CACHE = ROOT / ".cache" / "java"
_JAVA = Path(__file__).parent / "java"
_CLASS = "ShelfTest"
_MUTANTS = 100
"""As many as one Java class is run against in all, its three tests together."""
_WARM, _MEASURED = 30, 30
"""Plain runs of the Java class: those that warm the virtual machine, those that count."""
_LIKE_OURS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
"""Otherwise the second compiler is still at work in the rounds that count."""

Seconds = Mapping[str, Sequence[float]]
"""By test: of each run against a mutant."""


def python_ratio(name: str, source: Source, mutants: int) -> float:
    """Of the generated tests of one document, each with so many mutants."""
    with in_scratch("cost") as folder:
        root = Path(folder) / "tests"
        root.mkdir()
        made = Made(tuple(SUITES["generated"](source, root)), python_runner())
        rounds = [
            (_plain(source, root), _judged(source, root, made, mutants)) for _ in range(_ROUNDS)
        ]
    return _told(f"{name}, pytest", [each for each, _ in rounds], [each for _, each in rounds])


def java_ratio(source: Source) -> float | None:
    """Of one class of three tests in one virtual machine; None where there is no Java."""
    compiler, maven = shutil.which("javac"), shutil.which("mvn")
    if compiler is None or maven is None:
        print("  JUnit: not measured: no javac or no Maven")
        return None
    jdk = Path(compiler).resolve().parents[1]
    try:
        jars = ClassPaths(jdk, _CACHE, Path(maven)).bundled()
    except UserError as error:
        print(f"  JUnit: not measured: {error.text('en')}")
        return None
    with in_scratch("cost") as folder:
        root = Path(folder) / "tests"
        root.mkdir()
        test = Path(shutil.copy(_JAVA / f"{_CLASS}.java", root))
        made = Made((test,), JavaRunner(jdk, jars, _CACHE / "child"))
        each = -(-_MUTANTS // 3)
        judged = [_judged(source, root, made, each) for _ in range(_ROUNDS)]
        plain = [_plain_java(source, Path(folder), jdk, jars) for _ in range(_ROUNDS)]
    alike = [dict.fromkeys(judged[0], one) for one in plain]
    return _told("bookstore, JUnit", alike, judged)


def _told(what: str, plain: Sequence[Mapping[str, float]], judged: Sequence[Seconds]) -> float:
    runs = sum(map(len, judged[0].values()))
    mutant = min(sum(map(sum, each.values())) for each in judged) / runs
    tests = judged[0].items()
    same = min(sum(each[test] * len(seconds) for test, seconds in tests) for each in plain) / runs
    print(
        f"  {what}: {runs} runs of {len(tests)} tests against a mutant {mutant * 1e3:.1f} ms each, "
        f"the same tests plain {same * 1e3:.1f} ms: {mutant / same:.2f}",
        flush=True,
    )
    return mutant / same


@dataclass(frozen=True, slots=True)
class _Timed:
    """A runner whose runs against mutants are timed."""

    runner: Runner
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def run(self, request: RunRequest, director: Director, sandbox: Sandbox) -> RunReport:
        """As the runner."""
        watch = _Stopwatch(cast("ProofDirector", director), self.seconds)
        return self.runner.run(request, watch, sandbox)


@dataclass(slots=True)
class _Stopwatch:
    """Between the runner and the director."""

    director: ProofDirector
    seconds: dict[str, list[float]]
    _before: float = 0.0
    _is_mutant: bool = False

    def collected(self, items: Sequence[TestItem]) -> None:
        """As the director."""
        self.director.collected(items)
        self._before = time.perf_counter()

    def again(self, item: TestItem) -> bool:
        """As the director."""
        goes = self.director.again(item)
        self._is_mutant = bool(self.director.judged[item.id].chosen.run)
        return goes

    def ended(self, item: TestItem, result: RunResult) -> None:
        """As the director."""
        self.director.ended(item, result)
        now = time.perf_counter()
        if self._is_mutant:
            self.seconds.setdefault(item.id, []).append(now - self._before)
        self._before = now


def _judged(source: Source, root: Path, made: Made, mutants: int) -> Seconds:
    runner = _Timed(made.runner)
    box = Sandbox(Limits(), sources=root, readable=made.runner.readable)
    report = prove(job_of(source, root, made, mutants, seeds=1), runner, box)
    # The last run of a test is one on the sound server again.
    found = {test: seconds[:-1] for test, seconds in runner.seconds.items()}
    if not found:
        raise RuntimeError([*map(str, report.problems), *(str(t.reason) for t in report.tests)])
    return found


def _plain(source: Source, folder: Path) -> Mapping[str, float]:
    """Seconds of each test where pytest runs the whole suite once."""
    times = folder.parent / "times.json"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "bench.plain_times", f"--rootdir={folder}", "."]
    environment = {"PE4KING_TIMES": str(times), "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    done = _served(source, command, folder, environment, rounds=2)
    if not times.exists():
        raise RuntimeError(done)
    found: dict[str, float] = json.loads(times.read_text(encoding="utf-8"))
    return found


def _plain_java(source: Source, folder: Path, jdk: Path, jars: Sequence[Path]) -> float:
    """Seconds of one test of the class: the mean of its tests, the median of the warm rounds."""
    classes = folder / "classes"
    path = os.pathsep.join(map(str, (classes, *jars)))
    if not classes.exists():
        files = [str(_JAVA / f"{name}.java") for name in (_CLASS, "Plain")]
        compiling = [str(jdk / "bin" / "javac"), "-d", str(classes), "-cp", path, *files]
        subprocess.run(compiling, check=True, capture_output=True, timeout=300)
    command = [str(jdk / "bin" / "java"), *_LIKE_OURS, "-cp", path]
    command += ["Plain", _CLASS, str(_WARM + _MEASURED)]
    out = _served(source, command, folder, {})
    rounds = [line.split() for line in out.splitlines() if line.startswith("3 ")]
    if len(rounds) != _WARM + _MEASURED:
        raise RuntimeError(out[-2000:])
    return statistics.median(float(each[1]) for each in rounds[_WARM:]) / 3 / 1e3


def _served(
    source: Source,
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    rounds: int = 1,
) -> str:
    """What a command prints that is told where the server is.

    In the last of its rounds: the server of a proof knows its answers already when mutants come.
    """
    service = Service(source.document)
    fresh, out = service.snapshot(), ""
    with Running(MockApp(Mounts.of([("document", service)]))) as server:
        told = {**credentials(source), "API_BASE_URL": server.base_url + service.base_path}
        for _ in range(rounds):
            service.restore(fresh)
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **told, **environment},
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
                start_new_session=True,  # as the sandbox does it: schedulers share by sessions
            )
            out = done.stdout + done.stderr
    return out
