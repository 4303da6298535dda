"""A schema view as a plain JSON Schema, cut at a depth: what a prompt or a hover shows."""

from __future__ import annotations

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType, Schema

_COUNTS = (("length", "Length"), ("size", "Items"), ("property_count", "Properties"))


def to_json_schema(schema: Schema, depth: int = 6, *, limit: int = 2_000) -> Json:
    """`schema` in JSON Schema 2020-12, with at most `depth` levels of subschemas below it.

    A subschema beyond that, or one that contains itself, keeps its type and its name only. Where
    that would be more than `limit` subschemas, fewer levels are shown. Keywords that the view
    does not express are not in the slice.
    """
    level = 0
    while level < depth and _count(schema, level + 1, limit, ()) <= limit:
        level += 1
    return _slice(schema, level, ())


def _count(schema: Schema, depth: int, limit: int, above: tuple[Schema, ...]) -> int:
    if depth < 0 or schema in above:
        return 1
    found = 1
    for members in (schema.properties, schema.others, schema.branches, schema.conjuncts):
        for member in members.values():
            found += _count(member, depth - 1, limit - found, (*above, schema))
            if found > limit:
                return found
    return found


def _slice(schema: Schema, depth: int, above: tuple[Schema, ...]) -> Json:
    if schema.never:
        return False
    if depth < 0 or schema in above:
        return _stub(schema)
    inner = (*above, schema)
    found: dict[str, Json] = _scalars(schema)
    properties = {
        name: _slice(member, depth - 1, inner) for name, member in schema.properties.items()
    }
    if properties:
        found["properties"] = properties
    if schema.required:
        found["required"] = sorted(schema.required)
    if not schema.additional_allowed:
        found["additionalProperties"] = False
    for keyword, other in schema.others.items():
        found[keyword] = _slice(other, depth - 1, inner)
    if schema.branches:
        keyword = "oneOf" if schema.exclusive_branches else "anyOf"
        found[keyword] = [_slice(branch, depth - 1, inner) for branch in schema.branches.values()]
    if schema.conjuncts:
        found["allOf"] = [_slice(part, depth - 1, inner) for part in schema.conjuncts.values()]
    return found


def _stub(schema: Schema) -> Json:
    found: dict[str, Json] = {}
    _add_types(schema, found)
    name = schema.title or schema.pointer.rsplit("/", 1)[-1]
    return {**found, "$comment": name}


def _scalars(schema: Schema) -> dict[str, Json]:
    found: dict[str, Json] = {}
    _add_types(schema, found)
    for name in ("description", "format", "pattern"):
        value = getattr(schema, name)
        if value:
            found[name] = value
    if schema.enum is not None:
        found["enum"] = list(schema.enum)
    _add_bounds(schema.bounds, found)
    for field, suffix in _COUNTS:
        bounds: Bounds = getattr(schema, field)
        if bounds.low is not None:
            found[f"min{suffix}"] = bounds.low
        if bounds.high is not None:
            found[f"max{suffix}"] = bounds.high
    if schema.multiple_of is not None:
        found["multipleOf"] = schema.multiple_of
    for field, keyword in (
        ("unique_items", "uniqueItems"),
        ("read_only", "readOnly"),
        ("write_only", "writeOnly"),
    ):
        if getattr(schema, field):
            found[keyword] = True
    return found


def _add_types(schema: Schema, found: dict[str, Json]) -> None:
    types: list[Json] = [str(member) for member in JsonType if member in schema.types]
    if types:
        found["type"] = types[0] if len(types) == 1 else types


def _add_bounds(bounds: Bounds, found: dict[str, Json]) -> None:
    if bounds.low is not None:
        found["exclusiveMinimum" if bounds.exclusive_low else "minimum"] = bounds.low
    if bounds.high is not None:
        found["exclusiveMaximum" if bounds.exclusive_high else "maximum"] = bounds.high
