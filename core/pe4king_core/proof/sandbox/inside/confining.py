"""The last steps of a process before it becomes the untrusted command."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pe4king_core.proof.sandbox import channel
from pe4king_core.proof.sandbox.inside import kernel, landlock, seccomp
from pe4king_core.proof.sandbox.inside.kernel import Kernel
from pe4king_core.proof.sandbox.inside.plan import Plan, Start
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.parts import ENFORCE, KEEPING_FILES, Part

_NOT_RUN = 127
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_PORTS_SINCE = 4
"""The version of Landlock that knows TCP."""


@dataclass(frozen=True, slots=True)
class Becoming:
    """What a process becomes: `files` are its standard streams, `control` hears how it went.

    `held` are the parts that are in force already, `writable` places beside the scratch folder
    that are the sandbox's own.
    """

    plan: Plan
    start: Start
    files: tuple[int, int, int]
    control: socket.socket
    held: frozenset[Part]
    writable: tuple[str, ...] = ()

    @property
    def allowed_port(self) -> int | None:
        """The one port that may be connected to, where there is no network of our own."""
        return None if Part.NETWORK in self.held else self.start.port


def become(system: Kernel | None, becoming: Becoming) -> None:
    """Confine this process and run the command in it; never returns."""
    try:
        for number, file in enumerate(becoming.files):
            os.dup2(file, number)
        os.chdir(becoming.start.cwd)
        held = _confine(system, becoming)
        env = _environment(becoming, held)
        channel.send(becoming.control, {"held": sorted(held)})
        for each in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        _close_others(becoming.control.fileno())
        program = becoming.start.command[0]
        os.execve(program, becoming.start.command, env)  # noqa: S606 - that is what we are for
    except Exception as error:  # noqa: BLE001 - whatever it was, this process must not go on
        with contextlib.suppress(OSError, channel.ClosedError):
            channel.send(becoming.control, {"failed": str(error)})
    finally:
        os._exit(_NOT_RUN)


def _confine(system: Kernel | None, becoming: Becoming) -> set[Part]:
    """Take all rights away that the plan says; returns what is in force then."""
    held = set(becoming.held)
    for part, step in _steps(system, becoming).items():
        with contextlib.suppress(OSError, ValueError):
            if part in becoming.plan.parts and step():
                held.add(part)
    if becoming.start.linked and not held & KEEPING_FILES:
        raise PermissionError("nothing here keeps the user's files as they are")
    if Part.FILES in held and system is not None and _locks_ports(system, becoming):
        held.add(Part.PORTS)
    return held


def _steps(system: Kernel | None, becoming: Becoming) -> dict[Part, Callable[[], bool]]:
    """How each part is brought about, in the only order that works."""
    plan = becoming.plan
    limits = {Part.LIMITS: lambda: _limit(plan.limits, own_user=Part.USER in becoming.held)}
    if system is None:
        return limits
    return limits | {
        Part.WATCH: lambda: True,  # By the keeper.
        Part.PRIVILEGES: lambda: _give_up_privileges(system),
        Part.FILES: lambda: _lock_files(system, becoming),
        Part.CALLS: lambda: _filter_calls(system, becoming),
    }


def _give_up_privileges(system: Kernel) -> bool:
    system.no_new_privileges()
    system.drop_capabilities()
    system.die_with_parent(signal.SIGKILL)
    return True


def _locks_ports(system: Kernel, becoming: Becoming) -> bool:
    wanted = Part.PORTS in becoming.plan.parts and becoming.allowed_port is not None
    return wanted and landlock.version(system) >= _PORTS_SINCE


def _lock_files(system: Kernel, becoming: Becoming) -> bool:
    known = landlock.version(system)
    if not known:
        return False
    port = becoming.allowed_port if _locks_ports(system, becoming) else None
    own = (becoming.plan.scratch, *becoming.writable, *_DEVICES)
    landlock.restrict(system, known, landlock.Allowed(becoming.start.readable, own, port))
    return True


def _filter_calls(system: Kernel, becoming: Becoming) -> bool:
    if not seccomp.knows(kernel.machine()):
        return False
    seccomp.restrict(system, kernel.machine(), datagrams=becoming.allowed_port is None)
    return True


def _environment(becoming: Becoming, held: set[Part]) -> dict[str, str]:
    """With what the process has to check by itself, where the kernel does not do it."""
    wanted: dict[str, Any] = {}
    if not (Part.CALLS in held and held & {Part.NETWORK, Part.PORTS}):
        wanted["port"] = becoming.allowed_port or 0
    if not held & KEEPING_FILES:
        wanted["readable"] = list(becoming.start.readable)
        wanted["writable"] = [becoming.plan.scratch, *_DEVICES]
    if not wanted or Part.IN_PROCESS not in becoming.plan.parts:
        return becoming.start.env
    held.add(Part.IN_PROCESS)
    return becoming.start.env | {ENFORCE: json.dumps(wanted)}


def _limit(limits: Limits, *, own_user: bool) -> bool:
    """Limits of this process and, each by itself, of those it starts."""
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_FSIZE": limits.file_size,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_DATA": limits.memory,
        "RLIMIT_MSGQUEUE": 0,
    }
    if own_user:  # Else all processes of the user would count.
        wanted["RLIMIT_NPROC"] = limits.most_processes
    for name, value in wanted.items():
        if (which := getattr(resource, name, None)) is not None:
            most = resource.getrlimit(which)[1]
            least = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(which, (least, least))
    return True


def _close_others(keep: int) -> None:
    """Nothing but the standard streams goes on; `keep` closes by itself."""
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, keep)
    os.closerange(keep + 1, max(most, keep + 1))
