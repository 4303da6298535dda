"""Facts as Python assertions, in the words a tester would have used.

A fact becomes an `assert`; guards, conditions and `*` become `if` and `for` around it, shared by
neighbours. A check of a value presumes its type, which is a fact of its own. Keys are asserted
to be there before they are read, so a missing field is a failed assertion and not a KeyError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pe4king_core.model.case import PlacedGroup
from pe4king_core.model.fact import (
    AssertionFact,
    HasFormat,
    HasType,
    Matches,
    Presence,
    RequestValue,
    ResponseValue,
    SubjectKind,
    body,
)
from pe4king_core.model.json import EACH
from pe4king_core.model.message import Message
from pe4king_core.rendering.patterns import FORMATS
from pe4king_core.rendering.python.blocks import broken, joined, together
from pe4king_core.rendering.python.checks import (
    TEXT,
    Unsayable,
    body_conditions,
    format_constant,
    header_conditions,
    header_present,
    response_conditions,
    type_condition,
)
from pe4king_core.rendering.python.conditions import (
    Condition,
    Relation,
    compared,
    has_key,
    has_keys,
    room_at,
)
from pe4king_core.rendering.python.dialects import Dialect, Plain
from pe4king_core.rendering.python.places import (
    Either,
    Place,
    Surroundings,
    depth_of,
    named_value,
    naming_of,
    place_of,
    shortened,
)
from pe4king_core.rendering.python.text import WIDTH, columns, identifier, string


@dataclass(frozen=True, slots=True)
class PythonNames:
    """Names in scope: the response, its parsed body, the sent body; `taken` must not be reused."""

    response: str = "response"
    body: str = "body"
    request: str | None = None
    taken: Set[str] = frozenset()
    indent: int = 4
    """Where the lines will stand; decides only where long ones are broken."""
    dialect: Dialect = field(default_factory=Plain)
    """Whose words the assertions are written in."""
    shown: frozenset[str] = frozenset()
    """Pointers of places that are asserted to be there already."""
    values: Mapping[RequestValue | ResponseValue, str] = field(default_factory=dict)
    """Expressions for what was sent or answered in other calls."""
    own_file: bool = False
    """Whether the whole file is ours: formats are constants of it, deep values get variables, and
    wide lines are broken exactly as a formatter would."""
    types_first: bool = False
    """Whether the type of a text is asserted before its form where no fact states it, so that a
    value of another type fails the assertion instead of breaking the test."""
    texts: frozenset[str] = frozenset()
    """Pointers of places that are asserted to be texts already."""


@dataclass(frozen=True, slots=True)
class PythonCode:
    """Lines without base indentation, what they import, and what could not be said."""

    lines: tuple[str, ...]
    imports: frozenset[str]
    skipped: tuple[tuple[AssertionFact, Message], ...] = ()
    needs_body: bool = False
    """Whether the lines use the variable that holds the parsed body."""
    formats: frozenset[str] = frozenset()
    """The formats whose constants the lines use."""


class _Item(NamedTuple):
    """A fact at its place, or what a helper function asserts there (`helper` is its name)."""

    fact: AssertionFact
    place: Place
    helper: str = ""


_Parent: TypeAlias = tuple[tuple[str, ...], str | None]
"""The blocks around a place and the expression of its parent."""


@dataclass(frozen=True, slots=True)
class _Items:
    """Everything that is said about a body, and what there is at one place of it."""

    listed: Sequence[_Item]
    of_place: Mapping[str, Sequence[AssertionFact]]
    """By the pointer of the subject."""
    keys: Mapping[_Parent, Sequence[str]]
    """The names of the members that an object must have."""

    @classmethod
    def of(cls, listed: Sequence[_Item], shown: frozenset[str]) -> _Items:
        """Those of `listed`; members at the pointers `shown` need not be asked for."""
        of_place: dict[str, list[AssertionFact]] = {}
        keys: dict[_Parent, dict[str, None]] = {}
        for fact, place, _ in listed:
            pointer = fact.subject.name
            of_place.setdefault(pointer, []).append(fact)
            required = fact.presence is Presence.REQUIRED and pointer not in shown
            if required and not place.key.isdecimal():
                keys.setdefault((place.blocks, place.parent), {})[place.key] = None
        return cls(listed, of_place, {parent: tuple(names) for parent, names in keys.items()})


@dataclass(slots=True)
class _Writer:
    names: PythonNames
    around: Surroundings
    lines: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    skipped: list[tuple[AssertionFact, Message]] = field(default_factory=list)
    open_blocks: tuple[str, ...] = ()
    asserted_keys: set[tuple[tuple[str, ...], str, str]] = field(default_factory=set)

    def ask(self, blocks: tuple[str, ...], *conditions: Condition) -> None:
        """Assertions of `conditions` inside `blocks`, in the words of the test's library."""
        room = WIDTH - self.names.indent - 4 * depth_of(blocks)
        lines: list[str] = []
        for condition in conditions:
            written = self.names.dialect.write(condition, room)
            lines += written.lines
            if written.imports:
                self.imports |= written.imports
        self.write(blocks, lines)

    def write(self, blocks: tuple[str, ...], lines: Sequence[str]) -> None:
        """`lines` inside `blocks`; blocks that are open already are continued."""
        shared = 0
        while shared < min(len(blocks), len(self.open_blocks)) and (
            blocks[shared] == self.open_blocks[shared]
        ):
            shared += 1
        for index in range(shared, len(blocks)):
            self.lines.append("    " * depth_of(blocks[:index]) + blocks[index])
        self.open_blocks = blocks
        if not blocks:
            self.lines += [part for line in lines for part in line.split("\n")]
            return
        pad = "    " * depth_of(blocks)
        self.lines += [pad + part if part else part for line in lines for part in line.split("\n")]


