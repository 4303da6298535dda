"""The statements of one body of Java code, read in their order."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pe4king_core.testcode.claims import comparison
from pe4king_core.testcode.conditional import OPAQUE
from pe4king_core.testcode.java import assertions, inlining, names
from pe4king_core.testcode.java.answers import each_of
from pe4king_core.testcode.java.binding import assign, bind, condition, declare, set_target
from pe4king_core.testcode.java.expressions import arguments, evaluate
from pe4king_core.testcode.java.objects import (
    Constant,
    Instance,
    bare,
    listed,
)
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.truths import circumstance, claims_of, decided
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.reasons import LOOP, RAISES
from pe4king_core.testcode.syntax import children, walk
from pe4king_core.testcode.values import (
    UNKNOWN,
    Known,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_NESTING = 40
_LEAVING = frozenset({"return_statement", "continue_statement", "break_statement"})
_SHUT = frozenset({"lambda_expression", "class_body", "switch_expression"})


def read_block(context: Context, block: Node | None, depth: int = 0) -> None:
    """All statements of `block`."""
    if block is None or depth > _NESTING:
        return
    for statement in children(block):
        with context.recorder.inside(block.id, context.source.span(statement)):
            if context.left:
                with context.recorder.under(OPAQUE):
                    _statement(context, statement, depth)
            else:
                _statement(context, statement, depth)


def _statement(context: Context, node: Node, depth: int) -> None:
    reader = _READERS.get(node.type)
    if reader is not None:
        reader(context, node, depth)
    elif node.type not in ("class_declaration", "record_declaration", "interface_declaration"):
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


def _declared(context: Context, node: Node, _depth: int) -> None:
    declare(context, node)


def _expression(context: Context, node: Node, depth: int) -> None:
    for inner in children(node):
        if inner.type == "assignment_expression":
            assign(context, inner)
        elif inner.type == "switch_expression":
            _switch(context, inner, depth)
        elif inner.type == "update_expression":
            for each in children(inner):
                set_target(context, each, UNKNOWN)
        else:
            value = evaluate(context, inner)
            assertions.record_parsed(context, inner, value, evaluate)


def _if(context: Context, node: Node, depth: int) -> None:
    condition = node.child_by_field_name("condition")
    consequence = node.child_by_field_name("consequence")
    alternative = node.child_by_field_name("alternative")
    known = decided(context, condition)
    if known is not None:
        _body(context, consequence if known else alternative, depth)
        return
    if _fails(context, consequence) and alternative is None and condition is not None:
        claims = negation(claims_of(context, condition))
        call = call_of(evaluate(context, condition))
        if claims or call:
            context.recorder.claim(context.source.span(node), claims, call)
        return
    if _fails(context, alternative) and condition is not None:
        claims = claims_of(context, condition)
        if claims:
            context.recorder.claim(context.source.span(condition), claims)
    before = dict(context.names)
    around = circumstance(context, condition) if condition is not None else OPAQUE
    with context.recorder.under(around):
        _body(context, consequence, depth)
    after = dict(context.names)
    gone = consequence is not None and _ends(consequence)
    if context.recorder.level:
        context.names.clear()
        context.names.update(before)
    with context.recorder.under(OPAQUE):
        _body(context, alternative, depth)
    if context.recorder.level and not gone:
        ended = alternative is not None and _ends(alternative)
        _merge(context, after, replace_all=ended)
    context.left = context.left or _leaves(consequence) or _leaves(alternative)


def _merge(context: Context, other: dict[str, Value], *, replace_all: bool) -> None:
    """Names hold what they hold in both branches."""
    for name, value in other.items():
        mine = context.names.get(name)
        if replace_all or mine is None:
            context.names[name] = value
        elif mine is not value and mine != value:
            context.names[name] = inlining.merged(context, [value, mine])


def _fails(context: Context, node: Node | None) -> bool:
    """Whether the branch does nothing but let the test fail."""
    inner = [node] if node is not None and node.type != "block" else []
    statements = inner or (children(node) if node is not None else [])
    if len(statements) != 1:
        return False
    text = context.of(statements[0]).strip()
    if statements[0].type == "throw_statement":
        return True
    return text.startswith(("fail(", "Assertions.fail(", "Assert.fail("))


def _ends(node: Node) -> bool:
    last = children(node)[-1:] if node.type == "block" else [node]
    return bool(last) and last[0].type in ("return_statement", "throw_statement")


def _leaves(node: Node | None) -> bool:
    """Whether a branch may leave the code around it."""
    if node is None:
        return False
    pending = [node]
    while pending:
        each = pending.pop()
        if each.type in _LEAVING:
            return True
        if each.type not in _SHUT:
            pending += (
                each.named_children if "statement" in each.type or each.type == "block" else ()
            )
    return False


def _for_each(context: Context, node: Node, depth: int) -> None:
    looped = evaluate(context, node.child_by_field_name("value"))
    name = context.of(node.child_by_field_name("name"))
    context.names[name] = each_of(looped) if listed(looped) else Unknown(call_of(looped))
    _forget_assigned(context, node.child_by_field_name("body"))
    left = context.left
    with context.recorder.troubled(LOOP):
        _body(context, node.child_by_field_name("body"), depth)
    context.left = left or _returns(node)


def _forget_assigned(context: Context, body: Node | None) -> None:
    """Texts that a loop goes on building are not known inside or behind it."""
    for node in walk(body) if body is not None else ():
        if node.type in ("assignment_expression", "update_expression"):
            target = node.child_by_field_name("left") or node.named_children[0]
            name = context.of(target)
            if isinstance(context.names.get(name), Known):
                context.names[name] = UNKNOWN


def _loop(context: Context, node: Node, depth: int) -> None:
    left = context.left
    initial = node.child_by_field_name("init")
    if initial is not None and initial.type == "local_variable_declaration":
        for declarator in initial.children_by_field_name("declarator"):
            context.names[context.of(declarator.child_by_field_name("name"))] = UNKNOWN
    _forget_assigned(context, node.child_by_field_name("body"))
    condition = node.child_by_field_name("condition")
    runs = (
        node.type == "do_statement" or decided(context, condition) is True or _counts(context, node)
    )
    with ExitStack() as stack:
        stack.enter_context(context.recorder.troubled(LOOP))
        if not runs:
            stack.enter_context(context.recorder.under(OPAQUE))
        evaluate(context, condition)
        _body(context, node.child_by_field_name("body"), depth)
    context.left = left or _returns(node)


def _counts(context: Context, node: Node) -> bool:
    """Whether it is `for (int i = 0; i < 3; i++)`, which runs at least once."""
    text = " ".join(context.of(node).partition("{")[0].split())
    found = re.match(r"for ?\( ?int (\w+) = (\d+); \1 (<=?) (\d+); ", text)
    if found is None:
        return False
    first, last = int(found[2]), int(found[4])
    return first < last or (first == last and found[3] == "<=")


def _returns(node: Node) -> bool:
    return any(each.type == "return_statement" for each in walk(node))


def _must_raise(context: Context, node: Node) -> bool:
    """Whether the test fails if `try { ... fail(); } catch (...) { ... }` raises nothing."""
    block = node.child_by_field_name("body")
    last = children(block)[-1:] if block is not None else []
    caught = any(each.type == "catch_clause" for each in children(node))
    return caught and bool(last) and _fails(context, last[0])


def _try(context: Context, node: Node, depth: int) -> None:
    raises = _must_raise(context, node)
    for part in children(node):
        if part.type == "block" and raises:
            context.recorder.claim(context.source.span(part), ())
            with context.recorder.troubled(RAISES), context.recorder.under(OPAQUE):
                read_block(context, part, depth + 1)
        elif part.type == "block":
            read_block(context, part, depth + 1)
        elif part.type == "resource_specification":
            for each in children(part):
                name = context.of(each.child_by_field_name("name"))
                declared = context.of(each.child_by_field_name("type"))
                value = evaluate(context, each.child_by_field_name("value"))
                if name:
                    bind(context, name, names.typed_by_declaration(name, declared, value))
        elif part.type == "finally_clause":
            _nested(context, part, depth)
        else:
            with context.recorder.under(OPAQUE):
                _nested(context, part, depth)


def _nested(context: Context, node: Node, depth: int) -> None:
    for inner in children(node):
        if inner.type == "block":
            read_block(context, inner, depth + 1)
        elif depth < _NESTING and "parameter" not in inner.type:
            _statement(context, inner, depth + 1)


def _switch(context: Context, node: Node, depth: int) -> None:
    """The groups that the value leads to, or all of them where it is not known."""
    value = plain(evaluate(context, node.child_by_field_name("condition")))
    groups = children(node.child_by_field_name("body") or node)
    name = _case_name(value)
    if name is not None:
        fitting = [each for each in groups if name in _labels(context, each)]
        chosen = fitting or [each for each in groups if not _labels(context, each)]
        if len(chosen) == 1:
            _group(context, chosen[0], depth)
            return
    _otherwise_fails(context, node, groups)
    with context.recorder.under(OPAQUE):
        for group in groups:
            _group(context, group, depth)


def _otherwise_fails(context: Context, node: Node, groups: list[Node]) -> None:
    """A switch whose default lets the test fail says that its value is one of the cases."""
    condition = node.child_by_field_name("condition")
    default = [each for each in groups if not _labels(context, each)]
    inner = (
        [each for each in children(default[0]) if each.type != "switch_label"] if default else []
    )
    value = bare(evaluate(context, condition))
    if condition is None or len(inner) != 1 or not _fails(context, inner[0]):
        return
    known = [
        plain(evaluate(context, each))
        for group in groups
        for label in children(group)
        if label.type == "switch_label"
        for each in children(label)
    ]
    values = [each.value for each in known if isinstance(each, Known)]
    if len(values) == len(known) and call_of(value) is not None:
        claims = comparison(value, "in", Known(values))
        context.recorder.claim(context.source.span(condition), claims)


def read_switch(context: Context, node: Node) -> None:
    """A `switch`; what its groups yield is what it may give."""
    _switch(context, node, 0)


def _group(context: Context, group: Node, depth: int) -> None:
    for inner in children(group):
        if inner.type == "switch_label":
            continue
        if inner.type == "expression_statement" and group.type == "switch_rule":
            for each in children(inner):
                context.returns.append(evaluate(context, each))
        elif depth < _NESTING:
            with context.recorder.inside(group.id, context.source.span(inner)):
                _statement(context, inner, depth + 1)


def _case_name(value: Value) -> str | None:
    match value:
        case Constant(name=name):
            return name
        case Instance(constant=name) if name:
            return name
        case Known(str() as text):
            return text
    return None


def _labels(context: Context, group: Node) -> list[str]:
    return [
        context.of(each).strip('"').rpartition(".")[2]
        for label in children(group)
        if label.type == "switch_label"
        for each in children(label)
    ]


def _throw(context: Context, node: Node, _depth: int) -> None:
    """A helper that ends in a failure (after polling, say) asserts something nobody can read."""
    for each in children(node):
        evaluate(context, each)
    method = context.method
    if method is None or node.parent != method.body or "Assertion" not in context.of(node):
        return
    drafts = context.recorder.drafts.values()
    made = [each.id for each in drafts if method.name in each.via]
    calls = [*map(call_of, context.returns), *map(call_of, context.names.values()), *made]
    call = next(filter(None, calls), None)
    if call is not None and context.recorder.level:
        context.recorder.claim(context.source.span(node), (), call)


def _return(context: Context, node: Node, _depth: int) -> None:
    inner = children(node)
    if inner:
        value = evaluate(context, inner[0])
        is_condition = context.method is not None and context.method.type in ("boolean", "Boolean")
        context.returns.append(condition(context, inner[0], value) if is_condition else value)


def _delegation(context: Context, node: Node, _depth: int) -> None:
    values = [evaluate(context, each) for each in arguments(node)]
    upwards = context.of(node.child_by_field_name("constructor")) == "super"
    span = context.source.span(node)
    inlining.delegate(context, values, upwards=upwards, span=span)


def _assert(context: Context, node: Node, _depth: int) -> None:
    assertions.stated(context, node, evaluate)


_READERS: dict[str, Callable[[Context, Node, int], None]] = {
    "local_variable_declaration": _declared,
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
    "block": _body,
    "switch_expression": _switch,
    "return_statement": _return,
    "throw_statement": _throw,
    "yield_statement": _return,
    "assert_statement": _assert,
    "explicit_constructor_invocation": _delegation,
}
