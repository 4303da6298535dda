"""Things by name of which only the recently used ones are kept, within a size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Makes what is asked for; `trim` forgets what was not asked for longest. Thread-safe.

    Bounded by number and by the sum of `size`, but for the one that was used last.
    """

    def __init__(
        self, make: Callable[[], T], size: Callable[[T], int], *, number: int, total: int
    ) -> None:
        self._make = make
        self._size = size
        self._number = number
        self._total = total
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: Hashable) -> T:
        """The one thing of this name."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = self._make()
            self._kept.move_to_end(name)
            return self._kept[name]

    def all(self) -> list[T]:
        """What is kept."""
        with self._lock:
            return list(self._kept.values())

    def trim(self) -> None:
        """Forget what is too much; whoever still uses it may go on."""
        with self._lock:
            total = sum(map(self._size, self._kept.values()))
            while len(self._kept) > 1 and (len(self._kept) > self._number or total > self._total):
                _, forgotten = self._kept.popitem(last=False)
                total -= self._size(forgotten)
