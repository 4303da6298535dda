"""Maven and Gradle as programs: first without the network, then with it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pe4king_core.proof.runners.java.problems import no_class_path

_SECONDS = 300
_PASSED_ON = re.compile(
    r"PATH|HOME|USERPROFILE|SYSTEMROOT|COMSPEC|TEMP|TMP|TMPDIR|LANG"
    r"|(?:MAVEN|M2|GRADLE)_\w+|(?:https?|no|all)_proxy",
    re.IGNORECASE,
)
"""What build tools need of the user's environment; the rest may be secret."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A build tool: its program, the JDK that it is run with, the user's environment."""

    program: Path
    jdk: Path
    environment: Mapping[str, str]

    def run(self, arguments: Sequence[str], folder: Path) -> str:
        """Run it; what it says, empty where it succeeds."""
        known = {
            name: value for name, value in self.environment.items() if _PASSED_ON.fullmatch(name)
        }
        try:
            done = subprocess.run(  # noqa: S603 - the user's own build tool, with consent
                [str(self.program), *arguments],
                cwd=folder,
                env={**known, "JAVA_HOME": str(self.jdk)},
                capture_output=True,
                text=True,
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        return "" if done.returncode == 0 else _first_error(done.stdout + done.stderr)


def maven(tool: Tool, file: Path, goals: Sequence[str]) -> None:
    """Run goals of Maven on a POM; raises JavaRunnerError."""
    _run(tool, ("-q", "-B", "-f", str(file), *goals), "-o", file.parent)


def gradle(tool: Tool, file: Path, arguments: Sequence[str]) -> None:
    """Run tasks of Gradle in the folder of a build file; raises JavaRunnerError."""
    _run(tool, ("--no-daemon", *arguments), "--offline", file.parent)


def _run(tool: Tool, arguments: Sequence[str], offline: str, folder: Path) -> None:
    if not tool.run((offline, *arguments), folder):
        return
    said = tool.run(arguments, folder)
    if said:
        raise no_class_path(tool.program.name, said)


def _first_error(said: str) -> str:
    lines = [re.sub(r"\x1b\[[\d;]*m", "", each).strip() for each in said.splitlines()]
    marked = [each for each in lines if each.startswith(("[ERROR]", "* What went wrong", "> "))]
    return next(iter(marked or [each for each in lines if each]), "it failed without a word")
