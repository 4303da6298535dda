"""Which call of a test as it will be is which call of the test as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import ChangeIn
from pe4king_core.model.source import TestCall, TestFunction

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Pairing:
    """Old call ids to new ones, and the old calls that have none."""

    ids: dict[str, str]
    lost: tuple[TestCall, ...]


def paired(old: Sequence[TestCall], new: Sequence[TestCall]) -> Pairing:
    """The calls of both tests in pairs, in their order; reads alone may change places."""
    ids, lost = _in_order(old, new)
    if lost and all(each.method in _READING for each in (*old, *new)):
        ids, lost = _in_any_order(old, new)
    return Pairing(ids, tuple(lost))


def changed_values(old: TestFunction, new: TestFunction, ids: Mapping[str, str]) -> list[str]:
    """What calls of `old` carry and their pairs in `new` carry with another value, as JSON."""
    carried: dict[tuple[str, ChangeIn, str], set[str]] = {}
    for part in new.sent:
        if part.text:
            carried.setdefault((part.call, part.where, part.name), set()).add(part.text)
    found = [
        part.text
        for part in old.sent
        if part.text
        and part.text
        not in carried.get((ids.get(part.call, ""), part.where, part.name), {part.text})
    ]
    return list(dict.fromkeys(found))


def _in_order(
    old: Sequence[TestCall], new: Sequence[TestCall]
) -> tuple[dict[str, str], list[TestCall]]:
    """The longest common sequence."""
    best: list[list[int]] = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for at in range(len(old) - 1, -1, -1):
        for to in range(len(new) - 1, -1, -1):
            skipped = max(best[at + 1][to], best[at][to + 1])
            taken = best[at + 1][to + 1] + 1 if _same(old[at], new[to]) else 0
            best[at][to] = max(skipped, taken)
    ids: dict[str, str] = {}
    lost: list[TestCall] = []
    at = to = 0
    while at < len(old):
        here = best[at][to]
        if to < len(new) and _same(old[at], new[to]) and here == best[at + 1][to + 1] + 1:
            ids[old[at].id] = new[to].id
            at, to = at + 1, to + 1
        elif to < len(new) and here == best[at][to + 1]:
            to += 1
        else:
            lost.append(old[at])
            at += 1
    return ids, lost


def _in_any_order(
    old: Sequence[TestCall], new: Sequence[TestCall]
) -> tuple[dict[str, str], list[TestCall]]:
    ids: dict[str, str] = {}
    lost: list[TestCall] = []
    free = list(new)
    for call in old:
        found = next((each for each in free if _same(call, each)), None)
        if found is None:
            lost.append(call)
        else:
            free.remove(found)
            ids[call.id] = found.id
    return ids, lost


def _same(old: TestCall, new: TestCall) -> bool:
    """Whether both send the same request, as far as it can be read."""
    if (old.method, _path(old)) != (new.method, _path(new)):
        return False
    mine, other = old.parts, new.parts
    if mine.body is not other.body and new.unresolved is None:
        return False
    if not (mine.complete and other.complete):
        return True
    return (
        set(mine.body_names) == set(other.body_names)
        and set(mine.query) == set(other.query)
        and {each.lower() for each in mine.headers} <= {each.lower() for each in other.headers}
        and set(mine.cookies) == set(other.cookies)
        and set(mine.form) == set(other.form)
    )


def _path(call: TestCall) -> str:
    return call.path.rstrip("/") or "/"
