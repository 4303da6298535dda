"""Branches and loops: what is done under which condition, and what is known behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from pe4king_core.testcode.claims import Claims
from pe4king_core.testcode.conditional import OPAQUE, Circumstance
from pe4king_core.testcode.python.binding import bind, bind_name, merged_names
from pe4king_core.testcode.python.checks import is_assertion
from pe4king_core.testcode.python.classes import attribute
from pe4king_core.testcode.python.containers import columns, rounds
from pe4king_core.testcode.python.deciding import decided
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.inlining import called_value
from pe4king_core.testcode.python.objects import Arguments, Bound, Instance, Library
from pe4king_core.testcode.python.patterns import bind_pattern
from pe4king_core.testcode.python.predicates import called
from pe4king_core.testcode.python.truths import circumstance, negated_claims
from pe4king_core.testcode.reasons import LOOP, RAISES
from pe4king_core.testcode.syntax import children, walk
from pe4king_core.testcode.values import Answer, Value, call_of

if TYPE_CHECKING:
    from tree_sitter import Node

_RAISING = frozenset({"raises", "assertRaises", "assertRaisesRegex"})
_CLAUSES = frozenset({"elif_clause", "else_clause", "except_clause", "finally_clause"})
_COLLECTED = re.compile(r"\.append\(")
_CALLED = re.compile(r"\b(?:AssertionError|fail)\b")


def read_if(frame: Frame, node: Node) -> None:
    """`if`: one branch where the condition is known, else both, each under its condition."""
    condition = node.child_by_field_name("condition")
    consequence = node.child_by_field_name("consequence")
    outcome = decided(frame, condition)
    if outcome is True:
        frame.run(consequence)
        return
    clauses = [each for each in children(node) if each.type in ("elif_clause", "else_clause")]
    if outcome is False:
        _alternatives(frame, clauses)
        return
    if condition is not None and not clauses and _fails(frame, consequence):
        _asserted(frame, node, condition, consequence)
        return
    around = circumstance(frame, condition) if condition is not None else OPAQUE
    before = dict(frame.names)
    _branch(frame, consequence, around)
    first, first_ended = frame.names, frame.ended
    frame.names, frame.ended = dict(before), False
    if clauses:
        with frame.recorder.under(OPAQUE):
            _alternatives(frame, clauses)
    second_ended = frame.ended
    alive = [
        names for names, ended in ((first, first_ended), (frame.names, second_ended)) if not ended
    ]
    frame.names = merged_names(frame, before, alive or [frame.names])
    frame.ended = first_ended and second_ended
    if first_ended is not second_ended:
        ends = consequence if first_ended else clauses[0] if clauses else None
        if not _raises(frame, ends):
            frame.gap = OPAQUE if frame.gap is None else Circumstance(opaque=True)


def _branch(frame: Frame, block: Node | None, around: Circumstance) -> None:
    with frame.recorder.under(around):
        frame.run(block)


def _alternatives(frame: Frame, clauses: list[Node]) -> None:
    """The `elif` and `else` behind an `if` that does not hold."""
    before = dict(frame.names)
    ends: list[dict[str, Value]] = []
    all_ended = True
    for clause in clauses:
        if clause.type == "else_clause":
            frame.names = dict(before)
            frame.run(clause.child_by_field_name("body"))
            ends += [] if frame.ended else [frame.names]
            frame.ended = all_ended = frame.ended and all_ended
            frame.names = merged_names(frame, before, ends or [frame.names])
            return
        outcome = decided(frame, clause.child_by_field_name("condition"))
        if outcome is False:
            continue
        frame.names = dict(before)
        with frame.recorder.under(OPAQUE if outcome is None else Circumstance()):
            frame.run(clause.child_by_field_name("consequence"))
        ends += [] if frame.ended else [frame.names]
        all_ended = all_ended and frame.ended
        ended, frame.ended = frame.ended, False
        if outcome is True:
            frame.ended = ended and all_ended
            frame.names = merged_names(frame, before, ends or [frame.names])
            return
    frame.names = merged_names(frame, before, [*ends, before])


def _fails(frame: Frame, block: Node | None) -> bool:
    """Whether a block does nothing but end the test, or note a failure."""
    statements = children(block) if block is not None else []
    if len(statements) != 1:
        return False
    return _raises(frame, block) or bool(_collector(frame, statements[0]))


def _raises(frame: Frame, block: Node | None) -> bool:
    """Whether a block ends in an error or a failure."""
    if block is None:
        return False
    if block.type in _CLAUSES:
        block = block.child_by_field_name("body") or block.child_by_field_name("consequence")
    statements = children(block) if block is not None else []
    if not statements:
        return False
    last = statements[-1]
    if last.type == "raise_statement":
        return True
    text = frame.of(last)
    return bool(re.match(r"(?:pytest|self)\.(?:fail|skip|xfail)\(", text))


def _collector(frame: Frame, statement: Node) -> str:
    """The list to which a failure is added that the test looks at later, if it is one."""
    text = frame.of(statement)
    found = re.match(r"([\w.]+)\.append\(", text)
    if found is None:
        return ""
    name = found.group(1)
    whole = frame.around()
    tested = re.search(
        rf"assert\s+not\s+{re.escape(name)}\b|if\s+{re.escape(name)}\s*:|"
        rf"assert\s+{re.escape(name)}\s*==\s*\[\]|assert\s+len\({re.escape(name)}\)\s*==\s*0",
        whole,
    )
    return name if tested else ""


def is_collector(frame: Frame, condition: Node) -> bool:
    """Whether a condition only asks whether failures were collected, which were told already."""
    text = frame.of(condition)
    found = re.fullmatch(
        r"(?:not\s+([\w.]+)|([\w.]+)\s*==\s*\[\]|len\(([\w.]+)\)\s*==\s*0)", text.strip("()")
    )
    name = next(filter(None, found.groups()), "") if found else ""
    return bool(name) and f"{name}.append(" in frame.around()


def _asserted(frame: Frame, node: Node, condition: Node, block: Node | None) -> None:
    """`if response.status_code != 200: raise AssertionError(...)`."""
    value = frame.value(condition)
    claims: Claims = negated_claims(frame, condition)
    call = call_of(value)
    if frame.silent or (not claims and call is None):
        return
    statements = children(block) if block is not None else []
    text = frame.of(block)
    if re.match(r"(?:pytest|self)\.skip\(", text):
        return
    collector = _collector(frame, statements[0]) if statements else ""
    soft = frame.session.receiver if frame.recorder.level else collector
    library = "unittest" if text.startswith("self.fail") else "assert"
    frame.recorder.claim(
        frame.source.span(node), claims, call, library=library, soft=soft if collector else ""
    )


def read_for(frame: Frame, node: Node) -> None:
    """`for`: unrolled where it only asserts over written values, else read once."""
    left, body = node.child_by_field_name("left"), node.child_by_field_name("body")
    looped = frame.value(node.child_by_field_name("right"))
    found, literal = rounds(frame, left, looped)
    before = dict(frame.names)
    with frame.recorder.troubled(LOOP):
        if literal and _only_asserts(frame, body):

            def read() -> None:
                frame.run(body)
                frame.ended = False

            if frame.rounds(found, read) is not None:
                return
        for names in found[:1] if not literal else [columns(found)]:
            _named(frame, names)
        if found:
            frame.run(body)
        frame.ended, frame.gap = False, None
        _clauses(frame, node)
    frame.names = merged_names(frame, before, [before, frame.names])


def _named(frame: Frame, names: dict[str, Value]) -> None:
    for name, value in names.items():
        bind_name(frame, name, value)


def _only_asserts(frame: Frame, body: Node | None) -> bool:
    """Whether a loop's body sends nothing itself."""
    for each in children(body) if body is not None else []:
        inner = children(each)[0] if each.type == "expression_statement" else each
        if each.type == "with_statement":
            if not _only_asserts(frame, each.child_by_field_name("body")):
                return False
        elif inner.type == "call":
            name = frame.of(inner.child_by_field_name("function")).rpartition(".")[2]
            holder = frame.of(inner.child_by_field_name("function")).partition(".")[0]
            if not (is_assertion(name) or "check" in holder or "soft" in holder):
                return False
        elif inner.type == "assignment":
            right = inner.child_by_field_name("right")
            if right is None or any(each.type == "call" for each in walk(right)):
                return False
        elif each.type == "if_statement":
            if not _only_asserts(frame, each.child_by_field_name("consequence")):
                return False
        elif each.type not in ("assert_statement", "continue_statement", "pass_statement"):
            return False
    return body is not None


