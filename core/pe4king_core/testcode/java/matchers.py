"""Hamcrest matchers to claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import (
    Check,
    Contains,
    Equals,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    NotNull,
    OneOf,
    Presence,
    SubjectKind,
    body,
)
from pe4king_core.model.json import EACH, pointer_of, split
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import (
    Claim,
    Claims,
    child,
    claim,
    comparison,
    media_type,
    operand,
)
from pe4king_core.testcode.formats import prefix
from pe4king_core.testcode.intervals import around, size_interval
from pe4king_core.testcode.java.closures import (
    array_depth,
    as_items,
    as_list,
    is_spread,
    item_of,
    pattern_check,
)
from pe4king_core.testcode.java.objects import Matching, bare
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.logic import any_of, either, negation
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    Collected,
    Fallback,
    Known,
    Measure,
    Measured,
    Part,
    TypeNames,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

Evaluate = Callable[[Context, "Node | None"], Value]
_SIGNS = {
    "equalTo": "==", "is": "==", "equalToObject": "==", "comparesEqualTo": "==",
    "sameInstance": "==", "greaterThan": ">", "greaterThanOrEqualTo": ">=", "lessThan": "<",
    "lessThanOrEqualTo": "<=",
}  # fmt: skip
_PLAIN: dict[str, Check] = {
    "notNullValue": NotNull(),
    "nullValue": Equals(Literal(None)),
    "empty": HasSize(Bounds(0, 0)),
    "emptyIterable": HasSize(Bounds(0, 0)),
    "emptyArray": HasSize(Bounds(0, 0)),
    "anEmptyMap": HasSize(Bounds(0, 0)),
    "emptyString": Equals(Literal("")),
    "isEmptyString": Equals(Literal("")),
}
_WRAPPERS = frozenset({"is", "describedAs"})
MATCHERS = frozenset(
    {
        "allOf",
        "both",
        "anyOf",
        "either",
        "not",
        "everyItem",
        "is",
        "isA",
        "describedAs",
        "and",
        "or",
    }
    | {"hasSize", "arrayWithSize", "hasLength", "iterableWithSize", "notNullValue", "nullValue"}
    | {"anything", "empty", "emptyIterable", "emptyArray", "emptyString", "isEmptyString"}
    | {"emptyOrNullString", "isEmptyOrNullString", "blankString", "blankOrNullString", "any"}
    | {"emptyCollectionOf", "instanceOf", "typeCompatibleWith", "matchesPattern", "matchesRegex"}
    | {"matchesRegexp", "containsString", "containsStringIgnoringCase", "startsWith", "endsWith"}
    | {"startsWithIgnoringCase", "endsWithIgnoringCase", "equalToIgnoringCase", "hasKey"}
    | {"equalToIgnoringWhiteSpace", "equalToCompressingWhiteSpace", "hasEntry", "hasValue", "oneOf"}
    | {"isOneOf", "in", "isIn", "hasItem", "hasItems", "hasItemInArray", "contains", "closeTo"}
    | {"containsInAnyOrder", "arrayContaining", "arrayContainingInAnyOrder"}
    | {"containsInRelativeOrder"}
    | {
        "stringContainsInOrder",
        "aMapWithSize",
        "anEmptyMap",
        "hasToString",
        "hasProperty",
        "theInstance",
    }
    | {"equalTo", "equalToObject", "comparesEqualTo", "sameInstance", "greaterThan", "notANumber"}
    | {"greaterThanOrEqualTo", "lessThan", "lessThanOrEqualTo", "aMapWithSize", "isEmptyIterable"}
    | {
        "matchesJsonSchema",
        "matchesJsonSchemaInClasspath",
        "sameJSONAs",
        "jsonEquals",
        "samePropertyValuesAs",
    }
)
_ALL = frozenset({"allOf", "both"})
_OF_KEYS = {
    **dict.fromkeys(("everyItem", "oneOf", "isOneOf", "in", "isIn"), "<="),
    **dict.fromkeys(("contains", "containsInAnyOrder"), "=="),
    **dict.fromkeys(("hasItem", "hasItems"), ">="),
}
_EMPTY = frozenset({"empty", "emptyCollectionOf", "emptyIterable"})


def matched(context: Context, value: Value, node: Node, evaluate: Evaluate) -> Claims:
    """What the matcher (or plain value) `node` claims of `value`."""
    with context.deeper() as worthwhile:
        if not worthwhile:
            return ()
        value = bare(value)
        name = context.of(node.child_by_field_name("name")) if node.child_count else ""
        if node.type != "method_invocation" or name not in MATCHERS:
            return _other(context, value, evaluate(context, node), evaluate)
        listed = node.child_by_field_name("arguments")
        nodes = children(listed) if listed is not None else []
        target = node.child_by_field_name("object")
        if target is not None and target.type == "method_invocation" and name in ("and", "or"):
            left = matched(context, value, target, evaluate)
            right = _all(context, value, nodes, evaluate)
            return (*left, *right) if name == "and" else either(left, right)
        return _one(context, value, name, nodes, evaluate)


def _other(context: Context, value: Value, other: Value, evaluate: Evaluate) -> Claims:
    """A matcher that comes from elsewhere (a variable, a helper), or a plain value."""
    if isinstance(other, Matching):
        inner = other.context
        before, inner.depth = inner.depth, context.depth
        try:
            return matched(inner, value, other.node, evaluate)
        finally:
            inner.depth = before
    return _compared(value, "==", bare(other))


def matched_condition(context: Context, claims: Claims, node: Node, evaluate: Evaluate) -> Claims:
    """What the matcher `node` of a condition's result makes of its claims."""
    while node.type == "method_invocation":
        listed = node.child_by_field_name("arguments")
        nodes = children(listed) if listed is not None else []
        if len(nodes) != 1:
            return ()
        node = nodes[0]
    value = evaluate(context, node)
    if value == Known(True):
        return claims
    return negation(claims) if value == Known(False) else ()


