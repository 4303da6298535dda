"""Python expressions to values, as far as they can be told without running anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pe4king_core.model.fact import STATUS, body
from pe4king_core.model.json import Json
from pe4king_core.model.source import BodyKind, RequestParts
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.literals import number, unescape
from pe4king_core.testcode.python import answers
from pe4king_core.testcode.python.requests import Argument, HttpCall, recognised
from pe4king_core.testcode.python.texts import formatted, percent
from pe4king_core.testcode.reasons import DEFERRED, LOOP
from pe4king_core.testcode.routes import joined, template_of
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    BodyText,
    Hole,
    Items,
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

_WRAPPINGS = 4
"""How many calls around one argument (`str(quote(x))`) a name is looked for in."""
_FREE_FUNCTIONS = frozenset({"approx", "quote", "quote_plus", "cast", "Decimal"})


def evaluate(context: Context, node: Node | None) -> Value:
    """What the expression `node` stands for; HTTP calls in it are recorded."""
    if node is None:
        return UNKNOWN
    with context.deeper() as worthwhile:
        if not worthwhile:
            return UNKNOWN
        reader = _READERS.get(node.type, _visit)
        return reader(context, node)


def _visit(context: Context, node: Node) -> Value:
    """Nothing we understand, but calls inside it are seen."""
    return _first([evaluate(context, inner) for inner in children(node)])


def _first(values: Iterable[Value]) -> Value:
    """Unknown, but from the answer that the first of `values` comes from."""
    return Unknown(next(filter(None, map(call_of, values)), None))


def _wrapped(context: Context, node: Node) -> Value:
    inner = children(node)
    return evaluate(context, inner[0]) if len(inner) == 1 else _visit(context, node)


def _identifier(context: Context, node: Node) -> Value:
    name = context.of(node)
    known = context.lookup(name)
    return answers.type_names(name) if known == UNKNOWN else known


def _number(context: Context, node: Node) -> Value:
    value = number(context.of(node))
    return UNKNOWN if value is None else Known(value)


def _literal(value: bool | None) -> Callable[[Context, Node], Value]:
    return lambda _context, _node: Known(value)


def string_parts(context: Context, node: Node) -> tuple[str | Hole, ...]:
    """The parts of a string literal; an f-string's expressions are looked up."""
    opening = node.child(0)
    prefix = context.of(opening).rstrip("\"'").lower()
    parts: list[str | Hole] = []
    for inner in node.named_children:
        if inner.type == "string_content":
            text = context.of(inner)
            if "f" in prefix:
                text = text.replace("{{", "{").replace("}}", "}")
            parts.append(text if "r" in prefix else unescape(text))
        elif inner.type == "interpolation":
            expression = inner.child_by_field_name("expression")
            parts += _parts(context, expression)
    return tuple(parts)


def _parts(context: Context, node: Node | None) -> tuple[str | Hole, ...]:
    return template_of(plain(evaluate(context, node)), name_of(context, node))


def name_of(context: Context, node: Node | None) -> str:
    """The name a reader would use for the value of `node`: the last name in it."""
    for _ in range(_WRAPPINGS):
        arguments = _positional(node) if node is not None and node.type == "call" else []
        if len(arguments) != 1:
            break
        node = arguments[0]
    match node.type if node is not None else "":
        case "identifier":
            return context.of(node)
        case "attribute" if node is not None:
            return context.of(node.child_by_field_name("attribute"))
        case "subscript" if node is not None:
            text = context.of(node.child_by_field_name("subscript"))
            return text.strip("\"'") if text[:1] in ("'", '"') else ""
    return ""


def _string(context: Context, node: Node) -> Value:
    return joined(string_parts(context, node))


def _strings(context: Context, node: Node) -> Value:
    parts: list[str | Hole] = []
    for inner in children(node):
        parts += string_parts(context, inner) if inner.type == "string" else (Hole(),)
    return joined(parts)


def _sequence(context: Context, node: Node) -> Value:
    members = tuple(evaluate(context, inner) for inner in children(node))
    values: list[Json] = []
    for member in map(plain, members):
        if not isinstance(member, Known):
            return Items(members)
        values.append(member.value)
    return Known(values)


