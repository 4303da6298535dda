"""Carrying a breach out on a value: the ways to do it, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from pe4king_core.mock.mutants.operators import Breaks, Kind
from pe4king_core.model.json import EACH, Json, split


class NotThereError(Exception):
    """The value has nothing at the place that a mutant is about."""


class _Absent:
    """Stands for a member that is taken away."""


_ABSENT = _Absent()
Change = Callable[[Json], "Json | _Absent"]

_NO_PATTERN = ("~", "", "0", "a", " ", "\t\n", "\u2603")
_NO_ERRORS: tuple[Json, ...] = ({}, {"unexpected": True}, [], "error", None)


def changed(value: Json, subject: str, operator: str, needed: Json) -> Iterator[Json]:
    """The value with the breach at `subject`, in each way there is. Raises NotThereError."""
    tokens = split(subject)
    for change in _changes(operator, needed):
        made = _at(value, tokens, change)
        if not isinstance(made, _Absent):
            yield made


def _at(value: Json, tokens: Sequence[str], change: Change) -> Json | _Absent:
    if not tokens:
        return change(value)
    token, rest = tokens[0], tokens[1:]
    if isinstance(value, Mapping):
        names = list(value) if token == EACH and token not in value else [token]
        return _in_object(value, names, rest, change)
    if isinstance(value, Sequence) and not isinstance(value, str):
        numbers = range(len(value)) if token == EACH else [int(token)] if token.isdecimal() else []
        return _in_array(value, numbers, rest, change)
    raise NotThereError


def _in_object(
    value: Mapping[str, Json], names: Sequence[str], rest: Sequence[str], change: Change
) -> Json:
    made, found = dict(value), False
    for name in names:
        if name not in value:
            continue
        try:
            inner = _at(value[name], rest, change)
        except NotThereError:
            continue
        found = True
        if isinstance(inner, _Absent):
            del made[name]
        else:
            made[name] = inner
    if not found:
        raise NotThereError
    return made


def _in_array(
    value: Sequence[Json], numbers: Sequence[int], rest: Sequence[str], change: Change
) -> Json:
    made, found = list(value), False
    for number in numbers:
        if number >= len(value):
            continue
        try:
            inner = _at(value[number], rest, change)
        except NotThereError:
            continue
        found = True
        made[number] = None if isinstance(inner, _Absent) else inner
    if not found:
        raise NotThereError
    return made


def _changes(operator: str, needed: Json) -> Iterator[Change]:
    """Functions that break a value; the most likely one first."""
    if operator == Breaks.MISSING:
        yield lambda _: _ABSENT
    elif operator == Breaks.NULL:
        yield lambda _: None
    elif operator == Breaks.TYPE and isinstance(needed, Sequence):
        kind = str(needed[0])
        yield lambda value: _as_kind(value, kind)
    elif operator in (Breaks.BELOW, Breaks.ABOVE, Breaks.ENUM):
        yield lambda _: needed
    elif operator == Breaks.FORMAT and isinstance(needed, Sequence):
        yield lambda _: needed[1]
    elif operator == Breaks.NOT_MULTIPLE and isinstance(needed, int | float):
        yield from _no_multiples(needed)
    elif operator == Breaks.PATTERN:
        yield lambda value: f"{value}~\n" if isinstance(value, str) else "~"
        yield from (_always(each) for each in _NO_PATTERN)
    elif operator == Breaks.EXTRA:
        yield lambda value: {**_object(value), str(needed): True}
    elif operator == Breaks.ERROR_BODY:
        yield from (_always(each) for each in _NO_ERRORS)
    else:
        yield from _sizes(operator, needed)


def _sizes(operator: str, needed: Json) -> Iterator[Change]:
    count = needed if isinstance(needed, int) else 0
    if operator == Breaks.TOO_SHORT:
        yield lambda value: _text(value)[: count - 1]
    elif operator == Breaks.TOO_LONG:
        yield lambda value: _longer(_text(value), count + 1)
    elif operator == Breaks.TOO_FEW:
        yield lambda value: _list(value)[: count - 1]
    elif operator == Breaks.TOO_MANY:
        yield lambda value: _more(_list(value), count + 1)
    elif operator == Breaks.REPEATED:
        yield lambda value: [*_list(value), _first(_list(value))]
    elif operator == Breaks.BAD_ITEM:
        for kind in dict.fromkeys((str(needed), *Kind)):
            yield lambda value, kind=kind: _last_as(_list(value), kind)  # type: ignore[misc]


def _always(value: Json) -> Change:
    return lambda _: value


def _no_multiples(step: int | float) -> Iterator[Change]:
    for part in (2, 3, 7):
        share = step / part
        yield lambda value, share=share: (value if isinstance(value, int | float) else 0) + share  # type: ignore[misc]


def _as_kind(value: Json, kind: str) -> Json:
    if kind == Kind.TEXT:
        return _written(value)
    if kind == Kind.NUMBER:
        return int(value) if isinstance(value, bool) else 12345
    if kind == Kind.FRACTION:
        return int(value) % 2**31 + 0.5 if isinstance(value, int | float) else 0.5
    if kind == Kind.LIST:
        return [value]
    if kind == Kind.OBJECT:
        return {"value": value}
    return True if kind == Kind.BOOLEAN else None


def _written(value: Json) -> str:
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        return "text"
    return value if isinstance(value, str) else json.dumps(value)


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise NotThereError
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise NotThereError
    return list(value)


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise NotThereError
    return value


def _first(items: list[Json]) -> Json:
    if not items:
        raise NotThereError
    return items[0]


def _longer(text: str, length: int) -> str:
    return text + (text[-1:] or "x") * (length - len(text))


def _more(items: list[Json], count: int) -> list[Json]:
    _first(items)
    return items + [items[-1]] * (count - len(items))


def _last_as(items: list[Json], kind: str) -> list[Json]:
    _first(items)
    return [*items[:-1], _as_kind(items[-1], kind)]
