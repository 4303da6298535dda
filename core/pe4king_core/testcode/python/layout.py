"""Indentation of Python code: of the block of a statement, and whether it is sound."""

from __future__ import annotations

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
    own = _columns(source, [node])
    following = next((each for each in children(block) if each.start_byte >= node.end_byte), None)
    if following is not None and not _columns(source, [following]) <= own:
        return True
    return any(
        len(_columns(source, children(inner))) > 1
        for inner in walk(node, into=_COMPOUND)
        if inner.type == "block"
    )


def _columns(source: Source, nodes: list[Node]) -> set[str]:
    """The white space in front of those of `nodes` that start their line."""
    starts = [source.span(node).start for node in nodes]
    fronts = [source.text[line_start(source.text, start) : start] for start in starts]
    return {front.lstrip("\ufeff\f") for front in fronts if not front.strip("\ufeff\f \t")}
