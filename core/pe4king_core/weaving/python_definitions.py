"""A Python file of tests as definitions: functions, fixtures, constants, test methods."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from pe4king_core.weaving.definitions import Definition, Kind, Outline
from pe4king_core.weaving.rows import Rows

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_MARKS = "pytestmark"


def python_outline(text: str) -> Outline:
    """The outline of `text`. Raises SyntaxError where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        tree = ast.parse(text.removeprefix("\ufeff"))
    return _Reader(Rows(text)).outline(tree)


class _Reader:
    """Reads one module; collects what `Outline` holds."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._definitions: list[Definition] = []
        self._imports: dict[str, str] = {}
        self._bound: set[str] = set()
        self._ends = {"": 0}
        self._starts = {"": 0}
        self._indents = {"": ""}
        self._marks: tuple[str, ...] = ()

    def outline(self, tree: ast.Module) -> Outline:
        """See module."""
        begun = False
        for node in tree.body:
            begun = begun or isinstance(node, _Function | ast.ClassDef)
            self._read(node)
            end = self._rows.behind(node.end_lineno or 0, node.col_offset)
            self._ends[""] = end
            if not begun:
                self._starts[""] = end
        return Outline(
            tuple(self._definitions),
            self._imports,
            frozenset(self._bound),
            self._ends,
            self._starts,
            self._indents,
            self._marks,
        )

    def _read(self, node: ast.stmt) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self._imports |= dict(_imported(node))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._add(node, node.name, "")
            case ast.ClassDef():
                self._read_class(node)
            case ast.Assign(targets=[ast.Name(name)]):
                if name == _MARKS:
                    self._marks = tuple(self._marks_in(node.value))
                self._add(node, name, "")
            case _:
                self._bound |= {
                    child.id
                    for child in ast.walk(node)
                    if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)
                }

    def _read_class(self, node: ast.ClassDef) -> None:
        self._bound.add(node.name)
        tests = [each for each in node.body if isinstance(each, _Function)]
        if not any(each.name.startswith("test") for each in tests):
            return
        for each in tests:
            self._add(each, each.name, node.name)
        last = node.body[-1]
        self._starts[node.name] = self._definitions[-len(tests)].start
        self._ends[node.name] = self._rows.behind(last.end_lineno or 0, last.col_offset)
        self._indents[node.name] = self._rows.indent(last.lineno)

    def _marks_in(self, value: ast.expr) -> Sequence[str]:
        items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
        text = self._rows.text.removeprefix("\ufeff")
        return [f"@{ast.get_source_segment(text, each)}" for each in items]

    def _add(self, node: _Function | ast.Assign, name: str, room: str) -> None:
        value = isinstance(node, ast.Assign)
        is_test = name.startswith("test") and not value
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        start = self._rows.above(first, "#")
        end = self._rows.behind(node.end_lineno or 0, node.col_offset)
        self._definitions.append(
            Definition(
                name,
                Kind.TEST if is_test else Kind.VALUE if value else Kind.HELPER,
                room,
                start,
                end,
                self._rows.text[start:end].rstrip("\r\n"),
                ast.dump(node).replace(f"'{name}'", "''"),
                frozenset(_used(node)),
                () if isinstance(node, ast.Assign) else _shape(node),
                (0, 0) if isinstance(node, ast.Assign) else _takes(node),
                "" if isinstance(node, ast.Assign) else ast.get_docstring(node) or "",
            )
        )


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for each in node.names:
        scope = (
            f"{'.' * node.level}{node.module or ''}." if isinstance(node, ast.ImportFrom) else ""
        )
        name = each.asname or (each.name if scope else each.name.partition(".")[0])
        yield name, f"{scope}{each.name}"


def _used(node: ast.AST) -> Iterator[str]:
    """The names that `node` takes from outside: variables, and fixtures as its parameters."""
    own: set[str] = set()
    loaded: set[str] = set()
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            (loaded if isinstance(child.ctx, ast.Load) else own).add(child.id)
    yield from loaded - own
    if isinstance(node, _Function):
        yield from (each.arg for each in node.args.args if each.arg != "self")


def _shape(node: _Function) -> tuple[object, ...]:
    """Whether it is a fixture, and what kind of thing it gives."""
    given = [
        _given(each.value, node)
        for each in ast.walk(node)
        if isinstance(each, ast.Return | ast.Yield) and each.value is not None
    ]
    return (_is_fixture(node), given[-1] if given else "")


def _is_fixture(node: _Function) -> bool:
    return any("fixture" in ast.unparse(each) for each in node.decorator_list)


def _takes(node: _Function) -> tuple[int, int]:
    """With how many arguments it can be called; nobody calls a fixture."""
    count = len(node.args.args)
    return (0, 0) if _is_fixture(node) else (count - len(node.args.defaults), count)


def _given(value: ast.expr, function: _Function) -> str:
    """`json` for a parsed answer, `answer` for a whole one, `data` for what is written out."""
    if isinstance(value, ast.Name):
        for each in ast.walk(function):
            if isinstance(each, ast.Assign) and ast.dump(each.targets[0]) == ast.dump(
                ast.Name(value.id, ast.Store())
            ):
                return _given(each.value, function)
    match value:
        case ast.Dict() | ast.List():
            return "data"
        case ast.Call(func=ast.Attribute(attr="json")):
            return "json"
        case ast.Call(func=ast.Attribute(attr=name)) if re.fullmatch(
            "post|put|patch|request|send", name
        ):
            return "answer"
    return ""
