"""What a child process does: it makes the files that it is given, the first ones first."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence

from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi.loading import load_text
from pe4king_core.openapi.units.packing import unpacked
from pe4king_server.generating.making import Making, Wish
from pe4king_server.generating.sending import Sent, sent
from pe4king_server.generating.warming import warm_up
from pe4king_server.memory import give_back_large_blocks

_LARGE = 8 * 1024 * 1024
"""Bytes. A file of tests is written in blocks of a megabyte or two, many of them for each file."""


class Maker:
    """The work of one child: a document is read first, files are made of it when they are known."""

    def __init__(self) -> None:
        gc.disable()  # it would find nothing: a child lives for one document and makes no cycles
        give_back_large_blocks(_LARGE)
        self._others = _OtherFiles()
        self._document: ApiDocument | None = None

    def warm_up(self) -> None:
        """Load what the other jobs need."""
        warm_up()

    def prepare(self, units: bytes, uri: str) -> None:
        """Read a document with all of its operations."""
        document = load_text(unpacked(units), uri, self._others)
        for _ in document.operations:
            pass
        self._document = document

    def make_files(self, wish: Wish, numbers: Sequence[int]) -> Iterator[Sent]:
        """The files with these numbers, as they are ready.

        It ends early where the document asks for another file: only the parent has those.
        Raises LookupError where no document has been read: the child that did is gone.
        """
        if self._document is None:
            raise LookupError("no document")
        making = Making(self._document, wish)
        for number in numbers:
            if self._others.asked:
                return
            made = making.make(number)
            if not self._others.asked:
                yield sent(made)


class _OtherFiles:
    """Has no file; remembers that one was asked for."""

    def __init__(self) -> None:
        self.asked = False

    def read(self, _base_uri: str, _reference: str) -> tuple[str, str] | None:
        """None."""
        self.asked = True
        return None

    def fetch(self, _url: str) -> tuple[str, str] | None:
        """None."""
        self.asked = True
        return None
