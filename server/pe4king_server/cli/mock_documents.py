"""The documents that `pe4king mock` serves: read, and read again when their files change."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pe4king_core.errors import DocumentError, UserError
from pe4king_core.model.finding import Finding
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_server.cli.lines import FilePlaces
from pe4king_server.cli.reading import surroundings
from pe4king_server.document_texts import DocumentTexts, PlainText
from pe4king_server.documents import DocumentStore
from pe4king_server.files import DiskFiles, path_of, read_document, uri_of
from pe4king_server.neighbours import Neighbours

if TYPE_CHECKING:
    from pe4king_core.openapi.units.document_text import DocumentText

_SECONDS = 0.4
"""Between two looks at the files."""

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")

_Stamp = tuple[int, int] | None


class WatchedFiles:
    """Files of the disk; remembers how those looked that were read."""

    def __init__(self, files: DiskFiles) -> None:
        self._files = files
        self._stamps: dict[Path, _Stamp] = {}
        self.roots = files.roots
        self.opened = files.opened
        self.exists = files.exists
        self.list = files.list

    def read(self, uri: str) -> str | None:
        """The file's text."""
        path = path_of(uri)
        if path is not None:
            self.note(path)
        return self._files.read(uri)

    def note(self, path: Path) -> None:
        """Remember how `path` looks now, before it is read."""
        self._stamps[path] = _stamp(path)

    def changed(self) -> tuple[Path, ...]:
        """The files that look different now."""
        return tuple(path for path, known in tuple(self._stamps.items()) if _stamp(path) != known)


class ServedFile:
    """One document with its files; what is served is what was last read without a fault."""

    def __init__(self, path: Path, store: DocumentStore, texts: DocumentTexts) -> None:
        self.path = path
        self._store = store
        self._texts = texts
        self._files = WatchedFiles(surroundings(path))
        self._broken: tuple[Path, ...] = ()
        self._text: DocumentText
        self.document = self._load()

    def bundle(self) -> Mapping[str, Any]:
        """The document as data, with what its references to other files lead to."""
        from pe4king_core.mock.contract.bundling import bundled

        data = cast("Mapping[str, Any]", self._text.data)
        return bundled(data, uri_of(self.path), Neighbours(self._files))

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What of the document could not be read."""
        return tuple(self._text.faults)

    def changed(self) -> tuple[Path, ...]:
        """The files that changed since this was last asked."""
        found = self._files.changed()
        for path in found:
            self._files.note(path)
        return found

    def read_again(self, changed: Sequence[Path], language: str) -> str | None:
        """Take the document as it is now; None, or why the one before goes on, in one line.

        A broken file is half saved, as a rule: the document stays as it was until it is whole.
        """
        for path in dict.fromkeys([*self._broken, *changed]):
            wrong = self._wrong(path)
            if wrong is not None:
                self._broken = tuple(dict.fromkeys([*self._broken, path]))
                return wrong.text(language)
            self._broken = tuple(each for each in self._broken if each != path)
        try:
            self.document = self._load()
        except UserError as error:
            self._broken = (self.path,)
            return error.message.text(language)
        return None

    def _wrong(self, path: Path) -> Message | None:
        """Why the file at `path` cannot be used."""
        try:
            text = read_document(path)
            faults = self._texts.get(uri_of(path), PlainText(text)).faults
        except DocumentError as error:
            return FilePlaces(path, "").placed(error).message
        except UserError as error:
            return error.message
        if not faults:
            return None
        places = FilePlaces(path, text)
        return Message(places.line(faults[0], "en"), places.line(faults[0], "ru"))

    def _load(self) -> ApiDocument:
        self._files.note(self.path)
        try:
            text = read_document(self.path)
        except DocumentError as error:
            raise FilePlaces(self.path, "").placed(error) from error
        try:
            document = self._store.load(uri_of(self.path), text, self._files)
        except DocumentError as error:
            raise FilePlaces(self.path, text).placed(error) from error
        read = self._store.text_of(document)
        if read is not None:
            self._text = read
        return document


def path_of_document(name: str) -> Path:
    """The path that was given. Raises UserError for what is none."""
    if name == "-" or _ADDRESS.match(name):
        raise UserError(
            Message(
                f"{name}: only files are read, no addresses and no standard input.",
                f"{name}: читаются только файлы, не адреса и не стандартный ввод.",
            ),
            next_step=Message(
                "Save the document first: `curl -o openapi.yaml ADDRESS`.",
                "Сначала сохраните документ: `curl -o openapi.yaml АДРЕС`.",
            ),
            code="no-file",
        )
    return Path(name)


class Watcher:
    """Looks at the files in a thread and tells of those whose document has to be read again."""

    def __init__(
        self, files: Sequence[ServedFile], told: Callable[[ServedFile, Sequence[Path]], None]
    ) -> None:
        self._files = files
        self._told = told
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="file watch")

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def close(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(_SECONDS):
            for file in self._files:
                changed = file.changed()
                if changed:
                    self._told(file, changed)


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
