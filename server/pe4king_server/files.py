"""Where texts come from: the editor's open documents or the disk, behind one interface."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

IGNORED = frozenset(
    {".git", ".hg", ".venv", "venv", "node_modules", "target", "build", "dist", "__pycache__"}
    | {"bower_components", "site-packages"}
)
MAX_FILES = 20_000
"""No more directory entries than this are looked at when documents or tests are searched."""

MAX_BYTES = 64 * 1024 * 1024


class Files(Protocol):
    """Texts by URI. Reading never fails: what cannot be read is None."""

    @property
    def roots(self) -> tuple[str, ...]:
        """URIs of the workspace's folders, the main one first; may be empty."""
        ...

    @property
    def opened(self) -> tuple[str, ...]:
        """URIs of what the editor has open, which may not be what the disk has."""
        ...

    def read(self, uri: str) -> str | None:
        """The current text: the editor's where it is open, else the file's."""
        ...

    def exists(self, uri: str) -> bool:
        """Whether the name is taken: by a file, readable or not, a folder, a link."""
        ...

    def list(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        """URIs of the workspace's files with one of `endings`, open ones first."""
        ...


def path_of(uri: str) -> Path | None:
    """The path of a `file:` URI; None for any other, and for what no system can have."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or "\0" in path:
        return None
    remote = parts.netloc not in ("", "localhost")
    if os.name == "nt":
        return Path(f"//{parts.netloc}{path}" if remote else path.removeprefix("/"))
    return None if remote else Path(path)


def is_there(path: Path) -> bool:
    """Whether the name is taken, be it by a folder or a link that leads nowhere."""
    return os.path.lexists(path)


def is_below(uri: str, folder: str) -> bool:
    """Whether `uri` lies below `folder`, however either is escaped; `..` leads out of it."""
    inside, outside = unquote(uri), unquote(folder).rstrip("/") + "/"
    return inside.startswith(outside) and ".." not in inside.removeprefix(outside).split("/")


def uri_of(path: Path) -> str:
    """The `file:` URI of `path`."""
    return path.absolute().as_uri()


def folder_of(uri: str) -> str:
    """The URI of the folder that holds `uri`."""
    return uri.rsplit("/", 1)[0]


def join_uri(folder: str, relative: str) -> str:
    """`relative` (forward slashes) below the folder `folder`."""
    from urllib.parse import quote

    return f"{folder.rstrip('/')}/{quote(relative)}"


def read_text(path: Path) -> str | None:
    """The UTF-8 text of `path` without a byte order mark, line ends as they are, or None."""
    try:
        status = path.stat()
        # A pipe or a device would be read for ever.
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        data = path.read_bytes()
        # Zero bytes are UTF-16 or UTF-32, or no text at all.
        return None if b"\0" in data else data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def read_document(path: Path) -> str:
    """The text of the file `path`, UTF-8 or marked UTF-16 or UTF-32, without its mark.

    Raises UserError that says why it cannot be read: at which line it is no text, for one.
    """
    from pe4king_core.openapi.parsing.decoding import decode

    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES:
            return decode(path.read_bytes()).text
    except FileNotFoundError as error:
        raise _unreadable(f"There is no file {path}.", f"Файла {path} нет.") from error
    except OSError as error:
        raise _unreadable(
            f"{path} cannot be opened ({error.strerror}).",
            f"Файл {path} не открывается ({error.strerror}).",
        ) from error
    if path.is_dir():
        raise _unreadable(f"{path} is a folder, not a file.", f"{path} — папка, а не файл.")
    if not stat.S_ISREG(status.st_mode):
        raise _unreadable(f"{path} is not a regular file.", f"{path} — не обычный файл.")
    raise _unreadable(
        f"{path} is larger than {MAX_BYTES // 1024**2} MiB.",
        f"Файл {path} больше {MAX_BYTES // 1024**2} МиБ.",
    )


def _unreadable(en: str, ru: str) -> UserError:
    return UserError(Message(en, ru), code="file-unreadable")


def walk(root: Path, endings: tuple[str, ...], most: int = MAX_FILES) -> Iterator[Path]:
    """Files below `root` with one of `endings`, in a stable order; looks at `most` entries."""
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in IGNORED and name[0] != ".")
        if "pyvenv.cfg" in names:
            folders.clear()  # a virtual environment by any name
        for name in sorted(names):
            seen += 1
            if seen > most:
                return
            if name.endswith(endings):
                yield Path(folder, name)


_REPOSITORY = (".git", ".hg")
_PROJECT = (
    "pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini",
    "pom.xml", "build.gradle", "build.gradle.kts", ".pe4king.toml",
)  # fmt: skip


def workspace_of(file: Path, current: Path) -> Path:
    """The folder that an editor would have open for `file`, for somebody who stands in `current`.

    The repository around, else the project around; else `current` if the file lies below it,
    else the file's own folder.
    """
    place, current = file.absolute().parent, current.absolute()
    start = current if place.is_relative_to(current) else place
    for marks in (_REPOSITORY, _PROJECT):
        for folder in (start, *start.parents):
            if any(is_there(folder / mark) for mark in marks):
                return folder
    return start


def is_project(folder: Path) -> bool:
    """Whether `folder` says itself that it is a repository or a project."""
    return any(is_there(folder / mark) for mark in (*_REPOSITORY, *_PROJECT))


class DiskFiles:
    """The files below one folder; what the command line works on."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    @property
    def roots(self) -> tuple[str, ...]:
        """The one folder."""
        return (uri_of(self._root),)

    @property
    def opened(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def read(self, uri: str) -> str | None:
        """The file's text."""
        path = path_of(uri)
        return None if path is None else read_text(path)

    def exists(self, uri: str) -> bool:
        """Whether the name is taken."""
        path = path_of(uri)
        return path is not None and is_there(path)

    def list(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        """URIs below the folder."""
        return tuple(uri_of(path) for path in walk(self._root, endings))