def render_python(
    facts: Sequence[AssertionFact],
    names: PythonNames,
    helped: Sequence[tuple[PlacedGroup, str]] = (),
) -> PythonCode:
    """Assertions for `facts` in their order; body facts are grouped by the blocks they share.

    `helped` are groups of facts that a helper function asserts, with its name.
    """
    around = Surroundings(
        names.body,
        Either(names.taken, (names.body, names.response)),
        _item_names(helped),
        names.indent,
        names.own_file,
    )
    writer = _Writer(names, around)
    for fact in facts:
        if fact.subject.kind is not SubjectKind.BODY:
            _write_response_fact(writer, fact)
    items = [
        _Item(fact, place_of(fact, around))
        for fact in facts
        if fact.subject.kind is SubjectKind.BODY
    ]
    for placed, name in helped:
        fact = _as_fact(placed)
        items.append(_Item(fact, place_of(fact, around), name))
    known = _Items.of(items, names.shown)
    for item in _grouped(items):
        _write_body_fact(writer, item, known)
    written = together(writer.lines) if names.own_file else writer.lines
    lines = joined(written, names.indent)
    return PythonCode(
        tuple(broken(lines, names.indent) if names.own_file else lines),
        frozenset(writer.imports),
        tuple(writer.skipped),
        bool(items),
        frozenset(writer.formats),
    )


def _as_fact(placed: PlacedGroup) -> AssertionFact:
    """That there is a value where the group stands."""
    return AssertionFact(
        "",
        body(placed.pointer),
        None,
        placed.presence,
        placed.nullable,
        placed.guards,
        placed.conditions,
    )


def _item_names(helped: Sequence[tuple[PlacedGroup, str]]) -> dict[str, str]:
    """Items that one helper is for are called like it: `for book in body["items"]`."""
    found: dict[str, set[str]] = {}
    for placed, _ in helped:
        if placed.pointer.endswith(f"/{EACH}"):
            array = placed.pointer[: -len(EACH) - 1]
            found.setdefault(array, set()).add(shortened(identifier(placed.group.name)))
    return {array: min(names) for array, names in found.items() if len(names) == 1}


def _write_response_fact(writer: _Writer, fact: AssertionFact) -> None:
    response = writer.names.response
    is_header = fact.subject.kind is SubjectKind.HEADER
    optional = fact.presence is Presence.IF_PRESENT
    indent = writer.names.indent + 4 * optional
    try:
        if not is_header:
            writer.ask((), *response_conditions(fact, response))
            return
        present = header_present(fact, response)
        absent = fact.presence is Presence.ABSENT
        asked = [] if absent else header_conditions(fact, response, indent)
    except Unsayable as problem:
        writer.skipped.append((fact, problem.message))
        return
    if optional:
        if asked:
            writer.ask((f"if {present.text}:",), *asked)
    else:
        writer.ask((), present, *asked)


def _write_body_fact(writer: _Writer, item: _Item, items: _Items) -> None:
    fact, place, _ = item
    if fact.presence is Presence.ABSENT:
        writer.ask(place.blocks, has_key(string(place.key), place.parent or "", absent=True))
        return
    shown = fact.subject.name in writer.names.shown
    if fact.presence is Presence.REQUIRED and place.parent is not None and not shown:
        _assert_keys(writer, place, items)
    if fact.check is None and not item.helper:
        return
    blocks = place.blocks
    optional = fact.presence is Presence.IF_PRESENT and place.parent is not None
    if optional:
        blocks = (*blocks, _if_present(place, nullable=fact.nullable))
    naming = named_value(place, blocks, writer.around)
    subject = naming.partition(" = ")[0] or place.subject
    named = (naming,) if naming else ()
    if item.helper:
        if fact.nullable and not optional:
            named = (*named, f"if {subject} is not None:")
        writer.write((*blocks, *named), [f"{item.helper}({subject})"])
        return
    checks = _checks(writer, fact, subject, blocks)
    if checks and not named and _too_wide(writer, checks[0], place, blocks):
        named = (naming_of(place, writer.around),)
        subject = named[0].partition(" = ")[0]
        checks = _checks(writer, fact, subject, blocks)
    told = writer.names.texts
    types_first = writer.names.types_first and fact.subject.name not in told
    if types_first and isinstance(fact.check, HasFormat | Matches):
        checks = [*_untyped(fact, subject, items), *checks] if checks else []
    if checks and fact.nullable and not optional:
        alone = len(items.of_place[fact.subject.name]) == 1
        short = _or_null(writer, fact, subject, blocks, checks[0]) if alone else None
        checks = [short] if short else checks
        named = named if short else (*named, f"if {subject} is not None:")
    if checks:
        writer.ask((*blocks, *named), *checks)


