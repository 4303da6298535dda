"""seccomp: system calls that tests of an API have no use for, refused by the kernel.

First of all sockets that a network namespace does not hold back: UNIX sockets by path (the
Docker socket, D-Bus) and the ones between virtual machines.
"""

from __future__ import annotations

import errno
import socket

from pe4king_core.proof.sandbox.inside.kernel import NEW_USER, Kernel

Line = tuple[int, int, int, int]
"""One instruction of classic BPF: code, steps when true, steps when false, value."""

_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
"""Where in `struct seccomp_data` things are (the lower halves of arguments)."""
_X32 = 0x40000000
"""System calls from here on are those of a second interface, with numbers of its own."""
_TYPE_MASK = 0xF
_NETLINK = 16
"""AF_NETLINK: how the C library asks which addresses there are."""

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_EVERYWHERE = (
    *(425, 426, 427),  # io_uring: it makes sockets too
    *(428, 429, 430, 431, 432, 433, 442),  # mounts by the newer calls
    438,  # pidfd_getfd
)
_REFUSED = {
    # ptrace, kcmp, process_vm_readv and _writev, shmget, shmat, memfd_create (memory that nobody
    # counts), mount, umount2, pivot_root, chroot, swapon, swapoff, reboot, setns, unshare,
    # init_module, finit_module, delete_module, kexec_load, kexec_file_load, add_key, request_key,
    # keyctl, perf_event_open, open_by_handle_at, bpf, userfaultfd, acct, quotactl
    "x86_64": (
        101, 312, 310, 311, 29, 30, 319, 165, 166, 155, 161, 167, 168, 169, 308, 272,
        175, 313, 176, 246, 320, 248, 249, 250, 298, 304, 321, 323, 163, 179,
    ),
    "aarch64": (
        117, 272, 270, 271, 194, 196, 279, 40, 39, 41, 51, 224, 225, 142, 268, 97,
        105, 273, 106, 104, 294, 217, 218, 219, 241, 265, 280, 282, 89, 60,
    ),
}  # fmt: skip


def knows(machine: str) -> bool:
    """Whether we know the system calls of this processor."""
    return machine in _ARCHITECTURES


def restrict(system: Kernel, machine: str, *, datagrams: bool) -> None:
    """Filter the system calls of this process and its descendants; raises OSError."""
    system.filter_calls(program(machine, datagrams=datagrams))


def program(machine: str, *, datagrams: bool) -> list[Line]:
    """The filter: refused calls fail with EPERM, refused kinds of sockets are not supported.

    Without `datagrams` there is no UDP: for where nothing else keeps it from leaving.
    """
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        _failing(errno.ENOSYS),
        *(line for number in (*_EVERYWHERE, *_REFUSED[machine]) for line in _refused(number)),
        # Its flags are in memory, where a filter cannot look; the C library then calls `clone`.
        *_refused(_CLONE3, errno.ENOSYS),
        *_when(_CLONE[machine], _user_namespaces()),
        *_when(_SOCKET[machine], _sockets(datagrams=datagrams)),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _failing(number: int) -> Line:
    return (_RETURN, 0, 0, _ERROR | number)


def _refused(call: int, number: int = errno.EPERM) -> list[Line]:
    return [(_EQUAL, 0, 1, call), _failing(number)]


def _when(call: int, lines: list[Line]) -> list[Line]:
    """`lines` for this system call only; they come to an end at "allowed"."""
    return [(_EQUAL, 0, len(lines) + 1, call), *lines, (_RETURN, 0, 0, _ALLOW)]


def _user_namespaces() -> list[Line]:
    return [(_LOAD, 0, 0, _FIRST), (_ANY_BIT, 0, 1, NEW_USER), _failing(errno.EPERM)]


def _sockets(*, datagrams: bool) -> list[Line]:
    """Only the families of the internet, and of questions about it."""
    families = (int(socket.AF_INET), int(socket.AF_INET6), _NETLINK)
    lines: list[Line] = [(_LOAD, 0, 0, _FIRST)]
    lines += [(_EQUAL, len(families) - at, 0, family) for at, family in enumerate(families)]
    lines.append(_failing(errno.EAFNOSUPPORT))
    if datagrams:
        return lines
    return [
        *lines,
        (_EQUAL, 4, 0, _NETLINK),
        (_LOAD, 0, 0, _SECOND),
        (_AND, 0, 0, _TYPE_MASK),
        (_EQUAL, 1, 0, int(socket.SOCK_STREAM)),
        _failing(errno.EPROTONOSUPPORT),
    ]
