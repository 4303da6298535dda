"""What every provider has to be able to do against a server that nobody here wrote.

`PE4KING_LLM_SERVERS` names a JSON file, a list of `{"name", "type", "endpoint", "model"}` with,
where needed, `"key"`, `"options"` and `"lacks"`: checks that this server cannot take part in.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.config_values import Setting, Source
from pe4king_adapter.endpoint import Endpoint
from pe4king_adapter.errors import LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import (
    AnswerSchema,
    CompletionOptions,
    FinishReason,
    LlmProvider,
    LlmResponse,
    Prompt,
)
from pe4king_adapter.registry import create_provider
from pe4king_adapter.secret import SecretValue

VARIABLE = "PE4KING_LLM_SERVERS"
PROMPT = Prompt.of("You are terse.", "say hello in one short sentence.")
LONG = Prompt.of("You talk a lot.", "Tell a story of a thousand words.")
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
WITH_SCHEMA = Prompt.of("Answer in JSON.", "Name a book.", AnswerSchema("book", SCHEMA))  # type: ignore[arg-type]
BRIEF = CompletionOptions(max_tokens=200, temperature=0)
_USABLE = (FinishReason.COMPLETE, FinishReason.UNKNOWN)


@dataclass(frozen=True)
class Outside:
    """A server and how it is asked."""

    name: str
    type: str
    endpoint: str
    model: str
    key: str = "test-key"
    options: dict[str, Any] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()

    @property
    def config(self) -> LlmProviderConfig:
        """The configuration of the provider."""
        setting = Setting(self.endpoint, Source.USER)
        endpoint = Endpoint.parse(setting, "endpoint", whole=self.type == "custom-http")
        key = SecretValue(self.key) if self.key else None
        return LlmProviderConfig(
            endpoint, type=self.type, model=self.model, api_key=key, options=self.options
        )


def outsiders() -> list[Outside]:
    """The servers that run for this test."""
    path = os.environ.get(VARIABLE)
    return [Outside(**entry) for entry in json.loads(Path(path).read_text())] if path else []


@asynccontextmanager
async def provider_of(outside: Outside) -> AsyncIterator[LlmProvider]:
    """Its provider, with nothing replaced."""
    provider = create_provider(outside.config)
    try:
        yield provider
    finally:
        await provider.close()


async def complete(provider: LlmProvider) -> None:
    _check(await provider.complete(PROMPT, BRIEF))


async def stream(provider: LlmProvider) -> None:
    parts = [part async for part in provider.stream(PROMPT, BRIEF)]
    whole = parts[-1].response
    assert whole is not None
    assert "".join(part.text for part in parts) == whole.text
    _check(whole)


async def usage(provider: LlmProvider) -> None:
    parts = [part async for part in provider.stream(PROMPT, BRIEF)]
    for response in (await provider.complete(PROMPT, BRIEF), parts[-1].response):
        assert response is not None
        assert response.usage.prompt_tokens
        assert response.usage.completion_tokens


async def truncated(provider: LlmProvider) -> None:
    for streaming in (False, True):
        with pytest.raises(LlmError) as caught:
            await answer(provider, LONG, CompletionOptions(max_tokens=5), streaming=streaming)
        assert caught.value.code == Problem.TRUNCATED


async def schema(provider: LlmProvider) -> None:
    for streaming in (False, True):
        text = await answer(provider, WITH_SCHEMA, BRIEF, streaming=streaming)
        assert isinstance(json.loads(text)["name"], str)


async def probe(provider: LlmProvider) -> None:
    found = await provider.is_available()
    assert found, found.error


async def models(provider: LlmProvider) -> None:
    assert await provider.list_models()


async def cancel(provider: LlmProvider) -> None:
    task = asyncio.create_task(answer(provider, LONG, BRIEF, streaming=True))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    _check(await provider.complete(PROMPT, BRIEF))


CHECKS: dict[str, Callable[[LlmProvider], Awaitable[None]]] = {
    check.__name__: check
    for check in (complete, stream, usage, truncated, schema, probe, models, cancel)
}


async def answer(
    provider: LlmProvider, prompt: Prompt, options: CompletionOptions, *, streaming: bool
) -> str:
    """The text of an answer."""
    if streaming:
        return "".join([part.text async for part in provider.stream(prompt, options)])
    return (await provider.complete(prompt, options)).text


def _check(response: LlmResponse) -> None:
    assert response.text.strip()
    assert response.finish in _USABLE
