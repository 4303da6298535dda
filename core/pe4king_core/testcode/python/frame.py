"""Where a piece of Python is being read: its names, its module, and the test it belongs to.

The modules of this package read code through the `Machine` of the frame, so that those who look
things up (`inlining`, `fixtures`, `classes` ...) need not know those who read expressions and
statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pe4king_core.testcode.claims import Claims
from pe4king_core.testcode.codebase import CodeView
from pe4king_core.testcode.conditional import Circumstance
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.python.objects import Class, Function
from pe4king_core.testcode.python.outline import Module
from pe4king_core.testcode.values import UNKNOWN, Sent, Value, call_of, plain

if TYPE_CHECKING:
    from tree_sitter import Node


T = TypeVar("T")
Lineage: TypeAlias = tuple[tuple[Class, ...], tuple[str, ...], bool]
"""A class and its ancestors, those of libraries by name, and whether these are all."""


@dataclass(frozen=True, slots=True)
class Machine:
    """How expressions, blocks, conditions and names of the module are read."""

    evaluate: Callable[[Frame, Node | None], Value]
    execute: Callable[[Frame, Node | None], None]
    truth: Callable[[Frame, Node], Claims]
    named: Callable[[Frame, str], Value]
    member: Callable[[Frame, Value, str, Node], Value]


@dataclass(slots=True)
class Session:
    """What holds for the whole of one test."""

    machine: Machine
    view: CodeView
    module: Module
    """The module of the test."""
    client: str = ""
    """The HTTP client that the test's file uses."""
    shared: dict[tuple[int, str], Value] = field(default_factory=dict)
    """Like `values`, for what no test can change: kept for all tests of the file."""
    modules: dict[str, Module | None] = field(default_factory=dict)
    values: dict[tuple[int, str], Value] = field(default_factory=dict)
    """The names of modules and classes that were looked up, by the identity of their block."""
    lineages: dict[int, Lineage] = field(default_factory=dict)
    """The ancestors of classes, by the identity of their definition."""
    ancestry: dict[int, Lineage] = field(default_factory=dict)
    """The same for classes of modules: kept for all tests of the file."""
    reaching: dict[str, bool] = field(default_factory=dict)
    """Whether an HTTP client can be had from a module; kept for all tests of the file."""
    kinds: dict[str, str] = field(default_factory=dict)
    """The client's kind of each call."""
    active: list[int] = field(default_factory=list)
    """The definitions that are being read, innermost last."""
    inlined: int = 0
    steps: int = 0
    """The expressions that were read."""
    sent: dict[int, tuple[Value, tuple[str, ...], str]] = field(default_factory=dict)
    """What was sent as JSON, by identity: the value, its calls, the pointer into the body."""
    receiver: str = ""
    """The text of the object whose method the test calls."""

    def note_sent(self, value: Value, call: str, pointer: str) -> None:
        """Remember that `value` is at `pointer` of the JSON body of `call`."""
        value = plain(value)
        if value is UNKNOWN or call_of(value) is not None:
            return
        _, calls, before = self.sent.get(id(value), (value, (), pointer))
        if before == pointer:
            self.sent[id(value)] = (value, (*calls, call), pointer)

    def as_sent(self, value: Value) -> Value:
        """`value`, with the note that it was sent, if it was."""
        noted = self.sent.get(id(value))
        return value if noted is None else Sent(noted[1], noted[2], value)


@dataclass(slots=True)
class Frame(Context):
    """One function, module or class body that is being read."""

    module: Module = field(kw_only=True)
    session: Session = field(kw_only=True)
    closure: Frame | None = None
    owner: Class | None = None
    """The class whose method this is."""
    scope: Class | None = None
    """The class whose body this is: its names come before those around."""
    function: Function | None = None
    """The function whose body this is; None in the test itself."""
    silent: bool = False
    """Code outside of the test (a module's own statements): its requests are not the test's."""
    inlined: dict[int, Value] = field(default_factory=dict)
    """What helpers gave, by the offset of the call: each is read once."""
    outcomes: list[Value] = field(default_factory=list)
    """What `return` and `yield` gave."""
    ended: bool = False
    """Nothing that follows in this block is run."""
    blocks: list[int] = field(default_factory=list)
    """The blocks that are being read, outermost first."""
    soft: str = ""
    """The variable that collects failures here, if assertions do not end the test."""
    gap: Circumstance | None = None
    """What follows is run only where an earlier `return`, `break` or `continue` was not."""

    def of(self, node: Node | None) -> str:
        """The text of `node`; empty where there is none."""
        if node is None:
            return ""
        source = self.source
        return source.text[node.start_byte + source.base : node.end_byte + source.base]

    def lookup(self, name: str) -> Value:
        """What `name` stands for here."""
        frame = self
        while (found := frame.names.get(name)) is None and frame.closure is not None:
            frame = frame.closure
        if found is None:
            found = self.session.machine.named(frame, name)
        return self.session.as_sent(found)

    def value(self, node: Node | None) -> Value:
        """What the expression `node` stands for."""
        return self.session.machine.evaluate(self, node)

    def run(self, block: Node | None) -> None:
        """All statements of `block`."""
        self.session.machine.execute(self, block)

    def truth(self, node: Node) -> Claims:
        """What follows from the expression `node` being true."""
        return self.session.machine.truth(self, node)

    @contextmanager
    def naming(self, names: dict[str, Value]) -> Iterator[None]:
        """While `names` stand for what a comprehension binds them to."""
        before = {name: self.names.get(name) for name in names}
        self.names |= names
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    self.names.pop(name, None)
                else:
                    self.names[name] = value

    @contextmanager
    def again(self) -> Iterator[None]:
        """While code is read once more with other values: helpers are read anew."""
        before, self.inlined = self.inlined, {}
        try:
            yield
        finally:
            self.inlined = before

    def rounds(self, found: Sequence[dict[str, Value]], read: Callable[[], T]) -> list[T] | None:
        """What `read` gives in each round of a loop that binds the names in `found`.

        None where a round sends requests: a loop is read once then, for all of its rounds.
        """
        mark = self.recorder.mark()
        made, sent = dict(self.made), dict(self.session.sent)
        values: list[T] = []
        for names in found:
            with self.again():
                values.append(self._round(names, read))
            if self.recorder.mark()[0] != mark[0]:
                self.recorder.forget(mark)
                self.made, self.session.sent = made, sent
                return None
        return values

    def _round(self, names: dict[str, Value], read: Callable[[], T]) -> T:
        with self.naming(names):
            return read()

    def around(self) -> str:
        """The text of the test, or of the helper or its class, that is being read."""
        frame = self
        while frame.closure is not None and frame.function is not None:
            frame = frame.closure
        if frame.owner is not None and frame.function is not None:
            return frame.owner.source.of(frame.owner.node)
        if frame.function is not None:
            return frame.function.source.of(frame.function.node)
        return frame.source.text

    def kind(self, call: str | None) -> str:
        """The client that made `call`."""
        return self.session.kinds.get(call or "", self.client)
