"""A new Java test takes over the habits of the one beside it: annotations, `public`, steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.testcode.syntax import Source, children, parse, walk
from pe4king_core.weaving.java_around import parsed
from pe4king_core.weaving.layout import indent_unit

if TYPE_CHECKING:
    from tree_sitter import Node

_SHARED = frozenset({"Tag", "Tags", "Category", "Epic", "Feature", "Owner", "Timeout"})
"""Annotations that hold for the tests beside as well; others speak of the one test."""
_GROUPS = re.compile(r"\bgroups\s*=\s*(?:\{[^{}]*\}|\"[^\"]*\"|[\w.]+)")
_HEAD = "class X {\n"


def like_sibling(
    file: TestFile, sibling: TestFunction, block: str, imports: frozenset[str]
) -> tuple[str, frozenset[str]]:
    """`block`, a test without base indentation, in the manner of `sibling`, and what it imports."""
    source = parse(f"{_HEAD}{block}\n}}", SourceLanguage.JAVA)
    method = _method(source)
    beside = parsed(file, sibling)
    model = _method(beside)
    if method is None or model is None or source.root.has_error:
        return block, imports
    kept = [
        _test(file, beside, model, block) if name == "Test" else text
        for name, text in annotations_of(source, method)
        if name == "Test" or _is_used(file, name)
    ]
    present = {name for name, _ in annotations_of(source, method)}
    kept += [
        text
        for name, text in annotations_of(beside, model)
        if name in _SHARED and name not in present and "\n" not in text
    ]
    kind = method.child_by_field_name("type")
    start = source.span(kind).start - len(_HEAD) if kind is not None else 0
    words = "public " if _is_public(beside, model) else ""
    made = "\n".join((*kept, words + block[start:]))
    needed = frozenset(name for name in imports if _is_needed(file, name, block, made))
    step = _step(method)
    return _reindented(made, step, indent_unit(file, sibling)) if step else made, needed


def _method(source: Source) -> Node | None:
    found = (node for node in walk(source.root) if node.type == "method_declaration")
    return next(found, None)


def annotations_of(source: Source, method: Node) -> Iterator[tuple[str, str]]:
    """Names and texts of the annotations of `method`."""
    for modifiers in children(method):
        if modifiers.type == "modifiers":
            for each in children(modifiers):
                name = each.child_by_field_name("name")
                if "annotation" in each.type and name is not None:
                    yield source.of(name).rpartition(".")[2], source.of(each)


def _is_public(source: Source, method: Node) -> bool:
    words = [source.of(each) for each in children(method) if each.type == "modifiers"]
    return bool(words) and re.search(r"\bpublic\b", words[0]) is not None


def _is_used(file: TestFile, annotation: str) -> bool:
    return re.search(rf"@(?:\w+\.)*{annotation}\b", file.text) is not None


def _framework(file: TestFile) -> str:
    """The package of the annotation `@Test` in `file`."""
    for package in ("org.testng.annotations", "org.junit"):
        if f"{package}.Test" in file.imports or f"{package}.*" in file.imports:
            return package
    return "org.junit.jupiter.api"


def _test(file: TestFile, source: Source, method: Node, block: str) -> str:
    """`@Test`, in TestNG with the groups, and with a description where the sibling has one."""
    own = next((text for name, text in annotations_of(source, method) if name == "Test"), "@Test")
    if _framework(file) != "org.testng.annotations":
        return "@Test"
    groups = _GROUPS.search(own)
    words = [groups[0]] if groups else []
    shown = re.search(r"@DisplayName\(\s*(\"(?:\\.|[^\"\\])*\")\s*\)", block)
    if shown and re.search(r"\bdescription\s*=", own):
        words.append(f"description = {shown[1]}")
    return f"@Test({', '.join(words)})" if words else "@Test"


def _is_needed(file: TestFile, name: str, before: str, after: str) -> bool:
    """Whether the import `name` is not for an annotation that was left out."""
    if name == "org.junit.jupiter.api.Test":
        return _framework(file) == "org.junit.jupiter.api"
    word = re.compile(rf"\b{re.escape(name.rpartition('.')[2])}\b")
    return word.search(after) is not None or word.search(before) is None


def _step(method: Node) -> int:
    """By how many columns the body of the method is indented."""
    body = method.child_by_field_name("body")
    statements = children(body) if body is not None else []
    return statements[0].start_point.column if statements else 0


def _reindented(block: str, step: int, unit: str) -> str:
    """`block`, whose own steps are `step` columns, in steps of `unit`.

    Lines of a text block move as one.
    """
    lines = block.split("\n")
    texts = _text_blocks(block)
    moved: list[str] = []
    for row, line in enumerate(lines):
        text = line.lstrip(" ")
        spaces = len(line) - len(text)
        base = min(texts.get(row, spaces), spaces)
        extra = spaces - base + base % step
        moved.append(unit * (base // step) + " " * extra + text if text else "")
    return "\n".join(moved)


def _text_blocks(block: str) -> dict[int, int]:
    """The rows inside text blocks, each with the indentation of the block's end."""
    source = parse(f"{_HEAD}{block}\n}}", SourceLanguage.JAVA)
    rows: dict[int, int] = {}
    lines = block.split("\n")
    for node in walk(source.root):
        if node.type == "string_literal" and source.of(node).startswith('"""'):
            first, last = node.start_point.row, node.end_point.row - 1
            inside = [line for line in lines[first : last + 1] if line.strip()]
            least = min((len(line) - len(line.lstrip(" ")) for line in inside), default=0)
            rows |= dict.fromkeys(range(first, last + 1), least)
    return rows
