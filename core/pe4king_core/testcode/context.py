"""What is known while one test is read: the source, names in scope, what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tree_sitter import Node

from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.syntax import Source
from pe4king_core.testcode.values import UNKNOWN, Value

DEPTH = 80
"""Deeper expressions are not worth reading."""


@dataclass(slots=True)
class Context:
    """The state of reading one test. Names hold values; `self.x` is a name of its own."""

    source: Source
    recorder: Recorder
    client: str = ""
    outer: dict[str, Value] = field(default_factory=dict)
    """Constants of the module and of the test's class."""
    free_verbs: frozenset[str] = frozenset()
    """HTTP verbs that the file imports as plain functions."""
    responses: frozenset[str] = frozenset()
    """Names that the test uses as a response, wherever they come from."""
    names: dict[str, Value] = field(default_factory=dict)
    made: dict[int, Value] = field(default_factory=dict)
    """What HTTP calls gave, by offset: a call is recorded once, however often it is read."""
    depth: int = 0

    def of(self, node: Node | None) -> str:
        """The text of `node`; empty where there is none."""
        return self.source.of(node) if node is not None else ""

    def lookup(self, name: str) -> Value:
        """What `name` stands for here."""
        found = self.names.get(name)
        return found if found is not None else self.outer.get(name, UNKNOWN)

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        """One level down; yields whether it is worth going on."""
        self.depth += 1
        try:
            yield self.depth < DEPTH
        finally:
            self.depth -= 1

    @contextmanager
    def bound(self, name: str, value: Value) -> Iterator[None]:
        """While `name` stands for `value` (comprehensions)."""
        before = self.names.get(name)
        self.names[name] = value
        try:
            yield
        finally:
            if before is None:
                self.names.pop(name, None)
            else:
                self.names[name] = before
