"""Made-up projects and homes for the tests of the environment; nothing in them is ever run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pe4king_core.model.verdict import Level
from pe4king_server.environment import Environment, environment_of
from pe4king_server.files import DiskFiles, uri_of
from pe4king_server.settings import Settings, parse_settings


class Workspace:
    """A workspace beside a home folder and a folder of programs."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "work"
        self.home = folder / "home"
        self.programs = folder / "programs"
        for each in (self.root, self.home, self.programs):
            each.mkdir()
        self.environ = {"PATH": str(self.programs)}

    def write(self, path: str, text: str = "") -> Path:
        """A file of the workspace."""
        return put(self.root / path, text)

    def found(self, path: str = "tests/test_x.py", **settings: object) -> Environment:
        """The environment of the file or folder `path`."""
        return environment_of(
            uri_of(self.root / path),
            DiskFiles(self.root),
            parse_settings(settings) if settings else Settings(),
            self.environ,
            self.home,
        )


def put(path: Path, text: str = "") -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def program(path: Path) -> Path:
    """A file that may be run, and says so loudly where it is."""
    put(path, "#!/bin/sh\nexit 9\n")
    path.chmod(0o755)
    return path


def virtual(prefix: Path, *packages: str, windows: bool = False) -> Path:
    """A virtual environment with `packages` (`pytest-8.2.0`); returns its interpreter."""
    put(prefix / "pyvenv.cfg", "home = /nowhere\nversion = 3.12.1\n")
    site = prefix / ("Lib" if windows else "lib/python3.12") / "site-packages"
    site.mkdir(parents=True)
    for package in packages:
        (site / f"{package}.dist-info").mkdir()
    return program(prefix / ("Scripts/python.exe" if windows else "bin/python"))


def told(environment: Environment) -> str:
    """Everything that is said about it, in English."""
    reasons = [each.reason for each in environment.not_checked]
    return "\n".join(message.en for message in (*environment.problems, *reasons))


def not_checked(environment: Environment) -> set[Level]:
    """The levels that cannot be reached."""
    return {level for each in environment.not_checked for level in each.levels}


def messages(environment: Environment) -> Iterator[str]:
    """Every text for the user, of both languages."""
    for each in environment.not_checked:
        yield from (each.reason.en, each.reason.ru)
    for problem in environment.problems:
        yield from (problem.en, problem.ru)


def is_superuser() -> bool:
    """Whether rights do not keep this process from anything."""
    return os.name == "nt" or os.geteuid() == 0