def read_while(frame: Frame, node: Node) -> None:
    """`while`: how often is not known."""
    before = dict(frame.names)
    with frame.recorder.troubled(LOOP), frame.recorder.under(OPAQUE):
        frame.value(node.child_by_field_name("condition"))
        frame.run(node.child_by_field_name("body"))
        frame.ended, frame.gap = False, None
        _clauses(frame, node)
    frame.names = merged_names(frame, before, [before, frame.names])


def _clauses(frame: Frame, node: Node) -> None:
    for clause in children(node):
        if clause.type in _CLAUSES:
            for inner in children(clause):
                if inner.type == "block":
                    frame.run(inner)


def read_try(frame: Frame, node: Node) -> None:
    """`try`: its body, then what is done for errors, under a condition."""
    before = dict(frame.names)
    frame.run(node.child_by_field_name("body"))
    after, ended = dict(frame.names), frame.ended
    ends = [] if ended else [after]
    handlers_ended = True
    for clause in children(node):
        if clause.type not in _CLAUSES:
            continue
        inner = next((each for each in children(clause) if each.type == "block"), None)
        frame.ended = False
        if clause.type == "finally_clause":
            frame.names = merged_names(frame, before, ends or [after])
            if not ended:
                frame.run(inner)
            continue
        frame.names = dict(after)
        with frame.recorder.under(OPAQUE):
            frame.run(inner)
        if clause.type == "except_clause":
            handlers_ended = handlers_ended and frame.ended
            if not frame.ended:
                ends.append(frame.names)
    frame.names = merged_names(frame, before, ends or [after])
    frame.ended = ended and handlers_ended


