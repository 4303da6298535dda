"""Dictionaries and lists as tests write and use them, and loops over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pe4king_core.model.json import EACH, Json
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.python.answers import collected, item_of
from pe4king_core.testcode.python.arguments import items_of, members_of
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import (
    Arguments,
    Failures,
    Indices,
    Pairs,
    Record,
    Repeated,
    Typed,
)
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Items,
    Known,
    Part,
    Rows,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_UNROLLED = 50


def sequence(frame: Frame, node: Node) -> Value:
    """A list, tuple or set."""
    members: list[Value] = []
    for inner in children(node):
        if inner.type == "list_splat":
            spread = items_of(frame.value(children(inner)[0] if children(inner) else None))
            if spread is None:
                return Unknown()
            members += spread
        else:
            members.append(frame.value(inner))
    return listed(members)


def listed(members: Sequence[Value]) -> Value:
    """A list of `members`: a plain value where they are."""
    values: list[Json] = []
    for member in map(plain, members):
        if not isinstance(member, Known):
            return Items(tuple(members))
        values.append(member.value)
    return Known(values)


def dictionary(frame: Frame, node: Node) -> Value:
    """A dictionary; `**` takes in the members of another one."""
    members: dict[str, Value] = {}
    complete = True
    for pair in children(node):
        if pair.type == "dictionary_splat":
            inner = frame.value(children(pair)[0] if children(pair) else None)
            spread = members_of(inner)
            complete = complete and spread is not None
            members |= spread or {}
            continue
        key = plain(frame.value(pair.child_by_field_name("key")))
        value = frame.value(pair.child_by_field_name("value"))
        if pair.type == "pair" and isinstance(key, Known):
            members[str(key.value)] = value
        else:
            complete = False
    return record(members, complete=complete)


def record(members: dict[str, Value], *, complete: bool = True) -> Value:
    """A dictionary with `members`: a plain value where they are."""
    plains = {name: plain(value) for name, value in members.items()}
    if complete and all(isinstance(value, Known) for value in plains.values()):
        return Known(
            {name: value.value for name, value in plains.items() if isinstance(value, Known)}
        )
    return Record(members, complete)


def dictionary_method(value: Value, name: str, arguments: Arguments) -> Value | None:
    """What a method of a dictionary or list that the test made gives; None: not known."""
    members = members_of(value)
    if members is None:
        found = items_of(value)
        return value if found is not None and name == "copy" else None
    first = plain(arguments.value(0))
    key = first.value if isinstance(first, Known) else None
    match name:
        case "get" | "pop" | "setdefault" if isinstance(key, str):
            if key in members:
                return members[key]
            known_absent = isinstance(plain(value), Known) or (
                isinstance(value, Record) and value.complete
            )
            default = arguments.argument(1, "default")
            given = default.value if default is not None else Known(None)
            return given if known_absent else Unknown()
        case "items":
            return Pairs(value)
        case "keys":
            return Known(list(members))
        case "values":
            return listed(list(members.values()))
        case "copy":
            return value
    return Unknown()


def changed(value: Value, key: Value, member: Value | None) -> Value:
    """A dictionary after `value[key] = member`, or `del value[key]` where it is None; a list
    after `value[0] = member`."""
    members = members_of(value)
    name = plain(key)
    listed_members = items_of(value)
    if listed_members is not None and isinstance(name, Known) and member is not None:
        return _replaced(listed_members, name.value, member)
    if members is None or not isinstance(name, Known):
        return Unknown(call_of(value))
    kept = dict(members)
    kept.pop(str(name.value), None)
    if member is not None:
        kept[str(name.value)] = member
    whole = not (isinstance(value, Record) and not value.complete)
    return record(kept, complete=whole)


def _replaced(members: list[Value], index: Json, member: Value) -> Value:
    if not isinstance(index, int) or not -len(members) <= index < len(members):
        return Unknown()
    members[index] = member
    return listed(members)


def updated(value: Value, arguments: Arguments) -> Value:
    """A dictionary after `value.update(...)`."""
    members = members_of(value)
    if members is None:
        return Unknown(call_of(value))
    more = members_of(arguments.value(0)) if arguments.positional else {}
    named = {name: each.value for name, each in arguments.named.items()}
    complete = more is not None and arguments.complete
    complete = complete and not (isinstance(value, Record) and not value.complete)
    return record({**members, **(more or {}), **named}, complete=complete)


def item(value: Value) -> Value:
    """What a loop over `value` binds its variable to, where its members are not written."""
    match value:
        case Typed(part, model, True):
            inner = item_of(part)
            return Typed(inner, model) if isinstance(inner, Part) else inner
        case Typed(part):
            return item_of(part)
        case Repeated(inner):
            return inner
        case Indices():
            return value
        case Pairs(of, True):
            return Items((Unknown(), item(of)))
        case Pairs(of):
            return Unknown(call_of(of))
    return item_of(value)


def literal_items(value: Value) -> list[Value] | None:
    """The values that a loop over something written in the test goes through."""
    value = plain(value)
    match value:
        case Pairs(_, True):
            return None
        case Pairs(of):
            members = members_of(of)
            if members is None or (isinstance(of, Record) and not of.complete):
                return None
            return [Items((Known(name), member)) for name, member in members.items()]
        case Known(dict() as known):
            return [Known(name) for name in known]
        case Record(members, True):
            return [Known(name) for name in members]
        case Items() | Known(list()):
            return items_of(value)
    return None


def bind_target(frame: Frame, target: Node | None, value: Value) -> dict[str, Value]:
    """The names that `for target in ...` binds, where the item is `value`."""
    if target is None:
        return {}
    if target.type == "identifier":
        return {frame.of(target): value}
    names = children(target)
    members = items_of(value)
    if members is not None and len(members) == len(names):
        found: dict[str, Value] = {}
        for name, member in zip(names, members, strict=True):
            found |= bind_target(frame, name, member)
        return found
    if isinstance(value, Rows):
        return {
            frame.of(name): Rows(tuple(_column(row, index) for row in value.values))
            for index, name in enumerate(names)
        }
    call = call_of(value)
    return {frame.of(each): Unknown(call) for each in names if each.type == "identifier"}


def _column(row: Value, index: int) -> Value:
    members = items_of(row)
    return members[index] if members is not None and index < len(members) else UNKNOWN


def rounds(frame: Frame, target: Node | None, looped: Value) -> tuple[list[dict[str, Value]], bool]:
    """What each round of a loop binds, and whether the rounds are all known."""
    literal = literal_items(looped)
    if literal is not None:
        return [bind_target(frame, target, each) for each in literal[:_UNROLLED]], True
    return [bind_target(frame, target, item(looped))], False


def columns(found: Sequence[dict[str, Value]]) -> dict[str, Value]:
    """Each name of a loop over written values, as the rows it goes through."""
    names = dict.fromkeys(name for each in found for name in each)
    return {name: Rows(tuple(each.get(name, UNKNOWN) for each in found)) for name in names}


def enumerated(arguments: Arguments) -> Value:
    """`enumerate(x)`: pairs of a number and a member."""
    first = arguments.value(0)
    literal = literal_items(first)
    if literal is not None:
        return Items(tuple(Items((Known(at), each)) for at, each in enumerate(literal)))
    return Pairs(first, numbered=True)


def dictionary_comprehension(frame: Frame, node: Node) -> Value:
    """`{k: v for ...}`: its members where the loop goes over something written in the test."""
    clause, only = one_clause(node)
    body = node.child_by_field_name("body")
    if clause is None or body is None or not only:
        return UNKNOWN
    looped = frame.value(clause.child_by_field_name("right"))
    found, literal = rounds(frame, clause.child_by_field_name("left"), looped)
    key_node, value_node = body.child_by_field_name("key"), body.child_by_field_name("value")

    def member() -> tuple[Value, Value]:
        return plain(frame.value(key_node)), frame.value(value_node)

    pairs = frame.rounds(found, member) if literal else None
    if pairs is None:
        with frame.naming(columns(found) if literal else found[0]), frame.again():
            _, value = member()
        return Unknown(call_of(value) or call_of(looped))
    members: dict[str, Value] = {}
    for key, value in pairs:
        if not isinstance(key, Known):
            return Unknown(call_of(value) or call_of(looped))
        members[str(key.value)] = value
    return record(members)


def one_clause(node: Node) -> tuple[Node | None, bool]:
    """The `for` of a comprehension, if it has one only; and whether nothing is filtered."""
    clauses = [each for each in children(node) if each.type == "for_in_clause"]
    filters = any(each.type == "if_clause" for each in children(node))
    return (clauses[0] if len(clauses) == 1 else None), not filters


def gathered(frame: Frame, node: Node) -> Value:
    """A list, set or generator comprehension."""
    clause, _ = one_clause(node)
    body = node.child_by_field_name("body")
    if clause is None or body is None:
        return Unknown(_mentioned(frame, node))
    looped = frame.value(clause.child_by_field_name("right"))
    found, literal = rounds(frame, clause.child_by_field_name("left"), looped)
    filters = [each for each in children(node) if each.type == "if_clause"]
    if not found:
        return Known([])
    if literal and not filters:
        members = frame.rounds(found, lambda: frame.value(body))
        if members is not None:
            return listed(members)
    failures = _failures(frame, found, filters) if literal else None
    if failures is not None:
        return failures
    inner = _round(frame, columns(found) if literal else found[0], body)
    if not all(frame.of(each).endswith("is not None") for each in filters):
        return Unknown(call_of(inner) or call_of(looped))
    if isinstance(inner, Typed) and inner.part.subject.name.endswith(f"/{EACH}"):
        array = looped.part if isinstance(looped, Typed) else looped
        if isinstance(array, Part):
            return Typed(array, inner.model, listed=True)
    if isinstance(inner, Answer):
        return Repeated(inner)
    start = item(looped)
    return collected(start.part if isinstance(start, Typed) else start, inner)


def _failures(
    frame: Frame, found: Sequence[dict[str, Value]], filters: Sequence[Node]
) -> Failures | None:
    """What a list of written values is filtered by does not hold for any where it is empty."""
    condition = children(filters[0])[0] if len(filters) == 1 and children(filters[0]) else None
    if condition is None:
        return None
    claims = frame.rounds(found, lambda: negation(frame.truth(condition)))
    if not claims or not all(claims):
        return None
    return Failures(tuple(each for one in claims for each in one))


def _round(frame: Frame, names: dict[str, Value], body: Node) -> Value:
    with frame.naming(names), frame.again():
        return frame.value(body)


def _mentioned(frame: Frame, node: Node) -> str | None:
    for each in children(node):
        found = call_of(frame.value(each.child_by_field_name("right")))
        if found is not None:
            return found
    return None
