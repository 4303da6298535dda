"""Missing imports, put where the file keeps its imports and in its style."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode.syntax import line_end, line_start, next_line

_JAVA_IMPORT = re.compile(r"^[ \t\ufeff]*import\s+(static\s+)?[\w.*]+\s*;[^\n\r]*", re.MULTILINE)
_JAVA_TYPE = re.compile(r"^\s*(?:public\s|final\s|abstract\s|@|class\s|interface\s)", re.MULTILINE)


def import_edits(file: TestFile, names: Iterable[str]) -> tuple[Edit, ...]:
    """Insertions for those of `names` that the file does not import yet."""
    missing = sorted(name for name in names if not is_imported(file, name))
    if not missing:
        return ()
    if file.language is SourceLanguage.PYTHON:
        return _python_edits(file, missing)
    return _java_edits(file, missing)


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


def _python_edits(file: TestFile, names: list[str]) -> tuple[Edit, ...]:
    plain = [f"import {name}" for name in names if "." not in name]
    members: dict[str, list[str]] = {}
    for name in names:
        module, _, member = name.rpartition(".")
        if module:
            members.setdefault(module, []).append(member)
    lines = plain + [f"from {module} import {', '.join(members[module])}" for module in members]
    return (_block(file, file.import_anchor, lines, spaced=not file.imports),)


def _block(file: TestFile, offset: int, lines: list[str], *, spaced: bool) -> Edit:
    """Whole lines at the line start `offset`; `spaced` sets them off from what is around."""
    text, newline = file.text, file.newline
    before, after = text[:offset], text[offset:]
    block = "".join(line + newline for line in lines)
    at_line_start = not before or before[-1] in "\r\n\ufeff"
    if not at_line_start:
        block = newline + block
    if spaced and before.strip("\ufeff") and _line_above(text, offset).strip():
        block = newline + block
    following = text[offset : line_end(text, offset)]
    if spaced and after and following.strip():
        block += newline
    return Edit(Span(offset, offset), block)


def _line_above(text: str, offset: int) -> str:
    start = line_start(text, offset)
    if start == 0 or start != offset:
        return text[start:offset]
    end = start - 2 if text[start - 2 : start] == "\r\n" else start - 1
    return text[line_start(text, end) : end]


def _java_edits(file: TestFile, names: list[str]) -> tuple[Edit, ...]:
    static = [f"import {name};" for name in names if name.startswith("static ")]
    plain = [f"import {name};" for name in names if not name.startswith("static ")]
    last_static, last_plain = _last_imports(file)
    edits: list[Edit] = []
    if plain:
        at = last_plain if last_plain is not None else file.import_anchor
        edits.append(_block(file, at, plain, spaced=last_plain is None))
    if static:
        at = last_static if last_static is not None else file.import_anchor
        if last_static is None and plain and edits[0].span.start == at:
            both = edits.pop().text
            joined = both.rstrip("\r\n").splitlines()
            static = [*(line for line in joined if line), "", *static]
        edits.insert(
            0 if last_static is not None else 1,
            _block(file, at, static, spaced=last_static is None),
        )
    return tuple(edits)


def _last_imports(file: TestFile) -> tuple[int | None, int | None]:
    """The line starts behind the last static and the last other import."""
    first_type = _JAVA_TYPE.search(file.text)
    end = max(file.import_anchor, first_type.start() if first_type else len(file.text))
    last: dict[bool, int] = {}
    for match in _JAVA_IMPORT.finditer(file.text, 0, end):
        last[bool(match.group(1))] = next_line(file.text, match.end())
    return last.get(True), last.get(False)