def read_with(frame: Frame, node: Node) -> None:
    """`with`: contexts are entered, then the body is read."""
    body = node.child_by_field_name("body")
    soft = frame.soft
    with ExitStack() as stack:
        for item in _with_items(node):
            inner = item.child_by_field_name("value")
            if inner is not None:
                _enter(frame, inner, body, stack)
        frame.run(body)
    frame.soft = soft


def _with_items(node: Node) -> list[Node]:
    return [
        item
        for clause in children(node)
        if clause.type == "with_clause"
        for item in children(clause)
        if item.type == "with_item"
    ]


def _enter(frame: Frame, node: Node, body: Node | None, stack: ExitStack) -> None:
    alias = None
    if node.type == "as_pattern":
        parts = children(node)
        alias = node.child_by_field_name("alias")
        node = parts[0] if parts else node
    value = frame.value(node)
    if node.type == "call":
        name, _ = called(frame, node)
        if name in _RAISING:
            stack.enter_context(frame.recorder.troubled(RAISES))
            stack.enter_context(_failing(frame, node))
    if isinstance(value, Library) and value.name.startswith("pytest_check"):
        frame.soft = "check"
    if alias is None or not children(alias) or body is None:
        return
    target = children(alias)[0]
    entered = _entered(frame, value, node)
    bind(frame, target, entered)
    if isinstance(entered, Answer):
        statements = children(body)
        end = frame.source.span(statements[-1] if statements else body).end
        frame.recorder.move_block(entered.call, body.id, end)


@contextmanager
def _failing(frame: Frame, node: Node) -> Iterator[None]:
    """`pytest.raises(...)`: what its body asserts must not hold; nothing is known of how."""
    recorder = frame.recorder
    count = len(recorder.assertions)
    drafts = set(recorder.drafts)
    yield
    inside = recorder.assertions[count:]
    del recorder.assertions[count:]
    calls = [each.call for each in inside] + [
        each for each in recorder.drafts if each not in drafts
    ]
    if not frame.silent:
        recorder.claim(frame.source.span(node), (), next(filter(None, calls), None))


def _entered(frame: Frame, value: Value, node: Node) -> Value:
    """What `with value as x` binds to x."""
    for name in ("__enter__", "__aenter__") if isinstance(value, Instance) else ():
        method = attribute(frame, value, name, node)
        if isinstance(method, Bound) and method.method is not None:
            return called_value(frame, method, Arguments(), node) or value
    return value


def read_match(frame: Frame, node: Node) -> None:
    """`match`: each case is made under a condition that we do not follow."""
    before = dict(frame.names)
    ends = [before]
    with frame.recorder.under(OPAQUE):
        subject = frame.value(node.child_by_field_name("subject"))
        for clause in children(node.child_by_field_name("body") or node):
            frame.names = dict(before)
            for pattern in children(clause):
                if pattern.type == "case_pattern":
                    bind_pattern(frame, pattern, subject)
            frame.run(clause.child_by_field_name("consequence"))
            ends.append(frame.names)
            frame.ended = False
    frame.names = merged_names(frame, before, ends)
