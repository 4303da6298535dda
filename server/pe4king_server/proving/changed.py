"""Which tests a proposal changes: those that it writes, and those that read what it writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode.files import language_of
from pe4king_server.files import walk
from pe4king_server.proving.languages import source_language
from pe4king_server.proving.pieces import (
    Piece,
    changed_names,
    mentions,
    pieces,
    with_readers,
)

_MOST_CHARACTERS = 500_000
_EVERYBODYS = "conftest.py"

Read = Callable[[Path], str | None]
"""The text of a file as it is, in the editor or on disk."""
Understand = Callable[[Path, str], TestFile]


def changed_tests(before: TestFile | None, after: TestFile) -> tuple[str, ...]:
    """The tests of `after` whose text is not what it was, or that read what is not; all where
    there was no file."""
    if before is None:
        return tuple(_texts(after))
    old, names = _texts(before), names_changed(before, after)
    readers = _readers(after, names)
    return tuple(
        name for name, text in _texts(after).items() if old.get(name) != text or name in readers
    )


def names_changed(before: TestFile, after: TestFile) -> frozenset[str]:
    """The names of what is changed beside the tests, and of what reads it."""
    old, new = (_pieces(each.text, each.language, each) for each in (before, after))
    return with_readers(new, changed_names(old, new))


def _readers(file: TestFile, names: frozenset[str]) -> tuple[str, ...]:
    """The tests that read one of `names`, or stand in a class of such a name."""
    return tuple(
        name
        for name, text in _texts(file).items()
        if names and (mentions(text, names) or not names.isdisjoint(name.split(".")[:-1]))
    )


def _texts(file: TestFile) -> dict[str, str]:
    return {test.qualified_name: test.span.of(file.text) for test in file.tests}


def _pieces(text: str, language: SourceLanguage, file: TestFile | None) -> list[Piece]:
    return pieces(text, language, [test.span.start for test in file.tests] if file else ())


@dataclass(slots=True)
class Readers:
    """The tests of other files of a project that read what a proposal changes in some."""

    root: Path
    read: Read
    understand: Understand
    _texts: dict[Path, str] = field(default_factory=dict)

    def of(self, changed: Mapping[Path, tuple[str, str]]) -> dict[Path, tuple[str, ...]]:
        """Names of tests by file. `changed` has the texts before and after of the files."""
        found: dict[Path, tuple[str, ...]] = {}
        for path, (before, after) in changed.items():
            language = source_language(path.name)
            if language is None:
                continue
            names = self._names(path, before, after, language)
            for file, tests in self._follow(path, names, language, frozenset(changed)):
                found[file] = tuple(dict.fromkeys((*found.get(file, ()), *tests)))
        return found

    def _names(
        self, path: Path, before: str, after: str, language: SourceLanguage
    ) -> frozenset[str]:
        old, new = (self._beside(path, text, language) for text in (before, after))
        return with_readers(new, changed_names(old, new))

    def _beside(self, path: Path, text: str, language: SourceLanguage) -> list[Piece]:
        is_test = language_of(path.name) is not None
        return _pieces(text, language, self.understand(path, text) if is_test and text else None)

    def _follow(
        self, path: Path, names: frozenset[str], language: SourceLanguage, changed: frozenset[Path]
    ) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """The tests that read `names` of `path`, through other files too."""
        waiting, done = [(path, names)], {path}
        while waiting:
            seen, names = waiting.pop(0)
            for file in self._seeing(seen) if names else ():
                if file in done or file in changed:
                    continue
                done.add(file)
                text = self._texts[file]
                own = with_readers(self._beside(file, text, language), names)
                if language_of(file.name) is None:
                    waiting.append((file, own))
                    continue
                read = _readers(self.understand(file, text), own)
                if read:
                    yield file, read

    def _seeing(self, path: Path) -> Iterator[Path]:
        """The files that what `path` has may be used in."""
        for file in walk(self.root, (path.suffix,)):
            if path.name == _EVERYBODYS:
                if file.is_relative_to(path.parent) and file != path and self._text(file):
                    yield file
            elif re.search(rf"\b{re.escape(path.stem)}\b", self._text(file)):
                yield file

    def _text(self, file: Path) -> str:
        if file not in self._texts:
            self._texts[file] = (self.read(file) or "")[:_MOST_CHARACTERS]
        return self._texts[file]
