"""A test environment as data; each part says where it was found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Level

_USER = re.compile(r"(?<=//)[^/?#]*@")


@dataclass(frozen=True, slots=True)
class Package:
    """An installed Python package; names are as the package index compares them."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class PythonEnvironment:
    """The interpreter of Python tests; `packages` are those that tests are written with.

    `manager` is `setting`, `venv`, `uv`, `poetry`, `pipenv`, `conda`, `pyenv` or `path`.
    """

    interpreter: Path
    manager: str
    origin: Message
    version: str = ""
    packages: tuple[Package, ...] = ()

    def package(self, name: str) -> Package | None:
        """The installed package called `name`."""
        return next((each for each in self.packages if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Library:
    """A library that a Java build declares; `version` is empty where the build does not tell it.

    `jar` is its file in the local repository, where it is there already.
    """

    group: str
    name: str
    version: str = ""
    jar: Path | None = None


@dataclass(frozen=True, slots=True)
class Jdk:
    """A Java installation; without `compiler` it can run classes only."""

    home: Path
    origin: Message
    version: str = ""
    compiler: bool = True


@dataclass(frozen=True, slots=True)
class JavaProject:
    """A Maven or Gradle project: its nearest build file, and the folder of all its modules.

    `wrapper` is the project's own start script of the build tool, `program` the tool on the PATH.
    `classes` are folders of compiled classes that are there already. The whole class path is known
    to the build tool only, which is not run here.
    """

    tool: str
    file: Path
    root: Path
    wrapper: Path | None = None
    program: Path | None = None
    libraries: tuple[Library, ...] = ()
    classes: tuple[Path, ...] = ()

    def library(self, name: str) -> Library | None:
        """The declared library called `name`."""
        return next((each for each in self.libraries if each.name == name), None)


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """Where the API under test is, as the tests or the user say. Nobody has asked it."""

    value: str = field(repr=False)
    origin: Message = Message("", "")

    @property
    def shown(self) -> str:
        """The address without user, password and query: those may be secret."""
        address, mark, _ = _USER.sub("…@", self.value).partition("?")
        return address + ("?…" if mark else "")


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Levels of proof that cannot be reached here, and why."""

    levels: tuple[Level, ...]
    reason: Message


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that was found for one test file or folder.

    `language` is None for a folder: then both sides are looked for. `problems` name the files that
    could not be read.
    """

    uri: str
    language: SourceLanguage | None = None
    python: PythonEnvironment | None = None
    java: JavaProject | None = None
    jdk: Jdk | None = None
    base_url: BaseUrl | None = None
    not_checked: tuple[NotChecked, ...] = ()
    problems: tuple[Message, ...] = ()

    def why_not(self, level: Level) -> Message | None:
        """Why `level` cannot be checked here; None where nothing is in its way."""
        return next((each.reason for each in self.not_checked if level in each.levels), None)
