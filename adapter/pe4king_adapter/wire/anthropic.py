"""The Anthropic Messages protocol: request body, answer, and event stream.

The version of 2023 is pinned on purpose: the one of 2026-10-21 refuses `temperature` even at its
default. Models that refuse it under the older version say so, and it is left out then.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.provider import ChatMessage, FinishReason, Prompt, Role, Usage
from pe4king_adapter.wire import Ask
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec
from pe4king_adapter.wire.failure_tables import ANTHROPIC, FailureTable
from pe4king_adapter.wire.reading import Fields, count, encoded, fields, objects, string, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

VERSION = "2023-06-01"
_SAMPLING_UNTIL = "2026-10-21"
"""From this version on no sampling parameter may be sent."""
_MAX_TOKENS = 8192
_SMALLEST_LIMIT = 4096
"""What every model accepts, for those that refuse more."""
_NAMES = {"stop": "stop_sequences", RESPONSE_FORMAT: "output_config"}
_FINISH = {
    "end_turn": FinishReason.COMPLETE,
    "stop_sequence": FinishReason.COMPLETE,
    "max_tokens": FinishReason.TRUNCATED,
    "model_context_window_exceeded": FinishReason.TRUNCATED,
    "refusal": FinishReason.REFUSED,
}


class AnthropicCodec(HttpCodec):
    """Messages; there is no seed, and the length of an answer has to be limited."""

    key_header = "x-api-key"
    key_prefix = ""
    models_path = "/models?limit=1000"

    def __init__(self, *, version: str = VERSION, failures: FailureTable = ANTHROPIC) -> None:
        self.failures = failures
        self.headers = {"anthropic-version": version}
        self._sampling = version < _SAMPLING_UNTIL

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The same place for every request."""
        return "/messages"

    def body(self, ask: Ask) -> bytes:
        """The request; what the system says stands apart from the conversation."""
        options = ask.options
        system = [m.text for m in ask.prompt.messages if m.role is Role.SYSTEM]
        limit = options.max_tokens or _MAX_TOKENS
        temperature = options.temperature if self._sampling else None
        wanted: dict[str, Json] = {
            "temperature": None if temperature is None else min(temperature, 1.0),
            "stop": list(options.stop) or None,
            RESPONSE_FORMAT: _output(ask.prompt),
        }
        kept = {_NAMES.get(n, n): v for n, v in wanted.items() if n not in ask.without}
        base: dict[str, Json] = {
            "model": ask.model,
            "max_tokens": min(limit, _SMALLEST_LIMIT) if "max_tokens" in ask.without else limit,
            "system": "\n\n".join(system) or None,
            "messages": [_message(m) for m in ask.prompt.messages if m.role is not Role.SYSTEM],
            "stream": ask.stream,
        }
        return encoded({**base, **kept, **ask.extra})

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return MessagesReader(headers, self.failures)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there are content blocks or a reason for there being none."""
        return isinstance(value.get("content"), list) or isinstance(value.get("stop_reason"), str)


class MessagesReader(AnswerReader):
    """Reads events by their `type`; a whole answer is a `message`."""

    def take(self, value: Fields) -> str:
        """The text that one event adds."""
        kind = value.get("type")
        if kind == "content_block_delta":
            delta = value.get("delta")
            if not isinstance(delta, dict) or delta.get("type") != "text_delta":
                return ""
            return self._add(string(delta.get("text")))
        if kind == "content_block_start":
            return self._block(fields(value.get("content_block")))
        if kind == "message_start":
            return self._message(fields(value.get("message")))
        if kind == "message_delta":
            self._end(fields(value.get("delta")))
            self.count(_usage(fields(value.get("usage"))))
        elif kind == "message_stop":
            self.done = True
        elif "content" in value or "stop_reason" in value:
            return self._message(value)
        return ""

    def whole(self) -> bool:
        """A reason and the end sign belong together."""
        return self.done and super().whole()

    def _message(self, message: Fields) -> str:
        self.model = word(message.get("model"))
        self.count(_usage(fields(message.get("usage"))))
        self._end(message)
        return "".join([self._block(block) for block in objects(message.get("content"))])

    def _block(self, block: Fields) -> str:
        return self._add(string(block.get("text"))) if block.get("type") == "text" else ""

    def _add(self, text: str) -> str:
        self.pieces.append(text)
        return text

    def _end(self, holder: Fields) -> None:
        if reason := string(holder.get("stop_reason")):
            self.finish_reason = _FINISH.get(reason, FinishReason.OTHER)


def _message(message: ChatMessage) -> Json:
    return {"role": message.role, "content": message.text}


def _output(prompt: Prompt) -> Json:
    if prompt.schema is None:
        return None
    return {"format": {"type": "json_schema", "schema": prompt.schema.schema}}


def _usage(usage: Fields) -> Usage:
    details = fields(usage.get("output_tokens_details"))
    return Usage(
        count(usage.get("input_tokens")),
        count(usage.get("output_tokens")),
        count(details.get("thinking_tokens")),
    )
