"""Java conditions to claims: what holds of an answer where an expression is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.fact import Contains, Matches
from pe4king_core.testcode.claims import Claims, child, claim, comparison, operand
from pe4king_core.testcode.conditional import Circumstance, circumstance_of, joined
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.formats import prefix
from pe4king_core.testcode.java.closures import pattern_check
from pe4king_core.testcode.java.expressions import arguments, evaluate
from pe4king_core.testcode.logic import any_of, negation
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Headers, Known, Measure, Measured, Part, Value, plain

if TYPE_CHECKING:
    from tree_sitter import Node


def claims_of(context: Context, node: Node | None) -> Claims:
    """What follows for answers from the expression `node` being true; empty where unclear."""
    if node is None:
        return ()
    with context.deeper() as worthwhile:
        if not worthwhile:
            return ()
        match node.type:
            case "parenthesized_expression":
                inner = children(node)
                return claims_of(context, inner[0]) if len(inner) == 1 else ()
            case "binary_expression":
                return _binary(context, node)
            case "unary_expression" if context.of(node).startswith("!"):
                return negation(claims_of(context, node.child_by_field_name("operand")))
            case "instanceof_expression":
                return ()
            case "method_invocation":
                return _method(context, node)
        value = evaluate(context, node)
        return comparison(value, "==", Known(True))


def _binary(context: Context, node: Node) -> Claims:
    sign = context.of(node.child_by_field_name("operator"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if sign == "&&":
        return (*claims_of(context, left), *claims_of(context, right))
    if sign == "||":
        return any_of([claims_of(context, part) for part in operands(node, "||")])
    return comparison(evaluate(context, left), sign, evaluate(context, right))


def _method(context: Context, node: Node) -> Claims:
    name = context.of(node.child_by_field_name("name"))
    target = evaluate(context, node.child_by_field_name("object"))
    values = [evaluate(context, each) for each in arguments(node)]
    if name == "equals" and len(values) == 2:
        return comparison(values[0], "==", values[1])
    if name in ("equals", "contentEquals") and len(values) == 1:
        return comparison(target, "==", values[0])
    if name == "contains" and len(values) == 1 and isinstance(plain(target), Known):
        return comparison(values[0], "in", plain(target))
    if name == "hasHeaderWithName" and isinstance(target, Headers) and values:
        return comparison(values[0], "in", target)
    if isinstance(target, Part):
        return _of_part(target, name, values)
    return comparison(evaluate(context, node), "==", Known(True))


def _of_part(part: Part, name: str, values: list[Value]) -> Claims:
    first = plain(values[0]) if values else None
    text = first.value if isinstance(first, Known) and isinstance(first.value, str) else None
    match name:
        case "isEmpty":
            return comparison(Measured(part, Measure.LENGTH), "==", Known(0))
        case "isBlank":
            return (claim(part, None),)
        case "contains" if values:
            found = operand(values[0], part.call)
            return (claim(part, Contains(found) if found is not None else None),)
        case "containsKey" if text is not None:
            return (claim(child(part, text), None),)
        case "startsWith" | "endsWith" if text is not None:
            return (claim(part, Matches(prefix(text, end=name == "endsWith"))),)
        case "matches" if text is not None:
            return (claim(part, pattern_check(text)),)
        case "getBoolean" | "get" | "getAsBoolean":
            return ()
    return (claim(part, None),)


def circumstance(context: Context, node: Node) -> Circumstance:
    """What an `if` with the condition `node` says about the assertions under it."""
    parts = []
    for each in operands(node, "&&"):
        asks = "containsKey" in context.of(each)
        parts.append(circumstance_of(claims_of(context, each), asks_presence=asks))
    return joined(parts)


def operands(node: Node, sign: str) -> list[Node]:
    """The parts of `a && b && c` (or with another `sign`), in their order."""
    found: list[Node] = []
    pending = [node]
    while pending:
        current = pending.pop()
        inner = children(current)
        operator = current.child_by_field_name("operator")
        if current.type == "parenthesized_expression" and len(inner) == 1:
            pending.append(inner[0])
        elif operator is not None and operator.type == sign:
            pending += inner[::-1]
        else:
            found.append(current)
    return found
