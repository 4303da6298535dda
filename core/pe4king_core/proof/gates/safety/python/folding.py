"""The texts that an expression may come to, as far as they can be told without running it."""

from __future__ import annotations

import ast
import base64
import binascii
from collections.abc import Callable, Iterator
from itertools import product

from pe4king_core.proof.gates.safety.hosts import HOLE
from pe4king_core.proof.gates.safety.python.code import PythonCode

_MOST = 32
"""No more texts than these are told apart; the others are one hole."""
_DEPTH = 40
_LONGEST = 20_000
_UNKNOWN = frozenset({HOLE})
_PLAIN: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "strip": str.strip,
    "lstrip": str.strip,
    "rstrip": lambda text: text,
    "encode": lambda text: text,
    "decode": lambda text: text,
    "casefold": str.casefold,
}


def texts(code: PythonCode, node: ast.AST | None, depth: int = _DEPTH) -> frozenset[str]:
    """What `node` may be as a text; a part that is not known is `HOLE`."""
    if node is None or depth <= 0:
        return _UNKNOWN
    if node not in code.folded:
        code.folded[node] = _UNKNOWN  # what a text that is made of itself is
        found = _folded(code, node, depth - 1)
        too_much = len(found) > _MOST or any(len(each) > _LONGEST for each in found)
        code.folded[node] = _UNKNOWN if too_much else found
    return code.folded[node]


def _folded(code: PythonCode, node: ast.AST, depth: int) -> frozenset[str]:
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.JoinedStr(values=values):
            return _joined([texts(code, each, depth) for each in values])
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _joined([texts(code, left, depth), texts(code, right, depth)])
        case ast.BinOp(op=ast.Mod(), left=left, right=right):
            return _percent(code, left, right, depth)
        case ast.IfExp(body=body, orelse=orelse):
            return texts(code, body, depth) | texts(code, orelse, depth)
        case ast.Subscript(value=value, slice=chosen):
            return _taken(texts(code, value, depth), chosen)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _named(code, name, depth)
        case ast.Call():
            return _call(code, node, depth)
    # Of a list or a mapping what a loop over it gives, or one taken by its number or name.
    items = getattr(node, "elts", None) or getattr(node, "values", None)
    if items:
        return frozenset[str]().union(*(texts(code, each, depth) for each in items))
    if isinstance(node, ast.FormattedValue | ast.NamedExpr | ast.Await | ast.Starred):
        return texts(code, node.value, depth)
    return _UNKNOWN


def _constant(value: object) -> frozenset[str]:
    if isinstance(value, bytes):
        return frozenset({value.decode("latin-1")})
    plain = isinstance(value, str | int | float)
    return frozenset({str(value)}) if plain else _UNKNOWN


def _named(code: PythonCode, name: str, depth: int) -> frozenset[str]:
    values = [*code.assigned.get(name, ())]
    # A parameter that a fixture of this file fills in.
    values += [each for function in code.functions.get(name, ()) for each in _returns(function)]
    if not values or len(values) > _MOST:
        return _UNKNOWN
    return frozenset[str]().union(*(texts(code, each, depth - 1) for each in values))


def _joined(parts: list[frozenset[str]]) -> frozenset[str]:
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        parts = [part if len(part) == 1 else _UNKNOWN for part in parts]
    return frozenset("".join(each) for each in product(*parts))


def _percent(code: PythonCode, left: ast.expr, right: ast.expr, depth: int) -> frozenset[str]:
    values = right.elts if isinstance(right, ast.Tuple) else [right]
    found: set[str] = set()
    for text in texts(code, left, depth):
        pieces = text.replace("%d", "%s").split("%s")
        if len(pieces) - 1 != len(values):
            return _UNKNOWN
        parts = [frozenset({pieces[0]})]
        for value, piece in zip(values, pieces[1:], strict=True):
            parts += [texts(code, value, depth), frozenset({piece})]
        found |= _joined(parts)
    return frozenset(found)


def _taken(values: frozenset[str], chosen: ast.expr) -> frozenset[str]:
    """Of a text a part, of several texts (a list, a mapping) any."""
    if not isinstance(chosen, ast.Slice):
        return values
    try:
        bounds = [
            None if each is None else int(ast.literal_eval(each))
            for each in (chosen.lower, chosen.upper, chosen.step)
        ]
        return frozenset(each[slice(*bounds)] for each in values)
    except (ValueError, TypeError, SyntaxError):
        return _UNKNOWN


