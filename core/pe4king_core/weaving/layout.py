"""Places and white space: where an insertion goes and how it is indented."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.testcode.syntax import indentation, line_end, line_start

_COMMENT = {SourceLanguage.PYTHON: "#", SourceLanguage.JAVA: "//"}


def line_end_behind(file: TestFile, offset: int) -> int | None:
    """The end of the line of `offset`; None where code stands between."""
    end = line_end(file.text, offset)
    rest = file.text[offset:end].strip()
    is_free = not rest or rest.startswith(_COMMENT[file.language])
    return end if is_free else None


def starts_line(text: str, offset: int) -> bool:
    """Whether only white space stands between the line's start and `offset`."""
    return not text[line_start(text, offset) : offset].strip(" \t\f\ufeff")


def indent_unit(file: TestFile, test: TestFunction) -> str:
    """One step of indentation, as the body of `test` is indented against its head."""
    head = indentation(file.text, test.name_span.start)
    step = test.indent[len(head) :] if test.indent.startswith(head) else ""
    return step if step and not step.strip() else "    "


def indented(lines: Iterable[str], indent: str, unit: str) -> list[str]:
    """`lines`, whose own steps are four spaces, behind `indent` in steps of `unit`."""
    return [indent + _stepped(line, unit) if line else line for line in lines]


def _stepped(line: str, unit: str) -> str:
    spaces = len(line) - len(line.lstrip(" "))
    return unit * (spaces // 4) + " " * (spaces % 4) + line[spaces:]


def names_in(text: str) -> frozenset[str]:
    """All identifiers in `text`."""
    return frozenset(re.findall(r"[^\W\d]\w*", text))


def free_name(candidates: Iterable[str], taken: frozenset[str]) -> str:
    """The first of `candidates` that is not taken; then the last one with a number."""
    name = "body"
    for name in candidates:
        if name not in taken:
            return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
