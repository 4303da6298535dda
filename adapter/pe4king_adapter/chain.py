"""Several providers as one: the active one, then its fall-backs, in their order.

The next one is asked where another provider may help, and never once a part of a streamed
answer was handed on. One that has just failed rests (`resting.py`) and is left out.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.errors import LlmError
from pe4king_adapter.problems import Problem, llm_error
from pe4king_adapter.provider import (
    AS_CONFIGURED,
    Availability,
    CompletionOptions,
    LlmProvider,
    LlmResponse,
    ModelInfo,
    Prompt,
    StreamPart,
)
from pe4king_adapter.registry import create_provider
from pe4king_adapter.resting import Resting
from pe4king_adapter.tools import Tools

_OURS = frozenset({Problem.CANCELLED, Problem.TRUNCATED})
"""What another provider cannot help with: the user's own wish, the user's own limit."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """A provider with the name of its profile; `key` tells configurations apart."""

    name: str
    provider: LlmProvider
    key: str = ""

    @property
    def rests_as(self) -> str:
        """What `Resting` knows it by."""
        return self.key or self.name


class ProviderChain:
    """An `LlmProvider` over an ordered list of at least one."""

    def __init__(self, members: Sequence[Member], resting: Resting | None = None) -> None:
        if not members:
            raise ValueError("a chain needs a provider")
        self._members = tuple(members)
        self._resting = resting or Resting()

    async def complete(
        self, prompt: Prompt, options: CompletionOptions = AS_CONFIGURED
    ) -> LlmResponse:
        """The whole answer of the first provider that has one; else the first one's error."""
        turns = _Turns(self._members, self._resting, options)
        while (member := turns.next()) is not None:
            try:
                response = await member.provider.complete(prompt, turns.options())
            except LlmError as error:
                turns.failed(member, error)
            else:
                self._resting.answered(member.rests_as)
                return replace(response, profile=member.name)
        raise turns.error()

    async def stream(
        self, prompt: Prompt, options: CompletionOptions = AS_CONFIGURED
    ) -> AsyncIterator[StreamPart]:
        """The answer as it arrives; the next provider is asked only before its first part."""
        turns = _Turns(self._members, self._resting, options)
        while (member := turns.next()) is not None:
            parts = aiter(member.provider.stream(prompt, turns.options()))
            shown = False
            try:
                async for part in parts:
                    shown = True
                    yield _signed(part, member.name)
            except LlmError as error:
                turns.failed(member, error, final=shown)
            else:
                self._resting.answered(member.rests_as)
                return
            finally:
                await _close(parts)
        raise turns.error()

    async def is_available(self) -> Availability:
        """Whether any of the providers answers; else why the first one does not."""
        failed: list[Availability] = []
        for member in self._members:
            found = await member.provider.is_available()
            if found:
                return found
            failed.append(found)
        return failed[0]

    async def get_model_info(self) -> ModelInfo:
        """What is known about the model that would be asked next."""
        return await self._next().get_model_info()

    async def list_models(self) -> tuple[str, ...]:
        """The models of the provider that would be asked next."""
        return await self._next().list_models()

    def estimate_tokens(self, text: str) -> int:
        """About how many tokens `text` has for the provider that needs most."""
        return max(member.provider.estimate_tokens(text) for member in self._members)

    async def close(self) -> None:
        """Close the connections of all."""
        for member in self._members:
            await member.provider.close()

    def _next(self) -> LlmProvider:
        awake = [m for m in self._members if self._resting.refusal(m.rests_as) is None]
        return (awake or list(self._members))[0].provider


class _Turns:
    """One call on its way through the members; `options.timeout` is for all of them together."""

    def __init__(
        self, members: Sequence[Member], resting: Resting, options: CompletionOptions
    ) -> None:
        self._waiting = list(members)
        self._resting = resting
        self._options = options
        self._deadline = time.monotonic() + (options.timeout or 0.0)
        self._first: LlmError | None = None
        self._attempts = 0

    def next(self) -> Member | None:
        """Who is asked now; None where nobody is left."""
        while self._waiting:
            member = self._waiting.pop(0)
            refusal = self._resting.refusal(member.rests_as)
            if refusal is None and not self._late:
                return member
            if refusal is not None:
                _LOG.info("%s rests: %s", member.name, refusal.code)
                self._first = self._first or refusal
        return None

    def options(self) -> CompletionOptions:
        """The wishes, with the time that is left."""
        if self._options.timeout is None:
            return self._options
        return replace(self._options, timeout=max(self._deadline - time.monotonic(), 0.01))

    def failed(self, member: Member, error: LlmError, *, final: bool = False) -> None:
        """Go on after `error`, unless another provider cannot help with it."""
        self._attempts += error.attempts
        seconds = self._resting.failed(member.rests_as, error)
        _LOG.info("%s failed: %s; it rests for %.0f s", member.name, error.code, seconds)
        if final or error.code in _OURS:
            self._first = error
            self._waiting.clear()
        self._first = self._first or error

    def error(self) -> LlmError:
        """Why nobody answered: what the first one said."""
        error = self._first or llm_error(Problem.TIMEOUT)
        error.attempts = max(error.attempts, self._attempts)
        return error

    @property
    def _late(self) -> bool:
        return self._options.timeout is not None and time.monotonic() >= self._deadline


def provider_chain(
    configs: Sequence[LlmProviderConfig],
    *,
    tools: Tools | None = None,
    resting: Resting | None = None,
) -> ProviderChain:
    """The chain over `configs` in their order; raises ConfigError where a type is unknown."""
    shared = tools or Tools()
    members = [Member(c.name, create_provider(c, shared), _key(c)) for c in configs]
    return ProviderChain(members, resting or Resting(clock=shared.clock))


def _key(config: LlmProviderConfig) -> str:
    """Tells configurations apart without keeping the key; equal ones have equal keys."""
    secret = config.api_key.reveal() if config.api_key is not None else ""
    return hashlib.sha256(f"{config!r}\n{config.proxy}\n{secret}".encode()).hexdigest()


def _signed(part: StreamPart, name: str) -> StreamPart:
    if part.response is None:
        return part
    return replace(part, response=replace(part.response, profile=name))


async def _close(parts: AsyncIterator[StreamPart]) -> None:
    close: Callable[[], Awaitable[None]] | None = getattr(parts, "aclose", None)
    if close is not None:
        await close()
