"""What an index of many test files keeps of each: its tests with their calls, no text, no tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pe4king_core.model.source import TestCall, TestFile
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView


@dataclass(frozen=True, slots=True)
class IndexedTest:
    """One test as the index knows it."""

    name: str
    """With its classes."""
    span: Span
    calls: tuple[TestCall, ...]
    damaged: bool


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """One test file, and what its tests were led to: files, and names that were looked for."""

    uri: str
    tests: tuple[IndexedTest, ...] = ()
    consulted: tuple[str, ...] = ()
    looked_for: Mapping[tuple[str, str, str], object] = field(default_factory=dict)
    unread: bool = False
    """It could not be read, or ended the process that tried."""


def indexed(uri: str, file: TestFile | None, view: CodeView) -> IndexedFile:
    """What is kept of `file`, read through `view`; None: it could not be read."""
    if file is None:
        return IndexedFile(uri, unread=True)
    tests = tuple(
        IndexedTest(test.qualified_name, test.span, test.calls, test.damaged) for test in file.tests
    )
    return IndexedFile(uri, tests, tuple(view.consulted), dict(view.looked_for))
