"""What things are found by: ids as texts, new ids that nothing has yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote
from uuid import UUID, uuid5

from pe4king_core.generation.samples.patterns import matching
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_SPACE = UUID("5d0f3d0a-93a4-4c0c-9e8e-4d3c2b1a0f9e")
"""The name space of the UUIDs that are made here (RFC 9562 section 5.5)."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOST_TURNS = 400
_LONGER = 9
"""Characters that are repeated more often than a pattern asks for, so that ids do not run out."""
_COUNTING = re.compile(r"(.*[a-zA-Z][-_])(\d{1,6})", re.DOTALL)
"""Ids that a server counts: `customer-7`."""
_STEPS = 20
_HEXADECIMAL = re.compile(r"[0-9a-f]{12,64}")


def text_of(value: Json) -> str:
    """An id as it stands in a path; UUIDs in one spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text.lower() if len(text) == 36 and _UUID.fullmatch(text) else text


def token_of(value: Json) -> str:
    """An id as things are kept under it: one segment of a path, percent-encoded."""
    return quote(text_of(value), safe="")


def typed(text: Json, schema: Schema | None) -> Json:
    """The id `text` as values of `schema` write it; as it is where that cannot be."""
    kind = schema.only_type if schema is not None else None
    if isinstance(text, str) and kind is JsonType.INTEGER and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if isinstance(text, int | float) and kind is JsonType.STRING:
        return text_of(text)
    return text


def fresh_id(
    like: Json,
    schema: Schema | None,
    taken: Callable[[Json], bool],
    number: int,
    room: str,
    in_paths: tuple[Schema, ...] = (),
) -> Json:
    """An id for the `number`-th thing of `room` that nothing has; `like` is a valid one.

    `in_paths` is what paths say of it. `like` itself where the schemas leave no other.
    """
    tried = 0
    for turn in range(_MOST_TURNS):
        for found in _candidates(like, (*in_paths, schema), number + turn, room):
            tried += 1
            if tried > _MOST_TURNS:
                return like
            if not taken(found) and may_be_id(found, schema, in_paths):
                return found
    return like


def may_be_id(value: Json, schema: Schema | None, in_paths: Iterable[Schema]) -> bool:
    """Whether answers, with `schema`, and paths may name something by `value`."""
    told = is_valid_id(typed(value, schema), schema)
    return told and all(is_valid_id(typed(value, each), each) for each in in_paths)


def _candidates(
    like: Json, schemas: tuple[Schema | None, ...], number: int, room: str
) -> Iterator[Json]:
    if isinstance(like, bool) or not isinstance(like, str | int):
        return
    if isinstance(like, int):
        yield like + number
        yield number
        return
    unique = uuid5(_SPACE, f"{room}/{number}")
    stated = [schema for schema in schemas if schema is not None]
    if _UUID.fullmatch(like) or any(schema.format == "uuid" for schema in stated):
        yield str(UUID(int=unique.int & ~(0xF << 76) | (0x4 << 76)))
        return
    if _HEXADECIMAL.fullmatch(like):
        yield unique.hex[: len(like)].ljust(len(like), "0")
    if like.isdecimal():
        yield str(int(like) + number)
    yield from _texts(like, number)
    for schema in stated:
        for extra in (_LONGER, 0) if schema.pattern is not None else ():
            found = matching(schema.pattern or "", extra)
            if found is not None:
                yield _like(found, unique.hex)
    yield _like(like, unique.hex)


def _like(text: str, digits: str) -> str:
    """`text` with letters for letters and digits for digits, chosen by hexadecimal `digits`.

    What does not match the pattern any more is no candidate, and another one is tried.
    """
    made = list(text)
    places = [at for at, each in enumerate(text) if each.isascii() and each.isalnum()]
    for at, digit in zip(reversed(places), digits, strict=False):
        known = "0123456789" if text[at].isdigit() else "abcdefghijklmnop"
        other = known[int(digit, 16) % len(known)]
        made[at] = other.upper() if text[at].isupper() else other
    return "".join(made)


def _texts(like: str, number: int) -> Iterator[str]:
    """`like` with another number in or behind it."""
    counting = _COUNTING.fullmatch(like)
    if counting is not None:
        first = int(counting[2]) + number
        yield from (f"{counting[1]}{first + step}" for step in range(_STEPS))
    last = re.search(r"\d+(?=\D*$)", like)
    if last is not None:
        width = len(last.group())
        counted = str(int(last.group()[-15:]) + number).zfill(width)[-width:]
        yield like[: last.start()] + counted + like[last.end() :]
    yield f"{like}-{number + 1}"
    yield f"{like}{number + 1}"
    tail = str(number + 1)
    yield like[: -len(tail)] + tail if len(like) > len(tail) else tail


def is_valid_id(value: Json, schema: Schema | None) -> bool:
    """Whether `schema` has nothing against an id."""
    if schema is None:
        return True
    return validity(value, schema, direction=Direction.RESPONSE) is not Validity.INVALID
