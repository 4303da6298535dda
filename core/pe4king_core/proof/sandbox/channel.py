"""Messages with open files between our process and the one that confines (POSIX)."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any

_HEAD = 4
_FILES = 8


class ClosedError(Exception):
    """The other side has gone."""


def send(channel: socket.socket, message: dict[str, Any], files: Sequence[int] = ()) -> None:
    """Send a JSON object and copies of open `files`; raises ClosedError."""
    data = json.dumps(message).encode()
    frame = len(data).to_bytes(_HEAD, "big") + data
    try:
        done = socket.send_fds(channel, [frame], list(files)) if files else 0
        channel.sendall(frame[done:])
    except (BrokenPipeError, ConnectionResetError) as error:
        raise ClosedError from error


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One message and the files that came with it; raises ClosedError, TimeoutError."""
    # Whatever another thread starts must not get these files.
    flags = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
    try:
        head, files, _, _ = socket.recv_fds(channel, _HEAD, _FILES, flags)
        head += _rest(channel, _HEAD - len(head)) if head else b""
        if not head:
            raise ClosedError
        data = _rest(channel, int.from_bytes(head, "big"))
    except ConnectionResetError as error:
        raise ClosedError from error
    return json.loads(data), files


def _rest(channel: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = channel.recv(size - len(found))
        if not part:
            raise ClosedError
        found += part
    return bytes(found)
