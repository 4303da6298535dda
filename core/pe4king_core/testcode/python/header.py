"""What stands above the tests of a Python file: imports, constants, fixtures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.testcode.codebase import CodeView, alone
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.python.expressions import evaluate
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.syntax import Source, children, line_start, next_line
from pe4king_core.testcode.values import UNKNOWN, Known, Template, Value

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
_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "request"])
_SETUP = frozenset({"setUp", "setUpClass", "setup_method", "setup_class", "asyncSetUp", "setup"})


@dataclass(slots=True)
class Header:
    """The file around the tests, as far as reading and weaving need it."""

    imports: frozenset[str] = frozenset()
    anchor: int = 0
    client: str = ""
    fixtures: frozenset[str] = frozenset()
    constants: dict[str, Value] = field(default_factory=dict)
    view: CodeView = field(default_factory=alone)
    """The files around."""
    free_verbs: frozenset[str] = frozenset()


def read_header(source: Source, view: CodeView) -> Header:
    """Imports, the place of the next one, module constants and fixtures of a file."""
    header = Header(anchor=_first_line(source), view=view)
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
    header.free_verbs = frozenset(
        name.rpartition(".")[2]
        for name in imports
        if name.partition(".")[0] in ("requests", "httpx") and name.rpartition(".")[2] in _VERBS
    )
    header.constants = constants(source, source.root, {})
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


def constants(source: Source, block: Node, outer: dict[str, Value]) -> dict[str, Value]:
    """Names that `block` assigns a known text or value to, exactly once."""
    context = Context(source, Recorder(source.text), outer=outer)
    twice: set[str] = set()
    for statement in children(block):
        inner = children(statement) if statement.type == "expression_statement" else []
        for node in inner[:1]:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if node.type not in ("assignment", "augmented_assignment") or left is None:
                continue
            name = source.of(left)
            if name in context.names or node.type == "augmented_assignment":
                twice.add(name)
            context.names[name] = evaluate(context, right) if right is not None else UNKNOWN
    return {
        name: value
        for name, value in context.names.items()
        if name not in twice and isinstance(value, Known | Template)
    }


def class_constants(source: Source, body: Node, outer: dict[str, Value]) -> dict[str, Value]:
    """Constants of a class as `self.NAME` and `cls.NAME`, with what its set-up assigns."""
    found = dict(outer)
    own = constants(source, body, outer)
    for receiver in ("self", "cls"):
        found |= {f"{receiver}.{name}": value for name, value in own.items()}
    for member in children(body):
        method = member.child_by_field_name("definition") or member
        name = method.child_by_field_name("name")
        block = method.child_by_field_name("body")
        if name is not None and source.of(name) in _SETUP and block is not None:
            assigned = constants(source, block, found)
            found |= {key: value for key, value in assigned.items() if "." in key}
            found |= {
                key.replace("cls.", "self.", 1): value
                for key, value in assigned.items()
                if key.startswith("cls.")
            }
    return found