def _untyped(fact: AssertionFact, subject: str, items: _Items) -> list[Condition]:
    """That the subject is a text, before the first check that presumes it."""
    stated = items.of_place[fact.subject.name]
    same = [each for each in stated if each.conditions in ((), fact.conditions)]
    if any(isinstance(each.check, HasType) for each in same):
        return []
    first = next(each for each in same if isinstance(each.check, HasFormat | Matches))
    return [type_condition(subject, TEXT)] if first is fact else []


def _too_wide(writer: _Writer, check: Condition, place: Place, blocks: tuple[str, ...]) -> bool:
    """Whether a check does not fit on its line because of what it speaks of."""
    room = room_at(writer.names.indent + 4 * depth_of(blocks))
    is_deep = writer.names.own_file and place.parent is not None
    return is_deep and "\n" not in check.text and columns(check.text) > room


def _checks(
    writer: _Writer, fact: AssertionFact, subject: str, blocks: tuple[str, ...]
) -> list[Condition]:
    names = writer.names
    if names.own_file and isinstance(fact.check, HasFormat) and fact.check.name in FORMATS:
        writer.formats.add(fact.check.name)
        return [format_constant(fact.check.name, subject)]
    indent = names.indent + 4 * depth_of(blocks) + 4 * fact.nullable
    try:
        return body_conditions(fact, subject, names.body, names.request, indent, names.values)
    except Unsayable as problem:
        writer.skipped.append((fact, problem.message))
        return []


def _or_null(
    writer: _Writer, fact: AssertionFact, subject: str, blocks: tuple[str, ...], check: Condition
) -> Condition | None:
    """A type test that takes null too on one line, where it fits and reads well."""
    text = f"{subject} is None or {check.text}"
    fits = len(text) <= room_at(writer.names.indent + 4 * depth_of(blocks))
    is_type = isinstance(fact.check, HasType)
    return Condition(text) if fits and is_type and writer.names.dialect.says_or else None


def _if_present(place: Place, *, nullable: bool) -> str:
    if place.key.isdecimal():
        there = f"len({place.parent}) > {place.key}"
        return f"if {there} and {place.subject} is not None:" if nullable else f"if {there}:"
    if nullable:
        return f"if {place.parent}.get({string(place.key)}) is not None:"
    return f"if {string(place.key)} in {place.parent}:"


def _assert_keys(writer: _Writer, place: Place, items: _Items) -> None:
    """One line that asserts every required key of this parent, the first time it is met."""
    parent = place.parent or ""
    if (place.blocks, parent, place.key) in writer.asserted_keys:
        return
    if place.key.isdecimal():
        writer.asserted_keys.add((place.blocks, parent, place.key))
        writer.ask(place.blocks, compared(f"len({parent})", Relation.ABOVE, place.key))
        return
    keys = items.keys[place.blocks, place.parent]
    writer.asserted_keys |= {(place.blocks, parent, key) for key in keys}
    if len(keys) == 1:
        writer.ask(place.blocks, has_key(string(keys[0]), parent))
        return
    room = room_at(writer.names.indent + 4 * depth_of(place.blocks))
    writer.ask(place.blocks, has_keys([string(key) for key in keys], parent, room))


def _grouped(items: Sequence[_Item]) -> Iterator[_Item]:
    """Facts ordered so that those of one block stand together, parents before children."""
    if not any(item.place.blocks for item in items):
        yield from items
        return
    order: dict[tuple[str, ...], int] = {}
    for item in items:
        blocks = item.place.blocks
        for depth in range(len(blocks) + 1):
            order.setdefault(blocks[:depth], len(order))

    def rank(index: int) -> tuple[tuple[int, ...], int]:
        blocks = items[index].place.blocks
        return tuple(order[blocks[: depth + 1]] for depth in range(len(blocks))), index

    for index in sorted(range(len(items)), key=rank):
        yield items[index]
