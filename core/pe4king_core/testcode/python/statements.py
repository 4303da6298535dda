"""The statements of a test or helper, read in their order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pe4king_core.testcode.claims import Claim, Claims
from pe4king_core.testcode.conditional import Circumstance
from pe4king_core.testcode.python.arguments import calls_in, latest_call, part_of, read_arguments
from pe4king_core.testcode.python.binding import (
    CHANGING,
    assignment,
    bind,
    changed_by_method,
    members,
    remove,
)
from pe4king_core.testcode.python.branches import (
    is_collector,
    read_for,
    read_if,
    read_match,
    read_try,
    read_while,
    read_with,
)
from pe4king_core.testcode.python.checks import is_assertion, unittest_claims
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import (
    Bound,
    Class,
    Fluent,
    Function,
    Instance,
    Library,
    Made,
    Partial,
    Truth,
)
from pe4king_core.testcode.python.predicates import format_parsed
from pe4king_core.testcode.python.truths import claims_of, conjuncts
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Known,
    Part,
    Unknown,
    Value,
    call_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_NESTING = 40
_MENTIONED = 60
"""So many expressions of an assertion are looked at for the call that it speaks of."""
_WRAPPING = frozenset(
    {"comparison_operator", "boolean_operator", "not_operator", "parenthesized_expression"}
    | {"tuple", "list", "set", "argument_list"}
)


def read_block(frame: Frame, block: Node | None) -> None:
    """All statements of `block`; what follows an early `return` is made under a condition."""
    if block is None or len(frame.blocks) > _NESTING:
        return
    frame.blocks.append(block.id)
    entered: Circumstance | None = frame.gap
    with ExitStack() as stack:
        for statement in children(block):
            if frame.ended:
                break
            reader = _READERS.get(statement.type)
            with frame.recorder.inside(block.id, frame.source.span(statement)):
                if reader is not None:
                    reader(frame, statement)
                elif statement.type not in _SKIPPED:
                    frame.value(statement)
            if frame.gap is not None and frame.gap is not entered:
                entered = frame.gap
                stack.enter_context(frame.recorder.under(entered))
    frame.blocks.pop()


def _expression(frame: Frame, node: Node) -> None:
    for inner in children(node):
        if inner.type == "assignment":
            assignment(frame, inner)
        elif inner.type == "augmented_assignment":
            _augmented(frame, inner)
        elif inner.type == "yield":
            _yield(frame, inner)
        else:
            _bare(frame, inner)


def _augmented(frame: Frame, node: Node) -> None:
    left = node.child_by_field_name("left")
    value = frame.value(node.child_by_field_name("right"))
    before = frame.value(left)
    bind(frame, left, Unknown(call_of(before) or call_of(value)))


def _yield(frame: Frame, node: Node) -> None:
    """A fixture or context manager has given its value; what follows comes after the test."""
    inner = children(node)
    frame.outcomes.append(frame.value(inner[0]) if inner else Known(None))
    frame.ended = True


def _return(frame: Frame, node: Node) -> None:
    inner = children(node)
    value = frame.value(inner[0]) if inner else Known(None)
    frame.outcomes.append(value)
    frame.ended = True


def _raise(frame: Frame, node: Node) -> None:
    frame.value(children(node)[0] if children(node) else None)
    frame.ended = True


def _leave(frame: Frame, _node: Node) -> None:
    """`break` and `continue`: nothing that follows in the loop's round is run."""
    frame.ended = True


def _define(frame: Frame, node: Node) -> None:
    """A function or class inside of a function."""
    definition = node.child_by_field_name("definition") or node
    name_node = definition.child_by_field_name("name")
    name = frame.of(name_node)
    decorators = tuple(each for each in children(node) if each.type == "decorator")
    if definition.type == "class_definition":
        frame.names[name] = Class(name, frame.module, definition, frame.source, decorators, frame)
    else:
        frame.names[name] = Function(
            name, frame.module, definition, frame.source, decorators, frame, frame.owner
        )


