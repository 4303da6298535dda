"""What stands at a place in a text: an operation of a document or a test of a file."""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_server.lsp.documents import Snapshot

MAX_SOURCE = 4_000_000
"""Longer test files are not read while a menu is drawn."""


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


def target_at(snapshot: Snapshot, offset: int) -> Place | None:
    """The operation or test at `offset`; works in half-typed texts, loads no document."""
    from pe4king_core.testcode import language_of

    language = language_of(snapshot.uri)
    if language is not None:
        if len(snapshot.text) > MAX_SOURCE:
            return None
        from pe4king_core.testcode import read_tests

        test = read_tests(snapshot.text, language).test_at(offset)
        return None if test is None else Place(snapshot.uri, test=test.qualified_name)
    if not snapshot.uri.lower().endswith((".yaml", ".yml", ".json")):
        return None
    from pe4king_core.openapi import index, is_openapi

    if not is_openapi(snapshot.text):
        return None
    for operation in index(snapshot.text):
        if operation.span.start <= offset <= operation.span.end:
            return Place(snapshot.uri, operation=f"{operation.method.upper()} {operation.path}")
    return None
