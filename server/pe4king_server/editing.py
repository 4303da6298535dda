"""Who is editing which file: two commands at once take turns, so that neither misplaces the other.

An editor tells of an edit after it made it; a second edit that is computed before that would be
for the text as it was, and some editors make it all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import unquote
from weakref import WeakValueDictionary


class Editing:
    """One lock for each file that is being edited."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def files(self, uris: Iterable[str]) -> AsyncIterator[None]:
        """Wait until nobody edits one of `uris`, and keep others waiting meanwhile."""
        async with AsyncExitStack() as held:
            # Always in the same order, so that no two wait for each other.
            for key in sorted({unquote(uri) for uri in uris}):
                lock = self._locks.setdefault(key, asyncio.Lock())
                await held.enter_async_context(lock)
            yield