def _bare(frame: Frame, node: Node) -> None:
    """An expression that stands alone: an assertion of some library, a parse, or a call."""
    inner = children(node)[0] if node.type == "await" and children(node) else node
    if inner.type != "call":
        frame.value(node)
        return
    count = len(frame.recorder.assertions)
    value = frame.value(inner)
    if len(frame.recorder.assertions) != count or frame.silent:
        return
    function = inner.child_by_field_name("function")
    name = frame.of(function).rpartition(".")[2]
    holder = function.child_by_field_name("object") if function is not None else None
    target = frame.value(holder)
    span = frame.source.span(node)
    if name in CHANGING and holder is not None:
        changed_by_method(frame, inner, name)
    elif name == "validate" and isinstance(part := _first_part(frame, inner), Part):
        claims: Claims = (Claim(part.call, part.subject),)
        frame.recorder.claim(span, claims, library=_validator(target))
    elif is_assertion(name) and not isinstance(value, Answer) and _may_assert(frame, function):
        claims, call = _assertion(frame, inner, name)
        library = "unittest" if name.startswith("assert") and holder is not None else ""
        frame.recorder.claim(span, claims, call, library=library)
    elif name in ("fail", "skip", "xfail", "exit") and isinstance(target, Library | Instance):
        frame.ended = True
    else:
        claims = format_parsed(frame, inner)
        if claims:
            frame.recorder.claim(span, claims)


def _first_part(frame: Frame, node: Node) -> Value:
    return part_of(read_arguments(frame, node).value(0))


def _validator(target: Value) -> str:
    return "jsonschema" if isinstance(target, Made) and target.by.root == "jsonschema" else ""


def _may_assert(frame: Frame, function: Node | None) -> bool:
    """Whether a call that is named like an assertion may be one."""
    target = frame.value(function)
    if isinstance(target, Fluent | Truth):
        return False
    if isinstance(target, Function | Partial) or (isinstance(target, Bound) and target.method):
        return not _seen_through(target)
    return True


def _seen_through(target: Value) -> bool:
    """Whether a helper was read and asserts nothing."""
    function = target.method if isinstance(target, Bound) else target
    if not isinstance(function, Function):
        return False
    text = function.source.of(function.node)
    return "assert" not in text.partition(":")[2] and "raise" not in text


def _assertion(frame: Frame, node: Node, name: str) -> tuple[Claims, str | None]:
    """The claims of the assertion call `node`, and the call that it speaks of."""
    arguments = read_arguments(frame, node)
    return unittest_claims(name, arguments), latest_call(frame, arguments)


def _assert(frame: Frame, node: Node) -> None:
    parts = children(node)
    if not parts:
        return
    conditions = conjuncts(parts[0])
    for condition in conditions:
        span = frame.source.span(node if len(conditions) == 1 else condition)
        count = len(frame.recorder.assertions)
        claims = claims_of(frame, condition)
        if not claims and len(frame.recorder.assertions) != count:
            continue
        call = None if claims else mentioned_call(frame, condition)
        if not claims and call is None and (frame.recorder.level or is_collector(frame, condition)):
            # It speaks of the helper's own things, or of failures that were told already.
            continue
        if not frame.silent:
            frame.recorder.claim(span, claims, call, library="assert", soft=frame.soft)


def mentioned_call(frame: Frame, node: Node) -> str | None:
    """The last of the calls that something inside `node` comes from."""
    found: set[str] = set()
    pending = [node]
    for _ in range(_MENTIONED):
        if not pending:
            break
        current = pending.pop()
        if current.type in _WRAPPING:
            pending += children(current)
            continue
        spoken = set(calls_in([frame.value(current)]))
        found |= spoken
        if not spoken:
            pending += _parts(current)
        elif current.type == "call":
            given = current.child_by_field_name("arguments")
            pending += [given] if given is not None else []
    return frame.recorder.latest(found)


def _parts(node: Node) -> list[Node]:
    """The expressions inside of `node`; names of members and parameters are none."""
    match node.type:
        case "attribute":
            return [each for each in [node.child_by_field_name("object")] if each is not None]
        case "keyword_argument":
            return [each for each in [node.child_by_field_name("value")] if each is not None]
        case "lambda" | "for_in_clause":
            return []
    return children(node)


def _delete(frame: Frame, node: Node) -> None:
    for inner in children(node):
        for target in members(inner):
            if target.type == "subscript":
                remove(frame, target)
            else:
                bind(frame, target, UNKNOWN)


_READERS: dict[str, Callable[[Frame, Node], None]] = {
    "expression_statement": _expression,
    "assert_statement": _assert,
    "return_statement": _return,
    "raise_statement": _raise,
    "break_statement": _leave,
    "continue_statement": _leave,
    "function_definition": _define,
    "class_definition": _define,
    "decorated_definition": _define,
    "for_statement": read_for,
    "while_statement": read_while,
    "if_statement": read_if,
    "try_statement": read_try,
    "with_statement": read_with,
    "match_statement": read_match,
    "delete_statement": _delete,
}
_SKIPPED = frozenset(
    {"import_statement", "import_from_statement", "pass_statement", "global_statement"}
    | {"nonlocal_statement"}
)
