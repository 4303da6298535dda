"""The OpenAPI documents of a workspace: found, loaded once per text, matched with calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestFunction
from pe4king_server.document_texts import DocumentTexts, PlainText
from pe4king_server.files import Files, join_uri
from pe4king_server.neighbours import Neighbours
from pe4king_server.recent import Recent
from pe4king_server.remote import RemoteTexts

if TYPE_CHECKING:
    from pe4king_core.openapi.units.document_text import DocumentText

ENDINGS = (".yaml", ".yml", ".json")
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

    def find(self, files: Files, configured: str) -> tuple[ApiDocument, ...]:
        """The workspace's documents: the configured one, else all that look like one.

        Raises DocumentError where the configured one cannot be used, or none is found.
        """
        if configured:
            return (self._configured(files, configured),)
        from pe4king_core.openapi import is_openapi

        found: list[ApiDocument] = []
        problem: DocumentError | None = None
        for uri in files.list(ENDINGS)[:_SNIFFED]:
            text = files.read(uri)
            if text is None or not is_openapi(text):
                continue
            try:
                found.append(self.load(uri, text, files))
            except DocumentError as error:
                problem = error
        if found:
            return tuple(found)
        raise problem or DocumentError(
            Message(
                "There is no OpenAPI document in this workspace.",
                "В рабочей области нет документа OpenAPI.",
            ),
            next_step=Message(
                "Add one, or name it in the setting pe4king.document (command line: --spec).",
                "Добавьте его или укажите в настройке pe4king.document (в консоли: --spec).",
            ),
            code="document-missing",
        )

    def _configured(self, files: Files, configured: str) -> ApiDocument:
        for uri in _named(configured, files):
            text = files.read(uri)
            if text is not None:
                return self.load(uri, text, files)
        raise DocumentError(
            Message(
                f"The OpenAPI document {configured} cannot be read.",
                f"Не удаётся прочитать документ OpenAPI {configured}.",
            ),
            code="document-missing",
        )


def _size(slot: _Slot) -> int:
    return 0 if slot.loaded is None else len(slot.loaded.text.text)


def _named(configured: str, files: Files) -> list[str]:
    """Where the document of the setting may be: at a URI, a full path, below each root."""
    if configured.startswith("file:"):
        return [configured]
    if Path(configured).is_absolute():
        return [Path(configured).as_uri()]
    return [join_uri(root, configured) for root in files.roots]


def operations_of(
    test: TestFunction, documents: tuple[ApiDocument, ...]
) -> tuple[dict[str, Operation], ApiDocument | None]:
    """What the calls of `test` mean: operations by call id, from the document that knows most."""
    from pe4king_core.improvement.matching import match_call

    best: tuple[dict[str, Operation], ApiDocument | None] = ({}, None)
    for document in documents:
        matched = {
            call.id: operation
            for call in test.calls
            if (operation := match_call(call, document)) is not None
        }
        if len(matched) > len(best[0]):
            best = (matched, document)
    return best
