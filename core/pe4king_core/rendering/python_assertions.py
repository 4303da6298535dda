"""Facts as Python assertions, in the words a tester would have used.

A fact becomes an `assert`; guards, conditions and `*` become `if` and `for` around it, shared by
neighbours. A check of a value presumes its type, which is a fact of its own. Keys are asserted
to be there before they are read, so a missing field is a failed assertion and not a KeyError.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pe4king_core.model.fact import AssertionFact, HasType, Presence, SubjectKind
from pe4king_core.model.json import EACH, pointer_of, split
from pe4king_core.model.message import Message
from pe4king_core.rendering.python_blocks import joined
from pe4king_core.rendering.python_checks import (
    Unsayable,
    body_conditions,
    header_conditions,
    header_present,
    response_conditions,
)
from pe4king_core.rendering.python_conditions import (
    Condition,
    Relation,
    compared,
    has_key,
    has_keys,
    room_at,
)
from pe4king_core.rendering.python_dialects import Dialect, Plain
from pe4king_core.rendering.python_text import WIDTH, identifier, literal, singular, string


@dataclass(frozen=True, slots=True)
class PythonNames:
    """Names in scope: the response, its parsed body, the sent body; `taken` must not be reused."""

    response: str = "response"
    body: str = "body"
    request: str | None = None
    taken: frozenset[str] = frozenset()
    indent: int = 4
    """Where the lines will stand; decides only where long ones are broken."""
    dialect: Dialect = field(default_factory=Plain)
    """Whose words the assertions are written in."""
    shown: frozenset[str] = frozenset()
    """Pointers of places that are asserted to be there already."""


@dataclass(frozen=True, slots=True)
class PythonCode:
    """Lines without base indentation, what they import, and what could not be said."""

    lines: tuple[str, ...]
    imports: frozenset[str]
    skipped: tuple[tuple[AssertionFact, Message], ...] = ()
    needs_body: bool = False
    """Whether the lines use the variable that holds the parsed body."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fact is asserted: the blocks around it, and expressions for subject and parent."""

    blocks: tuple[str, ...]
    parent: str | None
    key: str
    subject: str


@dataclass(slots=True)
class _Writer:
    names: PythonNames
    lines: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    skipped: list[tuple[AssertionFact, Message]] = field(default_factory=list)
    open_blocks: tuple[str, ...] = ()
    asserted_keys: set[tuple[tuple[str, ...], str, str]] = field(default_factory=set)

    def ask(self, blocks: tuple[str, ...], *conditions: Condition) -> None:
        """Assertions of `conditions` inside `blocks`, in the words of the test's library."""
        room = WIDTH - self.names.indent - 4 * len(blocks)
        written = [self.names.dialect.write(each, room) for each in conditions]
        self.write(blocks, [line for each in written for line in each.lines])
        self.imports |= {name for each in written for name in each.imports}

    def write(self, blocks: tuple[str, ...], lines: Sequence[str]) -> None:
        """`lines` inside `blocks`; blocks that are open already are continued."""
        shared = 0
        while shared < min(len(blocks), len(self.open_blocks)) and (
            blocks[shared] == self.open_blocks[shared]
        ):
            shared += 1
        for depth in range(shared, len(blocks)):
            self.lines.append("    " * depth + blocks[depth])
        self.open_blocks = blocks
        pad = "    " * len(blocks)
        self.lines += [pad + part if part else part for line in lines for part in line.split("\n")]


def render_python(facts: Sequence[AssertionFact], names: PythonNames) -> PythonCode:
    """Assertions for `facts` in their order; body facts are grouped by the blocks they share."""
    writer = _Writer(names)
    for fact in facts:
        if fact.subject.kind is not SubjectKind.BODY:
            _write_response_fact(writer, fact)
    body_facts = [fact for fact in facts if fact.subject.kind is SubjectKind.BODY]
    placed = [(fact, _place(fact, names)) for fact in body_facts]
    for fact, place in _grouped(placed):
        _write_body_fact(writer, fact, place, placed)
    return PythonCode(
        tuple(joined(writer.lines, names.indent)),
        frozenset(writer.imports),
        tuple(writer.skipped),
        bool(body_facts),
    )


def _write_response_fact(writer: _Writer, fact: AssertionFact) -> None:
    response = writer.names.response
    is_header = fact.subject.kind is SubjectKind.HEADER
    try:
        if not is_header:
            writer.ask((), *response_conditions(fact, response))
            return
        present = header_present(fact, response)
        absent = fact.presence is Presence.ABSENT
        asked = [] if absent else header_conditions(fact, response)
    except Unsayable as problem:
        writer.skipped.append((fact, problem.message))
        return
    if fact.presence is Presence.IF_PRESENT:
        if asked:
            writer.ask((f"if {present.text}:",), *asked)
    else:
        writer.ask((), present, *asked)


