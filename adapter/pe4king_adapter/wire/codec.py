"""What the codecs of all protocols share: where requests go, who sends them, what failures mean."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmResponse
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.wire import Ask, Probe, StreamReader
from pe4king_adapter.wire.failure_tables import GENERIC, FailureTable
from pe4king_adapter.wire.failures import Failure, failure_of, request_id
from pe4king_adapter.wire.reading import Fields, document, model_names
from pe4king_adapter.wire.streams import AnswerReader
from pe4king_adapter.wire.whole import EitherReader, WholeReader
from pe4king_core.model.json import Json

RESPONSE_FORMAT = "response_format"
"""Our name for what makes an answer obey a schema, whatever the protocol calls it."""


class HttpCodec(ABC):
    """A `Codec` but for the body and the reader; the protocol's own values are the defaults."""

    streams = True
    headers: Mapping[str, str] = {}
    models_path = "/models"
    key_header = "authorization"
    key_prefix = "Bearer "
    failures: FailureTable = GENERIC

    @abstractmethod
    def path(self, ask: Ask) -> str:
        """Where to POST, below the endpoint."""

    @abstractmethod
    def body(self, ask: Ask) -> bytes:
        """The request body."""

    @abstractmethod
    def gather(self, headers: Mapping[str, str]) -> AnswerReader:
        """What reads one answer of this protocol."""

    def probe(self, model: str) -> Probe | None:  # noqa: ARG002  some servers are asked about it
        """The list of models: it costs nothing and needs the key."""
        return Probe(self.models_path) if self.models_path else None

    def read_models(self, body: bytes) -> tuple[str, ...]:
        """The names of the models in a list."""
        return model_names(body)

    def secrets(self, key: SecretValue) -> Mapping[str, SecretValue]:
        """The header that carries the key."""
        return {self.key_header: key.prefixed(self.key_prefix)}

    def answer(self, headers: Mapping[str, str], body: bytes) -> LlmResponse | Failure:
        """The answer in a successful body, or what is wrong with it."""
        value = document(headers, body)
        if isinstance(value, Failure):
            return value
        reader = self.gather(headers)
        found = self.take_whole(reader, value)
        if reader.failure is not None:
            return reader.failure
        if not found:
            return Failure(Problem.NO_ANSWER, request_id=request_id(headers))
        return reader.response()

    def take_whole(self, reader: AnswerReader, value: Json) -> bool:
        """Give the reader a whole body; whether it holds an answer, be it an empty one."""
        if not isinstance(value, dict):
            return False
        reader.fail_with(reader.failure_in(value))
        if reader.failure is None:
            reader.take(value)
        return self.holds_answer(value)

    @abstractmethod
    def holds_answer(self, value: Fields) -> bool:
        """Whether a body has the form of an answer."""

    def reader(self, headers: Mapping[str, str]) -> StreamReader:
        """A reader for one streamed answer; some servers send a whole one all the same."""
        stream = self.gather(headers)
        if "event-stream" in headers.get("content-type", ""):
            return stream
        return EitherReader(WholeReader(headers, self.answer), stream)

    def failure(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        """What a failed answer means."""
        return failure_of(status, headers, body, self.failures)

    def droppable(self, ask: Ask, failure: Failure) -> str | None:
        """The parameter that the server named; where it named none, the schema we sent.

        Only one that makes a difference: asking the same again helps nobody.
        """
        schema = RESPONSE_FORMAT if ask.prompt.schema is not None else ""
        name = failure.parameter or schema
        less = replace(ask, without=ask.without | {name})
        return name if name and self.body(less) != self.body(ask) else None


def in_path(model: str) -> str:
    """A model's name as a part of a path."""
    return quote(model, safe="@:")
