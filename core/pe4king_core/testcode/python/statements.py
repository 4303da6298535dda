"""The statements of one Python test, read in their order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pe4king_core.model.fact import SubjectKind
from pe4king_core.model.json import EACH
from pe4king_core.model.text import Span
from pe4king_core.testcode.claims import Claim, succeeded
from pe4king_core.testcode.conditional import OPAQUE
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.python.answers import item_of
from pe4king_core.testcode.python.expressions import evaluate
from pe4king_core.testcode.python.predicates import called, format_parsed
from pe4king_core.testcode.python.truths import circumstance, claims_of, conjuncts
from pe4king_core.testcode.python.unittests import assertion_claims, is_assertion
from pe4king_core.testcode.reasons import HIDDEN_CALL, LOOP, RAISES
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Fallback,
    Known,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_NESTING = 40
_CHANGING = frozenset(
    [
        "append",
        "clear",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "reverse",
        "setdefault",
        "sort",
        "update",
    ]
)
_RAISING = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_UNROLLED = 30


def read_block(context: Context, block: Node | None, depth: int = 0) -> None:
    """All statements of `block`."""
    if block is None or depth > _NESTING:
        return
    for statement in children(block):
        reader = _READERS.get(statement.type)
        with context.recorder.inside(block.id, context.source.span(statement)):
            if reader is not None:
                reader(context, statement, depth)
            elif statement.type not in _SKIPPED:
                evaluate(context, statement)


def _expression(context: Context, node: Node, _depth: int) -> None:
    for inner in children(node):
        if inner.type == "assignment":
            _assignment(context, inner)
        elif inner.type == "augmented_assignment":
            _bind(context, inner.child_by_field_name("left"), UNKNOWN)
        else:
            _bare(context, inner)


def _bare(context: Context, node: Node) -> None:
    """An expression that stands alone: an assertion of some library, a parse, or a call."""
    inner = children(node)[0] if node.type == "await" and children(node) else node
    if inner.type != "call":
        evaluate(context, node)
        return
    value = evaluate(context, inner)
    name, values = called(context, inner)
    function = inner.child_by_field_name("function")
    target_node = function.child_by_field_name("object") if function is not None else None
    target = evaluate(context, target_node)
    span = context.source.span(node)
    if name in _CHANGING and isinstance(target, Part):
        _spoil(context, context.of(target_node))
    elif name == "raise_for_status" and isinstance(target, Answer):
        redirects = context.client in ("", "requests")
        context.recorder.claim(span, (succeeded(target.call, redirects=redirects),))
    elif name == "validate" and values and isinstance(values[0], Part):
        context.recorder.claim(span, (Claim(values[0].call, values[0].subject),))
    elif is_assertion(name) and not isinstance(value, Answer):
        claims, call = assertion_claims(context, inner, name)
        context.recorder.claim(span, claims, call)
    else:
        claims = format_parsed(context, inner)
        if claims:
            context.recorder.claim(span, claims)


def _assignment(context: Context, node: Node) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    if right.type == "assignment":
        _assignment(context, right)
        right = right.child_by_field_name("left")
    value = evaluate(context, right)
    targets, sources = _members(left), _members(right) if right is not None else []
    if len(targets) > 1 and len(targets) == len(sources):
        for target, source in zip(targets, sources, strict=True):
            _bind(context, target, evaluate(context, source))
        return
    if len(targets) > 1:
        value = Unknown(call_of(value))
    for target in targets:
        _bind(context, target, _response(context, target, value, right))


def _members(node: Node) -> list[Node]:
    is_list = node.type in ("pattern_list", "tuple_pattern", "expression_list", "tuple")
    return children(node) if is_list else [node]


def _response(context: Context, target: Node, value: Value, source: Node | None) -> Value:
    """A helper's result that the test uses as a response is a call that we cannot see."""
    name = context.of(target)
    inner = source
    while inner is not None and inner.type == "await" and children(inner):
        inner = children(inner)[0]
    is_call = inner is not None and inner.type == "call"
    if name not in context.responses or not is_call or inner is None:
        return value
    if isinstance(value, Answer) or (call_of(value) is not None and not isinstance(value, Unknown)):
        return value
    return hidden_call(context, context.source.span(inner))


def hidden_call(context: Context, span: Span) -> Answer:
    """A request that somebody else makes; only its answer is seen."""
    draft = context.recorder.open_call("", Route(""), span, unresolved=HIDDEN_CALL)
    return Answer(draft.id)


def _bind(context: Context, target: Node | None, value: Value) -> None:
    if target is None:
        return
    name = context.of(target)
    if target.type == "subscript":
        _spoil(context, context.of(target.child_by_field_name("value")))
        return
    if target.type not in ("identifier", "attribute"):
        return
    recorder = context.recorder
    before = context.names.get(name)
    if isinstance(before, Answer):
        recorder.release_response(
            before.call, name, value.call if isinstance(value, Answer) else None
        )
    if isinstance(before, Part) and not isinstance(value, Part):
        recorder.forget_body(name)
    context.names[name] = value
    if isinstance(value, Answer):
        recorder.bind_response(value.call, name)
    elif isinstance(value, Part) and target.type == "identifier":
        _bind_part(context, name, value)


def _bind_part(context: Context, name: str, part: Part) -> None:
    pointer = part.subject.name
    exact = part.fallback is Fallback.NONE and not part.optional
    if part.subject.kind is SubjectKind.BODY and exact and EACH not in pointer.split("/"):
        context.recorder.bind_body(name, part.call, pointer)


