"""Reading many test files one after the other.

The child processes of `pool` import this module and core, nothing else of the server but `files`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from pe4king_core.model.source import TestFile
from pe4king_core.testcode import CodeBase, CodeView, language_of
from pe4king_core.testcode.indexed import IndexedFile, indexed
from pe4king_server.files import path_of, read_text

MAX_SOURCE = 4_000_000
"""Longer files are no tests that somebody wrote."""

CHARACTERS = 4_000_000
"""Helpers whose outlines one process keeps."""


def read_file(uri: str, text: str | None, view: CodeView) -> TestFile | None:
    """The tests of one file; None where there is no text to read."""
    from pe4king_core.testcode import read_tests

    language = language_of(uri)
    if text is None or language is None or len(text) > MAX_SOURCE:
        return None
    return read_tests(text, language, view)


def read_batch(
    names: str, listing: Iterable[str], opened: Mapping[str, str]
) -> Iterator[IndexedFile]:
    """The files `names` (URIs, one a line) of the workspace `listing`, as they come.

    `opened` are texts that are not what the disk has.
    """
    read = reading_disk(opened)
    base = CodeBase(read, listing, CHARACTERS)
    for uri in names.split("\n"):
        view = CodeView(base, uri)
        yield indexed(uri, read_file(uri, read(uri), view), view)


def reading_disk(opened: Mapping[str, str]) -> Callable[[str], str | None]:
    """Texts by URI: those `opened`, else the disk's."""

    def read(uri: str) -> str | None:
        found = opened.get(uri)
        path = path_of(uri) if found is None else None
        return read_text(path) if path is not None else found

    return read
