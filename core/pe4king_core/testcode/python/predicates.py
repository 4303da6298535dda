"""Python calls used as conditions (`isinstance`, `all`, `re.fullmatch` ...) to claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import (
    Equals,
    HasFormat,
    HasType,
    Literal,
    Matches,
    MultipleOf,
    OneOf,
    Unique,
    body,
)
from pe4king_core.model.schema import JsonType
from pe4king_core.testcode.claims import (
    Claim,
    Claims,
    child,
    claim,
    media_type,
    strings,
    truthy,
)
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.formats import anchored, format_of, prefix
from pe4king_core.testcode.logic import weakened
from pe4king_core.testcode.python.expressions import (
    arguments_of,
    comprehension_item,
    evaluate,
)
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    Fallback,
    Items,
    Known,
    Measured,
    Part,
    TypeNames,
    Value,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

Truth = Callable[[Context, "Node"], Claims]
_PARSERS = {
    "UUID": "uuid",
    "fromisoformat": "date-time",
    "isoparse": "date-time",
    "ip_address": "",
    "strptime": "",
}
_UNROLLED = 50


def call_claims(context: Context, node: Node, truth: Truth) -> Claims:
    """What follows from the call `node` being true; `truth` reads conditions inside it."""
    name, values = called(context, node)
    receiver = _receiver(context, node)
    match name:
        case "isinstance" if len(values) == 2:
            return _isinstance(values[0], values[1])
        case "bool" if len(values) == 1:
            return truthy(values[0])
        case "all" | "any" if len(values) == 1:
            return _quantified(context, node, name, truth)
        case "fullmatch" | "match" | "search":
            return _matched(name, (receiver, *values))
        case "startswith" | "endswith" if isinstance(receiver, Part) and values:
            return _affix(receiver, name, values[0])
        case "issubset" if values:
            return _keys(receiver, values[0])
        case "issuperset" if values:
            return _keys(values[0], receiver)
    if name in _PARSERS:
        return parsed(_PARSERS[name], values)
    return truthy(evaluate(context, node))


def called(context: Context, node: Node) -> tuple[str, list[Value]]:
    """The last name of the called function and its positional arguments."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        function = function.child_by_field_name("attribute")
    positional, _ = arguments_of(context, node)
    return context.of(function), [each.value for each in positional]


def parses(name: str) -> bool:
    """Whether the function `name` fails for texts that do not have its format."""
    return name in _PARSERS


def _receiver(context: Context, node: Node) -> Value:
    function = node.child_by_field_name("function")
    target = function.child_by_field_name("object") if function is not None else None
    return evaluate(context, target)


def _isinstance(value: Value, types: Value) -> Claims:
    if not isinstance(value, Part):
        return truthy(value)
    found: set[JsonType] = set()
    for each in types.members if isinstance(types, Items) else (types,):
        if not isinstance(each, TypeNames):
            return (claim(value, None),)
        found |= each.types
    return (claim(value, HasType(frozenset(found))),)


def _quantified(context: Context, node: Node, name: str, truth: Truth) -> Claims:
    """`all(... for x in ...)`: claims for each item, or for each of some literal values."""
    inner = _generator(node)
    bound = comprehension_item(context, inner) if inner is not None else None
    condition = inner.child_by_field_name("body") if inner is not None else None
    if inner is None or bound is None or condition is None:
        return ()
    variable, item = bound
    found: list[Claim] = []
    for value in _looped(context, inner, item):
        with context.bound(variable, value):
            found += truth(context, condition)
    if name == "any" or any(each.type == "if_clause" for each in children(inner)):
        return weakened(tuple(found))
    text = "".join(context.of(condition).split())
    if isinstance(item, Part) and ".count(" in text and text.endswith("==1"):
        array = replace(item, subject=body(item.subject.name.removesuffix("/*")))
        return (claim(array, Unique()),)
    return tuple(found)


def _generator(node: Node) -> Node | None:
    inner = node.child_by_field_name("arguments")
    if inner is not None and inner.type == "argument_list":
        listed = children(inner)
        inner = listed[0] if len(listed) == 1 else None
    is_generator = inner is not None and inner.type in (
        "generator_expression",
        "list_comprehension",
    )
    return inner if is_generator else None


def _looped(context: Context, generator: Node, item: Value) -> list[Value]:
    clause = next(each for each in children(generator) if each.type == "for_in_clause")
    literal = plain(evaluate(context, clause.child_by_field_name("right")))
    if isinstance(literal, Known) and isinstance(literal.value, list):
        return [Known(each) for each in literal.value[:_UNROLLED]]
    return [item]


def _matched(name: str, values: Sequence[Value]) -> Claims:
    part = next((each for each in values if isinstance(each, Part)), None)
    texts = [each.value for each in values if isinstance(each, Known)]
    pattern = next((each for each in texts if isinstance(each, str)), None)
    if part is None:
        return ()
    return (claim(part, None if pattern is None else pattern_check(pattern, name)),)


def pattern_check(pattern: str, how: str) -> HasFormat | Matches:
    """The check of `re.fullmatch`, `re.match` or `re.search` with `pattern`."""
    ends = pattern.endswith(("$", "\\Z")) and (how == "match" or pattern[:1] in ("^", "\\"))
    named = format_of(pattern) if how == "fullmatch" or ends else None
    if named is not None:
        return HasFormat(named)
    return Matches(anchored(pattern, whole=how == "fullmatch", start=how == "match"))


def parsed(format_name: str, values: Sequence[Value]) -> Claims:
    """`UUID(x)`, `datetime.fromisoformat(x)`: x has the format, or the call fails."""
    for each in values:
        if isinstance(each, Part):
            return (claim(each, HasFormat(format_name) if format_name else None),)
        if isinstance(each, Measured):
            return (claim(each.part, HasFormat(format_name) if format_name else None),)
    return ()


def format_parsed(context: Context, node: Node) -> Claims:
    """The claims of a statement that only parses a text of the answer (`UUID(body["id"])`)."""
    name, values = called(context, node)
    return parsed(_PARSERS[name], values) if name in _PARSERS else ()


def _affix(part: Part, name: str, value: Value) -> Claims:
    known = value.value if isinstance(value, Known) else None
    texts = (known,) if isinstance(known, str) else strings(value)
    if media_type(part.subject) and name == "startswith" and texts:
        check = OneOf(texts) if len(texts) > 1 else Equals(Literal(texts[0]))
        return (claim(replace(part, fallback=Fallback.NONE), check),)
    if len(texts) != 1:
        return (claim(part, None),)
    return (claim(part, Matches(prefix(texts[0], end=name == "endswith"))),)


def _keys(names: Value, holder: Value) -> Claims:
    part = holder.part if isinstance(holder, Measured) else holder
    if not isinstance(part, Part):
        return ()
    return tuple(claim(child(part, each), None) for each in strings(names))


def decimal_multiple(context: Context, node: Node) -> Claims:
    """`Decimal(str(x)) % Decimal("0.01")`, which is compared with 0."""
    sides = [node.child_by_field_name(side) for side in ("left", "right")]
    calls = [called(context, side) for side in sides if side is not None and side.type == "call"]
    if len(calls) != 2 or any(name != "Decimal" or not values for name, values in calls):
        return ()
    value, factor = calls[0][1][0], calls[1][1][0]
    part = value.part if isinstance(value, Measured) else value
    if not isinstance(part, Part):
        return ()
    try:
        number = float(str(factor.value)) if isinstance(factor, Known) else 0.0
    except ValueError:
        number = 0.0
    return (claim(part, MultipleOf(number) if number else None),)
