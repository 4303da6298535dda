"""Texts become values: what a schema lets a text on the wire mean.

Structures arrive as texts in lists and mappings (`Raw`); every text is read as its own schema
wants it. Where a schema has branches, each of them gives a reading of its own, since what a text
means is settled by the whole being valid.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from pe4king_core.generation.places import alternatives, stated_types
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

Raw: TypeAlias = "str | list[Raw] | dict[str, Raw]"

Schemas = tuple[Schema, ...]
"""Schemas that hold together."""

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 400
_LONGEST_KEY = 6
_DEEPEST = 32
_MOST = 64
_ANY = frozenset(JsonType)


def readings(raw: Raw, schema: Schema | None, *, inner: bool = False) -> Iterator[Json]:
    """What `raw` may mean, the likeliest first; `inner`: structures may be texts of JSON."""
    if schema is None:
        yield plain(raw)
        return
    for schemas in shapes(schema):
        if isinstance(raw, str):
            yield from _of_text(raw, schemas, inner)
        else:
            yield from _structures(raw, schemas, 0)


def shapes(schema: Schema) -> tuple[Schemas, ...]:
    """The sets of schemas that hold together, one for each branch of a choice."""
    if not schema.branches and not schema.conjuncts:
        return ((schema,),)
    return tuple(found.schemas for found in alternatives(schema))


def plain(raw: Raw) -> Json:
    """`raw` as it is: a structure of texts."""
    if isinstance(raw, list):
        return [plain(item) for item in raw]
    return {name: plain(member) for name, member in raw.items()} if isinstance(raw, dict) else raw


def types_of(schemas: Schemas) -> frozenset[JsonType]:
    """The types that all of `schemas` allow."""
    types = _ANY
    for schema in schemas:
        stated = stated_types(schema)
        if stated:
            types &= stated | {JsonType.INTEGER} if JsonType.NUMBER in stated else stated
    return types


def valid_for(value: Json, schemas: Schemas) -> bool:
    """Whether nothing is certainly wrong with `value`."""
    return all(
        validity(value, schema, direction=Direction.REQUEST) is not Validity.INVALID
        for schema in schemas
    )


def number_of(text: str) -> int | float | None:
    """The finite number that `text` writes down; None where it is none."""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    if text.lstrip("-").isdecimal():
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def _of_text(text: str, schemas: Schemas, inner: bool) -> Iterator[Json]:
    types = types_of(schemas)
    if types is _ANY:
        yield text
    if JsonType.NUMBER in types or JsonType.INTEGER in types:
        number = number_of(text)
        if number is not None:
            yield number
    if JsonType.BOOLEAN in types and text in ("true", "false"):
        yield text == "true"
    if JsonType.STRING in types and types is not _ANY:
        yield text
    if inner and text[:1] in ("{", "["):
        yield from _json(text, types)
    if JsonType.ARRAY in types and types is not _ANY:
        yield _item_list([text], schemas, 0)
    if JsonType.NULL in types and text in ("", "null"):
        yield None
    if not types & {JsonType.STRING, JsonType.ARRAY}:
        yield text


def _json(text: str, types: frozenset[JsonType]) -> Iterator[Json]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    if (JsonType.OBJECT if isinstance(value, dict) else JsonType.ARRAY) in types:
        yield value


def _structures(raw: list[Raw] | dict[str, Raw], schemas: Schemas, depth: int) -> Iterator[Json]:
    types = types_of(schemas)
    if isinstance(raw, list):
        yield _item_list(raw, schemas, depth)
        return
    if JsonType.ARRAY in types and raw and all(_is_index(name) for name in raw):
        yield _item_list([raw[name] for name in sorted(raw, key=int)], schemas, depth)
    if JsonType.OBJECT in types or JsonType.ARRAY not in types:
        yield {
            name: _member(member, property_schemas(name, schemas), depth)
            for name, member in raw.items()
        }


def _is_index(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= _LONGEST_KEY


def _item_list(raw: Sequence[Raw], schemas: Schemas, depth: int) -> list[Json]:
    return [_member(item, _item_schemas(n, schemas), depth) for n, item in enumerate(raw)]


def _item_schemas(number: int, schemas: Schemas) -> Schemas:
    found = (
        schema.prefix_items[str(number)]
        if number < len(schema.prefix_items)
        else schema.others.get("items")
        for schema in schemas
    )
    return tuple(schema for schema in found if schema is not None)


def property_schemas(name: str, schemas: Schemas) -> Schemas:
    """What is said of the member `name`."""
    stated = tuple(schema.properties[name] for schema in schemas if name in schema.properties)
    if stated:
        return stated
    return tuple(schema.additional for schema in schemas if schema.additional is not None)


def _member(raw: Raw, schemas: Schemas, depth: int) -> Json:
    """The first reading that nothing is wrong with, else the first."""
    if not schemas or depth > _DEEPEST:
        return plain(raw)
    first: list[Json] = []
    for together in islice(_expanded(schemas), _MOST):
        if isinstance(raw, str):
            found = _of_text(raw, together, inner=True)
        else:
            found = _structures(raw, together, depth + 1)
        for value in found:
            if valid_for(value, schemas):
                return value
            first = first or [value]
    return first[0] if first else plain(raw)


def _expanded(schemas: Schemas) -> Iterator[Schemas]:
    """With one branch of the first schema that has some."""
    for number, schema in enumerate(schemas):
        if schema.branches or schema.conjuncts:
            for shape in shapes(schema):
                yield (*schemas[:number], *shape, *schemas[number + 1 :])
            return
    yield schemas
