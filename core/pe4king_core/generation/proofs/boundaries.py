"""Values at the edges of what a schema allows: ends of bounds, shortest and longest, rare dates.

These are candidates: `schema_memo` keeps those that are certainly valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from math import ceil, floor, isfinite

from pe4king_core.generation.places import tags_of
from pe4king_core.generation.proofs.breaking import FREE, of_size
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.samples.patterns import matching
from pe4king_core.generation.samples.realism_said import said_examples
from pe4king_core.generation.samples.samples import sample
from pe4king_core.model.json import Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.record import record
from pe4king_core.model.schema import JsonType, Schema

_LONGEST = 1_000
_MOST_ITEMS = 50
_MOST_VALUES = 12
_MOST_BRANCHES = 8
_SAFE = 2**53
"""Numbers beyond it lose digits where numbers are floating."""
_HUNDREDTH = Fraction(1, 100)
_LONGEST_SHOWN = 40
_WORDS = "Two words "


@record(frozen=True, slots=True)
class Boundary:
    """One value; `what` goes behind the field's name (`quantity at minimum`).

    `anywhere`: it means something whatever the field is for, as the document names or spells it.
    """

    value: Json
    what: Message
    worth: Worth
    anywhere: bool = False
    branch: Schema | None = None
    """The branch of a choice that the value is of."""


def boundaries(schema: Schema, *, on_wire: bool) -> Iterator[Boundary]:
    """Candidates for `schema`, the most telling first.

    `on_wire`: the value travels as text, where neither null nor an empty list can be written.
    """
    if schema.enum is not None:
        yield from _enum(schema, on_wire=on_wire)
        return
    if schema.branches and not on_wire:
        yield from _branches(schema)
    only = schema.only_type
    if only is JsonType.BOOLEAN:
        yield from (_value(value) for value in (True, False))
    elif only is JsonType.STRING:
        yield from _texts(schema)
    elif only in (JsonType.INTEGER, JsonType.NUMBER):
        yield from _numbers(schema, integer=only is JsonType.INTEGER)
    elif only is JsonType.ARRAY:
        yield from _arrays(schema, on_wire=on_wire)
    elif only is JsonType.OBJECT and not schema.properties and not on_wire:
        yield Boundary({}, Message("with no fields", "без полей"), Worth.OTHER)
    if not on_wire and JsonType.NULL in schema.types:
        yield Boundary(None, Message("null", "null"), Worth.NULL, anywhere=True)


def _branches(schema: Schema) -> Iterator[Boundary]:
    """A value of each branch that has a name."""
    for branch in islice(schema.branches.values(), _MOST_BRANCHES):
        tags, value = tags_of(schema, branch), sample(branch)
        if tags and schema.discriminator is not None and isinstance(value, Mapping):
            value = {**value, schema.discriminator.property_name: tags[0]}
        way = split(branch.pointer)
        name = tags[0] if tags else branch.title or (way[-1] if way[-2:-1] == ("schemas",) else "")
        if name and isinstance(value, Mapping):
            what = Message(f"as {name}", f"вид {name}")
            yield Boundary(value, what, Worth.BOUNDARY, anywhere=True, branch=branch)


def _enum(schema: Schema, *, on_wire: bool) -> Iterator[Boundary]:
    for value in (schema.enum or ())[:_MOST_VALUES]:
        if value is None:
            if not on_wire:
                yield Boundary(None, Message("null", "null"), Worth.NULL, anywhere=True)
        elif isinstance(value, str | bool | int | float):
            yield _value(value)


def _value(value: str | bool | int | float) -> Boundary:
    shown = str(value).lower() if isinstance(value, bool) else str(value)[:_LONGEST_SHOWN]
    return Boundary(value, Message(shown, shown), Worth.ENUM_VALUE, anywhere=True)


_DATES = (
    ("2024-02-29", "of a leap day", "29 февраля"),
    ("2024-12-31", "of the last day of a year", "последний день года"),
    ("1970-01-01", "of the beginning of 1970", "начало 1970 года"),
)
_TIMES = (
    ("2024-02-29T12:00:00Z", "of a leap day", "29 февраля"),
    ("2024-05-17T09:30:00+14:00", "of another time zone", "другой часовой пояс"),
    ("2024-05-17T09:30:00.123456Z", "with a fraction of a second", "доли секунды"),
    ("2024-12-31T23:59:59Z", "of the end of a year", "конец года"),
)
_ADDRESSES = (
    ("first.last+tag@mail.example.com", "with a tag", "с меткой после плюса"),
    ("a@example.com", "of one letter", "из одной буквы"),
)
_RARE = {"date": _DATES, "date-time": _TIMES, "email": _ADDRESSES}
WITH_CALENDAR = frozenset(_RARE)
"""Formats of which every text means something."""
_UNICODE = (
    ("Проверка связи", "in Cyrillic", "кириллица"),
    ("Crème brûlée 🎉👩‍🚀", "with emoji", "эмодзи"),
    ("Cafe\u0301 A\u030angstro\u0308m", "with combining marks", "составные знаки"),
    ("مرحبا שלום", "from right to left", "справа налево"),
)


def _texts(schema: Schema) -> Iterator[Boundary]:
    low, high = schema.length.low, schema.length.high
    if low is not None and low <= _LONGEST:
        shortest = _of_length(schema, int(low))
        if shortest:
            what = Message("of minimum length", "наименьшая длина")
            yield Boundary(shortest, what, Worth.BOUNDARY)
    if high is not None and high <= _LONGEST and high != low:
        longest = _of_length(schema, int(high))
        if longest:
            what = Message("of maximum length", "наибольшая длина")
            yield Boundary(longest, what, Worth.BOUNDARY)
    for text, en, ru in _RARE.get(schema.format or "", ()):
        yield Boundary(text, Message(en, ru), Worth.BOUNDARY, anywhere=True)
    follows_a_rule = schema.pattern is not None or said_examples(schema.description)
    if schema.format in FREE and not follows_a_rule:
        for text, en, ru in _UNICODE:
            yield Boundary(text, Message(en, ru), Worth.UNICODE)


def _of_length(schema: Schema, length: int) -> str | None:
    """A text of `length` code points: words and a run of one letter, or what a pattern repeats."""
    if schema.pattern is None and schema.format in FREE:
        return _WORDS[:length].rstrip().ljust(length, "x")
    return None if schema.pattern is None else _repeating(schema.pattern, length)


def _repeating(pattern: str, length: int) -> str | None:
    """What `pattern` matches, with so many repetitions that it has `length` code points."""
    first, second = matching(pattern, 0), matching(pattern, 1)
    if first is None or second is None or len(second) == len(first):
        return first if first is not None and len(first) == length else None
    extra, rest = divmod(length - len(first), len(second) - len(first))
    made = matching(pattern, extra) if extra >= 0 and not rest else None
    return made if made is not None and len(made) == length else None


def _numbers(schema: Schema, *, integer: bool) -> Iterator[Boundary]:
    bounds = schema.bounds
    step = _exact(schema.multiple_of) or (Fraction(1) if integer else None)
    low, high = _exact(bounds.low), _exact(bounds.high)
    if low is not None:
        point = _next(low, step, excluded=bounds.exclusive_low, up=True)
        yield Boundary(_plain(point), Message("at minimum", "минимум"), Worth.BOUNDARY)
    if high is not None and high != low:
        point = _next(high, step, excluded=bounds.exclusive_high, up=False)
        yield Boundary(_plain(point), Message("at maximum", "максимум"), Worth.BOUNDARY)
    if low is None:
        return
    yield Boundary(0, Message("zero", "ноль"), Worth.OTHER)
    if low < 0:
        negative = -(step or Fraction(1))
        yield Boundary(_plain(negative), Message("negative", "меньше нуля"), Worth.OTHER)


def _next(end: Fraction, step: Fraction | None, *, excluded: bool, up: bool) -> Fraction:
    """The allowed point nearest to `end` on the grid; without a grid a hundredth away."""
    if step is None:
        return end + (_HUNDREDTH if up else -_HUNDREDTH) if excluded else end
    point = (ceil(end / step) if up else floor(end / step)) * step
    if excluded and point == end:
        return point + step if up else point - step
    return point


def _exact(number: int | float | None) -> Fraction | None:
    """The number as it is written; None for what no client writes exactly."""
    if number is None or (isinstance(number, float) and not isfinite(number)):
        return None
    if isinstance(number, int):
        return Fraction(number)
    return Fraction(str(number)) if abs(number) < _SAFE else None


def _plain(point: Fraction) -> int | float:
    return int(point) if point.denominator == 1 else float(point)


def _arrays(schema: Schema, *, on_wire: bool) -> Iterator[Boundary]:
    low, high = schema.size.low, schema.size.high
    if not low and not on_wire:
        yield Boundary([], Message("with no items", "без элементов"), Worth.BOUNDARY, anywhere=True)
    ends = (
        (low, "with the fewest items", "наименьшее число элементов"),
        (high if high != low else None, "with the most items", "наибольшее число элементов"),
    )
    for size, en, ru in ends:
        made = of_size(schema, int(size)) if size and size <= _MOST_ITEMS else None
        if made is not None:
            yield Boundary(made, Message(en, ru), Worth.BOUNDARY, anywhere=True)
    if on_wire and schema.items is not None and (low or 0) <= 1:
        for item in boundaries(schema.items, on_wire=True):
            if isinstance(item.value, str | int | float) and item.worth is not Worth.UNICODE:
                yield Boundary([item.value], item.what, item.worth, item.anywhere)
