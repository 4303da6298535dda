"""Landlock: what this process and its descendants may read, write and connect to (Linux 5.13).

The numbers are those of the kernel's `linux/landlock.h`; each version of the interface adds some.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from pe4king_core.proof.sandbox.inside.kernel import Kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""These numbers are the same on every processor."""
_ASK_VERSION = 1
_PATH_BENEATH, _NET_PORT = 1, 2
_READ = 0b1101
"""Execute, read a file, read a folder."""
_FILE_RIGHTS = 0b0111 | 1 << 14 | 1 << 15
"""Those that can be given for what is no folder: execute, write, read, truncate, ioctl."""
_FILES_BY_VERSION = (0, 13, 14, 15, 15, 16, 16, 16)
"""How many of the rights on files each version knows."""
_BIND, _CONNECT = 1, 2
_SCOPES = 0b11
"""No abstract UNIX sockets and no signals out of the domain (version 6)."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


class _PortRule(ctypes.Structure):
    _fields_ = (("allowed_access", ctypes.c_uint64), ("port", ctypes.c_uint64))


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is left: `port` is the only one that TCP may connect to (None: not our matter)."""

    readable: tuple[str, ...]
    writable: tuple[str, ...]
    port: int | None = None


def version(system: Kernel) -> int:
    """The version of the kernel's interface; 0 where there is none."""
    try:
        return system.call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    except OSError:
        return 0


def restrict(system: Kernel, known: int, allowed: Allowed) -> None:
    """From here on only what is `allowed`; raises OSError."""
    count = _FILES_BY_VERSION[min(known, len(_FILES_BY_VERSION) - 1)]
    everything = (1 << count) - 1
    ports = _BIND | _CONNECT if allowed.port is not None and known >= 4 else 0
    ruleset = _Ruleset(everything, ports, _SCOPES if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    made = system.call(_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        _add_paths(system, made, allowed.readable, _READ)
        _add_paths(system, made, allowed.writable, everything)
        if ports:
            _add_port(system, made, allowed.port or 0, _CONNECT)
        system.call(_RESTRICT, ctypes.c_int(made), ctypes.c_uint32(0))
    finally:
        os.close(made)


def _add_paths(system: Kernel, ruleset: int, paths: Iterable[str], rights: int) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # What is not there needs no rule.
            _add_path(system, ruleset, path, rights)


def _add_path(system: Kernel, ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _FILE_RIGHTS
        _add(system, ruleset, _PATH_BENEATH, _PathRule(rights, opened))
    finally:
        os.close(opened)


def _add_port(system: Kernel, ruleset: int, port: int, rights: int) -> None:
    _add(system, ruleset, _NET_PORT, _PortRule(rights, port))


def _add(system: Kernel, ruleset: int, kind: int, rule: _PathRule | _PortRule) -> None:
    system.call(
        _ADD, ctypes.c_int(ruleset), ctypes.c_int(kind), ctypes.byref(rule), ctypes.c_uint32(0)
    )
