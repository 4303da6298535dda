"""A new Python test takes over the habits of the one beside it: its marks, and `self`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.testcode.syntax import Source, children, parse
from pe4king_core.weaving.python_tree import tree_of

if TYPE_CHECKING:
    from tree_sitter import Node

_MARK = re.compile(r"@(?:pytest\.)?mark\.(?P<name>\w+)(?P<arguments>\(.*\))?$", re.DOTALL)
_OF_ONE_TEST = frozenset(
    {"parametrize", "skip", "skipif", "xfail", "order", "dependency"}
    | {"positive", "negative", "edge", "behaviour"}
)
_OF_ALL_TESTS = frozenset({"usefixtures", "django_db", "timeout", "asyncio", "anyio", "trio"})
"""Marks whose arguments speak of the suite; those of other marks may name the one test."""
_ASYNC = frozenset({"asyncio", "anyio", "trio"})


def like_sibling(file: TestFile, sibling: TestFunction, block: str) -> str:
    """`block`, a test without base indentation, with the marks and the `self` of `sibling`."""
    tree = tree_of(file, sibling)
    source = parse(block, SourceLanguage.PYTHON)
    definition = _definition(source)
    if tree is None or definition is None:
        return block
    is_async = any(each.type == "async" for each in definition.children)
    marks = [
        mark
        for mark in _marks(tree.source, tree.function)
        if mark not in block and (is_async or _name(mark) not in _ASYNC)
    ]
    if _first_parameter(tree.source, tree.function) == "self":
        block = _as_method(source, definition, block)
    first = source.span(children(source.root)[0]).start
    return block[:first] + "".join(f"{mark}\n" for mark in marks) + block[first:]


def _definition(source: Source) -> Node | None:
    """The one function that the block consists of."""
    statements = children(source.root)
    if len(statements) != 1:
        return None
    node = statements[0].child_by_field_name("definition") or statements[0]
    return node if node.type == "function_definition" else None


def _marks(source: Source, function: Node) -> list[str]:
    """The decorators of `function` that hold for tests beside it as well."""
    decorated = function.parent
    if decorated is None or decorated.type != "decorated_definition":
        return []
    found = [source.of(each) for each in decorated.named_children if each.type == "decorator"]
    return [mark for mark in found if "\n" not in mark and is_shared(mark)]


def is_shared(decorator: str) -> bool:
    """Whether `decorator` is a mark that holds for the tests beside as well."""
    match = _MARK.match(decorator)
    if match is None or match["name"] in _OF_ONE_TEST:
        return False
    return match["arguments"] is None or match["name"] in _OF_ALL_TESTS


def _name(mark: str) -> str:
    match = _MARK.match(mark)
    return match["name"] if match is not None else ""


def _first_parameter(source: Source, function: Node) -> str:
    listed = function.child_by_field_name("parameters")
    names = children(listed) if listed is not None else []
    return source.of(names[0]) if names else ""


def _as_method(source: Source, definition: Node, block: str) -> str:
    """The function with `self` in front of its parameters."""
    listed = definition.child_by_field_name("parameters")
    if listed is None or _first_parameter(source, definition) in ("self", "cls"):
        return block
    place = source.span(listed).start + 1
    rest = ", " if children(listed) else ""
    return f"{block[:place]}self{rest}{block[place:]}"
