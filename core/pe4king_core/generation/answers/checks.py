"""Checks of one value by its schema: what is worth asserting, and nothing that goes without saying.

A check that implies another one stands alone: a format tells a text, a list of values its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pe4king_core.generation.answers.closed import closed_names
from pe4king_core.generation.places import certain_types, is_object
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import (
    Check,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    OneOf,
    OnlyMembers,
    Unique,
)
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.record import replace
from pe4king_core.model.schema import Bounds, JsonType, Schema

ASSERTED_FORMATS = frozenset(
    {"uuid", "date", "date-time", "time", "duration", "email", "uri", "uri-template"}
    | {"ipv4", "ipv6", "hostname"}
)
"""Formats that can be told by a regular expression that every valid value matches."""

_FIXED_FORMATS = frozenset({"uuid", "date", "date-time", "time", "ipv4", "ipv6"})
"""Formats that say all there is to say of the length."""
_SHORTEST = 3
"""Texts of the other formats are about as long anyway."""
_MAX_LISTED = 200
"""No longer list of allowed values is written into a test."""
_ENDS_OF_TYPES = frozenset(
    {-(2**31), 2**31 - 1, 2**32 - 1, -(2**53) + 1, 2**53 - 1, -(2**63), 2**63 - 1, 2**64 - 1}
)
"""Limits of machine integers: written down by generators of documents, meant by nobody."""
_SMALL = "int32"
_UNREACHED_LENGTH = 5000
"""Texts of an answer never come near such a limit."""
_COMPARABLE = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER})

_NO_OTHERS = Message("no other members are allowed", "других полей быть не может")

Reasoned = tuple[Check, Message]


def value_checks(schema: Schema, depth: Depth, *, top: bool) -> Iterator[Reasoned]:
    """Checks of a value of `schema`; below L5 only the type of the whole body (`top`)."""
    if depth < Depth.L5_TYPES:
        if top:
            yield from type_check(schema)
        return
    if schema.enum is not None and len(schema.enum) <= _MAX_LISTED:
        values = tuple(value for value in schema.enum if value is not None)
        if values:
            yield values_check(values)
        return
    only = schema.only_type
    text = list(_text_checks(schema)) if only is JsonType.STRING else []
    if not text:
        yield from type_check(schema)
    yield from text
    if only is JsonType.STRING:
        yield from _length_check(schema)
    elif only in (JsonType.INTEGER, JsonType.NUMBER):
        yield from _number_checks(schema)
    elif only is JsonType.ARRAY:
        yield from _array_checks(schema)
    elif only is JsonType.OBJECT or only is None:
        yield from members_check(schema)


def type_check(schema: Schema) -> Iterator[Reasoned]:
    """That the value has one of the types that every branch allows; nothing where any may be."""
    types = certain_types(schema)
    if types:
        yield _typed(types)


def values_check(values: tuple[Json, ...]) -> Reasoned:
    """That the value is one of `values`."""
    listed = ", ".join(str(value) for value in values[:6]) + (" ..." if len(values) > 6 else "")
    reason = Message(en=f"one of: {listed}", ru=f"одно из: {listed}")
    if len(values) == 1:
        return Equals(Literal(values[0])), reason
    return OneOf(values), reason


def members_check(schema: Schema) -> Iterator[Reasoned]:
    """That an object has no members beyond those that the document allows."""
    names = closed_names(schema)
    if names and len(names) <= _MAX_LISTED and is_object(schema):
        yield OnlyMembers(names), _NO_OTHERS


def comparable_items(schema: Schema) -> bool:
    """Whether items are equal in a test exactly when they are in JSON, where 1 is not true."""
    return schema.items is not None and schema.items.only_type in _COMPARABLE


@cache
def _typed(types: frozenset[JsonType]) -> Reasoned:
    names = " or ".join(kind for kind in JsonType if kind in types)
    reason = Message(en=f"the type is {names}", ru=f"тип: {names.replace(' or ', ' или ')}")
    return HasType(types), reason


def _text_checks(schema: Schema) -> Iterator[Reasoned]:
    if schema.format in ASSERTED_FORMATS:
        yield (
            HasFormat(schema.format),
            Message(en=f"the format is {schema.format}", ru=f"формат: {schema.format}"),
        )
    if schema.pattern is not None:
        yield (
            Matches(schema.pattern),
            Message(en=f"matches {schema.pattern}", ru=f"соответствует {schema.pattern}"),
        )


def _length_check(schema: Schema) -> Iterator[Reasoned]:
    if schema.format in _FIXED_FORMATS:
        return
    length = schema.length
    unreached = length.high is not None and length.high >= _UNREACHED_LENGTH
    least = length.low
    if schema.format in ASSERTED_FORMATS and least is not None and least <= _SHORTEST:
        least = None
    bounds = _counted(Bounds(least, None if unreached else length.high))
    if bounds.limited:
        yield HasLength(bounds), Message(en="the length is limited", ru="длина ограничена")


def _number_checks(schema: Schema) -> Iterator[Reasoned]:
    bounds = _without_ends_of_types(schema.bounds)
    if schema.format == _SMALL and _is_whole(schema):
        bounds = _small(bounds)
    if bounds.limited:
        yield InRange(bounds), Message(en="the value is limited", ru="значение ограничено")
    if schema.multiple_of and not (schema.multiple_of == 1 and _is_whole(schema)):
        yield (
            MultipleOf(schema.multiple_of),
            Message(en=f"a multiple of {schema.multiple_of}", ru=f"кратно {schema.multiple_of}"),
        )


def _small(bounds: Bounds) -> Bounds:
    """`bounds` of a number that fits into 32 bits."""
    low = -(2**31) if bounds.low is None else bounds.low
    high = 2**31 - 1 if bounds.high is None else bounds.high
    return replace(bounds, low=low, high=high)


def _is_whole(schema: Schema) -> bool:
    return schema.only_type is JsonType.INTEGER


def _array_checks(schema: Schema) -> Iterator[Reasoned]:
    bounds = _counted(_without_ends_of_types(schema.size))
    if bounds.limited:
        yield HasSize(bounds), Message(en="the size is limited", ru="размер ограничен")
    if schema.unique_items and comparable_items(schema):
        yield Unique(), Message(en="the items differ", ru="элементы различны")


def _counted(bounds: Bounds) -> Bounds:
    """`bounds` of a count, which is never below zero."""
    return bounds if bounds.low != 0 else Bounds(None, bounds.high)


def _without_ends_of_types(bounds: Bounds) -> Bounds:
    if bounds.low not in _ENDS_OF_TYPES and bounds.high not in _ENDS_OF_TYPES:
        return bounds
    low = None if bounds.low in _ENDS_OF_TYPES else bounds.low
    high = None if bounds.high in _ENDS_OF_TYPES else bounds.high
    return Bounds(
        low,
        high,
        exclusive_low=bounds.exclusive_low and low is not None,
        exclusive_high=bounds.exclusive_high and high is not None,
    )
