"""The OpenAI chat completions protocol: request body, answer, and event stream.

Read leniently: content may be text, parts, null or missing; reasoning arrives in fields of many
names and is ignored; usage comes in the last chunk or in one of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import (
    FinishReason,
    LlmResponse,
    Prompt,
    StreamPart,
    Usage,
)
from pe4king_adapter.transport import BODY_LIMIT
from pe4king_adapter.transport.sse import ServerSentEvent, SseDecoder
from pe4king_adapter.wire import Ask
from pe4king_adapter.wire.failures import Failure, failure_in, request_id
from pe4king_adapter.wire.think import ThinkingFilter, strip_thinking
from pe4king_core.model.json import Json

_FINISH = {
    "stop": FinishReason.COMPLETE,
    "end_turn": FinishReason.COMPLETE,
    "length": FinishReason.TRUNCATED,
    "content_filter": FinishReason.FILTERED,
    "blacklist": FinishReason.FILTERED,
    "refusal": FinishReason.REFUSED,
    "": FinishReason.UNKNOWN,
}
DONE = "[DONE]"
RESPONSE_FORMAT = "response_format"


def request_body(ask: Ask) -> bytes:
    """The request as JSON bytes; refused parameters are left out (`max_tokens` is renamed)."""
    options = ask.options
    fields: dict[str, Json] = {
        "model": ask.model,
        "messages": [{"role": m.role, "content": m.text} for m in ask.prompt.messages],
        "stream": ask.stream,
        "temperature": options.temperature,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        "max_tokens": options.max_tokens,
        "stream_options": {"include_usage": True} if ask.stream else None,
        RESPONSE_FORMAT: _response_format(ask.prompt),
    }
    if "max_tokens" in ask.without:
        fields["max_completion_tokens"] = fields["max_tokens"]
    kept = {name: value for name, value in fields.items() if name not in ask.without}
    sent = {name: value for name, value in kept.items() if value is not None}
    return json.dumps(sent, ensure_ascii=False).encode("utf-8", "replace")


def _response_format(prompt: Prompt) -> Json:
    if prompt.schema is None:
        return None
    wanted: Json = {"name": prompt.schema.name, "schema": prompt.schema.schema, "strict": True}
    return {"type": "json_schema", "json_schema": wanted}


def read_answer(headers: Mapping[str, str], body: bytes) -> LlmResponse | Failure:
    """The answer in the body of a 200, or what is wrong with it."""
    identifier = request_id(headers)
    try:
        answer: Json = json.loads(body)
    except (ValueError, RecursionError):
        page = "text/html" in headers.get("content-type", "") or body.lstrip()[:1] == b"<"
        return Failure(Problem.WEB_PAGE if page else Problem.NOT_JSON, request_id=identifier)
    if not isinstance(answer, Mapping):
        return Failure(Problem.NOT_JSON, request_id=identifier)
    failure = failure_in(answer, headers)
    if failure is not None:
        return failure
    choice = _first_choice(answer)
    if choice is None:
        return Failure(Problem.NO_ANSWER, request_id=identifier)
    message = choice.get("message")
    message = message if isinstance(message, Mapping) else {"content": choice.get("text")}
    text, open_thinking = strip_thinking(_text(message.get("content")))
    finish = _finish(choice.get("finish_reason"), message.get("refusal"))
    return LlmResponse(
        text=text,
        finish=FinishReason.TRUNCATED if open_thinking else finish,
        usage=_usage(answer.get("usage")) or Usage(),
        model=_word(answer.get("model")),
        request_id=identifier,
    )


@dataclass(slots=True)
class _Seen:
    text: list[str]
    usage: Usage | None = None
    finish: FinishReason | None = None
    refusal: bool = False
    model: str = ""
    done: bool = False


class ChatStream:
    """Reads one event stream, cut anywhere. Feed it bytes; `failure` is set when it broke."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._decoder = SseDecoder()
        self._filter = ThinkingFilter()
        self._seen = _Seen([])
        self._size = 0
        self.failure: Failure | None = None

    @property
    def done(self) -> bool:
        """Whether the end sign came; what follows does not matter."""
        return self._seen.done

    def feed(self, chunk: bytes) -> str:
        """The text that `chunk` adds to the answer."""
        self._size += len(chunk)
        if self._size > BODY_LIMIT:
            self.failure = Failure(Problem.TOO_LARGE, request_id=request_id(self._headers))
            return ""
        return self._filter.feed("".join(map(self._event, self._decoder.feed(chunk))))

    def finish(self) -> StreamPart:
        """The rest of the text with the whole answer; sets `failure` where its end never came."""
        rest = self._filter.feed("".join(map(self._event, self._decoder.finish())))
        seen = self._seen
        text, open_thinking = strip_thinking("".join(seen.text))
        finish = FinishReason.REFUSED if seen.refusal else seen.finish
        if finish is None and self.failure is None:
            self.failure = Failure(Problem.STREAM_CUT, request_id=request_id(self._headers))
        response = LlmResponse(
            text=text,
            finish=FinishReason.TRUNCATED if open_thinking else finish or FinishReason.UNKNOWN,
            usage=seen.usage or Usage(),
            model=seen.model,
            request_id=request_id(self._headers),
        )
        return StreamPart(rest + self._filter.finish(), response)

    def _event(self, event: ServerSentEvent) -> str:
        if self.failure is not None or self._seen.done:
            return ""
        if event.data.strip() == DONE:
            self._seen.done = True
            return ""
        try:
            chunk: Json = json.loads(event.data)
        except (ValueError, RecursionError):
            chunk = None
        if not isinstance(chunk, Mapping):
            self.failure = Failure(Problem.STREAM_CUT, request_id=request_id(self._headers))
            return ""
        self.failure = failure_in(chunk, self._headers)
        return "" if self.failure is not None else self._chunk(chunk)

    def _chunk(self, chunk: Mapping[str, Json]) -> str:
        seen = self._seen
        seen.model = seen.model or _word(chunk.get("model"))
        seen.usage = _usage(chunk.get("usage")) or seen.usage
        choice = _first_choice(chunk)
        if choice is None:
            return ""
        delta = choice.get("delta")
        delta = delta if isinstance(delta, Mapping) else {}
        seen.refusal = seen.refusal or bool(delta.get("refusal"))
        if choice.get("finish_reason") is not None:
            seen.finish = _finish(choice["finish_reason"], None)
        text = _text(delta.get("content"))
        seen.text.append(text)
        return text


def _first_choice(answer: Mapping[str, Json]) -> Mapping[str, Json] | None:
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        return None
    return choices[0]


def _text(content: Json) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [p for p in content if isinstance(p, Mapping) and p.get("type", "text") == "text"]
    return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))


def _finish(reason: Json, refusal: Json) -> FinishReason:
    if refusal:
        return FinishReason.REFUSED
    if not isinstance(reason, str):
        return FinishReason.UNKNOWN
    return _FINISH.get(reason, FinishReason.OTHER)


def _usage(usage: Json) -> Usage | None:
    if not isinstance(usage, Mapping):
        return None
    return Usage(_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _word(value: Json) -> str:
    return value[:100] if isinstance(value, str) and value.isprintable() else ""
