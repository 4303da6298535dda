"""Conditions that are decided when a helper is read: its arguments and constants are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.testcode.python.arguments import items_of, members_of
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import (
    Bound,
    Class,
    Client,
    Function,
    Instance,
    Library,
    Record,
)
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    Answer,
    Items,
    Known,
    Template,
    TypeNames,
    Value,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_SIGNS = frozenset({"==", "!=", "is", "is not", "in", "not in"})


def decided(frame: Frame, node: Node | None, depth: int = 0) -> bool | None:
    """Whether the condition `node` holds; None where that depends on the run."""
    if node is None or depth > 20:
        return None
    match node.type:
        case "parenthesized_expression":
            inner = children(node)
            return decided(frame, inner[0], depth + 1) if len(inner) == 1 else None
        case "not_operator":
            found = decided(frame, node.child_by_field_name("argument"), depth + 1)
            return None if found is None else not found
        case "boolean_operator":
            return _both(frame, node, depth)
        case "comparison_operator":
            return _compared(frame, node)
        case "true" | "false":
            return node.type == "true"
        case "identifier" | "attribute" | "none" | "integer" | "string" | "subscript":
            return truth_of(frame.value(node))
        case "call":
            return _instance_of(frame, node)
    return None


def truth_of(value: Value) -> bool | None:
    """Whether `value` counts as true, where that is certain."""
    value = plain(value)
    match value:
        case Known(known):
            return bool(known)
        case Instance() | Client() | Class() | Function() | Bound() | Library():
            return True
        case Record(members) if members:
            return True
        case Items(members):
            return bool(members)
        case Template(parts) if any(isinstance(part, str) and part for part in parts):
            return True
    return None


def _both(frame: Frame, node: Node, depth: int) -> bool | None:
    operator = node.child_by_field_name("operator")
    word = operator.type if operator is not None else "and"
    sides = [
        decided(frame, node.child_by_field_name(side), depth + 1) for side in ("left", "right")
    ]
    deciding = word == "or"
    if deciding in sides:
        return deciding
    return None if None in sides else not deciding


def _compared(frame: Frame, node: Node) -> bool | None:
    operands = children(node)
    if len(operands) != 2:
        return None
    sign = " ".join(" ".join(frame.of(each) for each in node.children if not each.is_named).split())
    if sign not in _SIGNS:
        return None
    left, right = (plain(frame.value(each)) for each in operands)
    found = _equal(left, right) if sign in ("==", "!=", "is", "is not") else _inside(left, right)
    negated = sign in ("!=", "is not", "not in")
    return None if found is None else found is not negated


def _equal(left: Value, right: Value) -> bool | None:
    for one, other in ((left, right), (right, left)):
        if one == Known(None) and _is_something(other):
            return False
    if isinstance(left, Known) and isinstance(right, Known):
        return type(left.value) is type(right.value) and left.value == right.value
    return None


def _is_something(value: Value) -> bool:
    """Whether `value` is not None for certain."""
    if isinstance(value, Known):
        return value.value is not None
    return isinstance(
        value, Instance | Client | Class | Function | Record | Items | Template | Answer
    )


def _inside(left: Value, right: Value) -> bool | None:
    if not isinstance(left, Known):
        return None
    members = members_of(right)
    if members is not None and not isinstance(right, Known):
        return True if str(left.value) in members else None
    if members is not None:
        return left.value in members
    items = items_of(right)
    if items is not None and all(isinstance(each, Known) for each in items):
        return left in items
    return None


def _instance_of(frame: Frame, node: Node) -> bool | None:
    """`isinstance(x, dict)` of something that the test made."""
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    nodes = children(arguments) if arguments is not None else []
    name = frame.of(function)
    if name == "callable" and len(nodes) == 1:
        return True if isinstance(frame.value(nodes[0]), Function | Bound | Class) else None
    if name != "isinstance" or len(nodes) != 2:
        return None
    value, kinds = plain(frame.value(nodes[0])), frame.value(nodes[1])
    if isinstance(value, Answer):
        return False if isinstance(kinds, TypeNames) else None
    if isinstance(value, Instance) and isinstance(kinds, TypeNames):
        return False
    names = {frame.of(nodes[1])} if nodes[1].type == "identifier" else set()
    if isinstance(value, Record) or (isinstance(value, Known) and isinstance(value.value, dict)):
        return True if names & {"dict", "Mapping"} else False if names & {"str", "int"} else None
    if isinstance(value, Known) and names & {"str", "int", "list", "dict", "bool", "float"}:
        return type(value.value).__name__ in names
    return None