def _all(context: Context, value: Value, nodes: list[Node], evaluate: Evaluate) -> Claims:
    return tuple(each for node in nodes for each in matched(context, value, node, evaluate))


def _one(
    context: Context, value: Value, name: str, nodes: list[Node], evaluate: Evaluate
) -> Claims:
    if name in _ALL:
        return _all(context, value, nodes, evaluate)
    if name in ("anyOf", "either"):
        return any_of([matched(context, value, each, evaluate) for each in nodes])
    if name in _WRAPPERS and len(nodes) == 1 and nodes[0].type == "method_invocation":
        return matched(context, value, nodes[0], evaluate)
    if name == "not" and len(nodes) == 1:
        return _negated(context, value, nodes[0], evaluate)
    if name in _SIGNS and len(nodes) == 1:
        return _other_side(context, value, name, nodes[0], evaluate)
    if isinstance(value, Collected) and name in _EMPTY:
        return (claim(value.array, HasSize(Bounds(0, 0))),)
    if isinstance(value, Part | Collected) and name == "everyItem" and len(nodes) == 1:
        return matched(context, _each(value), nodes[0], evaluate)
    if isinstance(value, Measured) and value.measure is Measure.KEYS and name in _OF_KEYS:
        return _of_keys(context, value, name, nodes, evaluate)
    if name in ("hasSize", "arrayWithSize", "hasLength", "iterableWithSize") and len(nodes) == 1:
        return _sized(context, value, name, nodes[0], evaluate)
    if isinstance(value, Part):
        return _of_part(context, value, name, nodes, evaluate)
    return _attributed(value)


def _of_keys(
    context: Context, keys: Measured, name: str, nodes: list[Node], evaluate: Evaluate
) -> Claims:
    """`everyItem(oneOf("id", "title"))`; over items GPath gives such a list for each of them."""
    if name == "everyItem":
        return matched(context, keys, nodes[0], evaluate)
    listed = _one_of([plain(evaluate(context, each)) for each in nodes])
    return comparison(keys, _OF_KEYS[name], Known(list(listed.values) if listed else None))


