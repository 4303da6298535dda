"""Plays recorded exchanges to the right codec, cut into pieces of any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmResponse
from pe4king_adapter.wire import Codec
from pe4king_adapter.wire.anthropic import AnthropicCodec
from pe4king_adapter.wire.failure_tables import GIGACHAT, OPENAI, OPENROUTER
from pe4king_adapter.wire.failures import Failure
from pe4king_adapter.wire.gemini import GeminiCodec
from pe4king_adapter.wire.gigachat import GigaChatCodec
from pe4king_adapter.wire.ollama import OllamaCodec
from pe4king_adapter.wire.openai_chat import OpenAiChatCodec
from pe4king_adapter.wire.openai_responses import ResponsesCodec
from pe4king_adapter.wire.yandex import YandexCodec

from .exchanges import Exchange

WHOLE = 1 << 30
CODECS: Mapping[str, Callable[[], Codec]] = {
    "chat": OpenAiChatCodec,
    "models": OpenAiChatCodec,
    "responses": ResponsesCodec,
    "anthropic": AnthropicCodec,
    "gemini": GeminiCodec,
    "ollama": OllamaCodec,
    "gigachat": GigaChatCodec,
    "yandex": YandexCodec,
}
_TABLES = {"gigachat": GIGACHAT, "openrouter": OPENROUTER, "api.openai.com": OPENAI}


@dataclass(frozen=True)
class Read:
    """What a codec made of an exchange: `shown` is what a stream handed on."""

    answer: LlmResponse | Failure
    shown: str | None = None

    @property
    def problem(self) -> Problem | None:
        return self.answer.problem if isinstance(self.answer, Failure) else None


def codec_for(exchange: Exchange) -> Codec:
    """The codec of the exchange's protocol, with the provider's table of failures."""
    if exchange.protocol == "chat":
        table = next((t for name, t in _TABLES.items() if name in exchange.host), None)
        return OpenAiChatCodec(failures=table) if table else OpenAiChatCodec()
    return CODECS[exchange.protocol]()


def read(exchange: Exchange, size: int = WHOLE) -> Read:
    """The exchange as its codec reads it, `size` bytes at a time where it is a stream."""
    codec = codec_for(exchange)
    if not 200 <= exchange.status < 300:
        return Read(codec.failure(exchange.status, exchange.headers, exchange.body))
    if not exchange.streamed:
        return Read(codec.answer(exchange.headers, exchange.body))
    reader = codec.reader(exchange.headers)
    body = exchange.body
    shown = [reader.feed(body[at : at + size]) for at in range(0, len(body), size)]
    last = reader.finish()
    answer = reader.failure or last.response
    assert answer is not None
    return Read(answer, "".join([*shown, last.text]))
