"""The OpenAI Responses protocol: request body, answer, and event stream."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pe4king_adapter.provider import FinishReason, Prompt, Role, Usage
from pe4king_adapter.wire import Ask
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec
from pe4king_adapter.wire.failure_tables import OPENAI, FailureTable
from pe4king_adapter.wire.failures import failure_of
from pe4king_adapter.wire.reading import Fields, count, encoded, fields, objects, string, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

_REASONS = {
    "max_output_tokens": FinishReason.TRUNCATED,
    "max_tokens": FinishReason.TRUNCATED,
    "content_filter": FinishReason.FILTERED,
}
_STATUSES = {
    "completed": FinishReason.COMPLETE,
    "complete": FinishReason.COMPLETE,
    "queued": FinishReason.UNKNOWN,
    "in_progress": FinishReason.UNKNOWN,
}
_LAST = ("response.completed", "response.incomplete", "response.failed", "response.cancelled")
_NOTHING: Mapping[str, str] = {}


class ResponsesCodec(HttpCodec):
    """Responses, kept nowhere by the server; there is neither a seed nor a stop."""

    def __init__(
        self,
        *,
        failures: FailureTable = OPENAI,
        key_header: str = "authorization",
        key_prefix: str = "Bearer ",
        headers: Mapping[str, str] = _NOTHING,
        query: str = "",
    ) -> None:
        self.failures = failures
        self.key_header = key_header
        self.key_prefix = key_prefix
        self.headers = headers
        self._query = f"?{query}" if query else ""
        self.models_path = "/models" + self._query

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The same place for every request."""
        return "/responses" + self._query

    def body(self, ask: Ask) -> bytes:
        """The request; what the system says stands apart from the conversation."""
        system = [m.text for m in ask.prompt.messages if m.role is Role.SYSTEM]
        turns = [m for m in ask.prompt.messages if m.role is not Role.SYSTEM]
        wanted: dict[str, Json] = {
            "temperature": ask.options.temperature,
            "max_tokens": ask.options.max_tokens,
            RESPONSE_FORMAT: _text(ask.prompt),
        }
        names = {"max_tokens": "max_output_tokens", RESPONSE_FORMAT: "text"}
        kept = {names.get(n, n): v for n, v in wanted.items() if n not in ask.without}
        base: dict[str, Json] = {
            "model": ask.model,
            "instructions": "\n\n".join(system) or None,
            "input": [{"role": m.role, "content": m.text} for m in turns],
            "stream": ask.stream,
            "store": False,
        }
        return encoded({**base, **kept, **ask.extra})

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return ResponsesReader(headers, self.failures)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is an output or at least a status."""
        return isinstance(value.get("output"), list) or isinstance(value.get("status"), str)


class ResponsesReader(AnswerReader):
    """Reads events by their `type`, and whole responses, which have none."""

    def take(self, value: Fields) -> str:
        """The text that one event adds."""
        kind = value.get("type")
        if kind == "response.output_text.delta":
            text = string(value.get("delta"))
            self.pieces.append(text)
            return text
        if kind == "response.refusal.delta":
            self.refused = True
        elif kind == "error":
            self._failed({key: value.get(key) for key in ("code", "message", "param")})
        elif kind in _LAST:
            self.done = True
            return self._response(fields(value.get("response")))
        elif "output" in value or "status" in value:
            return self._response(value)
        return ""

    def _response(self, response: Fields) -> str:
        self.model = word(response.get("model"))
        self.count(_usage(fields(response.get("usage"))))
        if response.get("status") == "failed" or response.get("error"):
            self._failed(response.get("error"))
            return ""
        self.finish_reason = _finish(response)
        text = self._output(objects(response.get("output")))
        if self.pieces:
            return ""
        self.pieces.append(text)
        return text

    def _output(self, items: list[Fields]) -> str:
        texts = []
        for item in items:
            for part in objects(item.get("content")) if item.get("type") == "message" else ():
                self.refused = self.refused or part.get("type") == "refusal"
                texts += [string(part.get("text"))] if part.get("type") == "output_text" else []
        return "".join(texts)

    def _failed(self, error: Json) -> None:
        status = 400 if fields(error).get("type") == "invalid_request_error" else 500
        body = json.dumps({"error": error if isinstance(error, dict) else {}}).encode()
        self.fail_with(failure_of(status, {}, body, self._table))


def _text(prompt: Prompt) -> Json:
    if prompt.schema is None:
        return None
    schema = prompt.schema
    wanted: Json = {
        "type": "json_schema",
        "name": schema.name,
        "schema": schema.schema,
        "strict": True,
    }
    return {"format": wanted}


def _finish(response: Fields) -> FinishReason:
    status = string(response.get("status"))
    if status == "incomplete":
        reason = string(fields(response.get("incomplete_details")).get("reason"))
        return _REASONS.get(reason, FinishReason.OTHER)
    return _STATUSES.get(status, FinishReason.OTHER if status else FinishReason.UNKNOWN)


def _usage(usage: Fields) -> Usage:
    details = fields(usage.get("output_tokens_details"))
    return Usage(
        count(usage.get("input_tokens")),
        count(usage.get("output_tokens")),
        count(details.get("reasoning_tokens")),
    )
