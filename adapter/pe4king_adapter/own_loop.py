"""An event loop in a thread of its own, so that a coroutine can be waited for from anywhere.

`asyncio.run` fails where a loop runs already, and connections belong to the loop that made them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from pe4king_core.daemon_threads import DaemonThreads

Result = TypeVar("Result")


class OwnLoop:
    """Starts at the first use. The thread is a daemon: it never keeps a script from ending."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def result(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What `work` comes to; waits for it. An interrupt cancels it."""
        future = self._submit(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    async def awaited(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What `work` comes to, for a caller with a loop; cancelling it cancels `work`."""
        return await asyncio.wrap_future(self._submit(work))

    def stop(self) -> None:
        """End the thread; a further use starts a new one."""
        with self._starting:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _submit(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(DaemonThreads())
                arguments = (self._loop,)
                self._thread = threading.Thread(target=_run, args=arguments, daemon=True)
                self._thread.start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()
