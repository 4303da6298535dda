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
from pe4king_core.testcode.python.binding import note_binding
from pe4king_core.testcode.python.classes import instance
from pe4king_core.testcode.python.expressions import evaluate, member
from pe4king_core.testcode.python.fixtures import Fixtures, used_fixtures
from pe4king_core.testcode.python.frame import Frame, Machine, Session
from pe4king_core.testcode.python.header import Header
from pe4king_core.testcode.python.objects import Class, Instance
from pe4king_core.testcode.python.outline import Defined
from pe4king_core.testcode.python.resolving import class_value, members, module_value, named
from pe4king_core.testcode.python.statements import read_block
from pe4king_core.testcode.python.tables import rows_of_test
from pe4king_core.testcode.python.truths import claims_of
from pe4king_core.testcode.reasons import GIVEN_RESPONSE, HIDDEN_CALL
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import Source, children, indentation, walk
from pe4king_core.testcode.values import UNKNOWN, Answer, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_RESPONSE = re.compile(
    r"([^\W\d][\w.]*)\.(?:status_code|json|raise_for_status|is_success|get_json)\b"
)
_BINDING = re.compile(r"\b(?:def|class|import|for|as)\b")
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
        _MACHINE, header.view, header.module, header.client, header.shared, header.modules
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
    has_table = _prepare(frame, node, definition, path, parameters)
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
    )


def _calls(recorder: Recorder) -> tuple[TestCall, ...]:
    for draft in recorder.drafts.values():
        if draft.setup:
            draft.statement = draft.span
    return recorder.calls()


def _prepare(
    frame: Frame, node: Node, definition: Node, path: tuple[str, ...], names: tuple[str, ...]
) -> bool:
    """What is there before the body: tables, set-up, fixtures. Whether there is a table."""
    body = definition.child_by_field_name("body")
    place = definition.child_by_field_name("name")
    if body is None or place is None:
        return False
    cls = _class_at(frame, path)
    receiver = instance(frame, cls) if cls is not None else None
    first_name = _receiver_name(frame, definition)
    if receiver is not None and first_name:
        frame.names[first_name] = receiver
        frame.owner = cls
    decorators = [each for each in children(node) if each.type == "decorator"]
    rows, has_table = rows_of_test(frame, decorators, cls, names)
    frame.names |= rows
    statements = children(body)
    first = frame.source.span(statements[0] if statements else body)
    with frame.recorder.inside(body.id, first):
        _set_up(frame, decorators, receiver, definition, names)
        _given_responses(frame, definition, names)
    return has_table


def _set_up(
    frame: Frame,
    decorators: list[Node],
    receiver: Instance | None,
    definition: Node,
    names: tuple[str, ...],
) -> None:
    """Set-up methods and fixtures, in the order in which they run."""
    place = definition.child_by_field_name("name") or definition
    fixtures = Fixtures(frame, receiver)
    texts = [frame.of(each) for each in decorators]
    if receiver is not None:
        texts += [receiver.cls.source.of(each) for each in receiver.cls.decorators]
    for name in (*fixtures.automatic(), *used_fixtures(texts)):
        fixtures.given(name, place)
    fixtures.set_up(place)
    for name, node in _parameter_nodes(frame.source, definition).items():
        if name in frame.names or name not in names:
            continue
        value = fixtures.given(name, node)
        if value is None:
            frame.names[name] = Unknown()
            continue
        frame.names[name] = Unknown() if value is UNKNOWN else value
        note_binding(frame, name, value)


def _class_at(frame: Frame, path: tuple[str, ...]) -> Class | None:
    """The class around the test."""
    module = frame.session.module
    found: Value = module_value(frame, module, path[0]) if path else UNKNOWN
    for name in path[1:]:
        entry = members(found).get(name) if isinstance(found, Class) else None
        if not isinstance(found, Class) or not isinstance(entry, Defined):
            return None
        found = class_value(frame, found, name, entry)
    return found if isinstance(found, Class) else None


def _receiver_name(frame: Frame, definition: Node) -> str:
    listed = definition.child_by_field_name("parameters")
    nodes = children(listed) if listed is not None else []
    return frame.of(nodes[0]) if nodes and nodes[0].type == "identifier" else ""


def _parameter_nodes(source: Source, definition: Node) -> dict[str, Node]:
    listed = definition.child_by_field_name("parameters")
    found: dict[str, Node] = {}
    for each in children(listed) if listed is not None else []:
        if each.type in ("default_parameter", "typed_default_parameter"):
            continue
        identifier = next((n for n in walk(each) if n.type == "identifier"), None)
        if identifier is not None:
            found[source.of(identifier)] = each
    return found


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
    for name in parameters:
        known = frame.names.get(name)
        if name not in frame.responses or listed is None:
            continue
        if known is not None and not isinstance(known, Unknown):
            continue
        span = frame.source.span(listed)
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
