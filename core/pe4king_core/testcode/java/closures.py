"""What Groovy's operations make of values: members, spreads, methods and closures.

Beside the values of a test there are claims (a condition), differences and pairs of neighbours,
which only appear inside Groovy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeAlias

from pe4king_core.model.fact import (
    Contains,
    Equals,
    HasFormat,
    HasLength,
    HasType,
    Literal,
    Matches,
    Sorted,
    Unique,
    body,
)
from pe4king_core.model.json import EACH, join, pointer_of, split
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import Claims, child, claim, comparison, contained, truthy
from pe4king_core.testcode.formats import anchored, format_of, prefix
from pe4king_core.testcode.java.types import type_names
from pe4king_core.testcode.logic import negation, weakened
from pe4king_core.testcode.values import (
    UNKNOWN,
    Collected,
    Fallback,
    Items,
    Known,
    Measure,
    Measured,
    Part,
    TypeNames,
    Unknown,
    Value,
    call_of,
    capped,
)

_LENGTH = re.compile(r"\(\?s\)\.\{(\d+)(,?)(\d*)\}\Z")
_ANYTHING = "(?s:.*)"
_LISTS = frozenset({"data", "content", "list", "children", "entries", "collection"})
_LIST_LIKE = frozenset({"result", "payload", "array", "body", "response", "page", "tree", "set"})
_SAME = frozenset(
    {"toDouble", "toBigDecimal", "toInteger", "toLong", "toFloat", "toString", "abs", "trim"}
)


class UnreadableError(Exception):
    """Something in the text is beyond this reader."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`left - right`."""

    left: Part
    right: Value


@dataclass(frozen=True, slots=True)
class Pairs:
    """Neighbours of a list (`collate(2, 1, false)`)."""

    of: Part | Collected


Result: TypeAlias = Value | Claims | Difference | Pairs


def value_of(found: Result) -> Value:
    """`found` as a value. Raises UnreadableError where it is something else."""
    if isinstance(found, tuple | Difference | Pairs):
        raise UnreadableError
    return found


def claims_of(found: Result) -> Claims:
    """What follows from `found` being true."""
    return found if isinstance(found, tuple) else truthy(value_of(found))


def instance_of(part: Part, name: str) -> Claims:
    """`part instanceof name`."""
    types = type_names(name)
    return (claim(part, HasType(types.types) if isinstance(types, TypeNames) else None),)


def compared(left: Result, sign: str, right: Result) -> Claims:
    """`left sign right`; a condition may be compared with true or false."""
    if isinstance(left, Difference) and sign == "<" and isinstance(right, Known):
        return comparison(left.left, "==", left.right)
    if isinstance(left, tuple) and isinstance(right, Known) and isinstance(right.value, bool):
        return left if right.value == (sign == "==") else negation(left)
    return comparison(value_of(left), sign, value_of(right))


def pattern_check(pattern: str) -> HasFormat | HasLength | Matches:
    """The check of a Java expression that the whole text must match."""
    length = _LENGTH.match(pattern)
    if length:
        low = int(length[1])
        high = int(length[3]) if length[3] else (None if length[2] else low)
        return HasLength(Bounds(low, high))
    named = format_of(pattern)
    if named is not None:
        return HasFormat(named)
    starts, ends = pattern.startswith(_ANYTHING), pattern.endswith(_ANYTHING)
    inner = pattern.removeprefix(_ANYTHING).removesuffix(_ANYTHING)
    if starts and ends:
        return Matches(_without_group(anchored(inner)))
    if starts:
        return Matches(anchored(inner, end=True))
    return Matches(anchored(inner, whole=not ends, start=ends))


def _without_group(pattern: str) -> str:
    found = re.fullmatch(r"\(\?:([^()]*)\)", pattern)
    return found[1] if found else pattern


def property_of(target: Result, name: str) -> Result:
    """`target.name`."""
    match target:
        case Part():
            return child(target, name)
        case Collected(array, inner):
            return Collected(array, join(inner, name))
    return Unknown(call_of(value_of(target)))


def spread(target: Result) -> Result:
    """`target*`: what follows is taken of each item."""
    listed = as_list(target) if isinstance(target, Part) else target
    return Collected(listed, "") if isinstance(listed, Part) else listed


def called(target: Result, name: str, arguments: list[Result]) -> Result:
    """`target.name(arguments)`."""
    first = value_of(arguments[0]) if arguments else UNKNOWN
    match target:
        case Part() | Collected() if name == "collate":
            return Pairs(target)
        case Part() if name == "flatten":
            return Collected(child(target, EACH), "")
        case Part():
            return _of_part(target, name, first)
        case Collected() | Difference() if name in _SAME:
            return target
        case Collected(array, inner) if name == "sum":
            return Measured(replace(array, subject=body(_each(array, inner))), Measure.SUM)
        case Collected(array, inner) if name == "flatten":
            return Collected(replace(array, subject=body(_each(array, inner))), "")
        case Items((one, other)) if name == "min" and not arguments:
            return capped(one, other) or UNKNOWN
        case Known() if name == "equals" and isinstance(first, Part):
            return comparison(first, "==", target)
        case Known() if name == "containsAll" and isinstance(first, Measured):
            return comparison(first, "<=", target)
        case Collected() if name == "keySet":
            item = item_of(target)
            return Measured(item, Measure.KEYS) if isinstance(item, Part) else UNKNOWN
    return Unknown(call_of(value_of(target)))


