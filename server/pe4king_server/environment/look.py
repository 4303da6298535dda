"""Looking at folders and small files: bounded, never failing, every problem told once."""

from __future__ import annotations

import configparser
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pe4king_core.model.message import Message
from pe4king_server.files import Files, path_of, uri_of

MAX_BYTES = 2 * 1024 * 1024
"""Build and configuration files that people write are smaller."""

_REPOSITORY = (".git", ".hg")
_BUILD = ("pyproject.toml", "setup.cfg", "pom.xml", "settings.gradle", "settings.gradle.kts")
_MAX_NAMES = 20_000
_MAX_ABOVE = 40
_DECLARED = re.compile(
    rb"<\?xml[^>]*encoding=[\"']((?:iso-8859-|windows-125)\d+|us-ascii|latin-?1|utf-8)[\"']", re.I
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


class Look:
    """One look around; `problems` collects what could not be read."""

    def __init__(self, files: Files, environ: Mapping[str, str], home: Path) -> None:
        self._files = files
        self._environ = environ
        self.home = home
        self.roots = tuple(path for uri in files.roots if (path := path_of(uri)) is not None)
        self._problems: dict[str, Message] = {}

    @property
    def problems(self) -> tuple[Message, ...]:
        """What could not be read, in the order it was met."""
        return tuple(self._problems.values())

    def problem(self, message: Message) -> None:
        """Remember a problem."""
        self._problems.setdefault(message.en, message)

    def variable(self, name: str) -> str:
        """The environment variable `name`; empty where it is not set."""
        return self._environ.get(name, "")

    def folder(self, name: str, default: Path) -> Path:
        """The folder that the variable `name` holds, else `default`."""
        value = self.variable(name)
        return Path(value) if value else default

    def above(self, folder: Path) -> list[Path]:
        """`folder` and those above it that belong to the same project, the nearest first.

        That is up to the workspace's root, or the repository that the root is a part of; outside
        the workspace up to the repository or the nearest build file. Folders that many people
        share must not count, such as the one for temporary files.
        """
        chain = [folder, *folder.parents][:_MAX_ABOVE]
        if self.home in chain:
            chain = chain[: chain.index(self.home) + 1]
        inside = [place for place, each in enumerate(chain) if each in self.roots]
        start = max(inside, default=0)
        for marks in (_REPOSITORY,) if inside else (_REPOSITORY, _BUILD):
            for place in range(start, len(chain)):
                if any(os.path.lexists(chain[place] / mark) for mark in marks):
                    return chain[: place + 1]
        return chain[: start + 1]

    def names(self, folder: Path) -> list[str]:
        """What is in `folder`, sorted; nothing where it is none."""
        try:
            with os.scandir(folder) as entries:
                found = [entry.name for _, entry in zip(range(_MAX_NAMES), entries, strict=False)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except (OSError, ValueError) as error:
            self._unreadable(folder, error)
            return []
        return sorted(found)

    def text(self, path: Path) -> str | None:
        """The text of a small file, the editor's where it is open; None where there is none."""
        data = self._data(path)
        if data is None:
            return None
        text = self._files.read(uri_of(path))
        if text is None:
            text = self._decoded(path, data)
        return text

    def toml(self, path: Path) -> dict[str, Any]:
        """The tables of a TOML file; empty where there are none."""
        text = self.text(path)
        if text is None:
            return {}
        try:
            return tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            self._broken(path, error)
            return {}

    def ini(self, path: Path) -> configparser.RawConfigParser:
        """The sections of an INI file."""
        made = configparser.RawConfigParser(strict=False, allow_no_value=True)
        text = self.text(path)
        if text is not None:
            try:
                made.read_string(text)
            except configparser.Error as error:
                self._broken(path, error)
                made = configparser.RawConfigParser()
        return made

    def xml(self, path: Path) -> ElementTree.Element | None:
        """The root of an XML file without a document type: entities could name other files."""
        data = self._data(path)
        if data is None:
            return None
        declared = _DECLARED.match(data[:200].lstrip(b"\xef\xbb\xbf"))
        text = self._files.read(uri_of(path))
        if text is None:
            text = self._decoded(path, data, declared[1].decode() if declared else "utf-8")
        if text is None:
            return None
        if "<!" in text and re.search(r"<!(?:DOCTYPE|ENTITY)", text):
            self.problem(
                Message(
                    f"{self.shown(path)} is not read: it has a document type.",
                    f"{self.shown(path)} не прочитан: в нём есть объявление типа документа.",
                )
            )
            return None
        try:
            return ElementTree.fromstring(_DECLARATION.sub("", text))  # noqa: S314 - checked above
        except (ElementTree.ParseError, ValueError, RecursionError) as error:
            self._broken(path, error)
            return None

    def program(self, *names: str, shims: bool = False) -> Path | None:
        """The first of the programs `names` on the PATH; relative folders do not count.

        Nor do the `shims` of version managers where the program's own place is wanted: such a
        script only asks which program it stands for.
        """
        endings = ("", ".exe", ".cmd", ".bat") if os.name == "nt" else ("",)
        for folder in self.variable("PATH").split(os.pathsep):
            if not os.path.isabs(folder) or "WindowsApps" in folder:
                continue  # a stub there opens a shop
            if not shims and os.path.basename(os.path.normpath(folder)) == "shims":
                continue
            for name in names:
                for ending in endings:
                    if is_program(found := Path(folder, name + ending)):
                        return found
        return None

    def shown(self, path: Path) -> str:
        """`path` as the user knows it: from the workspace's root, or from the home folder."""
        for root in self.roots:
            if root in path.parents:
                return path.relative_to(root).as_posix()
        if self.home in path.parents:
            return "~/" + path.relative_to(self.home).as_posix()
        return str(path)

    def _data(self, path: Path) -> bytes | None:
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return None
            if status.st_size > MAX_BYTES:
                self.problem(
                    Message(
                        f"{self.shown(path)} is not read: it is larger than 2 MiB.",
                        f"{self.shown(path)} не прочитан: файл больше 2 МиБ.",
                    )
                )
                return None
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            self._unreadable(path, error)
            return None

    def _decoded(self, path: Path, data: bytes, encoding: str = "utf-8") -> str | None:
        try:
            text = data.decode("utf-8-sig" if encoding.lower() == "utf-8" else encoding)
        except (UnicodeDecodeError, LookupError):
            text = "\0"
        if "\0" not in text:
            return text
        self.problem(
            Message(
                f"{self.shown(path)} is not read: it is no text in the encoding that it should be.",
                f"{self.shown(path)} не прочитан: это не текст в ожидаемой кодировке.",
            )
        )
        return None

    def _unreadable(self, path: Path, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or type(error).__name__
        self.problem(
            Message(
                f"{self.shown(path)} cannot be opened: {reason}.",
                f"Не удаётся открыть {self.shown(path)}: {reason}.",
            )
        )

    def _broken(self, path: Path, error: Exception) -> None:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        self.problem(
            Message(
                f"{self.shown(path)} is broken: {reason}.",
                f"{self.shown(path)} с ошибкой: {reason}.",
            )
        )


def is_here(text: str) -> bool:
    """Whether a path that a workspace names is on this machine: others would be contacted."""
    return not text.startswith(("//", "\\\\"))


def is_file(path: Path) -> bool:
    """Whether `path` is a file; False where that cannot be told (no rights, links in a circle)."""
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder; False where that cannot be told."""
    return os.path.isdir(path)


def is_program(path: Path) -> bool:
    """Whether `path` is a file that may be run."""
    return os.path.isfile(path) and os.access(path, os.X_OK)
