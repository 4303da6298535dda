"""One deadline for the many waits of a stream: a timer per chunk would cost as much as reading it.

`asyncio.timeout` cannot span the pauses in which a stream's reader does other things: it would
cancel those too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")


class Deadline:
    """Ends whatever `within` waits for once `seconds` have passed; `stop` it in the end."""

    def __init__(self, seconds: float) -> None:
        self._late = False
        self._waiting: asyncio.Task[object] | None = None
        self._timer = asyncio.get_running_loop().call_later(seconds, self._pass)

    async def within(self, wait: Callable[[], Awaitable[Result]]) -> Result:
        """The result of `wait()`; raises TimeoutError where it is late."""
        task = asyncio.current_task()
        self._waiting = task
        try:
            if self._late:
                raise TimeoutError
            return await wait()
        except asyncio.CancelledError:
            if not self._late or (task is not None and task.uncancel() > 0):
                raise
            raise TimeoutError from None
        finally:
            self._waiting = None

    def stop(self) -> None:
        """There is nothing left to wait for."""
        self._timer.cancel()

    def _pass(self) -> None:
        self._late = True
        if self._waiting is not None:
            self._waiting.cancel()
