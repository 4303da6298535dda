"""Child processes that take part in making the files of a large document.

The children are those of `reading.process`: nothing is forked, they have limits and end with us.
The parent works as well; one that can have no child does everything itself.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

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
    from pe4king_core.openapi.units.document_text import DocumentText
    from pe4king_core.rendering.written import WrittenTests
    from pe4king_server.generating.making import Making

JOBS: Mapping[str, str] = {
    "warm_up": "pe4king_server.generating.job:warm_up",
    "make_files": "pe4king_server.generating.job:make_files",
}
LEAST = 150
"""Operations from which on a child is worth its start."""
MOST = 1
"""Children beside the parent: each holds a document of its own in memory."""
_LIMITS = Limits(seconds=600.0)

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

    def start(self) -> None:
        """Start the children ahead of the work, while there is nothing else to do."""
        if self._processes:
            return
        self._processes = [ReaderProcess(_LIMITS, self._jobs) for _ in range(self._count)]
        for process in self._processes:
            threading.Thread(target=_warm_up, args=(process,), daemon=True).start()

    def close(self) -> None:
        """End the children, whatever they are doing."""
        processes, self._processes = self._processes, []
        for process in processes:
            process.close()

    def files(
        self, making: Making, text: DocumentText | None, done: Progress | None = None
    ) -> Iterable[WrittenTests]:
        """The files of `making` in their order; `text` is that of its document."""
        total = sum(making.sizes)
        alone = text is None or total < self._least or len(making.sizes) < 2 or making.extra
        if text is None or alone or not self._count:
            return making.all(_counting(done, total))
        self.start()
        try:
            return self._shared(making, text, done)
        finally:
            self.close()

    def _shared(
        self, making: Making, text: DocumentText, done: Progress | None
    ) -> Iterable[WrittenTests]:
        from pe4king_core.openapi.units.packing import packed

        shared, total = Shared(making.sizes, self._count), sum(making.sizes)
        units = packed(text)
        give_back_large_blocks()
        for child, process in enumerate(self._processes):
            arguments = (process, [units], making, shared, child)
            threading.Thread(target=_serve, args=arguments, daemon=True).start()
        del units
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


def _warm_up(process: ReaderProcess) -> None:
    try:
        process.call("warm_up")
    except (UserError, JobError, OutdatedError, ReaderUnavailableError) as error:
        _logger.info("A process for generating tests is not ready: %s", error)


def _serve(
    process: ReaderProcess, units: list[bytes], making: Making, shared: Shared, child: int
) -> None:
    """Have a child make what is its share; whatever ends it, the parent goes on."""
    arguments = (making.document.uri, making.wish, shared.of_child(child))
    try:
        process.each(
            "make_files", units.pop(), *arguments, told=lambda made: shared.deliver(_tests(made))
        )
    except (UserError, JobError, OutdatedError, ReaderUnavailableError) as error:
        _logger.info("A process for generating tests has ended: %s", error)
    finally:
        shared.leave(child)


def _tests(made: object) -> WrittenTests:
    """Raises ValueError where a child says something else."""
    from pe4king_core.rendering.written import WrittenTests

    if not isinstance(made, WrittenTests):
        raise ValueError("this is no file of tests")
    return made
