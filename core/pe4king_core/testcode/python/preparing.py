"""What is there before the body of a test: its class, tables, set-up methods, fixtures.

Tests that ask for the same start from the same: it is read for the first of them and given to
the others as it was then, however each of them changes it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from pe4king_core.model.source import TestAssertion
from pe4king_core.model.text import Span
from pe4king_core.testcode.python.binding import note_binding
from pe4king_core.testcode.python.classes import instance
from pe4king_core.testcode.python.fixtures import Fixtures, used_fixtures
from pe4king_core.testcode.python.frame import Frame, Lineage, Session
from pe4king_core.testcode.python.objects import Class, Client, Instance
from pe4king_core.testcode.python.outline import Defined
from pe4king_core.testcode.python.resolving import class_value, members, module_value
from pe4king_core.testcode.python.tables import rows_of_test
from pe4king_core.testcode.recorder import CallDraft
from pe4king_core.testcode.syntax import Source, children, walk
from pe4king_core.testcode.values import UNKNOWN, Special, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

Wanted: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""What a test starts from: its classes, the fixtures that it uses, and those it is given."""

_KEPT = 48
"""So many starts of one file are kept."""


@dataclass(slots=True)
class Start:
    """The state before the body of a test, to be had again."""

    session: Session
    receiver: Instance | None
    given: dict[str, Value | None]
    """What the parameters stand for; None where nobody gives it."""
    drafts: list[CallDraft] = field(default_factory=list)
    assertions: list[TestAssertion] = field(default_factory=list)
    places: dict[Span, str] = field(default_factory=dict)
    """The parameters by the places at which things were recorded; "" for the test's name."""
    values: dict[tuple[int, str], Value] = field(default_factory=dict)
    lineages: dict[int, Lineage] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    sent: dict[int, tuple[Value, tuple[str, ...], str]] = field(default_factory=dict)
    objects: list[tuple[Instance, dict[str, Value], Client | None]] = field(default_factory=list)
    frames: list[tuple[Frame, tuple[dict[str, Value], dict[int, Value], dict[int, Value]]]] = field(
        default_factory=list
    )

    def keep(self, frame: Frame, places: Mapping[str, Span]) -> bool:
        """Remember how everything is now; whether that can be given to another test."""
        session, recorder = self.session, frame.recorder
        self.places = {span: name for name, span in places.items()}
        self.drafts = [copy.copy(each) for each in recorder.drafts.values()]
        self.assertions = list(recorder.assertions)
        self.values, self.lineages = dict(session.values), dict(session.lineages)
        self.kinds, self.sent = dict(session.kinds), dict(session.sent)
        roots = [*session.values.values(), *self.given.values(), self.receiver]
        roots += [value for value, _, _ in session.sent.values()]
        for each in _changeable(roots):
            if isinstance(each, Instance):
                self.objects.append((each, dict(each.attributes), each.client))
            else:
                kept = (dict(each.names), dict(each.made), dict(each.inlined))
                self.frames.append((each, kept))
        spans = [each.span for each in self.drafts] + [each.span for each in self.assertions]
        return all(each in self.places for each in spans)

    def restore(self, frame: Frame, places: Mapping[str, Span], block: int, first: Span) -> None:
        """Everything is again as it was, for a test with these `places`."""
        session, recorder = self.session, frame.recorder
        frame.session = session
        session.values, session.lineages = dict(self.values), dict(self.lineages)
        session.kinds, session.sent = dict(self.kinds), dict(self.sent)
        session.receiver = ""
        for made, attributes, client in self.objects:
            made.attributes, made.client = dict(attributes), client
        for inner, (names, calls, inlined) in self.frames:
            inner.names, inner.made, inner.inlined = dict(names), dict(calls), dict(inlined)
        for draft in self.drafts:
            moved = copy.copy(draft)
            moved.span = places[self.places[draft.span]]
            moved.statement, moved.anchor, moved.block = first, first.end, block
            recorder.drafts[moved.id] = moved
        for each in self.assertions:
            span = places[self.places[each.span]]
            recorder.assertions.append(replace(each, span=span, text=span.of(recorder.text)))


def _changeable(roots: Iterable[object]) -> list[Instance | Frame]:
    """The objects and frames among `roots` and what they lead to."""
    found: list[Instance | Frame] = []
    seen: set[int] = set()
    pending: list[object] = list(roots)
    while pending:
        current = pending.pop()
        if isinstance(current, tuple | list):
            pending += current
        elif isinstance(current, dict):
            pending += current.values()
        elif isinstance(current, Frame | Special) or _has_members(current):
            if id(current) in seen:
                continue
            seen.add(id(current))
            if isinstance(current, Frame):
                found.append(current)
                pending += [current.names, current.made, current.inlined, current.closure]
                continue
            if isinstance(current, Instance):
                found.append(current)
            pending += [getattr(current, each.name) for each in fields(current)]  # type: ignore[arg-type]  # values are data classes
    return found


