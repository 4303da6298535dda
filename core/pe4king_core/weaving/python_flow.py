"""Whether what stands behind a request runs, and whether its failure would be noticed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_core.model.source import TestCall, TestFunction
from pe4king_core.testcode.syntax import children
from pe4king_core.weaving.python_tree import TestTree
from pe4king_core.weaving.reasons import CAUGHT, LEAVES_EARLY, YIELDS

if TYPE_CHECKING:
    from tree_sitter import Node

_LEAVING = re.compile(
    r"(?:pytest\.)?(?:skip|xfail|importorskip)\(|(?:self|cls)\.skipTest\(|raise\s+(?:\w+\.)*SkipTest\b"
)
_SUPPRESSING = re.compile(r"(?:contextlib\.)?suppress\(")


def flow_refusal(test: TestFunction, call: TestCall, tree: TestTree, place: int) -> Message | None:
    """Why an assertion at the offset `place` might not run, or might fail without notice."""
    if any(node.type == "yield" for node in tree.own()):
        return YIELDS
    if not call.setup and _is_caught(tree, call):
        return CAUGHT
    if _leaves(test, call, tree, place):
        return LEAVES_EARLY
    return None


def _is_caught(tree: TestTree, call: TestCall) -> bool:
    """Whether an exception in the block of `call` is handled or suppressed by the test."""
    inner: Node | None = None
    for node in tree.around(call.span):
        if node.type == "try_statement" and inner == node.child_by_field_name("body"):
            handles = ("except_clause", "except_group_clause")
            if any(clause.type in handles for clause in children(node)):
                return True
        if node.type == "with_statement":
            head = next((each for each in children(node) if each.type == "with_clause"), None)
            if head is not None and _SUPPRESSING.match(tree.source.of(head)):
                return True
        inner = node
    return False


def _leaves(test: TestFunction, call: TestCall, tree: TestTree, place: int) -> bool:
    """Whether the test may end between the request and `place`, or asks for that right behind.

    Behind `place` only ends count that depend on this answer: they say for which answers the
    rest of the test is meant.
    """
    names = {call.response.rpartition(".")[2]} if call.response else set()
    names |= {held.name for held in test.body_variables if held.call == call.id}
    for node in tree.own():
        span = tree.source.span(node)
        if span.start < call.span.end or not _ends_test(tree, node):
            continue
        guard = _guard(tree, node)
        if guard is None:
            continue
        if span.start < place or names & set(re.findall(r"[^\W\d]\w*", guard)):
            return True
    return False


def _ends_test(tree: TestTree, node: Node) -> bool:
    if node.type == "return_statement":
        return True
    is_leaf = node.type in ("expression_statement", "raise_statement")
    return is_leaf and _LEAVING.match(tree.source.of(node)) is not None


def _guard(tree: TestTree, node: Node) -> str | None:
    """The conditions under which `node` is reached; None where it always is."""
    found = [
        tree.source.of(condition)
        for each in tree.around(tree.source.span(node))
        if each.type in ("if_statement", "elif_clause", "while_statement")
        and (condition := each.child_by_field_name("condition")) is not None
    ]
    compound = (
        "if_statement",
        "for_statement",
        "while_statement",
        "try_statement",
        "match_statement",
    )
    if any(each.type in compound for each in tree.around(tree.source.span(node))):
        return " ".join(found)
    return None
