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

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode.syntax import line_end, line_start, next_line

_JAVA_IMPORT = re.compile(
    r"^[ \t\ufeff]*import\s+(?P<static>static\s+)?(?P<name>[\w.*]+)\s*;[^\n\r]*", re.MULTILINE
)
_JAVA_TYPE = re.compile(r"^\s*(?:public\s|final\s|abstract\s|@|class\s|interface\s)", re.MULTILINE)
_PYTHON_IMPORT = re.compile(
    r"^\ufeff?(?:import[ \t]+(?P<plain>[\w.]+)|from[ \t]+(?P<module>[\w.]+)[ \t]+import)"
    r"(?:[^\n\r(\\]*\([^()]*\)|(?:[^\n\r\\]|\\\r?\n)*)[^\n\r]*",
    re.MULTILINE,
)

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
        return _placed(file, _python_lines(file), _python_imports(missing))
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
    members: dict[str, list[str]] = {}
    for name in names:
        module, _, member = name.rpartition(".")
        if module:
            members.setdefault(module, []).append(member)
    made += [
        (_python_key(module, is_from=True), f"from {module} import {', '.join(found)}")
        for module, found in members.items()
    ]
    return sorted(made)


def _python_lines(file: TestFile) -> list[_Line]:
    """Imports at the start of the file; those below other code are not counted."""
    found: list[_Line] = []
    for match in _PYTHON_IMPORT.finditer(file.text, 0, file.import_anchor):
        name = match["plain"] or match["module"]
        key = _python_key(name, is_from=match["module"] is not None)
        start = match.start() + match[0].startswith("\ufeff")
        found.append(_Line(key, start, next_line(file.text, match.end())))
    return found


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
    block = "".join(line + file.newline for line in lines)
    if offset and file.text[offset - 1] not in "\r\n\ufeff":
        block = file.newline + block
    return Edit(Span(offset, offset), block)


def _new_groups(file: TestFile, offset: int, found: Sequence[tuple[int, str]]) -> Edit:
    """One or two whole groups at `offset`, set off by empty lines from what is around."""
    groups: dict[int, list[str]] = {}
    for group, line in found:
        groups.setdefault(group, []).append(line)
    newline = file.newline
    block = (newline * 2).join(newline.join(group) for group in groups.values()) + newline
    before, after = file.text[:offset], file.text[offset : line_end(file.text, offset)]
    if before.strip("\ufeff") and before[-1] not in "\r\n":
        block = newline + block
    if before.strip("\ufeff") and _line_above(file.text, offset).strip():
        block = newline + block
    if after.strip():
        block += newline
    return Edit(Span(offset, offset), block)


def _line_above(text: str, offset: int) -> str:
    start = line_start(text, offset)
    if start == 0 or start != offset:
        return text[start:offset]
    end = start - 2 if text[start - 2 : start] == "\r\n" else start - 1
    return text[line_start(text, end) : end]
