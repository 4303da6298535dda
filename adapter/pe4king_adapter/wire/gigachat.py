"""GigaChat's second chat protocol: request body, answer, and event stream.

The first one is OpenAI's. Here options and schema stand apart, and content is a list of parts.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.provider import FinishReason, Usage
from pe4king_adapter.wire import Ask
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec
from pe4king_adapter.wire.failure_tables import GIGACHAT, FailureTable
from pe4king_adapter.wire.reading import Fields, count, encoded, fields, objects, string, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

_FINISH = {
    "stop": FinishReason.COMPLETE,
    "length": FinishReason.TRUNCATED,
    "blacklist": FinishReason.FILTERED,
    "content_filter": FinishReason.FILTERED,
}


class GigaChatCodec(HttpCodec):
    """Chat below `/api/v2`; there is neither a seed nor a stop."""

    def __init__(self, *, failures: FailureTable = GIGACHAT) -> None:
        self.failures = failures

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The same place for every request."""
        return "/chat/completions"

    def body(self, ask: Ask) -> bytes:
        """The request."""
        options = ask.options
        schema = ask.prompt.schema
        wanted: dict[str, Json] = {
            "temperature": options.temperature,
            "max_tokens": options.max_tokens,
            RESPONSE_FORMAT: None
            if schema is None
            else {"type": "json_schema", "schema": schema.schema, "strict": True},
        }
        sent = {n: v for n, v in wanted.items() if v is not None and n not in ask.without}
        base: dict[str, Json] = {
            "model": ask.model,
            "messages": [
                {"role": m.role, "content": [{"text": m.text}]} for m in ask.prompt.messages
            ],
            "stream": ask.stream,
            "model_options": sent or None,
        }
        return encoded({**base, **ask.extra})

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return GigaChatReader(headers, self.failures)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is a message."""
        return bool(objects(value.get("messages")))


class GigaChatReader(AnswerReader):
    """Reads chunks; a whole answer is one of them."""

    def take(self, value: Fields) -> str:
        """The text that one chunk adds."""
        self.model = self.model or word(value.get("model"))
        self.count(_usage(fields(value.get("usage"))))
        if reason := string(value.get("finish_reason")):
            self.finish_reason = _FINISH.get(reason, FinishReason.OTHER)
        messages = [m for m in objects(value.get("messages")) if m.get("role") != "reasoning"]
        parts = [part for message in messages for part in objects(message.get("content"))]
        text = "".join(string(part.get("text")) for part in parts)
        self.pieces.append(text)
        return text


def _usage(usage: Fields) -> Usage:
    return Usage(count(usage.get("input_tokens")), count(usage.get("output_tokens")))
