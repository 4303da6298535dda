"""A provider that breaks in any way costs nothing; one that is replaced finishes what it began."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from pe4king_adapter import chain
from pe4king_server.model_service import ConfiguredModels, ModelHost


class Provider:
    def __init__(self, configs: object, **shared: object) -> None:
        self.configs = configs
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> ModelHost:
    monkeypatch.setattr(chain, "provider_chain", Provider)
    return ModelHost()


def configs(number: int) -> Any:
    return (SimpleNamespace(n=number),)


async def test_a_chain_that_is_not_used_any_more_is_closed_after_its_last_use(
    host: ModelHost,
) -> None:
    async with host.provider(configs(0)) as first:
        async with host.provider(configs(0)) as same:
            assert same is first
        for number in range(1, 9):
            async with host.provider(configs(number)) as other:
                assert other is not first
        assert first.closed == 0
    assert first.closed == 1
    async with host.provider(configs(8)) as kept:
        assert kept is other
    await host.close()
    assert kept.closed == 1


async def test_chains_of_several_tasks_are_kept_side_by_side(host: ModelHost) -> None:
    used = []
    for number in (1, 2, 1, 2):
        async with host.provider(configs(number)) as provider:
            used.append(provider)
    assert used[:2] == used[2:]
    assert [provider.closed for provider in used] == [0] * 4


async def test_cancelled_use_ends_too(host: ModelHost) -> None:
    async def use() -> None:
        async with host.provider(configs(0)) as provider:
            used.set_result(provider)
            await asyncio.sleep(60)

    used: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(use())
    provider = await used
    task.cancel()
    await asyncio.wait([task])
    for number in range(1, 6):
        async with host.provider(configs(number)):
            pass
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

    setup = SimpleNamespace(
        chain=lambda task: (SimpleNamespace(),),
        problems=lambda task: (),
        led_by_workspace=lambda configs: (),
    )
    models = ConfiguredModels(setup, "ru", Host())
    asked = await models.negative_cases(SimpleNamespace(key="GET /a"), ())
    assert asked.problem is not None
    assert asked.facts == ()
    for language in ("en", "ru"):
        assert key not in asked.problem.text(language)
    assert "The model's provider failed: ValueError" in caplog.text
    assert key not in caplog.text
