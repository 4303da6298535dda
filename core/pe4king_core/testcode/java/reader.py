"""The tests of a Java file: where they are, what they call and assert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView
from pe4king_core.testcode.java.bounds import Bound, bounds
from pe4king_core.testcode.java.function import read_function
from pe4king_core.testcode.java.header import Header, annotation_names, read_header
from pe4king_core.testcode.syntax import (
    Source,
    indentation,
    newline_of,
    parse,
    parse_part,
)

if TYPE_CHECKING:
    from tree_sitter import Node

TESTS = frozenset({"Test", "ParameterizedTest", "RepeatedTest", "TestTemplate", "Theory"})
_TYPES = frozenset({"class_declaration", "record_declaration", "interface_declaration"})
_OLD_STYLE = re.compile(r"extends\s+(?:\w+\.)*\w*TestCase\b")


def read(text: str, view: CodeView) -> TestFile:
    """The tests in `text`; damaged code costs only the test that it stands in."""
    source = parse(text, SourceLanguage.JAVA)
    header = read_header(source, view)
    if source.root.has_error:
        tests = tuple(_recovered(text, header))
    else:
        tests = tuple(_tests(source, source.root, header, (), whole_class=False))
    return TestFile(
        SourceLanguage.JAVA,
        text,
        tests,
        header.imports,
        header.anchor,
        newline_of(text),
        header.client,
    )


def _tests(
    source: Source, block: Node, header: Header, path: tuple[str, ...], *, whole_class: bool
) -> Iterator[TestFunction]:
    comment: Node | None = None
    for node in block.named_children:
        if node.type == "method_declaration" and _is_test(source, node, whole_class=whole_class):
            yield read_function(source, node, comment, header, path)
        elif node.type in _TYPES and len(path) < 8:
            name = source.of(node.child_by_field_name("name") or node)
            body = node.child_by_field_name("body")
            head = source.of(node).partition("{")[0]
            inner = "Test" in annotation_names(source, node) or bool(_OLD_STYLE.search(head))
            if body is not None:
                yield from _tests(source, body, header, (*path, name), whole_class=inner)
        is_comment = node.type == "block_comment" and source.of(node).startswith("/**")
        comment = node if is_comment else None


def _is_test(source: Source, node: Node, *, whole_class: bool) -> bool:
    names = annotation_names(source, node)
    if TESTS & set(names):
        return True
    name = source.of(node.child_by_field_name("name") or node)
    modifiers = source.of(node).partition("(")[0]
    is_public_void = "public" in modifiers and "void" in modifiers and "static" not in modifiers
    return whole_class and is_public_void and (not names or name.startswith("test"))


def _recovered(text: str, header: Header) -> Iterator[TestFunction]:
    """Every test of a damaged file, each parsed alone between its own bounds."""
    for bound in bounds(text):
        source = parse_part(text, bound.span, SourceLanguage.JAVA, before="class X{", after="\n}")
        found = _declared(source)
        if found is None:
            yield _unreadable(text, bound)
            continue
        method, comment = found
        damaged = bound.open or source.root.has_error
        yield read_function(source, method, comment, header, bound.classes, damaged=damaged)


def _declared(source: Source) -> tuple[Node, Node | None] | None:
    """The method in a part that holds one, with its documentation comment."""
    comment: Node | None = None
    for outer in source.root.named_children[:1]:
        body = outer.child_by_field_name("body")
        for node in body.named_children if body is not None else []:
            if node.type == "method_declaration":
                return node, comment
            is_comment = node.type == "block_comment" and source.of(node).startswith("/**")
            comment = node if is_comment else None
    return None


def _unreadable(text: str, bound: Bound) -> TestFunction:
    """A test of which only the name and the bounds are known."""
    body = Span(min(bound.head_end, bound.span.end), bound.span.end)
    return TestFunction(
        bound.name.of(text),
        ".".join((*bound.classes, bound.name.of(text))),
        SourceLanguage.JAVA,
        bound.span,
        bound.name,
        body,
        indentation(text, body.start),
        damaged=True,
    )
