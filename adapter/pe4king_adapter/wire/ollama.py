"""Ollama's own protocol: request body, answer, and stream of JSON lines."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.provider import FinishReason, Prompt, Usage, estimate_tokens
from pe4king_adapter.wire import Ask, StreamReader
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec
from pe4king_adapter.wire.failure_tables import OLLAMA, FailureTable
from pe4king_adapter.wire.ndjson import NdjsonDecoder
from pe4king_adapter.wire.reading import Fields, count, encoded, string, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

_NUM_CTX = 8192
_ROOM_FOR_ANSWER = 2048
_NAMES = {"max_tokens": "num_predict"}
_FINISH = {
    "stop": FinishReason.COMPLETE,
    "length": FinishReason.TRUNCATED,
    "": FinishReason.UNKNOWN,
    "load": FinishReason.UNKNOWN,
    "unload": FinishReason.UNKNOWN,
}


class OllamaCodec(HttpCodec):
    """Ollama's chat. `num_ctx` is the least context; `think` is sent where it is set.

    Without a context of its own a long prompt would be cut without a word; a prompt that needs
    more gets the next power of two, so that the model is seldom loaded anew.
    """

    models_path = "/api/tags"

    def __init__(
        self,
        *,
        num_ctx: int = _NUM_CTX,
        think: bool | str | None = None,
        failures: FailureTable = OLLAMA,
    ) -> None:
        self.failures = failures
        self._num_ctx = num_ctx
        self._think = think

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The same place for every request."""
        return "/api/chat"

    def body(self, ask: Ask) -> bytes:
        """The request; it says that no stream is wanted, which is not the default there."""
        options = ask.options
        wanted: dict[str, Json] = {
            "temperature": options.temperature,
            "seed": options.seed,
            "stop": list(options.stop) or None,
            "max_tokens": options.max_tokens,
        }
        kept = {_NAMES.get(n, n): v for n, v in wanted.items() if n not in ask.without}
        sent = {name: value for name, value in kept.items() if value is not None}
        schema = ask.prompt.schema
        base: dict[str, Json] = {
            "model": ask.model,
            "messages": [{"role": m.role, "content": m.text} for m in ask.prompt.messages],
            "stream": ask.stream,
            "think": None if "think" in ask.without else self._think,
            "format": None if schema is None or RESPONSE_FORMAT in ask.without else schema.schema,
            "options": {**sent, "num_ctx": self._context(ask.prompt, options.max_tokens)},
        }
        return encoded({**base, **ask.extra})

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return OllamaReader(headers, self.failures, NdjsonDecoder)

    def reader(self, headers: Mapping[str, str]) -> StreamReader:
        """Lines, whatever they are called; a whole answer is one of them."""
        return self.gather(headers)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is a message."""
        return isinstance(value.get("message"), dict) or isinstance(value.get("response"), str)

    def _context(self, prompt: Prompt, max_tokens: int | None) -> int:
        needed = sum(estimate_tokens(m.text) for m in prompt.messages)
        needed += max_tokens or _ROOM_FOR_ANSWER
        size = self._num_ctx
        while size < needed:
            size *= 2
        return size


class OllamaReader(AnswerReader):
    """Reads lines; a whole answer is one of them."""

    def take(self, value: Fields) -> str:
        """The text that one line adds."""
        if not self.model:
            self.model = word(value.get("model"))
        message = value.get("message")
        if not isinstance(message, dict):
            message = {"content": value.get("response")}
        text = string(message.get("content"))
        self.pieces.append(text)
        if value.get("done") is True:
            self.done = True
            reason = string(value.get("done_reason"))
            self.finish_reason = _FINISH.get(reason, FinishReason.OTHER)
            self.count(Usage(count(value.get("prompt_eval_count")), count(value.get("eval_count"))))
        return text
