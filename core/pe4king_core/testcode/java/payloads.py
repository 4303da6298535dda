"""JSON that a Java test writes as text, and the way into what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from pe4king_core.model.json import Json
from pe4king_core.testcode.java.objects import Entries
from pe4king_core.testcode.values import UNKNOWN, Hole, Items, Known, Template, Value, plain

PARSERS = frozenset({"readValue", "readTree", "fromJson", "parseString", "parse", "JSONObject"})
_HOLE = "\ue000"


def opened(value: Value) -> Value | None:
    """What the JSON text `value` says, with unknown leaves for its holes; None of other texts."""
    value = plain(value)
    parts: Sequence[str | Hole] = ()
    if isinstance(value, Template):
        parts = value.parts
    elif isinstance(value, Known) and isinstance(value.value, str):
        parts = (value.value,)
    text = "".join(part if isinstance(part, str) else _HOLE for part in parts)
    if not text.strip():
        return None
    for filled in (text, re.sub(rf'(?<![\w"]){_HOLE}', f'"{_HOLE}"', text)):
        try:
            return _opened(json.loads(filled))
        except (ValueError, RecursionError):
            continue
    return None


def _opened(value: Json) -> Value:
    if isinstance(value, str):
        return UNKNOWN if _HOLE in value else Known(value)
    if isinstance(value, Mapping):
        return Entries({name: _opened(each) for name, each in value.items()})
    if isinstance(value, Sequence):
        return Items(tuple(map(_opened, value)))
    return Known(value)


def reached(values: Sequence[Value]) -> Entries | None:
    """The object that `at(payload, "items", 0)` leads to, for whoever changes it.

    A payload that is handed to code which cannot be followed may be changed in any part of it.
    """
    payload = plain(values[0]) if values else UNKNOWN
    if not isinstance(payload, Entries):
        return None
    found: Value = payload
    for step in map(plain, values[1:]):
        key = step.value if isinstance(step, Known) else None
        found = _inner(found, key)
    if len(values) > 1 and isinstance(found, Entries):
        return found
    payload.members = {name: _closed(each) for name, each in payload.members.items()}
    return None


def _inner(found: Value, key: Json) -> Value:
    if isinstance(found, Entries) and isinstance(key, str):
        return found.members.get(key, UNKNOWN)
    if isinstance(found, Items) and isinstance(key, int) and 0 <= key < len(found.members):
        return found.members[key]
    return UNKNOWN


def _closed(value: Value) -> Value:
    return UNKNOWN if isinstance(value, Entries | Items) else value
