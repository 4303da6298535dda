"""Calls of the Linux kernel that the standard library of Python 3.11 lacks; all raise OSError."""

from __future__ import annotations

import ctypes
import os
import platform
import sys

NEW_MOUNTS = 0x00020000
NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PROCESSES = 0x20000000
NEW_NETWORK = 0x40000000

_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_SECUREBITS = 28
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_NO_ROOT_LOCKED = 0b1111
"""SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP and their locks."""
_CAPABILITY_VERSION = 0x20080522
_MOUNT_SETATTR = 442
_MOUNT_READ_ONLY = 0x1
_AT_HERE, _AT_RECURSIVE = -100, 0x8000
_MS_READ_ONLY, _MS_REMOUNT, _MS_BIND = 0x1, 0x20, 0x1000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_MS_SAFE = 0x2 | 0x4 | 0x8
"""No set-user-id, no devices, no programs."""


class _SockFilter(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jt", ctypes.c_ubyte),
        ("jf", ctypes.c_ubyte),
        ("k", ctypes.c_uint32),
    )


class _SockProgram(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_SockFilter)))


class _Mount(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def is_linux() -> bool:
    """Whether these calls exist at all."""
    return sys.platform == "linux"


def machine() -> str:
    """The processor: system calls have other numbers on each."""
    return platform.machine()


class Kernel:
    """The C library of this process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)

    def _checked(self, result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result

    def unshare(self, what: int) -> None:
        """Leave the namespaces of the parent."""
        self._checked(self._library.unshare(ctypes.c_int(what)))

    def prctl(self, option: int, *arguments: int) -> None:
        """One of the many settings of a process."""
        rest = [ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0, 0)[:4]]
        self._checked(self._library.prctl(ctypes.c_int(option), *rest))

    def die_with_parent(self, sign: int) -> None:
        """Have the kernel send `sign` to this process when the one that made it ends."""
        self.prctl(_PR_SET_PDEATHSIG, sign)

    def adopt_orphans(self) -> None:
        """Make this process the parent of all descendants whose own parent ends."""
        self.prctl(_PR_SET_CHILD_SUBREAPER, 1)

    def no_new_privileges(self) -> None:
        """Programs started from here get no rights by set-user-id files."""
        self.prctl(_PR_SET_NO_NEW_PRIVS, 1)

    def drop_capabilities(self) -> None:
        """Give up all of root's powers, for programs started from here too."""
        with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
            last = int(file.read())
        try:
            for each in range(last + 1):
                self.prctl(_PR_CAPBSET_DROP, each)
            self.prctl(_PR_SET_SECUREBITS, _NO_ROOT_LOCKED)
        except PermissionError:
            pass  # No powers here that could be given up: the sets are emptied below all the same.
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        self._checked(self._library.capset(header, (ctypes.c_uint32 * 6)()))

    def take_first_when_memory_is_short(self) -> None:
        """Have the kernel end this process and its descendants before any other."""
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")

    def mount(self, kind: str, target: str, options: str = "") -> None:
        """Mount a file system without a device (proc, tmpfs)."""
        name = kind.encode()
        self._checked(
            self._library.mount(
                name, target.encode(), name, ctypes.c_ulong(_MS_SAFE), options.encode()
            )
        )

    def make_read_only(self, place: str) -> None:
        """What is mounted at `place` can only be read from here on."""
        flags = ctypes.c_ulong(_MS_REMOUNT | _MS_BIND | _MS_READ_ONLY | _MS_SAFE)
        self._checked(self._library.mount(b"none", place.encode(), None, flags, None))

    def only_writable(self, folder: str) -> None:
        """Make all that is mounted read-only but `folder` (Linux 5.12)."""
        place = folder.encode()
        bind = ctypes.c_ulong(_MS_BIND)
        self._checked(self._library.mount(place, place, None, bind, None))
        self._set_mount(b"/", _AT_RECURSIVE, _Mount(attr_set=_MOUNT_READ_ONLY))
        self._set_mount(place, 0, _Mount(attr_clr=_MOUNT_READ_ONLY))

    def _set_mount(self, place: bytes, flags: int, wanted: _Mount) -> None:
        size = ctypes.c_size_t(ctypes.sizeof(wanted))
        here, how = ctypes.c_int(_AT_HERE), ctypes.c_uint(flags)
        self.call(_MOUNT_SETATTR, here, place, how, ctypes.byref(wanted), size)

    def keep_mounts_private(self) -> None:
        """What is mounted from here is not seen outside."""
        self._checked(
            self._library.mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC_PRIVATE), None)
        )

    def call(self, number: int, *arguments: object) -> int:
        """A system call by its number."""
        return self._checked(self._library.syscall(ctypes.c_long(number), *arguments))

    def filter_calls(self, program: list[tuple[int, int, int, int]]) -> None:
        """Have the kernel pass every system call through `program` (classic BPF)."""
        lines = (_SockFilter * len(program))(*[_SockFilter(*each) for each in program])
        whole = _SockProgram(len(program), lines)
        self._checked(
            self._library.prctl(
                ctypes.c_int(_PR_SET_SECCOMP),
                ctypes.c_ulong(_SECCOMP_MODE_FILTER),
                ctypes.byref(whole),
                ctypes.c_ulong(0),
                ctypes.c_ulong(0),
            )
        )
