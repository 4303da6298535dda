"""What facts mean, said in plain Python: the yardstick for rendered assertions.

Follows the words of `model/fact.py` and shares no code with any renderer.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Condition,
    Contains,
    CountOf,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Presence,
    Sorted,
    SumOf,
    Unique,
)
from pe4king_core.model.json import Json, lookup, pointer_of, split
from pe4king_core.model.schema import JsonType

_FORMATS = {
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
    "email": r"[^@]+@[^@]+",
}


def holds(fact: AssertionFact, body: Json) -> bool:
    """Whether `fact` (about the body) is true of `body`."""
    return _at(fact, body, body, (), split(fact.subject.name))


def _at(
    fact: AssertionFact, body: Json, value: Json, done: tuple[str, ...], rest: tuple[str, ...]
) -> bool:
    """`done` is the concrete way to `value`; `rest` are the tokens that are left."""
    if not rest:
        return _condition_excuses(fact, body, done) or _check(fact, body, value, done)
    depth = len(split(fact.subject.name)) - len(rest)
    if value is None and pointer_of(split(fact.subject.name)[:depth]) in fact.guards:
        return True
    token = rest[0]
    if token == "*":
        return isinstance(value, list) and all(
            _at(fact, body, item, (*done, str(index)), rest[1:]) for index, item in enumerate(value)
        )
    if len(rest) == 1:
        return _member(fact, body, value, done, token)
    child = _child(value, token)
    if child is None:
        missing = pointer_of(split(fact.subject.name)[: depth + 1])
        return missing in fact.guards or _condition_excuses(fact, body, done)
    return _at(fact, body, child[0], (*done, token), rest[1:])


def _member(
    fact: AssertionFact, body: Json, parent: Json, done: tuple[str, ...], token: str
) -> bool:
    place = (*done, token)
    if _condition_excuses(fact, body, place):
        return True
    child = _child(parent, token)
    if fact.presence is Presence.ABSENT:
        return child is None
    if child is None:
        return fact.presence is Presence.IF_PRESENT
    return _check(fact, body, child[0], place)


def _child(value: Json, token: str) -> tuple[Json] | None:
    if isinstance(value, dict):
        return (value[token],) if token in value else None
    if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        return (value[int(token)],)
    return None


def _condition_excuses(fact: AssertionFact, body: Json, place: tuple[str, ...]) -> bool:
    return not all(_met(condition, fact, body, place) for condition in fact.conditions)


def _met(condition: Condition, fact: AssertionFact, body: Json, place: tuple[str, ...]) -> bool:
    pattern = split(fact.subject.name)
    concrete = [
        place[index] if token == "*" and pattern[index] == "*" else token
        for index, token in enumerate(split(condition.pointer))
    ]
    missing: Json = "\0"
    found = lookup(body, pointer_of(concrete), missing)
    return found is not missing and any(_equal(found, value) for value in condition.values)


def _check(fact: AssertionFact, body: Json, value: Json, place: tuple[str, ...]) -> bool:
    check = fact.check
    if check is None or (value is None and fact.nullable):
        return True
    if isinstance(check, Equals):
        return _equals_operand(check, fact, body, value, place)
    return _plain(check, value)


def _equals_operand(
    check: Equals, fact: AssertionFact, body: Json, value: Json, place: tuple[str, ...]
) -> bool:
    match check.operand:
        case Literal(wanted):
            return _equal(value, wanted)
        case CountOf(pointer):
            items = [found for found, _ in _all(body, split(pointer), ())]
            return _number(value) and isinstance(items[0], list) and value == len(items[0])
        case SumOf(pointer):
            prefix = split(fact.subject.name)
            parts = [
                found
                for found, way in _all(body, split(pointer), ())
                if all(
                    way[i] == place[i]
                    for i, (a, b) in enumerate(zip(split(pointer), prefix, strict=False))
                    if a == b == "*"
                )
            ]
            total = sum((Decimal(str(part)) for part in parts), Decimal(0))
            return _number(value) and abs(Decimal(str(value)) - total) < Decimal("0.000001")
    raise AssertionError(check)


def _all(
    value: Json, tokens: tuple[str, ...], way: tuple[str, ...]
) -> list[tuple[Json, tuple[str, ...]]]:
    if not tokens:
        return [(value, way)]
    if tokens[0] == "*":
        items = value if isinstance(value, list) else []
        return [
            found
            for index, item in enumerate(items)
            for found in _all(item, tokens[1:], (*way, str(index)))
        ]
    child = _child(value, tokens[0])
    return _all(child[0], tokens[1:], (*way, tokens[0])) if child else []


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(left: Json, right: Json) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    return left == right


_TYPES = {
    JsonType.NULL: lambda value: value is None,
    JsonType.BOOLEAN: lambda value: isinstance(value, bool),
    JsonType.INTEGER: lambda value: type(value) is int,
    JsonType.NUMBER: _number,
    JsonType.STRING: lambda value: isinstance(value, str),
    JsonType.ARRAY: lambda value: isinstance(value, list),
    JsonType.OBJECT: lambda value: isinstance(value, dict),
}


def _plain(check: Check, value: Json) -> bool:  # noqa: PLR0912 - one arm a check
    match check:
        case OneOf(values):
            return any(_equal(value, wanted) for wanted in values)
        case HasType(types):
            return any(_TYPES[kind](value) for kind in types)
        case HasFormat(name):
            return isinstance(value, str) and bool(re.fullmatch(_FORMATS[name], value))
        case Matches(pattern):
            return isinstance(value, str) and bool(re.search(_python(pattern), value))
        case InRange(bounds):
            return _number(value) and bounds.contains(value)
        case MultipleOf(factor):
            return _number(value) and Decimal(str(value)) % Decimal(str(factor)) == 0
        case HasLength(bounds):
            return isinstance(value, str) and bounds.contains(len(value))
        case HasSize(bounds):
            return isinstance(value, list) and bounds.contains(len(value))
        case Contains(Literal(wanted)):
            if isinstance(value, str):
                return isinstance(wanted, str) and wanted in value
            return isinstance(value, list) and any(_equal(item, wanted) for item in value)
        case Unique():
            return isinstance(value, list) and not any(
                _equal(left, right)
                for index, left in enumerate(value)
                for right in value[index + 1 :]
            )
        case Sorted(pointer, descending):
            return isinstance(value, list) and _sorted(value, pointer, descending=descending)
        case OnlyMembers(names):
            return isinstance(value, dict) and value.keys() <= set(names)
        case NotNull():
            return value is not None
    raise AssertionError(check)


def _sorted(items: list[Json], pointer: str, *, descending: bool) -> bool:
    known = [found for item in items if (found := lookup(item, pointer)) is not None]
    return all(b <= a if descending else a <= b for a, b in pairwise(known))


def _python(pattern: str) -> str:
    """`pattern` for `re`, in the few points where the tests' patterns differ from ECMA-262."""
    space = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
    python = pattern.replace(r"\d", "[0-9]").replace(r"[^\s]", f"[^{space}]")
    python = python.replace(r"\s", f"[{space}]").replace(r"\/", "/").replace(r"\w", "A-Za-z0-9_")
    return re.sub(r"(?<!\\)\$(?![^\[]*\])", r"\\Z", python)
