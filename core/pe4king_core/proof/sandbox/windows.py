"""Windows: a job object ends everything with our process and limits memory and processes.

Written from Microsoft's documentation and never run by our tests, which is what `confinement` says.
Files and network are not confined here but by checks inside Python processes.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from typing import Any

from pe4king_core.proof.sandbox.errors import not_started
from pe4king_core.proof.sandbox.inside.plan import Plan, Start
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.parts import ENFORCE, Part

_EXTENDED_LIMITS = 9
_KILL_ON_CLOSE, _JOB_MEMORY, _ACTIVE_PROCESSES = 0x2000, 0x200, 0x8
_SECONDS = 20.0


class _Basic(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Jobs:
    """What starts commands where there is no supervisor."""

    listener = None

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.held: frozenset[Part] = frozenset()

    def start(self, start: Start) -> tuple[tuple[int, int, int], Job]:
        """Start a command: our ends of its standard streams, and its job."""
        checks = {
            "port": start.port,
            "readable": list(start.readable),
            "writable": [self._plan.scratch],
        }
        in_process = Part.IN_PROCESS in self._plan.parts
        try:
            process = subprocess.Popen(  # noqa: S603 - that is what we are for
                start.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=start.cwd,
                env=start.env | ({ENFORCE: json.dumps(checks)} if in_process else {}),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise not_started(start.command[0], str(error)) from error
        return _streams(process), Job(process, self._plan.limits, in_process=in_process)

    def close(self) -> None:
        """Nothing is kept between commands."""


class Job:
    """One command with all that it starts."""

    def __init__(
        self, process: subprocess.Popen[bytes], limits: Limits, *, in_process: bool
    ) -> None:
        self._process = process
        self._job = _job_of(process, limits) if sys.platform == "win32" else 0
        held = ({Part.LIMITS, Part.WATCH} if self._job else set()) | (
            {Part.IN_PROCESS} if in_process else set()
        )
        self.held: frozenset[Part] = frozenset(held)
        self.failed = ""
        self.why = ""

    def poll(self, timeout: float = 0.0) -> bool:
        """Whether the command has ended, waiting so many seconds for it."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End the command with all that it has started."""
        self.why = "stopped"
        if self._job:
            _close(self._job)
        self._process.kill()
        self._process.wait(_SECONDS)


def _streams(process: subprocess.Popen[bytes]) -> tuple[int, int, int]:
    """Descriptors of our own: the process object closes the ones it has."""
    import os

    found: list[int] = []
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            found.append(os.dup(stream.fileno()))
            stream.close()
    return found[0], found[1], found[2]


def _library() -> Any:
    return getattr(ctypes, "windll").kernel32  # noqa: B009 - mypy knows it on Windows only


def _job_of(process: subprocess.Popen[bytes], limits: Limits) -> int:
    """A job with the process in it; 0 where that is not possible."""
    library = _library()
    library.CreateJobObjectW.restype = ctypes.c_void_p
    job = library.CreateJobObjectW(None, None)
    wanted = _Extended()
    flags = _KILL_ON_CLOSE | _JOB_MEMORY | _ACTIVE_PROCESSES
    wanted.BasicLimitInformation.LimitFlags = flags
    wanted.BasicLimitInformation.ActiveProcessLimit = limits.processes
    wanted.JobMemoryLimit = limits.memory
    handle = ctypes.c_void_p(job)
    size = ctypes.sizeof(wanted)
    done = library.SetInformationJobObject(
        handle, _EXTENDED_LIMITS, ctypes.byref(wanted), size
    ) and library.AssignProcessToJobObject(handle, ctypes.c_void_p(int(vars(process)["_handle"])))
    return job if done else 0


def _close(job: int) -> None:
    _library().CloseHandle(ctypes.c_void_p(job))
