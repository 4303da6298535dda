"""Sample values for schemas: documented examples where they are valid, else values that look
like the real thing. The same schema gives the same value every time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.values import Validity, validity

FORMAT_SAMPLES: Mapping[str, str] = {
    "uuid": "3f2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d",
    "date": "2024-05-17",
    "date-time": "2024-05-17T09:30:00Z",
    "time": "09:30:00Z",
    "email": "anna.petrova@example.com",
    "uri": "https://example.com/resource",
    "url": "https://example.com/resource",
    "hostname": "api.example.com",
    "ipv4": "192.0.2.10",
    "ipv6": "2001:db8::10",
    "byte": "c2FtcGxl",
    "binary": "sample",
    "password": "Str0ng-Passw0rd",
}

_NAME_SAMPLES: tuple[tuple[str, str], ...] = (
    ("email", "anna.petrova@example.com"),
    ("phone", "+15550100200"),
    ("firstname", "Anna"),
    ("lastname", "Petrova"),
    ("username", "anna.petrova"),
    ("country", "DE"),
    ("currency", "EUR"),
    ("city", "Berlin"),
    ("street", "12 Main Street"),
    ("postal", "10115"),
    ("zip", "10115"),
    ("language", "en"),
    ("url", "https://example.com/resource"),
    ("color", "blue"),
    ("title", "Sample title"),
    ("description", "A short description"),
    ("name", "Anna Petrova"),
    ("date", "2024-05-17"),
)

_DEPTH = 12


def sample(schema: Schema | None, name: str = "", *, seen: tuple[Schema, ...] = ()) -> Json:
    """A value for `schema` in a request; `name` is the property's or parameter's name.

    The value is as good as the schema can be understood; callers that must be sure ask
    `validity`. Read-only properties and recursive optional ones are left out.
    """
    if schema is None:
        return "sample"
    for example in schema.examples:
        if validity(example, schema) is not Validity.INVALID:
            return example
    if schema.enum:
        return next((value for value in schema.enum if value is not None), schema.enum[0])
    if schema.branches and not _is_plain_object(schema):
        return _branch_sample(schema, name, seen)
    return _typed_sample(schema, name, seen)


def _is_plain_object(schema: Schema) -> bool:
    return bool(schema.properties) and not schema.exclusive_branches and not schema.discriminator


def _branch_sample(schema: Schema, name: str, seen: tuple[Schema, ...]) -> Json:
    """The first branch that is not recursive, with the properties beside it and its tag."""
    branches = [branch for branch in schema.branches.values() if branch not in seen]
    branch = next((item for item in branches if item.only_type is not None), None) or (
        branches[0] if branches else None
    )
    if branch is None:
        return None
    value = sample(branch, name, seen=(*seen, schema))
    if not isinstance(value, Mapping):
        return value
    merged = dict(value)
    if schema.properties:
        common = _object_sample(schema, (*seen, schema))
        merged = {**common, **merged}
    if schema.discriminator is not None:
        tags = [
            t for t, pointer in schema.discriminator.mapping.items() if pointer == branch.pointer
        ]
        if tags:
            merged[schema.discriminator.property_name] = tags[0]
    return merged


def _typed_sample(schema: Schema, name: str, seen: tuple[Schema, ...]) -> Json:
    kind = _main_type(schema)
    if kind is JsonType.OBJECT:
        return _object_sample(schema, seen)
    if kind is JsonType.ARRAY:
        return _array_sample(schema, name, seen)
    if kind in (JsonType.INTEGER, JsonType.NUMBER):
        return number_sample(schema, integer=kind is JsonType.INTEGER)
    if kind is JsonType.BOOLEAN:
        return True
    return None if kind is JsonType.NULL else string_sample(schema, name)


def _main_type(schema: Schema) -> JsonType:
    for kind in (JsonType.OBJECT, JsonType.ARRAY, JsonType.STRING, JsonType.INTEGER):
        if kind in schema.types:
            return kind
    if schema.types:
        rest = schema.types - {JsonType.NULL}
        return next((kind for kind in JsonType if kind in rest), JsonType.NULL)
    if schema.properties:
        return JsonType.OBJECT
    return JsonType.ARRAY if schema.items is not None else JsonType.STRING


def _object_sample(schema: Schema, seen: tuple[Schema, ...]) -> dict[str, Json]:
    inside = (*seen, schema)
    value: dict[str, Json] = {}
    for name, child in schema.properties.items():
        required = name in schema.required
        if child.read_only or child.never or (not required and _recursive(child, inside)):
            continue
        if len(inside) > _DEPTH and not required:
            continue
        if len(inside) <= 3 * _DEPTH:
            value[name] = sample(child, name, seen=inside)
    for conjunct in schema.conjuncts.values():
        part = sample(conjunct, seen=inside)
        if isinstance(part, Mapping):
            value = {**part, **value}
    for name in sorted(schema.required - value.keys()):
        declared = schema.properties.get(name)
        if declared is None:
            value[name] = sample(schema.additional, name, seen=inside)
    return value


def _recursive(schema: Schema, seen: tuple[Schema, ...]) -> bool:
    if schema in seen or (schema.items is not None and schema.items in seen):
        return True
    return bool(schema.branches) and all(branch in seen for branch in schema.branches.values())


def _array_sample(schema: Schema, name: str, seen: tuple[Schema, ...]) -> list[Json]:
    low = int(schema.size.low or 0)
    items = schema.items
    if items is None:
        return ["sample"] * low
    if items in seen and low == 0:
        return []
    first = sample(items, name.rstrip("s"), seen=(*seen, schema))
    count = max(low, 1) if schema.size.high is None or schema.size.high >= 1 else 0
    if not schema.unique_items or count < 2:
        return [first] * count
    return [_varied(first, index, items) for index in range(count)]


def _varied(value: Json, index: int, schema: Schema) -> Json:
    """Another value of the same kind, so that the items of a set differ."""
    if schema.enum:
        return schema.enum[index % len(schema.enum)]
    if isinstance(value, bool) or index == 0:
        return value
    if isinstance(value, int | float):
        return value + index
    if isinstance(value, str):
        return value[: -len(str(index))] + str(index)
    return value


def number_sample(schema: Schema, *, integer: bool) -> int | float:
    """A number inside the bounds, a multiple where one is asked for."""
    bounds = schema.bounds
    step = schema.multiple_of or (1 if integer else 0.5)
    low, high = bounds.low, bounds.high
    if low is None and high is None:
        value: int | float = step if schema.multiple_of else (1 if integer else 9.99)
    elif low is None:
        value = min(high or 0, 1)
    else:
        value = max(low, 1) if high is None or high >= 1 else low
    value = _multiple_at_least(value, step) if schema.multiple_of else value
    if not bounds.contains(value):
        for candidate in (value + step, value - step, ((low or 0) + (high or 0)) / 2):
            if bounds.contains(candidate):
                value = candidate
                break
    return int(value) if integer else value


def _multiple_at_least(value: int | float, step: int | float) -> int | float:
    count = int(value // step)
    count += count * step < value
    return count * step


def string_sample(schema: Schema, name: str = "") -> str:
    """A string of the schema's format, pattern and length."""
    made = FORMAT_SAMPLES.get(schema.format or "")
    if made is not None:
        return made
    if schema.pattern is not None and (found := from_pattern(schema.pattern, schema)) is not None:
        return found
    key = re.sub(r"[^a-z]", "", name.lower())
    text = next((value for part, value in _NAME_SAMPLES if part in key), f"sample {name}".strip())
    low, high = int(schema.length.low or 0), schema.length.high
    if len(text) < low:
        text = (text + " sample" * low)[:low]
    return text if high is None else text[: int(high)]


def from_pattern(pattern: str, schema: Schema) -> str | None:
    """A string that `pattern` matches, built from its syntax tree; None where that fails."""
    from pe4king_core.generation.patterns import matching

    for extra in range(3):
        made = matching(pattern, extra)
        if made is not None and validity(made, schema) is not Validity.INVALID:
            return made
    return None
