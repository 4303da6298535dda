"""Java expressions to values; REST Assured requests and their assertions are recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.json import Json
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.java import answers
from pe4king_core.testcode.java.chains import validated_link
from pe4king_core.testcode.java.requests import Link, open_request, spec_link, starts_request
from pe4king_core.testcode.java.types import (
    content_type_constant,
    status_constant,
    type_names,
)
from pe4king_core.testcode.literals import number, text_block, unescape
from pe4king_core.testcode.reasons import DEFERRED, HIDDEN_CALL
from pe4king_core.testcode.routes import Route, joined, template_of
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    BodyText,
    Hole,
    Items,
    Known,
    RequestSpec,
    Template,
    Unknown,
    Validated,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_PERCENT = re.compile(r"%(?:\d+\$)?[-+ #0,(]*\d*(?:\.\d+)?([sdifxXbcen%])")
_IMMEDIATE = frozenset({"step", "assertAll", "assertSoftly", "forEach", "assertDoesNotThrow"})


def evaluate(context: Context, node: Node | None) -> Value:
    """What the expression `node` stands for."""
    if node is None:
        return UNKNOWN
    with context.deeper() as worthwhile:
        return _READERS.get(node.type, _visit)(context, node) if worthwhile else UNKNOWN


def _visit(context: Context, node: Node) -> Value:
    return _first([evaluate(context, inner) for inner in children(node)])


def _first(values: Sequence[Value]) -> Value:
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
    text = context.of(node)
    known = context.lookup(text.removeprefix("this."))
    if known == UNKNOWN and "." in text:
        known = context.lookup(text.rpartition(".")[2]) if text[:1].isupper() else UNKNOWN
    return known if known != UNKNOWN else _constant(text)


def _constant(text: str) -> Value:
    status = status_constant(text)
    if status is not None:
        return Known(status)
    media_type = content_type_constant(text)
    return UNKNOWN if media_type is None else Known(media_type)


def _class_literal(context: Context, node: Node) -> Value:
    return type_names(context.of(node).removesuffix(".class"))


def _wrapped(context: Context, node: Node) -> Value:
    inner = children(node)
    return evaluate(context, inner[-1]) if inner else UNKNOWN


def _unary(context: Context, node: Node) -> Value:
    value = evaluate(context, node.child_by_field_name("operand"))
    known = value.value if isinstance(value, Known) else None
    is_number = isinstance(known, int | float) and not isinstance(known, bool)
    if is_number and context.of(node).startswith("-"):
        return Known(-known)  # type: ignore[operator]  # a number, see above
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
    is_text = any(
        isinstance(each, Template) or (isinstance(each, Known) and isinstance(each.value, str))
        for each in (left, right)
    )
    if is_text and context.of(node.child_by_field_name("operator")) == "+":
        return joined(
            (
                *template_of(plain(left), name_of(context, left_node)),
                *template_of(plain(right), name_of(context, right_node)),
            )
        )
    return _first([left, right])


def arguments(node: Node) -> list[Node]:
    """The arguments of an invocation."""
    listed = node.child_by_field_name("arguments")
    return children(listed) if listed is not None else []


def invocations(node: Node) -> tuple[Node | None, list[Node]]:
    """The links of `a.b().c()` in their order, and what they start from."""
    links: list[Node] = []
    current: Node | None = node
    while current is not None and current.type == "method_invocation":
        links.append(current)
        current = current.child_by_field_name("object")
    return current, links[::-1]


def _invocation(context: Context, node: Node) -> Value:
    start, links = invocations(node)
    value: Value | None = None
    if start is not None:
        value = evaluate(context, start)
    for index, link in enumerate(links):
        made = context.made.get(link.end_byte)
        if made is None:
            receiver = context.of(start) if index == 0 and start is not None else ""
            made = context.made[link.end_byte] = _linked(context, value, receiver, link)
        value = made
    return value if value is not None else UNKNOWN


def _linked(context: Context, value: Value | None, receiver: str, node: Node) -> Value:
    """The value of one link `value.name(...)`."""
    name = context.of(node.child_by_field_name("name"))
    nodes = arguments(node)
    if isinstance(value, Validated):
        return validated_link(context, value, name, node, evaluate)
    link = Link(
        name,
        [_argument(context, name, each) for each in nodes],
        [name_of(context, each) for each in nodes],
        [context.of(each) for each in nodes],
        context.source.span(node),
    )
    if isinstance(value, RequestSpec):
        return _spec(context, value, link, node)
    if name == "then" and not nodes and isinstance(value, Answer | Unknown | None):
        return _then(context, value, node)
    if value is not None and call_of(value) is not None:
        return answers.method(value, name, link.values)
    if starts_request(value, receiver, name):
        return RequestSpec(base=_static_base(context, link), expecting=name == "expect")
    if value is None or isinstance(value, Unknown):
        free = RequestSpec(base=_static_base(context, link), begun=False)
        requested = None if "mock" in receiver.lower() else open_request(context, free, link)
        if requested is not None:
            return requested
    return _plain_method(value, receiver, link)


def _spec(context: Context, spec: RequestSpec, link: Link, node: Node) -> Value:
    """A link of a request; what stands behind `expect()` is asserted once it is sent."""
    value = spec_link(context, spec, link)
    if not isinstance(value, RequestSpec):
        call = call_of(value)
        for each in spec.expected if call is not None else ():
            name = context.of(each.child_by_field_name("name"))
            validated_link(context, Validated(call or ""), name, each, evaluate)
        return value
    if link.name in ("expect", "when", "given", "with", "request"):
        return replace(value, expecting=link.name == "expect")
    return replace(value, expected=(*spec.expected, node)) if spec.expecting else value


def _argument(context: Context, name: str, node: Node) -> Value:
    if node.type == "lambda_expression" and name in _IMMEDIATE:
        return UNKNOWN
    return evaluate(context, node)


def _static_base(context: Context, link: Link) -> tuple[str | Hole, ...]:
    given = next((each for each in link.values if isinstance(each, RequestSpec)), None)
    if given is not None and given.base:
        return given.base
    known = context.lookup("RestAssured.basePath")
    return template_of(known) if known != UNKNOWN else ()


def _then(context: Context, value: Value | None, node: Node) -> Value:
    """`.then()`: the assertions of a chain start here."""
    call = call_of(value) if value is not None else None
    if call is None:
        span = context.source.span(node)
        call = context.recorder.open_call("", Route(""), span, unresolved=HIDDEN_CALL).id
    return validated_link(context, Validated(call), "then", node, evaluate)


def _plain_method(value: Value | None, receiver: str, link: Link) -> Value:
    """Methods that have nothing to do with requests, as far as they build texts and values."""
    first = link.values[0] if link.values else UNKNOWN
    known = plain(value) if value is not None else UNKNOWN
    text = known.value if isinstance(known, Known) else None
    if link.name == "formatted" and isinstance(text, str):
        return _formatted(text, link, 0)
    given = plain(first)
    pattern = given.value if isinstance(given, Known) else None
    if receiver == "String" and link.name == "format" and isinstance(pattern, str):
        return _formatted(pattern, link, 1)
    if link.name == "concat" and isinstance(known, Known | Template) and link.values:
        return joined((*template_of(known), *template_of(plain(first), link.names[0])))
    if link.name in ("of", "asList") and receiver in ("List", "Set", "Arrays"):
        return _list_of(link)
    if link.name == "of" and receiver == "Map":
        return _map_of(link)
    if link.name in ("valueOf", "parseInt", "toString", "trim", "value", "code") and (
        link.values or isinstance(known, Known)
    ):
        return first if link.values else known
    if link.name in ("from", "with") and isinstance(first, BodyText):
        return answers.whole(first.call)
    return _first(link.values)


def _list_of(link: Link) -> Value:
    values = [plain(each) for each in link.values]
    known = [each.value for each in values if isinstance(each, Known)]
    return Known(known) if len(known) == len(values) else Items(tuple(values))


def _map_of(link: Link) -> Value:
    values = [plain(each) for each in link.values]
    known = [each.value for each in values if isinstance(each, Known)]
    if len(known) != len(values) or len(known) % 2:
        return UNKNOWN
    return Known(dict(zip(map(str, known[::2]), known[1::2], strict=True)))


def _formatted(text: str, link: Link, first: int) -> Value:
    parts: list[str | Hole] = []
    position, index = 0, first
    for match in _PERCENT.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        if match[1] == "%":
            parts.append("%")
        elif index < len(link.values):
            parts += template_of(plain(link.values[index]), link.names[index])
            index += 1
        else:
            parts.append(Hole())
    return joined((*parts, text[position:]))


def _creation(context: Context, node: Node) -> Value:
    values = [evaluate(context, each) for each in arguments(node)]
    name = context.of(node.child_by_field_name("type"))
    if name.endswith("RequestSpecBuilder"):
        return RequestSpec()
    if name.endswith("JsonPath") and values and isinstance(values[0], BodyText):
        return answers.whole(values[0].call)
    if name.endswith(("BigDecimal", "BigInteger")) and len(values) == 1:
        value = values[0]
        is_text = isinstance(value, Known) and isinstance(value.value, str)
        parsed = number(str(value.value)) if isinstance(value, Known) and is_text else None
        return Known(parsed) if parsed is not None else value
    return _first(values)


def _lambda(context: Context, node: Node) -> Value:
    with context.recorder.troubled(DEFERRED):
        body = node.child_by_field_name("body")
        if body is not None and body.type != "block":
            evaluate(context, body)
    return UNKNOWN


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
    "field_access": _name,
    "scoped_identifier": _name,
    "class_literal": _class_literal,
    "parenthesized_expression": _wrapped,
    "cast_expression": _wrapped,
    "unary_expression": _unary,
    "binary_expression": _binary,
    "method_invocation": _invocation,
    "object_creation_expression": _creation,
    "lambda_expression": _lambda,
}