def _write_body_fact(
    writer: _Writer,
    fact: AssertionFact,
    place: _Place,
    placed: Sequence[tuple[AssertionFact, _Place]],
) -> None:
    if fact.presence is Presence.ABSENT:
        writer.ask(place.blocks, has_key(string(place.key), place.parent or "", absent=True))
        return
    names = writer.names
    indent = names.indent + 4 * len(place.blocks)
    try:
        checks = body_conditions(fact, place.subject, names.body, names.request, indent)
    except Unsayable as problem:
        writer.skipped.append((fact, problem.message))
        checks = []
    blocks = place.blocks
    shown = fact.subject.name in names.shown
    if fact.presence is Presence.REQUIRED and place.parent is not None and not shown:
        _assert_keys(writer, place, placed)
    if checks:
        if fact.presence is Presence.IF_PRESENT and place.parent is not None:
            blocks = (*blocks, _if_present(place, nullable=fact.nullable))
        elif fact.nullable and (short := _or_null(writer, fact, place, checks[0])):
            checks = [short]
        elif fact.nullable:
            blocks = (*blocks, f"if {place.subject} is not None:")
        writer.ask(blocks, *checks)


def _or_null(
    writer: _Writer, fact: AssertionFact, place: _Place, check: Condition
) -> Condition | None:
    """A type test that takes null too on one line, where it fits and reads well."""
    text = f"{place.subject} is None or {check.text}"
    indent = writer.names.indent + 4 * len(place.blocks)
    fits = isinstance(fact.check, HasType) and len(text) <= room_at(indent)
    return Condition(text) if fits and writer.names.dialect.says_or else None


def _if_present(place: _Place, *, nullable: bool) -> str:
    if place.key.isdecimal():
        there = f"len({place.parent}) > {place.key}"
        return f"if {there} and {place.subject} is not None:" if nullable else f"if {there}:"
    if nullable:
        return f"if {place.parent}.get({string(place.key)}) is not None:"
    return f"if {string(place.key)} in {place.parent}:"


def _assert_keys(
    writer: _Writer, place: _Place, placed: Sequence[tuple[AssertionFact, _Place]]
) -> None:
    """One line that asserts every required key of this parent, the first time it is met."""
    parent = place.parent or ""
    if (place.blocks, parent, place.key) in writer.asserted_keys:
        return
    if place.key.isdecimal():
        writer.asserted_keys.add((place.blocks, parent, place.key))
        writer.ask(place.blocks, compared(f"len({parent})", Relation.ABOVE, place.key))
        return
    keys = list(
        dict.fromkeys(
            other.key
            for fact, other in placed
            if fact.presence is Presence.REQUIRED
            and fact.subject.name not in writer.names.shown
            and not other.key.isdecimal()
            and (other.blocks, other.parent) == (place.blocks, place.parent)
        )
    )
    writer.asserted_keys |= {(place.blocks, parent, key) for key in keys}
    if len(keys) == 1:
        writer.ask(place.blocks, has_key(string(keys[0]), parent))
        return
    room = room_at(writer.names.indent + 4 * len(place.blocks))
    writer.ask(place.blocks, has_keys([string(key) for key in keys], parent, room))


def _grouped(
    placed: Sequence[tuple[AssertionFact, _Place]],
) -> Iterator[tuple[AssertionFact, _Place]]:
    """Facts ordered so that those of one block stand together, parents before children."""
    order: dict[tuple[str, ...], int] = {}
    for _, place in placed:
        for depth in range(len(place.blocks) + 1):
            order.setdefault(place.blocks[:depth], len(order))

    def rank(index: int) -> tuple[tuple[int, ...], int]:
        blocks = placed[index][1].blocks
        return tuple(order[blocks[: depth + 1]] for depth in range(len(blocks))), index

    for index in sorted(range(len(placed)), key=rank):
        yield placed[index]


def _place(fact: AssertionFact, names: PythonNames) -> _Place:
    """Walk the subject's pointer and open a block for every guard, item and condition."""
    tokens = split(fact.subject.name)
    blocks: list[str] = []
    expression = names.body
    taken = names.taken | {names.body, names.response}
    conditions = list(fact.conditions)
    parent: str | None = None
    key = ""

    def conditions_at(depth: int) -> None:
        prefix = tokens[:depth]
        for condition in list(conditions):
            where = split(condition.pointer)
            if where[:-1] == prefix:
                conditions.remove(condition)
                value = f"{expression}.get({string(where[-1])})"
                values = condition.values
                blocks.append(
                    f"if {value} == {literal(values[0])}:"
                    if len(values) == 1
                    else f"if {value} in ({', '.join(literal(v) for v in values)}):"
                )

    for depth, token in enumerate(tokens):
        pointer = pointer_of(tokens[:depth])
        if pointer in fact.guards and parent is not None:
            blocks.append(f"if {parent}.get({string(key)}) is not None:")
        elif pointer in fact.guards:
            blocks.append(f"if {expression} is not None:")
        conditions_at(depth)
        if token == EACH:
            item = identifier(singular(identifier(key or "items")), frozenset(taken))
            taken |= {item}
            blocks.append(f"for {item} in {expression}:")
            expression, parent, key = item, None, ""
        else:
            parent, key = expression, token
            expression = f"{expression}[{token if token.isdecimal() else string(token)}]"
    return _Place(tuple(blocks), parent, key, expression)


def without_body(names: PythonNames) -> PythonNames:
    """`names` with the body read inline, for tests that keep no variable for it."""
    return replace(names, body=f"{names.response}.json()")
