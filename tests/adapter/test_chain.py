"""Fall-backs: who is asked when, what they may not do, and how long a dead provider rests."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from pe4king_adapter.chain import ProviderChain, provider_chain
from pe4king_adapter.errors import (
    InvalidResponseError,
    LlmConnectionError,
    LlmError,
    LlmTimeoutError,
)
from pe4king_adapter.problems import Context, Problem, llm_error
from pe4king_adapter.provider import CompletionOptions, Prompt
from pe4king_adapter.resting import FIRST_REST, LONGEST_REST, Resting
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy

from .conftest import config_for
from .fake_server import FakeModel

PROMPT = Prompt.of("s", "u")
MakeChain = Callable[..., ProviderChain]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def second() -> Iterator[FakeModel]:
    with FakeModel() as running:
        yield running.answer("from the second")


@pytest.fixture
async def chain_of(clock: Clock) -> AsyncIterator[MakeChain]:
    made: list[ProviderChain] = []

    async def sleep(_: float) -> None:
        return

    resting = Resting(clock=clock)

    def make(*models: FakeModel, **settings: object) -> ProviderChain:
        configs = [
            replace(config_for(model.base_url, **settings), name=f"p{number}")
            for number, model in enumerate(models)
        ]
        tools = Tools(policy=RetryPolicy(sleep=sleep))
        made.append(provider_chain(configs, tools=tools, resting=resting))
        return made[-1]

    yield make
    for chain in made:
        await chain.close()


async def test_the_first_that_answers_is_named(
    model: FakeModel, second: FakeModel, chain_of: MakeChain
) -> None:
    model.answer("from the first")
    response = await chain_of(model, second).complete(PROMPT)
    assert (response.text, response.profile) == ("from the first", "p0")
    assert second.requests == []


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500])
async def test_the_next_one_is_asked(
    model: FakeModel,
    second: FakeModel,
    chain_of: MakeChain,
    status: int,
    streaming: bool,
) -> None:
    model.error(status, {})
    chain = chain_of(model, second)
    if streaming:
        parts = [part async for part in chain.stream(PROMPT)]
        assert "".join(part.text for part in parts) == "from the second"
        response = parts[-1].response
        assert response is not None
    else:
        response = await chain.complete(PROMPT)
        assert response.text == "from the second"
    assert response.profile == "p1"


async def test_the_users_own_limit_is_nobody_elses_matter(
    model: FakeModel, second: FakeModel, chain_of: MakeChain
) -> None:
    model.answer("half", finish="length")
    with pytest.raises(InvalidResponseError) as caught:
        await chain_of(model, second).complete(PROMPT)
    assert caught.value.code == Problem.TRUNCATED
    assert second.requests == []


async def test_nobody_else_is_asked_once_a_part_was_shown(
    model: FakeModel, second: FakeModel, chain_of: MakeChain
) -> None:
    model.cut_after(4)
    parts = chain_of(model, second).stream(PROMPT)
    assert (await anext(parts)).text
    with pytest.raises(LlmConnectionError):
        _ = [part async for part in parts]
    assert second.requests == []


async def test_where_all_fail_the_first_one_says_why(model: FakeModel, chain_of: MakeChain) -> None:
    model.error(401, {})
    with FakeModel() as other:
        other.error(500, {})
        with pytest.raises(LlmError) as caught:
            await chain_of(model, other).complete(PROMPT)
    assert (caught.value.code, caught.value.attempts) == (Problem.KEY_REFUSED, 4)


async def test_one_timeout_is_for_all_together(
    model: FakeModel, second: FakeModel, chain_of: MakeChain
) -> None:
    model.hang()
    with pytest.raises(LlmTimeoutError):
        await chain_of(model, second).complete(PROMPT, CompletionOptions(timeout=0.1))
    assert second.requests == []


async def test_a_dead_provider_rests_twice_as_long_each_time(
    model: FakeModel,
    second: FakeModel,
    chain_of: MakeChain,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    model.error(500, {}, {"x-should-retry": "false"})
    chain = chain_of(model, second)
    for rest in (FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST):
        before = len(model.requests)
        await chain.complete(PROMPT)
        await chain.complete(PROMPT)
        clock.now += rest - 1
        await chain.complete(PROMPT)
        assert len(model.requests) == before + 1, "it is left alone while it rests"
        clock.now += 2
    assert "p0 rests: llm-server-error" in caplog.text


async def test_an_answer_ends_the_counting(
    model: FakeModel, second: FakeModel, chain_of: MakeChain, clock: Clock
) -> None:
    no = {"x-should-retry": "false"}
    model.error(500, {}, no).answer("again").error(500, {}, no)
    chain = chain_of(model, second)
    await chain.complete(PROMPT)
    clock.now += FIRST_REST
    assert (await chain.complete(PROMPT)).text == "again"
    await chain.complete(PROMPT)
    clock.now += FIRST_REST
    assert (await chain.complete(PROMPT)).profile == "p1"
    assert len(model.requests) == 4, "thirty seconds again, not sixty"


@pytest.mark.parametrize(("status", "rest"), [(401, FIRST_REST), (402, LONGEST_REST)])
async def test_what_was_refused_rests_until_the_configuration_changes(
    model: FakeModel,
    second: FakeModel,
    chain_of: MakeChain,
    clock: Clock,
    status: int,
    rest: float,
) -> None:
    model.error(status, {})
    await chain_of(model, second).complete(PROMPT)
    clock.now += rest - 1
    await chain_of(model, second).complete(PROMPT)
    assert len(model.requests) == 1, "the same configuration, made anew, rests on"
    await chain_of(model, second, max_tokens=5).complete(PROMPT)
    assert len(model.requests) == 2, "a changed one is asked"
    clock.now += 2
    await chain_of(model, second).complete(PROMPT)
    assert len(model.requests) == 3


async def test_where_everybody_rests_the_error_says_for_how_long(
    model: FakeModel, chain_of: MakeChain, clock: Clock
) -> None:
    model.error(500, {}, {"x-should-retry": "false"})
    chain = chain_of(model)
    for attempts in (1, 0):
        with pytest.raises(LlmConnectionError) as caught:
            await chain.complete(PROMPT)
        assert caught.value.attempts == attempts
    assert caught.value.retry_after == FIRST_REST
    assert "It is asked again in 30 s." in caught.value.text("en")
    assert "Следующая попытка через 30 с." in caught.value.text("ru")
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("problem", "retry_after", "seconds"),
    [
        (Problem.REFUSED, None, 30),
        (Problem.TIMEOUT, None, 30),
        (Problem.QUOTA, None, 600),
        (Problem.RATE_LIMIT, None, 0),
        (Problem.RATE_LIMIT, 90.0, 90),
        (Problem.RATE_LIMIT, 3600.0, 600),
        (Problem.KEY_MISSING, None, 0),
        (Problem.CANCELLED, None, 0),
        (Problem.MODEL_UNKNOWN, None, 0),
    ],
)
def test_who_rests_for_how_long(
    problem: Problem, retry_after: float | None, seconds: float
) -> None:
    error = llm_error(problem, Context(), retry_after=retry_after)
    resting = Resting(clock=Clock())
    assert resting.failed("x", error) == seconds
    assert (resting.refusal("x") is not None) == (seconds > 0)


def test_a_rest_is_never_longer_than_ten_minutes() -> None:
    resting = Resting(clock=Clock())
    rests = [resting.failed("x", llm_error(Problem.REFUSED)) for _ in range(8)]
    assert rests == [30, 60, 120, 240, 480, 600, 600, 600]


async def test_the_chain_is_available_where_any_is(
    model: FakeModel, second: FakeModel, chain_of: MakeChain
) -> None:
    model.models_status = 401
    assert await chain_of(model, second).is_available()
    second.models_status = 500
    found = await chain_of(model, second).is_available()
    assert found.error is not None
    assert found.error.code == Problem.KEY_REFUSED


async def test_what_is_known_is_of_the_one_that_would_be_asked(
    model: FakeModel, second: FakeModel, chain_of: MakeChain
) -> None:
    model.error(500, {}, {"x-should-retry": "false"})
    chain = chain_of(model, second)
    assert (await chain.get_model_info()).origin.endswith(str(model.port))
    await chain.complete(PROMPT)
    assert (await chain.get_model_info()).origin.endswith(str(second.port))
    assert await chain.list_models() == ("fake",)
    assert chain.estimate_tokens("abcd") == 2
