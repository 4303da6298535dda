"""Loops that never end, and work or memory that no test of an API needs."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.gates.safety.python.figures import number
from pe4king_core.proof.gates.safety.python.places import called, danger

_MOST_ROUNDS = 100_000
_LARGEST = 20_000_000
"""Characters or entries of a value that is made by multiplying."""
_LONGEST_TEXT = 2_000_000
_LONGEST_SLEEP = 30
_WIDTH = re.compile(r"%[-+ #0]*\d{8,}[a-z]|\{[^{}]*:[^{}]*\d{8,}[^{}]*\}")
_INFINITE = frozenset({"itertools.count", "itertools.cycle"})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_EATING = frozenset({"list", "tuple", "set", "sum", "max", "min", "sorted", "deque", "join", "all"})


def dangers(code: PythonCode) -> Iterator[Danger]:
    """Every rule of this module on every node."""
    for node in code.nodes:
        match node:
            case ast.While():
                if not _ends(node):
                    yield danger(code, node, Harm.ENDLESS, f"while {ast.unparse(node.test)}")
            case ast.For() | ast.AsyncFor():
                yield from _for(code, node)
            case ast.comprehension():
                if _is_infinite(code, node.iter):
                    yield danger(code, node.iter, Harm.ENDLESS)
            case ast.Call():
                yield from _call(code, node)
            case ast.BinOp():
                yield from _size(code, node)
            case ast.Constant(value=str() | bytes() as value) if len(value) > _LONGEST_TEXT:
                yield danger(code, node, Harm.LARGE)
            case ast.Constant(value=str() as value) if _WIDTH.search(value):
                yield danger(code, node, Harm.LARGE)
            case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
                widths = [number(each) or 0 for each in ast.walk(spec)]
                if max(widths) > _LARGEST:
                    yield danger(code, node, Harm.LARGE)


def _ends(node: ast.While) -> bool:
    value = number(node.test)
    if value is not None and not value:
        return True
    exits = _exits(node.body, inside=False)
    if value is not None or _is_constant(node.test):
        return exits
    if exits:
        return True
    names = {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
    waits = any(isinstance(each, ast.Call) for each in ast.walk(node.test))
    mentioned = {
        each.id for part in node.body for each in ast.walk(part) if isinstance(each, ast.Name)
    }
    changed = {
        each.id
        for part in node.body
        for each in ast.walk(part)
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
    }
    touched = names & (changed | (mentioned & _given_away(node.body)))
    return bool(touched) or (waits and _may_change(node.test))


def _may_change(test: ast.expr) -> bool:
    """Whether a condition asks something that changes by itself: the time, the API."""
    return any(
        isinstance(each, ast.Call) and called(each) not in ("bool", "len", "isinstance", "str")
        for each in ast.walk(test)
    )


def _given_away(body: list[ast.stmt]) -> set[str]:
    """Names whose value calls of the body may change."""
    found: set[str] = set()
    for part in body:
        for each in ast.walk(part):
            if isinstance(each, ast.Call) or (
                isinstance(each, ast.Subscript | ast.Attribute)
                and not isinstance(each.ctx, ast.Load)
            ):
                found |= {name.id for name in ast.walk(each) if isinstance(name, ast.Name)}
    return found


def _is_constant(node: ast.expr) -> bool:
    """Whether nothing that could change stands in a condition."""
    return not any(
        isinstance(each, ast.Name | ast.Call | ast.Attribute | ast.Await) for each in ast.walk(node)
    )


def _exits(body: list[ast.stmt], *, inside: bool) -> bool:
    """Whether a loop's body may leave it; `inside`: in a loop of its own, whose breaks are its."""
    for node in body:
        if isinstance(node, ast.Return | ast.Raise) or _fails(node):
            return True
        if isinstance(node, ast.Break) and not inside:
            return True
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
            return True
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and called(call) in ("fail", "skip", "exit"):
            return True
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, ast.If) and number(node.test) is not None:
            if _exits(node.body if number(node.test) else node.orelse, inside=inside):
                return True
            continue
        deeper = inside or isinstance(node, _LOOPS)
        for field in ("body", "orelse", "finalbody"):
            if _exits(getattr(node, field, []), inside=deeper):
                return True
        for handler in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            if _exits(handler.body, inside=deeper):
                return True
    return False


def _fails(node: ast.stmt) -> bool:
    """Whether it is an assertion that never holds; any other is to hold, round after round."""
    return isinstance(node, ast.Assert) and number(node.test) == 0


