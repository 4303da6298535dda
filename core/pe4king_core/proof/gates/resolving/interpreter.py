"""Where an interpreter finds its modules: asked once, isolated, nothing of the user's imported."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pe4king_core.model.message import Message

_SECONDS = 20
# `-S` would hide installed packages; `-I` leaves out the working folder and PYTHON* variables.
_QUESTION = """
import json, sys
names = getattr(sys, "stdlib_module_names", ()) or sys.builtin_module_names
built_in = list(sys.builtin_module_names)
print(json.dumps([list(sys.version_info[:2]), sys.path, sorted(names), built_in]))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What it said; `standard` are the modules that come with it."""

    version: tuple[int, int]
    folders: tuple[Path, ...]
    standard: frozenset[str]
    built_in: frozenset[str]


def asked(program: Path) -> Interpreter | Message:
    """The answer of `program`, or why there is none; remembered while the program is the same."""
    try:
        status = program.stat()
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Message(
            f"{program.name} cannot be run: {why}", f"{program.name} не запустить: {why}"
        )
    return _asked(program, status.st_mtime_ns)


@cache
def _asked(program: Path, _changed: int) -> Interpreter | Message:
    try:
        done = subprocess.run(  # noqa: S603 - the user's interpreter, with a fixed question
            [program, "-I", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        version, path, standard, built_in = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = type(error).__name__
        return Message(
            f"{program.name} did not say where its modules are ({why})",
            f"{program.name} не сообщил, где его модули ({why})",
        )
    folders = tuple(Path(each) for each in path if each)
    return Interpreter((version[0], version[1]), folders, frozenset(standard), frozenset(built_in))