def _call(code: PythonCode, node: ast.Call, depth: int) -> frozenset[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    arguments = node.args
    if owner is not None and name in _PLAIN:
        return frozenset(_PLAIN[name](each) for each in texts(code, owner, depth))
    if name == "join" and owner is not None and len(arguments) == 1:
        return _join(code, owner, arguments[0], depth)
    if name == "format" and owner is not None:
        return _format(code, owner, arguments, depth)
    if name == "replace" and owner is not None and len(arguments) >= 2:
        old, new = (texts(code, each, depth) for each in arguments[:2])
        return frozenset(
            text.replace(a, b) for text in texts(code, owner, depth) for a in old for b in new
        )
    if (name == "get" and len(arguments) == 2) or (_last(node) == "getenv" and len(arguments) == 2):
        return _UNKNOWN | texts(code, arguments[1], depth)
    return _made(code, node, depth)


def _last(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _join(code: PythonCode, owner: ast.expr, argument: ast.expr, depth: int) -> frozenset[str]:
    if isinstance(argument, ast.Call) and _last(argument) in ("reversed", "map"):
        inner = argument.args[-1] if argument.args else None
        if _last(argument) == "map":
            items: list[ast.expr] = inner.elts if isinstance(inner, ast.List | ast.Tuple) else []
            numbers = [each.value for each in items if isinstance(each, ast.Constant)]
            if len(numbers) == len(items) and all(isinstance(each, int) for each in numbers):
                return frozenset({"".join(chr(int(str(each)) % 0x110000) for each in numbers)})
            return _UNKNOWN
        return frozenset(each[::-1] for each in texts(code, inner, depth))
    if not isinstance(argument, ast.List | ast.Tuple):
        return _UNKNOWN
    parts: list[frozenset[str]] = []
    for index, each in enumerate(argument.elts):
        if index:
            parts.append(texts(code, owner, depth))
        parts.append(texts(code, each, depth))
    return _joined(parts)


def _format(
    code: PythonCode, owner: ast.expr, arguments: list[ast.expr], depth: int
) -> frozenset[str]:
    found: set[str] = set()
    for text in texts(code, owner, depth):
        pieces = text.split("{}")
        if len(pieces) - 1 != len(arguments):
            return _UNKNOWN
        parts = [frozenset({pieces[0]})]
        for value, piece in zip(arguments, pieces[1:], strict=True):
            parts += [texts(code, value, depth), frozenset({piece})]
        found |= _joined(parts)
    return frozenset(found)


def _made(code: PythonCode, node: ast.Call, depth: int) -> frozenset[str]:
    """Texts made of numbers or of encoded ones, and those that functions of the file return."""
    name, argument = _last(node), node.args[0] if node.args else None
    if name in ("str", "URL", "bytes") and argument is not None:
        if name == "bytes" and isinstance(argument, ast.List | ast.Tuple):
            return _joined([_character(each) for each in argument.elts])
        return texts(code, argument, depth)
    if name == "chr" and argument is not None:
        return _character(argument)
    if name in ("b64decode", "urlsafe_b64decode", "fromhex", "unhexlify", "unquote"):
        return frozenset(_decoded(name, each) for each in texts(code, argument, depth))
    returned = [
        value
        for each in code.functions.get(name, ())
        for value in _returns(each)
        if isinstance(node.func, ast.Name)
    ]
    return frozenset[str]().union(*(texts(code, each, depth) for each in returned)) or _UNKNOWN


def _character(node: ast.expr) -> frozenset[str]:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and 0 <= node.value < 0x110000
    ):
        return frozenset({chr(node.value)})
    return _UNKNOWN


def _decoded(name: str, text: str) -> str:
    try:
        if name in ("fromhex", "unhexlify"):
            return bytes.fromhex(text).decode("latin-1")
        if name == "unquote":
            return text
        return base64.urlsafe_b64decode(text + "==").decode("latin-1")
    except (ValueError, binascii.Error):
        return HOLE


def _returns(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield node.value
