"""Saying that a node is dangerous, and which rules there are."""

from __future__ import annotations

import ast

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.python.code import PythonCode


def danger(
    code: PythonCode, node: ast.AST, harm: Harm, what: str = "", *, fatal: bool = True
) -> Danger:
    """The danger that `node` is; `what` is how it is called, by default its own text."""
    span = code.span(node)
    # With what a call is given: another argument is another danger.
    parent = code.parents.get(node)
    whole = parent if isinstance(parent, ast.Call) and parent.func is node else node
    return Danger.of(what or span.of(code.text), harm, unparsed(whole), span, fatal=fatal)


def unparsed(node: ast.AST) -> str:
    """The code of `node` in one spelling."""
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError, AttributeError):
        return ast.dump(node)


def dotted(node: ast.AST) -> str:
    """`a.b.c` as written, empty where it is anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def called(node: ast.Call) -> str:
    """The last name of what is called: `get` of `client.get(…)`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
