"""Where the tests of a Python file stand: told by lines and indentation, or by a sound tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span
from pe4king_core.testcode.places import Place, Region
from pe4king_core.testcode.python.layout import column, is_uneven
from pe4king_core.testcode.syntax import Source, children, parse_part

if TYPE_CHECKING:
    from tree_sitter import Node

STUB = "def test(): pass"

_BOUNDARY = re.compile(
    r"\n([ \t\f\ufeff]*+)(?:(?P<at>@)|class[ \t]+(?P<class>\w++)"
    r"|(?:async[ \t]+)?def[ \t]+(?P<def>\w++))"
)
_FIXTURE = re.compile(r"fixture\b")
"""Not `usefixtures`."""
_COMPOUND = frozenset({"if_statement", "try_statement", "else_clause", "except_clause", "block"})
_DEFINITIONS = frozenset({"function_definition", "decorated_definition", "class_definition"})
_STRING = re.compile(
    r"""#[^\n\r]*|'{3}(?:\\.|[^\\])*?(?:'{3}|\Z)|"{3}(?:\\.|[^\\])*?(?:"{3}|\Z)"""
    r"""|'(?:\\.|[^'\\\n\r])*'?|"(?:\\.|[^"\\\n\r])*"?""",
    re.DOTALL,
)


def sound_places(source: Source) -> list[Place]:
    """The tests of a file without errors."""
    return list(_inside(source, source.root, (), -1))


def _inside(source: Source, block: Node, path: tuple[str, ...], holder: int) -> Iterator[Place]:
    nodes = children(block)
    for index, node in enumerate(nodes):
        kind = node.type
        if kind not in _DEFINITIONS:
            if kind in _COMPOUND and not path:
                for part in children(node):
                    if part.type in _COMPOUND:
                        yield from _inside(source, part, path, holder)
            continue
        definition = node.child_by_field_name("definition") or node
        name_node = definition.child_by_field_name("name")
        body = definition.child_by_field_name("body")
        if name_node is None:
            continue
        name = source.of(name_node)
        if definition.type == "class_definition":
            if body is not None and len(path) < 8:
                yield from _inside(source, body, (*path, name), source.span(name_node).start)
        elif name.startswith("test") and not _is_fixture(source, node, definition):
            span = source.span(node)
            behind = nodes[index + 1] if index + 1 < len(nodes) else None
            beside = None if behind is None else column(source, behind)
            uneven = beside is not None and beside != column(source, node)
            yield Place(span, source.span(name_node), path, holder, uneven)


def _is_fixture(source: Source, node: Node, definition: Node) -> bool:
    if node is definition:
        return False
    decorators = [source.of(each) for each in node.named_children if each.type == "decorator"]
    return any(_FIXTURE.search(each) for each in decorators)


def guessed_places(text: str, regions: dict[str, Region]) -> list[tuple[Place, Region]]:
    """What looks like a test, each up to the next definition beside it or further out.

    `regions` has what is known of such parts of the text, by indentation and text; those that
    were needed are in it afterwards.
    """
    known = dict(regions)
    regions.clear()
    found: list[tuple[Place, Region]] = []
    lines = _lines(text)
    ends = _ends(text, lines)
    around: list[_Line] = []
    first_at = -1
    for index, line in enumerate(lines):
        if line.kind == "at":
            if first_at < 0 or lines[first_at].indent != line.indent:
                first_at = index
            continue
        decorated = first_at >= 0 and lines[first_at].indent == line.indent
        start = (lines[first_at] if decorated else line).start
        first_at = -1
        while around and around[-1].width >= line.width:
            around.pop()
        is_test = line.kind == "def" and text.startswith("test", line.name.start)
        is_inner = any(each.kind == "def" for each in around)
        is_fixture = decorated and _FIXTURE.search(text[start : line.start])
        if is_test and not is_inner and not is_fixture:
            part = text[start : ends[index]].rstrip()
            key = f"{line.indent}|{part}"
            region = regions[key] = known.get(key) or _region(line.indent, part)
            place = Place(
                Span(start, start + region.end),
                line.name,
                tuple(each.name.of(text) for each in around),
                around[-1].name.start if around else -1,
                region.damaged,
            )
            found.append((place, region))
        around.append(line)
    return found


class _Line(NamedTuple):
    """The first line of a decorator, class or function; `start` is behind its `indent`."""

    kind: str
    indent: str
    width: int
    start: int
    name: Span


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    for line in _BOUNDARY.finditer("\n" + text):
        kind = line.lastgroup or ""
        start, end = line.span(kind)
        indent = line[1].lstrip("\ufeff")
        name = Span(start - 1, end - 1)
        found.append(_Line(kind, indent, _width(indent), line.end(1) - 1, name))
    return found


def _width(indent: str) -> int:
    return len(indent.expandtabs()) if "\t" in indent else len(indent)


def _ends(text: str, lines: Sequence[_Line]) -> list[int]:
    """For each of `lines` the start of the next one that is not further in."""
    ends = [len(text)] * len(lines)
    further_out: list[int] = []
    for index, line in enumerate(lines):
        while further_out and lines[further_out[-1]].width >= line.width:
            ends[further_out.pop()] = line.start - len(line.indent)
        further_out.append(index)
    return ends


def _region(indent: str, part: str) -> Region:
    """What `part`, which starts with a test behind `indent`, holds."""
    source, block = parsed(indent, part)
    nodes = children(block)
    definition = nodes[0].child_by_field_name("definition") or nodes[0] if nodes else None
    if definition is not None and definition.type == "function_definition":
        end = source.span(nodes[0]).end - len(indent)
        sound = not is_uneven(source, nodes[0], block)
        if sound and source.root.has_error:
            sound = (
                _is_apart(indent, part[end:]) and not parsed(indent, part[:end])[0].root.has_error
            )
        if sound:
            return Region(end, damaged=False)
    torn = any(
        len(each[0]) < 6 or each[0][-3:] != each[0][:3]
        for each in _STRING.finditer(part)
        if each[0].startswith(('"""', "'''"))
    )
    return Region(len(part), damaged=True, torn=torn)


def _is_apart(indent: str, behind: str) -> bool:
    """Whether no line of what stands behind a test may have been one of its own."""
    lines = behind.splitlines()[1:]
    return bool(lines) and not any(
        line.strip() and len(line) - len(line.lstrip()) > len(indent) for line in lines
    )


def parsed(indent: str, part: str) -> tuple[Source, Node]:
    """`part` as it stands behind `indent`, and the block in which its first statement stands."""
    text = indent + part
    before = f"class x:\n{indent}" if indent.strip("\f") else ""
    span = Span(len(indent), len(text))
    source = parse_part(text, span, SourceLanguage.PYTHON, before=before, after="\n")
    block = source.root
    if before and children(block):
        block = children(block)[0].child_by_field_name("body") or block
    return source, block
