"""Namespaces: a network of its own with nothing in it but the loopback address, and so on."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
from collections.abc import Collection

from pe4king_core.proof.sandbox.inside import kernel
from pe4king_core.proof.sandbox.inside.kernel import Kernel
from pe4king_core.proof.sandbox.parts import Part

PORT = 18_473
"""Nobody else is in that network: the same port each time, so that messages are the same."""
_SIOCSIFFLAGS = 0x8914
_UP_RUNNING = 0x1 | 0x40
_BACKLOG = 2048
_MOST_NAMESPACES = "/proc/sys/user/max_user_namespaces"
_KINDS = (
    (Part.USER, kernel.NEW_USER),
    (Part.NETWORK, kernel.NEW_NETWORK),
    (Part.IPC, kernel.NEW_IPC),
    (Part.MOUNTS, kernel.NEW_MOUNTS),
)


def possible(wanted: Collection[Part]) -> set[Part]:
    """Those of the `wanted` namespaces that can be had; tried in a process that ends at once."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, "\n".join(_tried(wanted)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as file:
        told = file.read().split("\n")
    os.waitpid(child, 0)
    return {part for part in Part if str(part) in told}


def _tried(wanted: Collection[Part]) -> list[str]:
    """Enter one after another; those that went well."""
    held: list[str] = []
    system = Kernel()
    for part, flag in (*_KINDS, (Part.PROCESSES, kernel.NEW_PROCESSES)):
        if part in wanted:
            with contextlib.suppress(OSError):
                _enter_one(system, part, flag)
                held.append(part)
    return held


def enter(system: Kernel, parts: Collection[Part]) -> None:
    """Enter all of `parts` that are of a whole sandbox; the process namespace is of one command."""
    for part, flag in _KINDS:
        if part in parts:
            _enter_one(system, part, flag)


def listener() -> socket.socket:
    """A listening socket in this network."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.bind(("127.0.0.1", PORT))
    made.listen(_BACKLOG)
    return made


def _enter_one(system: Kernel, part: Part, flag: int) -> None:
    user, group = os.geteuid(), os.getegid()
    system.unshare(flag)
    if part is Part.USER:
        _map_ids(user, group)
    if part is Part.NETWORK:
        _loopback_up()
    if part is Part.MOUNTS:
        system.keep_mounts_private()


def _map_ids(user: int, group: int) -> None:
    """Be in the new namespace who we are outside; needs no rights for one's own id."""
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    # A process could become root again, over namespaces of its own, in a further one.
    with contextlib.suppress(OSError), open(_MOST_NAMESPACES, "w", encoding="ascii") as file:
        file.write("0")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP_RUNNING))
