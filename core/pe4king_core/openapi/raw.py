"""Parsed documents before they mean anything: sources, places in them, and tolerant access.

What a YAML or JSON loader returns is `object` here: mappings may have keys that are no strings
(`200:`, `null:`), values may be of any shape. Nothing in this module raises.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from pe4king_core.model.json import Json
from pe4king_core.model.record import record

MAX_VALUE_DEPTH = 200
"""Nesting beyond which an example or a default is dropped."""

Raw: TypeAlias = object


@record(frozen=True, slots=True, eq=False)
class Source:
    """One parsed file; `prefix` tells its pointers from those of the document itself.

    `text` is kept for other files, whose lines messages name. `has_anchors`: the text may state
    `$id`, `$anchor` or `$dynamicAnchor` (`may_have_anchors`), so they are searched for.
    """

    uri: str
    data: Raw = field(repr=False)
    prefix: str = ""
    text: str = field(default="", repr=False)
    has_anchors: bool = False


@record(frozen=True, slots=True, eq=False)
class Place:
    """A value and where it stands. `pointer` is unique over all files of a document."""

    source: Source
    pointer: str
    value: Raw = field(repr=False)

    def child(self, name: str, value: Raw) -> Place:
        """The place of the member `name`, whose value the caller has at hand."""
        return Place(self.source, f"{self.pointer}/{escape(name)}", value)

    def get(self, name: str) -> Place | None:
        """The member `name`; None where it is absent, null, or this is no mapping."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return None if value is None else self.child(name, value)

    def members(self) -> Iterator[tuple[str, Place]]:
        """Members of a mapping by their text, in the order of the document."""
        for name, value in entries(self.value):
            yield name, self.child(name, value)

    def elements(self) -> Iterator[Place]:
        """Elements of a sequence."""
        if isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield Place(self.source, f"{self.pointer}/{number}", value)


def escape(token: str) -> str:
    """`token` as it stands in a JSON pointer (RFC 6901 section 3)."""
    if "~" in token or "/" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def key_text(key: object) -> str:
    """A mapping key as text: `200` is "200", YAML's `true` is "true"."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return str(key)


def entries(value: Raw) -> Iterator[tuple[str, Raw]]:
    """Members of a mapping with their keys as text; nothing for other values."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (key if isinstance(key, str) else key_text(key)), member


def text_of(value: Raw) -> str:
    """`value` if it is a string, the text of a number (`version: 1.0`), else the empty string."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def number_of(value: Raw) -> int | float | None:
    """`value` if it is a number that a double can hold, else None; a boolean is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:
        return None


_SCALARS = (str, int, type(None))
"""What is JSON as it stands; examples are mostly made of it."""


class NotJsonError(ValueError):
    """A value that JSON cannot express: infinite, too deep, or of a foreign type."""


def plain(value: Raw, depth: int = MAX_VALUE_DEPTH) -> Json:
    """`value` as JSON: keys become strings. Raises NotJsonError where it is none."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJsonError("a number that is not finite")
        return value
    if depth <= 0:
        raise NotJsonError("nested too deeply")
    if isinstance(value, list):
        return [item if isinstance(item, _SCALARS) else plain(item, depth - 1) for item in value]
    if isinstance(value, dict | Mapping):
        return {
            name: member if isinstance(member, _SCALARS) else plain(member, depth - 1)
            for name, member in entries(value)
        }
    raise NotJsonError(type(value).__name__)


def plain_values(values: list[Raw]) -> tuple[Json, ...]:
    """Those of `values` that are JSON, each once, in their order."""
    found: list[Json] = []
    for value in values:
        try:
            converted = plain(value)
        except NotJsonError:
            continue
        if not any(same(converted, other) for other in found):
            found.append(converted)
    return tuple(found)


def same(one: Json, other: Json) -> bool:
    """Equality of JSON Schema: 1 equals 1.0, but no number equals a boolean."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list | tuple):
        return (
            isinstance(other, list | tuple)
            and len(one) == len(other)
            and all(same(a, b) for a, b in zip(one, other, strict=True))
        )
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(same(value, other[name]) for name, value in one.items())
        )
    return one == other