def _spoil(context: Context, text: str) -> None:
    """The value that the expression `text` begins with was changed by the test."""
    name = text.partition("[")[0].partition(".")[0]
    value = context.names.get(name)
    if isinstance(value, Part):
        context.names[name] = Unknown(value.call)
        context.recorder.forget_body(name)


def _assert(context: Context, node: Node, _depth: int) -> None:
    parts = children(node)
    if not parts:
        return
    conditions = conjuncts(parts[0])
    for condition in conditions:
        span = context.source.span(node if len(conditions) == 1 else condition)
        claims = claims_of(context, condition)
        call = None if claims else mentioned_call(context, condition)
        context.recorder.claim(span, claims, call)


def mentioned_call(context: Context, node: Node) -> str | None:
    """The first call that something inside `node` comes from."""
    found = call_of(evaluate(context, node))
    for inner in children(node) if found is None else []:
        found = found or call_of(evaluate(context, inner))
    return found


def _for(context: Context, node: Node, depth: int) -> None:
    left, body = node.child_by_field_name("left"), node.child_by_field_name("body")
    looped_node = node.child_by_field_name("right")
    looped = evaluate(context, looped_node)
    literal = plain(looped)
    with context.recorder.troubled(LOOP):
        if _only_asserts(body) and isinstance(literal, Known) and isinstance(literal.value, list):
            for value in literal.value[:_UNROLLED]:
                _bind_loop(context, left, Known(value))
                read_block(context, body, depth + 1)
            return
        _bind_loop(context, left, _loop_item(context, looped_node, looped))
        read_block(context, body, depth + 1)
        _else_blocks(context, node, depth)


def _loop_item(context: Context, node: Node | None, looped: Value) -> Value:
    if node is not None and node.type == "call":
        name, values = called(context, node)
        if name == "enumerate" and values:
            return item_of(values[0])
    return item_of(looped)


def _bind_loop(context: Context, left: Node | None, item: Value) -> None:
    if left is None:
        return
    names = [each for each in _members(left) if each.type == "identifier"]
    for each in names[:-1]:
        context.names[context.of(each)] = UNKNOWN
    for each in names[-1:]:
        _bind(context, each, item if len(names) < 3 else UNKNOWN)


def _only_asserts(body: Node | None) -> bool:
    return body is not None and all(each.type == "assert_statement" for each in children(body))


def _while(context: Context, node: Node, depth: int) -> None:
    with context.recorder.troubled(LOOP), context.recorder.under(OPAQUE):
        evaluate(context, node.child_by_field_name("condition"))
        read_block(context, node.child_by_field_name("body"), depth + 1)
        _else_blocks(context, node, depth)


def _if(context: Context, node: Node, depth: int) -> None:
    condition = node.child_by_field_name("condition")
    around = circumstance(context, condition) if condition is not None else OPAQUE
    with context.recorder.under(around):
        read_block(context, node.child_by_field_name("consequence"), depth + 1)
    with context.recorder.under(OPAQUE):
        _else_blocks(context, node, depth)


def _else_blocks(context: Context, node: Node, depth: int) -> None:
    for clause in children(node):
        if clause.type in ("elif_clause", "else_clause", "except_clause", "finally_clause"):
            for inner in children(clause):
                if inner.type == "block":
                    read_block(context, inner, depth + 1)


def _try(context: Context, node: Node, depth: int) -> None:
    read_block(context, node.child_by_field_name("body"), depth + 1)
    with context.recorder.under(OPAQUE):
        _else_blocks(context, node, depth)


def _with(context: Context, node: Node, depth: int) -> None:
    body = node.child_by_field_name("body")
    with ExitStack() as stack:
        for item in _with_items(node):
            inner = item.child_by_field_name("value")
            if inner is not None:
                _enter(context, inner, body, stack)
        read_block(context, body, depth + 1)


def _with_items(node: Node) -> list[Node]:
    return [
        item
        for clause in children(node)
        if clause.type == "with_clause"
        for item in children(clause)
        if item.type == "with_item"
    ]


def _enter(context: Context, node: Node, body: Node | None, stack: ExitStack) -> None:
    alias = None
    if node.type == "as_pattern":
        parts = children(node)
        alias = node.child_by_field_name("alias")
        node = parts[0] if parts else node
    value = evaluate(context, node)
    if node.type == "call":
        name, _ = called(context, node)
        if name in _RAISING:
            context.recorder.claim(context.source.span(node), ())
            stack.enter_context(context.recorder.troubled(RAISES))
    if alias is None or not children(alias) or body is None:
        return
    target = children(alias)[0]
    value = _response(context, target, value, node)
    _bind(context, target, value)
    if isinstance(value, Answer):
        statements = children(body)
        end = context.source.span(statements[-1] if statements else body).end
        context.recorder.move_block(value.call, body.id, end)


def _match(context: Context, node: Node, depth: int) -> None:
    with context.recorder.under(OPAQUE):
        evaluate(context, node.child_by_field_name("subject"))
        for clause in children(node.child_by_field_name("body") or node):
            read_block(context, clause.child_by_field_name("consequence"), depth + 1)


def _delete(context: Context, node: Node, _depth: int) -> None:
    for inner in children(node):
        for target in _members(inner):
            _bind(context, target, UNKNOWN)


_READERS: dict[str, Callable[[Context, Node, int], None]] = {
    "expression_statement": _expression,
    "assert_statement": _assert,
    "for_statement": _for,
    "while_statement": _while,
    "if_statement": _if,
    "try_statement": _try,
    "with_statement": _with,
    "match_statement": _match,
    "delete_statement": _delete,
}
_SKIPPED = frozenset(
    {"function_definition", "class_definition", "decorated_definition", "import_statement",
     "import_from_statement", "pass_statement", "global_statement", "nonlocal_statement"}
)  # fmt: skip
