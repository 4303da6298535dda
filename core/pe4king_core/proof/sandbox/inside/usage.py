"""Whether a tree of processes takes more than it may: memory, processes, room on the disk."""

from __future__ import annotations

import os
import time

from pe4king_core.proof.sandbox.inside import tree
from pe4king_core.proof.sandbox.inside.plan import Plan

_BLOCK = 512
"""What `st_blocks` counts in, whatever the file system."""
_MOST_ENTRIES = 300_000
_LEAST_PAUSE = 2.0
_PATIENCE = 1.0
_SHARE = 50
"""Looking through the scratch folder takes at most this part of the time."""


class Usage:
    """What the descendants of `process` use."""

    def __init__(self, plan: Plan, process: int) -> None:
        self._plan = plan
        self._process = process
        self._next_look = time.monotonic() + _LEAST_PAUSE

    def too_much(self) -> str:
        """What there is too much of: "processes", "memory", "scratch"; else ""."""
        limits = self._plan.limits
        tasks, memory = tree.tasks_and_memory(self._process)
        if tasks > limits.processes:
            return "processes"
        if memory > limits.memory and tree.exact_memory(self._process, _PATIENCE) > limits.memory:
            return "memory"
        begun = time.monotonic()
        if begun < self._next_look:
            return ""
        full = not fits(self._plan.scratch, limits.scratch)
        ended = time.monotonic()
        self._next_look = ended + max(_LEAST_PAUSE, _SHARE * (ended - begun))
        return "scratch" if full else ""


def fits(folder: str, most: int) -> bool:
    """Whether all files below `folder` take at most so many bytes; links are not followed."""
    waiting, size, entries = [folder], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                for entry in found:
                    entries += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    size += entry.stat(follow_symlinks=False).st_blocks * _BLOCK
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue  # Gone meanwhile, or made unreadable: limits of single files are left.
        except OSError:
            return False  # Deeper than a path can be: nobody needs that.
        if size > most or entries > _MOST_ENTRIES:
            return False
    return True
