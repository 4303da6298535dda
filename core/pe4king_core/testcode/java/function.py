"""One Java test: its set-up, calls and assertions, with what they rest on outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.java import parameters
from pe4king_core.testcode.java.header import Header
from pe4king_core.testcode.java.names import typed_by_declaration
from pe4king_core.testcode.java.outline import (
    Method,
    TypeDecl,
    Unit,
    annotations_of,
    parameters_of,
)
from pe4king_core.testcode.java.reading import CodeReader
from pe4king_core.testcode.java.scope import Context, Run
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
    context = Context(
        source,
        recorder,
        header.client,
        unit=header.unit,
        run=Run(CodeReader(), header.lookup),
        type=_type(header.unit, path),
    )
    method = _method(context, node, name.of(text))
    if body is not None:
        start = Span(body_span.start, body_span.start)
        with recorder.inside(body.id, start):
            header.beginnings.begin(context, start)
            _bind_parameters(context, node, method)
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
        parameters=tuple(each.name for each in method.parameters),
        local_names=frozenset(context.names) | _local_names(source, body),
        parametrized=parameters.is_parametrized(context, method),
        damaged=damaged,
        sent=recorder.sent,
    )


def _type(unit: Unit, path: tuple[str, ...]) -> TypeDecl | None:
    """The class that the test stands in, as far as the file around it shows it."""
    found: TypeDecl | None = None
    for index, name in enumerate(path):
        inner = unit.types.get(name) if index == 0 else found and found.members.nested.get(name)
        found = inner
    return found


def _method(context: Context, node: Node, name: str) -> Method:
    owner = context.type or TypeDecl(context.unit, node, "", "class")
    source = context.source
    return Method(
        owner, name, node, False, parameters_of(source, node), annotations_of(source, node)
    )


def _inside(source: Source, body: Node) -> Span:
    """From the first statement of a block to the end of its last one."""
    statements = children(body)
    if not statements:
        span = source.span(body)
        return Span(min(span.start + 1, span.end), max(span.end - 1, min(span.start + 1, span.end)))
    return Span(source.span(statements[0]).start, source.span(statements[-1]).end)


def _bind_parameters(context: Context, node: Node, method: Method) -> None:
    """The parameters; one of type Response is the answer of a call that is not seen."""
    context.names.update(parameters.values_of(context, method))
    for each in method.parameters:
        context.declared[each.name] = each.type
        if each.type == "Response":
            listed = node.child_by_field_name("parameters") or node
            span = context.source.span(listed)
            draft = context.recorder.open_call("", Route(""), span, unresolved=GIVEN_RESPONSE)
            draft.statement, draft.anchor = span, span.end
            context.recorder.bind_response(draft.id, each.name)
            context.names[each.name] = Answer(draft.id)
        elif each.name not in context.names:
            given = typed_by_declaration(each.name, each.type, context.lookup(each.name))
            context.names[each.name] = given


def _local_names(source: Source, body: Node | None) -> frozenset[str]:
    found: set[str] = set()
    for node in walk(body) if body is not None else ():
        if node.type in ("variable_declarator", "enhanced_for_statement", "formal_parameter"):
            name = node.child_by_field_name("name")
            if name is not None:
                found.add(source.of(name))
    return frozenset(found)
