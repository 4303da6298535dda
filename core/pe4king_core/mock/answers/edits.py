"""Edits of a value, as data; those that would make it invalid are taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.model.json import Json

Path = tuple[str | int, ...]
_MOST_CHECKS = 16


class Gone:
    """Stands for a member that is left out."""


GONE = Gone()


@dataclass(frozen=True, slots=True)
class Edit:
    """A new value at `path`; `GONE` leaves the member out."""

    path: Path
    value: Json | Gone


def applied(value: Json, edits: Sequence[Edit], is_valid: Callable[[Json], bool]) -> Json:
    """`value` with as many of `edits` as keep it valid; those that do not are halved away."""
    if not edits:
        return value
    waiting, left = [list(edits)], _MOST_CHECKS
    while waiting and left:
        some = waiting.pop()
        if not some:
            continue
        left -= 1
        candidate = edited(value, some)
        if is_valid(candidate):
            value = candidate
        elif len(some) > 1:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return value


def edited(whole: Json, edits: Sequence[Edit]) -> Json:
    """A copy of `whole` with all `edits`; those inside of what is gone by then do nothing."""
    made: list[Json] = [plain(whole)]
    for edit in edits:
        # A copy, as the next edit may be inside of it.
        value = edit.value if isinstance(edit.value, Gone) else plain(edit.value)
        _put(made, (0, *edit.path), value)
    return made[0]


def plain(value: Json) -> Json:
    """A copy of `value` made of dictionaries and lists that nobody else has."""
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _put(holder: Json, path: Path, value: Json | Gone) -> None:
    for token in path[:-1]:
        inside = _inside(holder, token)
        if inside is None:
            return
        holder = inside
    last = path[-1]
    if isinstance(holder, dict) and isinstance(last, str):
        if isinstance(value, Gone):
            holder.pop(last, None)
        else:
            holder[last] = value
    elif isinstance(holder, list) and isinstance(last, int) and not isinstance(value, Gone):
        holder[last : last + 1] = [value] if last < len(holder) else []


def _inside(holder: Json, token: str | int) -> Json:
    if isinstance(holder, dict) and isinstance(token, str):
        found: Json = holder.get(token)
        return found
    if isinstance(holder, list) and isinstance(token, int) and token < len(holder):
        item: Json = holder[token]
        return item
    return None
