"""Assertions that can never fail: they look like a check and are none."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.keeping.definitions import Definitions
from pe4king_core.testcode.syntax import Source, children, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_WORDS = frozenset({"true", "false", "null", "none", "not", "and", "or", "is", "in", "equalto"})
_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_TRUE = re.compile(r"True|[1-9]\d*|(['\"]).+\1")
_NAME = re.compile(r"[^\W\d]\w*")
_ASSERTING = frozenset(
    {"assertTrue", "assertFalse", "assertEquals", "assertEqual", "assertNotNull", "assertThat"}
    | {"assert_that", "assertIsNotNone", "assertIsNone", "assertNull", "assertSame"}
)


def cannot_fail(old: Definitions, new: Definitions) -> list[str]:
    """The empty assertions that `new` has and `old` has not."""
    return list((_empty(new) - _empty(old)).keys())


def _empty(defined: Definitions) -> Counter[str]:
    source = defined.source
    found: Counter[str] = Counter()
    for node in walk(source.root):
        if node.type == "assert_statement":
            inner = children(node)
            text = source.of(inner[0]) if inner else ""
            fails_always = text.strip("() ").lower() in ("false", "0", "none")
            never = not fails_always and (_is_constant(text) or _always_holds(source, inner[:1]))
            if inner and never:
                found[source.of(node)] += 1
        elif node.type in ("call", "method_invocation"):
            name = node.child_by_field_name("name") or node.child_by_field_name("function")
            listed = node.child_by_field_name("arguments")
            called = source.of(name).rpartition(".")[2] if name is not None else ""
            if listed is None or not children(listed):
                continue
            if called in _ASSERTING and _is_constant(source.of(listed)):
                found[source.of(node)] += 1
    return found


def _always_holds(source: Source, expressions: list[Node]) -> bool:
    """Whether it is an alternative one side of which is true whatever comes, or a tuple."""
    for node in expressions:
        if node.type == "tuple" and children(node):
            return True
        if node.type == "parenthesized_expression" and _always_holds(source, children(node)):
            return True
        if node.type == "boolean_operator" and _is_alternative(node):
            for side in children(node):
                text = source.of(side).strip("() ")
                if _TRUE.fullmatch(text) or _always_holds(source, [side]):
                    return True
    return False


def _is_alternative(node: Node) -> bool:
    return any(each.type == "or" for each in node.children)


def _is_constant(text: str) -> bool:
    """Whether an expression names nothing that could vary."""
    return all(name.lower() in _WORDS for name in _NAME.findall(_STRING.sub("''", text)))
