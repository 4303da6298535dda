"""A request of a Python test once more, where it is certain that it means the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.testcode.reasons import LOOP
from pe4king_core.testcode.syntax import children
from pe4king_core.weaving.python_calm import is_calm
from pe4king_core.weaving.python_held import is_foreign, is_streamed
from pe4king_core.weaving.python_names import Names, NotRepeatable, certainly_runs
from pe4king_core.weaving.python_tree import TestTree, tree_of
from pe4king_core.weaving.repeats import Repeat, moved_left

if TYPE_CHECKING:
    from tree_sitter import Node

_THROUGH = frozenset(
    {"await", "parenthesized_expression", "assignment", "expression_statement", "block"}
    | {"assert_statement", "attribute", "call", "argument_list", "subscript", "keyword_argument"}
    | {"tuple", "list", "list_splat", "not_operator", "pair", "dictionary", "expression_list"}
    | {"named_expression", "set"}
)
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "generator_expression", "set_comprehension", "dictionary_comprehension"}
)
_CONTEXT = re.compile(r"(?:self\.subTest|subtests\.test)\(|check\Z")
_FAILING = re.compile(r"\braise\b|\bfail\(|\bassert\s+False\b")
_BODY = re.compile(r"\.json\(\)|\.get_json\(|\.json\b")
_OBJECT = re.compile(r"\.get_json\(|\.json\b(?!\s*\()")


def python_repeat(file: TestFile, test: TestFunction, call: TestCall) -> Repeat | None:
    """The request of `call` as it can stand in a test beside; None where that is not certain."""
    tree = tree_of(file, test)
    if tree is None or not _reads_like_requests(file, test, call):
        return None
    node = tree.node_at(call.span)
    if node is None or node.type != "call" or not _gives_response(test, call, node, tree):
        return None
    if not _is_made(tree, node) or not _is_one(tree, call, node):
        return None
    names = Names(file, test, tree)
    try:
        _need(names, node)
    except NotRepeatable:
        return None
    if not is_calm(file, test, tree, frozenset(names.used)):
        return None
    waits = _waits(tree, node)
    if waits is None:
        return None
    text = moved_left(file, call.span.of(file.text), call.span.start)
    return Repeat(text, tuple(names.definitions.values()), *_head(tree), waits)


def _need(names: Names, node: Node) -> None:
    """The client, reached through names and attributes only, and the arguments."""
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    current = function
    while current is not None and current.type == "attribute":
        current = current.child_by_field_name("object")
    if function is None or listed is None or current is None or current.type != "identifier":
        raise NotRepeatable
    names.need(function)
    names.need(listed)


def _reads_like_requests(file: TestFile, test: TestFunction, call: TestCall) -> bool:
    """Whether what the client gives certainly has a `status_code` and a body to parse."""
    if is_foreign(file, test, call) or is_streamed(file, test, call):
        return False
    if re.search(r"\bstream\s*=|catch_response", call.span.of(file.text)):
        return False
    if file.client and file.client != "flask":
        return True
    both = ".json()" in file.text and _OBJECT.search(file.text) is not None
    return ".status_code" in file.text and _BODY.search(file.text) is not None and not both


def _gives_response(test: TestFunction, call: TestCall, node: Node, tree: TestTree) -> bool:
    """Whether the expression is the response: through a helper only where the test keeps it."""
    alone = len([other for other in test.calls if other.span == call.span]) == 1
    if not call.via:
        return alone
    if node.parent is not None and node.parent.type == "await":
        node = node.parent
    kept = node.parent
    if kept is None or kept.type != "assignment" or call.response is None or not alone:
        return False
    left = kept.child_by_field_name("left")
    return left is not None and tree.source.of(left) == call.response


def _is_one(tree: TestTree, call: TestCall, node: Node) -> bool:
    """Whether the expression makes one request each time, so that only its place repeats it."""
    if call.unsure is None:
        return True
    around = [each.type for each in tree.around(tree.source.span(node))]
    looped = any(each == "for_statement" or each in _COMPREHENSIONS for each in around)
    return not call.via and (looped or call.unsure != LOOP)


def _is_made(tree: TestTree, node: Node) -> bool:
    """Whether the request is certainly made when the test runs, under no condition."""
    current = node
    while current.parent is not None and current.parent != tree.function:
        if not _passes(tree, current.parent, current):
            return False
        current = current.parent
    return current.parent is not None


def _passes(tree: TestTree, parent: Node, child: Node) -> bool:
    body = parent.child_by_field_name("body")
    match parent.type:
        case "comparison_operator":
            return child in children(parent)[:2]
        case "if_statement":
            return parent.child_by_field_name("condition") == child
        case "for_in_clause":
            return parent.child_by_field_name("right") == child
        case "for_statement":
            right = parent.child_by_field_name("right")
            runs = right is not None and certainly_runs(tree, right)
            return child == right or (child == body and runs)
        case "try_statement":
            return child == body and _fails_anyway(tree, parent)
        case "with_statement":
            return child == body and _is_known_context(tree, parent)
    if parent.type in _COMPREHENSIONS:
        clauses = [each for each in children(parent) if each.type == "for_in_clause"]
        rows = [each.child_by_field_name("right") for each in clauses]
        conditions = any(each.type == "if_clause" for each in children(parent))
        runs = all(row is not None and certainly_runs(tree, row) for row in rows)
        return not conditions and (runs or child == clauses[0])
    return parent.type in _THROUGH


def _fails_anyway(tree: TestTree, node: Node) -> bool:
    """Whether the test fails too where one of its handlers runs."""
    handlers = [each for each in children(node) if each.type.startswith("except")]
    return all(_FAILING.search(tree.source.of(each)) for each in handlers)


def _waits(tree: TestTree, node: Node) -> bool | None:
    """Whether the request is awaited, by itself or gathered with others; None where not told."""
    gathered = False
    for each in _ancestors(node):
        if each.type == "await":
            return each == node.parent or gathered or None
        function = each.child_by_field_name("function")
        if each.type == "call" and function is not None:
            gathered = gathered or tree.source.of(function) in ("asyncio.gather", "gather")
    return None if gathered else False


def _ancestors(node: Node) -> Iterator[Node]:
    """The nodes around `node`, up to its statement."""
    current = node.parent
    while current is not None and not current.type.endswith("_statement"):
        yield current
        current = current.parent


def _is_known_context(tree: TestTree, node: Node) -> bool:
    clause = next((each for each in children(node) if each.type == "with_clause"), None)
    items = children(clause) if clause is not None else []
    return len(items) == 1 and _CONTEXT.match(tree.source.of(items[0])) is not None


def _head(tree: TestTree) -> tuple[str, str]:
    """The test's head around its name, the parameters as they are."""
    function = tree.function
    is_async = any(each.type == "async" for each in function.children)
    listed = function.child_by_field_name("parameters")
    returned = function.child_by_field_name("return_type")
    parameters = " ".join(tree.source.of(listed).split()) if listed is not None else "()"
    arrow = f" -> {tree.source.of(returned)}" if returned is not None else ""
    return ("async def " if is_async else "def "), f"{parameters}{arrow}:"
