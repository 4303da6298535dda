"""A provider of somebody else's, whose mistakes are failures of a call and nothing more.

A plug-in may raise anything, with anything in it: what it raises becomes an `LlmError` that names
the kind of mistake only, so that the next provider is asked and the user is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from pe4king_adapter.problems import Context, Problem, llm_error
from pe4king_adapter.provider import (
    AS_CONFIGURED,
    Availability,
    CompletionOptions,
    LlmProvider,
    LlmResponse,
    ModelInfo,
    Prompt,
    StreamPart,
    estimate_tokens,
)
from pe4king_core.errors import UserError

Result = TypeVar("Result")


class GuardedProvider:
    """`provider` of the type `name`; what it has beside the protocol is found here, too."""

    def __init__(self, provider: LlmProvider, name: str) -> None:
        self._provider = provider
        self._name = name

    async def complete(
        self, prompt: Prompt, options: CompletionOptions = AS_CONFIGURED
    ) -> LlmResponse:
        """As `LlmProvider`."""
        return await self._of(lambda: self._provider.complete(prompt, options))

    async def stream(
        self, prompt: Prompt, options: CompletionOptions = AS_CONFIGURED
    ) -> AsyncIterator[StreamPart]:
        """As `LlmProvider`."""
        try:
            parts = aiter(self._provider.stream(prompt, options))
            try:
                async for part in parts:
                    yield part
            finally:
                if (close := getattr(parts, "aclose", None)) is not None:
                    await close()
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 - it may raise anything
            failure = self._failure(error)
        else:
            return
        raise failure

    async def is_available(self) -> Availability:
        """As `LlmProvider`."""
        return await self._of(self._provider.is_available)

    async def get_model_info(self) -> ModelInfo:
        """As `LlmProvider`."""
        return await self._of(self._provider.get_model_info)

    async def list_models(self) -> tuple[str, ...]:
        """As `LlmProvider`."""
        return await self._of(self._provider.list_models)

    def estimate_tokens(self, text: str) -> int:
        """As `LlmProvider`; the usual estimate where it has none."""
        try:
            return self._provider.estimate_tokens(text)
        except Exception:  # noqa: BLE001 - it may raise anything
            return estimate_tokens(text)

    async def close(self) -> None:
        """As `LlmProvider`."""
        await self._of(self._provider.close)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._provider, name)

    async def _of(self, call: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await call()
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 - it may raise anything
            failure = self._failure(error)
        raise failure

    def _failure(self, error: Exception) -> UserError:
        return llm_error(
            Problem.PLUGIN, Context(self._name, self._name), detail=[type(error).__name__]
        )
