"""The tests of a Java file: where they are, what they call and assert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.java.bounds import Bound, bounds
from pe4king_core.testcode.java.header import Header, annotation_names, read_header
from pe4king_core.testcode.java.statements import read_block
from pe4king_core.testcode.reasons import GIVEN_RESPONSE
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import (
    Source,
    children,
    indentation,
    newline_of,
    parse,
    parse_part,
    walk,
)
from pe4king_core.testcode.values import Answer

if TYPE_CHECKING:
    from tree_sitter import Node

TESTS = frozenset({"Test", "ParameterizedTest", "RepeatedTest", "TestTemplate", "Theory"})
_TYPES = frozenset({"class_declaration", "record_declaration", "interface_declaration"})
_OLD_STYLE = re.compile(r"extends\s+(?:\w+\.)*\w*TestCase\b")


def read(text: str) -> TestFile:
    """The tests in `text`; damaged code costs only the test that it stands in."""
    source = parse(text, SourceLanguage.JAVA)
    header = read_header(source)
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
            yield _function(source, node, comment, header, path)
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


def _function(
    source: Source,
    node: Node,
    comment: Node | None,
    header: Header,
    path: tuple[str, ...],
    *,
    damaged: bool = False,
) -> TestFunction:
    text = source.text
    name_node = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    span = source.span(node)
    documentation = source.span(comment) if comment is not None else None
    if documentation is not None:
        span = Span(documentation.start, span.end)
    name = source.span(name_node) if name_node is not None else Span(span.start, span.start)
    body_span = _inside(source, body) if body is not None else Span(span.end, span.end)
    recorder = Recorder(text)
    context = Context(source, recorder, header.client, header.constants)
    parameters = _parameters(context, node)
    read_block(context, body)
    return TestFunction(
        name.of(text),
        ".".join((*path, name.of(text))),
        SourceLanguage.JAVA,
        span,
        name,
        body_span,
        indentation(text, body_span.start),
        recorder.calls(),
        tuple(recorder.assertions),
        tuple(recorder.body_variables),
        documentation,
        parameters,
        frozenset(context.names) | frozenset(parameters) | _local_names(source, body),
        damaged,
    )


def _inside(source: Source, body: Node) -> Span:
    """From the first statement of a block to the end of its last one."""
    statements = children(body)
    if not statements:
        span = source.span(body)
        return Span(min(span.start + 1, span.end), max(span.end - 1, min(span.start + 1, span.end)))
    return Span(source.span(statements[0]).start, source.span(statements[-1]).end)


def _parameters(context: Context, node: Node) -> tuple[str, ...]:
    """The parameters; one of type Response is the answer of a call that is not seen."""
    listed = node.child_by_field_name("parameters")
    names: list[str] = []
    for each in children(listed) if listed is not None else []:
        name_node = each.child_by_field_name("name")
        if name_node is None:
            continue
        name = context.of(name_node)
        names.append(name)
        if context.of(each.child_by_field_name("type")) == "Response":
            span = context.source.span(each)
            draft = context.recorder.open_call("", Route(""), span, unresolved=GIVEN_RESPONSE)
            draft.statement, draft.anchor = span, span.end
            context.recorder.bind_response(draft.id, name)
            context.names[name] = Answer(draft.id)
    return tuple(names)


def _local_names(source: Source, body: Node | None) -> frozenset[str]:
    found: set[str] = set()
    for node in walk(body) if body is not None else ():
        if node.type in ("variable_declarator", "enhanced_for_statement", "formal_parameter"):
            name = node.child_by_field_name("name")
            if name is not None:
                found.add(source.of(name))
    return frozenset(found)


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
        yield _function(source, method, comment, header, bound.classes, damaged=damaged)


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
