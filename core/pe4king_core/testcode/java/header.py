"""What stands around the tests of a Java file: imports, constants, the base path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.testcode.codebase import CodeView, alone
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.java.expressions import evaluate
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.syntax import Source, children, next_line, walk
from pe4king_core.testcode.values import UNKNOWN, Known, RequestSpec, Template, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPORT = re.compile(r"^[ \t\ufeff]*import\s+((?:static\s+)?[\w.*]+)\s*;", re.MULTILINE)
_PACKAGE = re.compile(r"^[ \t\ufeff]*package\s+[\w.]+\s*;", re.MULTILINE)
_TYPE = re.compile(
    r"^[ \t\ufeff]*(?:@\w|(?:public|final|abstract|sealed)\s|(?:class|interface|record|enum)\s)",
    re.MULTILINE,
)
_CLASSES = frozenset({"class_declaration", "class_body", "program"})


@dataclass(slots=True)
class Header:
    """The file around the tests, as far as reading and weaving need it."""

    imports: frozenset[str]
    anchor: int
    client: str
    constants: dict[str, Value] = field(default_factory=dict)
    view: CodeView = field(default_factory=alone)
    """The files around."""


def read_header(source: Source, view: CodeView) -> Header:
    """Imports, the place of the next one, constants and base path of a file."""
    text = source.text
    first_type = _TYPE.search(text)
    end = first_type.start() if first_type else len(text)
    found = list(_IMPORT.finditer(text, 0, end))
    above = found or list(_PACKAGE.finditer(text, 0, end))
    anchor = next_line(text, above[-1].end()) if above else len(text) - len(text.lstrip("\ufeff"))
    imports = frozenset(" ".join(match[1].split()) for match in found)
    client = "rest-assured" if "restassured" in text or "given()" in text else ""
    return Header(imports, anchor, client, _constants(source), view)


def _constants(source: Source) -> dict[str, Value]:
    """Fields with a known value, request specifications, and REST Assured's base path."""
    context = Context(source, Recorder(source.text))
    twice: set[str] = set()
    for node in walk(source.root, into=_CLASSES):
        if node.type == "field_declaration":
            _field(context, node, twice)
    for node in walk(source.root):
        if node.type == "assignment_expression":
            left = source.of(node.child_by_field_name("left") or node)
            if left in ("RestAssured.basePath", "basePath"):
                context.names["RestAssured.basePath"] = evaluate(
                    context, node.child_by_field_name("right")
                )
    kept = Known | Template | RequestSpec
    return {
        name: value
        for name, value in context.names.items()
        if name not in twice and isinstance(value, kept)
    }


def _field(context: Context, node: Node, twice: set[str]) -> None:
    is_spec = "RequestSpecification" in context.of(node.child_by_field_name("type"))
    for declarator in node.children_by_field_name("declarator"):
        name = context.of(declarator.child_by_field_name("name"))
        if name in context.names:
            twice.add(name)
        value_node = declarator.child_by_field_name("value")
        value = evaluate(context, value_node) if value_node is not None else UNKNOWN
        is_open = is_spec and not isinstance(value, RequestSpec)
        context.names[name] = RequestSpec() if is_open else value


def annotation_names(source: Source, node: Node) -> list[str]:
    """The names of the annotations of a declaration."""
    found: list[str] = []
    for modifiers in children(node):
        if modifiers.type == "modifiers":
            for each in children(modifiers):
                name = each.child_by_field_name("name")
                if "annotation" in each.type and name is not None:
                    found.append(source.of(name).rpartition(".")[2])
    return found
