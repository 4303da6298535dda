"""Java that does not look like what it says: escapes, encoded texts, code in paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.text import Span
from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.java.code import JavaCode, inside
from pe4king_core.proof.gates.safety.java.folding import texts

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u+([0-9a-fA-F]{4})")
_PATHS = frozenset(
    {"body", "path", "get", "getString", "getInt", "getLong", "getList", "getMap", "getObject"}
    | {"getBoolean", "getDouble", "getFloat", "rootPath", "root", "appendRootPath", "param"}
    | {"appendRoot", "setRootPath", "setRoot", "detachRootPath", "xmlPath", "jsonPath", "getChar"}
    | {"getNode", "getByte", "getShort", "getUUID", "withArgs", "getJsonObject", "from", "with"}
)
"""REST Assured compiles what these are given as Groovy."""
_GROOVY = re.compile(
    r"\.\s*execute\s*\(|\.\s*(?:@|&)|\.\s*(?:class|metaClass|getMetaClass)\b|\.\s*getClass\s*\(\)(?!\s+in\s+\[)|\bnew\s+[A-Z\w]"
    r"|\b(?:System|Runtime|Thread|File|URL|Eval|GroovyShell|ProcessBuilder|Class|Socket|Files)\s*[.(]"
    r"|\b(?:java|javax|groovy|sun|jdk)\s*\.\s*\w|\btoURL\b|\bevaluate\s*\(|@\s*Grab|\bimport\s"
    r"|\bwhile\s*\(|\bsleep\s*\(|\bfor\s*\(|\bdef\s+\w+\s*[({=]|\bas\s+Class\b|\binvokeMethod\b|\bshell\b\s*\("
)


def dangers(code: JavaCode) -> Iterator[Danger]:
    """Letters written as escapes, decoded literals, Groovy that does more than find a value."""
    for found in _ESCAPE.finditer(code.text):
        character = chr(int(found[1], 16))
        if character.isascii() and (character.isprintable() or character in "\r\n"):
            yield Danger.of(found[0], Harm.HIDDEN, found[0], Span(*found.span()))
    for node in code.nodes:
        if node.type == "method_invocation":
            yield from _call(code, node)
        elif node.type == "object_creation_expression":
            yield from _characters(code, node)


def _call(code: JavaCode, node: Node) -> Iterator[Danger]:
    name, arguments = code.name(node), code.arguments(node)
    decodes = name == "decode" and "Base64" in code.of(node.child_by_field_name("object"))
    if decodes and arguments and arguments[0].type in ("string_literal", "binary_expression"):
        yield code.danger(node, Harm.HIDDEN)
    if name in _PATHS:
        for argument in arguments[:1] if name != "body" else arguments[::2]:
            if any(_GROOVY.search(each) for each in texts(code, argument)):
                yield code.danger(argument, Harm.CODE)


def _characters(code: JavaCode, node: Node) -> Iterator[Danger]:
    """`new String(new byte[] {104, 105})`: nobody writes a text like that to be read."""
    if code.of(node.child_by_field_name("type")) != "String":
        return
    arrays = [each for each in inside(node) if each.type == "array_initializer"]
    if any(len(each.named_children) > 3 for each in arrays):
        yield code.danger(node, Harm.HIDDEN)
