"""The part of a schema that a prompt shows: small, limited in depth, with no references."""

from __future__ import annotations

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, Schema

DEPTH_LIMIT = 5
PROPERTY_LIMIT = 40
_ENUM_LIMIT = 20
_TEXT_LIMIT = 120


def schema_slice(schema: Schema, depth: int = DEPTH_LIMIT) -> Json:
    """`schema` as JSON, `depth` levels deep; recursive parts end where they repeat."""
    return _slice(schema, depth, frozenset())


def _slice(schema: Schema, depth: int, path: frozenset[str]) -> Json:
    if schema.never:
        return False
    shown: dict[str, Json] = _own(schema)
    if depth <= 0 or schema.pointer in path:
        return shown
    path |= {schema.pointer}
    if schema.properties:
        names = list(schema.properties)[:PROPERTY_LIMIT]
        shown["properties"] = {
            name: _slice(schema.properties[name], depth - 1, path) for name in names
        }
        if len(schema.properties) > PROPERTY_LIMIT:
            shown["moreProperties"] = len(schema.properties) - PROPERTY_LIMIT
    if schema.items is not None:
        shown["items"] = _slice(schema.items, depth - 1, path)
    if schema.branches:
        keyword = "oneOf" if schema.exclusive_branches else "anyOf"
        shown[keyword] = [_slice(branch, depth - 1, path) for branch in schema.branches.values()]
    if schema.conjuncts:
        shown["allOf"] = [_slice(part, depth - 1, path) for part in schema.conjuncts.values()]
    return shown


def _own(schema: Schema) -> dict[str, Json]:
    types = sorted(schema.types)
    stated: dict[str, Json] = {
        "type": types[0] if len(types) == 1 else types,
        "description": schema.description[:_TEXT_LIMIT],
        "format": schema.format,
        "pattern": schema.pattern,
        "enum": list(schema.enum[:_ENUM_LIMIT]) if schema.enum is not None else None,
        "multipleOf": schema.multiple_of,
        "uniqueItems": schema.unique_items or None,
        "additionalProperties": None if schema.additional_allowed else False,
        "required": sorted(schema.required),
        **_limits(schema.bounds, "minimum", "maximum"),
        **_limits(schema.length, "minLength", "maxLength"),
        **_limits(schema.size, "minItems", "maxItems"),
    }
    return {name: value for name, value in stated.items() if value not in (None, "", [])}


def _limits(bounds: Bounds, low: str, high: str) -> dict[str, Json]:
    exclusive_low = f"exclusive{low[0].upper()}{low[1:]}" if bounds.exclusive_low else low
    exclusive_high = f"exclusive{high[0].upper()}{high[1:]}" if bounds.exclusive_high else high
    return {exclusive_low: bounds.low, exclusive_high: bounds.high}
