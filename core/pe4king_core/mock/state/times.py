"""When things were made and changed, by a clock that every change moves on a bit."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json

_MADE = frozenset({"created", "creation", "create", "added", "registered", "inserted"})
_CHANGED = frozenset({"updated", "update", "modified", "modification", "changed", "edited"})
_WHEN = frozenset({"at", "on", "date", "time", "timestamp", "utc", "datetime"})
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})((?:\.\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?))"
)
_SINCE_1970 = (1_000_000_000, 4_000_000_000)
"""Between these numbers a number is taken for seconds since 1970."""
_STEP = timedelta(minutes=1)


def of_made(made_up: Mapping[str, Json], sent: Collection[str], number: int) -> dict[str, Json]:
    """The times of the `number`-th thing that was made; `made_up` has those of the first one."""
    found = {
        name: _later(value, number)
        for name, value in made_up.items()
        if name not in sent and _says(name, _MADE) and _is_moment(value)
    }
    first = next(iter(found.values()), None)
    for name, value in made_up.items():
        if name not in sent and _says(name, _CHANGED) and _is_moment(value):
            found[name] = first if type(first) is type(value) else _later(value, number)
    return found


def of_changed(before: Mapping[str, Json], sent: Collection[str]) -> dict[str, Json]:
    """The times of a thing after a change that said nothing of them."""
    return {
        name: _later(value, 1)
        for name, value in before.items()
        if name not in sent and _says(name, _CHANGED) and _is_moment(value)
    }


def _says(name: str, what: frozenset[str]) -> bool:
    words = words_of(name)
    return bool(words) and words[0] in what and all(each in _WHEN for each in words[1:])


def _is_moment(value: Json) -> bool:
    if isinstance(value, str):
        return _MOMENT.fullmatch(value) is not None
    low, high = _SINCE_1970
    return isinstance(value, int) and not isinstance(value, bool) and low < value < high


def _later(value: Json, steps: int) -> Json:
    if isinstance(value, int):
        return value + steps * int(_STEP.total_seconds())
    found = _MOMENT.fullmatch(str(value))
    if found is None:
        return value
    try:
        moved = datetime.fromisoformat(found[1]) + steps * _STEP
    except (ValueError, OverflowError):
        return value
    return moved.isoformat(sep=found[1][10]) + found[2]
