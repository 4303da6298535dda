"""The OpenAPI documents of a workspace: found, loaded once per text, matched with calls."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestFunction
from pe4king_server.files import Files, is_below, join_uri, path_of

ENDINGS = (".yaml", ".yml", ".json")
_KEPT = 8
_SNIFFED = 400


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document with the files that its `$ref`s led to."""

    document: ApiDocument
    neighbours: _Neighbours


class DocumentStore:
    """Loaded documents by URI and text; the least recently used ones are forgotten."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[tuple[str, bytes], _Loaded] = OrderedDict()

    def load(self, uri: str, text: str, files: Files) -> ApiDocument:
        """The document of `text`. Raises DocumentError where it is none."""
        from pe4king_core.openapi import load

        key = (uri, _digest(text))
        loaded = self._loaded.get(key)
        if loaded is None or not loaded.neighbours.unchanged(files):
            neighbours = _Neighbours(files)
            loaded = _Loaded(load(text, uri, neighbours), neighbours)
            self._loaded[key] = loaded
            while len(self._loaded) > _KEPT:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(key)
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


def _named(configured: str, files: Files) -> list[str]:
    """Where the document of the setting may be: at a URI, a full path, below each root."""
    if configured.startswith("file:"):
        return [configured]
    if Path(configured).is_absolute():
        return [Path(configured).as_uri()]
    return [join_uri(root, configured) for root in files.roots]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest()


class _Neighbours:
    """Other files of the workspace, for `$ref`s that leave a document."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: dict[str, bytes | None] = {}

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        """The file that `reference` names, seen from `base_uri`; only inside the workspace."""
        from urllib.parse import urljoin

        try:
            uri = urljoin(base_uri, reference)
        except ValueError:
            return None
        if not self._is_inside(uri):
            return None
        text = self._files.read(uri)
        self._seen[uri] = None if text is None else _digest(text)
        return None if text is None else (uri, text)

    def unchanged(self, files: Files) -> bool:
        """Whether every file that was asked for is as it was then."""
        for uri, digest in self._seen.items():
            text = files.read(uri)
            if (None if text is None else _digest(text)) != digest:
                return False
        return True

    def _is_inside(self, uri: str) -> bool:
        """Escapes and links count as what they lead to: the document may be somebody else's."""
        path = path_of(uri)
        if path is None:
            return False
        real = path.resolve().as_uri()
        return any(
            is_below(uri, root)
            and (folder := path_of(root)) is not None
            and is_below(real, folder.resolve().as_uri())
            for root in self._files.roots
        )


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
