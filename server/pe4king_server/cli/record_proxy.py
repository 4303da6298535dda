"""A proxy in front of a real server that hands every exchange to a recorder."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from http import HTTPStatus

from pe4king_adapter.errors import LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.transport import ForwardedRequest, ForwardedStream, Timeouts
from pe4king_adapter.transport.http import HttpForwarder
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.http.wire import (
    GoneError,
    Receive,
    Scope,
    Send,
    has_body,
    send_answer,
    sent_of,
)
from pe4king_core.mock.recording.encodings import decoded
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_server.cli.record_rewriting import Header, Upstream, forwarded, returned

_UNRECORDED = frozenset(
    {b"host", b"content-length", b"content-encoding", b"accept-encoding", b"date", b"user-agent"}
)
"""Of the way the exchange travelled, and different each time."""
_NO_BODY = frozenset({204, 205, 304})
_LAST_STATUS = 599
_WHY = {
    Problem.REFUSED: "It refuses connections at {where}.",
    Problem.NO_HOST: "There is no such host: {where}.",
    Problem.TLS: "The certificate of {where} is not trusted.",
    Problem.TLS_STALE: "The certificate of {where} has expired, or it is for another host.",
    Problem.NO_TLS: "{where} does not speak TLS.",
    Problem.PROXY: "The proxy on the way to {where} does not work.",
    Problem.TIMEOUT: "{where} did not answer in time.",
}

Record = Callable[[Recorded, float], None]
"""Takes an exchange and the milliseconds it took, in a thread."""


class RecordingProxy:
    """Passes every request on to `upstream`, as an ASGI application at the address `base`.

    Bodies stream in both directions; the first `most` bytes of each are recorded.
    """

    def __init__(
        self,
        upstream: Upstream,
        base: str,
        record: Record,
        failed: Callable[[Sent, int], None],
        *,
        timeout: float,
        most: int,
    ) -> None:
        self._upstream = upstream
        self._base = base
        self._record = record
        self._failed = failed
        self._timeouts = Timeouts(read=timeout, write=timeout, pool=timeout)
        self._most = most
        self._forwarder: HttpForwarder | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        passing = _Passing(self, sent_of(scope), receive, send)
        try:
            await passing.run()
        except GoneError:
            return
        except LlmError as error:
            self._failed(passing.sent, passing.status)
            if not passing.status:  # else the connection is closed where the body broke off
                await send_answer(send, _problem(error.code, self._upstream.origin))

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._forwarder is not None:
            await self._forwarder.close()

    def request(self, sent: Sent, body: AsyncIterator[bytes] | None) -> ForwardedRequest:
        """What the server is sent."""
        headers = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in sent.headers]
        return ForwardedRequest(
            sent.method,
            self._upstream.origin,
            self._upstream.target(sent.target.encode("latin-1")),
            self._timeouts,
            list(forwarded(headers, self._upstream, self._base)),
            body,
        )

    def answer_headers(self, answer: ForwardedStream) -> list[Header]:
        """What the client is answered."""
        return list(returned(answer.raw_headers, self._upstream, self._base))

    def copy(self) -> _Copy:
        """A place for the beginning of a body."""
        return _Copy(self._most)

    @property
    def forwarder(self) -> HttpForwarder:
        """The connections to the server; made on the loop that uses them."""
        if self._forwarder is None:
            upstream = self._upstream
            self._forwarder = HttpForwarder(upstream.origin, loopback=upstream.is_loopback)
        return self._forwarder

    async def recorded(
        self, request: ForwardedRequest, sent: Sent, answer: ForwardedStream, passing: _Passing
    ) -> None:
        """Record an exchange, which is in the file then."""
        given = list(returned(answer.raw_headers, self._upstream, ""))

        def record() -> None:
            asked = _headers(request.headers)
            body, size = passing.asked.read(_encoding(request.headers))
            content, whole = passing.given.read(_encoding(given))
            exchange = Recorded(
                Sent(sent.method, sent.target, asked, body),
                Answer(answer.status, _headers(given), content),
                size,
                whole,
            )
            self._record(exchange, passing.milliseconds)

        await asyncio.to_thread(record)


class _Copy:
    """The first bytes of a body that passes by, and how many there were."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._content = bytearray()
        self.size = 0
        self.is_cut = False
        """The rest of the body never came."""

    def add(self, chunk: bytes) -> None:
        """Note what passes."""
        self.size += len(chunk)
        if len(self._content) < self._most:
            self._content += chunk[: self._most - len(self._content)]

    def read(self, encoding: str) -> tuple[bytes, int | None]:
        """The body decoded, and its size where that is not all of it."""
        found = decoded(bytes(self._content), encoding, self._most) if self._content else None
        content, complete = found or (b"", not self._content)
        whole = complete and not self.is_cut and self.size <= self._most
        return content, None if whole else self.size


