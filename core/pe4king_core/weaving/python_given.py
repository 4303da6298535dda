"""Which names a piece of Python gives a value, and which of them for certain when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.testcode.syntax import children, walk
from pe4king_core.weaving.python_tree import TestTree

if TYPE_CHECKING:
    from tree_sitter import Node

_PATTERNS = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "tuple", "list"}
    | {"as_pattern_target", "expression_list", "parenthesized_expression"}
)
_LATER = frozenset(
    {"lambda", "list_comprehension", "set_comprehension", "dictionary_comprehension"}
    | {"generator_expression"}
)
"""Expressions whose parts run never, once or many times."""


def targets(tree: TestTree, node: Node | None) -> Iterator[str]:
    """The names (`body`, `self.body`) that an assignment to `node` gives a value."""
    if node is None:
        return
    if node.type in ("identifier", "attribute"):
        yield "".join(tree.source.of(node).split())
    elif node.type in _PATTERNS:
        for each in children(node):
            yield from targets(tree, each)


def captured(tree: TestTree, pattern: Node) -> Iterator[str]:
    """The names that a pattern of `case` gives a value where it fits."""
    for each in walk(pattern):
        parent = each.parent
        if parent is None:
            continue
        name = each.type == "dotted_name" and each.named_child_count == 1
        plain = name and parent.type != "class_pattern"
        if plain or (each.type == "identifier" and parent.type in ("as_pattern", "splat_pattern")):
            yield tree.source.of(each)


def imported(tree: TestTree, statement: Node) -> Iterator[str]:
    """The names that an import gives a value."""
    for each in statement.children_by_field_name("name"):
        alias = each.child_by_field_name("alias") or each
        yield tree.source.of(alias).partition(".")[0].strip()


def given_by(tree: TestTree, node: Node) -> Iterator[str]:
    """The names that `node` by itself, without what is inside of it, may give a value."""
    match node.type:
        case "assignment" | "augmented_assignment" | "for_statement":
            yield from targets(tree, node.child_by_field_name("left"))
        case "named_expression" | "function_definition" | "class_definition":
            yield from targets(tree, node.child_by_field_name("name"))
        case "as_pattern_target":
            yield from targets(tree, node)
        case "case_clause":
            for each in children(node):
                if each.type == "case_pattern":
                    yield from captured(tree, each)
        case "import_statement" | "import_from_statement":
            yield from imported(tree, node)


def certain(tree: TestTree, node: Node | None, *, truth: bool | None = None) -> frozenset[str]:
    """The names that `:=` has given a value once the expression `node` was evaluated.

    `truth`: the expression came out true or false; None where that is not known.
    """
    if node is None or all(each.type != "named_expression" for each in walk(node)):
        return frozenset()
    return _certain(tree, node, truth)


def _certain(tree: TestTree, node: Node, truth: bool | None) -> frozenset[str]:
    parts = children(node)
    match node.type:
        case "named_expression":
            value = certain(tree, node.child_by_field_name("value"), truth=truth)
            return value | frozenset(given_by(tree, node))
        case "parenthesized_expression":
            return certain(tree, parts[0], truth=truth)
        case "not_operator":
            return certain(tree, parts[0], truth=None if truth is None else not truth)
        case "boolean_operator":
            return _of_operands(tree, node, truth)
        case "comparison_operator":
            # `a < b < c` looks at c only where a < b.
            parts = parts if truth else parts[:2]
        case "conditional_expression" if len(parts) == 3:
            then, condition, other = parts
            either = certain(tree, then, truth=truth) & certain(tree, other, truth=truth)
            return certain(tree, condition) | either
        case kind if kind in _LATER:
            return frozenset()
    return frozenset().union(*(certain(tree, each) for each in parts))


def _of_operands(tree: TestTree, node: Node, truth: bool | None) -> frozenset[str]:
    """`a and b` has come to b where it is true, `a or b` where it is false."""
    operator = node.child_by_field_name("operator")
    both = operator is not None and truth is (operator.type == "and")
    sides = ("left", "right") if both else ("left",)
    asked = truth if both else None
    found = (certain(tree, node.child_by_field_name(side), truth=asked) for side in sides)
    return frozenset().union(*found)
