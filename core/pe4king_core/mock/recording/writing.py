"""Adds exchanges to a recording; whatever ends the program, the file can be read."""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pe4king_core.errors import UserError
from pe4king_core.mock.recording.lines import header_of, line_of
from pe4king_core.mock.recording.reading import read_header
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.model.message import Message


class RecordingWriter:
    """The file at `path`, made where there is none, continued where there is one. Thread-safe.

    Raises UserError where the file is something else, or cannot be written.
    """

    def __init__(self, path: Path, server: str) -> None:
        self._lock = threading.Lock()
        self._is_torn = False
        try:
            is_new = not path.exists() or path.stat().st_size == 0
            self.salt = secrets.token_hex(8) if is_new else read_header(path).salt
            self._file: IO[bytes] = path.open("ab", buffering=0)
            if is_new:
                self._file.write(header_of(server, self.salt))
            elif not _ends_with_line(path):
                self._file.write(b"\n")  # an interrupted line stays by itself
        except OSError as error:
            raise UserError(
                Message(
                    f"{path} cannot be written ({error.strerror}).",
                    f"Не удалось записать {path} ({error.strerror}).",
                ),
                code="recording-unwritable",
            ) from None

    def add(self, recorded: Recorded) -> None:
        """Write an exchange, whole and at once. Raises OSError where the disk does not take it."""
        line = line_of(recorded)
        with self._lock:
            line = b"\n" + line if self._is_torn else line
            self._is_torn = True
            while line:
                line = line[self._file.write(line) or 0 :]
            self._is_torn = False

    def close(self) -> None:
        """Write nothing any more."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
