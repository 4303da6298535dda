"""Jobs for the children that make files: one that tells of its work, and some that go wrong."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from pe4king_core.rendering.written import WrittenTests
from pe4king_server.files import path_of
from pe4king_server.generating import job
from pe4king_server.generating.making import Wish


def told(units: bytes, uri: str, wish: Wish, numbers: Sequence[int]) -> Iterator[WrittenTests]:
    """As the real one; the numbers of what was made go into a file beside the document."""
    for made in job.make_files(units, uri, wish, numbers):
        yield made
        with note_of(uri).open("a", encoding="utf-8") as note:
            note.write(f"{made.number}\n")


def dies(units: bytes, uri: str, wish: Wish, numbers: Sequence[int]) -> Iterator[WrittenTests]:
    """Ends its process after the first file."""
    yield from told(units, uri, wish, numbers[:1])
    os._exit(11)


def hangs(units: bytes, uri: str, wish: Wish, numbers: Sequence[int]) -> Iterator[WrittenTests]:
    """Does nothing more after the first file."""
    yield from told(units, uri, wish, numbers[:1])
    threading.Event().wait()


def has_no_memory(
    units: bytes, uri: str, wish: Wish, numbers: Sequence[int]
) -> Iterator[WrittenTests]:
    """Cannot go on after the first file."""
    yield from told(units, uri, wish, numbers[:1])
    raise MemoryError


def lies(units: bytes, uri: str, wish: Wish, numbers: Sequence[int]) -> Iterator[object]:
    """Says something that is no file after the first one."""
    yield from told(units, uri, wish, numbers[:1])
    yield "nothing"


def note_of(uri: str) -> Path:
    """Where `told` notes what it has made."""
    path = path_of(uri)
    assert path is not None
    return path.with_name("made")
