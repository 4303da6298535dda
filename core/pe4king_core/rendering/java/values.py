"""JSON values as Java expressions, for payloads that tests build and change as maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pe4king_core.model.json import Json
from pe4king_core.rendering.java.text import flat_block, json_text, literal_string, number, string

_MOST_ENTRIES = 5
_SHORT = 60


class NotAMap(Exception):
    """A value that only JSON text can carry: a lone surrogate cannot be written as UTF-8."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A place of a payload whose value is only known when the test runs."""

    code: str


Payload = object
"""Json with an Expression wherever a value is not known yet."""


def java_value(value: Payload) -> str:
    """`value` as a Java expression; `java_layout` breaks its lines."""
    match value:
        case Expression(code):
            return code
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number(value)
        case str():
            _require_unicode(value)
            return string(value)
        case Mapping():
            return _object(value)
        case Sequence():
            return _array(value)
    raise TypeError(type(value).__name__)


def _require_unicode(text: str) -> None:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise NotAMap


def _array(items: Sequence[Payload]) -> str:
    if not items:
        return "List.of()"
    first = items[0]
    if len(items) > 3 and all(type(item) is type(first) and item == first for item in items):
        return f"Collections.nCopies({len(items)}, {java_value(first)})"
    if first is None and len(items) == 1:
        return "Collections.singletonList(null)"
    make = "Arrays.asList" if any(item is None for item in items) else "List.of"
    return f"{make}({', '.join(java_value(item) for item in items)})"


def _object(members: Mapping[str, Payload]) -> str:
    if not members:
        return "Map.of()"
    small = len(members) <= _MOST_ENTRIES
    if small and all(_is_simple(value) for value in members.values()):
        entries = (f"{java_value(name)}, {java_value(value)}" for name, value in members.items())
        return f"Map.of({', '.join(entries)})"
    return parsed(known_json(members))


def _is_simple(value: Payload) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= _MOST_ENTRIES and all(_is_simple(item) for item in value)
    return value is not None and (not isinstance(value, Mapping) or not value)


def is_known(value: Payload) -> bool:
    """Whether there is no Expression anywhere in `value`."""
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(is_known(item) for item in value)
    return not isinstance(value, Expression)


def known_json(value: Payload) -> Json:
    """`value` where it holds no Expression. Raises NotAMap."""
    if not is_known(value):
        raise NotAMap
    return cast(Json, value)


def parsed(value: Json) -> str:
    """`value` as `json(...)` around its text."""
    text = json_text(value)
    flat = " ".join(line.strip() for line in text.split("\n"))
    if len(flat) <= _SHORT:
        return f"json({literal_string(flat)})"
    return f"json({flat_block(text)})"
