"""Child processes that take part in making the files of a large document.

The children are those of `reading.process`: nothing is forked, they have limits and end with us.
The parent works as well; one that can have no child does everything itself.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ParamSpec

from pe4king_core.errors import UserError
from pe4king_server.generating.sharing import Shared
from pe4king_server.memory import give_back_large_blocks
from pe4king_server.reading.process import (
    JobError,
    Limits,
    OutdatedError,
    ReaderProcess,
    ReaderUnavailableError,
)

if TYPE_CHECKING:
    from pe4king_core.model.operation import ApiDocument
    from pe4king_core.openapi.units.document_text import DocumentText
    from pe4king_core.rendering.written import WrittenTests
    from pe4king_server.generating.making import Making

JOBS: Mapping[str, str] = {
    name: f"pe4king_server.generating.job:Maker.{name}"
    for name in ("warm_up", "prepare", "make_files")
}
LEAST = 150
"""Operations from which on a child is worth its start."""
MOST = 1
"""Children beside the parent: each holds a document of its own in memory."""
_LIMITS = Limits(seconds=600.0)

P = ParamSpec("P")

_logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many operations are done, of how many."""


class Helpers:
    """The children of one process; there are none before they are needed, nor after."""

    def __init__(
        self,
        least: int = LEAST,
        children: int | None = None,
        jobs: Mapping[str, str] = JOBS,
    ) -> None:
        self._least = least
        self._count = min(MOST, _cores() - 1) if children is None else children
        self._jobs = jobs
        self._processes: list[ReaderProcess] = []
        self._prepared: DocumentText | None = None
        self._preparing: list[threading.Thread] = []

    def start(self) -> None:
        """Start the children ahead of the work, and load what it needs, there and here, while
        something else is waited for."""
        if self._processes:
            return
        self._open()
        for process in self._processes:
            _in_thread(_asked, process, "warm_up")
        _in_thread(_load)

    def _open(self) -> None:
        self._processes = [ReaderProcess(_LIMITS, self._jobs) for _ in range(self._count)]

    def prepare(self, document: ApiDocument, text: DocumentText | None) -> None:
        """Have the children read a large document ahead of the work; `text` is what it says."""
        if text is None or len(document.entries) < self._least or not self._count:
            return
        if text is self._prepared:
            return
        if self._prepared is not None:
            self.close()  # what a child has read it makes the files of
        from pe4king_core.openapi.units.packing import packed

        if not self._processes:
            self._open()
        self._prepared, units = text, packed(text)
        self._preparing = [
            _in_thread(_asked, process, "prepare", document.uri, body=[units])
            for process in self._processes
        ]

    def close(self) -> None:
        """End the children, whatever they are doing."""
        _end(self._dismissed())

    def _dismissed(self) -> list[ReaderProcess]:
        """The children, which are no longer ours."""
        processes, self._processes, self._prepared = self._processes, [], None
        return processes

    def files(
        self, making: Making, text: DocumentText | None, done: Progress | None = None
    ) -> Iterable[WrittenTests]:
        """The files of `making` in their order; `text` is that of its document."""
        total = sum(making.sizes)
        alone = total < self._least or len(making.sizes) < 2 or making.extra
        if alone or text is None or not self._count:
            return making.all(_counting(done, total))
        try:
            self.prepare(making.document, text)
            made = self._shared(making, done)
        except BaseException:
            self.close()
            raise
        _in_thread(_end, self._dismissed())  # to take their memory away costs time
        return made

    def _shared(self, making: Making, done: Progress | None) -> Iterable[WrittenTests]:
        from pe4king_core.openapi.parsing.reading import collector_paused

        shared, total = Shared(making.sizes, self._count), sum(making.sizes)
        give_back_large_blocks()
        for child, process in enumerate(self._processes):
            _in_thread(_serve, process, self._preparing[child], making, shared, child)
        with collector_paused():
            while (number := shared.take()) is not None:
                told = _counting(done, total, shared.finished)
                shared.deliver(making.make(number, told), own=True)
        return shared.made()


def _cores() -> int:
    """How many processors we may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


def _counting(done: Progress | None, total: int, before: int = 0) -> Callable[[], None] | None:
    """Counts operations, from `before` on."""
    if done is None:
        return None
    count = before

    def finished() -> None:
        nonlocal count
        count += 1
        done(min(count, total), total)

    return finished


def _in_thread(
    function: Callable[P, None], *arguments: P.args, **options: P.kwargs
) -> threading.Thread:
    """The thread, started, in which `function` runs; it ends with us."""
    thread = threading.Thread(target=function, args=arguments, kwargs=options, daemon=True)
    thread.start()
    return thread


def _end(processes: Iterable[ReaderProcess]) -> None:
    for process in processes:
        process.close()


def _load() -> None:
    from pe4king_server.generating.warming import warm_up

    warm_up()


def _asked(
    process: ReaderProcess, job: str, *arguments: object, body: list[bytes] | None = None
) -> None:
    """Have a child do something ahead of the work; whatever goes wrong is seen when it works."""
    try:
        process.call(job, *arguments, body=body)
    except (UserError, JobError, OutdatedError, ReaderUnavailableError) as error:
        _logger.info("A process for generating tests is not ready: %s", error)


def _serve(
    process: ReaderProcess, ready: threading.Thread, making: Making, shared: Shared, child: int
) -> None:
    """Have a child make what is its share; whatever ends it, the parent goes on."""
    ready.join()
    from pe4king_server.generating.sending import received

    arguments = (making.wish, shared.of_child(child))
    try:
        process.each("make_files", *arguments, told=lambda made: shared.deliver(received(made)))
    except (UserError, JobError, OutdatedError, ReaderUnavailableError) as error:
        _logger.info("A process for generating tests has ended: %s", error)
    finally:
        shared.leave(child)