class _Passing:
    """One request on its way; `status` is 0 until the answer has begun."""

    def __init__(self, proxy: RecordingProxy, sent: Sent, receive: Receive, send: Send) -> None:
        self.sent = sent
        self.status = 0
        self.asked = proxy.copy()
        self.given = proxy.copy()
        self._proxy = proxy
        self._receive = receive
        self._send = send
        self._began = time.perf_counter()
        self._is_recorded = False

    @property
    def milliseconds(self) -> float:
        """How long it took until now."""
        return (time.perf_counter() - self._began) * 1000

    async def run(self) -> None:
        """Ask and answer."""
        body = self._body() if has_body(self.sent) else None
        request = self._proxy.request(self.sent, body)
        async with self._proxy.forwarder.open(request) as answer:
            if not 200 <= answer.status <= _LAST_STATUS:
                await send_answer(self._send, _problem("", ""))
                return
            await self._answered(request, answer)

    async def _body(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            chunk: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            self.asked.add(chunk)
            if chunk:
                yield chunk

    async def _answered(self, request: ForwardedRequest, answer: ForwardedStream) -> None:
        headers = self._proxy.answer_headers(answer)
        passing = asyncio.ensure_future(self._passed(request, answer, headers))
        gone = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({passing, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not passing.done():
                passing.cancel()
                self.given.is_cut = True
                await self._recorded(request, answer)
        finally:
            gone.cancel()
            if not passing.done():
                passing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await passing

    async def _passed(
        self, request: ForwardedRequest, answer: ForwardedStream, headers: list[Header]
    ) -> None:
        length = _length(headers)
        if self.sent.method == "HEAD" or answer.status in _NO_BODY or length == 0:
            # Who has the answer finds it in the file as well.
            await self._recorded(request, answer)
        await self._start(answer.status, headers)
        async for chunk in answer.raw_chunks():
            self.given.add(chunk)
            if length is not None and self.given.size >= length:
                await self._recorded(request, answer)
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._recorded(request, answer)
        await self._send({"type": "http.response.body", "body": b""})

    async def _start(self, status: int, headers: list[Header]) -> None:
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _recorded(self, request: ForwardedRequest, answer: ForwardedStream) -> None:
        if not self._is_recorded:
            self._is_recorded = True
            await self._proxy.recorded(request, self.sent, answer, self)

    async def _gone(self) -> None:
        """Returns when the client has left."""
        while (await self._receive())["type"] != "http.disconnect":
            continue


def _problem(code: str, where: str) -> Answer:
    """What went wrong with the server (RFC 9457)."""
    status = HTTPStatus.GATEWAY_TIMEOUT if code == Problem.TIMEOUT else HTTPStatus.BAD_GATEWAY
    why = _WHY.get(Problem(code)) if code else "Its answer has a status that is none of HTTP's."
    detail = (why or "The connection to {where} broke.").format(where=where)
    told = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": f"The recorded server did not answer. {detail}",
    }
    headers = [("Content-Type", "application/problem+json"), ("Connection", "close")]
    return Answer(status, headers, json.dumps(told).encode())


def _length(headers: list[Header]) -> int | None:
    for name, value in headers:
        if name.lower() == b"content-length" and value.isdigit() and len(value) < 16:
            return int(value)
    return None


def _encoding(headers: Sequence[Header]) -> str:
    return ",".join(
        value.decode("latin-1") for name, value in headers if name.lower() == b"content-encoding"
    )


def _headers(headers: Sequence[Header]) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name.lower() not in _UNRECORDED
    ]
