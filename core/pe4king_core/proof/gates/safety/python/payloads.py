"""Texts that hold code, and texts that are encoded so that nobody can read them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.gates.safety.python.places import called, danger

_CODE = re.compile(
    r"__(?:import|class|builtins|globals|subclasses|bases|mro|dict|code|init|reduce|getattribute)__"
    r"|\b(?:eval|exec|compile)\s*\(|\b(?:os|posix)\s*\.\s*(?:system|popen|exec\w*|spawn\w*|environ)"
    r"|\bsubprocess\s*\.|\bimport\s+(?:os|sys|subprocess|socket|pty|shutil|ctypes)\b"
)
_DECODERS = frozenset(
    {"b64decode", "urlsafe_b64decode", "standard_b64decode", "b32decode", "b16decode", "a85decode"}
    | {"b85decode", "decodebytes", "fromhex", "unhexlify", "decompress"}
)
_ESCAPES = re.compile(
    r"(?:\\x[2-7][0-9a-fA-F]|\\u00[2-7][0-9a-fA-F]|\\[0-7]{3}|\\N\{[A-Z ]+\}){4,}"
)


def dangers(code: PythonCode) -> Iterator[Danger]:
    """Code in texts, decoded literals, letters that are written as numbers."""
    documentation = {id(each) for each in _documentation(code.tree)}
    for node in code.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            if id(node) not in documentation:
                yield from _text(code, node)
        elif isinstance(node, ast.Call) and _decodes(node):
            yield danger(code, node, Harm.HIDDEN)
        yield from _annotation(code, node)


def _text(code: PythonCode, node: ast.Constant) -> Iterator[Danger]:
    value = node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
    if _CODE.search(value):
        yield danger(code, node, Harm.CODE)
    elif isinstance(code.parents.get(node), ast.JoinedStr):
        return  # its place is that of the whole text before Python 3.12
    elif _ESCAPES.search(code.span(node).of(code.text)):
        yield danger(code, node, Harm.HIDDEN)


def _decodes(node: ast.Call) -> bool:
    """Whether a text is decoded that stands in the code, or in a way that hides what it is."""
    if called(node) in _DECODERS:
        return any(_is_literal(each) for each in node.args)
    return called(node) == "decode" and _has_codec(node)


def _is_literal(node: ast.expr) -> bool:
    return all(
        isinstance(e, ast.Constant | ast.BinOp | ast.operator | ast.JoinedStr | ast.expr_context)
        for e in ast.walk(node)
    )


def _has_codec(node: ast.Call) -> bool:
    """Whether a text is decoded by anything but a character set."""
    first = node.args[0] if node.args else None
    return isinstance(first, ast.Constant) and str(first.value).lower().replace("-", "_") in (
        *("rot13", "rot_13", "hex", "hex_codec", "base64", "base64_codec", "zlib", "zip", "bz2"),
        *("unicode_escape", "raw_unicode_escape", "punycode", "uu", "utf_7"),
    )


def _annotation(code: PythonCode, node: ast.AST) -> Iterator[Danger]:
    """Annotations that are texts: models evaluate them."""
    annotation = getattr(node, "annotation", None)
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            inner = ast.parse(annotation.value, mode="eval")
        except (SyntaxError, ValueError):
            return
        if any(isinstance(each, ast.Call | ast.Lambda) for each in ast.walk(inner)):
            yield danger(code, annotation, Harm.CODE)


def _documentation(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for each in body:
                if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                    yield each.value