def _for(code: PythonCode, node: ast.For | ast.AsyncFor) -> Iterator[Danger]:
    if _is_infinite(code, node.iter) and not _exits(node.body, inside=False):
        yield danger(code, node.iter, Harm.ENDLESS)
    if not _exits(node.body, inside=False):
        for part in node.body:
            for each in ast.walk(part):
                if _grows(each, ast.unparse(node.iter)):
                    yield danger(code, each, Harm.ENDLESS)
    rounds = _rounds(node.iter)
    for above in code.above(node):
        if isinstance(above, _SCOPES):
            break
        if isinstance(above, ast.For):
            rounds *= max(_rounds(above.iter), 1)
    if rounds > _MOST_ROUNDS:
        yield danger(code, node.iter, Harm.LARGE)


def _grows(node: ast.AST, iterated: str) -> bool:
    """Whether a call adds to what is being iterated."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    adds = node.func.attr in ("append", "extend", "insert")
    return adds and ast.unparse(node.func.value) == iterated


def _is_infinite(code: PythonCode, node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and called(node) in ("enumerate", "zip", "map", "iter", "filter"):
        if called(node) == "iter" and len(node.args) == 2:
            return True
        inner = [each for each in node.args if isinstance(each, ast.Call)]
        if called(node) == "zip" and len(inner) < len(node.args):
            return False
        return any(_is_infinite(code, each) for each in inner)
    if not isinstance(node, ast.Call):
        return False
    origins = code.origin(node.func)
    if origins & _INFINITE:
        return True
    return "itertools.repeat" in origins and len(node.args) + len(node.keywords) < 2


def _rounds(node: ast.expr) -> float:
    """How many rounds a loop over `range(…)` of numbers makes; 1 where that is not known."""
    if isinstance(node, ast.Call) and called(node) == "range":
        values = [number(each) for each in node.args]
        if all(isinstance(each, int) for each in values) and values:
            try:
                return len(range(*(int(each or 0) for each in values)))
            except (ValueError, TypeError):
                return 1
            except OverflowError:
                return math.inf
    return 1


def _call(code: PythonCode, node: ast.Call) -> Iterator[Danger]:
    name = called(node)
    first = number(node.args[0]) if node.args else None
    if name == "sleep":
        origins = code.origin(node.func)
        if origins and first is None and node.args:
            yield danger(code, node, Harm.LARGE, fatal=False)
        elif first is not None and first > _LONGEST_SLEEP:
            yield danger(code, node, Harm.LARGE)
    elif name == "range" and _rounds(node) > _MOST_ROUNDS:
        parent = code.parents.get(node)
        if not isinstance(parent, ast.For | ast.Compare):
            yield danger(code, node, Harm.LARGE)
    elif name in ("bytearray", "bytes") and first is not None and first > _LARGEST:
        yield danger(code, node, Harm.LARGE)
    elif name in ("ljust", "rjust", "zfill", "center", "token_bytes", "token_hex", "randbytes"):
        if first is not None and first > _LARGEST:
            yield danger(code, node, Harm.LARGE)
    elif (name == "pow" and len(node.args) == 2 and _is_power(node.args[0], node.args[1])) or (
        name == "factorial" and first is not None and first > 10_000
    ):
        yield danger(code, node, Harm.LARGE)
    if name in _EATING and any(_is_infinite(code, each) for each in node.args):
        yield danger(code, node, Harm.ENDLESS)


def _size(code: PythonCode, node: ast.BinOp) -> Iterator[Danger]:
    above = code.parents.get(node)
    if isinstance(above, ast.BinOp) and type(above.op) is type(node.op):
        return
    too_large = False
    if isinstance(node.op, ast.Pow):
        too_large = _is_power(node.left, node.right)
    elif isinstance(node.op, ast.LShift):
        right = number(node.right)
        too_large = right is not None and right > 100_000
    elif isinstance(node.op, ast.Mult):
        factor, length = 1.0, 0
        for each in _factors(node):
            value = number(each)
            if value is not None:
                factor *= max(float(value), 0) if abs(value) < 1e300 else math.inf
            elif isinstance(each, ast.Constant) and isinstance(each.value, str | bytes):
                length = max(length, len(each.value))
            elif isinstance(each, ast.List | ast.Tuple):
                length = max(length, len(each.elts))
        too_large = length > 0 and factor * length > _LARGEST
    if too_large:
        yield danger(code, node, Harm.LARGE)


def _factors(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield from _factors(node.left)
        yield from _factors(node.right)
    else:
        yield node
        if isinstance(node, ast.List | ast.Tuple):
            for each in node.elts[:1]:
                yield from _factors(each) if isinstance(each, ast.BinOp) else ()


def _is_power(left: ast.expr, right: ast.expr) -> bool:
    """Whether a power of numbers has more digits than anybody reads."""
    if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Pow) and number(right) is None:
        return True
    base, exponent = number(left), number(right)
    if exponent is None:
        return False
    return abs(exponent) > 10_000 or (
        base is not None and exponent * math.log2(abs(base) + 2) > 1e5
    )
