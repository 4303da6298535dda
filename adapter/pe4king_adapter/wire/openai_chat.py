"""The OpenAI chat completions protocol: request body, answer, and event stream.

Read leniently: content may be text, parts, null or missing; reasoning arrives in fields of many
names and is ignored; usage comes in the last chunk or in one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import FinishReason, Prompt, Usage
from pe4king_adapter.wire import Ask, Probe
from pe4king_adapter.wire.codec import RESPONSE_FORMAT, HttpCodec, in_path
from pe4king_adapter.wire.failure_tables import GENERIC, FailureTable
from pe4king_adapter.wire.reading import Fields, count, encoded, fields, text_of, word
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_core.model.json import Json

_FINISH = {
    "stop": FinishReason.COMPLETE,
    "end_turn": FinishReason.COMPLETE,
    "eos": FinishReason.COMPLETE,
    "length": FinishReason.TRUNCATED,
    "max_tokens": FinishReason.TRUNCATED,
    "model_length": FinishReason.TRUNCATED,
    "content_filter": FinishReason.FILTERED,
    "blacklist": FinishReason.FILTERED,
    "refusal": FinishReason.REFUSED,
}
_NOTHING: Mapping[str, str] = {}


class SchemaMeans(StrEnum):
    """How a server is asked for an answer that obeys a schema."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    NONE = "none"


class OpenAiChatCodec(HttpCodec):
    """Chat completions as most servers speak them.

    `renamed` says what a provider calls a parameter; `path` may hold `{model}`.
    """

    def __init__(
        self,
        *,
        failures: FailureTable = GENERIC,
        schema: SchemaMeans = SchemaMeans.JSON_SCHEMA,
        key_header: str = "authorization",
        key_prefix: str = "Bearer ",
        headers: Mapping[str, str] = _NOTHING,
        path: str = "/chat/completions",
        query: str = "",
        models_path: str = "/models",
        probe_path: str = "",
        renamed: Mapping[str, str] = _NOTHING,
    ) -> None:
        self.failures = failures
        self.key_header = key_header
        self.key_prefix = key_prefix
        self.headers = headers
        self._query = f"?{query}" if query else ""
        self.models_path = models_path + self._query if models_path else ""
        self._probe_path = probe_path
        self._path = path
        self._schema = schema
        self._renamed = renamed

    def path(self, ask: Ask) -> str:
        """The same place for every request, but for deployments."""
        return self._path.replace("{model}", in_path(ask.model)) + self._query

    def probe(self, model: str) -> Probe | None:
        """The list of models, or what this provider has instead."""
        return Probe(self._probe_path) if self._probe_path else super().probe(model)

    def body(self, ask: Ask) -> bytes:
        """The request; refused parameters are left out (`max_tokens` is renamed)."""
        options = ask.options
        wanted: dict[str, Json] = {
            "temperature": options.temperature,
            "seed": options.seed,
            "stop": list(options.stop) or None,
            "max_tokens": options.max_tokens,
            "stream_options": {"include_usage": True} if ask.stream else None,
            RESPONSE_FORMAT: self._response_format(ask.prompt),
        }
        kept = {self._name(n): v for n, v in wanted.items() if n not in ask.without}
        if "max_tokens" in ask.without and "max_tokens" not in self._renamed:
            kept["max_completion_tokens"] = options.max_tokens
        base: dict[str, Json] = {
            "model": ask.model,
            "messages": [{"role": m.role, "content": m.text} for m in ask.prompt.messages],
            "stream": ask.stream,
        }
        return encoded({**base, **kept, **ask.extra})

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer."""
        return ChatReader(headers, self.failures)

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is a choice."""
        return _first_choice(value) is not None

    def _name(self, parameter: str) -> str:
        return self._renamed.get(parameter, parameter)

    def _response_format(self, prompt: Prompt) -> Json:
        if prompt.schema is None or self._schema is SchemaMeans.NONE:
            return None
        if self._schema is SchemaMeans.JSON_OBJECT:
            return {"type": "json_object"}
        wanted: Json = {"name": prompt.schema.name, "schema": prompt.schema.schema, "strict": True}
        return {"type": "json_schema", "json_schema": wanted}


class ChatReader(AnswerReader):
    """Reads chunks (`delta`) and whole answers (`message`), and older ones of plain `text`."""

    _unnamed = False

    def take(self, value: Fields) -> str:
        """The text that one chunk adds."""
        if not self.model:
            self.model = word(value.get("model"))
        usage = value.get("usage")
        if isinstance(usage, dict):
            self.count(_usage(usage))
        choice = _first_choice(value)
        if choice is None:
            return ""
        if (reason := choice.get("finish_reason")) is not None:
            self._ended(reason, choice)
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice.get("message")
            if not isinstance(delta, dict):
                delta = {"content": choice.get("text")}
        if delta.get("refusal"):
            self.refused = True
        content = delta.get("content")
        text = content if isinstance(content, str) else text_of(content)
        if text:
            self.pieces.append(text)
        return text

    def _ended(self, reason: Json, choice: Fields) -> None:
        """An empty reason is one that the server does not tell: it may stand in every chunk."""
        if reason == "error":
            self.fail_with(self.failure_in(choice))
            self.fail(Problem.SERVER)
        elif reason == "":
            self._unnamed = True
        elif isinstance(reason, str):
            self.finish_reason = _FINISH.get(reason.lower(), FinishReason.OTHER)

    def whole(self) -> bool:
        """A reason came, or the end sign after an empty reason or after the count of tokens.

        Some servers never tell a reason; the end sign alone may be that of a proxy.
        """
        counted = self.usage.completion_tokens is not None
        return self.finish_reason is not None or (self.done and (self._unnamed or counted))


def _first_choice(value: Fields) -> Fields | None:
    choices = value.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    return choices[0]


def _usage(usage: Fields) -> Usage:
    details = fields(usage.get("completion_tokens_details"))
    return Usage(
        count(usage.get("prompt_tokens")),
        count(usage.get("completion_tokens")),
        count(details.get("reasoning_tokens")),
    )
