"""The OpenAPI documents of a workspace: found, loaded once per text, matched with calls."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.errors import DocumentError
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_server.discovery import (
    candidates,
    is_glob,
    matching,
    named,
    not_readable,
    nothing_found,
)
from pe4king_server.document_choice import Understood, distance
from pe4king_server.document_texts import DocumentTexts, PlainText
from pe4king_server.files import Files
from pe4king_server.neighbours import Neighbours
from pe4king_server.recent import Recent
from pe4king_server.remote import RemoteTexts

if TYPE_CHECKING:
    from pe4king_core.openapi.units.document_text import DocumentText

MAX_DOCUMENTS = 64
MAX_CHARACTERS = 60_000_000
_SNIFFED = 400


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document with its text and the files that its `$ref`s led to."""

    text: DocumentText
    document: ApiDocument
    neighbours: Neighbours


@dataclass(slots=True, eq=False)
class _Slot:
    """The latest state of one document; two threads that want it take turns."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    loaded: _Loaded | None = None


class DocumentStore:
    """Loaded documents by URI; the least recently used ones are forgotten. Thread-safe."""

    def __init__(
        self, remote: RemoteTexts | None = None, texts: DocumentTexts | None = None
    ) -> None:
        self._remote = remote
        self._texts = texts or DocumentTexts()
        self._slots = Recent(_Slot, _size, number=MAX_DOCUMENTS, total=MAX_CHARACTERS)

    def load(self, uri: str, text: str, files: Files) -> ApiDocument:
        """The document of `text`. Raises DocumentError where it is none."""
        from pe4king_core.openapi.loading import load_text

        slot = self._slots.get(uri)
        with slot.turn:
            read = self._texts.get(uri, PlainText(text))
            loaded = slot.loaded
            if loaded is None or loaded.text is not read or not loaded.neighbours.unchanged(files):
                neighbours = Neighbours(files, self._remote)
                document = load_text(read, uri, neighbours, self._texts.reader)
                loaded = slot.loaded = _Loaded(read, document, neighbours)
            # Files that a lazy document has yet to ask for are read as they are now.
            loaded.neighbours.renew(files)
        self._slots.trim()
        return loaded.document

    def text_of(self, document: ApiDocument) -> DocumentText | None:
        """The text that `document` was made of; None where it is not the latest of its URI."""
        loaded = self._slots.get(document.uri).loaded
        return loaded.text if loaded is not None and loaded.document is document else None

    def rest(self) -> None:
        """Give back what only the reading of another text needs, and the texts themselves."""
        self._texts.rest()

    def find(
        self, files: Files, configured: Sequence[str] = (), near: str = ""
    ) -> tuple[ApiDocument, ...]:
        """The workspace's documents: those configured (paths, globs), else all that look like one.

        The nearest to the file `near` come first. Raises DocumentError where a configured one
        cannot be used, or none is found.
        """
        if configured:
            found = [each for entry in configured for each in self._configured(files, entry, near)]
            return tuple({each.uri: each for each in found}.values())
        documents, problem = self._usable(files, candidates(files, near)[:_SNIFFED])
        if not documents:
            raise problem or nothing_found()
        documents.sort(key=lambda each: distance(each.uri, near))
        return tuple(documents)

    def _usable(
        self, files: Files, uris: Iterable[str]
    ) -> tuple[list[ApiDocument], DocumentError | None]:
        """The documents among `uris`, and the last problem of a text that looks like one."""
        from pe4king_core.openapi import is_openapi

        found: list[ApiDocument] = []
        problem: DocumentError | None = None
        for uri in uris:
            text = files.read(uri)
            if text is None or not is_openapi(text):
                continue
            try:
                found.append(self.load(uri, text, files))
            except DocumentError as error:
                problem = error
        return found, problem

    def _configured(self, files: Files, configured: str, near: str) -> list[ApiDocument]:
        """The documents of one entry: all that a glob names, in the nearest root of a path."""
        for uri in sorted(named(configured, files), key=lambda uri: distance(uri, near)):
            text = files.read(uri)
            if text is not None:
                return [self.load(uri, text, files)]
        problem: DocumentError | None = None
        if is_glob(configured):
            documents, problem = self._usable(files, matching(configured, files))
            if documents:
                return sorted(documents, key=lambda each: distance(each.uri, near))
        raise problem or not_readable(configured)


def _size(slot: _Slot) -> int:
    return 0 if slot.loaded is None else slot.loaded.text.characters


def operations_of(
    test: TestFunction,
    documents: Sequence[ApiDocument],
    file: TestFile | None = None,
    near: str = "",
) -> Understood:
    """What the calls of `test` mean: the one entrance for every action.

    With several documents, `file` and its URI `near` decide which one the test is about.
    """
    from pe4king_server.document_choice import understand_calls

    return understand_calls(test, documents, file, near)
