"""Threads that nobody waits for, for work that cannot be cancelled, only left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def leave_threads_behind() -> None:
    """Let the running event loop end without waiting for the threads that it uses."""
    asyncio.get_running_loop().set_default_executor(DaemonThreads())


class DaemonThreads(ThreadPoolExecutor):
    """The threads in which asyncio looks up host names, as daemons.

    Python joins the threads of a pool at exit: with a name server that does not answer, a program
    that was ended or interrupted would stay for as long as the look-up takes.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` in a thread of its own."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=run, name="look-up", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nobody."""
