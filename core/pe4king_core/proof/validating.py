"""For scripts: whether a file of generated tests is sound by itself, without a document."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.parsing import ParsingGate
from pe4king_core.proof.proposed import Proposed, Surroundings

_LANGUAGES = {".py": SourceLanguage.PYTHON, ".java": SourceLanguage.JAVA}
_TIMEOUT = 60


def validate_generated_code(
    path: str | Path, *, formatter: bool = False, linter: bool = False
) -> tuple[bool, str]:
    """Whether the file at `path` parses and has at least one test; with the reason if not.

    `formatter` and `linter` ask ruff (Python) or google-java-format (Java, formatter only) as
    well. A tool that is not installed does not fail the file; the message says "not run".
    """
    file = Path(path)
    language = _LANGUAGES.get(file.suffix)
    if language is None:
        return False, f"{file.name}: not a Python or Java file"
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return False, f"{file.name}: cannot be read ({error})"
    problem = _problem(text, language)
    if problem:
        return False, f"{file.name}: {problem}"
    return _with_tools(file, language, formatter=formatter, linter=linter)


def _problem(text: str, language: SourceLanguage) -> str:
    """What is wrong with `text` itself; empty where nothing is."""
    from pe4king_core.testcode.incremental import TestReader

    proposed = Proposed(language, "", (Edit(Span(0, 0), text),))
    parsed = ParsingGate().check(proposed, Surroundings())
    if parsed.state is not LevelState.PASSED:
        return parsed.reason.en
    return "" if TestReader(language).places(text) else "no test in it"


def _with_tools(
    file: Path, language: SourceLanguage, *, formatter: bool, linter: bool
) -> tuple[bool, str]:
    notes: list[str] = []
    wanted = (("formatter", formatter), ("linter", linter))
    for role in (name for name, asked in wanted if asked):
        command = _command(role, language, file)
        if command is None:
            notes.append(f"{role} not run: none is installed")
            continue
        problem = _run(command)
        if problem:
            return False, f"{file.name}: {role}: {problem}"
        notes.append(f"{role} passed")
    return True, "; ".join(("ok", *notes))


def _command(role: str, language: SourceLanguage, file: Path) -> Sequence[str] | None:
    """How to ask the tool; None where there is none."""
    if language is SourceLanguage.JAVA:
        tool = shutil.which("google-java-format") if role == "formatter" else None
        return (tool, "--dry-run", "--set-exit-if-changed", str(file)) if tool else None
    tool = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if tool is None:
        return None
    how = ("format", "--check") if role == "formatter" else ("check",)
    return (tool, *how, "--no-cache", str(file))


def _run(command: Sequence[str]) -> str:
    """What the tool complains of; empty where it is content."""
    try:
        ended = subprocess.run(  # noqa: S603 - the tools above, no shell
            command, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if ended.returncode == 0:
        return ""
    said = (ended.stdout.strip() or ended.stderr.strip()).splitlines()
    return said[0] if said else f"exit code {ended.returncode}"
