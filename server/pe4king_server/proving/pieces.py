"""What stands in a file of code beside its tests, piece by piece, and who reads what is changed.

By names alone: whoever mentions the name of something that is changed is taken to read it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import Source, parse

if TYPE_CHECKING:
    from tree_sitter import Node

EVERYWHERE = "*"
"""In the place of a name: all tests read it."""

_WORD = re.compile(r"[^\W\d]\w*")
_CLASSES = frozenset(
    {"class_definition", "class_declaration", "interface_declaration", "record_declaration"}
)
_FUNCTIONS = frozenset({"function_definition", "method_declaration", "constructor_declaration"})
_IMPORTS = frozenset({"import_statement", "import_from_statement", "import_declaration"})
_SAYS_NOTHING = frozenset(
    {"comment", "line_comment", "block_comment", "package_declaration", "future_import_statement"}
)
_UNASKED = re.compile(
    r"autouse\s*=\s*True|@(?:Before|After)\w*\b|@RegisterExtension\b|@Rule\b|@TestInstance\b"
)
_UNASKED_NAMES = re.compile(r"set[uU]p\w*|tear[dD]own\w*|asyncSetUp|asyncTearDown|pytest\w*")
_COMMON = re.compile(r"import\s+(?:static\s+)?(?:org\.hamcrest|org\.junit|io\.restassured|java)\.")
"""Whose names nobody has a reason to replace."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The names that a piece binds, and its text."""

    names: tuple[str, ...]
    text: str

    def mentions(self, names: Collection[str]) -> bool:
        """Whether it reads one of them."""
        return mentions(self.text, names)


def mentions(text: str, names: Collection[str]) -> bool:
    """Whether code has one of the names."""
    return EVERYWHERE in names or not frozenset(_WORD.findall(text)).isdisjoint(names)


def changed_names(before: Sequence[Piece], after: Sequence[Piece]) -> frozenset[str]:
    """The names of what only one of both has."""
    old, new = Counter(before), Counter(after)
    return frozenset(name for each in ((old - new) + (new - old)) for name in each.names)


def with_readers(pieces: Sequence[Piece], names: Collection[str]) -> frozenset[str]:
    """`names`, and those of the pieces that read one of them, and so on."""
    found, last = frozenset(names), frozenset[str]()
    while found != last:
        last = found
        found |= {name for each in pieces if each.mentions(found) for name in each.names}
    return found


def pieces(text: str, language: SourceLanguage, tests: Collection[int] = ()) -> list[Piece]:
    """The pieces of a text but for the functions that begin at the offsets `tests`."""
    source = parse(text, language)
    return list(_below(source, source.root, tests))


def _below(source: Source, node: Node, tests: Collection[int]) -> Iterator[Piece]:
    for child in node.named_children:
        inner = child.child_by_field_name("definition") or child
        if child.type in _SAYS_NOTHING or _is_text(child):
            continue
        body = inner.child_by_field_name("body")
        if inner.type in _CLASSES and body is not None:
            head = source.text[child.start_byte : body.start_byte]
            yield Piece((_name(source, inner),), " ".join(head.split()))
            yield from _below(source, body, tests)
        elif child.type in _IMPORTS:
            yield from _imports(source, child)
        elif not any(child.start_byte <= each < child.end_byte for each in tests):
            yield _piece(source, child, inner)


def _imports(source: Source, node: Node) -> Iterator[Piece]:
    """One piece for each name that is imported, as each may be read by others."""
    text = source.of(node)
    names = node.children_by_field_name("name")
    start = text.partition(" import ")[0] if node.type == "import_from_statement" else "import"
    for each in names:
        bound = each.child_by_field_name("alias") or each
        word = _WORD.findall(source.of(bound))[0]
        yield Piece((word,), f"{start} import {source.of(each)}")
    if not names and text.rstrip("; ").endswith("*"):
        yield Piece(() if _COMMON.match(text) else (EVERYWHERE,), text)
    elif not names:
        yield Piece(tuple(_WORD.findall(text)[-1:]), text)


def _is_text(node: Node) -> bool:
    """Whether it is a docstring."""
    inside = [each.type for each in node.named_children]
    return node.type == "expression_statement" and inside == ["string"]


def _piece(source: Source, node: Node, inner: Node) -> Piece:
    text = source.of(node)
    names = tuple(dict.fromkeys(_names(source, inner)))
    is_unasked = any(_UNASKED_NAMES.fullmatch(each) for each in names)
    if not names or is_unasked or _UNASKED.search(text):
        names = (*names, EVERYWHERE)
    return Piece(names, text)


def _names(source: Source, node: Node) -> Iterator[str]:
    """What the statement or definition `node` binds; nothing where that is not known."""
    if node.type in _FUNCTIONS:
        yield _name(source, node)
    elif node.type == "field_declaration":
        for each in node.children_by_field_name("declarator"):
            yield _name(source, each)
    elif node.type == "expression_statement" and node.named_children:
        left = node.named_children[0].child_by_field_name("left")
        if left is not None and left.type in ("identifier", "pattern_list", "tuple_pattern"):
            yield from _WORD.findall(source.of(left))


def _name(source: Source, node: Node) -> str:
    found = node.child_by_field_name("name")
    return "" if found is None else source.of(found)
