"""The keywords of one schema object as plain values, before allOf is merged.

Every dialect is normalised here: `nullable` and `exclusiveMinimum: true` (OpenAPI 3.0 and 2.0)
become a type and a number, `const` an enum of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.raw import (
    NotJsonError,
    Raw,
    entries,
    number_of,
    plain,
    plain_values,
    text_of,
)
from pe4king_core.openapi.schema.equality import common, distinct
from pe4king_core.openapi.schema.vocabulary import SUBSCHEMA, SUBSCHEMA_LIST, SUBSCHEMA_MAP

_INEXPRESSIBLE = frozenset(
    {
        # Draft 2019-09: what it means depends on the schemas it was reached through.
        "$recursiveRef",
    }
)
_OFTEN_EMPTY = frozenset({"items", "additionalProperties"})

Number: TypeAlias = int | float

OPEN = Bounds()
"""No limits."""
_LIMITS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_DEPENDENT = frozenset({"dependentRequired", "dependencies"})
_MAY_BE_MALFORMED = _INEXPRESSIBLE | SUBSCHEMA | SUBSCHEMA_LIST | SUBSCHEMA_MAP


@dataclass(frozen=True, slots=True)
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


def keywords_of(raw: dict[Raw, Raw], nulls: bool) -> Keywords:
    """Reads `raw`; with `nulls`, null is allowed beside everything that it allows."""
    types, strange = _types(raw.get("type"), nulls)
    enum, enum_unread = _enum(raw, nulls)
    pattern, required = raw.get("pattern"), raw.get("required")
    unread = set(_malformed(raw)) if not _MAY_BE_MALFORMED.isdisjoint(raw) else set()
    unread |= enum_unread
    if strange:
        unread.add("type")
    if pattern is not None and not isinstance(pattern, str):
        unread.add("pattern")
    if nulls and ("not" in raw or "if" in raw):
        # Whether null passes these as well, or need not, is read in both ways.
        unread.add("nullable")
    multiple = number_of(raw["multipleOf"]) if "multipleOf" in raw else None
    return Keywords(
        types=types,
        format=text_of(raw.get("format")) or None,
        pattern=pattern if isinstance(pattern, str) else None,
        enum=enum,
        bounds=OPEN if _LIMITS.isdisjoint(raw) else _number_bounds(raw),
        multiple_of=multiple if multiple is not None and multiple > 0 else None,
        length=_count(raw, "minLength", "maxLength"),
        size=_count(raw, "minItems", "maxItems"),
        property_count=_count(raw, "minProperties", "maxProperties"),
        unique_items=raw.get("uniqueItems") is True,
        required=_names(required) if isinstance(required, list) else frozenset(),
        dependent_required={} if _DEPENDENT.isdisjoint(raw) else _dependent(raw),
        contains_count=_contains_count(raw) if "contains" in raw else OPEN,
        content_encoding=text_of(raw.get("contentEncoding")) or None,
        content_media_type=text_of(raw.get("contentMediaType")) or None,
        unread=frozenset(unread),
    )


def _malformed(raw: dict[Raw, Raw]) -> Iterator[str]:
    """Keywords that should hold subschemas and hold something else; empty ones say nothing."""
    for name, value in raw.items():
        if name == "items" and isinstance(value, list):
            fits = "prefixItems" not in raw
        elif name in SUBSCHEMA:
            fits = isinstance(value, dict | bool) or (value is None and name in _OFTEN_EMPTY)
        elif name in SUBSCHEMA_LIST:
            fits = value is None or (isinstance(value, list) and bool(value or name == "allOf"))
        elif name in SUBSCHEMA_MAP:
            fits = value is None or isinstance(value, dict)
        else:
            fits = name not in _INEXPRESSIBLE
        if not fits:
            yield str(name)


def _dependent(raw: dict[Raw, Raw]) -> dict[str, frozenset[str]]:
    """`dependentRequired`, and what draft 4 says in the same way."""
    found: dict[str, frozenset[str]] = {}
    for keyword in ("dependentRequired", "dependencies"):
        for name, names in entries(raw.get(keyword)):
            if isinstance(names, list):
                found[name] = found.get(name, frozenset()) | _names(names)
    return found


def _contains_count(raw: dict[Raw, Raw]) -> Bounds:
    if not isinstance(raw.get("contains"), dict | bool):
        return OPEN
    count = _count(raw, "minContains", "maxContains")
    return Bounds(1, count.high) if count.low is None else count


def _names(listed: list[Raw]) -> frozenset[str]:
    return frozenset(name for name in listed if isinstance(name, str))


def values_of(raw: dict[Raw, Raw], name: str) -> tuple[Json, ...]:
    """The JSON of member `name`, as a tuple of one, or nothing."""
    return plain_values([raw[name]]) if name in raw else ()


def schema_examples(raw: dict[Raw, Raw]) -> tuple[Json, ...]:
    """`example`, then `examples`, whose form differs between the dialects."""
    found: list[Raw] = [raw["example"]] if raw.get("example") is not None else []
    many = raw.get("examples")
    if isinstance(many, list):
        found += many
    elif isinstance(many, dict):
        found += [
            item["value"] for item in many.values() if isinstance(item, dict) and "value" in item
        ]
    return plain_values(found)


def _types(raw: Raw, nulls: bool) -> tuple[frozenset[JsonType] | None, bool]:
    """The stated types and whether something strange stood among them."""
    if isinstance(raw, str) and raw in _ALONE:
        return _ALONE_OR_NULL[raw] if nulls else _ALONE[raw], False
    names = raw if isinstance(raw, list) else [] if raw is None else [raw]
    names = ["string" if name == "file" else name for name in names]
    known = {JsonType(name) for name in names if isinstance(name, str) and name in _TYPES}
    if len(known) < len({str(name) for name in names}) or (isinstance(raw, list) and not raw):
        # `type: file`, `type: any`: better no type at all than a wrong one.
        return None, True
    if not known:
        return None, False
    return frozenset(known | {JsonType.NULL} if nulls else known), False


_TYPES = frozenset(str(member) for member in JsonType)
_ALONE = {str(member): frozenset({member}) for member in JsonType}
_ALONE_OR_NULL = {name: alone | {JsonType.NULL} for name, alone in _ALONE.items()}


def _enum(raw: dict[Raw, Raw], nulls: bool) -> tuple[tuple[Json, ...] | None, set[str]]:
    """The allowed values, those of `enum` and `const` at once."""
    if "enum" not in raw and "const" not in raw:
        return None, set()
    found: list[tuple[Json, ...]] = []
    unread: set[str] = set()
    for keyword in ("enum", "const"):
        if keyword not in raw or (keyword == "enum" and raw[keyword] is None):
            continue
        listed = raw[keyword] if keyword == "enum" else [raw[keyword]]
        try:
            if not isinstance(listed, list) or not listed:
                raise NotJsonError(keyword)
            found.append(distinct(plain(item) for item in listed))
        except (NotJsonError, RecursionError):
            unread.add(keyword)
    if not found:
        return None, unread
    values = found[0] if len(found) == 1 else common(*found)
    return ((*values, None) if nulls and None not in values else values), unread


def _number_bounds(raw: dict[Raw, Raw]) -> Bounds:
    low, below = _bound(raw, "minimum", "exclusiveMinimum", 1)
    high, above = _bound(raw, "maximum", "exclusiveMaximum", -1)
    return Bounds(low, high, below, above)


def _bound(raw: dict[Raw, Raw], name: str, exclusive: str, sign: int) -> tuple[Number | None, bool]:
    """One end and whether it is excluded; the tighter one where both forms are stated."""
    limit = number_of(raw.get(name))
    strict = raw.get(exclusive)
    if isinstance(strict, bool):
        return limit, strict and limit is not None
    other = number_of(strict)
    if other is not None and (limit is None or sign * other >= sign * limit):
        return other, True
    return limit, False


def _count(raw: dict[Raw, Raw], low: str, high: str) -> Bounds:
    if low not in raw and high not in raw:
        return OPEN
    return Bounds(number_of(raw.get(low)), number_of(raw.get(high)))


def tighter(one: Bounds, other: Bounds) -> Bounds:
    """What lies inside both."""
    if not other.limited:
        return one
    if not one.limited:
        return other
    low, exclusive_low = _tighter_end(
        (one.low, one.exclusive_low), (other.low, other.exclusive_low), 1
    )
    high, exclusive_high = _tighter_end(
        (one.high, one.exclusive_high), (other.high, other.exclusive_high), -1
    )
    return Bounds(low, high, exclusive_low, exclusive_high)


def _tighter_end(
    one: tuple[Number | None, bool], other: tuple[Number | None, bool], sign: int
) -> tuple[Number | None, bool]:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] or other[1]
    return one if sign * one[0] > sign * other[0] else other


def common_types(
    one: frozenset[JsonType] | None, other: frozenset[JsonType] | None
) -> frozenset[JsonType] | None:
    """The types allowed by both; an integer is a number."""
    if one is None or other is None:
        return other if one is None else one
    both = one & other
    for left, right in ((one, other), (other, one)):
        if JsonType.INTEGER in left and JsonType.NUMBER in right:
            both |= {JsonType.INTEGER}
    return both
