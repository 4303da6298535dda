"""The tree of processes below one: how many, how much memory, and the end of all of them."""

from __future__ import annotations

import contextlib
import math
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

_THREADS = re.compile(r"^Threads:\s+(\d+)", re.MULTILINE)
_OWN_MEMORY = re.compile(r"^Rss(?:Anon|Shmem):\s+(\d+) kB", re.MULTILINE)
_SHARED_OUT = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_ROUNDS = 1000


def below(process: int) -> Iterator[int]:
    """All living descendants of `process`, as /proc tells."""
    waiting = [process]
    while waiting:
        parent = waiting.pop()
        children = _children(parent)
        waiting += children
        yield from children


def _children(process: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            text = Path(f"/proc/{process}/task/{thread}/children").read_text(encoding="ascii")
            found += map(int, text.split())
    return found


def tasks_and_memory(process: int) -> tuple[int, int]:
    """Threads, and bytes of memory, of all descendants; what forks share is counted for each."""
    tasks = memory = 0
    for each in below(process):
        status = _read(each, "status")
        tasks += sum(map(int, _THREADS.findall(status)))
        memory += sum(map(int, _OWN_MEMORY.findall(status)))
    return tasks, memory * 1024


def exact_memory(process: int, seconds: float) -> float:
    """Bytes of memory of all descendants, shared pages counted once.

    A process that is busy with its memory makes us wait: infinite where it takes too long.
    """
    until, memory = time.monotonic() + seconds, 0
    for each in below(process):
        memory += sum(map(int, _SHARED_OUT.findall(_read(each, "smaps_rollup"))))
        if time.monotonic() > until:
            return math.inf
    return memory * 1024


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def kill_below(process: int) -> None:
    """Kill all descendants, and those that they have made meanwhile, and take their bodies away."""
    for _ in range(_ROUNDS):
        found = list(below(process))
        for each in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(each, signal.SIGKILL)
        _reap()
        if not found:
            return


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
