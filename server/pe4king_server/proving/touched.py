"""The test files that a proposal touches, as they are and as they will be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.source import TestFile
from pe4king_core.model.text import apply_edits
from pe4king_core.model.verdict import LevelResult, LevelState
from pe4king_core.testcode.files import language_of
from pe4king_server.files import Files, path_of, uri_of
from pe4king_server.proving.around import Around
from pe4king_server.proving.changed import Readers, changed_tests
from pe4king_server.sources.store import SourceStore

if TYPE_CHECKING:
    from pe4king_server.proving.selection import ReadFile

_MOST_READERS = 40
"""So many tests of other files that read what is changed are run at most."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One test file of a proposal: with it and, where it was there, without it."""

    path: Path
    after: ReadFile
    before: ReadFile | None
    names: tuple[str, ...]
    """The tests that the proposal makes or changes."""

    @property
    def new(self) -> frozenset[str]:
        """Those that were not there."""
        old = () if self.before is None else self.before.file.tests
        there = {test.qualified_name for test in old}
        return frozenset(name for name in self.names if name not in there)


@dataclass(frozen=True, slots=True)
class Reached:
    """All that has to be run; `left_out` tests read what is changed and are too many."""

    files: tuple[Touched, ...]
    left_out: int = 0

    def told(self, passes: LevelResult) -> LevelResult:
        """What may be said of all when those that were run came out like this."""
        if not self.left_out or passes.state is not LevelState.PASSED:
            return passes
        return LevelResult(passes.level, LevelState.WARNED, _left_out(self.left_out))


@dataclass(frozen=True, slots=True)
class Touching:
    """Finds them."""

    files: Files
    sources: SourceStore
    around: Around

    def of(self, edits: Sequence[FileEdit], documents: Sequence[ApiDocument], most: int) -> Reached:
        """What `edits` write; then what reads it in other files, `most` files altogether."""
        found = [each for edit in edits if (each := self._of_edit(edit, documents)) is not None]
        left = tests = 0
        for each in self._readers(edits, documents):
            tests += len(each.names)
            if tests > _MOST_READERS or len(found) >= most:
                left += len(each.names)
            else:
                found.append(each)
        return Reached(tuple(found), left)

    def _of_edit(self, edit: FileEdit, documents: Sequence[ApiDocument]) -> Touched | None:
        from pe4king_server.proving.selection import read_file

        path = path_of(edit.uri)
        if path is None or language_of(edit.uri) is None:
            return None
        after = self._read(edit.uri, apply_edits(edit.base, edit.edits))
        before = None if edit.create else self._read(edit.uri, edit.base)
        names = changed_tests(before, after)
        if not names:
            return None
        old = None if before is None else read_file(path, before, documents)
        return Touched(path, read_file(path, after, documents), old, names)

    def _readers(
        self, edits: Sequence[FileEdit], documents: Sequence[ApiDocument]
    ) -> Iterator[Touched]:
        from pe4king_server.proving.selection import read_file

        changed = {
            path: ("" if edit.create else edit.base, apply_edits(edit.base, edit.edits))
            for edit in edits
            if (path := path_of(edit.uri)) is not None
        }
        if not changed:
            return
        root = self.around.root(next(iter(changed)))
        readers = Readers(root, lambda path: self.files.read(uri_of(path)), self._understood)
        for path, names in readers.of(changed).items():
            text = self.files.read(uri_of(path)) or ""
            file = read_file(path, self._understood(path, text), documents)
            yield Touched(path, file, file, names)

    def _understood(self, path: Path, text: str) -> TestFile:
        return self._read(uri_of(path), text)

    def _read(self, uri: str, text: str) -> TestFile:
        return self.sources.tests_of(uri, text, self.files)


def _left_out(tests: int) -> Message:
    return Message(
        f"{tests} more tests read what it changes and were not run; `pe4king prove` runs them",
        f"ещё {tests} тестов читают изменённое, но не запускались; их запустит `pe4king prove`",
    )
