"""What the test holds of an answer behind its request, and whether it has changed it since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.testcode.syntax import walk
from pe4king_core.weaving.python_tree import TestTree

if TYPE_CHECKING:
    from tree_sitter import Node

_CHANGING = frozenset(
    {"append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse"}
    | {"setdefault", "sort", "update"}
)
_FOREIGN = frozenset({"aiohttp", "playwright"})
_REMEMBERING = frozenset({"django", "rest_framework"})
"""Clients whose responses give the same object each time they are parsed."""
_FLASK = re.compile(
    r"\.get_json\(|\.json\s*(?:\[|\.get\b|[=!]=)|\.json\s+(?:is|==|!=)|\.get_data\("
)


def held_body(
    test: TestFunction, call: TestCall, tree: TestTree, place: int, unsure: Set[str]
) -> str | None:
    """The variable that holds the whole body at `place` as the server sent it, in any case."""
    before = [
        held
        for held in test.body_variables
        if held.offset <= place or (call.setup and held.name in test.parameters)
    ]
    for held in before:
        later = any(other.name == held.name and other.offset > held.offset for other in before)
        whole = held.call == call.id and held.pointer == ""
        if not whole or later or held.name in unsure:
            continue
        if not is_changed(tree, held.name, call.span.end, place):
            return held.name
    return None


def is_foreign(file: TestFile, test: TestFunction, call: TestCall) -> bool:
    """Clients whose response is read in other ways than that of requests and httpx."""
    if file.client in _FOREIGN:
        return True
    if call.response is None:
        return False
    name = re.escape(call.response)
    inside = test.span.of(file.text)
    if re.search(rf"(?<![\w.]){name}\.status_code\b", inside) or _FLASK.search(inside):
        return False
    return re.search(rf"await\s+{name}\.|(?<![\w.]){name}\.status\b", inside) is not None


def is_streamed(file: TestFile, test: TestFunction, call: TestCall) -> bool:
    """Whether the test reads the body piece by piece, so that it cannot be parsed as a whole."""
    if re.search(r"\.stream\(", call.span.of(file.text)):
        return True
    name = re.escape(call.response or "")
    used = rf"(?<![\w.]){name}\.(?:a?iter_\w+|raw|iter_lines|streaming_content)\b"
    return bool(name) and re.search(used, test.span.of(file.text)) is not None


def parses_anew(file: TestFile) -> bool:
    """Whether parsing the response again gives what the server sent, whatever the test did."""
    return file.client not in _REMEMBERING


def body_expression(file: TestFile, test: TestFunction, response: str) -> str:
    """How this test's client parses the body (Flask's test client has a method of its own)."""
    own = test.span.of(file.text)
    if ".json()" in own:
        return f"{response}.json()"
    if file.client == "flask" or _FLASK.search(own):
        return f"{response}.get_json()"
    unknown = not file.client and ".json()" not in file.text
    return (
        f"{response}.get_json()" if unknown and _FLASK.search(file.text) else f"{response}.json()"
    )


def is_changed(tree: TestTree, name: str, start: int, end: int) -> bool:
    """Whether what the variable `name` holds, or a part of it, is changed between two offsets."""
    changed = set(_changed(tree, start, end))
    return bool(changed) and bool(changed & _derived(tree, name, end))


def _changed(tree: TestTree, start: int, end: int) -> Iterator[str]:
    """The variables into whose objects something is written."""
    for node in tree.own():
        span = tree.source.span(node)
        if span.start < start or span.end > end:
            continue
        targets: list[Node | None] = []
        if node.type in ("assignment", "augmented_assignment"):
            targets = [node.child_by_field_name("left")]
        elif node.type == "delete_statement":
            targets = list(node.named_children)
        elif node.type == "call":
            function = node.child_by_field_name("function")
            attribute = function.child_by_field_name("attribute") if function else None
            if attribute is not None and tree.source.of(attribute) in _CHANGING:
                targets = [function]
        yield from (
            tree.source.of(each).partition("[")[0].partition(".")[0].strip()
            for target in targets
            if target is not None
            for each in walk(target)
            if each.type in ("subscript", "attribute")
        )


def _derived(tree: TestTree, name: str, end: int) -> set[str]:
    """`name` and the variables whose values are computed from it before `end`."""
    bindings: list[tuple[set[str], set[str]]] = []
    for node in tree.own():
        if tree.source.span(node).start > end:
            continue
        left = node.child_by_field_name("left") or node.child_by_field_name("name")
        right = node.child_by_field_name("right") or node.child_by_field_name("value")
        kinds = ("assignment", "for_statement", "named_expression")
        if node.type in kinds and left is not None and right is not None:
            bindings.append((_names(tree, left), _names(tree, right)))
    found = {name}
    for _ in bindings:
        more = {each for to, source in bindings if source & found for each in to} - found
        if not more:
            break
        found |= more
    return found


def _names(tree: TestTree, node: Node) -> set[str]:
    return {tree.source.of(each) for each in walk(node) if each.type == "identifier"}
