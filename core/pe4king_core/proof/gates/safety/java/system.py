"""What is asked of `System`: the clock, and variables that the tests know already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.hosts import HOLE
from pe4king_core.proof.gates.safety.java import tables
from pe4king_core.proof.gates.safety.java.code import JavaCode
from pe4king_core.proof.gates.safety.java.folding import texts
from pe4king_core.proof.gates.safety.knowing import Known

if TYPE_CHECKING:
    from tree_sitter import Node

_SYSTEM = frozenset({"System", "java.lang.System"})
_READERS = frozenset({"getenv", "getProperty"})
_OF_MAPS = frozenset({"get", "getOrDefault", "containsKey"})
_UNSAFE = frozenset({"exit", "load", "loadLibrary", "setOut", "setErr", "setIn", "setProperty"})


def dangers(code: JavaCode, known: Known) -> Iterator[Danger]:
    """Everything else of `System`, and variables by other names."""
    for node in code.nodes:
        if node.type == "import_declaration":
            yield from _imported(code, node)
        elif node.type in ("method_invocation", "field_access"):
            owner = node.child_by_field_name("object")
            if owner is not None and code.of(owner) in _SYSTEM:
                yield from _member(code, node, known)
        elif node.type == "method_reference" and code.of(node).startswith("System"):
            yield from _reference(code, node, known)


def names_read(code: JavaCode) -> frozenset[str]:
    """The variables and properties that this text reads by name."""
    found: set[str] = set()
    for node in code.nodes:
        if node.type == "method_invocation" and code.name(node) in _READERS:
            for asked in _asked(code, node):
                found |= texts(code, asked)
    return frozenset(each for each in found if HOLE not in each)


def _imported(code: JavaCode, node: Node) -> Iterator[Danger]:
    name = "".join(code.of(node).removeprefix("import").rstrip(" ;").split())
    if name.startswith("staticjava.lang.System.") and name.rpartition(".")[2] not in ("out", "err"):
        yield code.danger(node, Harm.CODE)
    if name.startswith(("staticjava.lang.Runtime", "staticjava.lang.Thread")):
        yield code.danger(node, Harm.PROGRAMS)


def _member(code: JavaCode, node: Node, known: Known) -> Iterator[Danger]:
    name = code.name(node) or code.of(node.child_by_field_name("field"))
    if name in _READERS:
        asked = _asked(code, node)
        if not asked or any(not texts(code, each) <= known.names for each in asked):
            yield code.danger(node, Harm.SECRETS)
    elif name not in tables.SYSTEM:
        yield code.danger(node, Harm.PROGRAMS if name in ("exit",) else Harm.CODE)


def _asked(code: JavaCode, node: Node) -> list[Node]:
    """The expression that names the variable; nothing where it is not read by name."""
    arguments = code.arguments(node)
    if arguments:
        return arguments[:1]
    parent = node.parent
    if parent is not None and parent.type == "method_invocation" and code.name(parent) in _OF_MAPS:
        return code.arguments(parent)[:1]
    return []


def _reference(code: JavaCode, node: Node, known: Known) -> Iterator[Danger]:
    """`System::getenv` for a method of this file that asks for what it may."""
    name = code.of(node).rpartition("::")[2].strip()
    if name in ("currentTimeMillis", "nanoTime"):
        return
    call = node.parent.parent if node.parent is not None else None
    applied = [
        asked
        for each in code.nodes
        if each.type == "method_invocation" and code.name(each) == "apply"
        for asked in code.arguments(each)
    ]
    handed = call is not None and code.name(call) in code.methods
    plain = bool(applied) and all(texts(code, each) <= known.names for each in applied)
    if name != "getenv" or not handed or not plain:
        yield code.danger(node, Harm.SECRETS if name in _READERS else Harm.CODE)
