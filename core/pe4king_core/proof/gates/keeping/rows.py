"""Tests with a table, written out as one test for each row.

So that copies made into a table, and a table with more rows, are compared like any other test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions, definitions
from pe4king_core.testcode.syntax import indentation, line_start, newline_of

if TYPE_CHECKING:
    from tree_sitter import Node

ROW = "__row_"
"""Between the name of a test and the number of its row."""
_MOST_ROWS = 40
_PARAMETRIZE = re.compile(r"@(?:[\w.]+\.)?parametrize\s*\(", re.DOTALL)
_SOURCES = re.compile(
    r"@(?:[\w.]+\.)?(ValueSource|CsvSource)\s*\(((?:[^()\"]|\"(?:\\.|[^\"\\])*\")*)\)", re.DOTALL
)
_PARAMETERIZED = re.compile(r"@(?:[\w.]+\.)?ParameterizedTest(?:\s*\([^()]*\))?")
_ITEM = re.compile(r"\"(?:\\.|[^\"\\])*\"|[^\s,{}]+")
_OFF = re.compile(r"marks?\s*=[^)]*(?:skip|xfail)")

Row = tuple[tuple[str, str], ...]
"""Names with the source of their values."""


def written_out(text: str, language: SourceLanguage) -> Definitions:
    """What `text` defines, with a test for each row of a table where the rows can be told."""
    found = definitions(text, language)
    edits = [edit for test in found.tests().values() for edit in _edits(found, test)]
    return definitions(apply_edits(text, edits), language) if edits else found


def base_of(name: str) -> str:
    """The name of the test that the test of a row was made of."""
    return name.partition(ROW)[0]


def table_of(test: Definition) -> str:
    """The table of a test that could not be written out, as text; empty where there is none."""
    is_table = _PARAMETRIZE.search(test.marks) or _PARAMETERIZED.search(test.marks)
    return "".join(test.marks.split()) if is_table else ""


def _edits(found: Definitions, test: Definition) -> Iterator[Edit]:
    python = found.language is SourceLanguage.PYTHON
    rows = _python_rows(found, test) if python else _java_rows(found, test)
    if rows is None or len(rows) > _MOST_ROWS or test.body is None:
        return
    whole = found.source.span(test.whole)
    start = line_start(found.source.text, whole.start)
    indent = indentation(found.source.text, whole.start)
    make = _python_copy if python else _java_copy
    copies = [make(found, test, index, row) for index, row in enumerate(rows)]
    newline = newline_of(found.source.text)
    yield Edit(
        Span(start + len(indent), whole.end), f"{newline}{newline}{indent}".join(copies) or "pass"
    )


def _python_rows(found: Definitions, test: Definition) -> list[Row] | None:
    """The rows of all tables of a test; None where there is none, or one is not written out."""
    if not _PARAMETRIZE.search(test.marks):
        return None
    tables: list[list[Row]] = []
    for mark in _decorators(test):
        text = found.source.of(mark)
        if not _PARAMETRIZE.match(text):
            continue
        rows = _table(found, text)
        if rows is None:
            return None
        tables.append(rows)
    return [tuple(pair for row in rows for pair in row) for rows in product(*tables)]


def _decorators(test: Definition) -> list[Node]:
    return [each for each in test.whole.named_children if each.type == "decorator"]


def _table(found: Definitions, decorator: str) -> list[Row] | None:
    try:
        call = ast.parse(decorator.lstrip("@").strip(), mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(call, ast.Call) or len(call.args) < 2:
        return None
    names, listed = _names(call.args[0]), call.args[1]
    if isinstance(listed, ast.Name):
        listed = _assigned(found, listed.id) or listed
    if names is None or not isinstance(listed, ast.List | ast.Tuple | ast.Set):
        return None
    rows: list[Row] = []
    for item in listed.elts:
        if _OFF.search(ast.unparse(item)):
            continue
        values = _values(item, len(names))
        if values is None:
            return None
        rows.append(tuple(zip(names, map(ast.unparse, values), strict=True)))
    return rows


def _assigned(found: Definitions, name: str) -> ast.expr | None:
    for _, target, value in found.assigned:
        if found.source.of(target) == name:
            try:
                return ast.parse(found.source.of(value).strip(), mode="eval").body
            except SyntaxError:
                return None
    return None


def _names(node: ast.expr) -> list[str] | None:
    try:
        stated = ast.literal_eval(node)
    except ValueError:
        return None
    if isinstance(stated, str):
        return [each.strip() for each in stated.split(",") if each.strip()]
    return [str(each) for each in stated]


def _values(item: ast.expr, count: int) -> list[ast.expr] | None:
    if isinstance(item, ast.Call) and ast.unparse(item.func).rpartition(".")[2] == "param":
        return item.args if len(item.args) == count else None
    if count == 1:
        return [item]
    is_row = isinstance(item, ast.Tuple | ast.List) and len(item.elts) == count
    return item.elts if is_row and isinstance(item, ast.Tuple | ast.List) else None


def _python_copy(found: Definitions, test: Definition, index: int, row: Row) -> str:
    """The test for one row: its values are given to the names first."""
    text, whole = found.source.text, found.source.span(test.whole)
    edits = [
        Edit(found.source.span(mark), "")
        for mark in _decorators(test)
        if _PARAMETRIZE.match(found.source.of(mark))
    ]
    name = test.node.child_by_field_name("name")
    body = test.body
    if name is None or body is None:
        return whole.of(text)
    edits.append(
        Edit(Span(found.source.span(name).end, found.source.span(name).end), f"{ROW}{index}")
    )
    at = found.source.span(body).start
    on_own_line = not text[line_start(text, at) : at].strip()
    joint = f"{newline_of(text)}{indentation(text, at)}" if on_own_line else "; "
    given = "".join(f"{key} = {value}{joint}" for key, value in row)
    edits.append(Edit(Span(at, at), given))
    return _cut(text, whole, edits).lstrip()


def _java_rows(found: Definitions, test: Definition) -> list[Row] | None:
    source = _SOURCES.search(test.marks)
    names = _declared(found, test)
    if source is None or not _PARAMETERIZED.search(test.marks) or not names:
        return None
    kind, listed = source.group(1), source.group(2)
    if kind == "ValueSource":
        items = _ITEM.findall(listed.partition("=")[2])
        return [((names[0], item),) for item in items]
    if "=" in re.sub(r'"(?:\\.|[^"\\])*"', "", listed).replace("value", "").replace("=", "", 1):
        return None
    rows: list[Row] = []
    for item in _ITEM.findall(re.sub(r"^\s*value\s*=", "", listed)):
        cells = [cell.strip() for cell in item.strip('"').split(",")]
        if len(cells) != len(names) or "'" in item:
            return None
        rows.append(tuple(zip(names, cells, strict=True)))
    return rows


def _declared(found: Definitions, test: Definition) -> list[str]:
    """The parameters with their types: `int id`."""
    listed = test.node.child_by_field_name("parameters")
    nodes = listed.named_children if listed is not None else []
    return [found.source.of(each) for each in nodes if each.type == "formal_parameter"]


def _java_copy(found: Definitions, test: Definition, index: int, row: Row) -> str:
    text, whole = found.source.text, found.source.span(test.whole)
    name, listed = (test.node.child_by_field_name(each) for each in ("name", "parameters"))
    if name is None or listed is None or test.body is None:
        return whole.of(text)
    marks = _SOURCES.sub("", _PARAMETERIZED.sub("@Test", test.marks))
    end = found.source.span(name).end
    at = found.source.span(test.body).start + 1
    given = "".join(f" {name} = {_quoted(name, value)};" for name, value in row)
    edits = [
        Edit(Span(whole.start, whole.start + len(test.marks)), marks),
        Edit(Span(end, end), f"{ROW}{index}"),
        Edit(found.source.span(listed), "()"),
        Edit(Span(at, at), given),
    ]
    return _cut(text, whole, edits)


def _quoted(declared: str, value: str) -> str:
    is_text = "String" in declared.split()[:-1] and not value.startswith('"')
    return f'"{value}"' if is_text else value


def _cut(text: str, whole: Span, edits: Sequence[Edit]) -> str:
    """The part `whole` of `text` with `edits`."""
    moved = [
        Edit(Span(each.span.start - whole.start, each.span.end - whole.start), each.text)
        for each in edits
    ]
    return apply_edits(whole.of(text), moved)
