"""Scripted answers: what the next calls of an operation get instead of the usual."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from pe4king_core.model.json import Json, split

MAX_SCRIPTS = 10_000


@dataclass(frozen=True, slots=True)
class Script:
    """One answer for calls of one operation.

    `operation` is a key (`GET /books/{id}`), an operationId, or method and path as sent
    (`GET /books/1`). What is not given stays as the document has it.
    """

    operation: str
    status: int | None = None
    body: Json = None
    has_body: bool = False
    members: Mapping[str, Json] = field(default_factory=dict)
    """Values by JSON pointer (or plain name) that are set in the usual body."""
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = ""
    delay: float = 0.0
    """Milliseconds."""
    nth: int | None = None
    """Only the call with this number, counted from 1 since the script was added."""
    times: int | None = None
    """How many calls it answers before it is used up; None: all."""
    always: bool = False
    """Also where the request is invalid, has no credentials, or means what does not exist."""


@dataclass(slots=True, eq=False)
class _Playing:
    script: Script
    number: int = 0
    seen: int = 0
    played: int = 0

    @property
    def spent(self) -> bool:
        script = self.script
        if script.nth is not None:
            return self.seen >= script.nth
        return script.times is not None and self.played >= script.times


class Listed(NamedTuple):
    """A script that is on, by its number, and how many calls it has answered."""

    number: int
    script: Script
    played: int


class Scripts:
    """The scripts of one service; the one that was added last is asked first. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._playing: list[_Playing] = []
        self._numbers = count(1)

    def __len__(self) -> int:
        return len(self._playing)

    @property
    def all(self) -> list[Listed]:
        """The scripts that are on, in the order in which they are asked."""
        with self._lock:
            return [Listed(each.number, each.script, each.played) for each in self._playing]

    def add(self, scripts: Sequence[Script]) -> tuple[int, ...]:
        """Play `scripts` from now on; of those for the same calls the first one plays first.

        Gives their numbers.
        """
        with self._lock:
            added = [_Playing(script, next(self._numbers)) for script in scripts]
            self._playing[:0] = added
            del self._playing[MAX_SCRIPTS:]
        return tuple(each.number for each in added)

    def remove(self, number: int) -> bool:
        """Play the script `number` no longer; whether there was one."""
        with self._lock:
            left = [each for each in self._playing if each.number != number]
            found = len(left) < len(self._playing)
            self._playing = left
        return found

    def clear(self) -> None:
        """Play nothing."""
        with self._lock:
            self._playing.clear()

    def of(self, names: Sequence[str]) -> Calls | None:
        """What is scripted for this call, which goes by `names`; None: nothing."""
        if not self._playing:
            return None
        with self._lock:
            found = [each for each in self._playing if each.script.operation in names]
            for each in found:
                each.seen += 1
        return Calls(self, found) if found else None

    def take(self, found: Sequence[_Playing], *, always: bool) -> Script | None:
        """The script of `found` that plays now; it is used up by that."""
        with self._lock:
            for each in found:
                script = each.script
                if (always and not script.always) or not _due(each):
                    continue
                each.played += 1
                self._playing = [one for one in self._playing if not one.spent]
                return script
        return None


@dataclass(slots=True)
class Calls:
    """The scripts for one call."""

    _scripts: Scripts
    _found: Sequence[_Playing]

    def first(self, *, always: bool = False) -> Script | None:
        """The script that plays; with `always` only of those that play whatever is sent."""
        return self._scripts.take(self._found, always=always)


def _due(playing: _Playing) -> bool:
    script = playing.script
    if script.nth is not None:
        return playing.seen == script.nth
    return script.times is None or playing.played < script.times


def with_members(value: Json, members: Mapping[str, Json]) -> Json:
    """`value` with `members` set; what is missing on the way is made, lists are not extended."""
    for name, wanted in members.items():
        tokens = split(name) if name.startswith("/") else (name,)
        value = _with(value, tokens, wanted)
    return value


def _with(value: Json, tokens: tuple[str, ...], wanted: Json) -> Json:
    if not tokens:
        return wanted
    first, rest = tokens[0], tokens[1:]
    if isinstance(value, Sequence) and not isinstance(value, str):
        places = range(len(value)) if first == "*" else [int(first)] if first.isdecimal() else []
        return [
            _with(item, rest, wanted) if number in places else item
            for number, item in enumerate(value)
        ]
    members = dict(value) if isinstance(value, Mapping) else {}
    members[first] = _with(members.get(first), rest, wanted)
    return members
