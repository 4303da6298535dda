"""What the keywords of one schema object hold: values, examples, types, limits."""

from __future__ import annotations

from typing import TypeAlias

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.raw import NotJsonError, Raw, number_of, plain, plain_values
from pe4king_core.openapi.schema.equality import common, distinct

Number: TypeAlias = int | float

OPEN = Bounds()
"""No limits."""


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


def types_of(raw: Raw, nulls: bool) -> tuple[frozenset[JsonType] | None, bool]:
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


def enum_of(raw: dict[Raw, Raw], nulls: bool) -> tuple[tuple[Json, ...] | None, set[str]]:
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


def number_bounds(raw: dict[Raw, Raw]) -> Bounds:
    """The limits of numbers; of two forms that state one end the tighter one counts."""
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


def count_of(raw: dict[Raw, Raw], low: str, high: str) -> Bounds:
    """The limits of a length or number that the keywords `low` and `high` state."""
    if low not in raw and high not in raw:
        return OPEN
    return Bounds(number_of(raw.get(low)), number_of(raw.get(high)))
