"""Missing imports, each put where a sorted file would have it; other lines are not touched.

Python: standard library and everything else are groups of their own, plain imports stand before
`from` imports (isort, PEP 8). Java: static imports are one group, all others another
(google-java-format).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode.syntax import (
    children,
    indentation,
    line_end,
    line_start,
    next_line,
    parse_part,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_JAVA_IMPORT = re.compile(
    r"^[ \t\ufeff]*import\s+(?P<static>static\s+)?(?P<name>[\w.*]+)\s*;[^\n\r]*", re.MULTILINE
)
_JAVA_TYPE = re.compile(r"^\s*(?:public\s|final\s|abstract\s|@|class\s|interface\s)", re.MULTILINE)
_DEFINITION = re.compile(r"(?:async\s+)?def\b|class\b|@")
"""The first line of a function or a class of Python, which two empty lines set off."""
_WIDTH = 88

_Key = tuple[int, bool, str]
"""Group, whether it is a `from` import, name: the order of a sorted file."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One import that stands in the file, whole lines from `start` to `end`."""

    key: _Key
    start: int
    end: int


def import_edits(file: TestFile, names: Iterable[str]) -> tuple[Edit, ...]:
    """Insertions for those of `names` that the file does not import yet."""
    missing = sorted(name for name in names if not is_imported(file, name))
    if not missing:
        return ()
    if file.language is SourceLanguage.PYTHON:
        modules = {name.rpartition(".")[0] for name in missing}
        extended = {
            module: _extended(file, module, _members(module, missing)) for module in modules
        }
        rest = [name for name in missing if not extended[name.rpartition(".")[0]]]
        edits = [edit for found in extended.values() for edit in found]
        placed = _placed(file, _python_lines(file), _python_imports(rest)) if rest else ()
        return tuple(sorted((*edits, *placed), key=lambda edit: edit.span))
    return _placed(file, _java_lines(file), _java_imports(missing))


def is_imported(file: TestFile, name: str) -> bool:
    """Whether the file imports `name`, itself or with a `*`."""
    if name in file.imports:
        return True
    scope, _, member = name.rpartition(".")
    if scope and f"{scope}.*" in file.imports:
        return True
    if not name.startswith("static org.hamcrest."):
        return False
    return any(
        other.startswith("static org.hamcrest.") and other.endswith("." + member)
        for other in file.imports
    )


def _python_key(module: str, *, is_from: bool) -> _Key:
    root = module.split(".", 1)[0]
    if root == "__future__":
        return (0, is_from, module)
    return (1 if root in sys.stdlib_module_names else 2, is_from, module)


def _python_imports(names: Sequence[str]) -> list[tuple[_Key, str]]:
    made = [
        (_python_key(name, is_from=False), f"import {name}") for name in names if "." not in name
    ]
    for module in {name.rpartition(".")[0] for name in names} - {""}:
        made.append(
            (_python_key(module, is_from=True), _from_line(module, _members(module, names)))
        )
    return sorted(made)


def _members(module: str, names: Sequence[str]) -> list[str]:
    """What `names` take from `module`."""
    return sorted(
        (name.rpartition(".")[2] for name in names if name.rpartition(".")[0] == module),
        key=str.lower,
    )


def _from_line(module: str, members: Sequence[str]) -> str:
    """An import on one line, or with a name a line where that would be too long."""
    flat = f"from {module} import {', '.join(members)}"
    if len(flat) <= _WIDTH:
        return flat
    return "\n".join((f"from {module} import (", *(f"    {each}," for each in members), ")"))


def _python_lines(file: TestFile) -> list[_Line]:
    """Imports at the start of the file; those below other code, or inside of it, do not count."""
    found: list[_Line] = []
    for node in _python_nodes(file):
        module = node.child_by_field_name("module_name")
        is_from = node.type != "import_statement"
        name = module if is_from else next(iter(node.children_by_field_name("name")), None)
        text = "__future__" if name is None else _head(file, name)
        key = _python_key(text, is_from=is_from)
        start = line_start(file.text, node.start_byte)
        start += file.text.startswith("\ufeff", start)
        found.append(_Line(key, start, next_line(file.text, node.end_byte)))
    return found


def _python_nodes(file: TestFile) -> list[Node]:
    """The import statements of the file's head; places are offsets in its text."""
    head = parse_part(file.text, Span(0, file.import_anchor), SourceLanguage.PYTHON)
    kinds = ("import_statement", "import_from_statement", "future_import_statement")
    return [node for node in children(head.root) if node.type in kinds]


def _head(file: TestFile, name: Node) -> str:
    """The module that an import statement names first."""
    text = file.text[name.start_byte : name.end_byte]
    return text.partition(" as ")[0].partition(",")[0].strip()


