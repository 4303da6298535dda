"""Python conditions to claims: what holds of an answer where an expression is true."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pe4king_core.model.fact import SubjectKind
from pe4king_core.testcode.claims import (
    Claim,
    Claims,
    comparison,
    contained,
    merged,
    strings,
)
from pe4king_core.testcode.conditional import Circumstance, circumstance_of, joined
from pe4king_core.testcode.logic import any_of, negation
from pe4king_core.testcode.python.comparing import compared, true_of
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import Failures, Truth
from pe4king_core.testcode.python.predicates import (
    PARSERS,
    decimal_multiple,
    format_parsed,
)
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Known, Measured, Part, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_NEGATED = {
    "==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is",
    "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip


def claims_of(frame: Frame, node: Node) -> Claims:
    """What follows for answers from the expression `node` being true; empty where unclear."""
    with frame.deeper() as worthwhile:
        if not worthwhile:
            return ()
        match node.type:
            case "parenthesized_expression" | "await":
                inner = children(node)
                return claims_of(frame, inner[0]) if len(inner) == 1 else ()
            case "boolean_operator":
                return _boolean(frame, node)
            case "not_operator":
                return _negated(frame, node)
            case "comparison_operator":
                return merged(_comparison(frame, node))
            case "call":
                return _call(frame, node)
        return true_of(frame.value(node))


def _call(frame: Frame, node: Node) -> Claims:
    """A call as a condition: what it gives is true, or what it parses has a format."""
    value = frame.value(node)
    if isinstance(value, Truth):
        return value.claims
    function = node.child_by_field_name("function")
    name = frame.of(function).rpartition(".")[2]
    parsed = format_parsed(frame, node) if name in PARSERS else ()
    return parsed or true_of(value)


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


def _boolean(frame: Frame, node: Node) -> Claims:
    operator = node.child_by_field_name("operator")
    word = operator.type if operator is not None else "and"
    parts = [claims_of(frame, part) for part in conjuncts(node, word)]
    if word == "or":
        return any_of(parts)
    return tuple(each for part in parts for each in part)


def _negated(frame: Frame, node: Node) -> Claims:
    inner = node.child_by_field_name("argument")
    while inner is not None and inner.type == "parenthesized_expression":
        nested = children(inner)
        inner = nested[0] if len(nested) == 1 else None
    if inner is None:
        return ()
    if inner.type == "comparison_operator" and len(children(inner)) == 2:
        return _comparison(frame, inner, negated=True)
    if inner.type in ("identifier", "list_comprehension"):
        value = frame.value(inner)
        if isinstance(value, Failures):
            return value.claims
    return negation(claims_of(frame, inner))


def _comparison(frame: Frame, node: Node, *, negated: bool = False) -> Claims:
    operands = children(node)
    signs = [frame.of(child) for child in node.children if not child.is_named]
    signs = _joined_signs(signs)
    found: list[Claim] = []
    values = [frame.value(each) for each in operands]
    expected = next((each for each in values if isinstance(each, Known)), None)
    if expected is not None and len(values) > 2 and set(signs) == {"=="} and not negated:
        others = [each for each in values if each is not expected]
        return tuple(each for value in others for each in compared(value, "==", expected))
    for index, sign in enumerate(signs[: len(operands) - 1]):
        actual = _NEGATED.get(sign, sign) if negated else sign
        left, right = values[index], values[index + 1]
        found += _special(frame, operands[index], left, actual, right) or compared(
            left, actual, right
        )
    return tuple(found)


def _joined_signs(signs: Sequence[str]) -> list[str]:
    """Operators of two words come as one or as two tokens, by the grammar's version."""
    joined_signs = [" ".join(sign.split()) for sign in signs]
    return [sign for sign in joined_signs if sign]


def _special(frame: Frame, node: Node, left: Value, sign: str, right: Value) -> Claims:
    """Comparisons whose left side says more than its value."""
    if node.type == "call" and sign == "==" and isinstance(right, Part):
        inner = node.child_by_field_name("arguments")
        parses = children(inner) if inner is not None else []
        if len(parses) == 1 and parses[0].type == "call":
            return format_parsed(frame, parses[0])
    if sign in ("in", "not in") and isinstance(left, Known) and isinstance(right, Part):
        return _key(frame, left, right, negated=sign == "not in")
    if sign in ("<=", "<") and strings(left) and isinstance(right, Measured):
        return comparison(right, ">=", left)
    if node.type == "binary_operator" and sign == "==" and right == Known(0):
        return decimal_multiple(frame, node)
    return ()


def _key(frame: Frame, left: Known, part: Part, *, negated: bool) -> Claims:
    """`"total" in body["books"]` asks for a key where the test takes `["total"]` of something."""
    if part.subject.kind is not SubjectKind.BODY or not isinstance(left.value, str):
        return ()
    quoted = re.escape(left.value)
    taken = re.search(rf"""(?:\[|\bget\()\s*["']{quoted}["']\s*[\],)]""", frame.source.text)
    return contained(left, part, negated=negated, as_key=True) if taken else ()


def negated_claims(frame: Frame, node: Node) -> Claims:
    """What follows from the expression `node` being false."""
    inner = children(node)
    match node.type:
        case "parenthesized_expression" if len(inner) == 1:
            return negated_claims(frame, inner[0])
        case "not_operator" if inner:
            return claims_of(frame, inner[0])
        case "comparison_operator" if len(inner) == 2:
            return _comparison(frame, node, negated=True)
        case "boolean_operator" if frame.of(node.child_by_field_name("operator")) == "or":
            parts = conjuncts(node, "or")
            return tuple(each for part in parts for each in negated_claims(frame, part))
    return negation(claims_of(frame, node))


def circumstance(frame: Frame, node: Node) -> Circumstance:
    """What an `if` with the condition `node` says about the assertions under it."""
    parts = []
    for each in conjuncts(node):
        asks = each.type == "comparison_operator" and " in " in frame.of(each)
        parts.append(circumstance_of(claims_of(frame, each), asks_presence=asks))
    return joined(parts)
