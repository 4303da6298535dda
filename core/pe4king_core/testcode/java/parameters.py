"""What the parameters of a parameterised test stand for: the rows of its table."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pe4king_core.testcode.java import names
from pe4king_core.testcode.java.expressions import evaluate
from pe4king_core.testcode.java.objects import Instance
from pe4king_core.testcode.java.outline import Annotation, Method, TypeDecl
from pe4king_core.testcode.java.resolving import ancestors, find_methods, find_type
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.literals import number
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import UNKNOWN, Known, Rows, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_ROWS = 200
SOURCES = frozenset(
    {"ParameterizedTest", "ValueSource", "CsvSource", "MethodSource", "EnumSource", "FieldSource"}
    | {"ArgumentsSource", "CsvFileSource", "NullSource", "EmptySource", "NullAndEmptySource"}
    | {"UseDataProvider", "Parameters", "TestTemplate"}
)


def is_parametrized(context: Context, method: Method) -> bool:
    """Whether the test runs once for each row of a table."""
    if any(each.name in SOURCES for each in method.annotations):
        return True
    if context.type is not None and class_rows(context, context.type):
        return True
    return any("dataProvider" in context.of(each.node) for each in method.annotations)


def rows_of(context: Context, method: Method) -> list[list[Value]]:
    """The rows of the test's table; none where they cannot be told."""
    rows: list[list[Value]] = []
    for annotation in method.annotations:
        match annotation.name:
            case "ValueSource":
                rows += [[each] for each in _listed(context, annotation, None)]
            case "CsvSource":
                rows += _csv(context, annotation, method)
            case "NullSource":
                rows.append([Known(None)])
            case "EmptySource":
                rows.append([Known("")])
            case "NullAndEmptySource":
                rows += [[Known(None)], [Known("")]]
            case "EnumSource":
                rows += _enum(context, annotation, method)
            case "MethodSource":
                rows += _methods(context, annotation, method)
            case "Test" if "dataProvider" in context.of(annotation.node):
                rows += _provided(context, annotation)
            case "ArgumentsSource" | "CsvFileSource" | "FieldSource":
                return []
    return rows[:_ROWS]


def values_of(context: Context, method: Method) -> dict[str, Value]:
    """The values of the parameters, where the rows of the table are known."""
    given = columns(rows_of(context, method))
    names = [each.name for each in method.parameters]
    if not given:
        return {}
    return dict(zip(names, (*given, *[UNKNOWN] * len(names)), strict=False))


def class_rows(context: Context, owner: TypeDecl) -> list[list[Value]]:
    """The rows of a class that JUnit 4 runs with `Parameterized`; none where it does not."""
    source = owner.unit.source
    runners = [each for each in owner.annotations if each.name == "RunWith"]
    if not any("Parameterized" in source.of(each.node) for each in runners):
        return []
    for each in ancestors(context.run.lookup, owner):
        for method in each.annotated(frozenset({"Parameters"})):
            return _rows_in(context, method)[:_ROWS]
    return []


def columns(rows: list[list[Value]]) -> list[Value]:
    """What stands in each column: one value, or one for each row."""
    width = max(map(len, rows), default=0)
    found = [[row[at] if at < len(row) else UNKNOWN for row in rows] for at in range(width)]
    return [each[0] if len(rows) == 1 else Rows(tuple(each)) for each in found]


def set_class_parameters(context: Context, owner: TypeDecl, made: Instance) -> None:
    """The fields with `@Parameter(n)` get the values of their columns."""
    given = columns(class_rows(context, owner))
    for field in owner.members.fields.values() if given else ():
        for each in field.annotations:
            if each.name == "Parameter":
                at = re.search(r"\d+", owner.unit.source.of(each.node))
                index = int(at[0]) if at else 0
                made.fields[field.name] = given[index] if index < len(given) else UNKNOWN


def _arguments(annotation: Annotation) -> dict[str, Node]:
    listed = annotation.node.child_by_field_name("arguments")
    found: dict[str, Node] = {}
    for each in children(listed) if listed is not None else ():
        key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
        if each.type == "element_value_pair" and key is not None and value is not None:
            found[(key.text or b"").decode("ascii", "replace")] = value
        else:
            found["value"] = each
    return found


def _listed(context: Context, annotation: Annotation, name: str | None) -> list[Value]:
    nodes = _arguments(annotation)
    node = next(iter(nodes.values()), None) if name is None else nodes.get(name)
    if node is None:
        return []
    if node.type == "element_value_array_initializer":
        return [evaluate(context, each) for each in children(node)]
    return [evaluate(context, node)]


def _csv(context: Context, annotation: Annotation, method: Method) -> list[list[Value]]:
    nodes = _arguments(annotation)
    delimiter, quote = ",", "'"
    for key in ("delimiter", "delimiterString"):
        if key in nodes:
            given = evaluate(context, nodes[key])
            delimiter = str(given.value) if isinstance(given, Known) else ""
    if len(delimiter) != 1:
        return []
    if "textBlock" in nodes:
        block = evaluate(context, nodes["textBlock"])
        text = block.value if isinstance(block, Known) else ""
        plain = [line for line in str(text).splitlines() if line.strip()]
        lines = [line for line in plain if not line.lstrip().startswith("#")]
        quote = '"'
    else:
        values = _listed(context, annotation, "value")
        lines = [
            each.value for each in values if isinstance(each, Known) and isinstance(each.value, str)
        ]
        if len(lines) != len(values):
            return []
    if "useHeadersInDisplayName" in nodes:
        lines = lines[1:]
    return [_row(line, delimiter, quote, method) for line in lines]