def _dictionary(context: Context, node: Node) -> Value:
    members: dict[str, Json] = {}
    complete = True
    for pair in children(node):
        key = evaluate(context, pair.child_by_field_name("key"))
        value = plain(evaluate(context, pair.child_by_field_name("value")))
        if pair.type == "pair" and isinstance(key, Known) and isinstance(value, Known):
            members[str(key.value)] = value.value
        else:
            complete = False
    return Known(members) if complete else UNKNOWN


def _unary(context: Context, node: Node) -> Value:
    value = evaluate(context, node.child_by_field_name("argument"))
    known = value.value if isinstance(value, Known) else None
    is_number = isinstance(known, int | float) and not isinstance(known, bool)
    if is_number and context.of(node).startswith("-"):
        return Known(-known)  # type: ignore[operator]  # a number, see above
    return Unknown(call_of(value))


def _binary(context: Context, node: Node) -> Value:
    sides = [node.child_by_field_name(side) for side in ("left", "right")]
    operator = context.of(node.child_by_field_name("operator"))
    left = evaluate(context, sides[0])
    if operator == "%" and isinstance(left, Known) and isinstance(left.value, str):
        right_node = sides[1]
        is_tuple = right_node is not None and right_node.type == "tuple"
        nodes = children(right_node) if right_node is not None and is_tuple else [right_node]
        return percent(left.value, [_parts(context, each) for each in nodes])
    right = evaluate(context, sides[1])
    if operator == "+" and (_is_text(left) or _is_text(right)):
        return joined(
            (
                *template_of(plain(left), name_of(context, sides[0])),
                *template_of(plain(right), name_of(context, sides[1])),
            )
        )
    if isinstance(left, Part) and isinstance(right, Known):
        if operator == "//" and right.value == 100 and left.subject == STATUS:
            return Measured(left, Measure.HUNDREDS)
        if operator == "%":
            return Measured(left, Measure.MODULO, right.value)
    return _first((left, right))


def _is_text(value: Value) -> bool:
    return isinstance(value, Template) or (
        isinstance(value, Known) and isinstance(value.value, str)
    )


def _attribute(context: Context, node: Node) -> Value:
    text = context.of(node)
    status = answers.status_constant(text)
    if status is not None:
        return Known(status)
    known = context.lookup(text)
    if known != UNKNOWN:
        return known
    name = context.of(node.child_by_field_name("attribute"))
    value = evaluate(context, node.child_by_field_name("object"))
    if isinstance(value, Answer):
        return answers.answer_field(value.call, name)
    return answers.type_names(name) if call_of(value) is None else Unknown(call_of(value))


def _subscript(context: Context, node: Node) -> Value:
    value = evaluate(context, node.child_by_field_name("value"))
    return answers.member(value, plain(evaluate(context, node.child_by_field_name("subscript"))))


def _positional(node: Node) -> list[Node]:
    arguments = node.child_by_field_name("arguments")
    if arguments is None:
        return []
    if arguments.type != "argument_list":
        return [arguments]
    return [each for each in children(arguments) if each.type != "keyword_argument"]


def arguments_of(context: Context, node: Node) -> tuple[list[Argument], dict[str, Argument]]:
    """The positional and the keyword arguments of a call, evaluated in their order."""
    positional = [_argument(context, each) for each in _positional(node)]
    named: dict[str, Argument] = {}
    arguments = node.child_by_field_name("arguments")
    for each in children(arguments) if arguments is not None else []:
        value = each.child_by_field_name("value")
        if each.type == "keyword_argument" and value is not None:
            named[context.of(each.child_by_field_name("name"))] = _argument(context, value)
    return positional, named


def _argument(context: Context, node: Node) -> Argument:
    return Argument(evaluate(context, node), name_of(context, node), context.of(node))


def _call(context: Context, node: Node) -> Value:
    made = context.made.get(node.end_byte)
    return made if made is not None else _fresh_call(context, node)


