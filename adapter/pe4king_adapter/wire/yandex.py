"""YandexGPT's own protocol: request body, answer, and stream of JSON lines.

Numbers travel as text, and every line of a stream holds the whole text so far.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pe4king_adapter.provider import FinishReason, Usage
from pe4king_adapter.wire import Ask, Probe, StreamReader
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec
from pe4king_adapter.wire.failure_tables import YANDEX, FailureTable
from pe4king_adapter.wire.ndjson import NdjsonDecoder
from pe4king_adapter.wire.reading import Fields, count, encoded, fields, objects, string, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

_ROOT = "/foundationModels/v1"
_STATUSES = {
    "ALTERNATIVE_STATUS_FINAL": FinishReason.COMPLETE,
    "ALTERNATIVE_STATUS_TRUNCATED_FINAL": FinishReason.TRUNCATED,
    "ALTERNATIVE_STATUS_CONTENT_FILTER": FinishReason.FILTERED,
    "ALTERNATIVE_STATUS_TOOL_CALLS": FinishReason.OTHER,
}
_UNFINISHED = ("", "ALTERNATIVE_STATUS_PARTIAL", "ALTERNATIVE_STATUS_UNSPECIFIED")


class YandexCodec(HttpCodec):
    """Text generation in the folder `folder_id`; there is neither a seed nor a stop.

    The prefix of a token of IAM is `Bearer `.
    """

    models_path = ""

    def __init__(
        self,
        *,
        folder_id: str = "",
        key_prefix: str = "Api-Key ",
        failures: FailureTable = YANDEX,
    ) -> None:
        self.failures = failures
        self.key_prefix = key_prefix
        self.headers = {"x-folder-id": folder_id} if folder_id else {}
        self._folder = folder_id

    def probe(self, model: str) -> Probe | None:
        """Counting the tokens of one word costs nothing and needs the key."""
        asked = {"modelUri": self._uri(model), "text": "test"}
        return Probe(f"{_ROOT}/tokenize", json.dumps(asked).encode())

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The same place for every request."""
        return f"{_ROOT}/completion"

    def body(self, ask: Ask) -> bytes:
        """The request."""
        options = ask.options
        limit = options.max_tokens
        wanted: dict[str, Json] = {
            "temperature": None if options.temperature is None else min(options.temperature, 1.0),
            "max_tokens": None if limit is None else str(limit),
        }
        names = {"max_tokens": "maxTokens"}
        kept = {names.get(n, n): v for n, v in wanted.items() if n not in ask.without}
        sent = {name: value for name, value in kept.items() if value is not None}
        schema = None if RESPONSE_FORMAT in ask.without else ask.prompt.schema
        base: dict[str, Json] = {
            "modelUri": self._uri(ask.model),
            "completionOptions": {"stream": ask.stream, **sent},
            "messages": [{"role": m.role, "text": m.text} for m in ask.prompt.messages],
            "jsonSchema": None if schema is None else {"schema": schema.schema},
        }
        return encoded({**base, **ask.extra})

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return YandexReader(headers, self.failures, NdjsonDecoder)

    def reader(self, headers: Mapping[str, str]) -> StreamReader:
        """Lines, whatever they are called; a whole answer is one of them."""
        return self.gather(headers)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is an alternative."""
        return bool(objects(_result(value).get("alternatives")))

    def _uri(self, model: str) -> str:
        if "://" in model:
            return model
        return f"gpt://{self._folder}/{model if '/' in model else model + '/latest'}"


class YandexReader(AnswerReader):
    """Reads lines; a whole answer is one of them."""

    def take(self, value: Fields) -> str:
        """What the text of one line has beyond the text of the line before."""
        result = _result(value)
        self.model = self.model or word(result.get("modelVersion"))
        self.count(_usage(fields(result.get("usage"))))
        alternatives = objects(result.get("alternatives"))
        if not alternatives:
            return ""
        message = fields(alternatives[0].get("message"))
        status = string(alternatives[0].get("status"))
        if status not in _UNFINISHED:
            self.done = True
            self.finish_reason = _STATUSES.get(status, FinishReason.OTHER)
        text = string(message.get("text"))
        before = self.pieces[0] if self.pieces else ""
        if not text:
            return ""
        self.pieces = [text]
        return text[len(before) :] if text.startswith(before) else ""


def _result(value: Fields) -> Fields:
    result = value.get("result")
    return result if isinstance(result, dict) else value


def _usage(usage: Fields) -> Usage:
    details = fields(usage.get("completionTokensDetails"))
    return Usage(
        count(usage.get("inputTextTokens")),
        count(usage.get("completionTokens")),
        count(details.get("reasoningTokens")),
    )
