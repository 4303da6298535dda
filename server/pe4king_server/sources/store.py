"""Test files as read, and the index of all tests of the workspace.

A file is read again when its own text changed, or a file that its tests were led to, or when a
name that they looked for leads elsewhere now. Open documents count by their text, others by time
and size on disk, which a look at the disk tells; clients that watch files tell it earlier.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pe4king_core.model.source import TestFile
from pe4king_core.testcode import CodeBase, CodeView, language_of
from pe4king_core.testcode.incremental import TestReader
from pe4king_core.testcode.indexed import IndexedFile, IndexedTest, indexed
from pe4king_server.files import Files, path_of
from pe4king_server.recent import Recent
from pe4king_server.sources.batches import read_file
from pe4king_server.sources.pool import read_files

ENDINGS = (".py", ".java")
MAX_READERS = 16
MAX_CHARACTERS = 8_000_000
FEW = 64
"""Fewer files are read in this process: starting others takes as long."""

Wanted = Callable[[], bool]
_Stamp = tuple[int, int] | str | None


@dataclass(frozen=True, slots=True)
class TestIndex:
    """The tests of the workspace by file, in the order of the workspace's files.

    `unread` are test files that could not be read.
    """

    __test__ = False

    files: Mapping[str, tuple[IndexedTest, ...]]
    unread: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Slot:
    """The reader of one file and the text that it read last."""

    reader: TestReader | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of the index; `view` tells whether it is still true."""

    file: IndexedFile
    stamp: _Stamp
    view: CodeView


@dataclass(slots=True)
class _Disk:
    """The files as they were when they were last looked at."""

    files: Files | None = None
    listing: tuple[str, ...] = ()
    stamps: dict[str, _Stamp] = field(default_factory=dict)


class SourceStore:
    """The source files of one workspace. Thread-safe.

    One lock, held while one file is read: outlines of helpers are shared by all files.
    """

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._building = threading.Lock()
        self._disk = _Disk()
        self._base = CodeBase(self._read)
        self._readers = Recent(
            _Slot, lambda slot: slot.size, number=MAX_READERS, total=MAX_CHARACTERS
        )
        self._entries: dict[str, _Entry] = {}

    def tests_of(self, uri: str, text: str, files: Files) -> TestFile:
        """The tests in `text`, which is or becomes that of `uri`, with the helpers around it.

        Reading it again after a keystroke costs little. Raises ValueError for what is no test
        file by its name.
        """
        language = language_of(uri)
        if language is None:
            raise ValueError(f"{uri} is no test file")
        with self._turn:
            if files is not self._disk.files:
                self._look(files)
            slot = self._readers.get(uri)
            if slot.reader is None:
                slot.reader = TestReader(language)
            slot.size = len(text)
            file = slot.reader.read(text, CodeView(self._base, uri))
        self._readers.trim()
        return file

    def changed(self, uris: Iterable[str]) -> None:
        """The client says that these files changed on disk."""
        with self._turn:
            for uri in uris:
                self._entries.pop(uri, None)
                self._base.changed(uri)
            self._disk.files = None

    def index(self, files: Files, wanted: Wanted | None = None) -> TestIndex:
        """The tests of all test files; only those that may have changed are read.

        Raises OutdatedError where `wanted` says that nobody waits for it any more.
        """
        with self._building:
            with self._turn:
                self._look(files)
                stale = [uri for uri in self._tests() if not self._is_current(uri)]
            opened = {uri: files.read(uri) or "" for uri in files.opened}
            if len(stale) >= FEW:
                stale = self._read_in_children(stale, opened, wanted)
            for uri in stale:
                self._read_here(uri)
            with self._turn:
                return self._index()

    def _read_in_children(
        self, stale: list[str], opened: Mapping[str, str], wanted: Wanted | None
    ) -> list[str]:
        """Read `stale` with all cores; what is left to be read here."""
        with self._turn:
            listing, number = self._disk.listing, self._base.listing
            stamps = {uri: self._disk.stamps.get(uri) for uri in stale}
            revisions = {uri: self._base.revision(uri) for uri in listing}
        found, left = read_files(stale, listing, opened, wanted)
        with self._turn:
            for file in found:
                view = CodeView(self._base, file.uri)
                view.consulted = {uri: revisions.get(uri, 0) for uri in file.consulted}
                view.looked_for = dict(file.looked_for)
                view.listing = number if file.looked_for else None
                self._entries[file.uri] = _Entry(file, stamps[file.uri], view)
        return left

    def _read_here(self, uri: str) -> None:
        with self._turn:
            files = self._disk.files
            view = CodeView(self._base, uri)
            text = None if files is None else files.read(uri)
            file = indexed(uri, read_file(uri, text, view), view)
            self._entries[uri] = _Entry(file, self._disk.stamps.get(uri), view)

    def _tests(self) -> list[str]:
        return [uri for uri in self._disk.listing if language_of(uri) is not None]

    def _is_current(self, uri: str) -> bool:
        entry = self._entries.get(uri)
        if entry is None or entry.stamp is None or entry.stamp != self._disk.stamps.get(uri):
            return False
        return entry.view.is_current()

    def _index(self) -> TestIndex:
        tests = self._tests()
        self._entries = {uri: self._entries[uri] for uri in tests if uri in self._entries}
        found = {uri: entry.file for uri, entry in self._entries.items()}
        return TestIndex(
            {uri: file.tests for uri, file in found.items() if not file.unread},
            tuple(uri for uri, file in found.items() if file.unread),
        )

    def _look(self, files: Files) -> None:
        """See which files there are and which of them changed."""
        disk = self._disk
        disk.files, disk.listing = files, files.list(ENDINGS)
        self._base.list(disk.listing)
        opened = set(files.opened)
        before, disk.stamps = disk.stamps, {}
        for uri in disk.listing:
            stamp = files.read(uri) if uri in opened else _stamp(uri)
            disk.stamps[uri] = stamp
            if uri in before and before[uri] != stamp:
                self._base.changed(uri)

    def _read(self, uri: str) -> str | None:
        return None if self._disk.files is None else self._disk.files.read(uri)


def _stamp(uri: str) -> _Stamp:
    """Time and size of a file; None where there is none."""
    path = path_of(uri)
    try:
        status = path.stat() if path is not None else None
    except OSError:
        return None
    return None if status is None else (status.st_mtime_ns, status.st_size)
