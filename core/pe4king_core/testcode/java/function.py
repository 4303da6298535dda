"""One Java test: its calls and assertions, with what they rest on outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.java.header import Header
from pe4king_core.testcode.java.statements import read_block
from pe4king_core.testcode.reasons import GIVEN_RESPONSE
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import Source, children, indentation, walk
from pe4king_core.testcode.values import Answer

if TYPE_CHECKING:
    from tree_sitter import Node


def read_function(
    source: Source,
    node: Node,
    comment: Node | None,
    header: Header,
    path: tuple[str, ...],
    *,
    damaged: bool = False,
) -> TestFunction:
    """The test method `node` with its documentation `comment`; `path` are its classes."""
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
        name=name.of(text),
        qualified_name=".".join((*path, name.of(text))),
        language=SourceLanguage.JAVA,
        span=span,
        name_span=name,
        body_span=body_span,
        indent=indentation(text, body_span.start),
        calls=recorder.calls(),
        assertions=tuple(recorder.assertions),
        body_variables=tuple(recorder.body_variables),
        model_variables=tuple(recorder.model_variables),
        documentation=documentation,
        parameters=parameters,
        local_names=frozenset(context.names) | frozenset(parameters) | _local_names(source, body),
        damaged=damaged,
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
