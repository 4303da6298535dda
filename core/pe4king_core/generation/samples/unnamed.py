"""Properties of an object that its schema does not list: what they may be called and hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count, islice

from pe4king_core.generation.samples.patterns import matching
from pe4king_core.generation.samples.scalars import strings
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.patterns import matches

_OF_EACH = 50


def other_names(schema: Schema) -> Iterator[str]:
    """Names to try, without end; those that a pattern or `propertyNames` asks for come first."""
    names = schema.others.get("propertyNames")
    if names is not None:
        yield from (text for text in names.enum or () if isinstance(text, str))
        yield from islice(strings(names), _OF_EACH)
    for pattern in schema.pattern_properties:
        for extra in range(_OF_EACH):
            name = matching(pattern, extra)
            if name is None:
                break
            yield name
    yield from (f"extra{number}" for number in count())


def schema_of(schema: Schema, name: str) -> Schema | None:
    """The first thing that `schema` says of the property `name`, if anything."""
    if name in schema.properties:
        return schema.properties[name]
    for pattern, stated in schema.pattern_properties.items():
        if matches(pattern, name):
            return stated
    return schema.others.get("additionalProperties", schema.others.get("unevaluatedProperties"))


def required_beside(schema: Schema, present: Iterable[str]) -> set[str]:
    """The names that must be there beside those that are `present`, those included."""
    waiting = [*present, *schema.required]
    found = set(waiting)
    while waiting:
        new = schema.dependent_required.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return found
