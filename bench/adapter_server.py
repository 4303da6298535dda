"""A server of chat completions that costs as little as possible: the same bytes for everybody.

It prints its port. A model named `chunks-N` streams N chunks, four in a burst.
"""

from __future__ import annotations

import asyncio
import json
import re

_TEXT = "Scenario: create a pet and read it back. " * 25
_USAGE = {"prompt_tokens": 500, "completion_tokens": 250, "total_tokens": 750}
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKS = re.compile(rb'"chunks-(\d+)"')
_STREAM = re.compile(rb'"stream": *true')
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_BURST = 4


def _whole() -> bytes:
    message = {"role": "assistant", "content": _TEXT, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m"}
    body = json.dumps({**answer, "choices": [choice], "usage": _USAGE}).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


def _event(delta: dict[str, str], finish: str | None) -> bytes:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _chunk(b"data: " + json.dumps({**chunk, "choices": [choice]}).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


_WHOLE = _whole()
_EVENTS = [_event({"content": f" token{number}"}, None) for number in range(1000)]
_LAST = _event({}, "stop") + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n"


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""
        self._streams: set[asyncio.Task[None]] = set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        if len(rest) < size:
            return
        body, self._buffer = rest[:size], rest[size:]
        if not _STREAM.search(body):
            self._transport.write(_WHOLE)
            return
        wanted = _CHUNKS.search(body)
        task = asyncio.ensure_future(self._stream(int(wanted[1]) if wanted else 10))
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)

    async def _stream(self, count: int) -> None:
        self._transport.write(_HEAD)
        for number in range(count):
            self._transport.write(_EVENTS[number % len(_EVENTS)])
            if number % _BURST == _BURST - 1:
                await asyncio.sleep(0)
        self._transport.write(_LAST)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
