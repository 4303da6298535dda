"""Java expressions to values; requests, their assertions and helpers are read on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pe4king_core.model.json import Json
from pe4king_core.testcode.context import DEPTH
from pe4king_core.testcode.java import answers, inlining, names
from pe4king_core.testcode.java.objects import Instance, Lambda, Typed, bare
from pe4king_core.testcode.java.sameness import same
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.texts import is_text
from pe4king_core.testcode.java.types import type_names
from pe4king_core.testcode.literals import number, text_block, unescape
from pe4king_core.testcode.routes import joined, template_of
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Known,
    Measure,
    Measured,
    Part,
    Sent,
    Template,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def evaluate(context: Context, node: Node | None) -> Value:
    """What the expression `node` stands for."""
    if node is None:
        return UNKNOWN
    # Not `context.deeper()`: nothing is done more often than this.
    if context.depth + 1 >= DEPTH:
        return UNKNOWN
    context.depth += 1
    try:
        return _READERS.get(node.type, _visit)(context, node)
    finally:
        context.depth -= 1


def _visit(context: Context, node: Node) -> Value:
    return first_call([evaluate(context, inner) for inner in children(node)])


def first_call(values: Sequence[Value]) -> Value:
    """Nothing known, but that it comes from the first call that one of `values` comes from."""
    return Unknown(next(filter(None, map(call_of, values)), None))


def _string(context: Context, node: Node) -> Value:
    text = context.of(node)
    if text.startswith('"""'):
        return Known(text_block(text[3:-3]))
    return Known(unescape(text[1:-1]))


def _number(context: Context, node: Node) -> Value:
    value = number(context.of(node))
    return UNKNOWN if value is None else Known(value)


def _literal(value: Json) -> Callable[[Context, Node], Value]:
    return lambda _context, _node: Known(value)


def _name(context: Context, node: Node) -> Value:
    value = names.named(context, context.of(node), evaluate)
    if isinstance(value, Template) and context.run.sent:
        found = [each for each in context.run.sent if each[2] == value]
        places = {pointer for _, pointer, _ in found}
        if len(places) == 1:
            return Sent(tuple(call for call, _, _ in found), places.pop(), value)
    return value


def _this(context: Context, _node: Node) -> Value:
    return context.this if context.this is not None else UNKNOWN


def _field(context: Context, node: Node) -> Value:
    target, name_node = node.child_by_field_name("object"), node.child_by_field_name("field")
    text, name = "".join(context.of(node).split()), context.of(name_node)
    if target is None:
        return UNKNOWN
    if target.type == "this":
        return names.named(_without_locals(context), name, evaluate)
    if target.type in ("identifier", "field_access"):
        owner = names.type_named(context, context.of(target))
        if owner is not None:
            value = names.static_member(context, owner, name, evaluate)
            return UNKNOWN if value is None else value
        setting = text.removeprefix("io.restassured.").removeprefix("RestAssured.")
        if setting in context.run.settings:
            return context.run.settings[setting]
    value = evaluate(context, target)
    is_length = name == "length" and isinstance(bare(value), Part)
    if isinstance(value, Instance | Typed) and not is_length:
        return names.member_of(context, value, name, evaluate)
    if is_length:
        part = bare(value)
        return Measured(part, Measure.LENGTH) if isinstance(part, Part) else UNKNOWN
    return Unknown(call_of(value)) if call_of(value) else names.library_constant(text)


def _without_locals(context: Context) -> Context:
    inner = context.closure()
    inner.names = {}
    return inner


def _element(context: Context, node: Node) -> Value:
    value = evaluate(context, node.child_by_field_name("array"))
    index = plain(evaluate(context, node.child_by_field_name("index")))
    if isinstance(value, Typed | Part) and isinstance(index, Known):
        return answers.method(value, "get", [index])
    known = value.value if isinstance(value, Known) else None
    if isinstance(known, list) and isinstance(index, Known) and isinstance(index.value, int):
        return Known(known[index.value]) if 0 <= index.value < len(known) else UNKNOWN
    return Unknown(call_of(value))


def _class_literal(context: Context, node: Node) -> Value:
    name = context.of(node).removesuffix(".class")
    found = type_names(name)
    return found if found != UNKNOWN else answers.class_ref(context, name)


def _wrapped(context: Context, node: Node) -> Value:
    inner = children(node)
    return evaluate(context, inner[-1]) if inner else UNKNOWN


def _cast(context: Context, node: Node) -> Value:
    return evaluate(context, node.child_by_field_name("value"))


def _unary(context: Context, node: Node) -> Value:
    value = evaluate(context, node.child_by_field_name("operand"))
    known = value.value if isinstance(value, Known) else None
    is_number = isinstance(known, int | float) and not isinstance(known, bool)
    if is_number and context.of(node).startswith("-"):
        return Known(-known)  # type: ignore[operator]  # a number, see above
    if isinstance(known, bool) and context.of(node).startswith("!"):
        return Known(not known)
    return Unknown(call_of(value))


