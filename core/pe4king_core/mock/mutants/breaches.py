"""How a value can break one schema, as an operator and what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.mock.mutants.operators import Breaks, Kind
from pe4king_core.model.json import Json, join
from pe4king_core.model.schema import JsonType, Schema

_MOST_CHARACTERS = 20_000
_MOST_ITEMS = 1_000
_EXTRA = "unexpectedMember"
_UNLISTED = "unlisted"
_NAMES = {
    JsonType.STRING: Kind.TEXT,
    JsonType.INTEGER: Kind.NUMBER,
    JsonType.NUMBER: Kind.NUMBER,
    JsonType.BOOLEAN: Kind.BOOLEAN,
    JsonType.ARRAY: Kind.LIST,
    JsonType.OBJECT: Kind.OBJECT,
    JsonType.NULL: Kind.NULL,
}
_INSTEAD = {
    JsonType.STRING: (Kind.NUMBER, Kind.OBJECT),
    JsonType.INTEGER: (Kind.TEXT, Kind.FRACTION),
    JsonType.NUMBER: (Kind.TEXT, Kind.BOOLEAN),
    JsonType.BOOLEAN: (Kind.TEXT, Kind.NUMBER),
    JsonType.ARRAY: (Kind.OBJECT, Kind.TEXT),
    JsonType.OBJECT: (Kind.LIST, Kind.TEXT),
    JsonType.NULL: (Kind.TEXT, Kind.NUMBER),
}
"""What is likely to come instead; the likelier first."""
_BROKEN_FORMATS = {
    "date": "2024-02-30",
    "date-time": "2024-02-30 25:61",
    "time": "25:61",
    "duration": "two days",
    "email": "no-at-sign",
    "idn-email": "no-at-sign",
    "hostname": "-not a host-",
    "idn-hostname": "-not a host-",
    "ipv4": "999.1.1",
    "ipv6": "12345::g",
    "uri": "not a uri",
    "uri-reference": "\\\\not a reference",
    "iri": "not an iri",
    "uri-template": "{broken",
    "uuid": "not-a-uuid",
    "json-pointer": "no/pointer",
    "relative-json-pointer": "/no",
    "regex": "(unclosed",
}
_INTEGER_LIMITS = {"int32": 2**31, "int64": 2**63}


@dataclass(frozen=True, slots=True)
class Breach:
    """An operator at a subject below the schema's own; `keyword` is what it breaks."""

    operator: Breaks
    keyword: str
    value: Json = None
    member: str | None = None
    """The member of the value that it is about."""


def breaches(schema: Schema) -> Iterator[Breach]:
    """Every breach; whether a value really breaks the document is for the judge to say."""
    yield from _types(schema)
    if schema.enum is not None:
        yield Breach(Breaks.ENUM, "enum", _beside(schema.enum))
    if not schema.nullable:
        yield Breach(Breaks.NULL, "type")
    if schema.allows(JsonType.OBJECT):
        yield from _objects(schema)
    if schema.allows(JsonType.ARRAY):
        yield from _arrays(schema)
    if schema.enum is None:
        yield from _texts(schema)
        yield from _numbers(schema)


def _types(schema: Schema) -> Iterator[Breach]:
    kind = schema.only_type
    if kind is not None:
        for instead in _INSTEAD[kind]:
            yield Breach(Breaks.TYPE, "type", (instead.value, _NAMES[kind].value))
    elif schema.types:
        names = {_NAMES[each] for each in schema.types}
        free = (Kind.TEXT, Kind.NUMBER, Kind.OBJECT, Kind.LIST, Kind.BOOLEAN)
        other = next((each for each in free if each not in names), None)
        if other is not None:
            written = " | ".join(sorted(names))
            yield Breach(Breaks.TYPE, "type", (other.value, written))


def _beside(values: tuple[Json, ...]) -> Json:
    """A value of the kind of an enum's that is none of it."""
    numbers = [each for each in values if isinstance(each, int | float)]
    if numbers and len(numbers) == len(values):
        return max(int(each) for each in numbers) + 1
    name = _UNLISTED
    while name in values:
        name += "-x"
    return name


def _objects(schema: Schema) -> Iterator[Breach]:
    for name in sorted(schema.required):
        member = schema.properties.get(name)
        if member is None or not member.write_only:
            yield Breach(Breaks.MISSING, "required", member=name)
    others = schema.others
    if not schema.additional_allowed or "unevaluatedProperties" in others:
        yield Breach(Breaks.EXTRA, "additionalProperties", _EXTRA)


def _arrays(schema: Schema) -> Iterator[Breach]:
    low, high = schema.size.low, schema.size.high
    if low is not None and low >= 1:
        yield Breach(Breaks.TOO_FEW, "minItems", int(low))
    if high is not None and high < _MOST_ITEMS:
        yield Breach(Breaks.TOO_MANY, "maxItems", int(high))
    if schema.unique_items:
        yield Breach(Breaks.REPEATED, "uniqueItems")
    items = schema.items
    if items is not None:
        kind = items.only_type
        instead = _INSTEAD[kind][0] if kind is not None else Kind.NULL
        yield Breach(Breaks.BAD_ITEM, "items", instead.value)


def _texts(schema: Schema) -> Iterator[Breach]:
    if not schema.allows(JsonType.STRING):
        return
    low, high = schema.length.low, schema.length.high
    if low is not None and 1 <= low <= _MOST_CHARACTERS:
        yield Breach(Breaks.TOO_SHORT, "minLength", int(low))
    if high is not None and high < _MOST_CHARACTERS:
        yield Breach(Breaks.TOO_LONG, "maxLength", int(high))
    if schema.pattern is not None:
        yield Breach(Breaks.PATTERN, "pattern")
    if schema.format in _BROKEN_FORMATS:
        yield Breach(Breaks.FORMAT, "format", (schema.format, _BROKEN_FORMATS[schema.format]))


def _numbers(schema: Schema) -> Iterator[Breach]:
    if not (schema.allows(JsonType.INTEGER) or schema.allows(JsonType.NUMBER)):
        return
    bounds, step = schema.bounds, schema.multiple_of or 1
    if bounds.low is not None:
        below = bounds.low if bounds.exclusive_low else bounds.low - step
        yield Breach(Breaks.BELOW, "minimum", below)
    if bounds.high is not None:
        above = bounds.high if bounds.exclusive_high else bounds.high + step
        yield Breach(Breaks.ABOVE, "maximum", above)
    elif schema.format in _INTEGER_LIMITS and JsonType.INTEGER in schema.types:
        yield Breach(Breaks.ABOVE, "format", _INTEGER_LIMITS[schema.format])
    if schema.multiple_of is not None:
        yield Breach(Breaks.NOT_MULTIPLE, "multipleOf", schema.multiple_of)


def subject_of(breach: Breach, subject: str) -> str:
    """The subject of a breach of the schema at `subject`."""
    return subject if breach.member is None else join(subject, breach.member)
