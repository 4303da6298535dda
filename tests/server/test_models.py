"""A provider that breaks in any way costs nothing; one that is replaced finishes what it began."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from pe4king_adapter import registry
from pe4king_server.model_service import ConfiguredModels, ModelHost


class Provider:
    def __init__(self, config: object) -> None:
        self.config = config
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> ModelHost:
    monkeypatch.setattr(registry, "create_provider", Provider)
    return ModelHost()


async def test_a_replaced_provider_is_closed_after_its_last_use(host: ModelHost) -> None:
    one, two = SimpleNamespace(n=1), SimpleNamespace(n=2)
    async with host.provider(one) as first:
        async with host.provider(one) as same, host.provider(two) as second:
            assert same is first
            assert second is not first
            assert first.closed == 0
        assert first.closed == 0
    assert (first.closed, second.closed) == (1, 0)
    async with host.provider(one) as third:
        assert second.closed == 1
    await host.close()
    assert third.closed == 1


async def test_cancelled_use_ends_too(host: ModelHost) -> None:
    async def use() -> None:
        async with host.provider(SimpleNamespace(n=1)) as provider:
            used.set_result(provider)
            await asyncio.sleep(60)

    used: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(use())
    provider = await used
    task.cancel()
    await asyncio.wait([task])
    async with host.provider(SimpleNamespace(n=2)):
        assert provider.closed == 1


async def test_a_provider_that_breaks_is_a_problem_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = "sk-" + "secret"

    class Host(ModelHost):
        @asynccontextmanager
        async def provider(self, config: object) -> Any:  # type: ignore[override]
            raise ValueError(key)
            yield

    models = ConfiguredModels(SimpleNamespace(), "ru", Host())
    asked = await models.negative_cases(SimpleNamespace(key="GET /a"), ())
    assert asked.problem is not None
    assert asked.facts == ()
    for language in ("en", "ru"):
        assert key not in asked.problem.text(language)
    assert "The model's provider failed: ValueError" in caplog.text
    assert key not in caplog.text
