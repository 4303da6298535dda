"""Jobs for the children that make files: one that tells of its work, and some that go wrong."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pe4king_server.files import path_of
from pe4king_server.generating.helpers import JOBS
from pe4king_server.generating.job import Maker
from pe4king_server.generating.making import Wish
from pe4king_server.generating.sending import Sent

READ = "read"


class Told(Maker):
    """As the real one; what was read and the numbers of what was made are noted."""

    uri = ""

    def prepare(self, units: bytes, uri: str) -> None:
        super().prepare(units, uri)
        self.uri = uri
        _note(uri, READ)

    def make_files(self, wish: Wish, numbers: Sequence[int]) -> Iterator[Sent]:
        for made in super().make_files(wish, numbers):
            yield made
            _note(self.uri, str(made[0].number))


class Dies(Told):
    """Ends its process after the first file."""

    def make_files(self, wish: Wish, numbers: Sequence[int]) -> Iterator[Sent]:
        yield from super().make_files(wish, numbers[:1])
        os._exit(11)


class Hangs(Told):
    """Does nothing more after the first file."""

    def make_files(self, wish: Wish, numbers: Sequence[int]) -> Iterator[Sent]:
        yield from super().make_files(wish, numbers[:1])
        threading.Event().wait()


class HasNoMemory(Told):
    """Cannot go on after the first file."""

    def make_files(self, wish: Wish, numbers: Sequence[int]) -> Iterator[Sent]:
        yield from super().make_files(wish, numbers[:1])
        raise MemoryError


class Lies(Told):
    """Says something that is no file after the first one."""

    def make_files(self, wish: Wish, numbers: Sequence[int]) -> Iterator[Any]:
        yield from super().make_files(wish, numbers[:1])
        yield "nothing"


class CannotRead(Told):
    """Ends its process while it reads the document."""

    def prepare(self, units: bytes, uri: str) -> None:
        os._exit(11)


def jobs_of(kind: type[Maker]) -> dict[str, str]:
    """The jobs of children that are of a `kind`."""
    return {name: f"{__name__}:{kind.__name__}.{name}" for name in JOBS}


def files_noted(uri: str) -> bool:
    """Whether a child has made a file."""
    note = note_of(uri)
    return note.exists() and any(map(str.isdigit, note.read_text(encoding="utf-8").split()))


def note_of(uri: str) -> Path:
    """Where `Told` notes what it has done: beside the document."""
    path = path_of(uri)
    assert path is not None
    return path.with_name("made")


def _note(uri: str, line: str) -> None:
    with note_of(uri).open("a", encoding="utf-8") as note:
        note.write(f"{line}\n")
