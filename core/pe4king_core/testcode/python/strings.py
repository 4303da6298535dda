"""String literals and f-strings to values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.testcode.literals import unescape
from pe4king_core.testcode.python.arguments import name_of
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.texts import parts_of
from pe4king_core.testcode.routes import joined
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Hole, Value, plain

if TYPE_CHECKING:
    from tree_sitter import Node


def string_parts(frame: Frame, node: Node) -> tuple[str | Hole, ...]:
    """The parts of a string literal; an f-string's expressions are looked up."""
    prefix = frame.of(node.child(0)).rstrip("\"'").lower()
    parts: list[str | Hole] = []
    for inner in node.named_children:
        if inner.type == "string_content":
            text = frame.of(inner)
            if "f" in prefix:
                text = text.replace("{{", "{").replace("}}", "}")
            parts.append(text if "r" in prefix else unescape(text))
        elif inner.type == "interpolation":
            parts += parts_at(frame, inner.child_by_field_name("expression"))
    return tuple(parts)


def parts_at(frame: Frame, node: Node | None) -> tuple[str | Hole, ...]:
    """The value of `node` as parts of a text."""
    return parts_of(plain(frame.value(node)), name_of(frame, node))


def string(frame: Frame, node: Node) -> Value:
    """One string literal."""
    return joined(string_parts(frame, node))


def strings(frame: Frame, node: Node) -> Value:
    """Literals that stand beside each other."""
    parts: list[str | Hole] = []
    for inner in children(node):
        parts += string_parts(frame, inner) if inner.type == "string" else (Hole(),)
    return joined(parts)
