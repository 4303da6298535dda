"""Statements as `tracing` walks them: branches, loops, handlers of errors, ways out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.keeping.canonical import Env, bind
from pe4king_core.testcode.syntax import children

if TYPE_CHECKING:
    from tree_sitter import Node

    from pe4king_core.proof.gates.keeping.tracing import Tracer

SWALLOWS = "errors are swallowed by"
WAY_OUT = "way out"
STOPS = frozenset(
    {"skip", "skipTest", "xfail", "importorskip", "exit", "_exit", "SkipTest", "SkipException"}
    | {"assumeTrue", "assumeFalse", "assumeThat", "assumeNoException", "assumingThat", "abort"}
    | {"assume"}
)
"""Calls that end a test without a failure, or may."""
_FAILS = re.compile(
    r"(?:raise\b|throw\b|pytest\.fail\(|self\.fail\(|(?:Assertions\.|Assert\.)?fail\("
    r"|assert False\b)"
)
_LEAVING = frozenset({"return_statement", "break_statement", "continue_statement"})
_LITERALS = (
    "list[",
    "tuple[",
    "set[",
    "dictionary[",
    "expression_list[",
    "List.of(",
    "Set.of(",
    "Arrays.asList(",
)
_SUPPRESSING = re.compile(r"\bsuppress\(|\bignore_errors?\b")
_RAISING = re.compile(r"\b(?:raises|assertRaises|assertRaisesRegex|warns)\(")
_SOFT = re.compile(r"\bsoft_assertions\(|(?:\w+\.)?(?:check|soft|softly)(?:\(\))?\Z|\bassume\(")


def walk_statement(tracer: Tracer, node: Node, env: Env) -> None:
    """One statement."""
    if not tracer.places:
        tracer.statement = tracer.defined.source.span(node)
    walker = _WALKERS.get(node.type)
    if walker is not None:
        walker(tracer, node, env)
    elif node.type not in _SKIPPED:
        tracer.speller.spell(node, env)


def _expression(tracer: Tracer, node: Node, env: Env) -> None:
    for inner in children(node):
        if inner.type in ("assignment", "assignment_expression"):
            _assignment(tracer, inner, env)
        elif inner.type == "augmented_assignment":
            left = inner.child_by_field_name("left")
            bind(tracer.speller, left, f"changed[{tracer.speller.value(inner, env)}]", env)
        elif inner.type == "yield":
            if not tracer.inside:
                tracer.stops.append("yield")
            tracer.outcome = tracer.outcome or _first(tracer, inner, env)
        else:
            tracer.speller.spell(inner, env)
            if tracer.defined.source.of(inner).startswith(("pytest.skip(", "self.skipTest(")):
                tracer.ended = True


def _first(tracer: Tracer, node: Node, env: Env) -> str:
    inner = children(node)
    return tracer.speller.value(inner[0], env) if inner else ""


def _assignment(tracer: Tracer, node: Node, env: Env) -> None:
    right = node.child_by_field_name("right")
    if right is not None:
        value = tracer.speller.value(right, env)
        bind(tracer.speller, node.child_by_field_name("left"), value, env)


def _declared(tracer: Tracer, node: Node, env: Env) -> None:
    for each in children(node):
        value = each.child_by_field_name("value")
        if each.type == "variable_declarator" and value is not None:
            spelt = tracer.speller.value(value, env)
            bind(tracer.speller, each.child_by_field_name("name"), spelt, env)


def _assert(tracer: Tracer, node: Node, env: Env) -> None:
    inner = children(node)
    parts = conjuncts(inner[0]) if inner else []
    for condition in parts:
        tracer.note(tracer.speller.spell(condition, env), node if len(parts) == 1 else condition)


def conjuncts(node: Node) -> list[Node]:
    """The parts of `a and b`."""
    if node.type == "parenthesized_expression" and len(children(node)) == 1:
        return conjuncts(children(node)[0])
    operator = node.child_by_field_name("operator")
    is_and = operator is not None and operator.type in ("and", "&&")
    if node.type not in ("boolean_operator", "binary_expression") or not is_and:
        return [node]
    return [part for inner in children(node) for part in conjuncts(inner)]


def _if(tracer: Tracer, node: Node, env: Env) -> None:
    condition = tracer.speller.value(node.child_by_field_name("condition"), env)
    consequence = node.child_by_field_name("consequence")
    others = [each for each in node.children_by_field_name("alternative") if each is not None]
    if not others and fails(tracer, consequence):
        tracer.note(f"not[{condition}]", node)
        return
    first = _branch(tracer, consequence, env, f"if {condition}")
    ends, rest = [first], False
    before = dict(env)
    for other in others:
        rest = rest or other.type != "elif_clause"
        ends.append(_alternative(tracer, other, env, condition))
    if not rest:
        ends.append(False)
    for name in [each for each in env if before.get(each) != env[each]]:
        env[name] = f"either[{before.get(name, '')} {env[name]}]"
    tracer.speller.forget(env)
    tracer.ended = all(ends)
    if any(ends) and not tracer.ended and not _only_fails(tracer, [consequence, *others], ends):
        tracer.under = (*tracer.under, f"{WAY_OUT} {condition}")


def _only_fails(tracer: Tracer, blocks: list[Node | None], ends: list[bool]) -> bool:
    """Whether every branch that ends the test ends it with a failure."""
    return all(
        fails(tracer, each, last=True) for each, end in zip(blocks, ends, strict=False) if end
    )


def _alternative(tracer: Tracer, node: Node, env: Env, condition: str) -> bool:
    if node.type == "elif_clause":
        own = tracer.speller.value(node.child_by_field_name("condition"), env)
        return _branch(tracer, node.child_by_field_name("consequence"), env, f"elif {own}")
    body = node.child_by_field_name("body") or node
    return _branch(tracer, body, env, f"else {condition}")


def _branch(tracer: Tracer, block: Node | None, env: Env, under: str) -> bool:
    """Walks a block that may not be run; whether it ends the test."""
    with tracer.beneath(under):
        tracer.walk(block, env)
    ended, tracer.ended = tracer.ended, False
    return ended


def fails(tracer: Tracer, block: Node | None, *, last: bool = False) -> bool:
    """Whether a block does nothing but fail the test; with `last`, whether it ends so."""
    if block is None:
        return False
    inner = block.child_by_field_name("body") or block.child_by_field_name("consequence") or block
    listed = children(inner) if inner.type == "block" else [inner]
    if not listed or (len(listed) > 1 and not last):
        return False
    text = tracer.defined.source.of(listed[-1])
    return bool(_FAILS.match(text)) and not any(stop in text for stop in ("Skip", "skip"))


def _for(tracer: Tracer, node: Node, env: Env) -> None:
    right = node.child_by_field_name("right") or node.child_by_field_name("value")
    looped = tracer.speller.value(right, env)
    left = node.child_by_field_name("left") or node.child_by_field_name("name")
    bind(tracer.speller, left, f"item[{looped}]", env)
    sure = looped.startswith(_LITERALS) and not looped.endswith(("[]", "()"))
    _loop(tracer, node, env, "" if sure else f"for {looped}")


def _while(tracer: Tracer, node: Node, env: Env) -> None:
    condition = node.child_by_field_name("condition")
    sure = node.type == "do_statement"
    _loop(tracer, node, env, "" if sure else f"while {tracer.speller.value(condition, env)}")


def _loop(tracer: Tracer, node: Node, env: Env, under: str) -> None:
    before = dict(env)
    with tracer.beneath(under):
        tracer.walk(node.child_by_field_name("body"), env)
    if tracer.ended and under:
        tracer.under = (*tracer.under, f"{WAY_OUT} {under}")
    tracer.ended = False
    for name in [each for each in before if before[each] != env.get(each)]:
        env[name] = f"either[{before[name]} {env.get(name, '')}]"
    tracer.speller.forget(env)


def _leave(tracer: Tracer, _node: Node, _env: Env) -> None:
    tracer.ended = True


def _return(tracer: Tracer, node: Node, env: Env) -> None:
    given = _first(tracer, node, env)
    tracer.outcome = f"either[{tracer.outcome} {given}]" if tracer.outcome else given
    tracer.ended = True


def _raise(tracer: Tracer, node: Node, env: Env) -> None:
    tracer.speller.spell(node, env)
    tracer.ended = True


def _try(tracer: Tracer, node: Node, env: Env) -> None:
    clauses = [each for each in children(node) if each.type in ("except_clause", "catch_clause")]
    swallowing = [each for each in clauses if not fails(tracer, _handler(each), last=True)]
    swallowing += [each for each in children(node) if _leaves(each)]
    caught = [tracer.defined.source.of(each).split("\n")[0] for each in swallowing]
    resources = node.child_by_field_name("resources")
    for each in children(resources) if resources is not None else []:
        _resource(tracer, each, env)
    with tracer.beneath(f"{SWALLOWS} {caught[0]}" if caught else ""):
        tracer.walk(node.child_by_field_name("body"), env)
    ended, tracer.ended = tracer.ended, False
    for each in clauses:
        _branch(tracer, _handler(each), dict(env), "handler")
    for each in children(node):
        if each.type in ("finally_clause", "else_clause"):
            with tracer.beneath("handler" if each.type == "else_clause" and caught else ""):
                tracer.walk(_handler(each), env)
    tracer.ended = tracer.ended or (ended and not swallowing)


def _leaves(clause: Node) -> bool:
    """Whether a `finally` goes on elsewhere, whatever was raised."""
    if clause.type != "finally_clause":
        return False
    block = _handler(clause)
    return any(each.type in _LEAVING for each in (children(block) if block is not None else []))


def _resource(tracer: Tracer, node: Node, env: Env) -> None:
    value = node.child_by_field_name("value")
    if value is not None:
        spelt = tracer.speller.value(value, env)
        bind(tracer.speller, node.child_by_field_name("name"), spelt, env)


def _handler(clause: Node) -> Node | None:
    return next((each for each in children(clause) if each.type == "block"), None)


def _with(tracer: Tracer, node: Node, env: Env) -> None:
    under = ""
    items = [
        item
        for clause in children(node)
        if clause.type == "with_clause"
        for item in children(clause)
        if item.type == "with_item"
    ]
    for item in items:
        value = item.child_by_field_name("value")
        spelt = _entered(tracer, value, env) if value is not None else ""
        if _SUPPRESSING.search(spelt):
            under = f"{SWALLOWS} {spelt}"
        elif _RAISING.search(spelt):
            tracer.note(spelt, node)
            under = f"{SWALLOWS} {spelt}"
        elif _SOFT.search(spelt):
            under = "soft"
    with tracer.beneath(under):
        tracer.walk(node.child_by_field_name("body"), env)
    if under.startswith(SWALLOWS):
        tracer.ended = False


def _entered(tracer: Tracer, value: Node, env: Env) -> str:
    if value.type != "as_pattern":
        return tracer.speller.value(value, env)
    spelt = _first(tracer, value, env)
    alias = value.child_by_field_name("alias")
    for target in children(alias) if alias is not None else []:
        bind(tracer.speller, target, f"entered[{spelt}]", env)
    return spelt


def _choice(tracer: Tracer, node: Node, env: Env) -> None:
    """`match` and `switch`: every case is under a condition."""
    subject = node.child_by_field_name("subject") or node.child_by_field_name("condition")
    spelt = tracer.speller.value(subject, env)
    body = node.child_by_field_name("body")
    for case in children(body) if body is not None else []:
        inner = case.child_by_field_name("consequence")
        for each in [inner] if inner is not None else children(case):
            _branch(tracer, each, env, f"case {spelt}")


def _nested(tracer: Tracer, node: Node, env: Env) -> None:
    tracer.walk(node if node.type == "block" else None, env)
    if node.type != "block":
        for inner in children(node):
            if inner.type == "block":
                tracer.walk(inner, env)


_WALKERS: dict[str, Callable[[Tracer, Node, Env], None]] = {
    "expression_statement": _expression,
    "local_variable_declaration": _declared,
    "assert_statement": _assert,
    "if_statement": _if,
    "for_statement": _for,
    "enhanced_for_statement": _for,
    "while_statement": _while,
    "do_statement": _while,
    "return_statement": _return,
    "raise_statement": _raise,
    "throw_statement": _raise,
    "break_statement": _leave,
    "continue_statement": _leave,
    "try_statement": _try,
    "try_with_resources_statement": _try,
    "with_statement": _with,
    "match_statement": _choice,
    "switch_expression": _choice,
    "synchronized_statement": _nested,
    "block": _nested,
}
_SKIPPED = frozenset(
    {"function_definition", "decorated_definition", "class_definition", "pass_statement"}
    | {"import_statement", "import_from_statement", "global_statement", "class_declaration"}
)
