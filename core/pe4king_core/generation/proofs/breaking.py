"""Values that break one constraint of a schema each, and cannot be coerced back into it."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from pe4king_core.generation.proofs.coercion import readings
from pe4king_core.generation.proofs.doubts import allowed_reading
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.samples.samples import sample
from pe4king_core.model.json import Json, join
from pe4king_core.model.message import Message
from pe4king_core.model.record import record, replace
from pe4king_core.model.schema import Bounds, JsonType, Schema
from pe4king_core.openapi.schema.values import Validity, validity

_LONGEST = 10_000
_MOST_ITEMS = 50
"""No string or array longer than this is written into a test."""
FREE = frozenset({None, "", "text", "string"})
"""Formats that say nothing."""


@record(frozen=True, slots=True)
class Breach:
    """One invalid value; `what` goes behind the field's name (`quantity below minimum`)."""

    value: Json
    what: Message
    reason: Message
    worth: Worth


def breaches(schema: Schema, *, on_wire: bool) -> Iterator[Breach]:
    """Invalid values for `schema`, the most telling first.

    `on_wire`: the value travels as text (parameters, forms), so every value is a string in the
    end, and an array cannot be told from its single item.
    """
    if schema.enum is not None:
        yield from _outside_enum(schema, on_wire=on_wire)
        return
    only = schema.only_type
    if only is JsonType.STRING:
        yield from _bad_strings(schema)
    elif only in (JsonType.INTEGER, JsonType.NUMBER):
        yield from _bad_numbers(schema, only)
    elif only is JsonType.ARRAY:
        yield from _bad_items(schema) if on_wire else ()
        yield from _bad_arrays(schema, on_wire=on_wire)
    elif only is JsonType.OBJECT and not on_wire:
        yield from _bad_objects(schema)
    yield from _wrong_type(schema, on_wire=on_wire)


def _outside_enum(schema: Schema, *, on_wire: bool) -> Iterator[Breach]:
    values = [value for value in schema.enum or () if value is not None]
    value: Json = "not-a-documented-value"
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if numbers and len(numbers) == len(values) and not on_wire:
        value = max(numbers) + 1
    yield Breach(
        value,
        Message(en="outside enum", ru="значение вне перечисления"),
        Message(
            en="the document lists the allowed values",
            ru="документ перечисляет допустимые значения",
        ),
        Worth.OUTSIDE_ENUM,
    )
    if not on_wire and not schema.nullable:
        yield _null()


_OBJECT: Json = {"unexpected": "object"}
_WRONG: dict[JsonType, tuple[Json, ...]] = {
    JsonType.INTEGER: ("not-a-number",),
    JsonType.NUMBER: ("not-a-number",),
    JsonType.BOOLEAN: ("not-a-boolean",),
    JsonType.STRING: (_OBJECT,),
    JsonType.OBJECT: ("not-an-object", 12345),
    JsonType.ARRAY: (_OBJECT, "not-an-array", 12345),
}
_OTHERS: tuple[Json, ...] = (_OBJECT, "not-a-documented-value", 12345.5, [["unexpected"]])
"""Candidates where several types are allowed."""


def _wrong_type(schema: Schema, *, on_wire: bool) -> Iterator[Breach]:
    only = schema.only_type
    known = _OTHERS if only is None else _WRONG.get(only, ())
    # As text, one value cannot be told from a list of one.
    known = () if on_wire and only is JsonType.ARRAY else known
    wrong = [value for value in known if isinstance(value, str) or not on_wire]
    if len(wrong) > 1:
        certain = (v for v in wrong if allowed_reading(readings(v), schema) is None)
        wrong = [next(certain, wrong[0])]
    if wrong and (only is not None or validity(wrong[0], schema) is Validity.INVALID):
        what = Message(en="of wrong type", ru="неверный тип")
        yield Breach(wrong[0], what, _type_reason(schema), Worth.WRONG_TYPE)
    if not on_wire and (only is not None or schema.branches) and not schema.nullable:
        yield _null()


def _type_reason(schema: Schema) -> Message:
    names = ", ".join(sorted(schema.types)) or "one of the branches"
    return Message(
        en=f"the type is {names}",
        ru=f"тип: {', '.join(sorted(schema.types)) or 'одна из ветвей'}",
    )


