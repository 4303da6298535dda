"""Indentation of Python code: of the block of a statement, and whether it is sound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import (
    Source,
    children,
    indentation,
    line_start,
    parse,
    walk,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPOUND = frozenset(
    {"block", "class_definition", "decorated_definition", "elif_clause", "else_clause"}
    | {"except_clause", "finally_clause", "for_statement", "function_definition", "if_statement"}
    | {"match_statement", "case_clause", "try_statement", "while_statement", "with_statement"}
)


_ODD = re.compile(r"[\t\f]")
"""White space that takes more than one column, or none."""


def block_indent(text: str, statement: int) -> str | None:
    """The indentation of the block of the compound statement at offset `statement`.

    None where there is no such block, or where it stands on the line of its head.
    """
    source = parse(text, SourceLanguage.PYTHON)
    for node in walk(source.root):
        body = node.child_by_field_name("body")
        if source.span(node).start != statement or body is None or not children(body):
            continue
        start = source.span(children(body)[0]).start
        on_own_line = not text[line_start(text, start) : start].strip()
        return indentation(text, start) if on_own_line else None
    return None


def is_uneven(source: Source, node: Node, block: Node) -> bool:
    """Whether `node` of `block` has lines that are indented like no other statement.

    Python refuses them; tree-sitter takes them for statements of some block around.
    """
    own = column(source, node)
    following = next((each for each in children(block) if each.start_byte >= node.end_byte), None)
    if following is not None and column(source, following) not in (None, own):
        return True
    spaced = not _ODD.search(source.of(node))
    pending = [node]
    while pending:
        current = pending.pop()
        inner = current.named_children
        pending += [each for each in inner if each.type in _COMPOUND]
        if current.type != "block":
            continue
        if spaced and len({each.start_point[1] for each in inner}) < 2:
            continue
        if len({column(source, each) for each in children(current)} - {None}) > 1:
            return True
    return False


def column(source: Source, node: Node) -> str | None:
    """The white space in front of `node`; None where it does not start its line."""
    start = source.span(node).start
    front = source.text[line_start(source.text, start) : start]
    return None if front.strip("\ufeff\f \t") else front.lstrip("\ufeff\f")
