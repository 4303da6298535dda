"""The process that stands over one command: it watches, and it ends everything."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from dataclasses import replace

from pe4king_core.proof.sandbox import channel
from pe4king_core.proof.sandbox.inside import kernel, tree
from pe4king_core.proof.sandbox.inside.confining import Becoming, become
from pe4king_core.proof.sandbox.inside.kernel import Kernel
from pe4king_core.proof.sandbox.inside.usage import Usage
from pe4king_core.proof.sandbox.parts import Part

_TICK = 0.1
"""Seconds between two looks at the tree; a look takes about a millisecond."""
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the sandbox's own is mounted there
_LEAST_PROCESSES = 301
"""The kernel refuses less than this."""


def keep(system: Kernel | None, becoming: Becoming) -> None:
    """Run the command until it ends, is too large, or nobody wants it any more. Never returns."""
    try:
        parent = os.getppid()
        if system is not None:
            if Part.PROCESSES in becoming.held:
                system.die_with_parent(signal.SIGKILL)
                system.unshare(kernel.NEW_PROCESSES)
            else:
                system.adopt_orphans()
        first = os.fork()
        if first == 0:
            _first(system, becoming)
        for file in becoming.files:
            os.close(file)
        why = _watch(first, parent, becoming)
        _end_all(first)
        with contextlib.suppress(channel.ClosedError):
            channel.send(becoming.control, {"ended": why})
    finally:
        os._exit(0)


def _first(system: Kernel | None, becoming: Becoming) -> None:
    """The first process of the namespace: when it ends, the kernel ends all others there."""
    os.setsid()
    if system is not None:
        system.die_with_parent(signal.SIGKILL)
        with contextlib.suppress(OSError):  # A help for the rest of the machine, no wall.
            system.take_first_when_memory_is_short()
        if Part.PROCESSES not in becoming.held:
            system.adopt_orphans()
        if Part.MOUNTS in becoming.held:
            becoming = _with_own_mounts(system, becoming)
    command = os.fork()
    if command == 0:
        become(system, becoming)
    for file in becoming.files:
        os.close(file)
    while os.wait()[0] != command:
        pass  # An orphan that came to us.
    os._exit(0)


def _with_own_mounts(system: Kernel, becoming: Becoming) -> Becoming:
    """What is mounted for this command alone, as far as the system lets us."""
    system.unshare(kernel.NEW_MOUNTS)
    held, writable = set(becoming.held), becoming.writable
    if Part.READ_ONLY in becoming.plan.parts:
        with contextlib.suppress(OSError):
            system.only_writable(becoming.plan.scratch)
            held.add(Part.READ_ONLY)
    if Part.PROCESSES in held:
        with contextlib.suppress(OSError):
            _see_own_processes(system, becoming.plan.limits.most_processes)
    with contextlib.suppress(OSError):
        system.mount("tmpfs", _SHARED_MEMORY, f"size={becoming.plan.limits.file_size}")
        writable = (_SHARED_MEMORY,)
    return replace(becoming, held=frozenset(held), writable=writable)


def _see_own_processes(system: Kernel, most: int) -> None:
    """Only those of this namespace, and no more of them than `most` (Linux 6.14)."""
    system.mount("proc", "/proc")
    try:
        with open("/proc/sys/kernel/pid_max", "w", encoding="ascii") as file:
            file.write(str(max(most, _LEAST_PROCESSES)))
    finally:
        # The files of root's own settings are root's, with privileges or without.
        system.make_read_only("/proc")


def _watch(first: int, parent: int, becoming: Becoming) -> str:
    """Wait for the end; returns why it has to be brought about ("" where it came by itself)."""
    waiting = select.poll()
    waiting.register(becoming.control, select.POLLIN | select.POLLHUP)
    if hasattr(os, "pidfd_open"):  # Else the end is found at the next look.
        waiting.register(os.pidfd_open(first), select.POLLIN)
    usage = Usage(becoming.plan, os.getpid())
    watched = Part.WATCH in becoming.plan.parts
    while True:
        ready = [number for number, _ in waiting.poll(_TICK * 1000)]
        if os.waitpid(first, os.WNOHANG)[0]:
            return ""
        if becoming.control.fileno() in ready or os.getppid() != parent:
            return "stopped"
        if watched and (why := usage.too_much()):
            return why


def _end_all(first: int) -> None:
    """End what is left, and return when it is gone."""
    with contextlib.suppress(OSError):
        os.kill(first, signal.SIGKILL)
    # Where /proc tells nothing, the command's own session at least.
    with contextlib.suppress(OSError):
        os.killpg(first, signal.SIGKILL)
    tree.kill_below(os.getpid())
    with contextlib.suppress(ChildProcessError):
        while True:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.001)
