"""A scripted OpenAI-compatible server on loopback, in a thread of its own.

    with FakeModel() as model:
        model.status(429, {"retry-after": "1"}).answer({"assertions": []})
        ... point the client at model.base_url ...
        model.requests[0].json["messages"]

Replies are used in their order; the last one is repeated. An `answer` is sent as an event stream
where the request asks for one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

Json = Any
Send = Callable[["RecordedRequest", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_PIECE = 7
_USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.body)

    @property
    def wants_stream(self) -> bool:
        return bool(self.body) and bool(self.json.get("stream"))


@dataclass
class FakeModel:
    """Script it with the methods below; each returns the server for chaining."""

    requests: list[RecordedRequest] = field(default_factory=list)
    connections: int = 0
    disconnected: threading.Event = field(default_factory=threading.Event)
    """Set once a client has closed a connection on which we kept it waiting."""
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set once a request is there."""
    models_status: int = 200
    port: int = 0
    tls: ssl.SSLContext | None = None
    _script: list[Send] = field(default_factory=list)

    # -- script ------------------------------------------------------------------------------

    def answer(self, content: Json, *, finish: str = "stop", **message: Json) -> FakeModel:
        """The model says `content`: a text, or JSON that is sent as text."""
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            if request.wants_stream:
                await send_chunked(writer, [*stream_events(text, finish), b"data: [DONE]\n\n"])
            else:
                body = json.dumps(completion(text, finish, **message), ensure_ascii=False)
                await send_whole(writer, 200, {"content-type": "application/json"}, body.encode())

        return self.reply(send)

    def status(
        self, code: int, body: Json = None, headers: dict[str, str] | None = None
    ) -> FakeModel:
        """An answer with this status; `body` is bytes, text or JSON."""

        async def send(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
            content = body if isinstance(body, bytes | str) else json.dumps(body)
            raw = content.encode() if isinstance(content, str) else content
            await send_whole(
                writer, code, {"content-type": "application/json", **(headers or {})}, raw
            )

        return self.reply(send)

    def error(self, code: int, error: Json, headers: dict[str, str] | None = None) -> FakeModel:
        """An answer with this status and OpenAI's error object."""
        return self.status(code, {"error": error}, headers)

    def hang(self) -> FakeModel:
        """Never answers; `disconnected` is set when the client gives up."""

        async def send(_: Any, reader: asyncio.StreamReader, writer: Any) -> None:
            await self.wait_for_close(reader)

        return self.reply(send)

    def hang_mid_stream(self, text: str) -> FakeModel:
        """Streams `text`, then never goes on; `disconnected` is set when the client gives up."""

        async def send(_: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await send_chunked(writer, stream_events(text, None), end=False)
            await self.wait_for_close(reader)

        return self.reply(send)

    def cut_after(self, count: int, text: str = "the answer that never ends") -> FakeModel:
        """Breaks the connection after `count` events of a stream, or bytes of a body."""

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            if request.wants_stream:
                await send_chunked(writer, stream_events(text, "stop")[:count], end=False)
            else:
                body = json.dumps(completion(text)).encode()
                await send_whole(writer, 200, {}, body[:count], length=len(body))
            writer.transport.abort()

        return self.reply(send)

    def stream(self, *pieces: bytes) -> FakeModel:
        """An event stream with exactly these bytes and a clean end."""

        async def send(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
            await send_chunked(writer, pieces)

        return self.reply(send)

    def garbage(self) -> FakeModel:
        """Bytes that are no JSON, with status 200."""
        return self.status(200, b"\x00\xff{]not json at all")

    def slow(self, seconds: float, content: Json = "slow answer") -> FakeModel:
        """An `answer` after `seconds`."""
        self.answer(content)
        inner = self._script.pop()

        async def send(request: RecordedRequest, reader: Any, writer: Any) -> None:
            await asyncio.sleep(seconds)
            await inner(request, reader, writer)

        return self.reply(send)

    def reply(self, send: Send) -> FakeModel:
        """Any behaviour."""
        self._script.append(send)
        return self

    # -- life --------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> FakeModel:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(5)
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(5)

    def __enter__(self) -> FakeModel:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(started))
        finally:
            self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stopping.wait()
        for _ in range(5):
            await asyncio.sleep(0)  # a connection that was just taken gets its handler first
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        self._tasks.add(self._loop.create_task(self._connected(reader, writer)))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await _read_request(reader)) is not None:
                await self._handle(request, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _handle(
        self, request: RecordedRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.requests.append(request)
        self.arrived.set()
        if request.method == "GET":
            models = json.dumps({"object": "list", "data": [{"id": "fake"}]}).encode()
            await send_whole(
                writer, self.models_status, {"content-type": "application/json"}, models
            )
            return
        send = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        await send(request, reader, writer)

    async def wait_for_close(self, reader: asyncio.StreamReader) -> None:
        try:
            await reader.read()
        finally:
            self.disconnected.set()


def completion(text: str | None, finish: str = "stop", **message: Json) -> Json:
    """The body of a chat completion."""
    said = {"role": "assistant", "content": text, **message}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "fake",
        "choices": [{"index": 0, "message": said, "finish_reason": finish}],
        "usage": _USAGE,
    }


def stream_events(text: str, finish: str | None) -> list[bytes]:
    """The events of a streamed chat completion, without the end sign."""
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    deltas = [{"role": "assistant", "content": None}, *({"content": piece} for piece in pieces)]
    events = [event({"choices": [{"index": 0, "delta": delta}]}) for delta in deltas]
    if finish is not None:
        events.append(event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}))
        events.append(
            event({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}})
        )
    return events


def event(value: Json) -> bytes:
    """`value` as one event."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


async def _read_request(reader: asyncio.StreamReader) -> RecordedRequest | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return RecordedRequest(method, path, headers, body)


async def send_whole(
    writer: asyncio.StreamWriter,
    status: int,
    headers: dict[str, str],
    body: bytes,
    length: int | None = None,
) -> None:
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} x", f"content-length: {size}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    await writer.drain()


async def send_chunked(
    writer: asyncio.StreamWriter, pieces: Any, *, end: bool = True, kind: str = "text/event-stream"
) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n"
    writer.write(head.encode())
    for piece in pieces:
        writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)
    if end:
        writer.write(b"0\r\n\r\n")
    await writer.drain()
