"""Mappings whose members are decoded when they are first looked at.

They are dicts, because that is what every reader of raw data expects. Only access through
`[]`, `get`, `items` and `values` decodes: never unpack one (`{**m}`) or copy it (`dict(m)`).
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, ValuesView
from typing import Protocol

from pe4king_core.openapi.raw import Raw


class Pending(Protocol):
    """A value that is not decoded yet."""

    @property
    def value(self) -> Raw:
        """The value; the same object each time."""


class LazyMapping(dict[Raw, Raw]):
    """A dict made of plain values and of pending ones."""

    __slots__ = ("_pending",)

    def __init__(self, members: dict[Raw, Raw], pending: dict[Raw, Pending]) -> None:
        super().__init__(members)
        self._pending = pending

    def __getitem__(self, key: Raw) -> Raw:
        waiting = self._pending.get(key)
        return super().__getitem__(key) if waiting is None else waiting.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and dict(self.items()) == (
            dict(other.items()) if isinstance(other, LazyMapping) else other
        )

    __hash__ = None

    def get(self, key: Raw, default: Raw = None) -> Raw:
        """The decoded member, or `default`."""
        waiting = self._pending.get(key)
        return super().get(key, default) if waiting is None else waiting.value

    def items(self) -> ItemsView[Raw, Raw]:  # type: ignore[override]  # a view of ours
        """All members, each decoded when the iteration comes to it."""
        return _Items(self)

    def values(self) -> ValuesView[Raw]:  # type: ignore[override]  # a view of ours
        """All values, each decoded when the iteration comes to it."""
        return _Values(self)


class _Items(ItemsView[Raw, Raw]):
    def __init__(self, mapping: LazyMapping) -> None:
        super().__init__(mapping)
        self._members = mapping

    def __iter__(self) -> Iterator[tuple[Raw, Raw]]:
        for key in self._members:
            yield key, self._members[key]


class _Values(ValuesView[Raw]):
    def __init__(self, mapping: LazyMapping) -> None:
        super().__init__(mapping)
        self._members = mapping

    def __iter__(self) -> Iterator[Raw]:
        for key in self._members:
            yield self._members[key]