def _extended(file: TestFile, module: str, members: Sequence[str]) -> list[Edit]:
    """The insertions of `members` into a statement that imports from `module` already."""
    for node in _python_nodes(file) if module else []:
        source = node.child_by_field_name("module_name")
        names = node.children_by_field_name("name")
        if source is None or not names or _head(file, source) != module:
            continue
        row = node.start_point.row
        if node.end_point.row == row:
            start = line_start(file.text, node.start_byte)
            width = line_end(file.text, node.start_byte) - start
            fits = width + sum(len(each) + 2 for each in members) <= _WIDTH
            return [_into_row(file, names, each) for each in members] if fits else []
        if all(each.start_point.row > row for each in names):
            return _into_rows(file, names, members)
    return []


def _into_row(file: TestFile, names: Sequence[Node], member: str) -> Edit:
    """`from m import a, c` with one name more."""
    for each in names:
        if file.text[each.start_byte : each.end_byte].lower() > member.lower():
            return Edit(Span(each.start_byte, each.start_byte), f"{member}, ")
    end = names[-1].end_byte
    return Edit(Span(end, end), f", {member}")


def _into_rows(file: TestFile, names: Sequence[Node], members: Sequence[str]) -> list[Edit]:
    """The same for one name a line, each with a comma."""
    rows = [each.start_point.row for each in names]
    last = names[-1].end_byte
    if len(set(rows)) != len(rows) or file.text[last : last + 1] != ",":
        return []
    indent = indentation(file.text, names[0].start_byte)
    edits = []
    for member in members:
        later = (
            line_start(file.text, each.start_byte)
            for each in names
            if file.text[each.start_byte : each.end_byte].lower() > member.lower()
        )
        place = next(later, next_line(file.text, last))
        edits.append(Edit(Span(place, place), f"{indent}{member},{file.newline}"))
    return edits


def _java_imports(names: Sequence[str]) -> list[tuple[_Key, str]]:
    made = []
    for name in names:
        static = name.startswith("static ")
        made.append(((0 if static else 1, False, name.removeprefix("static ")), f"import {name};"))
    return sorted(made)


def _java_lines(file: TestFile) -> list[_Line]:
    first_type = _JAVA_TYPE.search(file.text)
    end = max(file.import_anchor, first_type.start() if first_type else len(file.text))
    return [
        _Line(
            (0 if match["static"] else 1, False, match["name"]),
            match.start() + match[0].startswith("\ufeff"),
            next_line(file.text, match.end()),
        )
        for match in _JAVA_IMPORT.finditer(file.text, 0, end)
    ]


def _placed(
    file: TestFile, lines: Sequence[_Line], new: Sequence[tuple[_Key, str]]
) -> tuple[Edit, ...]:
    """Each new import before the first of its group that sorts behind it, else behind the group."""
    texts: dict[int, list[str]] = {}
    apart: dict[int, list[tuple[int, str]]] = {}
    for key, line in new:
        group = [item for item in lines if item.key[0] == key[0]]
        if group:
            later = next((item.start for item in group if item.key > key), None)
            texts.setdefault(group[-1].end if later is None else later, []).append(line)
        else:
            apart.setdefault(_group_place(file, lines, key), []).append((key[0], line))
    edits = [_inside(file, offset, found) for offset, found in texts.items()]
    edits += [_new_groups(file, offset, found) for offset, found in apart.items()]
    return tuple(sorted(edits))


def _group_place(file: TestFile, lines: Sequence[_Line], key: _Key) -> int:
    """Where a group that the file does not have yet begins."""
    later = [item.start for item in lines if item.key[0] > key[0]]
    if later:
        return later[0]
    return lines[-1].end if lines else file.import_anchor


def _inside(file: TestFile, offset: int, lines: Sequence[str]) -> Edit:
    block = "".join(line.replace("\n", file.newline) + file.newline for line in lines)
    if offset and file.text[offset - 1] not in "\r\n\ufeff":
        block = file.newline + block
    return Edit(Span(offset, offset), block)


def _new_groups(file: TestFile, offset: int, found: Sequence[tuple[int, str]]) -> Edit:
    """One or two whole groups at `offset`, set off by empty lines from what is around."""
    groups: dict[int, list[str]] = {}
    for group, line in found:
        groups.setdefault(group, []).append(line.replace("\n", file.newline))
    newline = file.newline
    block = (newline * 2).join(newline.join(group) for group in groups.values()) + newline
    before, after = file.text[:offset], file.text[offset : line_end(file.text, offset)]
    if before.strip("\ufeff") and before[-1] not in "\r\n":
        block = newline + block
    if before.strip("\ufeff") and _line_above(file.text, offset).strip():
        block = newline + block
    if after.strip():
        is_python = file.language is SourceLanguage.PYTHON
        block += newline * (2 if is_python and _DEFINITION.match(after) else 1)
    return Edit(Span(offset, offset), block)


def _line_above(text: str, offset: int) -> str:
    start = line_start(text, offset)
    if start == 0 or start != offset:
        return text[start:offset]
    end = start - 2 if text[start - 2 : start] == "\r\n" else start - 1
    return text[line_start(text, end) : end]
