"""Python conditions to claims: what holds of an answer where an expression is true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pe4king_core.model.fact import (
    STATUS,
    InRange,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import (
    Claim,
    Claims,
    comparison,
    merged,
    strings,
    succeeded,
    truthy,
)
from pe4king_core.testcode.conditional import Circumstance, circumstance_of, joined
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.logic import any_of, negation
from pe4king_core.testcode.python.expressions import evaluate
from pe4king_core.testcode.python.predicates import (
    call_claims,
    decimal_multiple,
    format_parsed,
)
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Answer, Known, Measured, Part, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_NEGATED = {
    "==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is",
    "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_STATUS_FLAGS = {
    "is_success": (200, 299),
    "is_redirect": (300, 399),
    "is_client_error": (400, 499),
    "is_server_error": (500, 599),
    "is_error": (400, 599),
}


def claims_of(context: Context, node: Node) -> Claims:
    """What follows for answers from the expression `node` being true; empty where unclear."""
    with context.deeper() as worthwhile:
        if not worthwhile:
            return ()
        match node.type:
            case "parenthesized_expression" | "await":
                inner = children(node)
                return claims_of(context, inner[0]) if len(inner) == 1 else ()
            case "boolean_operator":
                return _boolean(context, node)
            case "not_operator":
                return _negated(context, node)
            case "comparison_operator":
                return merged(_comparison(context, node))
            case "call":
                return call_claims(context, node, claims_of)
            case "attribute":
                return _attribute(context, node)
        return truthy(evaluate(context, node))


def conjuncts(node: Node, word: str = "and") -> list[Node]:
    """The parts of `a and b and c` (or with "or"), in their order."""
    found: list[Node] = []
    pending = [node]
    while pending:
        current = pending.pop()
        inner = children(current)
        is_wrapped = current.type == "parenthesized_expression" and len(inner) == 1
        operator = current.child_by_field_name("operator")
        if is_wrapped and inner[0].type == "boolean_operator":
            pending.append(inner[0])
        elif current.type == "boolean_operator" and operator and operator.type == word:
            pending += inner[::-1]
        else:
            found.append(current)
    return found


def _boolean(context: Context, node: Node) -> Claims:
    operator = node.child_by_field_name("operator")
    word = operator.type if operator is not None else "and"
    parts = [claims_of(context, part) for part in conjuncts(node, word)]
    if word == "or":
        return any_of(parts)
    return tuple(each for part in parts for each in part)


def _negated(context: Context, node: Node) -> Claims:
    inner = node.child_by_field_name("argument")
    while inner is not None and inner.type == "parenthesized_expression":
        nested = children(inner)
        inner = nested[0] if len(nested) == 1 else None
    if inner is None:
        return ()
    if inner.type == "comparison_operator" and len(children(inner)) == 2:
        return _comparison(context, inner, negated=True)
    return negation(claims_of(context, inner))


def _comparison(context: Context, node: Node, *, negated: bool = False) -> Claims:
    operands = children(node)
    signs = [context.of(child) for child in node.children if not child.is_named]
    signs = _joined_signs(signs)
    found: list[Claim] = []
    values = [evaluate(context, each) for each in operands]
    for index, sign in enumerate(signs[: len(operands) - 1]):
        actual = _NEGATED.get(sign, sign) if negated else sign
        left, right = values[index], values[index + 1]
        found += _special(context, operands[index], left, actual, right) or comparison(
            left, actual, right
        )
    return tuple(found)


def _joined_signs(signs: Sequence[str]) -> list[str]:
    """Operators of two words come as one or as two tokens, by the grammar's version."""
    joined_signs = [" ".join(sign.split()) for sign in signs]
    return [sign for sign in joined_signs if sign]


def _special(context: Context, node: Node, left: Value, sign: str, right: Value) -> Claims:
    """Comparisons whose left side says more than its value."""
    if node.type == "call" and sign == "==" and isinstance(right, Part):
        inner = node.child_by_field_name("arguments")
        parses = children(inner) if inner is not None else []
        if len(parses) == 1 and parses[0].type == "call":
            return format_parsed(context, parses[0])
    if sign in ("<=", "<") and strings(left) and isinstance(right, Measured):
        return comparison(right, ">=", left)
    if node.type == "binary_operator" and sign == "==" and right == Known(0):
        return decimal_multiple(context, node)
    return ()


def _attribute(context: Context, node: Node) -> Claims:
    value = evaluate(context, node.child_by_field_name("object"))
    name = context.of(node.child_by_field_name("attribute"))
    if isinstance(value, Answer):
        if name == "ok":
            return (succeeded(value.call, redirects=context.client in ("", "requests")),)
        if name in _STATUS_FLAGS:
            low, high = _STATUS_FLAGS[name]
            return (Claim(value.call, STATUS, InRange(Bounds(low, high))),)
    return truthy(evaluate(context, node))


def circumstance(context: Context, node: Node) -> Circumstance:
    """What an `if` with the condition `node` says about the assertions under it."""
    parts = []
    for each in conjuncts(node):
        asks = each.type == "comparison_operator" and " in " in context.of(each)
        parts.append(circumstance_of(claims_of(context, each), asks_presence=asks))
    return joined(parts)
