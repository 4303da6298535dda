"""Things that were made once and are likely to be asked for again, within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The things asked for last, up to `most` of what `size` measures. Thread-safe.

    Something larger than an eighth of all is not kept. Two threads may make the same thing at the
    same time; both get the one that was kept first.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most = most
        self._size = size
        self._used = 0
        self._found: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made when it is not there."""
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
                return found[0]
        made = make()
        size = 1 + self._size(made)
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                return found[0]
            if size <= self._most // 8:
                self._found[key] = (made, size)
                self._used += size
                while self._used > self._most:
                    self._used -= self._found.popitem(last=False)[1][1]
        return made
