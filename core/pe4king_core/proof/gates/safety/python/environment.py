"""Which environment variables are read: those that the tests know already, by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.hosts import HOLE
from pe4king_core.proof.gates.safety.knowing import Known
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.gates.safety.python.folding import texts
from pe4king_core.proof.gates.safety.python.places import danger

_ENVIRON = "os.environ"
_READERS = frozenset({"get", "__getitem__"})


def dangers(code: PythonCode, known: Known) -> Iterator[Danger]:
    """Reading anything else, or everything, or writing."""
    allowed = known.names
    for node in code.nodes:
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        origins = code.origin(node)
        if _ENVIRON in origins:
            yield from _environ(code, node, allowed)
        elif "os.getenv" in origins:
            yield from _getenv(code, node, allowed)


def names_read(code: PythonCode) -> frozenset[str]:
    """The variables that this text reads by name."""
    found: set[str] = set()
    for node in code.nodes:
        if isinstance(node, ast.Name | ast.Attribute):
            origins = code.origin(node)
            if origins & {_ENVIRON, "os.getenv"}:
                asked = _asked(code, node)
                found |= texts(code, asked) if asked is not None else set()
    return frozenset(each for each in found if HOLE not in each)


def _environ(
    code: PythonCode, node: ast.Name | ast.Attribute, allowed: frozenset[str]
) -> Iterator[Danger]:
    parent = code.parents.get(node)
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr) and parent.value is node:
        return  # another name for it, which is followed
    asked = _asked(code, node)
    if asked is None or not texts(code, asked) <= allowed:
        yield danger(code, _statement(code, node), Harm.SECRETS, _shown(code, node, asked))


def _getenv(
    code: PythonCode, node: ast.Name | ast.Attribute, allowed: frozenset[str]
) -> Iterator[Danger]:
    parent = code.parents.get(node)
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.alias):
        return
    asked = _asked(code, node)
    if asked is None or not texts(code, asked) <= allowed:
        yield danger(code, _statement(code, node), Harm.SECRETS, _shown(code, node, asked))


def _asked(code: PythonCode, node: ast.AST) -> ast.expr | None:
    """The expression that names the variable; None where it is not read by name."""
    parent = code.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node and parent.args:
        return parent.args[0]  # getenv("NAME")
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return parent.slice if isinstance(parent.ctx, ast.Load) else None
    if isinstance(parent, ast.Compare) and len(parent.ops) == 1:
        return parent.left if isinstance(parent.ops[0], ast.In | ast.NotIn) else None
    if isinstance(parent, ast.Attribute) and parent.attr in _READERS:
        call = code.parents.get(parent)
        if isinstance(call, ast.Call) and call.func is parent and call.args:
            return call.args[0]
    return None


def _statement(code: PythonCode, node: ast.AST) -> ast.AST:
    """The whole read, for the place."""
    found = node
    for above in code.above(node):
        if not isinstance(above, ast.Attribute | ast.Call | ast.Subscript | ast.Compare):
            break
        found = above
    return found


def _shown(code: PythonCode, node: ast.AST, asked: ast.expr | None) -> str:
    what = asked if asked is not None else node
    return code.span(what).of(code.text)
