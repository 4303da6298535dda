"""Requests whose answer no variable holds: a name for it is put in where that is an insertion.

    client.get("/x")                              response = client.get("/x")
    assert client.get("/x").status_code == 200    assert (response := client.get("/x")).status...

The name is given only where the request is certainly made, once, when its statement runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode.syntax import children
from pe4king_core.weaving.layout import free_name, starts_line
from pe4king_core.weaving.python_tree import TestTree
from pe4king_core.weaving.reasons import BARE, HELPER_KEEPS

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES = ("response", "resp", "api_response")
_ALWAYS = frozenset(
    {"parenthesized_expression", "call", "await", "attribute", "subscript", "argument_list"}
    | {"keyword_argument", "not_operator", "unary_operator", "binary_operator", "tuple"}
    | {"list", "set", "pair", "dictionary", "expression_list", "named_expression"}
)
"""Expressions all of whose parts are evaluated, once."""
_SIMPLE = frozenset({"expression_statement", "assert_statement", "assignment"})
_HEADED = {"if_statement": "condition", "for_statement": "right", "match_statement": "subject"}
"""Compound statements, and the field that is evaluated once before anything else of them."""


def name_answer(
    file: TestFile, test: TestFunction, call: TestCall, tree: TestTree, taken: frozenset[str]
) -> tuple[str, tuple[Edit, ...]] | Message:
    """A name for the answer of `call` and the insertions that give it, or why there is none."""
    if call.via and not call.setup and not _returned_elsewhere(file, call):
        return HELPER_KEEPS
    node = tree.node_at(call.span)
    if node is None or node.type != "call" or call.setup:
        return BARE
    if node.parent is not None and node.parent.type == "await":
        node = node.parent
    name = _free(test, call, taken)
    statement = _statement(node)
    if statement is None:
        return BARE
    start, end = tree.source.span(node).start, tree.source.span(node).end
    if statement.type == "expression_statement" and children(statement) == [node]:
        if not starts_line(file.text, start):
            return BARE
        return name, (Edit(Span(start, start), f"{name} = "),)
    if node.parent is not None and node.parent.type == "parenthesized_expression":
        return name, (Edit(Span(start, start), f"{name} := "),)
    return name, (
        Edit(Span(start, start), f"({name} := "),
        Edit(Span(end, end), ")"),
    )


def _free(test: TestFunction, call: TestCall, taken: frozenset[str]) -> str:
    """Requests of one test without a name get different ones, in any order of weaving."""
    if call.response is not None:
        # Its own name has a value only under some condition.
        return free_name([f"{_NAMES[1]}_{call.id[1:]}"], taken)
    nameless = [each.id for each in test.calls if each.response is None]
    number = nameless.index(call.id) if call.id in nameless else 0
    if number == 0:
        return free_name(_NAMES, taken)
    return free_name([f"{_NAMES[0]}_{number + 1}"], taken)


def _returned_elsewhere(file: TestFile, call: TestCall) -> bool:
    """Whether a test of the file holds the response of the same helper in a variable."""

    def helper(other: TestCall) -> tuple[object, ...]:
        written = other.span.of(file.text).partition("(")[0]
        return written, other.via, other.method, other.path

    return any(
        helper(other) == helper(call) and other.response is not None and not other.setup
        for test in file.tests
        for other in test.calls
    )


def _statement(node: Node) -> Node | None:
    """The statement around `node` if it always evaluates it, and once; else None."""
    current = node
    while current.parent is not None:
        parent = current.parent
        if parent.type in _SIMPLE:
            if not _is_evaluated(parent, current):
                return None
            if parent.type != "assignment":
                return parent
        elif parent.type in _HEADED:
            return parent if parent.child_by_field_name(_HEADED[parent.type]) == current else None
        elif not _is_evaluated(parent, current):
            return None
        current = parent
    return None


def _is_evaluated(parent: Node, child: Node) -> bool:
    """Whether `child` is evaluated whenever `parent` is."""
    parts = children(parent)
    match parent.type:
        case "boolean_operator":
            return parent.child_by_field_name("left") == child
        case "comparison_operator":
            return child in parts[:2]
        case "conditional_expression":
            return len(parts) == 3 and parts[1] == child
        case "assert_statement":
            return bool(parts) and parts[0] == child
        case "assignment" | "augmented_assignment":
            return parent.child_by_field_name("right") == child
        case "expression_statement":
            return True
    return parent.type in _ALWAYS
