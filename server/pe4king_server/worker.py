"""Work that needs the processor, away from the event loop.

Daemon threads: the server can leave at any time without waiting for them. One by default, so
that two pieces of work never compete for the interpreter; more for work that mostly waits. A
cancelled caller stops waiting; what runs is let run.
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
    """Runs functions in the order of the calls, in threads that start with the first of them."""

    def __init__(self, threads: int = 1) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._missing = threads

    async def __call__(
        self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs
    ) -> T:
        """The result of `function(*arguments, **options)`; its exceptions come through."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(partial(_work, loop, future, partial(function, *arguments, **options)))
        if self._missing:
            self._missing -= 1
            threading.Thread(target=self._run, name="pe4king-worker", daemon=True).start()
        try:
            return await future
        finally:
            # An exception would hold this frame, and with it itself and all that it has seen.
            del future

    def _run(self) -> None:
        while True:
            self._queue.get()()


def _work(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], call: Callable[[], T]
) -> None:
    if future.cancelled():
        return
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
        trace = error.__traceback__
        error.__traceback__ = None if trace is None else trace.tb_next
        _deliver(loop, future, partial(future.set_exception, _raisable(error)))
    else:
        _deliver(loop, future, partial(future.set_result, result))


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