def _row(line: str, delimiter: str, quote: str, method: Method) -> list[Value]:
    reader = csv.reader(
        io.StringIO(line), delimiter=delimiter, quotechar=quote, skipinitialspace=True
    )
    try:
        cells = next(reader, [])
    except csv.Error:
        return []
    found: list[Value] = []
    for index, cell in enumerate(cells):
        kind = method.parameters[index].type if index < len(method.parameters) else "String"
        found.append(_cell(cell, kind, quoted=quote + cell in line))
    return found


def _cell(cell: str, kind: str, *, quoted: bool) -> Value:
    text = cell if quoted else cell.strip()
    if not text and not quoted:
        return Known(None)
    simple = kind.rpartition(".")[2]
    if simple in ("int", "Integer", "long", "Long", "double", "Double", "float", "short", "byte"):
        value = number(text)
        return UNKNOWN if value is None else Known(value)
    if simple in ("boolean", "Boolean"):
        return Known(text.lower() == "true")
    return Known(text) if simple in ("String", "Object", "CharSequence") else UNKNOWN


def _enum(context: Context, annotation: Annotation, method: Method) -> list[list[Value]]:
    nodes = _arguments(annotation)
    text = context.of(nodes["value"]).removesuffix(".class") if "value" in nodes else ""
    if not text and method.parameters:
        text = method.parameters[0].type
    enum = find_type(context.run.lookup, context.unit, context.type, text) if text else None
    if enum is None or enum.kind != "enum" or "mode" in nodes:
        return []
    wanted = [
        each.value for each in _listed(context, annotation, "names") if isinstance(each, Known)
    ]
    chosen = [name for name in enum.members.constants if not wanted or name in wanted]
    return [[names.constant(context, enum, name, evaluate)] for name in chosen]


def _methods(context: Context, annotation: Annotation, method: Method) -> list[list[Value]]:
    given = _listed(context, annotation, "value")
    wanted = [each.value for each in given if isinstance(each, Known)] or [method.name]
    rows: list[list[Value]] = []
    for each in wanted:
        owner, _, name = str(each).rpartition("#")
        type_ = (
            find_type(context.run.lookup, context.unit, context.type, owner)
            if owner
            else context.type
        )
        found = find_methods(context.run.lookup, type_, name.rstrip("()"), 0) if type_ else []
        if len(found) != 1:
            return []
        rows += _rows_in(context, found[0])
    return rows


def _provided(context: Context, annotation: Annotation) -> list[list[Value]]:
    """The rows of a TestNG data provider, found by its name."""
    text = context.of(annotation.node)
    nodes = _arguments(annotation)
    given = evaluate(context, nodes["dataProvider"]) if "dataProvider" in nodes else UNKNOWN
    owner: TypeDecl | None = context.type
    foreign = re.search(r"dataProviderClass\s*=\s*([\w.]+)\.class", text)
    if foreign:
        owner = find_type(context.run.lookup, context.unit, context.type, foreign[1])
    if owner is None or not isinstance(given, Known):
        return []
    for each in ancestors(context.run.lookup, owner):
        for provider in each.annotated(frozenset({"DataProvider"})):
            inner = context.within(each.unit, each)
            named = [
                evaluate(inner, _arguments(found).get("name"))
                for found in provider.annotations
                if found.name == "DataProvider"
            ]
            if given in named or provider.name == given.value:
                return _rows_in(context, provider)
    return []


def _rows_in(context: Context, method: Method) -> list[list[Value]]:
    """The rows that `return Stream.of(arguments(...), ...)` or `new Object[][] {...}` lists."""
    body = method.body
    statements = children(body) if body is not None else []
    if len(statements) != 1 or statements[0].type != "return_statement":
        return []
    returned = children(statements[0])
    inner = context.within(method.owner.unit, method.owner)
    return _rows(inner, returned[0]) if returned else []


def _rows(context: Context, node: Node) -> list[list[Value]]:
    if node.type == "array_creation_expression":
        node = node.child_by_field_name("value") or node
    if node.type == "array_initializer":
        listed = children(node)
    elif node.type == "method_invocation":
        name = context.of(node.child_by_field_name("name"))
        target = node.child_by_field_name("object")
        if name in ("iterator", "stream", "toArray") and target is not None:
            return _rows(context, target)
        if name not in ("of", "asList"):
            return []
        arguments = node.child_by_field_name("arguments")
        listed = children(arguments) if arguments is not None else []
        if len(listed) == 1 and "[][]" in context.of(listed[0]).partition("{")[0]:
            return _rows(context, listed[0])
    else:
        return []
    return [_one_row(context, each) for each in listed]


def _one_row(context: Context, node: Node) -> list[Value]:
    inner: list[Node] | None = None
    if node.type == "array_creation_expression":
        inner = children(node.child_by_field_name("value") or node)
    elif node.type == "array_initializer":
        inner = children(node)
    elif node.type == "method_invocation":
        name = context.of(node.child_by_field_name("name"))
        target = context.of(node.child_by_field_name("object"))
        if name in ("arguments", "argumentSet") or (name == "of" and target.endswith("Arguments")):
            listed = node.child_by_field_name("arguments")
            inner = children(listed) if listed is not None else []
    if inner is None:
        return [evaluate(context, node)]
    return [evaluate(context, each) for each in inner]
