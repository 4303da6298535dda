"""What the readers of all protocols share: one answer, gathered from one or many JSON values.

A protocol says only what one value adds. The same reader takes a whole body.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Protocol

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import FinishReason, LlmResponse, StreamPart, Usage
from pe4king_adapter.transport import BODY_LIMIT
from pe4king_adapter.transport.sse import ServerSentEvent, SseDecoder
from pe4king_adapter.wire.failure_tables import FailureTable
from pe4king_adapter.wire.failures import Failure, failure_in, request_id
from pe4king_adapter.wire.reading import Fields, merged, whole_characters
from pe4king_adapter.wire.think import ThinkingFilter, strip_thinking
from pe4king_core.model.json import Json

DONE = "[DONE]"


class Decoder(Protocol):
    """Cuts bytes into events."""

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that `chunk` completes."""
        ...

    def finish(self) -> list[ServerSentEvent]:
        """The event that the end of the stream completes."""
        ...


class AnswerReader(ABC):
    """Reads one answer, cut anywhere; `failure` is set once it cannot be used."""

    def __init__(
        self,
        headers: Mapping[str, str],
        table: FailureTable,
        decoder: Callable[[], Decoder] = SseDecoder,
    ) -> None:
        self.failure: Failure | None = None
        self.done = False
        self.finish_reason: FinishReason | None = None
        self.usage = Usage()
        self.model = ""
        self.refused = False
        self.pieces: list[str] = []
        self._headers = headers
        self._table = table
        self._decoder = decoder()
        self._filter = ThinkingFilter()
        self._size = 0
        self._half = ""

    @abstractmethod
    def take(self, value: Fields) -> str:
        """The text that one value adds; it is kept in `pieces` already."""

    def feed(self, chunk: bytes) -> str:
        """The text that `chunk` adds to the answer."""
        self._size += len(chunk)
        if self._size > BODY_LIMIT:
            self.fail(Problem.TOO_LARGE)
            return ""
        events = self._decoder.feed(chunk)
        if not events:
            return ""
        text = self._filter.feed("".join(map(self._event, events)))
        return text if text.isascii() and not self._half else self._joined(text)

    def finish(self) -> StreamPart:
        """The rest of the text with the whole answer; sets `failure` where its end never came."""
        rest = self._filter.feed("".join(map(self._event, self._decoder.finish())))
        if not self.whole():
            self.fail(Problem.STREAM_CUT)
        rest = whole_characters(self._half + rest + self._filter.finish())
        return StreamPart(rest, self.response())

    def whole(self) -> bool:
        """Whether the end sign of a stream was seen."""
        return self.finish_reason is not None

    def response(self) -> LlmResponse:
        """The answer as far as it came."""
        text, open_thinking = strip_thinking(whole_characters(self.text()))
        return LlmResponse(
            text=text,
            finish=FinishReason.TRUNCATED if open_thinking else self._finish(),
            usage=self.usage,
            model=self.model,
            request_id=request_id(self._headers),
        )

    def text(self) -> str:
        """The whole text as the server sent it."""
        return "".join(self.pieces)

    def count(self, usage: Usage) -> None:
        """Newer counts of tokens."""
        self.usage = merged(self.usage, usage)

    def fail(self, problem: Problem) -> None:
        """The answer is of no use; the first reason is kept."""
        self.fail_with(Failure(problem, request_id=request_id(self._headers)))

    def fail_with(self, failure: Failure | None) -> None:
        """The answer is of no use where there is a failure; the first one is kept."""
        self.failure = self.failure or failure

    def failure_in(self, value: Fields) -> Failure | None:
        """The failure that an error object in `value` means."""
        return failure_in(value, self._headers, self._table)

    def _finish(self) -> FinishReason:
        return FinishReason.REFUSED if self.refused else self.finish_reason or FinishReason.UNKNOWN

    def _joined(self, text: str) -> str:
        """The first half of a character waits for the second, which may come in the next event."""
        text, self._half = self._half + text, ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return whole_characters(text)

    def _event(self, event: ServerSentEvent) -> str:
        if self.done or self.failure is not None:
            return ""
        data = event.data
        if data[:6] == DONE:
            self.done = True
            return ""
        try:
            value: Json = json.loads(data)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            self._odd(data.strip(), value)
            return ""
        if value.get("error"):
            self.failure = self.failure_in(value)
            return ""
        if event.event == "error":
            self.fail_with(self.failure_in({"error": value}))
            self.fail(Problem.SERVER)
            return ""
        return self.take(value)

    def _odd(self, data: str, value: Json) -> None:
        """What is no object: a padded end sign, Google's list around an error, or a mistake."""
        if not data or data == DONE:
            self.done = self.done or data == DONE
            return
        first = value[0] if isinstance(value, list) and value else None
        self.fail_with(self.failure_in(first) if isinstance(first, dict) else None)
        self.fail(Problem.STREAM_CUT)
