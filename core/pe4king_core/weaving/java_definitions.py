"""A Java file of tests as definitions: the methods and fields of its classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import Source, children, parse, walk
from pe4king_core.weaving.definitions import Definition, Kind, Outline
from pe4king_core.weaving.java_beside import annotations_of
from pe4king_core.weaving.rows import Rows

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPORT = re.compile(r"import\s+((?:static\s+)?[\w.]+(?:\.\*)?)\s*;")
_TESTS = frozenset({"Test", "ParameterizedTest", "RepeatedTest", "TestFactory"})
_LIFE_CYCLE = re.compile(r"^\s*@(?:Before|After)(?:Each|All)\b", re.MULTILINE)
_SPACE = re.compile(r"\s+")


def java_outline(text: str) -> Outline:
    """The outline of `text`. Raises SyntaxError where it is no Java."""
    source = parse(text, SourceLanguage.JAVA)
    if source.root.has_error:
        problem = SyntaxError()
        problem.lineno = _first_error(source)
        raise problem
    imports: dict[str, str] = {}
    definitions: list[Definition] = []
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    indents: dict[str, str] = {}
    rows = Rows(text)
    for node in children(source.root):
        if node.type == "import_declaration" and (found := _IMPORT.match(source.of(node))):
            imports[found[1].rpartition(".")[2]] = _SPACE.sub(" ", found[1])
        elif node.type == "class_declaration":
            name = source.of(node.child_by_field_name("name") or node)
            found_members = list(_members(source, rows, node, name))
            definitions += found_members
            body = node.child_by_field_name("body") or node
            starts[name] = rows.start(body.start_point.row + 2)
            ends[name] = rows.start(body.end_point.row + 1)
            first = next(iter(children(body)), None)
            indents[name] = "  " if first is None else rows.indent(first.start_point.row + 1)
    definitions = [_with_life_cycle(each, definitions) for each in definitions]
    return Outline(tuple(definitions), imports, frozenset(), ends, starts, indents)


def _with_life_cycle(each: Definition, others: Sequence[Definition]) -> Definition:
    """A field with the methods that JUnit calls because of it: nobody names them."""
    if each.kind is not Kind.VALUE:
        return each
    called = {other.name for other in others if each.name in other.uses & _called(other)}
    return replace(each, uses=each.uses | called) if called else each


def _called(method: Definition) -> frozenset[str]:
    """What a method uses that JUnit calls around tests."""
    return method.uses if _LIFE_CYCLE.search(method.code) else frozenset()


def _first_error(source: Source) -> int:
    broken = (node for node in walk(source.root) if node.is_error or node.is_missing)
    return next((node.start_point.row + 1 for node in broken), 1)


def _members(source: Source, rows: Rows, node: Node, room: str) -> Iterator[Definition]:
    body = node.child_by_field_name("body")
    above: Node | None = None
    behind = -1
    for member in body.named_children if body is not None else []:
        if "comment" in member.type:
            if member.start_point.row > behind:
                above = above or member
            continue
        name = _name(source, member)
        if name:
            first = above if above is not None else member
            yield _definition(source, rows, member, first, (name, room))
        above, behind = None, member.end_point.row


def _name(source: Source, member: Node) -> str:
    if member.type == "field_declaration":
        member = member.child_by_field_name("declarator") or member
    elif member.type != "method_declaration":
        return ""
    named = member.child_by_field_name("name")
    return "" if named is None else source.of(named)


def _definition(
    source: Source, rows: Rows, member: Node, first: Node, named: tuple[str, str]
) -> Definition:
    name, room = named
    start = rows.start(first.start_point.row + 1)
    end = rows.start(member.end_point.row + 2)
    marks = {mark for mark, _ in annotations_of(source, member)}
    method = member.type == "method_declaration"
    kind = Kind.TEST if marks & _TESTS else Kind.HELPER if method else Kind.VALUE
    text = _SPACE.sub("", source.of(member))
    comment = _SPACE.sub(" ", source.of(first)) if first != member else ""
    return Definition(
        name,
        kind,
        room,
        start,
        end,
        rows.text[start:end].rstrip("\r\n"),
        re.sub(rf"(?<!\w){re.escape(name)}(?=\()", "", text, count=1),
        frozenset(_used(source, member)),
        (_type(source, member),) if method else (),
        _takes(member) if method else (0, 0),
        comment,
    )


def _used(source: Source, member: Node) -> Iterator[str]:
    """The methods, fields and types that `member` names without saying whose they are."""
    for node in walk(member):
        if node.type == "method_invocation" and node.child_by_field_name("object") is None:
            yield source.of(node.child_by_field_name("name") or node)
        elif node.type in ("identifier", "type_identifier"):
            parent = node.parent
            inner = parent is not None and parent.type in ("method_invocation", "field_access")
            if parent is None or not inner or parent.child_by_field_name("object") == node:
                yield source.of(node)
        elif node.type == "method_reference":
            yield source.of(node).rpartition("::")[2]


def _type(source: Source, method: Node) -> str:
    given = method.child_by_field_name("type")
    return "" if given is None else _SPACE.sub("", source.of(given))


def _takes(method: Node) -> tuple[int, int]:
    taken = method.child_by_field_name("parameters")
    count = 0 if taken is None else len(children(taken))
    return count, count
