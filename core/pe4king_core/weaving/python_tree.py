"""The syntax tree of one Python test, asked for the surroundings of a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.syntax import Source, children, indentation, parse_part, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_NESTED = frozenset({"function_definition", "class_definition", "lambda"})


@dataclass(frozen=True, slots=True)
class TestTree:
    """The test as nodes; `function` is its definition without decorators."""

    __test__ = False

    source: Source
    function: Node

    @property
    def header_end(self) -> int:
        """The offset behind the colon of the definition, or behind its docstring."""
        body = self.function.child_by_field_name("body")
        first = children(body)[0] if body is not None and children(body) else None
        if first is not None and first.type == "expression_statement":
            inner = children(first)
            if len(inner) == 1 and inner[0].type in ("string", "concatenated_string"):
                return self.source.span(first).end
        colons = [each for each in self.function.children if each.type == ":"]
        return self.source.span(colons[-1] if colons else self.function).end

    def node_at(self, span: Span) -> Node | None:
        """The outermost expression that stands exactly at `span`."""
        node = self._smallest(span)
        while node is not None and node.parent is not None:
            parent = node.parent
            if self.source.span(parent) != span or parent.type.endswith("_statement"):
                break
            node = parent
        return node if node is not None and self.source.span(node) == span else None

    def block_of_with(self, statement: Span) -> int | None:
        """Where the block begins of the `with` that stands at `statement`; None for others."""
        for node in self.around(statement):
            if self.source.span(node) == statement and node.type == "with_statement":
                body = node.child_by_field_name("body")
                inner = children(body) if body is not None else []
                return self.source.span(inner[0]).start if inner else None
        return None

    def around(self, span: Span) -> Iterator[Node]:
        """The statements and blocks around `span`, innermost first, up to the test's function."""
        node = self._smallest(span)
        while node is not None and node != self.function:
            yield node
            node = node.parent

    def own(self, node: Node | None = None) -> Iterator[Node]:
        """`node` (the whole test) and what is inside, without functions and classes inside."""
        stack = [node or self.function]
        while stack:
            current = stack.pop()
            yield current
            if current.type not in _NESTED or current == self.function:
                stack += reversed(current.named_children)

    def _smallest(self, span: Span) -> Node | None:
        start, end = span.start - self.source.base, span.end - self.source.base
        return self.source.root.named_descendant_for_byte_range(start, end)


def tree_of(file: TestFile, test: TestFunction) -> TestTree | None:
    """The tree of `test`; None where its text is no function."""
    indent = indentation(file.text, test.span.start)
    before = f"class X:\n{indent}" if indent.strip("\f") else ""
    source = parse_part(file.text, test.span, SourceLanguage.PYTHON, before=before)
    for node in walk(source.root):
        if node.type == "function_definition":
            return TestTree(source, node)
    return None