def _other_side(
    context: Context, value: Value, name: str, node: Node, evaluate: Evaluate
) -> Claims:
    other = bare(evaluate(context, node))
    if isinstance(other, Matching):
        return _other(context, value, other, evaluate)
    return _compared(value, _SIGNS[name], other)


def _attributed(value: Value) -> Claims:
    if isinstance(value, Measured):
        return (claim(value.part, None),)
    if isinstance(value, Collected):
        item = item_of(value)
        return (claim(item, None),) if isinstance(item, Part) else ()
    return ()


def _compared(value: Value, sign: str, other: Value) -> Claims:
    if isinstance(other, TypeNames):
        return _attributed(value)
    if isinstance(value, Part) and media_type(value.subject) and sign == "==":
        return (claim(value, _equals(value, other)),)
    return comparison(value, sign, other) if call_of(value) else ()


def _equals(part: Part, other: Value) -> Check | None:
    found = operand(other, part.call)
    return Equals(found) if found is not None else None


def _negated(context: Context, value: Value, node: Node, evaluate: Evaluate) -> Claims:
    name = context.of(node.child_by_field_name("name")) if node.child_count else ""
    if isinstance(value, Part):
        least = Bounds(low=1)
        if name in _EMPTY:
            return (_or_null(claim(value, HasSize(least))),)
        if name in ("emptyString", "isEmptyString"):
            return (_or_null(claim(value, HasSize(least))),)
        if name in ("emptyOrNullString", "isEmptyOrNullString", "blankOrNullString"):
            return (claim(value, HasLength(least)),)
    return negation(matched(context, value, node, evaluate))


def _or_null(found: Claim) -> Claim:
    """Null is not empty, so what must not be empty may be null or missing."""
    return replace(found, nullable=True, presence=Presence.IF_PRESENT)


def _each(value: Part | Collected) -> Value:
    """The items that `everyItem` speaks of: GPath spreads `items.id` over the items."""
    if isinstance(value, Collected):
        return item_of(value)
    listed = as_items(value)
    if isinstance(listed, Collected):
        return item_of(listed)
    tokens = split(value.subject.name)
    if EACH in tokens or value.fallback is Fallback.NONE:
        return item_of(value)
    at = array_depth(tokens)
    pointer = pointer_of((*tokens[:at], EACH, *tokens[at:]))
    return replace(value, subject=body(pointer), fallback=Fallback.NULL)


def _sized(context: Context, value: Value, name: str, node: Node, evaluate: Evaluate) -> Claims:
    listed = as_list(value) if isinstance(value, Part) else value
    part = listed.array if isinstance(listed, Collected) else listed
    if not isinstance(part, Part):
        return _attributed(value)
    kind = HasLength if name == "hasLength" else HasSize
    lengths = matched(context, Measured(part, Measure.LENGTH), node, evaluate)
    sizes = [each.check for each in lengths if isinstance(each.check, HasSize)]
    if not sizes or len(sizes) != len(lengths):
        return (claim(part, None),)
    low = max((each.bounds.low for each in sizes if each.bounds.low is not None), default=None)
    high = min((each.bounds.high for each in sizes if each.bounds.high is not None), default=None)
    return (replace(claim(part, kind(Bounds(low, high)))),)


