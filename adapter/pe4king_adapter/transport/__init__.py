"""How bytes travel: the plain types that providers use, whatever HTTP library is behind them.

`http.py` is the only module that knows the library, `tls.py` is about certificates; `sse.py`
decodes event streams; `retry.py` decides when to ask again.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from pe4king_adapter.secret import SecretValue

# httpx imports its command line where it can, and with it click and rich: a third of its weight.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of an answer that we are ready to read."""
FAILURE_LIMIT = 64 * 1024
"""Bytes of a failed answer that we are ready to read: enough for any error object."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, to send, to wait for a free connection, and until the next byte."""

    read: float
    connect: float = 5.0
    write: float = 30.0
    pool: float = 30.0


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request; `secrets` are headers whose values only the transport unwraps."""

    method: str
    url: str
    timeouts: Timeouts
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, SecretValue] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


class HttpStream(Protocol):
    """An answer whose head has arrived; header names are lower case."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in lower case."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives; raises LlmError where the connection fails."""
        ...


@dataclass(frozen=True, slots=True)
class ForwardedRequest:
    """Somebody else's request, to be sent to `origin` exactly as it is.

    `target` is path and query as they came; `headers` in their order, without `Host`. A body
    without a length in the headers travels in chunks.
    """

    method: str
    origin: str
    target: bytes
    timeouts: Timeouts
    headers: Sequence[tuple[bytes, bytes]] = field(default=(), repr=False)
    body: AsyncIterable[bytes] | None = field(default=None, repr=False)


class ForwardedStream(Protocol):
    """The answer to a forwarded request whose head has arrived."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def raw_headers(self) -> Sequence[tuple[bytes, bytes]]:
        """The headers as they came, in their order."""
        ...

    def raw_chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives, still compressed; raises LlmError where the connection fails."""
        ...


class Transport(Protocol):
    """Sends requests to one endpoint over pooled connections."""

    def open(self, request: HttpRequest) -> AbstractAsyncContextManager[HttpStream]:
        """Send `request`; leaving the context early closes the connection at once."""
        ...

    async def connect(self) -> None:
        """Only see that the endpoint takes connections; raises LlmError where it does not."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


async def read_body(stream: HttpStream, limit: int) -> bytes | None:
    """The whole body, or None where it is longer than `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    async for chunk in stream.chunks():
        size += len(chunk)
        if size > limit:
            return None
        parts.append(chunk)
    return b"".join(parts)


async def read_start(stream: HttpStream, limit: int) -> bytes:
    """The first `limit` bytes of the body."""
    parts: list[bytes] = []
    size = 0
    async for chunk in stream.chunks():
        parts.append(chunk)
        size += len(chunk)
        if size >= limit:
            break
    return b"".join(parts)[:limit]
