"""Lambdas given to methods of libraries: run here and now, expected to fail, or nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pe4king_core.testcode.conditional import OPAQUE
from pe4king_core.testcode.java.answers import each_of
from pe4king_core.testcode.java.expressions import arguments, bound_lambda, evaluate
from pe4king_core.testcode.java.inlining import lambda_parameters, run_body
from pe4king_core.testcode.java.objects import Collector, Lambda, listed
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.reasons import DEFERRED, LOOP, RAISES
from pe4king_core.testcode.values import UNKNOWN, Unknown, Value, call_of

if TYPE_CHECKING:
    from tree_sitter import Node

CALLS = frozenset(
    {"get", "run", "apply", "accept", "call", "execute", "test", "invoke"}
    | {"getAsBoolean", "getAsInt", "getAsLong", "getAsDouble"}
)
"""The methods of functional interfaces."""
_ONCE = frozenset(
    {"step", "assertAll", "assertSoftly", "assertDoesNotThrow", "assertTimeout"}
    | {"assertTimeoutPreemptively", "group", "parameter", "softly", "assertThatCode"}
    | {"assertThatNoException", "assertThatNoError"}
)
_RAISING = frozenset(
    {"assertThrows", "assertThrowsExactly", "expectThrows", "assertThatThrownBy", "catchThrowable"}
    | {"assertThatExceptionOfType", "isThrownBy", "thenThrownBy", "catchThrowableOfType"}
)
_REPEATED = frozenset({"forEach", "untilAsserted", "until", "ifPresent", "range", "waitUntil"})


def is_immediate(name: str, node: Node) -> bool:
    """Whether the method runs the lambdas that it is given, at once and in their order."""
    if name not in _ONCE | _RAISING | _REPEATED:
        return False
    return any(each.type in ("lambda_expression", "method_reference") for each in arguments(node))


def run(context: Context, node: Node, name: str, target: Value | None) -> Value:
    """Reads the lambdas among the arguments of the call `node`; gives what the last one gives."""
    recorder = context.recorder
    found: Value = UNKNOWN
    with ExitStack() as stack:
        if name in _RAISING:
            recorder.claim(context.source.span(node), ())
            stack.enter_context(recorder.troubled(RAISES))
            stack.enter_context(recorder.under(OPAQUE))
        elif name in _REPEATED:
            stack.enter_context(recorder.troubled(LOOP))
        for each in arguments(node):
            if each.type == "method_reference":
                found = bound_lambda(context, Lambda(context, each), _given(name, target))
            elif each.type != "lambda_expression":
                evaluate(context, each)
            else:
                found = _read(context, each, name, target)
    return found


def _given(name: str, target: Value | None) -> Sequence[Value]:
    """What a method reference gets that is run here."""
    if name not in ("forEach", "ifPresent") or target is None:
        return ()
    item = each_of(target) if name == "forEach" else target
    return (item if listed(target) is not None else Unknown(call_of(target)),)


def _read(context: Context, node: Node, name: str, target: Value | None) -> Value:
    inner = context.closure()
    inner.made = context.made
    names = lambda_parameters(context, node)
    if name in ("assertSoftly", "softly") and names:
        inner.names[names[0]] = Collector("assertj", names[0])
    elif name in ("forEach", "ifPresent") and names and target is not None:
        inner.names[names[0]] = _given(name, target)[0]
    return run_body(inner, node.child_by_field_name("body"))


def unseen(context: Context, values: Sequence[Value]) -> None:
    """Lambdas given to a method that cannot be seen: what they do may happen, or may not."""
    recorder = context.recorder
    for value in values:
        if isinstance(value, Lambda) and value.node.type == "lambda_expression":
            with recorder.troubled(DEFERRED), recorder.under(OPAQUE):
                bound_lambda(value.context, value, ())
