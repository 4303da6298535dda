"""The socket of a command that serves, and the connections it may have."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import TYPE_CHECKING

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    import socket

LOCAL = "localhost"
_CONNECTIONS = 16_384
"""Open files that we ask the system for."""


def bound_socket(host: str, port: int) -> socket.socket:
    """The socket to listen at. Raises UserError where the address cannot be had."""
    from pe4king_core.mock.http.serving import bound

    try:
        return bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UserError(
                Message(
                    f"Port {port} is taken by another program.",
                    f"Порт {port} занят другой программой.",
                ),
                next_step=Message(
                    "End that program, or take another port: `--port 0` finds a free one.",
                    "Завершите ту программу или выберите другой порт: `--port 0` найдёт свободный.",
                ),
                code="port-taken",
            ) from error
        raise UserError(
            Message(
                f"{host}:{port} cannot be listened at ({error.strerror}).",
                f"Адрес {host}:{port} недоступен ({error.strerror}).",
            ),
            next_step=Message(
                "Without `--host` it is this machine, `--port 0` takes a free port.",
                "Без `--host` это сам компьютер, `--port 0` берёт свободный порт.",
            ),
            code="address-unusable",
        ) from error


def bound_sockets(host: str, port: int) -> list[socket.socket]:
    """The sockets to listen at: for `localhost` both addresses that programs look it up as.

    Raises UserError where the first one cannot be had. The second one (`::1`) is not there on every
    machine, and whoever has its port already keeps it.
    """
    from pe4king_core.mock.http.serving import bound

    if host != LOCAL:
        return [bound_socket(host, port)]
    first = bound_socket("127.0.0.1", port)
    with suppress(OSError):
        return [first, bound("::1", first.getsockname()[1])]
    return [first]


def allow_many_connections() -> None:
    """Each connection is an open file; systems allow few of them unless they are asked."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(_CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
