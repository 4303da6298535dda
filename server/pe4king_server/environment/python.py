"""The interpreter of Python tests, in the order in which people and tools would choose one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_server.environment import managers
from pe4king_server.environment.look import Look, is_file, is_folder, is_program
from pe4king_server.environment.model import PythonEnvironment
from pe4king_server.environment.packages import packages_of, version_of

VARIABLE = "PE4KING_PYTHON"
"""Names the interpreter for all workspaces of a user; no workspace can set it."""

_FOLDERS = (".venv", "venv", "env")
_INTERPRETER = re.compile(r"(?:python|pypy)[\d.]*[tw]?(?:\.exe)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A place where an interpreter may be."""

    interpreter: Path
    manager: str
    origin: Message


def find_python(look: Look, folder: Path, configured: str) -> PythonEnvironment | None:
    """The interpreter for tests in `folder`; `configured` is the setting `pe4king.python`."""
    above = look.above(folder)
    for candidate in _candidates(look, above, configured):
        if is_program(candidate.interpreter):
            return PythonEnvironment(
                candidate.interpreter,
                candidate.manager,
                candidate.origin,
                version_of(look, candidate.interpreter),
                packages_of(look, candidate.interpreter),
            )
        if os.path.lexists(candidate.interpreter):
            look.problem(
                Message(
                    f"{look.shown(candidate.interpreter)} leads to no program.",
                    f"{look.shown(candidate.interpreter)} не ведёт к программе.",
                )
            )
    return None


def interpreters(prefix: Path) -> Iterator[Path]:
    """Where the interpreter of the environment `prefix` may be, on any system."""
    for name in ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe"):
        yield prefix / name


def _candidates(look: Look, above: list[Path], configured: str) -> Iterator[_Candidate]:
    if configured:
        yield from _configured(look, above, configured)
    if os.path.isabs(look.variable(VARIABLE)):
        yield _Candidate(Path(look.variable(VARIABLE)), "setting", _variable(VARIABLE))
    for folder in above:
        for prefix in managers.uv(look, folder):
            yield from _environment(prefix, "uv", _variable("UV_PROJECT_ENVIRONMENT"))
        for name in _FOLDERS:
            if is_file(folder / name / "pyvenv.cfg") or is_folder(folder / name / "conda-meta"):
                yield from _environment(folder / name, "venv", _folder(look, folder / name))
    if look.variable("VIRTUAL_ENV"):
        yield from _environment(
            Path(look.variable("VIRTUAL_ENV")), "venv", _variable("VIRTUAL_ENV")
        )
    yield from _managed(look, above)
    if look.variable("CONDA_PREFIX"):
        prefix = Path(look.variable("CONDA_PREFIX"))
        yield from _environment(prefix, "conda", _variable("CONDA_PREFIX"))
    for folder in above:
        for path in managers.pyenv(look, folder):
            yield _Candidate(path, "pyenv", _folder(look, folder / ".python-version"))
    for path in managers.pyenv_on_path(look):
        yield _Candidate(path, "pyenv", Message("pyenv's own choice", "выбор pyenv"))
    on_path = look.program("python3", "python")
    if on_path is not None:
        origin = Message(
            "the first on the PATH; no environment of this project was found",
            "первый в PATH; окружение этого проекта не найдено",
        )
        yield _Candidate(on_path, "path", origin)


def _managed(look: Look, above: list[Path]) -> Iterator[_Candidate]:
    """The environments that tools keep elsewhere, the nearest project first."""
    tools: tuple[tuple[str, Callable[[Look, Path], Iterator[Path]]], ...] = (
        ("poetry", managers.poetry),
        ("pipenv", managers.pipenv),
        ("conda", managers.conda),
    )
    for folder in above:
        for name, prefixes in tools:
            for prefix in prefixes(look, folder):
                origin = Message(
                    f"the {name} environment of {look.shown(folder / managers.FILES[name])}",
                    f"окружение {name} для {look.shown(folder / managers.FILES[name])}",
                )
                yield from _environment(prefix, name, origin)


def _configured(look: Look, above: list[Path], configured: str) -> Iterator[_Candidate]:
    """What the setting names, where a workspace may name it: an interpreter inside itself.

    Settings may come with a workspace that the user only opened, so they cannot name any program.
    """
    origin = Message("the setting pe4king.python", "настройка pe4king.python")
    bases = look.roots or (above[-1],)
    inside = False
    for base in bases:
        path = Path(os.path.normpath(base / configured))
        if base not in path.parents:
            continue
        inside = True
        if _INTERPRETER.fullmatch(path.name) and not is_folder(path):
            yield _Candidate(path, "setting", origin)
        elif is_folder(path):
            yield from _environment(path, "setting", origin)
    reason = (
        Message("there is no interpreter", "интерпретатора там нет")
        if inside
        else Message(
            f"it is outside the workspace; the environment variable {VARIABLE} may name it",
            f"он вне рабочей области; его можно задать переменной окружения {VARIABLE}",
        )
    )
    look.problem(
        Message(
            f"pe4king.python ({configured}) is not used: {reason.en}.",
            f"pe4king.python ({configured}) не используется: {reason.ru}.",
        )
    )


def _environment(prefix: Path, manager: str, origin: Message) -> Iterator[_Candidate]:
    for path in interpreters(prefix):
        yield _Candidate(path, manager, origin)


def _folder(look: Look, path: Path) -> Message:
    return Message(look.shown(path), look.shown(path))


def _variable(name: str) -> Message:
    return Message(f"the environment variable {name}", f"переменная окружения {name}")
