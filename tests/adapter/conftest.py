"""A running fake model, and providers that point to it and never really wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from pe4king_adapter.config import LlmProviderConfig, provider_config
from pe4king_adapter.config.values import Source, settings_of
from pe4king_adapter.http_provider import HttpProvider
from pe4king_adapter.providers.openai_compatible import PROFILE
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy
from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

from .fake_server import FakeModel

CANARY = "sk-canary-4f1b7d9e2a"

MakeProvider = Callable[..., HttpProvider]


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as running:
        yield running


def config_for(base_url: str, **settings: object) -> LlmProviderConfig:
    values = {"endpoint": base_url, "model": "fake", "timeout": 5, **settings}
    found = provider_config(settings_of(values, Source.USER), {"LLM_API_KEY": CANARY}, None)
    assert found is not None
    return found


@pytest.fixture
def waits() -> list[float]:
    """The pauses that providers asked for."""
    return []


@pytest.fixture
async def provider_for(waits: list[float]) -> AsyncIterator[MakeProvider]:
    made: list[HttpProvider] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def make(base_url: str, **settings: object) -> HttpProvider:
        policy = RetryPolicy(sleep=sleep, jitter=lambda: 0.5)
        config, tools = config_for(base_url, **settings), Tools(policy=policy)
        provider = HttpProvider(config, PROFILE, OpenAiChatCodec(), tools)
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()
