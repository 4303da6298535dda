"""A client for the benchmarks: the same requests over several kept-alive connections, counted."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_END = b"0\r\n\r\n"


def request_of(port: int, target: str, headers: Sequence[tuple[str, str]]) -> bytes:
    """A GET request as it is sent."""
    lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def statuses(port: int, requests: Sequence[bytes], patience: float = 20.0) -> list[int]:
    """What each of the requests is answered with; 0 where there is no answer."""
    return asyncio.run(_statuses(port, requests, patience))


def rate(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> float:
    """Answers a second."""
    return asyncio.run(_rate(port, requests, connections, seconds))


@dataclass(eq=False)
class _Connection(asyncio.Protocol):
    """Sends one request after the other, the next one when the answer is complete."""

    requests: Sequence[bytes]
    offset: int = 0
    ends: bool = False
    statuses: list[int] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _buffer: bytes = b""
    _missing: int = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        turned = [*self.requests[self.offset :], *self.requests[: self.offset]]
        self._next = iter(turned) if self.ends else cycle(turned)
        self._send()

    def _send(self) -> None:
        following = next(self._next, None)
        if following is None:
            self.done.set()
        else:
            self._transport.write(following)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) >= self._missing and self._is_complete():
            self.statuses.append(int(self._buffer[9:12]))
            self._buffer, self._missing = b"", 0
            self._send()

    def _is_complete(self) -> bool:
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        if _CHUNKED.search(head):
            return body.endswith(_END)
        length = _LENGTH.search(head)
        self._missing = len(head) + len(end) + (int(length[1]) if length else 0)
        return len(self._buffer) >= self._missing

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.done.set()

    def close(self) -> None:
        self._transport.close()


async def _connected(port: int, connection: _Connection) -> _Connection:
    await asyncio.get_running_loop().create_connection(lambda: connection, "127.0.0.1", port)
    return connection


async def _statuses(port: int, requests: Sequence[bytes], patience: float) -> list[int]:
    found: list[int] = []
    for request in requests:
        connection = await _connected(port, _Connection([request], ends=True))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(connection.done.wait(), patience)
        found.append(connection.statuses[0] if connection.statuses else 0)
        connection.close()
    return found


async def _rate(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> float:
    step = max(1, len(requests) // connections)
    made = [
        await _connected(port, _Connection(requests, number * step % len(requests)))
        for number in range(connections)
    ]
    before = sum(len(each.statuses) for each in made)
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(seconds)
    after = sum(len(each.statuses) for each in made)
    taken = asyncio.get_running_loop().time() - began
    for each in made:
        each.close()
    return (after - before) / taken


def memory_of_tree(pid: int) -> int:
    """Bytes of a process and all below it; what several share is divided among them (Linux)."""
    return sum(_pss(each) for each in _tree(pid))


def _tree(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    match = re.search(r"^Pss: *(\d+)", text, re.MULTILINE)
    return int(match[1]) * 1024 if match else 0
