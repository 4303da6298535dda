"""Values that break one constraint of a schema each, and cannot be coerced back into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from pe4king_core.generation.samples import sample
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.schema import JsonType, Schema

_LONGEST = 10_000
_MOST_ITEMS = 50
"""No string or array longer than this is written into a test."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One invalid value; `what` goes behind the field's name (`quantity below minimum`)."""

    value: Json
    what: Message
    reason: Message


def breaches(schema: Schema, *, on_wire: bool) -> Iterator[Breach]:
    """Invalid values for `schema`, the most telling first.

    `on_wire`: the value travels as text (parameters), so every value is a string in the end and
    an array cannot be told from its single item.
    """
    if schema.enum is not None:
        yield from _outside_enum(schema, on_wire=on_wire)
        return
    only = schema.only_type
    if only is None:
        return
    yield from _wrong_type(schema, only, on_wire=on_wire)
    if only is JsonType.STRING:
        yield from _bad_strings(schema)
    elif only in (JsonType.INTEGER, JsonType.NUMBER):
        yield from _bad_numbers(schema, only)
    elif only is JsonType.ARRAY and not on_wire:
        yield from _bad_arrays(schema)


def _outside_enum(schema: Schema, *, on_wire: bool) -> Iterator[Breach]:
    values = schema.enum or ()
    value: Json = "not-a-documented-value"
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if numbers and len(numbers) == len([v for v in values if v is not None]) and not on_wire:
        value = max(numbers) + 1
    yield Breach(
        value,
        Message(en="outside enum", ru="значение вне перечисления"),
        Message(
            en="the document lists the allowed values",
            ru="документ перечисляет допустимые значения",
        ),
    )


_WRONG: dict[JsonType, Json] = {
    JsonType.INTEGER: "not-a-number",
    JsonType.NUMBER: "not-a-number",
    JsonType.BOOLEAN: "not-a-boolean",
    JsonType.STRING: {"unexpected": "object"},
    JsonType.OBJECT: "not-an-object",
    JsonType.ARRAY: {"unexpected": "object"},
}


def _wrong_type(schema: Schema, only: JsonType, *, on_wire: bool) -> Iterator[Breach]:
    wrong = _WRONG.get(only)
    if wrong is not None and not (on_wire and not isinstance(wrong, str)):
        yield Breach(
            wrong,
            Message(en="of wrong type", ru="неверный тип"),
            Message(en=f"the type is {only}", ru=f"тип: {only}"),
        )
    if not schema.nullable and not on_wire:
        yield Breach(
            None,
            Message(en="null", ru="null"),
            Message(en="null is not allowed", ru="null не допускается"),
        )


_BAD_FORMATS = {
    "uuid": "not-a-uuid",
    "date": "not-a-date",
    "date-time": "not-a-date-time",
    "email": "not-an-email",
    "ipv4": "999.999.999.999",
    "ipv6": "not-an-address",
    "uri": "not a uri",
    "time": "not-a-time",
    "hostname": "not a hostname",
}


def _bad_strings(schema: Schema) -> Iterator[Breach]:
    bad = _BAD_FORMATS.get(schema.format or "")
    if bad is not None:
        yield Breach(
            bad,
            Message(en=f"not a {schema.format}", ru=f"не {schema.format}"),
            Message(en=f"the format is {schema.format}", ru=f"формат: {schema.format}"),
        )
    if schema.pattern is not None:
        yield Breach(
            "!?",
            Message(en="breaking the pattern", ru="не по шаблону"),
            Message(en=f"the pattern is {schema.pattern}", ru=f"шаблон: {schema.pattern}"),
        )
    low, high = schema.length.low, schema.length.high
    if low and low <= _LONGEST:
        short = _valid_text(schema)[: int(low) - 1]
        what = (
            Message(en="empty", ru="пустая строка")
            if not short
            else _too("short", "слишком коротко")
        )
        yield Breach(
            short, what, Message(en=f"at least {low} characters", ru=f"не короче {low} символов")
        )
    if high is not None and high < _LONGEST:
        start = _valid_text(schema)[: int(high)] if schema.format or schema.pattern else ""
        yield Breach(
            start + "x" * (int(high) + 1 - len(start)),
            _too("long", "слишком длинно"),
            Message(en=f"at most {high} characters", ru=f"не длиннее {high} символов"),
        )


def _valid_text(schema: Schema) -> str:
    value = sample(schema)
    return value if isinstance(value, str) else ""


def _too(en: str, ru: str) -> Message:
    return Message(en=f"too {en}", ru=ru)


def _bad_numbers(schema: Schema, only: JsonType) -> Iterator[Breach]:
    bounds = schema.bounds
    step: int | float = schema.multiple_of or 1
    if bounds.low is not None:
        below = bounds.low if bounds.exclusive_low else bounds.low - step
        yield Breach(
            floor(below) if only is JsonType.INTEGER else below,
            Message(en="below minimum", ru="меньше минимума"),
            Message(en=f"the minimum is {bounds.low}", ru=f"минимум: {bounds.low}"),
        )
    if bounds.high is not None:
        above = bounds.high if bounds.exclusive_high else bounds.high + step
        yield Breach(
            ceil(above) if only is JsonType.INTEGER else above,
            Message(en="above maximum", ru="больше максимума"),
            Message(en=f"the maximum is {bounds.high}", ru=f"максимум: {bounds.high}"),
        )
    base = sample(schema) if schema.multiple_of else None
    if schema.multiple_of and isinstance(base, int | float):
        yield Breach(
            base + (1 if only is JsonType.INTEGER else schema.multiple_of / 2),
            Message(en="not a multiple", ru="не кратно шагу"),
            Message(en=f"a multiple of {schema.multiple_of}", ru=f"кратно {schema.multiple_of}"),
        )


def _bad_arrays(schema: Schema) -> Iterator[Breach]:
    item = sample(schema.items) if schema.items is not None else "sample"
    low, high = schema.size.low, schema.size.high
    if low and low <= _MOST_ITEMS:
        yield Breach(
            [item] * (int(low) - 1),
            Message(en="with too few items", ru="слишком мало элементов"),
            Message(en=f"at least {low} items", ru=f"не меньше {low} элементов"),
        )
    if high is not None and high <= _MOST_ITEMS:
        yield Breach(
            [item] * (int(high) + 1),
            Message(en="with too many items", ru="слишком много элементов"),
            Message(en=f"at most {high} items", ru=f"не больше {high} элементов"),
        )
    if schema.unique_items:
        yield Breach(
            [item] * max(2, min(int(low or 0), _MOST_ITEMS)),
            Message(en="with repeated items", ru="повторяющиеся элементы"),
            Message(en="the items must differ", ru="элементы должны различаться"),
        )
