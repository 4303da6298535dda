"""Python calls used as conditions (`isinstance`, `all`, `re.fullmatch` ...) to claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import (
    Contains,
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
    comparison,
    media_type,
    strings,
    truthy,
)
from pe4king_core.testcode.formats import anchored, format_of, prefix
from pe4king_core.testcode.logic import weakened
from pe4king_core.testcode.python.arguments import part_of, read_arguments
from pe4king_core.testcode.python.containers import columns, one_clause, rounds
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.reasons import LOOP
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    Fallback,
    Items,
    Known,
    Measured,
    Part,
    TypeNames,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

PARSERS = {
    "UUID": "uuid",
    "fromisoformat": "date-time",
    "isoparse": "date-time",
    "parse_datetime": "",
    "ip_address": "",
    "strptime": "",
}
PREDICATES = frozenset(
    {"isinstance", "bool", "all", "any", "fullmatch", "match", "search", "startswith", "endswith"}
    | {"issubset", "issuperset", "isdisjoint"}
)
"""Functions and methods whose result says whether something holds."""


def predicate_claims(frame: Frame, node: Node, name: str, holder: Value) -> Claims:
    """What follows from the call `node` of one of the `PREDICATES` being true."""
    if name in ("all", "any"):
        return _quantified(frame, node, name)
    values = [part_of(each) for each in read_arguments(frame, node).values]
    receiver = part_of(holder)
    match name:
        case "isinstance" if len(values) == 2:
            return _isinstance(values[0], values[1])
        case "bool" if len(values) == 1:
            return truthy(values[0])
        case "fullmatch" | "match" | "search":
            return _matched(name, (receiver, *values))
        case "startswith" | "endswith" if isinstance(receiver, Part) and values:
            return _affix(receiver, name, values[0])
        case "issubset" if values:
            return _keys(receiver, values[0])
        case "issuperset" if values:
            return _keys(values[0], receiver)
    return ()


def called(frame: Frame, node: Node) -> tuple[str, list[Value]]:
    """The last name of the called function and its positional arguments."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        function = function.child_by_field_name("attribute")
    return frame.of(function), read_arguments(frame, node).values


def parses(name: str) -> bool:
    """Whether the function `name` fails for texts that do not have its format."""
    return name in PARSERS


def _isinstance(value: Value, types: Value) -> Claims:
    if not isinstance(value, Part):
        return ()
    found: set[JsonType] = set()
    for each in types.members if isinstance(types, Items) else (types,):
        if not isinstance(each, TypeNames):
            return (claim(value, None),)
        found |= each.types
    return (claim(value, HasType(frozenset(found))),)


def _quantified(frame: Frame, node: Node, name: str) -> Claims:
    """`all(... for x in ...)`: claims for each item, or for each of some literal values."""
    inner = _generator(node)
    clause, unfiltered = one_clause(inner) if inner is not None else (None, False)
    condition = inner.child_by_field_name("body") if inner is not None else None
    if inner is None or clause is None or condition is None:
        return ()
    with frame.recorder.troubled(LOOP):
        looped = frame.value(clause.child_by_field_name("right"))
    found: list[Claim] = []
    bound, literal = rounds(frame, clause.child_by_field_name("left"), looped)
    each_round = frame.rounds(bound, lambda: frame.truth(condition)) if literal else None
    if each_round is None:
        names = columns(bound) if literal else bound[0]
        with frame.recorder.troubled(LOOP), frame.naming(names), frame.again():
            each_round = [frame.truth(condition)]
    for claims in each_round:
        found += claims
    if name == "any":
        return _some(looped, found)
    if not unfiltered:
        return weakened(tuple(found))
    text = "".join(frame.of(condition).split())
    array = part_of(looped)
    if isinstance(array, Part) and ".count(" in text and text.endswith("==1"):
        return (claim(array, Unique()),)
    return tuple(found)


def _some(looped: Value, found: Sequence[Claim]) -> Claims:
    """At least one item of a list has what `found` says."""
    array = part_of(looped)
    if len(found) == 1 and isinstance(array, Part):
        only = found[0]
        is_item = only.subject == body(f"{array.subject.name}/*") and not only.negated
        if is_item and isinstance(only.check, Equals):
            return (claim(array, Contains(only.check.operand)),)
    return weakened(tuple(found))


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
    for each in map(part_of, values):
        if isinstance(each, Part):
            return (claim(each, HasFormat(format_name) if format_name else None),)
        if isinstance(each, Measured):
            return (claim(each.part, HasFormat(format_name) if format_name else None),)
    return ()


def format_parsed(frame: Frame, node: Node) -> Claims:
    """The claims of a statement that only parses a text of the answer (`UUID(body["id"])`)."""
    name, values = called(frame, node)
    return parsed(PARSERS[name], values) if name in PARSERS else ()


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
    if isinstance(names, Measured):
        return comparison(names, "<=", holder)
    part = holder.part if isinstance(holder, Measured) else holder
    if not isinstance(part, Part):
        return ()
    return tuple(claim(child(part, each), None) for each in strings(names))


def decimal_multiple(frame: Frame, node: Node) -> Claims:
    """`Decimal(str(x)) % Decimal("0.01")`, which is compared with 0."""
    sides = [node.child_by_field_name(side) for side in ("left", "right")]
    calls = [called(frame, side) for side in sides if side is not None and side.type == "call"]
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
