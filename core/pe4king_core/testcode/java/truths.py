"""Java conditions: what holds of an answer where one is true, and those decided by the code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import Contains, HasSize, HasType, Matches, Presence
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.testcode.claims import Claims, child, claim, comparison, operand
from pe4king_core.testcode.conditional import Circumstance, circumstance_of, joined
from pe4king_core.testcode.formats import prefix
from pe4king_core.testcode.java.answers import each_of
from pe4king_core.testcode.java.closures import closed, instance_of, pattern_check
from pe4king_core.testcode.java.expressions import arguments, bound_lambda, evaluate
from pe4king_core.testcode.java.inlining import lambda_parameters
from pe4king_core.testcode.java.objects import (
    Instance,
    Lambda,
    Stated,
    Typed,
    bare,
)
from pe4king_core.testcode.java.sameness import same
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.logic import any_of, negation, weakened
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    Collected,
    Fallback,
    Headers,
    Known,
    Measure,
    Measured,
    Part,
    Value,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node


_NODE_TYPES = {
    "isBoolean": JsonType.BOOLEAN, "isTextual": JsonType.STRING, "isNumber": JsonType.NUMBER,
    "isInt": JsonType.INTEGER, "isArray": JsonType.ARRAY, "isObject": JsonType.OBJECT,
    "isIntegralNumber": JsonType.INTEGER, "isJsonArray": JsonType.ARRAY,
    "isJsonObject": JsonType.OBJECT,
}  # fmt: skip
"""What Jackson's and Gson's trees are asked for."""


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
                return denied(context, node.child_by_field_name("operand"))
            case "instanceof_expression":
                part = bare(evaluate(context, node.child_by_field_name("left")))
                kind = context.of(node.child_by_field_name("right"))
                return instance_of(part, kind) if isinstance(part, Part) and kind else ()
            case "method_invocation":
                return _method(context, node)
        return claims_of_value(bare(evaluate(context, node)))


def denied(context: Context, node: Node | None) -> Claims:
    """What follows from the expression `node` being false."""
    while node is not None and node.type == "parenthesized_expression" and children(node):
        node = children(node)[0]
    if node is None:
        return ()
    name = context.of(node.child_by_field_name("name"))
    if node.type == "method_invocation" and name == "isBlank" and not arguments(node):
        part = bare(evaluate(context, node.child_by_field_name("object")))
        if isinstance(part, Part):
            return (claim(part, HasSize(Bounds(low=1))),)
    return negation(claims_of(context, node))


def claims_of_value(value: Value) -> Claims:
    """What follows from `value` being true."""
    if isinstance(value, Stated):
        return negation(value.claims) if value.denied else value.claims
    return comparison(value, "==", Known(True))


def _binary(context: Context, node: Node) -> Claims:
    sign = context.of(node.child_by_field_name("operator"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if sign == "&&":
        return (*claims_of(context, left), *claims_of(context, right))
    if sign == "||":
        return any_of([claims_of(context, part) for part in operands(node, "||")])
    return comparison(bare(evaluate(context, left)), sign, bare(evaluate(context, right)))


def _method(context: Context, node: Node) -> Claims:
    name = context.of(node.child_by_field_name("name"))
    whole = evaluate(context, node.child_by_field_name("object"))
    if isinstance(whole, Typed | Instance):
        value = bare(evaluate(context, node))
        if isinstance(value, Part | Stated | Known):
            return claims_of_value(value)
    target = bare(whole)
    if name in ("allMatch", "anyMatch", "noneMatch"):
        return _matching(context, node, name)
    values = [bare(evaluate(context, each)) for each in arguments(node)]
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
    return claims_of_value(bare(evaluate(context, node)))


def _matching(context: Context, node: Node, name: str) -> Claims:
    """`items.stream().allMatch(item -> ...)`."""
    target = evaluate(context, node.child_by_field_name("object"))
    nodes = arguments(node)
    plain_target = bare(target)
    if len(nodes) != 1 or not isinstance(plain_target, Part | Collected):
        return ()
    function = evaluate(context, nodes[0])
    if not isinstance(function, Lambda):
        return ()
    item = each_of(target)
    inside = lambda_claims(context, function, [item])
    if name == "allMatch":
        return inside or _there(plain_target)
    if name == "anyMatch":
        found = closed(plain_target, "any", bare(item), inside)
        return found if isinstance(found, tuple) else ()
    return weakened(inside) or _there(plain_target)


def _there(value: Part | Collected) -> Claims:
    part = value.array if isinstance(value, Collected) else value
    return (replace(claim(part, None), presence=Presence.IF_PRESENT),)


def lambda_claims(context: Context, function: Lambda, values: Sequence[Value]) -> Claims:
    """What holds of `values` where the lambda gives true."""
    if function.node.type != "lambda_expression":
        value = bare(bound_lambda(context, function, values))
        return comparison(value, "==", Known(True))
    inner = function.context.closure()
    for name, value in zip(lambda_parameters(inner, function.node), values, strict=False):
        inner.names[name] = value
    body = function.node.child_by_field_name("body")
    if body is not None and body.type == "block":
        statements = children(body)
        is_return = len(statements) == 1 and statements[0].type == "return_statement"
        body = children(statements[0])[0] if is_return and children(statements[0]) else None
    return claims_of(inner, body)


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
        case "containsKey" | "has" if text is not None:
            return (claim(replace(child(part, text), fallback=Fallback.NONE), None),)
        case "isNull" | "isMissingNode":
            there = replace(part, fallback=Fallback.NONE)
            gone = replace(claim(part, None), presence=Presence.ABSENT)
            return (gone,) if name == "isMissingNode" else comparison(there, "==", Known(None))
        case name if name in _NODE_TYPES:
            return (claim(part, HasType(frozenset({_NODE_TYPES[name]}))),)
        case "startsWith" | "endsWith" if text is not None:
            return (claim(part, Matches(prefix(text, end=name == "endsWith"))),)
        case "matches" if text is not None:
            return (claim(part, pattern_check(text)),)
        case "getBoolean" | "getAsBoolean" | "path" | "get" if text is not None:
            return comparison(child(part, text), "==", Known(True)) if "." not in text else ()
        case "asBoolean" | "booleanValue":
            return comparison(part, "==", Known(True))
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


def decided(context: Context, node: Node | None) -> bool | None:
    """Whether the condition is true whatever the server answers; None where that is open."""
    if node is None:
        return None
    inner = children(node)
    with context.deeper() as worthwhile:
        if not worthwhile:
            return None
        if node.type == "parenthesized_expression" and len(inner) == 1:
            return decided(context, inner[0])
        if node.type == "unary_expression" and context.of(node).startswith("!"):
            found = decided(context, node.child_by_field_name("operand"))
            return None if found is None else not found
        if node.type == "binary_expression":
            return _decided_pair(context, node)
        value = plain(evaluate(context, node))
        if isinstance(value, Known) and isinstance(value.value, bool):
            return value.value
    return None


def _decided_pair(context: Context, node: Node) -> bool | None:
    sign = context.of(node.child_by_field_name("operator"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if sign in ("&&", "||"):
        sides = {decided(context, left), decided(context, right)}
        stop = sign == "||"
        return stop if stop in sides else (None if None in sides else not stop)
    if sign not in ("==", "!="):
        return None
    found = same(plain(evaluate(context, left)), plain(evaluate(context, right)))
    return None if found is None else found == (sign == "==")
