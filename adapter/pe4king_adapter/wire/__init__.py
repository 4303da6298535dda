"""Codecs: what providers' protocols look like, with no network in sight.

`http_provider.py` carries any `Codec` over the network; a provider module chooses one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pe4king_adapter.provider import CompletionOptions, LlmResponse, Prompt, StreamPart
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.wire.failures import Failure
from pe4king_core.model.json import Json


@dataclass(frozen=True, slots=True)
class Ask:
    """One request in our terms.

    `without` names parameters, as the protocol calls them, that the provider does not have or
    that the server refused before. `extra` are fields to add to the body as they are.
    """

    prompt: Prompt
    model: str
    options: CompletionOptions
    stream: bool = False
    without: frozenset[str] = frozenset()
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that spends no token: GET `path` below the endpoint; POST where it has a body."""

    path: str
    body: bytes = b""


class StreamReader(Protocol):
    """Reads one streamed answer, cut anywhere. `failure` is set once it cannot be used."""

    @property
    def failure(self) -> Failure | None:
        """Why the answer cannot be used."""
        ...

    @property
    def done(self) -> bool:
        """Whether the end sign came."""
        ...

    def feed(self, chunk: bytes) -> str:
        """The text that `chunk` adds to the answer."""
        ...

    def finish(self) -> StreamPart:
        """The rest of the text with the whole answer, after the last byte."""
        ...


class Codec(Protocol):
    """One protocol: how to ask, and how to read what comes back. Header names are lower case."""

    streams: bool
    """Whether the protocol has a streamed form."""
    headers: Mapping[str, str]
    """What every request carries beside the key, such as the protocol's version."""
    models_path: str
    """Where a GET lists the models, below the endpoint; "" where nothing does."""

    def probe(self, model: str) -> Probe | None:
        """How to see that the server answers and takes the key; None: only connect."""
        ...

    def read_models(self, body: bytes) -> tuple[str, ...]:
        """The names of the models in a successful answer of `models_path`, as they are asked."""
        ...

    def path(self, ask: Ask) -> str:
        """Where to POST, below the endpoint."""
        ...

    def body(self, ask: Ask) -> bytes:
        """The request body."""
        ...

    def secrets(self, key: SecretValue) -> Mapping[str, SecretValue]:
        """The headers that carry the key."""
        ...

    def answer(self, headers: Mapping[str, str], body: bytes) -> LlmResponse | Failure:
        """The answer in a successful body, or what is wrong with it."""
        ...

    def reader(self, headers: Mapping[str, str]) -> StreamReader:
        """A reader for one streamed answer."""
        ...

    def failure(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        """What a failed answer means."""
        ...

    def droppable(self, ask: Ask, failure: Failure) -> str | None:
        """The parameter to leave out before asking once more, if that may help."""
        ...
