"""Where the tests of a sound Java file stand, told by its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.text import Span
from pe4king_core.testcode.places import Place
from pe4king_core.testcode.syntax import Source

if TYPE_CHECKING:
    from tree_sitter import Node

TESTS = frozenset({"Test", "ParameterizedTest", "RepeatedTest", "TestTemplate", "Theory"})
_TYPES = frozenset({"class_declaration", "record_declaration", "interface_declaration"})
_OLD_STYLE = re.compile(r"extends\s+(?:\w+\.)*\w*TestCase\b")


def sound_places(source: Source) -> list[Place]:
    """The tests of a file without errors."""
    return list(_inside(source, source.root, (), -1, whole_class=False))


def _inside(
    source: Source, block: Node, path: tuple[str, ...], holder: int, *, whole_class: bool
) -> Iterator[Place]:
    comment: Node | None = None
    for node in block.named_children:
        kind = node.type
        if kind == "method_declaration":
            name_node = node.child_by_field_name("name")
            if name_node is not None and _is_test(source, node, name_node, whole_class=whole_class):
                start = node.start_byte if comment is None else comment.start_byte
                span = Span(start + source.base, node.end_byte + source.base)
                yield Place(span, source.span(name_node), path, holder)
        elif kind in _TYPES and len(path) < 8:
            name_node = node.child_by_field_name("name")
            body = node.child_by_field_name("body")
            if body is not None and name_node is not None:
                head = Span(source.span(node).start, source.span(body).start).of(source.text)
                inner = "Test" in annotations_in(source, node) or bool(_OLD_STYLE.search(head))
                names = (*path, source.of(name_node))
                at = source.span(name_node).start
                yield from _inside(source, body, names, at, whole_class=inner)
        comment = node if is_documentation(source, node) else None


def is_documentation(source: Source, node: Node) -> bool:
    """Whether `node` is a documentation comment."""
    start = node.start_byte + source.base
    return node.type == "block_comment" and source.text.startswith("/**", start)


def _is_test(source: Source, node: Node, name: Node, *, whole_class: bool) -> bool:
    first = node.child(0)
    names: list[str] = []
    words = ""
    if first is not None and first.type == "modifiers":
        names, words = annotations_in(source, node), source.of(first)
    if not TESTS.isdisjoint(names):
        return True
    if not whole_class or "public" not in words or "static" in words:
        return False
    kind = node.child_by_field_name("type")
    is_void = kind is not None and kind.type == "void_type"
    return is_void and (not names or source.of(name).startswith("test"))


def annotations_in(source: Source, node: Node) -> list[str]:
    """The simple names of the annotations of a declaration."""
    found: list[str] = []
    for modifiers in node.named_children:
        if modifiers.type != "modifiers":
            continue
        for each in modifiers.named_children:
            name = each.child_by_field_name("name") if "annotation" in each.type else None
            if name is not None:
                found.append(source.of(name).rpartition(".")[2])
        break
    return found