def _has_members(value: object) -> bool:
    """Whether `value` is one of the values that hold other values."""
    return is_dataclass(value) and type(value).__name__ in ("Items", "Rows", "Sent", "Argument")


def prepare(
    frame: Frame,
    node: Node,
    definition: Node,
    path: tuple[str, ...],
    parameters: tuple[str, ...],
    starts: dict[Wanted, Start],
) -> bool:
    """What is there before the body of the test `definition`. Whether it has a table."""
    body = definition.child_by_field_name("body")
    place = definition.child_by_field_name("name")
    if body is None or place is None:
        return False
    cls = _class_at(frame, path)
    decorators = [each for each in children(node) if each.type == "decorator"]
    rows, has_table = rows_of_test(frame, decorators, cls, parameters)
    receiver_name = _receiver_name(frame, definition)
    nodes = _parameter_nodes(frame.source, definition)
    asked = {
        name: each
        for name, each in nodes.items()
        if name in parameters and name not in rows and (cls is None or name != receiver_name)
    }
    texts = [frame.of(each) for each in decorators]
    if cls is not None:
        texts += [cls.source.of(each) for each in cls.decorators]
    statements = children(body)
    first = frame.source.span(statements[0] if statements else body)
    wanted = (path, tuple(used_fixtures(texts)), tuple(asked))
    with frame.recorder.inside(body.id, first):
        start = _start(frame, wanted, cls, {"": place, **asked}, (body.id, first), starts)
        if start.receiver is not None and receiver_name:
            frame.names[receiver_name] = start.receiver
            frame.owner = cls
        frame.names |= rows
        for name in asked:
            value = start.given[name]
            frame.names[name] = Unknown() if value is None or value is UNKNOWN else value
            if value is not None:
                note_binding(frame, name, value)
    return has_table


def _start(
    frame: Frame,
    wanted: Wanted,
    cls: Class | None,
    places: Mapping[str, Node],
    body: tuple[int, Span],
    starts: dict[Wanted, Start],
) -> Start:
    """The start of a test: one that is known, or a new one."""
    spans = {name: frame.source.span(each) for name, each in places.items()}
    known = starts.get(wanted)
    if known is not None:
        known.restore(frame, spans, *body)
        return known
    receiver = instance(frame, cls) if cls is not None else None
    start = Start(frame.session, receiver, _set_up(frame, wanted, receiver, places))
    if start.keep(frame, spans):
        if len(starts) >= _KEPT:
            starts.clear()
        starts[wanted] = start
    return start


def _set_up(
    frame: Frame, wanted: Wanted, receiver: Instance | None, places: Mapping[str, Node]
) -> dict[str, Value | None]:
    """Set-up methods and fixtures, in the order in which they run; what is given."""
    _, used, asked = wanted
    place = places[""]
    fixtures = Fixtures(frame, receiver)
    for name in (*fixtures.automatic(), *used):
        fixtures.given(name, place)
    fixtures.set_up(place)
    return {name: fixtures.given(name, places[name]) for name in asked}


def _class_at(frame: Frame, path: tuple[str, ...]) -> Class | None:
    """The class around the test."""
    module = frame.session.module
    found: Value = module_value(frame, module, path[0]) if path else UNKNOWN
    for name in path[1:]:
        entry = members(found).get(name) if isinstance(found, Class) else None
        if not isinstance(found, Class) or not isinstance(entry, Defined):
            return None
        found = class_value(frame, found, name, entry)
    return found if isinstance(found, Class) else None


def _receiver_name(frame: Frame, definition: Node) -> str:
    listed = definition.child_by_field_name("parameters")
    nodes = children(listed) if listed is not None else []
    return frame.of(nodes[0]) if nodes and nodes[0].type == "identifier" else ""


def _parameter_nodes(source: Source, definition: Node) -> dict[str, Node]:
    listed = definition.child_by_field_name("parameters")
    found: dict[str, Node] = {}
    for each in children(listed) if listed is not None else []:
        if each.type in ("default_parameter", "typed_default_parameter"):
            continue
        identifier = next((n for n in walk(each) if n.type == "identifier"), None)
        if identifier is not None:
            found[source.of(identifier)] = each
    return found
