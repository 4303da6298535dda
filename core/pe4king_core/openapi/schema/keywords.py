"""The keywords of one schema object as plain values, before allOf is merged.

Every dialect is normalised here: `nullable` and `exclusiveMinimum: true` (OpenAPI 3.0 and 2.0)
become a type and a number, `const` an enum of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TypeAlias, TypedDict

from pe4king_core.model.json import Json
from pe4king_core.model.record import record
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.raw import Raw, entries, number_of, text_of
from pe4king_core.openapi.schema.keyword_values import (
    OPEN,
    Number,
    count_of,
    enum_of,
    number_bounds,
    types_of,
)
from pe4king_core.openapi.schema.vocabulary import SUBSCHEMA, SUBSCHEMA_LIST, SUBSCHEMA_MAP

_INEXPRESSIBLE = frozenset(
    {
        # Draft 2019-09: what it means depends on the schemas it was reached through.
        "$recursiveRef",
    }
)
_OFTEN_EMPTY = frozenset({"items", "additionalProperties"})


@record(frozen=True, slots=True)
class Keywords:
    """What one schema object says by itself. `types` is None where it says nothing."""

    types: frozenset[JsonType] | None = None
    format: str | None = None
    pattern: str | None = None
    enum: tuple[Json, ...] | None = None
    bounds: Bounds = OPEN
    multiple_of: Number | None = None
    length: Bounds = OPEN
    size: Bounds = OPEN
    property_count: Bounds = OPEN
    unique_items: bool = False
    required: frozenset[str] = frozenset()
    dependent_required: dict[str, frozenset[str]] = field(default_factory=dict)
    contains_count: Bounds = OPEN
    content_encoding: str | None = None
    content_media_type: str | None = None
    unread: frozenset[str] = frozenset()


class Stated(TypedDict, total=False):
    """Members of `Keywords` that differ from its defaults."""

    types: frozenset[JsonType]
    format: str
    pattern: str
    enum: tuple[Json, ...]
    bounds: Bounds
    multiple_of: Number
    length: Bounds
    size: Bounds
    property_count: Bounds
    unique_items: bool
    required: frozenset[str]
    dependent_required: dict[str, frozenset[str]]
    contains_count: Bounds
    content_encoding: str
    content_media_type: str
    unread: frozenset[str]


Keyword: TypeAlias = Callable[[dict[Raw, Raw], str, bool, Stated], None]
"""Puts what the keyword of this name says, in this schema, into what is stated; whether null is
allowed beside everything that the schema allows."""


def keywords_of(raw: dict[Raw, Raw], nulls: bool) -> Keywords:
    """Reads `raw`; with `nulls`, null is allowed beside everything that it allows."""
    stated: Stated = {}
    for name in raw:
        # What stands there is looked at, not what might: most schemas state three or four.
        keyword = KEYWORDS.get(name)
        if keyword is not None:
            keyword(raw, str(name), nulls, stated)
    return Keywords(**stated)


def mark_unread(stated: Stated, name: str) -> None:
    """Notes that the keyword `name` says something that no view expresses."""
    stated["unread"] = stated.get("unread", frozenset()) | {name}


def _type(raw: dict[Raw, Raw], name: str, nulls: bool, stated: Stated) -> None:
    types, strange = types_of(raw[name], nulls)
    if types is not None:
        stated["types"] = types
    if strange:
        mark_unread(stated, name)


def _format(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    if text := text_of(raw[name]):
        stated["format"] = text


def _content_encoding(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    if text := text_of(raw[name]):
        stated["content_encoding"] = text


def _content_media_type(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    if text := text_of(raw[name]):
        stated["content_media_type"] = text


def _pattern(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    value = raw[name]
    if isinstance(value, str):
        stated["pattern"] = value
    elif value is not None:
        mark_unread(stated, name)


def _values(raw: dict[Raw, Raw], _name: str, nulls: bool, stated: Stated) -> None:
    values, unread = enum_of(raw, nulls)
    if values is not None:
        stated["enum"] = values
    for keyword in unread:
        mark_unread(stated, keyword)


def _limits(raw: dict[Raw, Raw], _name: str, _nulls: bool, stated: Stated) -> None:
    stated["bounds"] = number_bounds(raw)


def _multiple_of(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    factor = number_of(raw[name])
    if factor is not None and factor > 0:
        stated["multiple_of"] = factor


def _length(raw: dict[Raw, Raw], _name: str, _nulls: bool, stated: Stated) -> None:
    stated["length"] = count_of(raw, "minLength", "maxLength")


def _size(raw: dict[Raw, Raw], _name: str, _nulls: bool, stated: Stated) -> None:
    stated["size"] = count_of(raw, "minItems", "maxItems")


def _property_count(raw: dict[Raw, Raw], _name: str, _nulls: bool, stated: Stated) -> None:
    stated["property_count"] = count_of(raw, "minProperties", "maxProperties")


def _unique_items(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    stated["unique_items"] = raw[name] is True


def _required(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    names = raw[name]
    if isinstance(names, list):
        stated["required"] = _names(names)


def _dependencies(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    """`dependentRequired`, and what draft 4 says in the same way."""
    found: dict[str, frozenset[str]] = {}
    for keyword in ("dependentRequired", "dependencies"):
        for key, names in entries(raw.get(keyword)):
            if isinstance(names, list):
                found[key] = found.get(key, frozenset()) | _names(names)
    stated["dependent_required"] = found
    if name in SUBSCHEMA_MAP:
        _subschemas(raw, name, _nulls, stated)


def _contains(raw: dict[Raw, Raw], name: str, nulls: bool, stated: Stated) -> None:
    if isinstance(raw[name], dict | bool):
        count = count_of(raw, "minContains", "maxContains")
        stated["contains_count"] = Bounds(1, count.high) if count.low is None else count
    _subschemas(raw, name, nulls, stated)


def _condition(raw: dict[Raw, Raw], name: str, nulls: bool, stated: Stated) -> None:
    if nulls:
        # Whether null passes these as well, or need not, is read in both ways.
        mark_unread(stated, "nullable")
    _subschemas(raw, name, nulls, stated)


def _subschemas(raw: dict[Raw, Raw], name: str, _nulls: bool, stated: Stated) -> None:
    """Keywords that should hold subschemas and hold something else; empty ones say nothing."""
    value = raw[name]
    if name == "items" and isinstance(value, list):
        fits = "prefixItems" not in raw
    elif name in SUBSCHEMA:
        fits = isinstance(value, dict | bool) or (value is None and name in _OFTEN_EMPTY)
    elif name in SUBSCHEMA_LIST:
        fits = value is None or (isinstance(value, list) and bool(value or name == "allOf"))
    else:
        fits = name not in _INEXPRESSIBLE and (value is None or isinstance(value, dict))
    if not fits:
        mark_unread(stated, name)


KEYWORDS: Mapping[Raw, Keyword] = {
    **dict.fromkeys(_INEXPRESSIBLE | SUBSCHEMA | SUBSCHEMA_LIST | SUBSCHEMA_MAP, _subschemas),
    **dict.fromkeys(("not", "if"), _condition),
    "contains": _contains,
    **dict.fromkeys(("dependentRequired", "dependencies"), _dependencies),
    "type": _type,
    "format": _format,
    "pattern": _pattern,
    **dict.fromkeys(("enum", "const"), _values),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _limits),
    "multipleOf": _multiple_of,
    **dict.fromkeys(("minLength", "maxLength"), _length),
    **dict.fromkeys(("minItems", "maxItems"), _size),
    **dict.fromkeys(("minProperties", "maxProperties"), _property_count),
    "uniqueItems": _unique_items,
    "required": _required,
    "contentEncoding": _content_encoding,
    "contentMediaType": _content_media_type,
}
"""What the keywords say that a schema states by itself, whatever the dialect."""


def _names(listed: list[Raw]) -> frozenset[str]:
    return frozenset(name for name in listed if isinstance(name, str))
