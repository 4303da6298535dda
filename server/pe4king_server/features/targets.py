"""What stands at a place in a text: an operation of a document or a test of a file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.model.text import Span
from pe4king_server.lsp.documents import Snapshot

MAX_SOURCE = 4_000_000
"""Longer test files are not read while a menu is drawn."""

_KEPT = 4


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


class Places:
    """The places of texts; those of the last few texts are kept, as cursors move between edits."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[_Marked, ...]] = OrderedDict()

    def at(self, snapshot: Snapshot, offset: int) -> Place | None:
        """The operation or test at `offset`, the innermost; loads no document."""
        found = [mark for mark in self._marks(snapshot) if mark.span.contains(offset)]
        inner = min(found, key=lambda mark: mark.span.end - mark.span.start, default=None)
        return None if inner is None else inner.place

    def _marks(self, snapshot: Snapshot) -> tuple[_Marked, ...]:
        key = (snapshot.uri, snapshot.text)
        marks = self._known.get(key)
        if marks is None:
            marks = self._known[key] = tuple(_marks(snapshot))
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return marks


def _marks(snapshot: Snapshot) -> Iterator[_Marked]:
    """Every operation or test of a text; works in half-typed ones."""
    from pe4king_core.testcode import language_of

    uri, text = snapshot.uri, snapshot.text
    language = language_of(uri)
    if language is not None:
        if len(text) > MAX_SOURCE:
            return
        from pe4king_core.testcode import read_tests

        for test in read_tests(text, language).tests:
            yield _Marked(test.span, Place(uri, test=test.qualified_name))
        return
    if not uri.lower().endswith((".yaml", ".yml", ".json")):
        return
    from pe4king_core.openapi import index, is_openapi

    if is_openapi(text):
        for operation in index(text):
            key = f"{operation.method.upper()} {operation.path}"
            yield _Marked(operation.span, Place(uri, operation=key))
