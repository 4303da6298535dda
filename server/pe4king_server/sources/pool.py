"""Many test files at once: a child process for each core, each given a batch at a time.

The children are those of `reading.process`: nothing of the server's own streams or threads reaches
them (so nothing is forked), they have limits, and end with us. A batch that ends its child is cut
in two and tried again, until the one file that does it is found; that file is reported.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_core.errors import DocumentError
from pe4king_core.testcode.indexed import IndexedFile
from pe4king_server.reading.process import (
    JobError,
    Limits,
    OutdatedError,
    ReaderProcess,
    ReaderUnavailableError,
)

JOBS: Mapping[str, str] = {"read_batch": "pe4king_server.sources.batches:read_batch"}
BATCH = 40
"""Files that one child reads before it is asked for more, at most."""
MOST_PROCESSES = 8
_LIMITS = Limits(seconds=120.0)

_logger = logging.getLogger(__name__)

Wanted = Callable[[], bool]


@dataclass(slots=True)
class _Work:
    """What is to be read, and what came of it. Shared by the threads that wait for children."""

    listing: tuple[str, ...]
    opened: Mapping[str, str]
    batches: queue.SimpleQueue[list[str]]
    found: list[IndexedFile] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Files for which there was no child."""
    stopped: threading.Event = field(default_factory=threading.Event)


def read_files(
    uris: Sequence[str],
    listing: tuple[str, ...],
    opened: Mapping[str, str],
    wanted: Wanted | None = None,
    jobs: Mapping[str, str] = JOBS,
) -> tuple[list[IndexedFile], list[str]]:
    """What the index keeps of `uris`, and those for which no process could be had.

    Blocks; raises OutdatedError where `wanted` says that nobody waits for it any more.
    """
    count = min(os.cpu_count() or 1, MOST_PROCESSES)
    size = max(1, min(BATCH, -(-len(uris) // (count * 4))))
    work = _Work(listing, opened, queue.SimpleQueue())
    # Files of one folder share their helpers.
    ordered = sorted(uris)
    for start in range(0, len(ordered), size):
        work.batches.put(ordered[start : start + size])
    processes = [ReaderProcess(_LIMITS, jobs) for _ in range(count)]
    threads = [
        threading.Thread(target=_serve, args=(process, work), name="pe4king-index", daemon=True)
        for process in processes
    ]
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            if wanted is not None and not wanted():
                raise OutdatedError
            for thread in threads:
                thread.join(0.1)
    finally:
        work.stopped.set()
        for process in processes:
            process.close()
    return work.found, work.left


def _serve(process: ReaderProcess, work: _Work) -> None:
    """Have `process` read batches until there are none."""
    while not work.stopped.is_set():
        try:
            batch = work.batches.get_nowait()
        except queue.Empty:
            return
        try:
            result = process.call("read_batch", "\n".join(batch), work.listing, work.opened)
        except ReaderUnavailableError:
            work.left += batch
        except (DocumentError, JobError) as error:
            if work.stopped.is_set():
                return
            if len(batch) == 1:
                _logger.error("The tests in %s could not be read: %s", batch[0], error)
                work.found.append(IndexedFile(batch[0], unread=True))
                continue
            middle = len(batch) // 2
            work.batches.put(batch[:middle])
            work.batches.put(batch[middle:])
        else:
            work.found += result if isinstance(result, list) else []
