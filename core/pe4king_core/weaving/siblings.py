"""Whole tests beside a sibling."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pe4king_core.errors import RefusedError
from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode import read_tests
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving import java_beside
from pe4king_core.weaving.imports import import_edits
from pe4king_core.weaving.layout import line_end_behind
from pe4king_core.weaving.python_beside import like_sibling
from pe4king_core.weaving.reasons import DAMAGED, test_exists

_LINE = re.compile(r"\r\n|\n|\r")


def insert_tests(
    file: TestFile, after: TestFunction, blocks: Sequence[str], imports: frozenset[str]
) -> tuple[Edit, ...]:
    """Insertions that put `blocks` (sources without base indentation) behind the test `after`.

    They take over marks of `after` that do not speak of it alone, and `self` in its class.
    Raises RefusedError where `after` has syntax errors or a test of that name exists.
    """
    if after.damaged:
        raise RefusedError(DAMAGED)
    _refuse_duplicates(file, after, blocks)
    indent = indentation(file.text, after.name_span.start)
    place, gap = place_behind(file, after)
    if file.language is SourceLanguage.PYTHON:
        blocks = [like_sibling(file, after, block) for block in blocks]
    else:
        adapted = [java_beside.like_sibling(file, after, block, imports) for block in blocks]
        blocks = [block for block, _ in adapted]
        imports = frozenset().union(*(needed for _, needed in adapted))
    text = "".join(gap + indented_block(block, indent, file) for block in blocks)
    return (*import_edits(file, imports), *((Edit(Span(place, place), text),) if text else ()))


def place_behind(file: TestFile, after: TestFunction) -> tuple[int, str]:
    """Where a test behind `after` goes, and the lines between the two."""
    end = line_end_behind(file, after.span.end)
    top_level = not indentation(file.text, after.name_span.start)
    is_python = file.language is SourceLanguage.PYTHON
    return after.span.end if end is None else end, file.newline * (
        3 if is_python and top_level else 2
    )


def _refuse_duplicates(file: TestFile, after: TestFunction, blocks: Sequence[str]) -> None:
    scope = after.qualified_name.rpartition(".")[0]
    present = {test.name for test in file.tests if test.qualified_name.rpartition(".")[0] == scope}
    for block in blocks:
        for test in read_tests(_as_file(block, file), file.language).tests:
            if test.name in present:
                raise RefusedError(test_exists(test.name))
            present.add(test.name)


def _as_file(block: str, file: TestFile) -> str:
    return f"class X {{\n{block}\n}}\n" if file.language is SourceLanguage.JAVA else block


def indented_block(block: str, indent: str, file: TestFile) -> str:
    """`block` behind `indent` with the file's line ends; text inside literals is not moved."""
    lines = _LINE.split(block.strip("\r\n"))
    fixed = _rows_in_texts(block.strip("\r\n")) if file.language is SourceLanguage.PYTHON else set()
    moved = [
        line if row in fixed or not line.strip() else indent + line
        for row, line in enumerate(lines)
    ]
    return file.newline.join(moved)


def _rows_in_texts(block: str) -> set[int]:
    """Lines of `block` that begin inside a string literal over several lines."""
    from pe4king_core.testcode.syntax import parse, walk

    rows: set[int] = set()
    for node in walk(parse(block, SourceLanguage.PYTHON).root):
        if node.type == "string":
            rows |= set(range(node.start_point.row + 1, node.end_point.row + 1))
    return rows
