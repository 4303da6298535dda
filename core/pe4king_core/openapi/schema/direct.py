"""Verdicts on the usual values at once: where nothing is composed, no bookkeeping is needed.

Most values are judged against schemas that hold no choices, conditions or conjuncts; what those
say of a value does not depend on what was judged before.
"""

from __future__ import annotations

from enum import StrEnum

from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.equality import is_one_of
from pe4king_core.openapi.schema.evaluation import Validity
from pe4king_core.openapi.schema.formats import has_format
from pe4king_core.openapi.schema.patterns import matches

_MAX_DEPTH = 8
_MAX_MEMBERS = 1_000
_OF_MEMBERS = frozenset({"items", "additionalProperties", "contentSchema"})
"""Subschemas that say nothing of the value itself."""
_TYPES: dict[type, JsonType] = {
    type(None): JsonType.NULL,
    bool: JsonType.BOOLEAN,
    int: JsonType.INTEGER,
    float: JsonType.NUMBER,
    str: JsonType.STRING,
    list: JsonType.ARRAY,
    dict: JsonType.OBJECT,
}


class Direction(StrEnum):
    """Which way a value travels: required read-only properties are missing from requests, and
    required write-only ones from responses. `EITHER`: the absence of both tells nothing."""

    REQUEST = "request"
    RESPONSE = "response"
    EITHER = "either"


def direct_verdict(
    value: Json, schema: Schema, direction: Direction, depth: int = _MAX_DEPTH
) -> Validity | None:
    """Whether `value` is valid against `schema`; None where more has to be looked at."""
    found = _TYPES.get(type(value))
    if found is None or not _is_direct(schema):
        return None
    types = schema.types
    if types and found not in types and not _is_widened(value, found, types):
        return Validity.INVALID
    if schema.enum is not None and not is_one_of(value, schema.enum):
        return Validity.INVALID
    if isinstance(value, str):
        return _text(value, schema)
    if value is None or isinstance(value, bool):
        return Validity.VALID
    if isinstance(value, int | float):
        return _number(value, schema)
    if depth <= 0 or len(value) > _MAX_MEMBERS:
        return None
    if isinstance(value, dict):
        return _object(value, schema, direction, depth - 1)
    return _array(value, schema, direction, depth - 1) if isinstance(value, list) else None


def _is_direct(schema: Schema) -> bool:
    return not (
        schema.never
        or schema.unread
        or schema.conjuncts
        or schema.branches
        or (schema.others and not schema.others.keys() <= _OF_MEMBERS)
    )


def _is_widened(value: Json, found: JsonType, types: frozenset[JsonType]) -> bool:
    """Whether one of `types` is wider; a number without a fraction is an integer."""
    if found is JsonType.INTEGER:
        return JsonType.NUMBER in types
    whole = isinstance(value, float) and value.is_integer()
    return whole and JsonType.INTEGER in types


def _text(value: str, schema: Schema) -> Validity:
    matched: bool | None = True
    if schema.length.limited and not schema.length.contains(len(value)):
        return Validity.INVALID
    if schema.pattern is not None:
        matched = matches(schema.pattern, value)
        if matched is False:
            return Validity.INVALID
    if schema.format is not None and not has_format(value, schema.format):
        return Validity.INVALID
    return Validity.VALID if matched else Validity.UNKNOWN


def _number(value: int | float, schema: Schema) -> Validity | None:
    if schema.multiple_of is not None:
        return None
    if schema.bounds.limited and not schema.bounds.contains(value):
        return Validity.INVALID
    if schema.format is not None and not has_format(value, schema.format):
        return Validity.INVALID
    return Validity.VALID


def _array(value: list[Json], schema: Schema, direction: Direction, depth: int) -> Validity | None:
    if schema.unique_items or schema.prefix_items:
        return None
    if schema.size.limited and not schema.size.contains(len(value)):
        return Validity.INVALID
    stated = schema.others.get("items")
    verdict = Validity.VALID
    if stated is None:
        return verdict
    for item in value:
        judged = direct_verdict(item, stated, direction, depth)
        if judged is None or judged is Validity.INVALID:
            return judged
        verdict = verdict if judged is Validity.VALID else judged
    return verdict


def _object(
    value: dict[str, Json], schema: Schema, direction: Direction, depth: int
) -> Validity | None:
    if schema.pattern_properties or schema.dependent_required or schema.dependent_schemas:
        return None
    if schema.property_count.limited and not schema.property_count.contains(len(value)):
        return Validity.INVALID
    verdict = Validity.VALID
    for name in schema.required:
        if name not in value:
            judged = _missing(schema.properties.get(name), direction)
            if judged is Validity.INVALID:
                return judged
            verdict = verdict if judged is Validity.VALID else judged
    members = _members(value, schema, direction, depth)
    return verdict if members is Validity.VALID else members


def _members(
    value: dict[str, Json], schema: Schema, direction: Direction, depth: int
) -> Validity | None:
    verdict = Validity.VALID
    rest = schema.others.get("additionalProperties") if schema.additional_allowed else None
    for name, member in value.items():
        stated = schema.properties.get(name, rest)
        if stated is not None:
            judged = direct_verdict(member, stated, direction, depth)
            if judged is None or judged is Validity.INVALID:
                return judged
            verdict = verdict if judged is Validity.VALID else judged
        elif not schema.additional_allowed:
            return Validity.INVALID
    return verdict


def _missing(stated: Schema | None, direction: Direction) -> Validity:
    """What it means that a required property, of which `stated` is said, is not there."""
    if stated is None or not (stated.read_only or stated.write_only):
        return Validity.INVALID
    if direction is Direction.EITHER:
        return Validity.UNKNOWN
    excused = stated.read_only if direction is Direction.REQUEST else stated.write_only
    return Validity.VALID if excused else Validity.INVALID
