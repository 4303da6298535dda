"""Texts of documents as read, by units: a newer text is read only where it differs.

What is kept is bounded by characters as well as by number. Any thread may ask; two that ask for
the same document take turns, so it is read once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pe4king_core.errors import DocumentError
from pe4king_core.model.text import Edit, edit_between
from pe4king_server.reading.process import OutdatedError, ReaderProcess
from pe4king_server.reading.reader import ChildReader
from pe4king_server.recent import Recent

if TYPE_CHECKING:
    from pe4king_core.openapi.units.document_text import DocumentText
    from pe4king_core.openapi.units.unit import UnitReader

MAX_DOCUMENTS = 64
MAX_CHARACTERS = 60_000_000

Wanted = Callable[[], bool]


class TextVersion(Protocol):
    """One state of a text that may know what changed since an earlier one."""

    @property
    def text(self) -> str:
        """The whole text."""

    def edit_since(self, earlier: object, /) -> Edit | None:
        """The edit that made this text of `earlier`; None where that is not known."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text of which no more is known."""

    text: str

    def edit_since(self, _: object, /) -> Edit | None:
        """Not known."""
        return None


@dataclass(frozen=True, slots=True)
class _Resting:
    """The text of a document that was read, held by it alone."""

    document: DocumentText

    @property
    def text(self) -> str:
        """The whole text."""
        return self.document.text

    def edit_since(self, _: object, /) -> Edit | None:
        """Not known."""
        return None


@dataclass(slots=True, eq=False)
class _Entry:
    """One document: the latest text that was read, and the latest one that could not be."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    read: tuple[TextVersion, DocumentText] | None = None
    refused: tuple[str, DocumentError] | None = None

    @property
    def size(self) -> int:
        """Characters that are kept."""
        read = 0 if self.read is None else self.read[1].characters
        return read + (0 if self.refused is None else len(self.refused[0]))


class DocumentTexts:
    """The latest texts of documents by URI; read in a child process where there is one."""

    def __init__(self, process: ReaderProcess | None = None) -> None:
        self._process = process
        self._entries = Recent(
            _Entry, lambda entry: entry.size, number=MAX_DOCUMENTS, total=MAX_CHARACTERS
        )

    @property
    def reader(self) -> UnitReader | None:
        """What other files are read by; None: in this process."""
        return None if self._process is None else ChildReader(self._process)

    def rest(self) -> None:
        """Give back the memory of the child process and of texts that were read.

        The process is started again when it is needed, a text is there again when it is looked at.
        """
        if self._process is not None:
            self._process.rest()
        for entry in self._entries.all():
            with entry.turn:
                if entry.read is not None:
                    _, document = entry.read
                    document.rest()
                    entry.read = (_Resting(document), document)

    def get(self, uri: str, version: TextVersion, wanted: Wanted | None = None) -> DocumentText:
        """`version` as read.

        Raises DocumentError where it cannot be read, and OutdatedError where `wanted` says that
        nobody needs it any more: asked before the work and after it.
        """
        entry = self._entries.get(uri)
        with entry.turn:
            if wanted is not None and not wanted():
                raise OutdatedError
            document = self._current(entry, version, wanted)
        self._entries.trim()
        return document

    def _current(self, entry: _Entry, version: TextVersion, wanted: Wanted | None) -> DocumentText:
        from pe4king_core.openapi.units.document_text import DocumentText

        text = version.text
        if entry.read is not None and entry.read[1].text == text:
            entry.read = (version, entry.read[1])
            return entry.read[1]
        if entry.refused is not None and entry.refused[0] == text:
            raise entry.refused[1].with_traceback(None)
        reader = None if self._process is None else ChildReader(self._process, wanted)
        try:
            if entry.read is None:
                document = DocumentText.read(text, reader)
            else:
                before, known = entry.read
                edit = version.edit_since(before) or edit_between(known.text, text)
                document = known.edited(edit, text, reader)
        except DocumentError as error:
            entry.refused = (text, error)
            raise
        entry.read, entry.refused = (version, document), None
        return document
