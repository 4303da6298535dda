"""What of a document speaks of a place inside of a value, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Schema

_MOST_SCHEMAS = 400


def value_at(whole: Json, tokens: Sequence[str]) -> Json:
    """What stands at the place `tokens`; None where there is nothing."""
    value = whole
    for token in tokens:
        if isinstance(value, Mapping):
            value = value.get(token)
        elif isinstance(value, list | tuple) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value


def schemas_at(schema: Schema, tokens: Sequence[str]) -> Iterator[Schema]:
    """The schemas that speak of the place `tokens`; alternatives come last."""
    found = [schema]
    for token in tokens:
        found = list(islice(_below(found, token), _MOST_SCHEMAS))
    yield from _in_place(found)


def _below(schemas: Sequence[Schema], token: str) -> Iterator[Schema]:
    for schema in _in_place(schemas):
        if token in schema.properties:
            yield schema.properties[token]
        elif token in schema.prefix_items:
            yield schema.prefix_items[token]
        else:
            yield from schema.pattern_properties.values()
            places = ("items",) if token.isdecimal() else ()
            for keyword in (*places, "additionalProperties", "unevaluatedProperties"):
                if keyword in schema.others:
                    yield schema.others[keyword]


def _in_place(schemas: Sequence[Schema]) -> Iterator[Schema]:
    """`schemas` and what holds beside each of them."""
    waiting, seen = list(schemas), set[int]()
    for schema in waiting:
        if id(schema) in seen or len(seen) > _MOST_SCHEMAS:
            continue
        seen.add(id(schema))
        yield schema
        waiting += schema.conjuncts.values()
        waiting += schema.dependent_schemas.values()
        waiting += [schema.others[each] for each in ("then", "else") if each in schema.others]
        waiting += schema.branches.values()
