"""The tests of a Python file: where they are, what they call and assert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import (
    CallStyle,
    SourceLanguage,
    TestCall,
    TestFile,
    TestFunction,
)
from pe4king_core.model.text import Span
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.python.header import Header, class_constants, read_header
from pe4king_core.testcode.python.layout import is_uneven
from pe4king_core.testcode.python.statements import read_block
from pe4king_core.testcode.reasons import GIVEN_RESPONSE, HIDDEN_CALL
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import (
    Source,
    children,
    indentation,
    line_end,
    line_start,
    newline_of,
    parse,
    parse_part,
    walk,
)
from pe4king_core.testcode.values import Answer, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_HEAD = re.compile(
    r"^(?P<indent>[ \t\f\ufeff]*)(?:async[ \t]+)?def[ \t]+(?P<name>test\w*)", re.MULTILINE
)
_BOUNDARY = re.compile(
    r"^([ \t\f\ufeff]*)(?:@|(?:async[ \t]+)?def[ \t]+\w|class[ \t]+\w)", re.MULTILINE
)
_CLASS = re.compile(r"^([ \t\f\ufeff]*)class[ \t]+(\w+)", re.MULTILINE)
_RESPONSE = re.compile(
    r"([^\W\d][\w.]*)\.(?:status_code|json|raise_for_status|is_success|get_json)\b"
)
_BINDING = re.compile(r"\b(?:def|class|import|for|as)\b")
_COMPOUND = frozenset({"if_statement", "try_statement", "else_clause", "except_clause", "block"})


def read(text: str) -> TestFile:
    """The tests in `text`; damaged code costs only the test that it stands in."""
    source = parse(text, SourceLanguage.PYTHON)
    header = read_header(source)
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
            yield _function(source, node, definition, header, outer, path, damaged=damaged)
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


def _function(
    source: Source,
    node: Node,
    definition: Node,
    header: Header,
    outer: dict[str, Value],
    path: tuple[str, ...],
    *,
    damaged: bool = False,
) -> TestFunction:
    name_node = definition.child_by_field_name("name")
    body = definition.child_by_field_name("body")
    span = source.span(node)
    name_span = source.span(name_node) if name_node is not None else Span(span.start, span.start)
    body_span = source.span(body) if body is not None else Span(span.end, span.end)
    recorder = Recorder(source.text)
    responses = _response_names(source, body)
    context = Context(source, recorder, header.client, outer, header.free_verbs, responses)
    parameters = _parameters(source, definition)
    _given_responses(context, definition, body, parameters)
    read_block(context, body)
    return TestFunction(
        name_span.of(source.text),
        ".".join((*path, name_span.of(source.text))),
        SourceLanguage.PYTHON,
        span,
        name_span,
        body_span,
        indentation(source.text, body_span.start),
        recorder.calls() or _hidden(source, body, parameters),
        tuple(recorder.assertions),
        tuple(recorder.body_variables),
        _documentation(source, body),
        parameters,
        frozenset(context.names) | frozenset(parameters) | _local_names(source, body),
        damaged,
    )


def _parameters(source: Source, definition: Node) -> tuple[str, ...]:
    listed = definition.child_by_field_name("parameters")
    names: list[str] = []
    for each in children(listed) if listed is not None else []:
        identifier = next((n for n in walk(each) if n.type == "identifier"), None)
        if identifier is not None:
            names.append(source.of(identifier))
    return tuple(name for name in names if name not in ("self", "cls"))


def _response_names(source: Source, body: Node | None) -> frozenset[str]:
    """Names that are used as a response somewhere in `body`."""
    text = source.of(body) if body is not None else ""
    return frozenset(match[1] for match in _RESPONSE.finditer(text))


def _given_responses(
    context: Context, definition: Node, body: Node | None, parameters: tuple[str, ...]
) -> None:
    """Parameters that are used as responses: calls that somebody else made."""
    listed = definition.child_by_field_name("parameters")
    for name in parameters:
        if name not in context.responses or listed is None or body is None:
            continue
        statements = children(body)
        first = context.source.span(statements[0] if statements else body)
        with context.recorder.inside(body.id, first):
            span = context.source.span(listed)
            draft = context.recorder.open_call("", Route(""), span, unresolved=GIVEN_RESPONSE)
            draft.statement = span
            context.recorder.bind_response(draft.id, name)
        context.names[name] = Answer(draft.id)


def _hidden(source: Source, body: Node | None, parameters: tuple[str, ...]) -> tuple[TestCall, ...]:
    """A test without visible requests that uses a client sends them through a helper."""
    clients = {name for name in parameters if "client" in name or "api" in name.split("_")}
    for statement in children(body) if body is not None else []:
        for node in walk(statement):
            if node.type != "call":
                continue
            function = node.child_by_field_name("function")
            arguments = node.child_by_field_name("arguments")
            receiver = source.of(function).partition(".")[0] if function is not None else ""
            passed = set()
            if arguments is not None:
                passed = {source.of(a) for a in children(arguments) if a.type == "identifier"}
            if receiver in clients or passed & clients:
                span, whole = source.span(node), source.span(statement)
                return (
                    TestCall(
                        "C1", "", "", CallStyle.BARE, span, whole, whole.end,
                        unresolved=HIDDEN_CALL,
                    ),
                )  # fmt: skip
    return ()


def _documentation(source: Source, body: Node | None) -> Span | None:
    statements = children(body) if body is not None else []
    if statements and statements[0].type == "expression_statement":
        inner = children(statements[0])
        if len(inner) == 1 and inner[0].type in ("string", "concatenated_string"):
            return source.span(statements[0])
    return None


def _local_names(source: Source, body: Node | None) -> frozenset[str]:
    """Names that are bound in `body` in ways that reading does not follow."""
    found: set[str] = set()
    if body is None or not _BINDING.search(source.of(body)):
        return frozenset()
    for node in walk(body):
        if node.type in ("function_definition", "class_definition"):
            name = node.child_by_field_name("name")
            if name is not None:
                found.add(source.of(name))
        elif node.type in ("import_statement", "import_from_statement"):
            for each in node.children_by_field_name("name"):
                alias = each.child_by_field_name("alias") or each
                found.add(source.of(alias).partition(".")[0])
        elif node.type in ("for_in_clause", "for_statement", "as_pattern_target"):
            left = node.child_by_field_name("left") or node
            found |= {source.of(n) for n in walk(left) if n.type == "identifier"}
    return frozenset(found)


def _sound_header(text: str, header: Header) -> Header:
    """The header of a file with errors: read from what stands above the first definition."""
    first = _BOUNDARY.search(text)
    end = first.start() if first else len(text)
    above = read_header(parse_part(text, Span(0, end), SourceLanguage.PYTHON))
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
            return _function(source, node, definition, header, outer, path, damaged=damaged)
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
