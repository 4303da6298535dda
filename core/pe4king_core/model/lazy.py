"""Sequences that are made when somebody first looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import RLock
from typing import Generic, TypeVar, cast, overload

S = TypeVar("S")
T = TypeVar("T")


class LazySequence(Sequence[T], Generic[T]):
    """Items that `make` gives, asked once and in any thread; equals a tuple of the same items.

    What `make` raises reaches the one who looks, and the next look asks again.
    """

    __slots__ = ("_lock", "_made", "_make")

    def __init__(self, make: Callable[[], Iterable[T]]) -> None:
        self._make = make
        self._made: tuple[T, ...] | None = None
        self._lock = RLock()

    @property
    def is_made(self) -> bool:
        """Whether the items are there already."""
        return self._made is not None

    def _items(self) -> tuple[T, ...]:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = tuple(self._make())
        return self._made

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self._items()[index]

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[T]:
        return iter(self._items())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LazySequence | tuple):
            return self is other or self._items() == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._items())

    def __repr__(self) -> str:
        return "LazySequence(…)" if self._made is None else f"LazySequence({self._made!r})"


class Derived:
    """What others work out from one object, each thing once; it goes when the object goes."""

    __slots__ = ("_found", "_lock")

    def __init__(self) -> None:
        self._found: dict[Callable[..., object], object] = {}
        self._lock = RLock()

    def get(self, make: Callable[[S], T], source: S) -> T:
        """`make(source)`, made when it is first asked for; `source` is always the same object."""
        found = self._found.get(make)
        if found is None:
            with self._lock:
                found = self._found.get(make)
                if found is None:
                    found = self._found[make] = make(source)
        return cast(T, found)