def _of_part(
    context: Context, part: Part, name: str, nodes: list[Node], evaluate: Evaluate
) -> Claims:
    values = [plain(bare(evaluate(context, each))) for each in nodes]
    first = values[0] if values else None
    text = first.value if isinstance(first, Known) and isinstance(first.value, str) else None
    if name in _PLAIN:
        return (claim(part, _PLAIN[name]),)
    match name:
        case "instanceOf" | "isA" | "any" | "typeCompatibleWith":
            check = HasType(first.types) if isinstance(first, TypeNames) else None
            return (claim(part, check),)
        case "matchesPattern" | "matchesRegex" | "matchesRegexp":
            return (claim(part, pattern_check(text) if text is not None else None),)
        case "containsString" if text is not None:
            return _contained_text(part, text)
        case "startsWith" | "endsWith" if text is not None:
            return _affix(part, name, text)
        case "hasKey" | "hasEntry" if nodes:
            return _member(context, part, nodes, evaluate)
        case "aMapWithSize" if isinstance(first, Known) and isinstance(first.value, int):
            return (claim(part, HasSize(size_interval("==", first.value))),)
        case "closeTo" if len(values) == 2:
            return (claim(part, _near(values)),)
        case "oneOf" | "isOneOf" | "in" | "isIn":
            return (claim(part, _one_of(values)),)
        case "hasItem" | "hasItems" | "hasItemInArray":
            return _items(part, values, nodes)
        case "contains" | "containsInAnyOrder" | "arrayContaining" | "arrayContainingInAnyOrder":
            return _exact_items(part, name, values)
    return (claim(part, None),)


def _near(values: list[Value]) -> InRange | None:
    numbers = [each.value for each in values if isinstance(each, Known)]
    found = [
        each for each in numbers if isinstance(each, int | float) and not isinstance(each, bool)
    ]
    if len(found) != 2:
        return None
    return InRange(around(*found))


def _contained_text(part: Part, text: str) -> Claims:
    if media_type(part.subject):
        return (claim(part, Equals(Literal(text))),)
    return (claim(part, Contains(Literal(text))),)


def _affix(part: Part, name: str, text: str) -> Claims:
    if media_type(part.subject) and name == "startsWith":
        return (claim(part, Equals(Literal(text))),)
    return (claim(part, Matches(prefix(text, end=name == "endsWith"))),)


def _member(context: Context, part: Part, nodes: list[Node], evaluate: Evaluate) -> Claims:
    """`hasKey("a")`, `hasEntry("a", 1)`, `hasEntry(equalTo("a"), matcher)`."""
    key_node = nodes[0]
    if key_node.type == "method_invocation":
        listed = key_node.child_by_field_name("arguments")
        inner = children(listed) if listed is not None else []
        key_node = inner[0] if len(inner) == 1 else key_node
    key = plain(evaluate(context, key_node))
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return (claim(part, None),)
    member = replace(child(part, key.value), fallback=Fallback.NONE)
    if len(nodes) == 1:
        return (claim(member, None),)
    return matched(context, member, nodes[1], evaluate)


def _one_of(values: list[Value]) -> OneOf | None:
    if len(values) == 1 and isinstance(values[0], Known) and isinstance(values[0].value, list):
        return OneOf(tuple(values[0].value))
    known = [each.value for each in values if isinstance(each, Known)]
    return OneOf(tuple(known)) if known and len(known) == len(values) else None


def _items(part: Part, values: list[Value], nodes: list[Node]) -> Claims:
    spreads = isinstance(as_items(part), Collected)
    if spreads or any(node.type == "method_invocation" for node in nodes):
        spread = _each(part) if spreads else part
        return (claim(spread, None),) if isinstance(spread, Part) else ()
    found = [operand(each, part.call) for each in values]
    return tuple(claim(part, Contains(each) if each is not None else None) for each in found)


def _exact_items(part: Part, name: str, values: list[Value]) -> Claims:
    known = [each.value for each in values if isinstance(each, Known)]
    is_plain = bool(known) and len(known) == len(values) and not is_spread(part)
    if not is_plain or part.subject.kind is not SubjectKind.BODY:
        return (claim(part, None),)
    if name in ("contains", "arrayContaining"):
        return (claim(part, Equals(Literal(known))),)
    size = HasSize(size_interval("==", len(known)))
    return (claim(part, size), *(claim(part, Contains(Literal(each))) for each in known))
