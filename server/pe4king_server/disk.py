"""File edits on disk: every file whole, all of them or none, never over somebody else's."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from uuid import uuid4

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import apply_edits
from pe4king_server.files import is_there, path_of, read_text

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Planned:
    """One file: `path` as the user knows it, `place` where its bytes are, `before` to go back."""

    path: Path
    place: Path
    content: bytes
    before: bytes | None
    """None for a new file."""


def write_edits(edits: tuple[FileEdit, ...]) -> list[Path]:
    """Write all `edits`; returns the paths. Nothing is written where one of them cannot be.

    Raises UserError for a file that changed meanwhile, appeared meanwhile or cannot be written.
    """
    planned = [_plan(edit) for edit in edits]
    folders: list[Path] = []
    staged: list[Path] = []
    done: list[_Planned] = []
    try:
        for item in planned:
            folders += _make_folder(item)
            staged.append(_stage(item))
        for item, temporary in zip(planned, staged, strict=True):
            _put(item, temporary)
            done.append(item)
    except BaseException:
        _go_back(done, folders, staged)
        raise
    return [item.path for item in planned]


def remove_new(edits: tuple[FileEdit, ...]) -> None:
    """Take back files that `write_edits` just made; one that somebody changed since stays."""
    for edit in edits:
        path = path_of(edit.uri)
        if edit.create and path is not None and read_text(path) == apply_edits("", edit.edits):
            _remove([path])


def _plan(edit: FileEdit) -> _Planned:
    path = path_of(edit.uri)
    if path is None:
        raise UserError(Message(f"{edit.uri} is not a file.", f"{edit.uri} не файл."))
    content = apply_edits(edit.base, edit.edits).encode("utf-8", "surrogatepass")
    if edit.create:
        if is_there(path):
            raise _exists(path)
        return _Planned(path, path, content, None)
    if read_text(path) != edit.base:
        raise UserError(
            Message(
                f"{path} changed meanwhile; nothing was written.",
                f"{path} тем временем изменился; ничего не записано.",
            ),
            code="write-stale",
        )
    if not os.access(path, os.W_OK):
        raise _failed(path, PermissionError(0, "Permission denied"))
    before = path.read_bytes()
    mark = _BOM if before.startswith(_BOM) else b""
    return _Planned(path, path.resolve(), mark + content, before)


def _make_folder(item: _Planned) -> list[Path]:
    """Make the folder of a file; the folders that were not there, the outermost first."""
    folder = item.place.parent
    missing = list(takewhile(lambda each: not is_there(each), (folder, *folder.parents)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove(missing)
        raise _failed(item.path, error) from error
    return missing[::-1]


def _stage(item: _Planned) -> Path:
    """The content in a file beside its place, so that it gets there in one step."""
    temporary = item.place.with_name(f".pe4king-{uuid4().hex}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(item.content)
        if item.before is not None:
            os.chmod(temporary, stat.S_IMODE(item.place.stat().st_mode))
    except OSError as error:
        _remove([temporary])
        raise _failed(item.path, error) from error
    return temporary


def _put(item: _Planned, temporary: Path) -> None:
    try:
        if item.before is None and is_there(item.place):
            raise _exists(item.path)
        os.replace(temporary, item.place)
    except OSError as error:
        raise _failed(item.path, error) from error


def _go_back(done: list[_Planned], folders: list[Path], staged: list[Path]) -> None:
    _remove(staged)
    for item in done:
        if item.before is None:
            _remove([item.place])
        else:
            item.place.write_bytes(item.before)
    _remove(folders[::-1])


def _remove(paths: list[Path]) -> None:
    """Remove files and empty folders that are ours; one that is not there, or not empty, stays."""
    for path in paths:
        try:
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
        except OSError:
            continue


def _exists(path: Path) -> UserError:
    return UserError(
        Message(f"{path} is there already.", f"{path} уже существует."), code="write-exists"
    )


def _failed(path: Path, error: OSError) -> UserError:
    reason = error.strerror or type(error).__name__
    return UserError(
        Message(f"{path} cannot be written: {reason}.", f"Не удаётся записать {path}: {reason}."),
        code="write-failed",
    )
