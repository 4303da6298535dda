"""What every provider has to be able to do, against servers that others wrote.

`make llms` installs them. The protocols' own expectations are in `test_conformance.py`; here the
same is asked of servers that have read the vendors' documents by themselves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from pe4king_adapter.errors import AuthenticationError, LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import (
    AnswerSchema,
    CompletionOptions,
    FinishReason,
    LlmProvider,
    LlmResponse,
    Prompt,
)
from pe4king_adapter.secret import SecretValue

from .conftest import Make
from .installed import KEY, Running, skip_where_not_installed
from .places import AIMOCK, LLAMA, LLMOCK, PLACES, Place

skip_where_not_installed()
pytestmark = pytest.mark.slow

SCHEMA: Any = {
    "type": "object",
    "properties": {"marker": {"type": "string", "maxLength": 12}, "count": {"type": "integer"}},
    "required": ["marker", "count"],
    "additionalProperties": False,
}
WITH_SCHEMA = Prompt.of("answer in JSON", "say something", AnswerSchema("thing", SCHEMA))
CALLERS = 50
BOTH = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])


def at(*servers: str, but: Callable[[Place], bool] | None = None) -> pytest.MarkDecorator:
    """The places at these servers."""
    found = [each for each in PLACES if each.server in servers and not (but and but(each))]
    return pytest.mark.parametrize("place", found, ids=[each.name for each in found])


EVERYWHERE = at(AIMOCK, LLMOCK, LLAMA)


async def answer(
    provider: LlmProvider, streaming: bool, prompt: Prompt, **wishes: Any
) -> LlmResponse:
    """The answer; a streamed one has to be the same in pieces as in whole."""
    options = CompletionOptions(**wishes)
    if not streaming:
        return await provider.complete(prompt, options)
    parts = [part async for part in provider.stream(prompt, options)]
    last = parts[-1].response
    assert last is not None
    assert [part.response for part in parts[:-1]] == [None] * (len(parts) - 1)
    assert "".join(part.text for part in parts) == last.text
    return last


@EVERYWHERE
@BOTH
async def test_an_answer(place: Place, make: Make, streaming: bool) -> None:
    response = await answer(make(), streaming, place.prompt)
    assert response.text == place.text or (place.text is None and response.text.strip())
    assert (response.finish, response.attempts) == (FinishReason.COMPLETE, 1)
    if place.counts:
        assert response.usage.prompt_tokens
        assert response.usage.completion_tokens


@at(AIMOCK, LLAMA)
async def test_a_stream_comes_in_pieces(place: Place, make: Make) -> None:
    parts = [part async for part in make().stream(place.prompt)]
    assert len(parts) > 3


@at(LLAMA)
async def test_the_model_says_the_same_in_pieces_and_in_whole(place: Place, make: Make) -> None:
    provider = make(seed=7)
    whole, streamed = [await answer(provider, way, place.prompt) for way in (False, True)]
    assert whole.text == streamed.text
    assert whole.usage == streamed.usage


@at(AIMOCK, LLAMA, but=lambda place: not place.tells_limit)
@BOTH
async def test_an_answer_at_its_limit_is_an_error(make: Make, streaming: bool) -> None:
    prompt = Prompt.of("you are terse", "stop at the limit")
    with pytest.raises(LlmError) as caught:
        await answer(make(), streaming, prompt, max_tokens=16)
    assert (caught.value.code, caught.value.attempts) == (Problem.TRUNCATED, 1)


@at(AIMOCK, but=lambda place: place.tells_limit or not place.counts)
@BOTH
async def test_an_incomplete_answer_is_not_taken_for_complete(make: Make, streaming: bool) -> None:
    response = await answer(make(), streaming, Prompt.of("you are terse", "stop at the limit"))
    assert response.finish is not FinishReason.COMPLETE


@at(AIMOCK)
@BOTH
async def test_reasoning_is_no_part_of_the_answer(make: Make, streaming: bool) -> None:
    response = await answer(make(), streaming, Prompt.of("you are terse", "think first"))
    assert response.text == "42"


@at(AIMOCK)
@BOTH
async def test_a_stream_that_is_cut_is_no_answer(make: Make, streaming: bool) -> None:
    prompt = Prompt.of("you are terse", "break off")
    if not streaming:
        assert (await answer(make(), streaming, prompt)).finish is FinishReason.COMPLETE
        return
    with pytest.raises(LlmError) as caught:
        await answer(make(), streaming, prompt)
    assert caught.value.code in (Problem.STREAM_CUT, Problem.BROKEN)


@at(LLAMA, but=lambda place: not place.obeys_schema)
@BOTH
async def test_an_answer_obeys_its_schema(make: Make, streaming: bool) -> None:
    provider = make()
    assert (await provider.get_model_info()).enforces_schema
    said = json.loads((await answer(provider, streaming, WITH_SCHEMA)).text)
    assert sorted(said) == ["count", "marker"]
    assert isinstance(said["count"], int)


@at(LLAMA)
@BOTH
async def test_a_prompt_that_is_too_long(make: Make, streaming: bool) -> None:
    prompt = Prompt.of("you are terse", "some words " * 2000)
    with pytest.raises(LlmError) as caught:
        await answer(make(), streaming, prompt)
    assert (caught.value.code, caught.value.attempts) == (Problem.CONTEXT_LENGTH, 1)


@at(AIMOCK, LLAMA)
@BOTH
async def test_a_wrong_key(place: Place, make: Make, streaming: bool) -> None:
    with pytest.raises(AuthenticationError) as caught:
        await answer(make(api_key=SecretValue("sk-wrong")), streaming, place.prompt)
    assert (caught.value.code, caught.value.attempts) == (Problem.KEY_REFUSED, 1)


@at(LLAMA, but=lambda place: place.provider != "llama-cpp")
async def test_a_wrong_key_is_seen_without_a_question(make: Make) -> None:
    """Its list of models is public."""
    found = await make(api_key=SecretValue("sk-wrong")).is_available()
    assert found.error is not None
    assert found.error.code == Problem.KEY_REFUSED


@EVERYWHERE
async def test_it_is_available(make: Make) -> None:
    found = await make().is_available()
    assert found.ready, found.error and found.error.text("en")


@at(AIMOCK, LLMOCK, LLAMA, but=lambda place: not place.lists)
async def test_models_are_listed(place: Place, make: Make) -> None:
    names = await make().list_models()
    assert names
    assert place.model in names or place.server != LLAMA


@at(AIMOCK)
async def test_what_is_asked_arrives(place: Place, server: Running, make: Make) -> None:
    await make().complete(
        place.prompt, CompletionOptions(max_tokens=123, temperature=0.25, seed=77)
    )
    (entry,) = server.ask("GET", "/__aimock/journal")
    hidden = [name for name, value in entry["headers"].items() if "REDACTED" in value]
    assert hidden == [place.key_header]
    assert KEY not in json.dumps(entry)
    told = json.dumps(entry["body"])
    assert "you are terse" in told
    assert "say something" in told
    assert "0.25" in told


@at(LLAMA)
@BOTH
async def test_cancelling_frees_the_only_slot(
    place: Place, server: Running, make: Make, streaming: bool
) -> None:
    provider = make()
    endless = Prompt.of("You are terse.", "say something")
    task = asyncio.create_task(answer(provider, streaming, endless, max_tokens=900))
    await until(lambda: busy(server))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not busy(server))
    assert (await answer(provider, streaming, place.prompt)).attempts == 1


@at(AIMOCK)
async def test_a_stream_is_left_and_the_next_call_works(
    place: Place, server: Running, make: Make
) -> None:
    provider = make()
    task = asyncio.create_task(answer(provider, True, Prompt.of("you are terse", "take long")))
    await until(lambda: bool(server.ask("GET", "/__aimock/journal")))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await answer(provider, True, place.prompt)).text == place.text


@pytest.mark.parametrize("place", [PLACES[0]], ids=[PLACES[0].name])
async def test_many_callers_at_once(place: Place, server: Running, make: Make) -> None:
    provider = make()
    calls = (answer(provider, number % 2 > 0, place.prompt) for number in range(CALLERS))
    said = await asyncio.gather(*calls)
    assert {response.text for response in said} == {place.text}
    assert len(server.ask("GET", "/__aimock/journal")) == CALLERS


def busy(server: Running) -> bool:
    """Whether llama.cpp works on a call."""
    return any(slot["is_processing"] for slot in server.ask("GET", "/slots"))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the test's own time limit is that of the whole suite."""
    for _ in range(600):
        if await asyncio.to_thread(condition):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the server does not come to that")
