"""Members of collections by name and by place, made when they are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from pe4king_core.openapi.layout.marks import Key


class Members(Protocol):
    """The members of one collection; of a repeated key the last one has the name."""

    @property
    def by_name(self) -> Mapping[str, Key]:
        """The members by name."""

    @property
    def last(self) -> Key | None:
        """The last member in the text."""

    def before(self, offset: int) -> Key | None:
        """The last member that begins at `offset` or before it."""

    def __len__(self) -> int: ...


class FoundMembers:
    """Members that are there already, in the order of the text."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self._keys = keys
        self.by_name: Mapping[str, Key] = {key.name: key for key in keys}
        self._starts = [min(key.region.start, key.span.start) for key in keys]

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def last(self) -> Key | None:
        """The last member in the text."""
        return self._keys[-1] if self._keys else None

    def before(self, offset: int) -> Key | None:
        """The last member that begins at `offset` or before it."""
        number = bisect_right(self._starts, offset)
        return self._keys[number - 1] if number else None


class NumberedMembers:
    """Members that `make` gives for the numbers `first`, `first + 1` and so on.

    `starts` are the offsets at which they begin.
    """

    def __init__(
        self, names: Sequence[str], starts: Sequence[int], first: int, make: Callable[[int], Key]
    ) -> None:
        self._names = names
        self._starts = starts
        self._first = first
        self._make = make

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def by_name(self) -> Mapping[str, Key]:
        """The members by name, each made when it is asked for."""
        numbers = {name: self._first + index for index, name in enumerate(self._names)}
        return _Made(numbers, self._make)

    @property
    def last(self) -> Key | None:
        """The last member in the text."""
        return self._make(self._first + len(self._names) - 1) if self._names else None

    def before(self, offset: int) -> Key | None:
        """The last member that begins at `offset` or before it."""
        index = bisect_right(self._starts, offset)
        return self._make(self._first + index - 1) if index else None


class _Made(Mapping[str, Key]):
    def __init__(self, numbers: Mapping[str, int], make: Callable[[int], Key]) -> None:
        self._numbers = numbers
        self._make = make

    def __getitem__(self, name: str) -> Key:
        return self._make(self._numbers[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
