"""One Python test: its calls and assertions, with what they rest on outside of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import (
    CallStyle,
    SourceLanguage,
    TestCall,
    TestFunction,
)
from pe4king_core.model.text import Span
from pe4king_core.testcode.python.expressions import evaluate, member
from pe4king_core.testcode.python.frame import Frame, Machine, Session
from pe4king_core.testcode.python.header import Header
from pe4king_core.testcode.python.preparing import prepare
from pe4king_core.testcode.python.resolving import named
from pe4king_core.testcode.python.statements import read_block
from pe4king_core.testcode.python.truths import claims_of
from pe4king_core.testcode.reasons import GIVEN_RESPONSE, HIDDEN_CALL
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import Source, children, indentation, walk
from pe4king_core.testcode.values import Answer, Unknown

if TYPE_CHECKING:
    from tree_sitter import Node

_RESPONSE = re.compile(
    r"([^\W\d][\w.]*)\.(?:status_code|json|raise_for_status|is_success|get_json)\b"
)
_BINDING = re.compile(r"\b(?:def|class|import|for|as)\b")
_BINDERS = frozenset(
    {"function_definition", "class_definition", "import_statement", "import_from_statement"}
    | {"for_in_clause", "for_statement", "as_pattern_target"}
)
_DEPTH = 120
_MACHINE = Machine(evaluate, read_block, claims_of, named, member)


def read_function(
    source: Source,
    node: Node,
    definition: Node,
    header: Header,
    path: tuple[str, ...],
    *,
    damaged: bool = False,
) -> TestFunction:
    """The test `definition`; `node` is the same with its decorators, `path` its classes."""
    name_node = definition.child_by_field_name("name")
    body = definition.child_by_field_name("body")
    span = source.span(node)
    name_span = source.span(name_node) if name_node is not None else Span(span.start, span.start)
    body_span = source.span(body) if body is not None else Span(span.end, span.end)
    recorder = Recorder(source.text)
    session = Session(
        _MACHINE,
        header.view,
        header.module,
        header.client,
        header.shared,
        header.modules,
        ancestry=header.ancestry,
        reaching=header.reaching,
    )
    frame = Frame(
        source,
        recorder,
        header.client,
        responses=_response_names(source, body),
        module=header.module,
        session=session,
    )
    parameters = _parameters(source, definition)
    has_table = prepare(frame, node, definition, path, parameters, header.starts)
    _given_responses(frame, definition, parameters)
    session = frame.session
    session.steps = session.inlined = 0
    read_block(frame, body)
    return TestFunction(
        name=name_span.of(source.text),
        qualified_name=".".join((*path, name_span.of(source.text))),
        language=SourceLanguage.PYTHON,
        span=span,
        name_span=name_span,
        body_span=body_span,
        indent=indentation(source.text, body_span.start),
        calls=_calls(recorder) or _hidden(source, body, parameters),
        assertions=tuple(recorder.assertions),
        body_variables=tuple(recorder.body_variables),
        model_variables=tuple(recorder.model_variables),
        documentation=_documentation(source, body),
        parameters=parameters,
        local_names=frozenset(frame.names) | frozenset(parameters) | _local_names(source, body),
        parametrized=has_table,
        damaged=damaged,
        sent=recorder.sent,
    )


def _calls(recorder: Recorder) -> tuple[TestCall, ...]:
    for draft in recorder.drafts.values():
        if draft.setup:
            draft.statement = draft.span
    return recorder.calls()


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


def _given_responses(frame: Frame, definition: Node, parameters: tuple[str, ...]) -> None:
    """Parameters that are used as responses, of which nothing is known: somebody's calls."""
    listed = definition.child_by_field_name("parameters")
    body = definition.child_by_field_name("body")
    if listed is None or body is None:
        return
    statements = children(body)
    first = frame.source.span(statements[0] if statements else body)
    span = frame.source.span(listed)
    for name in parameters:
        known = frame.names.get(name)
        if name not in frame.responses or (known is not None and not isinstance(known, Unknown)):
            continue
        with frame.recorder.inside(body.id, first):
            draft = frame.recorder.open_call("", Route(""), span, unresolved=GIVEN_RESPONSE)
            draft.statement = span
            frame.recorder.bind_response(draft.id, name)
        frame.names[name] = Answer(draft.id)


def _hidden(source: Source, body: Node | None, parameters: tuple[str, ...]) -> tuple[TestCall, ...]:
    """A test without visible requests that uses a client sends them through a helper."""
    clients = {name for name in parameters if "client" in name or "api" in name.split("_")}
    for statement in children(body) if body is not None and clients else []:
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


def _binding_nodes(body: Node) -> list[Node]:
    """The nodes inside of `body` that bind names."""
    found: list[Node] = []
    level = [body]
    for _ in range(_DEPTH):
        level = [each for node in level for each in node.named_children if each.named_child_count]
        if not level:
            break
        found += [each for each in level if each.type in _BINDERS]
    return found


def _local_names(source: Source, body: Node | None) -> frozenset[str]:
    """Names that are bound in `body` in ways that reading does not follow."""
    found: set[str] = set()
    if body is None or not _BINDING.search(source.of(body)):
        return frozenset()
    for node in _binding_nodes(body):
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
