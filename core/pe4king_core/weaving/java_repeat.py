"""A request of a Java test once more, where it is certain that it means the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.testcode.syntax import Source, children, walk
from pe4king_core.weaving.java_around import (
    RESPONSES,
    expression_at,
    given_type,
    gives_response,
    look_around,
    parsed,
)
from pe4king_core.weaving.java_calm import is_calm
from pe4king_core.weaving.repeats import Repeat, moved_left

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN = frozenset(
    {"string_literal", "string_fragment", "escape_sequence", "decimal_integer_literal"}
    | {"decimal_floating_point_literal", "character_literal", "true", "false", "null_literal"}
    | {"binary_expression", "unary_expression", "parenthesized_expression", "identifier"}
    | {"field_access", "argument_list", "this", "method_invocation", "cast_expression"}
    | {"type_identifier", "integral_type", "boolean_type", "floating_point_type"}
)
_MAKING = frozenset({"List.of", "Map.of", "Set.of", "Arrays.asList", "String.valueOf"})
_THROUGH = frozenset(
    {"method_invocation", "argument_list", "expression_statement", "local_variable_declaration"}
    | {"variable_declarator", "assignment_expression", "block", "cast_expression"}
    | {"parenthesized_expression"}
)
_DECLARED = _PLAIN - {"method_invocation", "identifier", "this", "field_access"}
_RUN_ONCE = frozenset({"assertDoesNotThrow", "assertAll", "assertSoftly", "step"})


def java_repeat(file: TestFile, test: TestFunction, call: TestCall) -> Repeat | None:
    """The request of `call` as it can stand in a test beside; None where that is not certain."""
    around = look_around(file, test, call)
    if around is None or len([each for each in test.calls if each.span == call.span]) != 1:
        return None
    if call.via and call.unsure is not None:
        return None
    if call.via:
        certain = given_type(file, call, around) in RESPONSES
    else:
        then = bool(around.links) and around.links[0].name == "then"
        certain = then or gives_response(file, call, around)
    source = parsed(file, test)
    node = expression_at(source, call.span)
    method = next((each for each in walk(source.root) if each.type == "method_declaration"), None)
    head = _head(source, method) if method is not None else None
    if not certain or node is None or method is None or head is None:
        return None
    if not _is_made(source, node, method) or not is_calm(file, test, source, method):
        return None
    definitions = _definitions(file, test, source, method, node)
    if definitions is None:
        return None
    text = moved_left(file, call.span.of(file.text), call.statement.start)
    return Repeat(text, definitions, "@Test\nvoid ", head)


def _head(source: Source, method: Node) -> str | None:
    """What stands behind the name of a method without parameters."""
    listed, kind = method.child_by_field_name("parameters"), method.child_by_field_name("type")
    if listed is None or children(listed) or kind is None or source.of(kind) != "void":
        return None
    thrown = [source.of(each) for each in children(method) if each.type == "throws"]
    return "".join(["()", *(f" {each}" for each in thrown), " {"])


def _is_made(source: Source, node: Node, method: Node) -> bool:
    """Whether the request is certainly made when the test runs, under no condition."""
    current = node
    while current.parent is not None and current.parent != method:
        parent = current.parent
        body = parent.child_by_field_name("body")
        match parent.type:
            case "binary_expression":
                sign = parent.child_by_field_name("operator")
                short = sign is not None and source.of(sign) in ("&&", "||")
                passes = not short or parent.child_by_field_name("left") == current
            case "enhanced_for_statement":
                value = parent.child_by_field_name("value")
                runs = value is not None and first_row(source, value) is not None
                passes = current == value or (current == body and runs)
            case "for_statement":
                passes = current == body and _counts(source, parent)
            case "try_statement":
                passes = current == body and _fails_anyway(source, parent)
            case "lambda_expression":
                listed = parent.parent
                owner = listed.parent if listed is not None else None
                name = owner.child_by_field_name("name") if owner is not None else None
                passes = name is not None and source.of(name) in _RUN_ONCE
            case _:
                passes = parent.type in _THROUGH
        if not passes:
            return False
        current = parent
    return current.parent is not None


def _fails_anyway(source: Source, node: Node) -> bool:
    """Whether the test fails too where one of its handlers runs."""
    handlers = [each for each in children(node) if each.type == "catch_clause"]
    return all(re.search(r"\bthrow\b|\bfail\(", source.of(each)) for each in handlers)


def _counts(source: Source, loop: Node) -> bool:
    """Whether a counting loop certainly runs: `for (int i = 0; i < 3; i++)`."""
    head = source.of(loop).partition(")")[0]
    found = re.match(r"for\s*\(\s*int\s+(\w+)\s*=\s*(\d+)\s*;\s*(\w+)\s*<=?\s*(\d+)\s*;", head)
    return found is not None and found[1] == found[3] and int(found[2]) < int(found[4])


def first_row(source: Source, value: Node) -> Node | None:
    """The first value of what a loop runs over, where it is written there; else None."""
    rows: list[Node] = []
    if value.type == "method_invocation":
        listed = value.child_by_field_name("arguments")
        if source.of(value).partition("(")[0] in ("List.of", "Arrays.asList"):
            rows = children(listed) if listed is not None else []
    elif value.type == "array_creation_expression":
        inside = value.child_by_field_name("value")
        rows = children(inside) if inside is not None else []
    return rows[0] if rows else None


def _definitions(
    file: TestFile, test: TestFunction, source: Source, method: Node, node: Node
) -> tuple[str, ...] | None:
    """Declarations of the locals that the request uses; None where it uses something else."""
    found: dict[str, str] = {}
    spine = _spine(node)
    for each in walk(node):
        if each.type == "method_invocation" and each.id in spine:
            continue
        if each.type not in _PLAIN or (
            each.type == "method_invocation" and not _makes(source, each)
        ):
            return None
        if each.type != "identifier" or _is_label(each):
            continue
        name = source.of(each)
        if name not in test.local_names:
            if _is_given_by_a_test(file, name):
                return None
        elif name not in found:
            text = _declaration(source, method, node, name)
            if text is None:
                return None
            found[name] = text
    return tuple(found.values())


def _spine(node: Node) -> set[int]:
    """The calls that the request itself is a chain of."""
    found: set[int] = set()
    current: Node | None = node
    while current is not None and current.type == "method_invocation":
        found.add(current.id)
        current = current.child_by_field_name("object")
    return found


def _makes(source: Source, node: Node) -> bool:
    return source.of(node).partition("(")[0] in _MAKING


def _is_label(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    field = {"method_invocation": "name", "field_access": "field"}.get(parent.type)
    is_name = field is not None and parent.child_by_field_name(field) == node
    of_this = parent.type == "field_access" and parent.children[0].type == "this"
    return is_name and not of_this


def _is_given_by_a_test(file: TestFile, name: str) -> bool:
    """Whether a test of the file gives the field `name` its value."""
    given = rf"\b{re.escape(name)}\s*(?:[-+*/|&]?=(?!=)|\+\+|--)"
    return any(re.search(given, test.body_span.of(file.text)) for test in file.tests)


def _declaration(source: Source, method: Node, node: Node, name: str) -> str | None:
    """`String page = "1";` for a local that has this one value where `node` stands."""
    assigned = rf"\b{re.escape(name)}\s*(?:[-+*/|&]?=(?!=)|\+\+|--)"
    count = len(re.findall(assigned, source.of(method)))
    for each in walk(method):
        inside = each.start_byte <= node.start_byte and node.end_byte <= each.end_byte
        if each.type == "enhanced_for_statement" and inside and count == 0:
            named, kind = each.child_by_field_name("name"), each.child_by_field_name("type")
            value = each.child_by_field_name("value")
            row = first_row(source, value) if value is not None else None
            if named is None or source.of(named) != name or kind is None or row is None:
                continue
            return _declared(source, kind, name, row)
        if each.type == "local_variable_declaration" and count == 1:
            declarators = [part for part in children(each) if part.type == "variable_declarator"]
            named = declarators[0].child_by_field_name("name")
            kind, value = (
                each.child_by_field_name("type"),
                declarators[0].child_by_field_name("value"),
            )
            if named is None or source.of(named) != name or kind is None or value is None:
                continue
            return _declared(source, kind, name, value) if len(declarators) == 1 else None
    return None


def _declared(source: Source, kind: Node, name: str, value: Node) -> str | None:
    for each in walk(value):
        if each.type not in _DECLARED:
            return None
    text = source.of(value)
    return None if "\n" in text else f"{source.of(kind)} {name} = {text};"
