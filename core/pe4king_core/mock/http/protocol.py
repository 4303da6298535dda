"""uvicorn's HTTP/1.1 with a limit on how long a request's head may take."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
MAX_HEAD = 64 * 1024


class PatientProtocol(H11Protocol):
    """Closes connections whose next request does not arrive in time."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there; it has to say what it wants."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Bytes of a request; the time runs until its head is complete."""
        cycle = self.cycle
        super().data_received(data)
        if self.cycle is not cycle:
            self._stop()
        elif self._waiting is None and (cycle is None or cycle.response_complete):
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What was sent is no HTTP; the application may note it."""
        super().send_400_response(msg)
        note = getattr(self.app, "note_unread", None)
        if note is not None:
            note()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._expire)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _expire(self) -> None:
        self._waiting = None
        cycle = self.cycle
        if (cycle is None or cycle.response_complete) and not self.transport.is_closing():
            self.transport.write(_TOO_LATE)
            self.transport.close()


_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
