"""File edits on disk: every file whole or not at all, never over somebody else's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import apply_edits
from pe4king_server.files import path_of, read_text

_BOM = "﻿"


def write_edits(edits: tuple[FileEdit, ...]) -> list[Path]:
    """Write all `edits`; returns the paths. Nothing is written where one of them cannot be.

    Raises UserError for a file that changed meanwhile, appeared meanwhile or cannot be written.
    """
    planned = [(_path(edit), edit) for edit in edits]
    for path, edit in planned:
        _check(path, edit)
    for path, edit in planned:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, apply_edits(edit.base, edit.edits), create=edit.create)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UserError(
                Message(
                    f"{path} cannot be written: {reason}.", f"Не удаётся записать {path}: {reason}."
                ),
                code="write-failed",
            ) from error
    return [path for path, _ in planned]


def _path(edit: FileEdit) -> Path:
    path = path_of(edit.uri)
    if path is None:
        raise UserError(Message(f"{edit.uri} is not a file.", f"{edit.uri} не файл."))
    return path


def _check(path: Path, edit: FileEdit) -> None:
    if edit.create:
        if path.exists():
            raise UserError(
                Message(f"{path} is there already.", f"{path} уже существует."), code="write-exists"
            )
    elif read_text(path) != edit.base:
        raise UserError(
            Message(
                f"{path} changed meanwhile; nothing was written.",
                f"{path} тем временем изменился; ничего не записано.",
            ),
            code="write-stale",
        )


def _write(path: Path, text: str, *, create: bool) -> None:
    """Replace `path` in one step; a byte order mark and the file's mode are kept."""
    mode = None if create else path.stat().st_mode
    mark = not create and path.read_bytes()[:3] == _BOM.encode()
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(((_BOM if mark else "") + text).encode("utf-8", "surrogatepass"))
        os.chmod(temporary, mode & 0o777 if mode is not None else 0o644)
        os.replace(temporary, path.resolve())
    except BaseException:
        os.unlink(temporary)
        raise
