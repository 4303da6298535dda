"""What stands at a place in a text: an operation of a document or a test of a file."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.errors import DocumentError
from pe4king_core.model.text import Span
from pe4king_server.document_texts import DocumentTexts, Wanted
from pe4king_server.lsp.documents import Snapshot
from pe4king_server.reading.process import JobError, OutdatedError
from pe4king_server.recent import Recent

if TYPE_CHECKING:
    from pe4king_core.openapi.units.document_text import DocumentText
    from pe4king_core.testcode.incremental import TestReader

_logger = logging.getLogger(__name__)

MAX_SOURCE = 4_000_000
"""Longer test files are not read while a menu is drawn."""

MAX_TEXTS = 32
MAX_CHARACTERS = 30_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """One operation or one test, named in a way that survives other edits."""

    uri: str
    operation: str | None = None
    test: str | None = None

    def arguments(self) -> dict[str, str]:
        """The argument of our commands; plain JSON."""
        found = {"uri": self.uri, "operation": self.operation, "test": self.test}
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Marked:
    """A place with the part of the text that it takes."""

    span: Span
    place: Place


@dataclass(slots=True, eq=False)
class _Slot:
    """The marks of the latest text of one file; two threads that want them take turns."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    text: str = ""
    marks: tuple[_Marked, ...] = ()

    reader: TestReader | None = None

    def update(self, uri: str, text: str) -> tuple[_Marked, ...]:
        """The marks of `text`."""
        if self.text != text:
            self.text, self.marks = text, tuple(self._marks(uri, text))
        return self.marks

    def _marks(self, uri: str, text: str) -> Iterator[_Marked]:
        """Every operation or test of a text; works in half-typed ones."""
        from pe4king_core.testcode import language_of

        language = language_of(uri)
        if language is not None:
            if len(text) > MAX_SOURCE:
                return
            if self.reader is None:
                from pe4king_core.testcode.incremental import TestReader

                self.reader = TestReader(language)
            for name, place in self.reader.places(text):
                yield _Marked(place.span, Place(uri, test=name))
            return
        from pe4king_core.openapi import index

        for operation in index(text):
            key = f"{operation.method.upper()} {operation.path}"
            yield _Marked(operation.span, Place(uri, operation=key))


class Places:
    """The places of texts; those of the last few texts are kept, as cursors move between edits.

    A document is read by its units, of which an edit changes one; its text is only searched for
    operations where it cannot be read at all. Thread-safe.
    """

    def __init__(self, texts: DocumentTexts | None = None) -> None:
        self._texts = texts or DocumentTexts()
        self._slots = Recent(
            _Slot, lambda slot: len(slot.text), number=MAX_TEXTS, total=MAX_CHARACTERS
        )

    def at(self, snapshot: Snapshot, offset: int, wanted: Wanted | None = None) -> Place | None:
        """The operation or test at `offset`, the innermost.

        Raises OutdatedError where `wanted` says that nobody waits for it any more.
        """
        slot = self._slots.get(snapshot.uri)
        # The text of an edited document is joined in here: only for who is still wanted.
        with slot.turn:
            if wanted is not None and not wanted():
                raise OutdatedError
            place = self._at(slot, snapshot, offset, wanted)
        self._slots.trim()
        return place

    def _at(
        self, slot: _Slot, snapshot: Snapshot, offset: int, wanted: Wanted | None
    ) -> Place | None:
        from pe4king_core.testcode import language_of

        uri = snapshot.uri
        if language_of(uri) is None:
            if not uri.lower().endswith((".yaml", ".yml", ".json")):
                return None
            from pe4king_core.openapi import is_openapi

            if not is_openapi(snapshot.text):
                return None
            try:
                document = self._texts.get(uri, snapshot, wanted)
            except DocumentError:
                pass
            except JobError:
                _logger.exception("A document could not be read for a menu")
            else:
                operation = _operation_at(document, offset)
                return None if operation is None else Place(uri, operation=operation)
        found = [mark for mark in slot.update(uri, snapshot.text) if mark.span.contains(offset)]
        inner = min(found, key=lambda mark: mark.span.end - mark.span.start, default=None)
        return None if inner is None else inner.place


def _operation_at(document: DocumentText, offset: int) -> str | None:
    """The key of the operation under `paths` at `offset`, such as `GET /users`."""
    from pe4king_core.openapi.layout.positions import METHODS

    at = [
        (start, unit)
        for start, unit in document.numbered()
        if start <= offset <= start + unit.length and len(unit.path) == 2
    ]
    if not at or at[-1][1].path[0] != "paths":
        return None
    start, unit = at[-1]
    inside = offset - start
    for name, _, _, begin, end in reversed(unit.members or ()):
        if begin <= inside <= end:
            if name in METHODS:
                return f"{name.upper()} {unit.path[1]}"
            break
    else:
        if unit.members is not None:
            return None
    return _named(document.positions.at(offset))


def _named(pointer: str) -> str | None:
    """The operation that a pointer leads into."""
    from pe4king_core.model.json import split
    from pe4king_core.openapi.layout.positions import METHODS

    match split(pointer):
        case ["paths", path, method, *_] if method in METHODS:
            return f"{method.upper()} {path}"
        case ["paths", path, "additionalOperations", method, *_]:
            return f"{method.upper()} {path}"
    return None
