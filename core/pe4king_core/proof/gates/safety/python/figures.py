"""The values of expressions that are made of numbers alone."""

from __future__ import annotations

import ast
import math


def number(node: ast.AST) -> int | float | None:
    """The value of an expression made of numbers alone; None for all others and for huge ones."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value if isinstance(value, int | float) else (None if value else 0)
    if isinstance(node, ast.UnaryOp):
        inner = number(node.operand)
        if inner is None:
            return None
        if isinstance(node.op, ast.Not):
            return int(not inner)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = number(node.left), number(node.comparators[0])
        if left is not None and right is not None:
            return int(_compared(node.ops[0], left, right))
        return None
    if isinstance(node, ast.BoolOp):
        deciding = isinstance(node.op, ast.Or)
        known = [each for each in map(number, node.values) if each is not None]
        return int(deciding) if any(bool(each) is deciding for each in known) else None
    if not isinstance(node, ast.BinOp):
        return None
    left, right = number(node.left), number(node.right)
    if left is None or right is None:
        return None
    return _computed(node.op, left, right)


def _compared(op: ast.cmpop, left: float, right: float) -> bool:
    match op:
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
        case ast.Lt():
            return left < right
        case ast.LtE():
            return left <= right
        case ast.Gt():
            return left > right
        case ast.GtE():
            return left >= right
    return True


def _computed(op: ast.operator, left: float, right: float) -> int | float | None:
    try:
        match op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Pow() if abs(right) < 400 and abs(left) < 1e6:
                result: int | float = left**right
                return result
            case ast.LShift() if 0 <= right < 4_000:
                return int(left) << int(right)
    except (OverflowError, ValueError, ZeroDivisionError):
        return math.inf
    return None