def name_of(context: Context, node: Node | None) -> str:
    """The name a reader would use for the value of `node`."""
    if node is None:
        return ""
    if node.type == "identifier":
        return context.of(node)
    if node.type == "field_access":
        return context.of(node.child_by_field_name("field"))
    if node.type == "method_invocation":
        name = context.of(node.child_by_field_name("name"))
        getter = re.match(r"get([A-Z])(\w*)\Z", name)
        return getter[1].lower() + getter[2] if getter else name
    return ""


def _binary(context: Context, node: Node) -> Value:
    left_node = node.child_by_field_name("left")
    right_node = node.child_by_field_name("right")
    left, right = evaluate(context, left_node), evaluate(context, right_node)
    operator = context.of(node.child_by_field_name("operator"))
    if operator == "+" and (is_text(plain(left)) or is_text(plain(right))):
        return joined(
            (
                *template_of(plain(left), name_of(context, left_node)),
                *template_of(plain(right), name_of(context, right_node)),
            )
        )
    decided = same(plain(left), plain(right)) if operator in ("==", "!=") else None
    if decided is not None:
        return Known(decided == (operator == "=="))
    return _computed(operator, plain(left), plain(right)) or first_call([left, right])


def _computed(operator: str, left: Value, right: Value) -> Value | None:
    """Sums and products of whole numbers."""
    if not isinstance(left, Known) or not isinstance(right, Known):
        return None
    one, other = left.value, right.value
    if type(one) is not int or type(other) is not int or max(abs(one), abs(other)) > 2**31:
        return None
    match operator:
        case "+":
            return Known(one + other)
        case "-":
            return Known(one - other)
        case "*":
            return Known(one * other)
    return None


def _ternary(context: Context, node: Node) -> Value:
    condition = node.child_by_field_name("condition")
    decided = context.run.reader.decided(context, condition)
    branches = [node.child_by_field_name("consequence"), node.child_by_field_name("alternative")]
    if decided is not None:
        return evaluate(context, branches[0 if decided else 1])
    values = [evaluate(context, each) for each in branches]
    return inlining.merged(context, values)


def _array(context: Context, node: Node) -> Value:
    listed = node if node.type == "array_initializer" else node.child_by_field_name("value")
    if listed is None:
        return UNKNOWN
    return inlining.list_of([evaluate(context, each) for each in children(listed)])


def _switch(context: Context, node: Node) -> Value:
    """`switch (method) { case GET -> ...; }` as a value."""
    inner = context.closure()
    inner.made = context.made
    inner.returns = []
    context.run.reader.block(inner, node)
    return inlining.merged(context, inner.returns) if inner.returns else UNKNOWN


def _assignment(context: Context, node: Node) -> Value:
    context.run.reader.block(context, node)
    left = node.child_by_field_name("left")
    return evaluate(context, left)


def arguments(node: Node) -> list[Node]:
    """The arguments of an invocation."""
    listed = node.child_by_field_name("arguments")
    return children(listed) if listed is not None else []


def _lambda(context: Context, node: Node) -> Value:
    return Lambda(context, node, context.run.level)


def bound_lambda(context: Context, function: Lambda, values: Sequence[Value]) -> Value:
    """What a lambda or method reference gives for `values`."""
    if function.node.type == "lambda_expression":
        return inlining.applied(context, function, values)
    return context.run.reader.referred(function, values)


def _invocation(context: Context, node: Node) -> Value:
    return context.run.reader.invoked(context, node)


def _creation(context: Context, node: Node) -> Value:
    return context.run.reader.created(context, node)


_READERS: dict[str, Callable[[Context, Node], Value]] = {
    "string_literal": _string,
    "character_literal": _string,
    "decimal_integer_literal": _number,
    "hex_integer_literal": _number,
    "decimal_floating_point_literal": _number,
    "true": _literal(True),
    "false": _literal(False),
    "null_literal": _literal(None),
    "identifier": _name,
    "field_access": _field,
    "scoped_identifier": _field,
    "array_access": _element,
    "class_literal": _class_literal,
    "parenthesized_expression": _wrapped,
    "cast_expression": _cast,
    "unary_expression": _unary,
    "binary_expression": _binary,
    "ternary_expression": _ternary,
    "array_creation_expression": _array,
    "array_initializer": _array,
    "switch_expression": _switch,
    "assignment_expression": _assignment,
    "method_invocation": _invocation,
    "object_creation_expression": _creation,
    "lambda_expression": _lambda,
    "method_reference": _lambda,
    "this": _this,
}
