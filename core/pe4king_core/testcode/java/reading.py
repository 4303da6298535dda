"""The reader of Java code as those see it who read expressions; see `scope.Reader`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pe4king_core.testcode.claims import Claims
from pe4king_core.testcode.java import assertions, creations, invocations
from pe4king_core.testcode.java.binding import assign
from pe4king_core.testcode.java.expressions import evaluate
from pe4king_core.testcode.java.objects import (
    Collector,
    Lambda,
)
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.statements import read_block, read_switch
from pe4king_core.testcode.java.truths import decided, lambda_claims
from pe4king_core.testcode.values import (
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node


class CodeReader:
    """Reads statements, conditions and assertions for those who read expressions."""

    def block(self, context: Context, block: Node | None) -> None:
        """The statements of a block; an expression is what the body gives."""
        if block is None:
            return
        if block.type in ("block", "constructor_body"):
            read_block(context, block)
        elif block.type == "assignment_expression":
            assign(context, block)
        elif block.type == "switch_expression":
            read_switch(context, block)
        else:
            with context.recorder.inside(block.id, context.source.span(block)):
                value = evaluate(context, block)
                context.returns.append(value)
                assertions.record_parsed(context, block, value, evaluate)

    def invoked(self, context: Context, node: Node) -> Value:
        """The value of a chain of method calls."""
        return invocations.invoked(context, node)

    def created(self, context: Context, node: Node) -> Value:
        """The value of `new X(...)`."""
        return creations.created(context, node)

    def referred(self, function: Lambda, values: Sequence[Value]) -> Value:
        """What a method reference gives for `values`."""
        return invocations.referred(function, list(values))

    def assertion(
        self, context: Context, node: Node, name: str, receiver: str, collector: Collector | None
    ) -> Value:
        """Records what an assertion method claims."""
        return assertions.record(context, node, name, receiver, evaluate, collector)

    def conditions(self, context: Context, function: Lambda, values: Sequence[Value]) -> Claims:
        """What holds of `values` where a lambda gives true."""
        return lambda_claims(context, function, values)

    def decided(self, context: Context, node: Node | None) -> bool | None:
        """Whether a condition is true whatever the server answers."""
        return decided(context, node)
