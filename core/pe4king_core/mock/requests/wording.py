"""What is wrong with a value, for people: what was sent, and what the document allows there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from pe4king_core.mock.requests.spots import schemas_at, value_at
from pe4king_core.model.json import Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Bounds, Discriminator, Schema
from pe4king_core.openapi.schema.values import Direction, json_type, violations

_LONGEST = 60
_MOST_CHOICES = 12
_MOST_PLACES = 200
_MOST_BRANCHES = 32
_DEEPEST_CHOICE = 3
_CHOICES = ("oneOf", "anyOf")


def worded(
    reason: str, pointer: str, whole: Json, schema: Schema | None, depth: int = 0
) -> Message:
    """The fault `reason` (a keyword of `violations`) at `pointer` inside of `whole`.

    `depth`: inside of so many choices.
    """
    plain = _PLAIN.get(reason)
    if plain is not None or schema is None:
        return plain or Message(reason, reason)
    tokens = split(pointer)
    value = value_at(whole, tokens)
    for stated in islice(schemas_at(schema, tokens), _MOST_PLACES):
        if reason in _CHOICES:
            found = _branches(value, stated, depth)
        else:
            found = _worded(reason, value, stated)
        if found is not None:
            return found
    return Message(f"{shown(value)} breaks `{reason}`", f"{shown(value)} нарушает `{reason}`")


def shown(value: Json) -> str:
    """A value as it was sent, shortened; texts stand in quotes, structures are not written out."""
    if isinstance(value, Mapping | list | tuple):
        return "an object" if isinstance(value, Mapping) else "a list"
    text = value if isinstance(value, str) else json.dumps(value)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"`{text}`" if isinstance(value, str) else text


def choices(names: Sequence[Json]) -> str:
    """What is allowed, in one line."""
    texts = [each if isinstance(each, str) else json.dumps(each, default=str) for each in names]
    more = len(texts) - _MOST_CHOICES
    return ", ".join(texts[:_MOST_CHOICES]) + (f" … (+{more})" if more > 0 else "")


_PLAIN = {
    "required": Message("is required", "обязательно"),
    "dependentRequired": Message(
        "is required beside what was sent", "обязательно вместе с тем, что передано"
    ),
    "repeated": Message(
        "was sent more than once, one value is expected", "передано не раз, нужно одно значение"
    ),
    "style": Message(
        "is not written in the documented style", "записано не в том виде, что описан в документе"
    ),
    "additionalProperties": Message("is not documented", "нет в документе"),
    "unevaluatedProperties": Message("is not documented", "нет в документе"),
    "unevaluatedItems": Message("is one item too many", "лишний элемент"),
    "false": Message("must not be there", "здесь не должно быть"),
    "uniqueItems": Message("has an item twice", "есть повторяющиеся элементы"),
    "contains": Message("lacks an item that has to be there", "нет обязательного элемента"),
    "maxContains": Message("has an item too often", "элемент встречается слишком часто"),
    "propertyNames": Message("is a name that is not allowed", "такое имя не допускается"),
    "expectation": Message("only 100-continue is known", "известно только 100-continue"),
    "schema": Message("is not what the document says", "не такое, как в документе"),
    "Content-Length": Message(
        "the length is not the one that Content-Length states",
        "длина не та, что указана в Content-Length",
    ),
}
"""Reasons that need no value to be understood."""


def _worded(reason: str, value: Json, schema: Schema) -> Message | None:
    """The words for a keyword that `schema` states and `value` breaks; None where it does not."""
    writer = _WRITERS.get(reason)
    return writer(value, schema) if writer is not None else None


def _type(value: Json, schema: Schema) -> Message | None:
    if not schema.types or schema.allows(json_type(value)):
        return None
    names = sorted(str(each) for each in schema.types)
    return Message(
        f"{shown(value)} is no {' or '.join(names)}",
        f"{_shown_ru(value)} — не {' и не '.join(names)}",
    )


def _shown_ru(value: Json) -> str:
    if isinstance(value, Mapping | list | tuple):
        return "объект" if isinstance(value, Mapping) else "список"
    return shown(value)


def _enum(value: Json, schema: Schema) -> Message | None:
    if schema.enum is None or value in schema.enum:
        return None
    names = choices(schema.enum)
    if len(schema.enum) == 1:
        return Message(f"{shown(value)} is not {names}", f"{_shown_ru(value)} — не {names}")
    return Message(
        f"{shown(value)} is none of {names}", f"{_shown_ru(value)}: допустимо только {names}"
    )


def _range(value: Json, schema: Schema) -> Message | None:
    bounds = schema.bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or bounds.contains(value):
        return None
    low, high = bounds.low, bounds.high
    if low is not None and value <= low:
        if bounds.exclusive_low and value == low:
            return Message(f"{value} is not more than {low}", f"{value} не больше {low}")
        return Message(f"{value} is less than {low}", f"{value} меньше {low}")
    if bounds.exclusive_high and value == high:
        return Message(f"{value} is not less than {high}", f"{value} не меньше {high}")
    return Message(f"{value} is more than {high}", f"{value} больше {high}")


def _amount(
    bounds: Callable[[Schema], Bounds], one: str, many: str, ru: str
) -> Callable[[Json, Schema], Message | None]:
    def words(value: Json, schema: Schema) -> Message | None:
        stated = bounds(schema)
        if not isinstance(value, str | Mapping | list | tuple) or stated.contains(len(value)):
            return None
        found = len(value)
        en, has = f"{found} {one if found == 1 else many}", f"{ru}: {found}"
        if stated.low is not None and found < stated.low:
            return Message(f"{en}, at least {stated.low}", f"{has}, нужно не меньше {stated.low}")
        return Message(f"{en}, at most {stated.high}", f"{has}, можно не больше {stated.high}")

    return words


def _pattern(value: Json, schema: Schema) -> Message | None:
    if schema.pattern is None or not isinstance(value, str):
        return None
    pattern = schema.pattern[: 2 * _LONGEST]
    return Message(
        f"{shown(value)} does not match {pattern}", f"{shown(value)} не подходит под {pattern}"
    )


def _format(value: Json, schema: Schema) -> Message | None:
    if schema.format is None:
        return None
    named = schema.format
    return Message(f"{shown(value)} is no {named}", f"{_shown_ru(value)} — не {named}")


def _multiple(value: Json, schema: Schema) -> Message | None:
    factor = schema.multiple_of
    if factor is None:
        return None
    return Message(
        f"{shown(value)} is no multiple of {factor}", f"{_shown_ru(value)} не кратно {factor}"
    )


def _branches(value: Json, schema: Schema, depth: int) -> Message | None:
    if not schema.branches:
        return None
    named = _discriminated(value, schema)
    if named is not None:
        return named
    branches = list(islice(schema.branches.values(), _MOST_BRANCHES))
    wrong = [violations(value, branch, direction=Direction.REQUEST) for branch in branches]
    fits = wrong.count(())
    if fits > 1:
        return Message(
            f"{shown(value)} fits {fits} of the documented alternatives, it has to be one",
            f"{_shown_ru(value)}: подходящих вариантов {fits}, а должен быть один",
        )
    if fits == 0 and depth < _DEEPEST_CHOICE:
        return _nearest(value, branches, wrong, depth)
    count = len(schema.branches)
    return Message(
        f"{shown(value)} fits none of the {count} documented alternatives",
        f"{_shown_ru(value)} не подходит ни под один из описанных вариантов ({count})",
    )


def _nearest(
    value: Json, branches: Sequence[Schema], wrong: Sequence[Sequence[str]], depth: int
) -> Message:
    """What is wrong in the alternative that the value is nearest to."""
    common = [each for each in wrong[0] if all(each in others for others in wrong)]
    told = next((each for each in common if each.endswith(": enum")), None)
    if told is not None:
        pointer = told.rpartition(": ")[0]
        allowed: list[Json] = []
        for branch in branches:
            for stated in islice(schemas_at(branch, split(pointer)), _MOST_PLACES):
                allowed += [each for each in stated.enum or () if each not in allowed]
        found, names = value_at(value, split(pointer)), choices(allowed)
        return _placed(
            pointer,
            Message(
                f"{shown(found)} is none of {names}",
                f"{_shown_ru(found)}: допустимо только {names}",
            ),
        )
    best = min(range(len(branches)), key=lambda number: _distance(wrong[number]))
    pointer, _, keyword = wrong[best][0].rpartition(": ")
    said = _placed(pointer, worded(keyword, pointer, value, branches[best], depth + 1))
    if len(branches) == 1:
        return said
    return Message(
        f"{said.en} (in the nearest of {len(branches)} documented alternatives)",
        f"{said.ru} (в ближайшем из описанных вариантов, их {len(branches)})",
    )


def _distance(wrong: Sequence[str]) -> tuple[bool, int]:
    """How far a value is from an alternative; another type is farther than anything inside."""
    return ": type" in wrong, len(wrong)


def _placed(pointer: str, said: Message) -> Message:
    return Message(f"{pointer} {said.en}", f"{pointer} {said.ru}") if pointer else said


def _discriminated(value: Json, schema: Schema) -> Message | None:
    """What is wrong with the member that names the branch."""
    told = schema.discriminator
    if told is None or not isinstance(value, Mapping):
        return None
    name = told.property_name
    known = list(dict.fromkeys(_branch_names(schema, told)))
    found = value.get(name)
    if name not in value:
        return Message(
            f"`{name}` is required: {choices(known)}", f"`{name}` обязательно: {choices(known)}"
        )
    if found in known:
        return Message(
            f"what is sent is not valid for {name} {shown(found)}",
            f"не подходит для {name} {shown(found)}",
        )
    return Message(
        f"{name} {shown(found)} is none of {choices(known)}",
        f"{name} {shown(found)}: допустимо только {choices(known)}",
    )


def _branch_names(schema: Schema, told: Discriminator) -> Iterator[str]:
    """What names the branches: what they allow there, else the mapping, else their own names."""
    for pointer, branch in schema.branches.items():
        places = islice(schemas_at(branch, (told.property_name,)), _MOST_PLACES)
        allowed = [each for stated in places for each in stated.enum or ()]
        mapped = [name for name, target in told.mapping.items() if target == pointer]
        yield from map(str, allowed or mapped or [split(pointer)[-1]])


def _not(value: Json, schema: Schema) -> Message | None:
    if "not" not in schema.others:
        return None
    return Message(f"{shown(value)} is excluded", f"{_shown_ru(value)} исключено документом")


_length = (lambda schema: schema.length, "character", "characters", "символов")
_size = (lambda schema: schema.size, "item", "items", "элементов")
_count = (lambda schema: schema.property_count, "member", "members", "полей")
_WRITERS: Mapping[str, Callable[[Json, Schema], Message | None]] = {
    "type": _type,
    "enum": _enum,
    "range": _range,
    "minLength": _amount(*_length),
    "maxLength": _amount(*_length),
    "minItems": _amount(*_size),
    "maxItems": _amount(*_size),
    "minProperties": _amount(*_count),
    "maxProperties": _amount(*_count),
    "pattern": _pattern,
    "format": _format,
    "multipleOf": _multiple,
    "not": _not,
}
