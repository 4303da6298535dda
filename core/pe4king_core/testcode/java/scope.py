"""Where Java code is read: its file and class, what is known there, and what one test shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pe4king_core.testcode import context as common
from pe4king_core.testcode.claims import Claims
from pe4king_core.testcode.java.objects import Collector, Instance, Lambda, Typed
from pe4king_core.testcode.java.outline import Method, TypeDecl, Unit
from pe4king_core.testcode.java.resolving import Lookup
from pe4king_core.testcode.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

BODIES = 120
"""How many bodies of helpers are read for one test."""
_SMALL = 5
"""How many bodies of one statement count as one: matchers have a method of their own."""
LEVELS = 3
"""How many helpers deep requests are told, counted from the test's body or a set-up method's."""
_DEPTH = 14
"""How deep bodies are read at all: specifications and values come from deeper helpers, too."""


class Reader(Protocol):
    """What reading an expression needs of those who read statements, conditions, assertions."""

    def block(self, context: Context, block: Node | None) -> None:
        """Reads the statements of a block, or an expression that stands for one."""

    def invoked(self, context: Context, node: Node) -> Value:
        """The value of a chain of method calls."""

    def created(self, context: Context, node: Node) -> Value:
        """The value of `new X(...)`."""

    def referred(self, function: Lambda, values: Sequence[Value]) -> Value:
        """What a method reference gives for `values`."""

    def assertion(
        self, context: Context, node: Node, name: str, receiver: str, collector: Collector | None
    ) -> Value:
        """Records what an assertion method claims."""

    def conditions(self, context: Context, function: Lambda, values: Sequence[Value]) -> Claims:
        """What holds of `values` where a lambda gives true."""

    def decided(self, context: Context, node: Node | None) -> bool | None:
        """Whether a condition is true whatever the server answers; None where that is open."""


@dataclass(frozen=True, slots=True)
class Written:
    """A lambda on the stack: what it does counts from where it is written."""

    node: int
    level: int


@dataclass(slots=True)
class Run:
    """What everything that is read for one test shares."""

    reader: Reader
    lookup: Lookup = field(default_factory=Lookup)
    budget: int = BODIES * _SMALL
    statics: dict[tuple[TypeDecl, str], Value] = field(default_factory=dict)
    """The static fields that were read or set, and the constants of enums."""
    settings: dict[str, Value] = field(default_factory=dict)
    """REST Assured's static settings (`baseURI`, `basePath`, `requestSpecification` ...)."""
    stack: list[object] = field(default_factory=list)
    """The methods that are being read, from the test inwards."""

    sent: list[tuple[str, str, Value]] = field(default_factory=list)
    """Texts that are known in part only and were sent in a JSON body: call, pointer, text."""

    @property
    def too_deep(self) -> bool:
        """Whether requests that are made here are out of the test's sight."""
        return self.level > LEVELS

    @property
    def level(self) -> int:
        """How many helpers deep the code stands that is being read, by where it is written."""
        level = 0
        for each in self.stack:
            if isinstance(each, Method):
                level += 1
            elif isinstance(each, Written):
                level = each.level
        return level

    @contextmanager
    def entered(self, what: object) -> Iterator[bool]:
        """While `what` is read; yields whether it may be: no recursion, not too much, too deep."""
        self.budget -= _size(what) if isinstance(what, Method) else 0
        allowed = self.budget >= 0 and what not in self.stack and len(self.stack) < _DEPTH
        self.stack.append(what)
        try:
            yield allowed
        finally:
            self.stack.pop()


def _size(method: Method) -> int:
    """What reading the body of `method` costs."""
    return 1 if method.body is not None and method.body.named_child_count == 1 else _SMALL


@dataclass(slots=True)
class Context(common.Context):
    """The state of reading one body of code."""

    unit: Unit = field(kw_only=True)
    run: Run = field(kw_only=True)
    type: TypeDecl | None = None
    this: Instance | Typed | None = None
    method: Method | None = None
    declared: dict[str, str] = field(default_factory=dict)
    """The declared types of local names."""
    returns: list[Value] = field(default_factory=list)
    """What the body may give back."""
    left: bool = False
    """Whether what follows may not be reached any more (`if (...) return;`)."""

    def within(
        self, unit: Unit, owner: TypeDecl | None, this: Instance | Typed | None = None
    ) -> Context:
        """A fresh context for code of another place, read for the same test."""
        return Context(
            unit.source, self.recorder, self.client, unit=unit, run=self.run, type=owner, this=this
        )

    def closure(self) -> Context:
        """A context for code that sees what is here and leaves no names behind (a lambda)."""
        inner = self.within(self.unit, self.type, self.this)
        inner.source = self.source
        inner.depth = self.depth
        inner.names = dict(self.names)
        inner.declared = dict(self.declared)
        return inner
