"""What stands above the tests of a Python file: imports, names, fixtures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.codebase import CodeView, alone
from pe4king_core.testcode.python.frame import Lineage
from pe4king_core.testcode.python.outline import Module, outline_of
from pe4king_core.testcode.python.preparing import Start, Wanted
from pe4king_core.testcode.syntax import Source, children, line_start, next_line, parse
from pe4king_core.testcode.values import Value

if TYPE_CHECKING:
    from tree_sitter import Node

_CLIENTS = (
    "httpx",
    "requests",
    "aiohttp",
    "flask",
    "fastapi",
    "starlette",
    "django",
    "rest_framework",
)


def _nothing() -> Module:
    return outline_of(parse("", SourceLanguage.PYTHON), "")


@dataclass(slots=True)
class Header:
    """The file around the tests, as far as reading and weaving need it."""

    imports: frozenset[str] = frozenset()
    anchor: int = 0
    client: str = ""
    fixtures: frozenset[str] = frozenset()
    module: Module = field(default_factory=_nothing)
    view: CodeView = field(default_factory=alone)
    """The files around."""
    modules: dict[str, Module | None] = field(default_factory=dict)
    """The outlines of files around that were looked at."""
    shared: dict[tuple[int, str], Value] = field(default_factory=dict)
    """What names of modules and classes stand for, by the identity of their block."""
    ancestry: dict[int, Lineage] = field(default_factory=dict)
    """The ancestors of classes, by the identity of their definition."""
    reaching: dict[str, bool] = field(default_factory=dict)
    """Whether an HTTP client can be had from a module."""
    starts: dict[Wanted, Start] = field(default_factory=dict)
    """What tests of the file start from."""


def read_header(source: Source, view: CodeView) -> Header:
    """Imports, the place of the next one, names and fixtures of a file."""
    header = Header(anchor=_first_line(source), module=outline_of(source, view.uri), view=view)
    imports: set[str] = set()
    fixtures: set[str] = set()
    leading = True
    for node in children(source.root):
        if node.type in ("import_statement", "import_from_statement", "future_import_statement"):
            imports |= imported_names(source, node)
            if leading:
                header.anchor = next_line(source.text, source.span(node).end)
        elif node.type in ("function_definition", "decorated_definition", "class_definition"):
            leading = False
            fixtures |= _fixture(source, node)
    header.imports = frozenset(imports)
    header.fixtures = frozenset(fixtures)
    modules = {name.partition(".")[0] for name in imports}
    header.client = next((name for name in _CLIENTS if name in modules), "")
    return header


def _first_line(source: Source) -> int:
    """Where the first import of a file without imports goes: behind comments and docstring."""
    anchor = 0
    for node in source.root.named_children:
        span = source.span(node)
        is_comment = node.type == "comment"
        is_docstring = (
            node.type == "expression_statement"
            and node.named_child_count == 1
            and node.named_children[0].type == "string"
        )
        if not (is_comment or is_docstring):
            break
        header_comment = source.text[line_start(source.text, span.start) : span.start].strip()
        if header_comment.strip("\ufeff"):
            break
        anchor = next_line(source.text, span.end)
        if is_docstring:
            break
    return anchor if anchor or not source.text.startswith("\ufeff") else 1


def imported_names(source: Source, node: Node) -> set[str]:
    """The names that an import statement brings: `re`, `uuid.UUID`, `json as j`."""
    names = [source.of(each) for each in node.children_by_field_name("name")]
    if node.type == "import_statement":
        return set(names)
    module_node = node.child_by_field_name("module_name")
    module = "__future__" if module_node is None else source.of(module_node)
    if any(each.type == "wildcard_import" for each in node.named_children):
        names.append("*")
    return {f"{module}.{name}" for name in names}


def _fixture(source: Source, node: Node) -> set[str]:
    definition = node.child_by_field_name("definition")
    if definition is None or definition.type != "function_definition":
        return set()
    decorators = [source.of(each) for each in node.named_children if each.type == "decorator"]
    name = definition.child_by_field_name("name")
    is_fixture = any("fixture" in decorator for decorator in decorators)
    return {source.of(name)} if is_fixture and name is not None else set()
