"""PyHamcrest matchers applied to values."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.model.fact import HasSize, Matches, NotNull, OneOf
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import Claims, child, claim, contained
from pe4king_core.testcode.formats import ecma, prefix
from pe4king_core.testcode.logic import any_of, negation
from pe4king_core.testcode.python.answers import item_of
from pe4king_core.testcode.python.arguments import members_of, part_of
from pe4king_core.testcode.python.comparing import compared, true_of
from pe4king_core.testcode.python.objects import Matcher
from pe4king_core.testcode.values import (
    UNKNOWN,
    Collected,
    Known,
    Measure,
    Measured,
    Part,
    TypeNames,
    Value,
    plain,
)

_SIGNS = {
    "equal_to": "==", "greater_than": ">", "greater_than_or_equal_to": ">=", "less_than": "<",
    "less_than_or_equal_to": "<=", "same_instance": "==",
}  # fmt: skip
_OF_KEYS = {"contains_inanyorder": "==", "has_item": ">=", "has_items": ">="}
"""Matchers of a set of keys, and how its members stand to those that they name."""
MATCHERS = frozenset(_SIGNS) | frozenset(
    {"is_", "is_not", "not_", "none", "not_none", "has_entry", "has_entries", "has_key", "has_item"}
    | {"has_items", "has_length", "all_of", "any_of", "instance_of", "starts_with", "ends_with"}
    | {"contains_string", "matches_regexp", "is_in", "empty", "every_item", "only_contains"}
    | {"has_properties", "has_property", "contains_exactly", "contains_inanyorder", "close_to"}
    | {"contains", "anything", "equal_to_ignoring_case", "has_value", "string_contains_in_order"}
)


def matched(subject: Value, matcher: Value) -> Claims:
    """What follows from `matcher` matching `subject`."""
    subject = part_of(subject)
    if not isinstance(matcher, Matcher):
        return compared(subject, "==", matcher)
    first = matcher.arguments[0] if matcher.arguments else UNKNOWN
    if matcher.name in _SIGNS:
        return compared(subject, _SIGNS[matcher.name], first)
    if isinstance(subject, Measured) and matcher.name in _OF_KEYS:
        return _of_keys(subject, matcher)
    match matcher.name:
        case "is_":
            if isinstance(first, TypeNames):
                return matched(subject, Matcher("instance_of", (first,)))
            return matched(subject, first)
        case "is_not" | "not_":
            return negation(matched(subject, first))
        case "all_of":
            return tuple(each for part in matcher.arguments for each in matched(subject, part))
        case "any_of":
            return any_of([matched(subject, each) for each in matcher.arguments])
        case "none":
            return compared(subject, "==", Known(None))
        case "is_in":
            return compared(subject, "in", first)
        case "has_length":
            return _length(subject, first)
    if isinstance(subject, Part):
        return _of_part(subject, matcher, first)
    return true_of(subject) if isinstance(subject, Collected) else ()


def _of_keys(keys: Measured, matcher: Matcher) -> Claims:
    names = [each.value for each in map(plain, matcher.arguments) if isinstance(each, Known)]
    if keys.measure is not Measure.KEYS or len(names) != len(matcher.arguments):
        return (claim(keys.part, None),)
    return compared(keys, _OF_KEYS[matcher.name], Known(names))


def _length(subject: Value, expected: Value) -> Claims:
    if not isinstance(subject, Part):
        return ()
    return matched(Measured(subject, Measure.LENGTH), expected)


def _of_part(part: Part, matcher: Matcher, first: Value) -> Claims:  # noqa: PLR0912 - one arm a matcher
    known = plain(first)
    text = known.value if isinstance(known, Known) and isinstance(known.value, str) else None
    match matcher.name:
        case "not_none":
            return (claim(part, NotNull()),)
        case "has_entries" | "has_properties":
            return _entries(part, matcher)
        case "has_entry" | "has_property" if text is not None:
            if len(matcher.arguments) < 2:
                return (claim(child(part, text), None),)
            return matched(child(part, text), matcher.arguments[1])
        case "has_key" if text is not None:
            return (claim(child(part, text), None),)
        case "has_item" if not isinstance(first, Matcher):
            return contained(first, part, as_key=False)
        case "has_items":
            return tuple(
                each
                for value in matcher.arguments
                for each in matched(part, Matcher("has_item", (value,)))
            )
        case "instance_of" if isinstance(first, TypeNames):
            return compared(Measured(part, Measure.TYPE), "==", first)
        case "starts_with" | "ends_with" if text is not None:
            end = matcher.name == "ends_with"
            return (claim(part, Matches(prefix(text, end=end))),)
        case "contains_string":
            return contained(first, part, as_key=False)
        case "matches_regexp" if text is not None:
            return (claim(part, Matches(ecma(text))),)
        case "empty":
            return (claim(part, HasSize(Bounds(0, 0))),)
        case "every_item" | "only_contains":
            inner = item_of(part)
            return matched(inner, first) if len(matcher.arguments) == 1 else (claim(part, None),)
        case "one_of" if isinstance(known, Known) and isinstance(known.value, list):
            return (claim(part, OneOf(tuple(known.value))),)
    return (claim(replace(part), None),)


def _entries(part: Part, matcher: Matcher) -> Claims:
    members: dict[str, Value] = dict(matcher.named)
    arguments = matcher.arguments
    if len(arguments) == 1:
        members |= members_of(arguments[0]) or {}
    else:
        for name, value in zip(arguments[::2], arguments[1::2], strict=False):
            known = plain(name)
            if isinstance(known, Known):
                members[str(known.value)] = value
    return tuple(
        each for name, value in members.items() for each in matched(child(part, name), value)
    ) or (claim(part, None),)