def _of_part(part: Part, name: str, first: Value) -> Result:
    known = first.value if isinstance(first, Known) else None
    text = known if isinstance(known, str) else None
    match name:
        case "containsKey" if text is not None:
            return (claim(replace(child(part, text), fallback=Fallback.NONE), None),)
        case "size" | "length":
            return Measured(part, Measure.LENGTH)
        case "getClass":
            return Measured(part, Measure.TYPE)
        case "keySet":
            return Measured(part, Measure.KEYS)
        case "contains":
            return contained(first, part, as_key=False)
        case "startsWith" | "endsWith" if text is not None:
            return (claim(part, Matches(prefix(text, end=name == "endsWith"))),)
        case "matches" if text is not None:
            return (claim(part, pattern_check(text)),)
        case "equals":
            return comparison(part, "==", first)
        case "isEmpty":
            return comparison(Measured(part, Measure.LENGTH), "==", Known(0))
    return replace(part, fallback=Fallback.NONE) if name in _SAME else Unknown(part.call)


def _each(array: Part, inner: str) -> str:
    return f"{array.subject.name}/{EACH}{inner}"


def item_of(value: Value) -> Value:
    """One item of a list as GPath gives it."""
    match value:
        case Part():
            return replace(child(value, EACH), fallback=Fallback.NULL)
        case Collected(array, inner):
            return replace(array, subject=body(_each(array, inner)), fallback=Fallback.NULL)
    return Unknown(call_of(value))


def array_depth(tokens: tuple[str, ...]) -> int:
    """How many tokens lead to the array that a path is spread over, told by plural names."""
    for depth, token in enumerate(tokens[:-1], 1):
        if _is_list_name(token) and not tokens[depth].isdecimal():
            return depth
    if len(tokens) < 2 or _is_list_name(tokens[-1]):
        return len(tokens)
    return len(tokens) - 1


def _is_list_name(name: str) -> bool:
    return (name.endswith("s") and not name.endswith("ss")) or name in _LISTS


def is_spread(part: Part) -> bool:
    """Whether GPath gives a list of what the items of an array have at `part`."""
    tokens = split(part.subject.name)
    depth = array_depth(tokens)
    by_path = part.fallback is Fallback.NULL and EACH not in tokens
    return by_path and 0 < depth < len(tokens) and _is_list_name(tokens[depth - 1])


def as_items(part: Part) -> Part | Collected:
    """`part` where a list is asked for: `rating` of a list at the top is one of its items."""
    tokens = split(part.subject.name)
    at_top = part.fallback is Fallback.NULL and len(tokens) == 1 and not _is_list_name(tokens[0])
    if at_top and tokens[0] not in _LISTS | _LIST_LIKE and EACH not in tokens:
        return Collected(replace(part, subject=body()), part.subject.name)
    return as_list(part)


def as_list(part: Part) -> Part | Collected:
    """`part` as the list that GPath makes of it: of its items, or collected from items."""
    if not is_spread(part):
        return part
    tokens = split(part.subject.name)
    depth = array_depth(tokens)
    array = replace(part, subject=body(pointer_of(tokens[:depth])))
    return Collected(array, pointer_of(tokens[depth:]))


def closure_item(target: Result, name: str) -> Result:
    """What the parameter of the closure of `target.name { }` stands for."""
    if name == "with":
        return target
    if isinstance(target, Part):
        return item_of(as_list(target))
    if isinstance(target, Collected):
        return item_of(target)
    raise UnreadableError


def closed(target: Result, name: str, item: Result, inside: Result) -> Result:
    """What `target.name { inside }` gives."""
    match name:
        case "with":
            return inside
        case "every":
            return claims_of(inside)
        case "any":
            return _some(target, item, claims_of(inside))
        case "findAll" if inside == comparison(value_of(item), "!=", Known(None)):
            return target
        case "collectMany" if inside == item:
            listed = as_list(target) if isinstance(target, Part) else target
            return called(listed, "flatten", [])
        case "collect" if isinstance(item, Part) and isinstance(inside, Part):
            rest = inside.subject.name.removeprefix(item.subject.name)
            return Collected(target, rest) if isinstance(target, Part) else UNKNOWN
    return Unknown(target.call if isinstance(target, Part) else None)


def _some(value: Result, item: Result, inside: Claims) -> Claims:
    """`any { it == 3 }` is a list that contains 3."""
    for each in inside:
        if isinstance(each.check, Equals) and isinstance(value, Part) and isinstance(item, Part):
            is_item = each.subject == item.subject and isinstance(each.check.operand, Literal)
            if is_item and not each.negated:
                return (claim(value, Contains(each.check.operand)),)
    return weakened(inside)


def unique(value: Result, name: str) -> Claims | None:
    """`every { one -> all.count { it == one } == 1 }`."""
    return (claim(value, Unique()),) if name == "every" and isinstance(value, Part) else None


def in_order(value: Result, name: str, *, descending: bool) -> Claims | None:
    """`collate(2, 1, false).every { it[0] <= it[1] }`."""
    if name != "every" or not isinstance(value, Pairs):
        return None
    if isinstance(value.of, Collected):
        return (claim(value.of.array, Sorted(value.of.inner, descending)),)
    return (claim(value.of, Sorted("", descending)),)
