"""The tests of a Python file: where they are, what they call and assert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import (
    SourceLanguage,
    TestFile,
    TestFunction,
)
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView
from pe4king_core.testcode.python.function import read_function
from pe4king_core.testcode.python.header import Header, class_constants, read_header
from pe4king_core.testcode.python.layout import is_uneven
from pe4king_core.testcode.syntax import (
    Source,
    children,
    indentation,
    line_end,
    line_start,
    newline_of,
    parse,
    parse_part,
)
from pe4king_core.testcode.values import Value

if TYPE_CHECKING:
    from tree_sitter import Node

_HEAD = re.compile(
    r"^(?P<indent>[ \t\f\ufeff]*)(?:async[ \t]+)?def[ \t]+(?P<name>test\w*)", re.MULTILINE
)
_BOUNDARY = re.compile(
    r"^([ \t\f\ufeff]*)(?:@|(?:async[ \t]+)?def[ \t]+\w|class[ \t]+\w)", re.MULTILINE
)
_CLASS = re.compile(r"^([ \t\f\ufeff]*)class[ \t]+(\w+)", re.MULTILINE)
_COMPOUND = frozenset({"if_statement", "try_statement", "else_clause", "except_clause", "block"})


def read(text: str, view: CodeView) -> TestFile:
    """The tests in `text`; damaged code costs only the test that it stands in."""
    source = parse(text, SourceLanguage.PYTHON)
    header = read_header(source, view)
    if source.root.has_error:
        header = _sound_header(text, header)
        tests = tuple(_recovered(text, header))
    else:
        tests = tuple(_tests(source, source.root, header, header.constants, ()))
    return TestFile(
        SourceLanguage.PYTHON,
        text,
        tests,
        header.imports,
        header.anchor,
        newline_of(text),
        header.client,
        header.fixtures,
    )


def _tests(
    source: Source, block: Node, header: Header, outer: dict[str, Value], path: tuple[str, ...]
) -> Iterator[TestFunction]:
    for node in children(block):
        definition = node.child_by_field_name("definition") or node
        name_node = definition.child_by_field_name("name")
        name = source.of(name_node) if name_node is not None else ""
        body = definition.child_by_field_name("body")
        if definition.type == "function_definition" and _is_test(source, node, name):
            damaged = is_uneven(source, node, block)
            yield read_function(source, node, definition, header, outer, path, damaged=damaged)
        elif definition.type == "class_definition" and body is not None and len(path) < 8:
            inner = class_constants(source, body, outer)
            yield from _tests(source, body, header, inner, (*path, name))
        elif node.type in _COMPOUND and not path:
            for part in children(node):
                if part.type in _COMPOUND:
                    yield from _tests(source, part, header, outer, path)


def _is_test(source: Source, node: Node, name: str) -> bool:
    decorators = [source.of(each) for each in node.named_children if each.type == "decorator"]
    return name.startswith("test") and not any("fixture" in each for each in decorators)


def _sound_header(text: str, header: Header) -> Header:
    """The header of a file with errors: read from what stands above the first definition."""
    first = _BOUNDARY.search(text)
    end = first.start() if first else len(text)
    above = read_header(parse_part(text, Span(0, end), SourceLanguage.PYTHON), header.view)
    header.anchor = above.anchor
    header.imports |= above.imports
    header.constants = {**above.constants, **header.constants}
    return header


def _recovered(text: str, header: Header) -> Iterator[TestFunction]:
    """Every test of a damaged file, each parsed alone between its own bounds."""
    declared = list(_CLASS.finditer(text))
    for head in _HEAD.finditer(text):
        indent = len(head["indent"].expandtabs())
        start = _with_decorators(text, head.start(), head["indent"])
        end = _end_of(text, head.end(), indent)
        yield _recovered_one(text, Span(start, end), head, header, _classes(declared, head))


def _with_decorators(text: str, start: int, indent: str) -> int:
    while start > 0:
        above = line_start(text, start - 2 if text[start - 2 : start] == "\r\n" else start - 1)
        if not text.startswith(indent + "@", above):
            break
        start = above
    return start


def _end_of(text: str, position: int, indent: int) -> int:
    """Where the test that starts above `position` ends: before the next definition beside it."""
    end = len(text)
    for boundary in _BOUNDARY.finditer(text, position):
        if len(boundary.group(1).expandtabs()) <= indent:
            end = boundary.start()
            break
    return max(len(text[:end].rstrip()), position)


def _recovered_one(
    text: str, span: Span, head: re.Match[str], header: Header, path: tuple[str, ...]
) -> TestFunction:
    indent = head["indent"]
    before = f"class x:\n{indent}" if indent.strip("\f\ufeff") else ""
    start = span.start + (len(indent) if before else len(indent) - len(indent.lstrip("\ufeff")))
    part = Span(start, span.end)
    source = parse_part(text, part, SourceLanguage.PYTHON, before=before, after="\n")
    block = source.root
    if before and children(block):
        block = children(block)[0].child_by_field_name("body") or block
    for node in children(block)[:1]:
        definition = node.child_by_field_name("definition") or node
        if definition.type == "function_definition":
            damaged = source.root.has_error or is_uneven(source, node, block)
            outer = header.constants
            return read_function(source, node, definition, header, outer, path, damaged=damaged)
    name = Span(head.start("name"), head.end("name"))
    body = Span(min(line_end(text, name.end) + 1, span.end), span.end)
    return TestFunction(
        name.of(text),
        ".".join((*path, name.of(text))),
        SourceLanguage.PYTHON,
        part,
        name,
        body if body.start >= name.end else Span(span.end, span.end),
        indentation(text, body.start),
        damaged=True,
    )


def _classes(declared: list[re.Match[str]], head: re.Match[str]) -> tuple[str, ...]:
    """Those of the `declared` classes that are around a test, by indentation."""
    depth = len(head["indent"].expandtabs())
    found: list[str] = []
    for each in reversed(declared):
        width = len(each.group(1).expandtabs())
        if each.start() < head.start() and width < depth:
            found.insert(0, each.group(2))
            depth = width
        if depth == 0:
            break
    return tuple(found)
