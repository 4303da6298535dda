"""The statements of one Java test, read in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pe4king_core.model.fact import SubjectKind
from pe4king_core.model.json import EACH
from pe4king_core.testcode.conditional import OPAQUE
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.java.assertions import ASSERTION, assertion_claims, fluent, parsed
from pe4king_core.testcode.java.closures import item_of
from pe4king_core.testcode.java.expressions import arguments, evaluate, invocations
from pe4king_core.testcode.java.requests import is_foreign
from pe4king_core.testcode.java.truths import circumstance
from pe4king_core.testcode.reasons import FOREIGN, HIDDEN_CALL, LOOP, RAISES
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Collected,
    Part,
    RequestSpec,
    Unknown,
    Validated,
    Value,
    call_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_NESTING = 40
_LAMBDAS = frozenset({"step", "assertAll", "assertSoftly", "forEach", "assertDoesNotThrow"})
_RAISING = frozenset({"assertThrows", "assertThrowsExactly", "expectThrows", "assertThatThrownBy"})


def read_block(context: Context, block: Node | None, depth: int = 0) -> None:
    """All statements of `block`."""
    if block is None or depth > _NESTING:
        return
    for statement in children(block):
        with context.recorder.inside(block.id, context.source.span(statement)):
            _statement(context, statement, depth)


def _statement(context: Context, node: Node, depth: int) -> None:
    reader = _READERS.get(node.type)
    if reader is not None:
        reader(context, node, depth)
    elif node.type not in ("class_declaration", "record_declaration"):
        evaluate(context, node)


def _body(context: Context, node: Node | None, depth: int) -> None:
    """The body of a compound statement: a block, or a statement without braces."""
    if node is None:
        return
    if node.type == "block":
        read_block(context, node, depth + 1)
    elif depth < _NESTING:
        with context.recorder.inside(node.id, context.source.span(node)):
            _statement(context, node, depth + 1)


def _declaration(context: Context, node: Node, _depth: int) -> None:
    declared = context.of(node.child_by_field_name("type"))
    for declarator in node.children_by_field_name("declarator"):
        name = context.of(declarator.child_by_field_name("name"))
        source = declarator.child_by_field_name("value")
        value = evaluate(context, source)
        _bind(context, name, _typed(context, declared, value, source))


def _typed(context: Context, declared: str, value: Value, source: Node | None) -> Value:
    """`value` with what the declared type tells about it."""
    simple = declared.partition("<")[0].rpartition(".")[2]
    call = call_of(value)
    if simple == "RequestSpecification" and not isinstance(value, RequestSpec):
        return RequestSpec()
    if isinstance(value, Answer) and is_foreign(declared):
        context.recorder.doubt(value.call, FOREIGN)
    if simple in ("Response", "ValidatableResponse") and call is None and source is not None:
        span = context.source.span(source)
        if source.type != "method_invocation":
            return UNKNOWN
        call = context.recorder.open_call("", Route(""), span, unresolved=HIDDEN_CALL).id
        return Answer(call) if simple == "Response" else Validated(call)
    return value


def _bind(context: Context, name: str, value: Value) -> None:
    recorder = context.recorder
    before = context.names.get(name)
    if isinstance(before, Answer):
        successor = value.call if isinstance(value, Answer) else None
        recorder.release_response(before.call, name, successor)
    if isinstance(before, Part):
        recorder.forget_body(name)
    context.names[name] = value
    if isinstance(value, Answer):
        recorder.bind_response(value.call, name)
    elif isinstance(value, Part) and value.subject.kind is SubjectKind.BODY:
        pointer = value.subject.name
        if EACH not in pointer.split("/"):
            recorder.bind_body(name, value.call, pointer)


def _expression(context: Context, node: Node, depth: int) -> None:
    for inner in children(node):
        if inner.type == "assignment_expression":
            name = context.of(inner.child_by_field_name("left")).removeprefix("this.")
            source = inner.child_by_field_name("right")
            _bind(context, name, evaluate(context, source))
        elif inner.type == "method_invocation":
            _invocation(context, inner, depth)
        else:
            evaluate(context, inner)


def _invocation(context: Context, node: Node, depth: int) -> None:
    """A call that stands alone: an assertion, a chain with its assertions, a step."""
    start, links = invocations(node)
    names = [context.of(link.child_by_field_name("name")) for link in links]
    at = next((i for i, name in enumerate(names[:2]) if ASSERTION.match(name)), None)
    started = context.of(start) if start is not None else ""
    if names[-1] in _LAMBDAS | _RAISING:
        _lambdas(context, node, names[-1], depth)
    elif at is not None and _is_assertion(context, start, links, at):
        _assertion(context, node, links, names, at)
    else:
        value = evaluate(context, node)
        claims = parsed(context, node) if started and call_of(value) else ()
        if claims:
            context.recorder.claim(context.source.span(node), claims)


def _is_assertion(context: Context, start: Node | None, links: list[Node], at: int) -> bool:
    """Not a method of an answer that is called like an assertion (`.then().assertThat()`)."""
    if at == 0 and not arguments(links[0]) and len(links) > 1:
        return False
    if at == 0:
        return start is None or call_of(evaluate(context, start)) is None
    return start is not None and call_of(evaluate(context, links[0])) is None


def _assertion(context: Context, node: Node, links: list[Node], names: list[str], at: int) -> None:
    nodes = arguments(links[at])
    if names[at] == "assertThat" and len(nodes) == 1 and len(links) > at + 1:
        fluent(context, evaluate(context, nodes[0]), links[at + 1 :])
        return
    if names[at] in ("assertAll", "verifyAll", "expectAll") and not nodes:
        return
    claims, call = assertion_claims(context, links[at], names[at])
    context.recorder.claim(context.source.span(node), claims, call)


def _lambdas(context: Context, node: Node, name: str, depth: int) -> None:
    """Lambdas that run here and now (`assertAll`, `Allure.step`), or are expected to fail."""
    looped: Value = UNKNOWN
    if name == "forEach":
        looped = evaluate(context, node.child_by_field_name("object"))
    if name in _RAISING:
        context.recorder.claim(context.source.span(node), ())
        with context.recorder.troubled(RAISES):
            _run_lambdas(context, node, UNKNOWN, depth)
    elif name == "forEach":
        with context.recorder.troubled(LOOP):
            _run_lambdas(context, node, looped, depth)
    else:
        _run_lambdas(context, node, UNKNOWN, depth)


def _run_lambdas(context: Context, node: Node, looped: Value, depth: int) -> None:
    for each in arguments(node):
        if each.type != "lambda_expression":
            evaluate(context, each)
            continue
        parameters = context.of(each.child_by_field_name("parameters")).strip("()").split(",")
        if isinstance(looped, Part | Collected) and len(parameters) == 1:
            context.names[parameters[0].split()[-1]] = item_of(looped)
        body = each.child_by_field_name("body")
        if body is not None and body.type == "method_invocation":
            with context.recorder.inside(body.id, context.source.span(body)):
                _invocation(context, body, depth + 1)
        else:
            _body(context, body, depth)


def _if(context: Context, node: Node, depth: int) -> None:
    condition = node.child_by_field_name("condition")
    around = circumstance(context, condition) if condition is not None else OPAQUE
    with context.recorder.under(around):
        _body(context, node.child_by_field_name("consequence"), depth)
    with context.recorder.under(OPAQUE):
        _body(context, node.child_by_field_name("alternative"), depth)


def _for_each(context: Context, node: Node, depth: int) -> None:
    looped = evaluate(context, node.child_by_field_name("value"))
    name = context.of(node.child_by_field_name("name"))
    is_list = isinstance(looped, Part | Collected)
    context.names[name] = item_of(looped) if is_list else Unknown(call_of(looped))
    with context.recorder.troubled(LOOP):
        _body(context, node.child_by_field_name("body"), depth)


def _loop(context: Context, node: Node, depth: int) -> None:
    with context.recorder.troubled(LOOP), context.recorder.under(OPAQUE):
        evaluate(context, node.child_by_field_name("condition"))
        _body(context, node.child_by_field_name("body"), depth)


def _try(context: Context, node: Node, depth: int) -> None:
    for part in children(node):
        if part.type == "block":
            read_block(context, part, depth + 1)
        elif part.type == "resource_specification":
            evaluate(context, part)
        else:
            with context.recorder.under(OPAQUE):
                for inner in children(part):
                    if inner.type == "block":
                        read_block(context, inner, depth + 1)


def _nested(context: Context, node: Node, depth: int) -> None:
    for inner in children(node):
        if inner.type == "block":
            read_block(context, inner, depth + 1)
        elif depth < _NESTING:
            _statement(context, inner, depth + 1)


def _switch(context: Context, node: Node, depth: int) -> None:
    with context.recorder.under(OPAQUE):
        for group in children(node.child_by_field_name("body") or node):
            read_block(context, group, depth + 1)


_READERS: dict[str, Callable[[Context, Node, int], None]] = {
    "local_variable_declaration": _declaration,
    "expression_statement": _expression,
    "if_statement": _if,
    "enhanced_for_statement": _for_each,
    "for_statement": _loop,
    "while_statement": _loop,
    "do_statement": _loop,
    "try_statement": _try,
    "try_with_resources_statement": _try,
    "synchronized_statement": _nested,
    "labeled_statement": _nested,
    "block": _nested,
    "switch_expression": _switch,
}
