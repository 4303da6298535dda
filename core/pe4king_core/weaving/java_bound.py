"""Local variables of a Java test that the compiler may take for unassigned at a place.

A variable that is declared with a value has one wherever it is seen. One that is declared alone
(`Response r;`) has one behind an assignment that every way to the place makes: not behind one on
the right of `&&` or `||`, in an arm of `?:`, in a lambda, or in another block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.testcode.syntax import Source, walk
from pe4king_core.weaving.java_around import parsed

if TYPE_CHECKING:
    from tree_sitter import Node

_SHORT = frozenset({"&&", "||"})
_BLOCKS = frozenset({"block", "switch_block_statement_group"})
_LATER = frozenset({"lambda_expression", "class_body", "switch_block", "switch_expression"})


def surely_assigned(file: TestFile, test: TestFunction, name: str, place: int) -> bool:
    """Whether the variable or field `name` of the test has a value at the offset `place`."""
    if not re.search(rf"(?<![\w.]){re.escape(name)}\s*[;,]", test.span.of(file.text)):
        return True
    source = parsed(file, test)
    declared = [each for each in walk(source.root) if _declares(source, each, name)]
    if not declared or any(each.child_by_field_name("value") is not None for each in declared):
        return True
    return any(
        _assigns(source, each, name) and _is_certain(source, each, place)
        for each in walk(source.root)
    )


def _declares(source: Source, node: Node, name: str) -> bool:
    named = node.child_by_field_name("name") if node.type == "variable_declarator" else None
    return named is not None and source.of(named) == name


def _assigns(source: Source, node: Node, name: str) -> bool:
    left = node.child_by_field_name("left") if node.type == "assignment_expression" else None
    return left is not None and source.of(left) == name


def _is_certain(source: Source, assignment: Node, place: int) -> bool:
    """Whether `assignment` is made on every way to `place`, which stands behind it."""
    child, current = assignment, assignment.parent
    while current is not None and not _is_statement(current):
        if current.type in _LATER or _may_be_left_out(source, current, child):
            return False
        child, current = current, current.parent
    block = current.parent if current is not None else None
    if current is None or block is None or block.type not in _BLOCKS:
        return False
    return source.span(current).end <= place <= source.span(block).end


def _is_statement(node: Node) -> bool:
    return node.type.endswith("_statement") or node.type == "local_variable_declaration"


def _may_be_left_out(source: Source, parent: Node, child: Node) -> bool:
    """Whether `parent` may be evaluated without its part `child`."""
    match parent.type:
        case "binary_expression":
            operator = parent.child_by_field_name("operator")
            is_short = operator is not None and source.of(operator) in _SHORT
            return is_short and parent.child_by_field_name("right") == child
        case "ternary_expression":
            return parent.child_by_field_name("condition") != child
    return False
