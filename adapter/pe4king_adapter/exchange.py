"""One endpoint as the engine sees it: requests with their key, answers with their errors.

The key goes out as headers that only the transport unwraps; whatever comes back is searched
for it before it becomes part of an error or an answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

from pe4king_adapter.config import DEFAULT_PROFILE, LlmProviderConfig
from pe4king_adapter.errors import LlmError
from pe4king_adapter.privacy.keychain import resolve_key
from pe4king_adapter.problems import Context, Problem, llm_error
from pe4king_adapter.profile import Profile
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport import (
    FAILURE_LIMIT,
    HttpRequest,
    HttpStream,
    Timeouts,
    Transport,
    read_start,
)
from pe4king_adapter.wire import Ask, Codec
from pe4king_adapter.wire.failures import Failure
from pe4king_core.model.message import Message

Secrets = Mapping[str, SecretValue]


class Authenticator(Protocol):
    """Turns the key into what requests carry, where that takes a request of its own."""

    async def headers(self, key: SecretValue) -> Secrets:
        """The headers that let a request in; raises LlmError."""
        ...

    def refused(self, headers: Secrets) -> bool:
        """These headers were refused: whether other ones may be accepted."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class StaticKey:
    """The usual case: the key itself travels in headers of the codec's choice."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    async def headers(self, key: SecretValue) -> Secrets:
        """The headers that carry the key."""
        return self._codec.secrets(key)

    def refused(self, headers: Secrets) -> bool:  # noqa: ARG002
        """A key that was refused stays refused."""
        return False

    async def close(self) -> None:
        """Nothing to close."""


class Exchange:
    """Sends requests to the endpoint of one configuration; to be used on one event loop."""

    def __init__(
        self,
        config: LlmProviderConfig,
        profile: Profile,
        codec: Codec,
        tools: Tools,
        authenticator: Authenticator | None = None,
    ) -> None:
        self.context = context_of(config, profile)
        self.codec = codec
        self._config = config
        self._needs_key = profile.needs_key
        self._base = profile.base(config.endpoint)
        self._keychain = tools.keychain
        self._authenticator = authenticator or StaticKey(codec)
        self._transport: Transport | None = None
        self._key: SecretValue | None = None
        self._words: frozenset[str] = frozenset()
        self._headers = {
            "content-type": "application/json",
            **config.custom_headers,
            **codec.headers,
        }

    @asynccontextmanager
    async def ask(self, ask: Ask, read: float, secrets: Secrets) -> AsyncIterator[HttpStream]:
        """The successful answer to `ask`; `read` is how many seconds the server may be silent."""
        path, body = self.codec.path(ask), self.codec.body(ask)
        async with self._sent("POST", path, read, secrets, body) as stream:
            await self.check_status(stream)
            yield stream

    @asynccontextmanager
    async def get(self, path: str, read: float, body: bytes = b"") -> AsyncIterator[HttpStream]:
        """The answer to a request that spends no token, whatever its status."""
        method, secrets = "POST" if body else "GET", await self.secrets()
        async with self._sent(method, path, read, secrets, body) as stream:
            if stream.status == 401:
                self.refused(secrets)
            yield stream

    async def connect(self) -> None:
        """Only connect; raises LlmError where nobody listens."""
        await self._opened().connect()

    async def check_status(self, stream: HttpStream) -> None:
        """Raise LlmError where the answer's status is no success."""
        if not 200 <= stream.status < 300:
            body = await read_start(stream, FAILURE_LIMIT)
            failure = self.codec.failure(stream.status, stream.headers, body)
            raise self.error(failure, stream.status)

    async def secrets(self) -> Secrets:
        """The headers that let a request in; raises LlmError where there are none."""
        await self.find_key()
        if self._key is None:
            if self._needs_key:
                raise llm_error(Problem.KEY_MISSING, self.context)
            return {}
        if not self._config.endpoint.protects_keys:
            raise llm_error(Problem.NOT_ENCRYPTED, self.context)
        headers = await self._authenticator.headers(self._key)
        self._words = frozenset(
            secret.reveal().rpartition(" ")[2] for secret in (self._key, *headers.values())
        )
        return headers

    async def find_key(self) -> None:
        """Read the key, unless it is known; what holds it has time limits of its own."""
        if self._key is None:
            self._key = await resolve_key(self._config, self._keychain)

    def refused(self, secrets: Secrets) -> bool:
        """A request with `secrets` was not let in: whether it is worth asking once more."""
        return bool(secrets) and self._authenticator.refused(secrets)

    def error(self, failure: Failure, status: int | None = None) -> LlmError:
        """The error for `failure`, without anything that holds the key."""
        if failure.problem is Problem.KEY_REFUSED:
            self._key = None  # the user may store another one
        return llm_error(
            failure.problem,
            self.context,
            status=status,
            retry_after=failure.retry_after,
            request_id=self.clean(failure.request_id),
            parameter=failure.parameter,
            retry=failure.retry,
            detail=[word for word in failure.detail if self.clean(word)],
        )

    def clean(self, text: str) -> str:
        """A server may send back what it was given: no word that holds the key is kept."""
        return "" if any(word in text for word in self._words) else text

    async def close(self) -> None:
        """Close the connections."""
        await self._authenticator.close()
        if self._transport is not None:
            await self._transport.close()

    @asynccontextmanager
    async def _sent(
        self, method: str, path: str, read: float, secrets: Secrets, body: bytes
    ) -> AsyncIterator[HttpStream]:
        url, timeouts = self._base + path, Timeouts(read=read)
        request = HttpRequest(method, url, timeouts, self._headers, secrets, body)
        async with self._opened().open(request) as stream:
            yield stream

    def _opened(self) -> Transport:
        if self._transport is None:
            from pe4king_adapter.transport.http import HttpTransport

            self._transport = HttpTransport(self._config, self.context)
        return self._transport


def context_of(config: LlmProviderConfig, profile: Profile) -> Context:
    """What errors about a call with `config` may name."""
    advice = {Problem.KEY_REFUSED: _other_key(config), **profile.advice}
    return Context(config.type, config.endpoint.origin, config.model, advice)


def _other_key(config: LlmProviderConfig) -> Message:
    """Where a valid key has to go, by where the present one comes from."""
    kind, _, name = config.api_key_ref.partition(":")
    if kind == "keyring":
        return Message(
            f"Store a valid one with `pe4king key set {name}`.",
            f"Сохраните действующий командой `pe4king key set {name}`.",
        )
    if kind == "env":
        return Message(
            f"Set the environment variable {name} to a valid one.",
            f"Задайте действующий в переменной окружения {name}.",
        )
    if config.api_key is not None or kind == "ide":
        return Message("Enter a valid one.", "Укажите действующий.")
    if config.name == DEFAULT_PROFILE:
        return Message(
            "It wants one: set LLM_API_KEY, or name it with `api_key_ref`.",
            "Он нужен: задайте LLM_API_KEY или укажите его через `api_key_ref`.",
        )
    return Message(
        "It wants one: name it with `api_key_ref` in the profile.",
        "Он нужен: укажите его через `api_key_ref` в профиле.",
    )
