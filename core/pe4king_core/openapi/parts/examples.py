"""Examples beside a schema: `example`, and Example Objects under `examples`."""

from __future__ import annotations

from collections.abc import Hashable

from pe4king_core.model.json import Json
from pe4king_core.model.operation import Example
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import NotJsonError, Place, plain, text_of
from pe4king_core.openapi.schema.equality import identity

_DATA = ("value", "dataValue")
_EXCLUSIVE = (
    ("value", "externalValue"),
    ("value", "dataValue"),
    ("value", "serializedValue"),
    ("serializedValue", "externalValue"),
)


def named_examples(reading: Reading, holder: Place) -> tuple[Example, ...]:
    """The examples of a parameter, header or media type, in the order of the document.

    `dataValue` and `serializedValue` exist since OpenAPI 3.2; an `externalValue` is not read.
    """
    raw = holder.value if isinstance(holder.value, dict) else {}
    found: list[Example] = []
    if "example" in raw:
        one = _example("", holder.child("example", raw["example"]), raw["example"])
        found += [one] if one else []
        if raw.get("examples") is not None:
            reading.warn(
                "doc-example-both",
                holder,
                "`example` and `examples` exclude each other; the values of both are used.",
                "`example` и `examples` исключают друг друга; берём значения обоих.",
            )
    many = holder.get("examples")
    for name, member in many.members() if many else ():
        target = reading.target(member)
        if target is not None and isinstance(target.value, dict):
            example = _example_object(reading, name, target)
            found += [reading.described(member, example)] if example else []
    return tuple(found)


def example_values(named: tuple[Example, ...], schema: Schema | None) -> tuple[Json, ...]:
    """The different values: those that are documented in place, then those of the schema."""
    found: dict[Hashable, Json] = {}
    values = [example.value for example in named if example.has_value]
    values += schema.examples if schema else ()
    if len(values) < 2:
        return tuple(values)
    for value in values:
        try:
            found.setdefault(identity(value), value)
        except RecursionError:
            found[len(found), "too deep to be compared"] = value
    return tuple(found.values())


def _example(name: str, place: Place, value: object) -> Example | None:
    try:
        return Example(name, plain(value), place.pointer)
    except NotJsonError:
        return None


def _example_object(reading: Reading, name: str, place: Place) -> Example | None:
    raw = place.value if isinstance(place.value, dict) else {}
    for one, other in _EXCLUSIVE:
        if one in raw and other in raw:
            reading.warn(
                "doc-example-value-both",
                place,
                f"`{one}` and `{other}` of an example exclude each other.",
                f"`{one}` и `{other}` в примере исключают друг друга.",
            )
    key = next((key for key in _DATA if key in raw), None)
    try:
        value = None if key is None else plain(raw[key])
    except NotJsonError:
        return None
    serialized = raw.get("serializedValue")
    return Example(
        name=name,
        value=value,
        pointer=place.pointer,
        summary=text_of(raw.get("summary")),
        description=text_of(raw.get("description")),
        external_value=text_of(raw.get("externalValue")),
        serialized_value=serialized if isinstance(serialized, str) else None,
        has_value=key is not None,
    )
