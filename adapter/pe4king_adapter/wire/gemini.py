"""The Gemini protocol: request body, answer, and event stream.

Streams have no end mark: they are whole where a reason for the end was seen. Parts may be missing
(thinking used up the budget), and so may candidates (the prompt was blocked).
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.provider import FinishReason, Role, Usage
from pe4king_adapter.wire import Ask
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec, in_path
from pe4king_adapter.wire.failure_tables import GEMINI, FailureTable
from pe4king_adapter.wire.reading import Fields, count, encoded, fields, objects, string, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

_FILTERS = ("RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "MODEL_ARMOR")
_NAMES = {"stop": "stopSequences", "max_tokens": "maxOutputTokens"}


class GeminiCodec(HttpCodec):
    """Gemini; the key travels in a header, never in the address: those get logged."""

    key_header = "x-goog-api-key"
    key_prefix = ""
    models_path = "/models?pageSize=1000"

    def __init__(self, *, failures: FailureTable = GEMINI) -> None:
        self.failures = failures

    def path(self, ask: Ask) -> str:
        """The model and the method."""
        method = "streamGenerateContent?alt=sse" if ask.stream else "generateContent"
        return f"/models/{in_path(ask.model.removeprefix('models/'))}:{method}"

    def body(self, ask: Ask) -> bytes:
        """The request; what the system says stands apart from the conversation."""
        system = [m.text for m in ask.prompt.messages if m.role is Role.SYSTEM]
        base: dict[str, Json] = {
            "systemInstruction": {"parts": [{"text": "\n\n".join(system)}]} if system else None,
            "contents": [
                {"role": _role(m.role), "parts": [{"text": m.text}]}
                for m in ask.prompt.messages
                if m.role is not Role.SYSTEM
            ],
            "generationConfig": self._config(ask) or None,
        }
        return encoded({**base, **ask.extra})

    def _config(self, ask: Ask) -> dict[str, Json]:
        options = ask.options
        wanted: dict[str, Json] = {
            "temperature": options.temperature,
            "seed": options.seed,
            "stop": list(options.stop) or None,
            "max_tokens": options.max_tokens,
        }
        kept = {_NAMES.get(n, n): v for n, v in wanted.items() if n not in ask.without}
        if ask.prompt.schema is not None and RESPONSE_FORMAT not in ask.without:
            kept["responseMimeType"] = "application/json"
            kept["responseJsonSchema"] = ask.prompt.schema.schema
        return {name: value for name, value in kept.items() if value is not None}

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return GeminiReader(headers, self.failures)

    def take_whole(self, reader: AnswerReader, value: Json) -> bool:
        """A whole answer; a stream that was not asked for as events is an array of chunks."""
        if isinstance(value, list):
            found = [super(GeminiCodec, self).take_whole(reader, chunk) for chunk in value]
            return any(found)
        return super().take_whole(reader, value)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is a candidate, or a reason for there being none."""
        return bool(objects(value.get("candidates"))) or "promptFeedback" in value


class GeminiReader(AnswerReader):
    """Reads chunks; a whole answer is one of them."""

    def take(self, value: Fields) -> str:
        """The text that one chunk adds."""
        if not self.model:
            self.model = word(value.get("modelVersion"))
        usage = value.get("usageMetadata")
        if isinstance(usage, dict):
            self.count(_usage(usage))
        feedback = value.get("promptFeedback")
        if isinstance(feedback, dict) and feedback.get("blockReason"):
            self.finish_reason = FinishReason.FILTERED
        candidates = value.get("candidates")
        if not isinstance(candidates, list) or not candidates:
            return ""
        candidate = fields(candidates[0])
        if reason := string(candidate.get("finishReason")):
            self.finish_reason = _finish(reason)
        parts = objects(fields(candidate.get("content")).get("parts"))
        text = "".join([string(p.get("text")) for p in parts if p.get("thought") is not True])
        self.pieces.append(text)
        return text


def _role(role: Role) -> str:
    return "model" if role is Role.ASSISTANT else "user"


def _finish(reason: str) -> FinishReason | None:
    if reason == "STOP":
        return FinishReason.COMPLETE
    if reason == "MAX_TOKENS":
        return FinishReason.TRUNCATED
    if reason in _FILTERS or reason.endswith("SAFETY"):
        return FinishReason.FILTERED
    return None if reason == "FINISH_REASON_UNSPECIFIED" else FinishReason.OTHER


def _usage(usage: Fields) -> Usage:
    return Usage(
        count(usage.get("promptTokenCount")),
        count(usage.get("candidatesTokenCount")),
        count(usage.get("thoughtsTokenCount")),
    )
