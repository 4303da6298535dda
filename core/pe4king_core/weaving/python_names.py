"""Where the names of a Python request come from, and what must be copied to use them again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.testcode.syntax import children, walk
from pe4king_core.weaving.python_tree import TestTree
from pe4king_core.weaving.repeats import moved_left

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN = frozenset(
    {"string", "string_start", "string_content", "string_end", "concatenated_string"}
    | {"interpolation", "format_specifier", "type_conversion", "escape_sequence", "integer"}
    | {"float", "true", "false", "none", "list", "tuple", "dictionary", "pair", "identifier"}
    | {"attribute", "binary_operator", "unary_operator", "parenthesized_expression"}
    | {"argument_list", "keyword_argument", "dictionary_splat", "subscript", "set"}
)
_MAKING = frozenset({"str", "int", "float", "dict", "list", "tuple", "len"})
_BINDING = frozenset(
    {"assignment", "augmented_assignment", "for_statement", "for_in_clause", "named_expression"}
)
_OPENING = frozenset({"as_pattern_target", "except_clause", "delete_statement"})


class NotRepeatable(Exception):
    """The expression needs something that a test beside does not have."""


class Names:
    """Collects what stands in front of a request so that it means the same."""

    def __init__(self, file: TestFile, test: TestFunction, tree: TestTree) -> None:
        self.definitions: dict[str, str] = {}
        self.used: set[str] = set()
        self._file, self._test, self._tree = file, test, tree
        self._open: set[str] = set()

    def need(self, node: Node) -> None:
        """Make everything that `node` uses available; raises NotRepeatable."""
        for each in walk(node):
            text = self._tree.source.of(each)
            if each.type == "call":
                function = each.child_by_field_name("function")
                if function is None or self._tree.source.of(function) not in _MAKING:
                    raise NotRepeatable
            elif each.type not in _PLAIN or (
                each.type == "string_content" and re.search(r"[\r\n]", text)
            ):
                raise NotRepeatable
            elif each.type == "attribute" and text.startswith(("self.", "cls.")):
                self._need_field(text)
            elif each.type == "identifier" and not _is_label(each):
                self._need_name(text, each)

    def _need_field(self, text: str) -> None:
        """A field that set-up code gives, never a test."""
        name = re.escape(text.split(".")[1].strip())
        given = rf"\.\s*{name}\s*(?:[-+*/|&]?=(?!=)|:[^=\n]*=|,[^=\n]*=(?!=))"
        inside = (test.body_span.of(self._file.text) for test in self._file.tests)
        if any(re.search(given, body) for body in inside):
            raise NotRepeatable

    def _need_name(self, name: str, place: Node) -> None:
        self.used.add(name)
        if name in ("self", "cls") or name in self._test.parameters:
            return
        if name not in self._test.local_names:
            if re.search(rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", self._file.text):
                raise NotRepeatable
            return
        if name in self.definitions:
            return
        if name in self._open:
            raise NotRepeatable
        self._open.add(name)
        value = self._value_of(name, place)
        self.need(value)
        text = moved_left(self._file, self._tree.source.of(value), self._start(value))
        self.definitions[name] = f"{name} = {text}"

    def _start(self, node: Node) -> int:
        return self._tree.source.span(node).start

    def _value_of(self, name: str, place: Node) -> Node:
        """The only value that the test gives to the local `name`, or that of the first row."""
        bindings = [node for node in walk(self._tree.function) if self._binds(node, name)]
        if len(bindings) != 1 or bindings[0].type in _OPENING:
            raise NotRepeatable
        [binding] = bindings
        left = binding.child_by_field_name("left")
        right = binding.child_by_field_name("right")
        if left is None or right is None:
            raise NotRepeatable
        if binding.type in ("for_statement", "for_in_clause"):
            right = first_row(right)
            if right is None or not _is_around(binding, place):
                raise NotRepeatable
            return _part(self._tree, left, right, name)
        simple = binding.type == "assignment" and self._tree.source.of(left) == name
        statement = binding.parent
        block = statement.parent if statement is not None else None
        before = self._start(binding) < self._start(place)
        if not simple or not before or block is None or not _is_inside(block, place):
            raise NotRepeatable
        return right

    def _binds(self, node: Node, name: str) -> bool:
        target: Node | None = None
        if node.type in _BINDING:
            target = node.child_by_field_name("left") or node.child_by_field_name("name")
        elif node.type in _OPENING:
            target = node
        if target is None:
            return False
        return any(each.type == "identifier" and self._of(each) == name for each in walk(target))

    def _of(self, node: Node) -> str:
        return self._tree.source.of(node)


def first_row(iterable: Node) -> Node | None:
    """The first value of what a loop runs over, where it is written there; else None."""
    if iterable.type in ("list", "tuple"):
        rows = children(iterable)
        return rows[0] if rows and all("splat" not in row.type for row in rows) else None
    return None


def certainly_runs(tree: TestTree, iterable: Node) -> bool:
    """Whether a loop over `iterable` runs at least once."""
    counted = re.fullmatch(r"range\(\s*(\d+)\s*\)", tree.source.of(iterable))
    if counted is not None:
        return int(counted[1]) > 0
    return first_row(iterable) is not None


def _part(tree: TestTree, target: Node, row: Node, name: str) -> Node:
    """What `name`, a part of the loop's target, is in `row`."""
    if target.type == "identifier":
        return row
    names, values = children(target), children(row)
    if row.type not in ("tuple", "list") or len(names) != len(values):
        raise NotRepeatable
    for each, value in zip(names, values, strict=True):
        if each.type == "identifier" and tree.source.of(each) == name:
            return value
    raise NotRepeatable


def _is_label(node: Node) -> bool:
    """Whether an identifier is the name of a member or of an argument."""
    parent = node.parent
    if parent is None:
        return False
    field = {"attribute": "attribute", "keyword_argument": "name"}.get(parent.type)
    return field is not None and parent.child_by_field_name(field) == node


def _is_around(binding: Node, place: Node) -> bool:
    """Whether the loop of `binding` has `place` inside."""
    loop = binding if binding.type == "for_statement" else binding.parent
    return loop is not None and _is_inside(loop, place)


def _is_inside(outer: Node, place: Node) -> bool:
    return outer.start_byte <= place.start_byte and place.end_byte <= outer.end_byte
