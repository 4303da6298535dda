"""What a lenient server may make of a value before it validates it.

A request is provably invalid only if none of these readings is valid: text for numbers and the
other way round, words for booleans, an empty text for null, one value for a list of one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from pe4king_core.model.json import Json

_TRUE = frozenset({"true", "t", "1", "yes", "y", "on"})
_FALSE = frozenset({"false", "f", "0", "no", "n", "off"})
_SEPARATORS = (",", "|", " ", ";", "\t")
_LONGEST_NUMBER = 400
_LONGEST_WORD = 100
"""Longer texts are no names of choices, so their letters have the case they have."""


class Way(Enum):
    """How a value was read."""

    SENT = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    TEXT = auto()
    WHOLE = auto()
    TRIMMED = auto()
    CASE = auto()
    ONE = auto()
    LIST = auto()
    NULL = auto()
    LEFT_OUT = auto()
    MISSING = auto()
    DEFAULT = auto()


class Reading(NamedTuple):
    """A value and how it came about."""

    value: Json
    way: Way


def readings(value: Json) -> tuple[Reading, ...]:
    """`value` of a JSON body, then what it may be taken for."""
    return _of_words(value) if isinstance(value, str) else tuple(_readings(value))


@lru_cache(maxsize=512)
def _of_words(text: str) -> tuple[Reading, ...]:
    """The same few texts are sent in many places."""
    return tuple(_readings(text))


def _readings(value: Json) -> Iterator[Reading]:
    yield from _single(value)
    if not isinstance(value, list | tuple):
        for reading in _single(value):
            yield Reading([reading.value], Way.ONE)
    elif len(value) == 1:
        yield Reading(value[0], Way.ONE)


def _single(value: Json) -> Iterator[Reading]:
    yield Reading(value, Way.SENT)
    if isinstance(value, str):
        yield from _of_text(value)
        yield from _respelt(value)
        if not value.strip():
            yield Reading(None, Way.NULL)
    elif isinstance(value, bool):
        yield Reading(int(value), Way.NUMBER)
        yield Reading(str(value).lower(), Way.TEXT)
    elif isinstance(value, int | float):
        yield from _of_number(value)


@lru_cache(maxsize=512)
def text_readings(text: str) -> tuple[Reading, ...]:
    """What the text of a parameter may be taken for: itself, a number, a list ..."""
    return tuple(_of_wire(text))


def _of_wire(text: str) -> Iterator[Reading]:
    yield Reading(text, Way.SENT)
    yield from _respelt(text)
    yield from _of_text(text)
    if text == "" or text.strip().lower() == "null":
        yield from (Reading(None, Way.NULL), Reading([], Way.LIST))
    yield Reading([text], Way.ONE)
    yield from (Reading([reading.value], Way.ONE) for reading in _of_text(text))
    for separator in _SEPARATORS:
        if separator in text:
            yield from _of_parts(text.split(separator), Way.LIST)


def list_readings(texts: list[str]) -> Iterator[Reading]:
    """What a name that is repeated, with each of `texts`, may be taken for."""
    yield from _of_parts(texts, Way.SENT)


def _of_parts(parts: list[str], way: Way) -> Iterator[Reading]:
    yield Reading(list(parts), way)
    readable = [[reading.value for reading in _of_text(part)] for part in parts]
    for choice in range(2):
        if all(len(found) > choice for found in readable):
            yield Reading([found[choice] for found in readable], way)


def _respelt(text: str) -> Iterator[Reading]:
    """Without the space around it, and in the other case."""
    stripped = text.strip()
    if stripped != text:
        yield Reading(stripped, Way.TRIMMED)
    if len(stripped) <= _LONGEST_WORD:
        for spelt in (stripped.lower(), stripped.upper()):
            if spelt not in (text, stripped):
                yield Reading(spelt, Way.CASE)


def _of_text(text: str) -> Iterator[Reading]:
    """Numbers and booleans that `text` may stand for."""
    stripped = text.strip()
    number = _number(stripped)
    if number is not None:
        for found in dict.fromkeys((number, int(number))):
            yield Reading(found, Way.NUMBER)
    word = stripped.lower()
    if word in _TRUE | _FALSE:
        yield Reading(word in _TRUE, Way.BOOLEAN)


def _of_number(value: int | float) -> Iterator[Reading]:
    yield Reading(str(value), Way.TEXT)
    if isinstance(value, float) and math.isfinite(value):
        yield Reading(int(value), Way.WHOLE)
        yield Reading(str(int(value)), Way.TEXT)
    if value in (0, 1):
        yield Reading(bool(value), Way.BOOLEAN)


def _number(text: str) -> int | float | None:
    """A finite number that `text` may be read as; generous, as servers are."""
    if len(text) > _LONGEST_NUMBER or not re.search(r"\d", text):
        return None
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        return number if isinstance(number, int) or math.isfinite(number) else None
    return None


def as_text(value: Json) -> str | None:
    """A scalar as it travels in a path, query, header or cookie; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None
