"""The patterns of `case`: which part of what is matched each name in them stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.fact import SubjectKind
from pe4king_core.testcode.python.answers import member
from pe4king_core.testcode.python.arguments import part_of
from pe4king_core.testcode.python.binding import bind_name
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Known, Part, Unknown, Value, call_of, plain

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 8


def bind_pattern(frame: Frame, pattern: Node, value: Value, depth: int = 0) -> None:
    """The names that `pattern` binds stand for parts of `value` from here on."""
    inner = children(pattern)
    if depth > _DEPTH or not inner:
        return
    match pattern.type:
        case "case_pattern" if len(inner) == 1:
            bind_pattern(frame, inner[0], value, depth)
        case "dotted_name":
            if len(inner) == 1:
                bind_name(frame, frame.of(inner[0]), value)
        case "dict_pattern":
            _members(frame, pattern, value, depth)
        case "list_pattern" | "tuple_pattern":
            _items(frame, inner, value, depth)
        case "as_pattern":
            bind_pattern(frame, inner[0], value, depth + 1)
            if inner[-1].type == "identifier":
                bind_name(frame, frame.of(inner[-1]), value)
        case _:
            # Choices, classes: their names come from the value, we do not follow how.
            _unknown(frame, pattern, value, depth)


def _members(frame: Frame, pattern: Node, value: Value, depth: int) -> None:
    for key, each in zip(
        pattern.children_by_field_name("key"),
        pattern.children_by_field_name("value"),
        strict=False,
    ):
        name = children(key)[0] if key.type == "case_pattern" and children(key) else key
        found = member(part_of(value), plain(frame.value(name)))
        bind_pattern(frame, each, found, depth + 1)


def _items(frame: Frame, patterns: list[Node], value: Value, depth: int) -> None:
    part = part_of(value)
    is_body = isinstance(part, Part) and part.subject.kind is SubjectKind.BODY
    starred = False
    for index, each in enumerate(patterns):
        starred = starred or any(inner.type == "splat_pattern" for inner in children(each))
        found = member(part, Known(index)) if is_body and not starred else Unknown(call_of(value))
        bind_pattern(frame, each, found, depth + 1)


def _unknown(frame: Frame, pattern: Node, value: Value, depth: int) -> None:
    for each in children(pattern):
        if each.type == "identifier" and pattern.type in ("splat_pattern", "keyword_pattern"):
            bind_name(frame, frame.of(each), Unknown(call_of(value)))
        else:
            bind_pattern(frame, each, Unknown(call_of(value)), depth + 1)
