"""Work that needs the processor, away from the event loop.

One daemon thread: the server can leave at any time without waiting for it, and two pieces of
work never compete for the interpreter. A cancelled caller stops waiting; what runs is let run.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ThreadWorker:
    """Runs functions one after the other in a daemon thread that starts with the first."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def __call__(
        self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs
    ) -> T:
        """The result of `function(*arguments, **options)`; its exceptions come through."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def task() -> None:
            if future.cancelled():
                return
            try:
                result = function(*arguments, **options)
            except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
                _deliver(loop, future, partial(future.set_exception, _raisable(error)))
            else:
                _deliver(loop, future, partial(future.set_result, result))

        self._queue.put(task)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="pe4king-worker", daemon=True)
            self._thread.start()
        return await future

    def _run(self) -> None:
        while True:
            self._queue.get()()


def _raisable(error: BaseException) -> Exception:
    """What a future takes: no StopIteration, and nothing that would end the event loop."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    wrapped = RuntimeError(f"{type(error).__name__} in the worker")
    wrapped.__cause__ = error
    return wrapped


def _deliver(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], settle: Callable[[], None]
) -> None:
    def unless_done() -> None:
        if not future.done():
            settle()

    try:
        loop.call_soon_threadsafe(unless_done)
    except RuntimeError:
        return  # the loop is closed: nobody waits any more
