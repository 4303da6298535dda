"""Checks for JSON values, each a small function; they are put together in `bodies`.

A check is given a value and its JSON pointer and yields a `Problem` for everything that is
wrong. The rules are those of JSON Schema 2020-12: `true` is not a number, `2.0` is an integer,
lengths count code points.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one parameter or property."""

    field: str
    problem: str


Check: TypeAlias = Callable[[Json, str], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of text: how it is recognised and how people call it."""

    name: str
    matches: Callable[[str], bool]


def _pattern(name: str, expression: str) -> Format:
    compiled = re.compile(expression, re.ASCII)
    return Format(name, lambda text: compiled.fullmatch(text) is not None)


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_USER = r"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"

UUID = _pattern("a UUID", r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE = Format("a date such as 2025-03-31", _is_date)
EMAIL = _pattern("an e-mail address", rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
URI = _pattern(
    "a URI with its scheme",
    rf"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://{_USER}{_HOST}(?::[0-9]*)?(?:/{_CHARACTER}*)*|/?(?:{_CHARACTER}+(?:/{_CHARACTER}*)*)?)"
    rf"(?:\?(?:{_CHARACTER}|[/?])*)?(?:#(?:{_CHARACTER}|[/?])*)?",
)


def matching(expression: str) -> Format:
    """Text that matches `expression` from its first to its last character."""
    return _pattern(f"like {expression}", expression)


def text(
    minimum: int = 0, maximum: int | None = None, form: Format | None = None, nullable: bool = False
) -> Check:
    """A string with a length from `minimum` to `maximum`, of the given form."""

    def check(value: Json, field: str) -> Iterator[Problem]:
        if value is None and nullable:
            return
        if not isinstance(value, str):
            yield Problem(field, "must be a string" + (" or null" if nullable else ""))
            return
        if len(value) < minimum:
            yield Problem(field, f"must have at least {minimum} characters")
        if maximum is not None and len(value) > maximum:
            yield Problem(field, f"must have at most {maximum} characters")
        if form is not None and not form.matches(value):
            yield Problem(field, f"must be {form.name}")

    return check


def is_number(value: Json) -> bool:
    """Whether `value` is a JSON number; in Python, booleans are numbers too."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Json) -> bool:
    """Whether `value` is a JSON number with no fraction."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())  # type: ignore[union-attr]


def integer(minimum: int, maximum: int) -> Check:
    """A whole number from `minimum` to `maximum`."""

    def check(value: Json, field: str) -> Iterator[Problem]:
        if not is_integer(value):
            yield Problem(field, "must be an integer")
        elif value < minimum:  # type: ignore[operator]
            yield Problem(field, f"must be at least {minimum}")
        elif value > maximum:  # type: ignore[operator]
            yield Problem(field, f"must be at most {maximum}")

    return check


def number(above: float, maximum: float) -> Check:
    """A number greater than `above` and not greater than `maximum`."""

    def check(value: Json, field: str) -> Iterator[Problem]:
        if not is_number(value):
            yield Problem(field, "must be a number")
        elif not value > above:  # type: ignore[operator]
            yield Problem(field, f"must be greater than {above}")
        elif value > maximum:  # type: ignore[operator]
            yield Problem(field, f"must be at most {maximum}")

    return check


def boolean(value: Json, field: str) -> Iterator[Problem]:
    """Either `true` or `false`."""
    if not isinstance(value, bool):
        yield Problem(field, "must be true or false")


def choice(*allowed: str | int) -> Check:
    """One of the allowed values."""

    def check(value: Json, field: str) -> Iterator[Problem]:
        if isinstance(value, bool) or value not in allowed:
            yield Problem(field, f"must be one of {', '.join(map(str, allowed))}")

    return check


def array(item: Check, minimum: int, maximum: int, unique: bool = False) -> Check:
    """A list of `minimum` to `maximum` items, each of which passes `item`."""

    def check(value: Json, field: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(field, "must be an array")
            return
        if len(value) < minimum:
            yield Problem(field, f"must have at least {minimum} items")
        if len(value) > maximum:
            yield Problem(field, f"must have at most {maximum} items")
            return
        if unique and len({json.dumps(one, sort_keys=True) for one in value}) < len(value):
            yield Problem(field, "must not have the same item twice")
        for index, one in enumerate(value):
            yield from item(one, f"{field}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with all of `required`, any of `optional` and nothing else."""
    known = {**required, **(optional or {})}

    def check(value: Json, field: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(field, "must be an object")
            return
        for name in required:
            if name not in value:
                yield Problem(f"{field}/{name}", "is required")
        for name, one in value.items():
            place = f"{field}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in known:
                yield from known[name](one, place)
            else:
                yield Problem(place, "is not known")

    return check


def tagged(tag: str, kinds: Mapping[str, Check]) -> Check:
    """An object whose property `tag` says which of `kinds` it must be."""

    def check(value: Json, field: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(field, "must be an object")
            return
        kind = value.get(tag)
        if isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, field)
        else:
            yield Problem(f"{field}/{tag}", f"must be one of {', '.join(kinds)}")

    return check
