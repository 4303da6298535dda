"""Times and numbers that make sense only together, or only ahead of now.

A schema allows a range that ends before it starts, and a delivery in 1970; a service does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pe4king_core.generation.proofs.boundaries import WITH_CALENDAR, Boundary
from pe4king_core.generation.resources.repetition import is_said_twice
from pe4king_core.generation.samples.realism import Setting, says_future
from pe4king_core.generation.wording import words_of
from pe4king_core.model.schema import Schema

_PAIRS = (
    ("start", "end"),
    ("starts", "ends"),
    ("start", "finish"),
    ("begin", "end"),
    ("from", "to"),
    ("from", "until"),
    ("from", "till"),
    ("since", "until"),
    ("after", "before"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("low", "high"),
    ("lower", "upper"),
    ("first", "last"),
    ("open", "close"),
    ("checkin", "checkout"),
    ("gte", "lte"),
    ("gt", "lt"),
    ("начало", "конец"),
    ("начало", "окончание"),
    ("начала", "конца"),
    ("начала", "окончания"),
    ("от", "до"),
    ("с", "по"),
)
"""Words that the two ends of a range differ by, the lower one first."""
_LONG_AGO = "2000"
_PAST = frozenset(
    {"birth", "birthday", "birthdate", "born", "dob", "founded", "established", "built"}
    | {"published", "publication", "released", "release", "hired", "death", "рождения"}
)
_ALL = frozenset(word for pair in _PAIRS for word in pair)
_NUMBER = re.compile(r"[-+]?[\d ]*[.,]?\d+")
_CONDITIONAL = re.compile(
    r"(required|mandatory|must be (set|given|provided|present)|обязател\w+|нужн\w+)\W{1,3}"
    r"(only )?(if|when|for|in case|если|когда|при|для)\b",
    re.IGNORECASE,
)


def makes_sense(
    name: str, schema: Schema, boundary: Boundary, others: Mapping[str, object], *, written: bool
) -> bool:
    """Whether a service may well take the edge for the field `name` beside the `others` sent.

    `written`: it is stored, and not just looked for.
    """
    value = boundary.value
    if is_said_twice(name, others) or (name == "op" and "path" in others):
        return False
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return True
    calendar = schema.format in WITH_CALENDAR and schema.format != "email"
    if isinstance(value, str):
        if not calendar:
            return not _is_endless_number(schema, boundary)
        if Setting(name).is_future or says_future(schema.description):
            return False
        if written and value < _LONG_AGO and _PAST.isdisjoint(words_of(name)):
            return False
    if not others or not is_of_range(name):
        return True
    return all(_ordered(value, other, way) for way, other in _ends(name, others))


def is_of_range(name: str) -> bool:
    """Whether the name is that of one end of a range."""
    return not _ALL.isdisjoint(words_of(name))


def _is_endless_number(schema: Schema, boundary: Boundary) -> bool:
    """Whether a text is as long as a number in it can be: an amount that nobody has."""
    if schema.pattern is None or boundary.anywhere:
        return False
    return _NUMBER.fullmatch(str(boundary.value)) is not None


def is_conditional(schema: Schema) -> bool:
    """Whether the description says that it is required under some condition."""
    return bool(schema.description) and _CONDITIONAL.search(schema.description) is not None


def _ends(name: str, others: Mapping[str, object]) -> Iterator[tuple[int, object]]:
    """The values of the other ends of the range, with 1 where they have to be higher, else -1."""
    wanted = dict(_partners(words_of(name)))
    if wanted:
        for other, value in others.items():
            way = wanted.get(words_of(other))
            if way is not None:
                yield way, value


def _partners(words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    for index, word in enumerate(words):
        for low, high in _PAIRS:
            if word == low:
                yield (*words[:index], high, *words[index + 1 :]), 1
            elif word == high:
                yield (*words[:index], low, *words[index + 1 :]), -1


def _ordered(value: str | int | float, other: object, way: int) -> bool:
    if isinstance(value, str):
        if not isinstance(other, str):
            return True
        return value <= other if way > 0 else value >= other
    if isinstance(other, bool) or not isinstance(other, int | float):
        return True
    return value <= other if way > 0 else value >= other
