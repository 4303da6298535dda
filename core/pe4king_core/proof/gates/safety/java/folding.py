"""The texts that a Java expression may come to, as far as they can be told."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import product
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.safety.hosts import HOLE
from pe4king_core.proof.gates.safety.java.code import JavaCode, inside

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 32
_DEPTH = 40
_UNKNOWN = frozenset({HOLE})
_ESCAPE = re.compile(r"\\(u+[0-9a-fA-F]{4}|[0-7]{1,3}|.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "0": "\0"}
_NUMBERS = ("decimal_integer_literal", "hex_integer_literal", "octal_integer_literal")


def texts(code: JavaCode, node: Node | None, depth: int = _DEPTH) -> frozenset[str]:
    """What `node` may be as a text; a part that is not known is `HOLE`."""
    if node is None or depth <= 0:
        return _UNKNOWN
    if node.id not in code.folded:
        code.folded[node.id] = _UNKNOWN  # what a text that is made of itself is
        found = _folded(code, node, depth - 1)
        code.folded[node.id] = found if len(found) <= _MOST else _UNKNOWN
    return code.folded[node.id]


def literal(code: JavaCode, node: Node) -> str:
    """The value of a text literal."""
    written = code.of(node)
    block = written.startswith('"""')
    body = written[3:-3].lstrip(" \t").lstrip("\r\n") if block else written[1:-1]
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), body)


def _unescaped(escape: str) -> str:
    if escape.startswith("u"):
        return chr(int(escape.lstrip("u"), 16))
    if escape.isdigit():
        return chr(int(escape, 8))
    return _NAMED.get(escape, escape)


def _folded(code: JavaCode, node: Node, depth: int) -> frozenset[str]:
    kind = node.type
    if kind in ("string_literal", "character_literal"):
        return frozenset({literal(code, node)})
    if kind in _NUMBERS:
        return frozenset({code.of(node)})
    if kind in ("parenthesized_expression", "cast_expression"):
        children = node.named_children
        return texts(code, children[-1] if children else None, depth)
    if kind == "binary_expression":
        sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        return _joined([texts(code, each, depth) for each in sides])
    if kind == "ternary_expression":
        sides = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
        return frozenset[str]().union(*(texts(code, each, depth) for each in sides))
    if kind in ("identifier", "field_access"):
        name = code.of(node).rpartition(".")[2]
        values = code.assigned.get(name, ())
        if not values or len(values) > _MOST:
            return _UNKNOWN
        return frozenset[str]().union(*(texts(code, each, depth) for each in values))
    if kind in ("array_initializer", "array_creation_expression"):
        strings = [each for each in inside(node) if each.type == "string_literal"]
        return frozenset(literal(code, each) for each in strings) or _UNKNOWN
    if kind == "method_invocation":
        return _call(code, node, depth)
    if kind == "object_creation_expression":
        arguments = code.arguments(node)
        made = code.of(node.child_by_field_name("type"))
        if made in ("String", "StringBuilder", "URI", "URL", "StringBuffer") and arguments:
            return texts(code, arguments[0], depth)
    return _UNKNOWN


def _joined(parts: list[frozenset[str]]) -> frozenset[str]:
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        parts = [part if len(part) == 1 else _UNKNOWN for part in parts]
    return frozenset("".join(each) for each in product(*parts))


def _call(code: JavaCode, node: Node, depth: int) -> frozenset[str]:
    name, owner = code.name(node), node.child_by_field_name("object")
    arguments = code.arguments(node)
    on = code.of(owner)
    if name in ("create", "valueOf", "of", "requireNonNull", "requireNonNullElse") and arguments:
        return frozenset[str]().union(*(texts(code, each, depth) for each in arguments))
    if name in ("getOrDefault", "getProperty", "orElse") and len(arguments) > 0:
        return _UNKNOWN | texts(code, arguments[-1], depth)
    if name == "format" and on == "String" and arguments:
        return _format(code, arguments[0], arguments[1:], depth)
    if name == "formatted" and owner is not None:
        return _format(code, owner, arguments, depth)
    if name == "join" and on == "String" and arguments:
        parts: list[frozenset[str]] = []
        for index, each in enumerate(arguments[1:]):
            parts += [texts(code, arguments[0], depth)] if index else []
            parts.append(texts(code, each, depth))
        return _joined(parts)
    if name in ("concat", "append", "resolve") and owner is not None and arguments:
        return _joined([texts(code, owner, depth), texts(code, arguments[0], depth)])
    if name in ("decode",) and arguments:
        return frozenset(_decoded(each) for each in texts(code, arguments[0], depth))
    if name == "reverse" and owner is not None:
        return frozenset(each[::-1] for each in texts(code, owner, depth))
    if name in ("replace", "replaceAll") and owner is not None and len(arguments) == 2:
        return _replaced(code, owner, arguments, depth, plain=name == "replace")
    if name in ("toString", "trim", "strip", "toLowerCase", "intern", "build", "uri", "getBytes"):
        return texts(code, owner, depth) if owner is not None else _UNKNOWN
    return _returned(code, name, depth)


def _returned(code: JavaCode, name: str, depth: int) -> frozenset[str]:
    returned = [
        each.named_children[0]
        for method in code.methods.get(name, ())
        for each in inside(method)
        if each.type == "return_statement" and each.named_children
    ]
    return frozenset[str]().union(*(texts(code, each, depth) for each in returned)) or _UNKNOWN


def _replaced(
    code: JavaCode, owner: Node, arguments: list[Node], depth: int, *, plain: bool
) -> frozenset[str]:
    found = texts(code, owner, depth)
    if not plain:
        return found
    old, new = (texts(code, each, depth) for each in arguments)
    return frozenset(text.replace(a, b) for text in found for a in old for b in new)


def _format(code: JavaCode, pattern: Node, values: list[Node], depth: int) -> frozenset[str]:
    found: set[str] = set()
    for text in texts(code, pattern, depth):
        pieces = re.split(r"%[-\d.]*[sdx]", text)
        if len(pieces) - 1 != len(values):
            return _UNKNOWN
        parts = [frozenset({pieces[0]})]
        for value, piece in zip(values, pieces[1:], strict=True):
            parts += [texts(code, value, depth), frozenset({piece})]
        found |= _joined(parts)
    return frozenset(found)


def _decoded(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "==").decode("latin-1")
    except (ValueError, binascii.Error):
        return HOLE
