"""Parametrized tests and fixtures: the rows of their tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.testcode.python.arguments import items_of, read_arguments
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import Arguments, Class, Function
from pe4king_core.testcode.python.resolving import module_frame
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Known, Rows, Unknown, Value, plain

if TYPE_CHECKING:
    from tree_sitter import Node

_TABLE = re.compile(r"@(?:\w+\.)*(?:parametrize|parameterized|expand|data|parameterize)\b")
_MAX_ROWS = 200


def rows_of_test(
    frame: Frame, decorators: list[Node], cls: Class | None, names: tuple[str, ...]
) -> tuple[dict[str, Value], bool]:
    """What the parameters of a test stand for by its tables, and whether it has any."""
    found: dict[str, Value] = {}
    has_table = False
    for decorator in decorators:
        if not _TABLE.match(frame.of(decorator)):
            continue
        has_table = True
        found = {**_table(frame, decorator, names), **found}
    if cls is not None:
        inner = module_frame(frame, cls.module)
        for decorator in cls.decorators:
            if _TABLE.match(cls.source.of(decorator)):
                has_table = True
                found = {**_table(inner, decorator, names), **found}
    return found, has_table


def _table(frame: Frame, decorator: Node, names: tuple[str, ...]) -> dict[str, Value]:
    inner = children(decorator)
    call = inner[0] if inner else None
    if call is None or call.type != "call":
        return {}
    arguments = read_arguments(frame, call)
    if arguments.argument(None, "indirect") is not None:
        return {}
    text = frame.of(call.child_by_field_name("function"))
    if not text.endswith(("parametrize", "parameterize")):
        return _columns(list(names), _listed(arguments))
    return _columns(_names(arguments.value(0, "argnames")), _rows(arguments))


def _names(value: Value) -> list[str]:
    value = plain(value)
    if isinstance(value, Known) and isinstance(value.value, str):
        return [name.strip() for name in value.value.split(",") if name.strip()]
    return [
        str(each.value) for each in map(plain, items_of(value) or []) if isinstance(each, Known)
    ]


def _rows(arguments: Arguments) -> list[Value] | None:
    return items_of(arguments.value(1, "argvalues"))


def _listed(arguments: Arguments) -> list[Value] | None:
    """The rows of `@parameterized.expand([...])` or `@data(1, 2)`."""
    if len(arguments.positional) == 1:
        return items_of(arguments.values[0])
    return arguments.values


def _columns(names: list[str], rows: list[Value] | None) -> dict[str, Value]:
    if rows is None or len(rows) > _MAX_ROWS:
        return {name: Unknown() for name in names}
    if len(names) == 1:
        return {names[0]: column(rows)}
    found: dict[str, Value] = {}
    for index, name in enumerate(names):
        members = [items_of(row) for row in rows]
        values = [
            row[index] if row is not None and index < len(row) else Unknown() for row in members
        ]
        found[name] = column(values)
    return found


def column(values: list[Value]) -> Value:
    """One column of a table: a plain value where all rows have the same."""
    if values and all(value == values[0] for value in values[1:]):
        first = values[0]
        if isinstance(first, Known) and any(
            isinstance(each, Known) and type(each.value) is not type(first.value) for each in values
        ):
            return Rows(tuple(values))
        return first
    return Rows(tuple(values)) if values else Unknown()


def rows_of_fixture(frame: Frame, function: Function) -> Value | None:
    """What `request.param` stands for in a fixture with `params`."""
    for decorator in function.decorators:
        inner = children(decorator)
        if inner and inner[0].type == "call":
            at = module_frame(frame, function.module)
            at.source = function.source
            params = read_arguments(at, inner[0]).argument(None, "params")
            rows = items_of(params.value) if params is not None else None
            if rows is not None:
                return column(rows)
    return None
