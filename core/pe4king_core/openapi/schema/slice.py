"""A schema view as a plain JSON Schema, cut at a depth: what a prompt or a hover shows."""

from __future__ import annotations

from collections.abc import Iterable

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType, Schema

_COUNTS = (
    ("length", "Length"),
    ("size", "Items"),
    ("property_count", "Properties"),
    ("contains_count", "Contains"),
)
_TEXTS = (
    ("description", "description"),
    ("format", "format"),
    ("pattern", "pattern"),
    ("content_encoding", "contentEncoding"),
    ("content_media_type", "contentMediaType"),
)


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
    for member in schema.subschemas():
        found += _count(member, depth - 1, limit - found, (*above, schema))
        if found > limit:
            return found
    return found


def _slice(schema: Schema, depth: int, above: tuple[Schema, ...]) -> Json:
    if schema.never:
        return False
    if depth < 0 or schema in above:
        return _stub(schema)
    found: dict[str, Json] = _scalars(schema)
    inner = (*above, schema)

    def cut(members: Iterable[Schema]) -> list[Json]:
        return [_slice(member, depth - 1, inner) for member in members]

    for keyword, members in (
        ("properties", schema.properties),
        ("patternProperties", schema.pattern_properties),
        ("dependentSchemas", schema.dependent_schemas),
    ):
        if members:
            found[keyword] = dict(zip(members, cut(members.values()), strict=True))
    if schema.prefix_items:
        found["prefixItems"] = cut(schema.prefix_items.values())
    _add_rest(schema, found)
    found |= zip(schema.others, cut(schema.others.values()), strict=True)
    if schema.branches:
        keyword = "oneOf" if schema.exclusive_branches else "anyOf"
        found[keyword] = cut(schema.branches.values())
    if schema.conjuncts:
        found["allOf"] = cut(schema.conjuncts.values())
    return found


def _add_rest(schema: Schema, found: dict[str, Json]) -> None:
    """What is said of names, and of members that only `unevaluated...` around it would see."""
    if schema.required:
        found["required"] = sorted(schema.required)
    if schema.dependent_required:
        found["dependentRequired"] = {
            name: sorted(names) for name, names in schema.dependent_required.items()
        }
    if not schema.additional_allowed:
        found["additionalProperties"] = False
    for json_type, keyword in _EVERY:
        if json_type in schema.all_evaluated:
            found.setdefault(keyword, True)


_EVERY = ((JsonType.OBJECT, "additionalProperties"), (JsonType.ARRAY, "items"))


def _stub(schema: Schema) -> Json:
    found: dict[str, Json] = {}
    _add_types(schema, found)
    name = schema.title or schema.pointer.rsplit("/", 1)[-1]
    return {**found, "$comment": name}


def _scalars(schema: Schema) -> dict[str, Json]:
    found: dict[str, Json] = {}
    _add_types(schema, found)
    for name, keyword in _TEXTS:
        value = getattr(schema, name)
        if value:
            found[keyword] = value
    if schema.enum is not None:
        found["enum"] = list(schema.enum)
    _add_bounds(schema.bounds, found)
    for field, suffix in _COUNTS:
        bounds: Bounds = getattr(schema, field)
        # One item that `contains` finds is enough where nothing is said.
        if bounds.low is not None and not (suffix == "Contains" and bounds.low == 1):
            found[f"min{suffix}"] = bounds.low
        if bounds.high is not None:
            found[f"max{suffix}"] = bounds.high
    if schema.multiple_of is not None:
        found["multipleOf"] = schema.multiple_of
    for field, keyword in (
        ("unique_items", "uniqueItems"),
        ("deprecated", "deprecated"),
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