def _null() -> Breach:
    return Breach(
        None,
        Message(en="null", ru="null"),
        Message(en="null is not allowed", ru="null не допускается"),
        Worth.NULL,
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
_IMPOSSIBLE = {"date": "2023-02-30", "date-time": "2023-02-30T10:00:00Z"}
_WITH_AN = ("email", "ipv4", "ipv6")


def _bad_strings(schema: Schema) -> Iterator[Breach]:
    name = schema.format or ""
    if name in _BAD_FORMATS:
        article = "an" if name in _WITH_AN else "a"
        reason = Message(en=f"the format is {name}", ru=f"формат: {name}")
        what = Message(en=f"not {article} {name}", ru=f"не {name}")
        yield Breach(_BAD_FORMATS[name], what, reason, Worth.BAD_FORMAT)
        if name in _IMPOSSIBLE:
            what = Message(en="that no calendar has", ru="несуществующая дата")
            yield Breach(_IMPOSSIBLE[name], what, reason, Worth.BAD_FORMAT)
    if schema.pattern is not None:
        yield Breach(
            _against_pattern(schema),
            Message(en="breaking the pattern", ru="не по шаблону"),
            Message(en=f"the pattern is {schema.pattern}", ru=f"шаблон: {schema.pattern}"),
            Worth.BAD_FORMAT,
        )
    yield from _bad_lengths(schema)


_STRANGE = ("!?", "?", "#", "~ ~", "ъ", "-1x", "0", "x")


def _against_pattern(schema: Schema) -> str:
    """A text that the pattern does not allow, of an allowed length if there is one."""
    low = min(int(schema.length.low or 0), _LONGEST)
    candidates = [text * (low // len(text) + 1) for text in _STRANGE] if low else list(_STRANGE)
    wrong = [text for text in candidates if validity(text, schema) is Validity.INVALID]
    fitting = [text for text in wrong if schema.length.contains(len(text))]
    return next(iter((*fitting, *wrong)), _STRANGE[0])


def _bad_lengths(schema: Schema) -> Iterator[Breach]:
    low, high = schema.length.low, schema.length.high
    if low and low <= _LONGEST:
        short = _valid_text(schema, int(low))[: int(low) - 1]
        yield Breach(
            short,
            _too("short", "слишком коротко") if short else Message("empty", "пустая строка"),
            Message(en=f"at least {low} characters", ru=f"не короче {low} символов"),
            Worth.OUTSIDE_LENGTH,
        )
    if high is not None and high <= _LONGEST:
        yield Breach(
            _too_long(schema, int(high) + 1),
            _too("long", "слишком длинно"),
            Message(en=f"at most {high} characters", ru=f"не длиннее {high} символов"),
            Worth.OUTSIDE_LENGTH,
        )


def _too_long(schema: Schema, length: int) -> str:
    """A run of one letter can be written in few characters; a pattern wants its own text again."""
    start = _valid_text(schema, length) or "x"
    if schema.pattern is None:
        return start[:length].ljust(length, "x")
    return (start * (length // len(start) + 1))[:length]


def _valid_text(schema: Schema, length: int) -> str:
    """A text to cut or to go on with."""
    if schema.pattern is None and schema.format in FREE:
        return "x" * length
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
            Worth.OUTSIDE_BOUNDS,
        )
    if bounds.high is not None:
        above = bounds.high if bounds.exclusive_high else bounds.high + step
        yield Breach(
            ceil(above) if only is JsonType.INTEGER else above,
            Message(en="above maximum", ru="больше максимума"),
            Message(en=f"the maximum is {bounds.high}", ru=f"максимум: {bounds.high}"),
            Worth.OUTSIDE_BOUNDS,
        )
    base = sample(schema) if schema.multiple_of else None
    if schema.multiple_of and isinstance(base, int | float):
        yield Breach(
            base + (1 if only is JsonType.INTEGER else schema.multiple_of / 2),
            Message(en="not a multiple", ru="не кратно шагу"),
            Message(en=f"a multiple of {schema.multiple_of}", ru=f"кратно {schema.multiple_of}"),
            Worth.OTHER,
        )


def _bad_items(schema: Schema) -> Iterator[Breach]:
    """A list of one wrong item, for arrays that travel as text."""
    for breach in breaches(schema.items, on_wire=True) if schema.items is not None else ():
        if not isinstance(breach.value, list):
            what = Message(f"with an item {breach.what.en}", f"элемент: {breach.what.ru}")
            yield Breach([breach.value], what, breach.reason, breach.worth)


def _bad_arrays(schema: Schema, *, on_wire: bool) -> Iterator[Breach]:
    low, high = schema.size.low, schema.size.high
    if low and low <= _MOST_ITEMS:
        yield Breach(
            of_size(schema, int(low) - 1) or [_item(schema)] * (int(low) - 1),
            Message(en="with too few items", ru="слишком мало элементов"),
            Message(en=f"at least {low} items", ru=f"не меньше {low} элементов"),
            Worth.OUTSIDE_SIZE,
        )
    if high is not None and high <= _MOST_ITEMS:
        yield Breach(
            of_size(schema, int(high) + 1) or [_item(schema)] * (int(high) + 1),
            Message(en="with too many items", ru="слишком много элементов"),
            Message(en=f"at most {high} items", ru=f"не больше {high} элементов"),
            Worth.OUTSIDE_SIZE,
        )
    if schema.unique_items and not on_wire:
        yield Breach(
            [_item(schema)] * max(2, min(int(low or 0), _MOST_ITEMS)),
            Message(en="with repeated items", ru="повторяющиеся элементы"),
            Message(en="the items must differ", ru="элементы должны различаться"),
            Worth.OTHER,
        )


def of_size(schema: Schema, size: int) -> list[Json] | None:
    """An array of `size` items that differ where they have to; None where none is found."""
    at = join(schema.pointer, f"size {size}")
    exactly = Bounds(size, size)
    made = sample(replace(schema, pointer=at, size=exactly, examples=(), has_default=False))
    return list(made) if isinstance(made, list | tuple) and len(made) == size else None


def _item(schema: Schema) -> Json:
    return sample(schema.items) if schema.items is not None else "sample"


def _bad_objects(schema: Schema) -> Iterator[Breach]:
    """What maps do not allow; named fields are broken one by one elsewhere."""
    low = schema.property_count.low
    if low and not schema.required:
        yield Breach(
            {},
            Message(en="with too few fields", ru="слишком мало полей"),
            Message(en=f"at least {low} fields", ru=f"не меньше {low} полей"),
            Worth.OUTSIDE_SIZE,
        )
    values = schema.additional
    if values is None or schema.properties or schema.required:
        return
    for breach in breaches(values, on_wire=False):
        what = Message(f"with a value {breach.what.en}", f"значение: {breach.what.ru}")
        yield Breach({"key": breach.value}, what, breach.reason, breach.worth)
        break
