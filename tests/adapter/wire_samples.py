"""One good answer and one good stream of every protocol, and the codecs that read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pe4king_adapter.provider import LlmResponse, StreamPart
from pe4king_adapter.wire import Codec
from pe4king_adapter.wire.anthropic import AnthropicCodec
from pe4king_adapter.wire.custom_json import CustomJsonCodec
from pe4king_adapter.wire.failures import Failure
from pe4king_adapter.wire.gemini import GeminiCodec
from pe4king_adapter.wire.gigachat import GigaChatCodec
from pe4king_adapter.wire.ollama import OllamaCodec
from pe4king_adapter.wire.openai_chat import OpenAiChatCodec
from pe4king_adapter.wire.openai_responses import ResponsesCodec
from pe4king_adapter.wire.yandex import YandexCodec

TEXT = "Да, 2 + 2 = 4."
FIRST, REST = TEXT[:5], TEXT[5:]
JSON_LINES = ("ollama", "yandex")


@dataclass(frozen=True)
class Sample:
    """A protocol: the whole answer, the documents of the same answer streamed, its end mark."""

    name: str
    codec: Codec
    whole: Any
    stream: tuple[Any, ...] = ()
    mark: bytes = b""

    @property
    def body(self) -> bytes:
        return json.dumps(self.whole, ensure_ascii=False).encode()

    @property
    def streamed(self) -> bytes:
        return b"".join(map(self.framed, self.stream)) + self.mark

    def framed(self, document: Any) -> bytes:
        """`document` as the protocol's stream carries it."""
        text = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if self.name in JSON_LINES:
            return text + b"\n"
        return b"data: " + text + (b"\r\n\r\n" if self.name == "gemini" else b"\n\n")

    def read(self, body: bytes, size: int = 1 << 30) -> tuple[str, LlmResponse | Failure]:
        """What is shown of a streamed `body`, and the answer or its failure."""
        reader = self.codec.reader({})
        shown = [reader.feed(body[at : at + size]) for at in range(0, len(body), size)]
        last: StreamPart = reader.finish()
        assert last.response is not None
        return "".join([*shown, last.text]), reader.failure or last.response


def _chat(delta: Any, reason: Any = None) -> Any:
    return {"model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}


def _gemini(text: str, **more: Any) -> Any:
    candidate = {"content": {"parts": [{"text": text}], "role": "model"}, **more}
    counts = {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 2}
    return {"candidates": [candidate], "usageMetadata": counts, "modelVersion": "m"}


def _ollama(text: str, **more: Any) -> Any:
    return {"model": "m", "message": {"role": "assistant", "content": text}, "done": False, **more}


def _yandex(text: str, status: str) -> Any:
    alternative = {"message": {"role": "assistant", "text": text}, "status": status}
    counts = {"inputTextTokens": "9", "completionTokens": "4", "totalTokens": "13"}
    return {"result": {"alternatives": [alternative], "usage": counts, "modelVersion": "m"}}


_OUTPUT = [
    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
    {"type": "message", "content": [{"type": "output_text", "text": TEXT}]},
]
_RESPONSE = {
    "status": "completed",
    "model": "m",
    "output": _OUTPUT,
    "usage": {"input_tokens": 9, "output_tokens": 4},
    "error": None,
}
_MESSAGE = {
    "type": "message",
    "model": "m",
    "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": TEXT}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 9, "output_tokens": 4},
}
_OLLAMA_END = {"done": True, "done_reason": "stop", "prompt_eval_count": 9, "eval_count": 4}
_FINAL = "ALTERNATIVE_STATUS_FINAL"
_GIGA_USAGE = {"input_tokens": 9, "output_tokens": 4}

SAMPLES = (
    Sample(
        "chat",
        OpenAiChatCodec(),
        {
            "model": "m",
            "choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 4},
        },
        (
            _chat({"role": "assistant", "content": None, "reasoning": "hm"}),
            _chat({"content": FIRST}),
            _chat({"content": [{"type": "text", "text": REST}]}),
            _chat({}, "stop"),
            {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}},
        ),
        b": bye\n\ndata: [DONE]\n\n",
    ),
    Sample(
        "responses",
        ResponsesCodec(),
        _RESPONSE,
        (
            {"type": "response.created", "response": {"status": "in_progress"}},
            {"type": "response.output_text.delta", "delta": FIRST},
            {"type": "response.output_text.delta", "delta": REST},
            {"type": "response.completed", "response": _RESPONSE},
        ),
    ),
    Sample(
        "anthropic",
        AnthropicCodec(),
        _MESSAGE,
        (
            {
                "type": "message_start",
                "message": {"model": "m", "content": [], "usage": {"input_tokens": 9}},
            },
            {"type": "content_block_start", "content_block": {"type": "text", "text": ""}},
            {"type": "ping"},
            {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "h"}},
            {"type": "content_block_delta", "delta": {"type": "text_delta", "text": FIRST}},
            {"type": "content_block_delta", "delta": {"type": "text_delta", "text": REST}},
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn"},
                "usage": {"output_tokens": 4},
            },
            {"type": "message_stop"},
        ),
    ),
    Sample(
        "gemini",
        GeminiCodec(),
        _gemini(TEXT, finishReason="STOP"),
        (_gemini(FIRST), _gemini(REST), _gemini("", finishReason="STOP")),
    ),
    Sample(
        "ollama",
        OllamaCodec(),
        {**_ollama(TEXT), **_OLLAMA_END},
        (_ollama(FIRST), _ollama(REST), {**_ollama(""), **_OLLAMA_END}),
    ),
    Sample(
        "yandex",
        YandexCodec(folder_id="b1g"),
        _yandex(TEXT, _FINAL),
        (_yandex(FIRST, "ALTERNATIVE_STATUS_PARTIAL"), _yandex(TEXT, _FINAL)),
    ),
    Sample(
        "gigachat",
        GigaChatCodec(),
        {
            "model": "m",
            "messages": [{"role": "assistant", "content": [{"text": TEXT}]}],
            "finish_reason": "stop",
            "usage": _GIGA_USAGE,
        },
        (
            {"model": "m", "messages": [{"role": "assistant", "content": [{"text": FIRST}]}]},
            {"model": "m", "messages": [{"role": "assistant", "content": [{"text": REST}]}]},
            {"model": "m", "finish_reason": "stop", "usage": _GIGA_USAGE},
        ),
    ),
    Sample("custom", CustomJsonCodec(), {"data": [{"message": {"content": TEXT}}]}),
)
STREAMED = tuple(sample for sample in SAMPLES if sample.stream)


def sample(name: str) -> Sample:
    """The sample of one protocol."""
    return next(one for one in SAMPLES if one.name == name)
