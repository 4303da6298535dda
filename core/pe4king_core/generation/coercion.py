"""What a lenient server may make of a value before it validates it.

A request is provably invalid only if none of these readings is valid: text for numbers and the
other way round, words for booleans, null for a missing value, one value for a list of one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from pe4king_core.model.json import Json

_TRUE = frozenset({"true", "t", "1", "yes", "y", "on"})
_FALSE = frozenset({"false", "f", "0", "no", "n", "off"})
_SEPARATORS = (",", "|", " ", ";", "\t")
_LONGEST_NUMBER = 400


def readings(value: Json) -> Iterator[Json]:
    """`value` of a JSON body, then what it may be taken for."""
    yield from _single(value)
    if not isinstance(value, list | tuple):
        for reading in _single(value):
            yield [reading]
    elif len(value) == 1:
        yield value[0]


def _single(value: Json) -> Iterator[Json]:
    yield value
    if isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, bool):
        yield from (int(value), str(value).lower())
    elif isinstance(value, int | float):
        yield from _of_number(value)


def text_readings(text: str) -> Iterator[Json]:
    """What the text of a parameter may be taken for: itself, a number, a list ..."""
    yield from _of_wire(text)
    if text == "" or text.strip().lower() == "null":
        yield from (None, [])
    for separator in ("\0", *_SEPARATORS):
        parts = text.split(separator)
        yield list(parts)
        readable = [list(_of_text(part)) for part in parts]
        for choice in range(2):
            if all(len(found) > choice for found in readable):
                yield [found[choice] for found in readable]


def _of_wire(text: str) -> Iterator[Json]:
    yield text
    yield text.strip()
    yield from _of_text(text)


def _of_text(text: str) -> Iterator[Json]:
    """Numbers and booleans that `text` may stand for."""
    stripped = text.strip()
    number = _number(stripped)
    if number is not None:
        yield from dict.fromkeys((number, int(number)))
    word = stripped.lower()
    if word in _TRUE | _FALSE:
        yield word in _TRUE


def _of_number(value: int | float) -> Iterator[Json]:
    yield str(value)
    if isinstance(value, float) and math.isfinite(value):
        yield int(value)
        yield str(int(value))
    if value in (0, 1):
        yield bool(value)


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
