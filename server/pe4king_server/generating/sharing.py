"""Who makes which file: every child has a list of its own, the parent takes from the ends.

A child begins with its largest file, the parent takes the last of the longest list, which is the
next largest, so they meet at the smallest files and end together. What a child does not deliver,
for whatever reason, the parent makes: a failure needs no handling of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pe4king_core.rendering.written import WrittenTests

_STEP = 0.1
"""Seconds between two looks at what children have delivered."""
_LEAST_PATIENCE = 1.0
_PATIENCE = 3.0
"""How much longer than the parent itself a child may take for its last file."""


class Shared:
    """The files of one document, those that are made and those that are left. Thread-safe."""

    def __init__(self, sizes: Sequence[int], children: int) -> None:
        self._sizes = sizes
        self._made: dict[int, WrittenTests] = {}
        self._changed = threading.Condition()
        largest = sorted(range(len(sizes)), key=lambda number: (-sizes[number], number))
        self._lists = [_meeting(largest[child::children]) for child in range(children)]
        self._living = set(range(children))
        self._started = time.monotonic()
        self._own = 0
        """Operations of the files that the parent has made."""

    def of_child(self, child: int) -> Sequence[int]:
        """The numbers of the files that are a child's, in the order in which it makes them."""
        return tuple(self._lists[child])

    def deliver(self, made: WrittenTests, *, own: bool = False) -> None:
        """A file is there."""
        with self._changed:
            self._made.setdefault(made.number, made)
            self._own += self._sizes[made.number] if own else 0
            self._changed.notify_all()

    def leave(self, child: int) -> None:
        """A child makes nothing more."""
        with self._changed:
            self._living.discard(child)
            self._changed.notify_all()

    @property
    def finished(self) -> int:
        """How many operations have their files."""
        with self._changed:
            return sum(self._sizes[number] for number in self._made)

    def made(self) -> Iterable[WrittenTests]:
        """All files in the order of their models."""
        return [self._made[number] for number in range(len(self._sizes))]

    def take(self) -> int | None:
        """The next file for the parent; None where all are there.

        Waits for the last file of a child, but not for long: it may hang.
        """
        until: float | None = None
        with self._changed:
            while (left := self._left()) and any(left.values()):
                free = {child: self._free(child, numbers) for child, numbers in left.items()}
                longest = max(free.values(), key=self._size)
                if longest:
                    return longest[-1]
                now = time.monotonic()
                last = [numbers[0] for numbers in left.values() if numbers]
                until = until or now + self._patience(max(map(self._sizes.__getitem__, last)))
                if now > until:
                    return last[0]
                self._changed.wait(_STEP)
        return None

    def _left(self) -> dict[int, list[int]]:
        return {
            child: [number for number in numbers if number not in self._made]
            for child, numbers in enumerate(self._lists)
        }

    def _free(self, child: int, numbers: list[int]) -> list[int]:
        """What the parent may take of `numbers`: a child that lives is at the first of them."""
        return numbers[1:] if child in self._living else numbers

    def _size(self, numbers: list[int]) -> int:
        return sum(self._sizes[number] for number in numbers)

    def _patience(self, size: int) -> float:
        """Seconds that a child may take for a file of `size` operations."""
        rate = (time.monotonic() - self._started) / max(self._own, 1)
        return _LEAST_PATIENCE + _PATIENCE * rate * size


def _meeting(largest: Sequence[int]) -> list[int]:
    """Large ones at both ends, the smallest in the middle."""
    return [*largest[::2], *reversed(largest[1::2])]