def _fresh_call(context: Context, node: Node) -> Value:
    function = node.child_by_field_name("function")
    is_method = function is not None and function.type == "attribute"
    target_node = function.child_by_field_name("object") if function and is_method else None
    name_node = function.child_by_field_name("attribute") if function and is_method else function
    name = context.of(name_node)
    target = evaluate(context, target_node)
    if function is not None and not is_method and function.type != "identifier":
        evaluate(context, function)
    arguments, named = arguments_of(context, node)
    values = [each.value for each in arguments]
    if name == "format" and isinstance(target, Known) and isinstance(target.value, str):
        return formatted(target.value, arguments, named)
    if call_of(target) is not None:
        return answers.method(target, name, values)
    request = None
    if isinstance(target, Unknown) and (is_method or name in context.free_verbs):
        receiver = context.of(target_node) if is_method else None
        request = recognised(receiver, name, arguments, named)
    if request is not None:
        return _recorded(context, node, request)
    if context.of(function) in ("json.loads", "orjson.loads"):
        return _parsed(values)
    if context.of(function) == "re.compile" and values:
        return values[0]
    if not is_method or name in _FREE_FUNCTIONS:
        reverse = named.get("reverse")
        return answers.function(
            name, values, reverse=reverse is not None and reverse.value == Known(True)
        )
    return _first((*values, *(each.value for each in named.values())))


def _recorded(context: Context, node: Node, request: HttpCall) -> Value:
    draft = context.recorder.open_call(
        request.method, request.route, context.source.span(node), unresolved=request.unresolved
    )
    draft.parts = RequestParts(body=BodyKind.JSON if request.sends_json else BodyKind.NONE)
    if request.sent is not None:
        _mark_sent(context, request.sent, draft.id)
    answer = context.made[node.end_byte] = Answer(draft.id)
    return answer


def _parsed(values: list[Value]) -> Value:
    if values and isinstance(values[0], BodyText):
        return Part(values[0].call, body())
    return _first(values)


def _mark_sent(context: Context, name: str, call: str) -> None:
    """Remember that the variable `name` is the JSON body of `call`."""
    if not name.isidentifier():
        return
    before = context.lookup(name)
    calls = before.calls if isinstance(before, Sent) and before.pointer == "" else ()
    if call_of(before) is None:
        context.names[name] = Sent((*calls, call), "", plain(before))


def comprehension_item(context: Context, node: Node) -> tuple[str, Value] | None:
    """The variable of a comprehension with one `for`, and what it is bound to."""
    clauses = [each for each in children(node) if each.type == "for_in_clause"]
    left = clauses[0].child_by_field_name("left") if len(clauses) == 1 else None
    if left is None or left.type != "identifier":
        return None
    iterated = evaluate(context, clauses[0].child_by_field_name("right"))
    item = answers.item_of(iterated)
    return context.of(left), item


def _comprehension(context: Context, node: Node) -> Value:
    with context.recorder.troubled(LOOP):
        found = comprehension_item(context, node)
        if found is None:
            return _visit(context, node)
        name, item = found
        with context.bound(name, item):
            inner = evaluate(context, node.child_by_field_name("body"))
    filters = [context.of(each) for each in children(node) if each.type == "if_clause"]
    if not all(each.endswith("is not None") for each in filters):
        return _first((inner, item))
    return answers.collected(item, inner)


def _named(context: Context, node: Node) -> Value:
    value = evaluate(context, node.child_by_field_name("value"))
    name = context.of(node.child_by_field_name("name"))
    context.names[name] = value
    if isinstance(value, Answer):
        context.recorder.bind_response(value.call, name)
    return value


def _lambda(context: Context, node: Node) -> Value:
    with context.recorder.troubled(DEFERRED):
        evaluate(context, node.child_by_field_name("body"))
    return UNKNOWN


_READERS: dict[str, Callable[[Context, Node], Value]] = {
    "identifier": _identifier,
    "integer": _number,
    "float": _number,
    "true": _literal(True),
    "false": _literal(False),
    "none": _literal(None),
    "string": _string,
    "concatenated_string": _strings,
    "tuple": _sequence,
    "expression_list": _sequence,
    "set": _sequence,
    "list": _sequence,
    "dictionary": _dictionary,
    "parenthesized_expression": _wrapped,
    "await": _wrapped,
    "unary_operator": _unary,
    "binary_operator": _binary,
    "attribute": _attribute,
    "subscript": _subscript,
    "call": _call,
    "list_comprehension": _comprehension,
    "generator_expression": _comprehension,
    "set_comprehension": _comprehension,
    "named_expression": _named,
    "lambda": _lambda,
}
