"""Running written tests with the tools of their ecosystems: pytest, Maven Surefire."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LIMIT = 600
_PYTEST = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")
_SUREFIRE = re.compile(
    r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)\s*$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run ended; `log` is what the runner printed."""

    runner: str
    passed: int
    failed: int
    log: str

    def line(self, language: str) -> str:
        """One line such as `pytest: 255 passed`."""
        if language == "ru":
            return f"{self.runner}: пройдено {self.passed}, провалено {self.failed}"
        return f"{self.runner}: {self.passed} passed, {self.failed} failed"


@dataclass(frozen=True, slots=True)
class JavaTools:
    """Maven, with a JDK that it can use."""

    maven: str


def find_java() -> JavaTools | None:
    """Maven where it and a JDK of at least version 17 are found."""
    maven, javac = shutil.which("mvn"), _javac()
    if maven is None or javac is None:
        return None
    shown = _run([javac, "-version"], Path.cwd(), {}).stdout
    version = re.search(r"javac (\d+)", shown)
    return JavaTools(maven) if version is not None and int(version[1]) >= 17 else None


def _javac() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home:
        return shutil.which("javac", path=str(Path(home, "bin")))
    return shutil.which("javac")


def run_pytest(folder: Path, environment: Mapping[str, str]) -> Outcome:
    """pytest of this interpreter over `folder`."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"]
    command += ["-o", "asyncio_default_fixture_loop_scope=function", "--rootdir", str(folder), "."]
    done = _run(command, folder, environment)
    counts: dict[str, int] = {}
    for number, word in _PYTEST.findall(done.stdout.strip().rpartition("\n")[2]):
        counts[word.rstrip("s") if word.startswith("error") else word] = int(number)
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if done.returncode not in (0, 1):
        failed = max(failed, 1)
    return Outcome("pytest", counts.get("passed", 0), failed, done.stdout)


def run_junit(folder: Path, environment: Mapping[str, str], java: JavaTools) -> Outcome:
    """`mvn test` over the Maven project in `folder`."""
    done = _run(
        [java.maven, "-B", "-q", "-Dsurefire.printSummary=true", "test"], folder, environment
    )
    reports = folder / "target" / "surefire-reports"
    run = failed = skipped = 0
    for report in sorted(reports.glob("*.txt")):
        found = _SUREFIRE.search(report.read_text(encoding="utf-8").replace(", Time", "\n, Time"))
        if found is not None:
            total, failures, errors, left_out = (int(number) for number in found.groups())
            run, failed, skipped = run + total, failed + failures + errors, skipped + left_out
    if done.returncode != 0:
        failed = max(failed, 1)
    return Outcome("JUnit", max(run - failed - skipped, 0), failed, done.stdout)


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a tool with no input; output and errors come together as text."""
    return subprocess.run(  # noqa: S603 - tools found on the path, arguments of ours
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=_LIMIT,
        check=False,
    )
