"""Checks inside a Python process, for where the system cannot confine it from outside.

One file of the standard library alone, for Python 3.7 and later: it is copied beside the runner's
plugin and works in the user's own environment. An audit hook keeps mistakes from doing harm: a
test that reaches for another server, or writes into somebody's home. It is no wall against malice.
"""

from __future__ import annotations

import json
import os
import sys

_STARTS = frozenset(
    (
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.forkpty",
        "pty.spawn",
    )
)
_NATIVE = frozenset(("ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function"))
_CHANGED = {
    "os.chflags": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (0, 1),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.removexattr": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.setxattr": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
}
"""Which arguments are the paths of what is changed."""
_SENDS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
_NAMES = frozenset(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"))
_HERE = frozenset(("localhost", "127.0.0.1", "::1", "", "0.0.0.0", "::"))  # noqa: S104
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def enforce(told: str) -> bool:
    """Enforce what the sandbox has told (JSON); whether all of it is enforced from here on."""
    if not told:
        return True
    if not hasattr(sys, "addaudithook"):  # Python 3.7
        return False
    wanted = json.loads(told)
    checks = [_Programs().check]
    if "port" in wanted:
        checks.append(_Network(wanted["port"]).check)
    if "writable" in wanted:
        checks.append(_Files(wanted["readable"], wanted["writable"]).check)
    for check in checks:
        sys.addaudithook(check)
    return True


class _Programs:
    """No other program, no native code: both would be out of sight."""

    def __init__(self) -> None:
        self._starts, self._native, self._own = _STARTS, _NATIVE, os.getpid

    def check(self, event: str, arguments: tuple) -> None:  # type: ignore[type-arg]
        if event in self._starts:
            _refuse("starts another program")
        if event in self._native or (event == "ctypes.dlopen" and arguments[0]):
            _refuse("calls native code")
        if event in ("os.kill", "os.killpg") and arguments[0] not in (0, self._own()):
            _refuse("sends a signal to another process")


class _Network:
    """Only this machine, and there only one port (0: any)."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sends, self._names, self._here = _SENDS, _NAMES, _HERE

    def check(self, event: str, arguments: tuple) -> None:  # type: ignore[type-arg]
        if event in self._sends:
            self._check_address(arguments[1])
        if event in self._names:
            host = arguments[0]
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
            if name is not None and name not in self._here:
                _refuse("asks for the address of another server")

    def _check_address(self, address: object) -> None:
        if address is None:  # Connected before.
            return
        if not isinstance(address, tuple):
            _refuse("connects to another program of this machine")
        elif address[0] not in self._here or (self._port and address[1] != self._port):
            _refuse("connects to another server")


class _Files:
    """Reads and writes below certain folders only."""

    def __init__(self, readable: list, writable: list) -> None:  # type: ignore[type-arg]
        self._real, self._changed, self._writing = os.path.realpath, _CHANGED, _WRITING
        self._writable = tuple(self._real(each) for each in writable)
        self._readable = self._writable + tuple(self._real(each) for each in readable)

    def check(self, event: str, arguments: tuple) -> None:  # type: ignore[type-arg]
        if event == "open":
            self._check_open(arguments[0], arguments[2])
        for place in self._changed.get(event, ()):
            if not self._below(arguments[place], self._writable):
                _refuse("changes something outside of its folder")

    def _check_open(self, path: object, flags: int) -> None:
        if flags & self._writing:
            if not self._below(path, self._writable):
                _refuse("writes outside of its folder")
        elif not self._below(path, self._readable):
            _refuse("reads a file that is not its own")

    def _below(self, path: object, roots: tuple) -> bool:  # type: ignore[type-arg]
        if not isinstance(path, (str, bytes, os.PathLike)):
            return True  # Open already.
        real = os.fsdecode(self._real(path))
        return any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _refuse(what: str) -> None:
    raise PermissionError("not allowed in the sandbox: the test " + what)
