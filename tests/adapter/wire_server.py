"""A scripted server on loopback that speaks the protocol of any provider, and fails in any way.

    with WireServer(SPOKEN["gemini"]) as server:
        server.says("hello")
        provider = create_provider(config_of("gemini", SPOKEN["gemini"], server.root), tools)

The script is about questions to the model; lists, probes and logins are answered beside it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.config.values import Setting, Source
from pe4king_adapter.secret import SecretValue

from .fake_server import FakeModel, RecordedRequest, send_chunked, send_whole
from .speech import EVENTS, JSON_TYPE, Spoken

TEXT = "Ответ: один, два, U+2028 \u2028, три"
KEY = "sk-canary-5e8c1d7b90"
TOKEN = "token-canary-77ab"
_LARGE = "x" * 16384
_LIMIT = 1000


class WireServer(FakeModel):
    """`spoken` says the protocol; what is asked of the model follows the script."""

    def __init__(self, spoken: Spoken) -> None:
        super().__init__()
        self.spoken = spoken
        self.tokens = 0
        self.models_body: Any = spoken.speech.models
        self.probe_status = 200
        self.beside: Callable[[RecordedRequest], tuple[int, Any] | None] = self._beside
        """What is answered without the script, if anything."""

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[RecordedRequest]:
        """The questions to the model."""
        paths = {self.spoken.path, self.spoken.stream_path or self.spoken.path}
        return [request for request in self.requests if request.path in paths]

    def restart(self) -> None:
        """Forget script and requests."""
        self._script.clear()
        self.requests.clear()
        self.disconnected.clear()
        self.arrived.clear()

    # -- script ------------------------------------------------------------------------------

    def says(self, text: str = TEXT, finish: str = "complete") -> WireServer:
        """An answer, as a stream where one is asked for."""
        speech = self.spoken.speech

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            if self._streams(request):
                await self._chunks(writer, speech.stream(text, finish))
            else:
                body = json.dumps(speech.answer(text, finish), ensure_ascii=False).encode()
                await send_whole(writer, 200, {"content-type": JSON_TYPE}, body)

        self.reply(send)
        return self

    def fails(
        self, status: int, word: str = "", headers: dict[str, str] | None = None
    ) -> WireServer:
        """A failed answer in the form of the protocol."""
        self.status(status, self.spoken.speech.failure(status, word), headers)
        return self

    def refuses(self, parameter: str) -> WireServer:
        """A 400 that names a parameter which this model does not take."""
        said = json.dumps(self.spoken.speech.failure(400, ""))
        told = f"Unsupported parameter: '{parameter}' is not supported with this model."
        self.status(400, re.sub("it did not work", told, said, flags=re.IGNORECASE))
        return self

    def sends(self, body: bytes, content_type: str = JSON_TYPE) -> WireServer:
        """A success with this body."""
        self.status(200, body, {"content-type": content_type})
        return self

    def stalls(self) -> WireServer:
        """The head and a part of the answer, then nothing."""

        async def send(
            request: RecordedRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await self._begin(request, writer)
            await self.wait_for_close(reader)

        self.reply(send)
        return self

    def breaks(self) -> WireServer:
        """A part of the answer, then the connection is cut."""

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            await self._begin(request, writer)
            writer.transport.abort()

        self.reply(send)
        return self

    def hangs_up(self) -> WireServer:
        """The connection is cut instead of an answer."""

        async def send(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        self.reply(send)
        return self

    def stammers(self) -> WireServer:
        """Something that is no JSON, where JSON should be."""
        self._spoils(0)
        return self

    def derails(self) -> WireServer:
        """The same, after the first part of a stream."""
        self._spoils(4)
        return self

    def _spoils(self, after: int) -> None:
        speech = self.spoken.speech
        broken = b'{"text": oh\n' if speech.stream_type != EVENTS else b'data: {"text": oh\n\n'

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            if self._streams(request):
                start = speech.stream(TEXT, "complete")[:after]
                await self._chunks(writer, [*start, broken])
            else:
                await send_whole(writer, 200, {"content-type": JSON_TYPE}, b'{"text": oh')

        self.reply(send)

    def ends_early(self) -> WireServer:
        """A stream that ends cleanly before its end sign; half a body with a clean end."""
        speech = self.spoken.speech

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            if self._streams(request):
                await self._chunks(writer, speech.stream(TEXT, "complete")[:4])
            else:
                body = json.dumps(speech.answer(TEXT, "complete")).encode()
                await send_whole(writer, 200, {"content-type": JSON_TYPE}, body[: len(body) // 2])

        self.reply(send)
        return self

    def babbles(self) -> WireServer:
        """An answer without end."""
        speech = self.spoken.speech
        events = speech.stream("x" * 700, "complete")

        async def send(request: RecordedRequest, _: Any, writer: asyncio.StreamWriter) -> None:
            if not self._streams(request):
                await self._chunks(writer, [b'{"text": "'], end=False, kind=JSON_TYPE)
                pieces: Iterable[bytes] = (_LARGE.encode() for _ in range(_LIMIT))
            else:
                await self._chunks(writer, events[:2], end=False)
                pieces = (b"".join(events[2:-4]) for _ in range(_LIMIT))
            for piece in pieces:
                writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                await writer.drain()

        self.reply(send)
        return self

    # -- how it is sent ----------------------------------------------------------------------

    def _streams(self, request: RecordedRequest) -> bool:
        spoken = self.spoken
        if spoken.stream_path:
            return request.path == spoken.stream_path
        asked = request.json
        return bool(asked.get("stream") or asked.get("completionOptions", {}).get("stream"))

    async def _chunks(
        self,
        writer: asyncio.StreamWriter,
        pieces: Iterable[bytes],
        *,
        end: bool = True,
        kind: str = "",
    ) -> None:
        await send_chunked(writer, pieces, end=end, kind=kind or self.spoken.speech.stream_type)

    async def _begin(self, request: RecordedRequest, writer: asyncio.StreamWriter) -> None:
        speech = self.spoken.speech
        if self._streams(request):
            await self._chunks(writer, speech.stream(TEXT, "complete")[:4], end=False)
        else:
            body = json.dumps(speech.answer(TEXT, "complete")).encode()
            half = body[: len(body) // 2]
            await send_whole(writer, 200, {"content-type": JSON_TYPE}, half, length=len(body))

    async def _handle(
        self, request: RecordedRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.requests.append(request)
        beside = self.beside(request)
        if beside is not None:
            status, body = beside
            await send_whole(writer, status, {"content-type": JSON_TYPE}, json.dumps(body).encode())
            return
        self.arrived.set()
        send = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        await send(request, reader, writer)

    def _beside(self, request: RecordedRequest) -> tuple[int, Any] | None:
        if request.path == "/oauth":
            self.tokens += 1
            return 200, {"access_token": f"{TOKEN}-{self.tokens}", "expires_at": 4102444800000}
        if request.method == "GET" or request.path == self.spoken.probe:
            if self.probe_status != 200:
                return self.probe_status, self.spoken.speech.failure(self.probe_status, "")
            return 200, self.models_body
        return None


def config_of(
    provider: str, spoken: Spoken, root: str, *, timeout: float = 5.0, **settings: Any
) -> LlmProviderConfig:
    """The configuration of `provider` for the server at `root`."""
    setting = Setting(root + spoken.endpoint, Source.USER)
    options = {
        name: value.format(server=root) if isinstance(value, str) else value
        for name, value in spoken.options.items()
    }
    wanted: dict[str, Any] = {
        "api_key": SecretValue(KEY),
        "model": spoken.model,
        "timeout": timeout,
        "options": options,
    }
    return LlmProviderConfig(
        endpoint=Endpoint.parse(setting, "endpoint", whole=provider == "custom-http"),
        type=provider,
        **{**wanted, **settings},
    )
