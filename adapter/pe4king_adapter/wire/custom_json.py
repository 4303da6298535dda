"""Any server that takes a prompt in a JSON object and gives a text in one: servers of one's own.

Neither the reason for the end nor the tokens are known: an answer counts as "unknown", never as
complete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmResponse
from pe4king_adapter.wire import Ask, StreamReader
from pe4king_adapter.wire.codec import HttpCodec
from pe4king_adapter.wire.failure_tables import GENERIC, FailureTable
from pe4king_adapter.wire.failures import Failure, request_id
from pe4king_adapter.wire.reading import Fields, encoded, fields, items, text_of
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_adapter.wire.whole import WholeReader
from pe4king_core.model.json import Json

_PLACES = ("text", "result", "data")
_DEEPER = (*_PLACES, "content", "message", "choices", "generated_text", "response")
_STEPS = 4
_KEYS_TOLD = 12


class CustomJsonCodec(HttpCodec):
    """`{"prompt": ...}` to the endpoint itself; `text_field` is a path such as `data.0.answer`.

    Without it the text is looked for in the usual places. `plain_text` takes a body that is no
    JSON as the answer.
    """

    streams = False
    models_path = ""

    def __init__(
        self,
        *,
        prompt_field: str = "prompt",
        text_field: str = "",
        max_tokens_field: str = "max_tokens",
        plain_text: bool = False,
        key_header: str = "authorization",
        key_prefix: str = "Bearer ",
        failures: FailureTable = GENERIC,
    ) -> None:
        self.failures = failures
        self.key_header = key_header
        self.key_prefix = key_prefix
        self._prompt_field = prompt_field
        self._text_field = text_field
        self._max_tokens_field = max_tokens_field
        self._plain_text = plain_text

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The endpoint is the whole address."""
        return ""

    def body(self, ask: Ask) -> bytes:
        """The conversation as one text."""
        limit = None if "max_tokens" in ask.without else ask.options.max_tokens
        sent: dict[str, Json] = {
            self._prompt_field: "\n\n".join(m.text for m in ask.prompt.messages),
        }
        if self._max_tokens_field:
            sent[self._max_tokens_field] = limit
        return encoded({**sent, **ask.extra})

    def answer(self, headers: Mapping[str, str], body: bytes) -> LlmResponse | Failure:
        """The text in a successful body, or the keys that were there instead."""
        found = super().answer(headers, body)
        if isinstance(found, Failure) and found.problem is Problem.NOT_JSON and self._plain_text:
            return LlmResponse(body.decode("utf-8", "replace"), request_id=request_id(headers))
        return found

    def take_whole(self, reader: AnswerReader, value: Json) -> bool:
        """The text at its place; an array stands for its first element."""
        reader.fail_with(reader.failure_in(fields(value)))
        text = self._text(value)
        if text is None:
            reader.fail_with(Failure(Problem.NO_ANSWER, detail=_keys(value)))
            return False
        reader.pieces.append(text)
        return True

    def holds_answer(self, value: Fields) -> bool:
        """Whether there is a text."""
        return self._text(value) is not None

    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What holds one answer."""
        return CustomReader(headers, self.failures)

    def reader(self, headers: Mapping[str, str]) -> StreamReader:
        """There is no stream: the body is read at its end."""
        return WholeReader(headers, self.answer)

    def _text(self, value: Json) -> str | None:
        if not self._text_field:
            return _searched(value, _PLACES, _STEPS)
        for step in self._text_field.split("."):
            value = _step(value, step)
        return value if isinstance(value, str) else text_of(value) or None


class CustomReader(AnswerReader):
    """Holds what `CustomJsonCodec` found."""

    def take(self, value: Fields) -> str:  # noqa: ARG002  there are no events in this protocol
        """Events add nothing."""
        return ""


def _step(value: Json, step: str) -> Json:
    if isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 6:
        return next(iter(value[int(step) : int(step) + 1]), None)
    return fields(value).get(step)


def _searched(value: Json, places: tuple[str, ...], steps: int) -> str | None:
    if isinstance(value, str):
        return value
    if not steps:
        return None
    if isinstance(value, list):
        return _searched(value[0], places, steps - 1) if value else None
    here = fields(value)
    found = (_searched(here[place], _DEEPER, steps - 1) for place in places if place in here)
    return next((text for text in found if text is not None), None)


def _keys(value: Json) -> tuple[str, ...]:
    first = items(value)[0] if items(value) else value
    plain = [key for key in fields(first) if re.fullmatch(r"[\w.\-]{1,40}", key)]
    return tuple(plain[:_KEYS_TOLD])
