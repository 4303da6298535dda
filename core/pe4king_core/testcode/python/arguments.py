"""The arguments of a call, with `*` and `**` spread where they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import Argument, Arguments, Record, Repeated, Typed
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Items, Known, Part, Sent, Value, call_of, plain

if TYPE_CHECKING:
    from tree_sitter import Node

_WRAPPINGS = 4
"""How many calls around one argument (`str(quote(x))`) a name is looked for in."""


def read_arguments(frame: Frame, node: Node) -> Arguments:
    """The arguments of the call `node`, evaluated in their order."""
    listed = node.child_by_field_name("arguments")
    if listed is None:
        return Arguments()
    if listed.type != "argument_list":
        return Arguments((_argument(frame, listed),))
    positional: list[Argument] = []
    named: dict[str, Argument] = {}
    complete, spread = True, None
    for each in children(listed):
        value_node = each.child_by_field_name("value")
        if each.type == "keyword_argument" and value_node is not None:
            named[frame.of(each.child_by_field_name("name"))] = _argument(frame, value_node)
        elif each.type == "dictionary_splat":
            value = frame.value(children(each)[0] if children(each) else None)
            members = members_of(value)
            if members is None:
                complete, spread = False, value
                continue
            complete = complete and not (isinstance(value, Record) and not value.complete)
            named |= {name: Argument(member, name) for name, member in members.items()}
        elif each.type == "list_splat":
            starred = frame.value(children(each)[0] if children(each) else None)
            found = [starred] if isinstance(starred, Repeated) else items_of(starred)
            complete = complete and found is not None
            positional += [Argument(member) for member in found or ()]
        else:
            positional.append(_argument(frame, each))
    return Arguments(tuple(positional), named, complete, spread)


def _argument(frame: Frame, node: Node) -> Argument:
    return Argument(frame.value(node), name_of(frame, node))


def members_of(value: Value) -> dict[str, Value] | None:
    """The members of a dictionary that we know, by name."""
    if isinstance(value, Sent):
        value = value.content
    match value:
        case Known(dict() as plain_members):
            return {str(name): Known(member) for name, member in plain_members.items()}
        case Record(members):
            return members
        case Known(None):
            return {}
    return None


def items_of(value: Value) -> list[Value] | None:
    """The members of a list that we know."""
    value = plain(value)
    match value:
        case Items(members):
            return list(members)
        case Known(list() | tuple() as plain_members):
            return [Known(each) for each in plain_members]
    return None


def calls_in(values: Iterable[Value], depth: int = 0) -> Iterator[str]:
    """The calls that `values`, or the members of lists among them, come from."""
    for value in values:
        call = call_of(value)
        if call is not None:
            yield call
        elif depth < _WRAPPINGS and isinstance(plain(value), Items):
            yield from calls_in(items_of(value) or (), depth + 1)


def latest_call(frame: Frame, arguments: Arguments) -> str | None:
    """The last call that the arguments of an assertion come from: what it speaks of."""
    named = (each.value for each in arguments.named.values())
    return frame.recorder.latest(calls_in((*arguments.values, *named)))


def name_of(frame: Frame, node: Node | None) -> str:
    """The name a reader would use for the value of `node`: the last name in it."""
    for _ in range(_WRAPPINGS):
        inner = positional_nodes(node) if node is not None and node.type == "call" else []
        if len(inner) != 1:
            break
        node = inner[0]
    match node.type if node is not None else "":
        case "identifier":
            return frame.of(node)
        case "attribute" if node is not None:
            return frame.of(node.child_by_field_name("attribute"))
        case "subscript" if node is not None:
            text = frame.of(node.child_by_field_name("subscript"))
            return text.strip("\"'") if text[:1] in ("'", '"') else ""
    return ""


def positional_nodes(node: Node) -> list[Node]:
    """The expressions that are the positional arguments of a call."""
    listed = node.child_by_field_name("arguments")
    if listed is None:
        return []
    if listed.type != "argument_list":
        return [listed]
    return [each for each in children(listed) if each.type != "keyword_argument"]


def part_of(value: Value) -> Value:
    """The place of the answer that an object was made from; any other value as it is."""
    return value.part if isinstance(value, Typed) else value


def is_part(value: Value) -> bool:
    """Whether `value` is a place of an answer, or was made from one."""
    return isinstance(part_of(value), Part)
