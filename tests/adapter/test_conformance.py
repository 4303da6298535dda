"""What every provider of the registry has to be able to do, each against a server of its kind."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.errors import AuthenticationError, ErrorKind, LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import (
    AnswerSchema,
    CompletionOptions,
    FinishReason,
    LlmProvider,
    Prompt,
)
from pe4king_adapter.registry import create_provider, provider_types
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy

from .speech import ANSWER_TOKENS, PROMPT_TOKENS, Json, Spoken
from .spoken import ALL, SPOKEN
from .wire_server import KEY, TEXT, TOKEN, WireServer, config_of

PROMPT = Prompt.of("you are terse", "say something")
SCHEMA: Json = {
    "type": "object",
    "properties": {"marker": {"type": "string"}},
    "required": ["marker"],
}
WITH_SCHEMA = Prompt.of("answer in JSON", "say something", AnswerSchema("thing", SCHEMA))
NO_SCHEMA = ("custom-http",)
ONLY_JSON = ("deepseek", "qwen")
NO_STREAM = ("custom-http",)
NO_COUNTS = ("custom-http",)
NO_LIST = ("custom-http", "yandexgpt")

LIKE_OTHERS = ("deepseek", "llama-cpp", "lm-studio", "mistral", "openrouter", "vllm")
"""Their protocol is tried with another provider: not in the quick loop."""

Case = tuple[str, str, Spoken]
CASES = [
    pytest.param(
        (name, kind, spoken),
        id=name,
        marks=pytest.mark.slow if name in LIKE_OTHERS or name != kind else (),
    )
    for name, (kind, spoken) in ALL.items()
]
Make = Callable[..., LlmProvider]


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def server(case: Case) -> Iterator[WireServer]:
    with WireServer(case[2]) as running:
        assert isinstance(running, WireServer)
        yield running


@pytest.fixture
async def make(case: Case, server: WireServer) -> AsyncIterator[Make]:
    made: list[LlmProvider] = []

    async def sleep(_: float) -> None:
        return

    tools = Tools(policy=RetryPolicy(sleep=sleep))

    def build(**settings: object) -> LlmProvider:
        made.append(create_provider(config(case, server, **settings), tools))
        return made[-1]

    yield build
    for provider in made:
        await provider.close()


def config(case: Case, server: WireServer, **settings: object) -> LlmProviderConfig:
    return config_of(case[1], case[2], server.root, **settings)  # type: ignore[arg-type]


def test_every_type_of_the_registry_is_here() -> None:
    assert set(SPOKEN) == set(provider_types())


async def test_complete(case: Case, server: WireServer, make: Make) -> None:
    server.says()
    response = await make().complete(PROMPT)
    assert (response.text, response.attempts) == (TEXT, 1)
    if case[1] in NO_COUNTS:
        assert response.finish is FinishReason.UNKNOWN
        return
    assert response.finish is FinishReason.COMPLETE
    assert response.usage.prompt_tokens == PROMPT_TOKENS
    assert response.usage.completion_tokens == ANSWER_TOKENS
    assert response.model == "fake"


async def test_stream(case: Case, server: WireServer, make: Make) -> None:
    server.says()
    provider = make()
    parts = [part async for part in provider.stream(PROMPT)]
    assert "".join(part.text for part in parts) == TEXT
    assert (await provider.get_model_info()).streams is (case[1] not in NO_STREAM)
    assert len(parts) > 3 or case[1] in NO_STREAM
    whole = parts[-1].response
    assert whole is not None
    assert whole.text == TEXT
    assert [part.response for part in parts[:-1]] == [None] * (len(parts) - 1)
    if case[1] not in NO_COUNTS:
        assert whole.finish is FinishReason.COMPLETE
        assert whole.usage.prompt_tokens == PROMPT_TOKENS
        assert whole.usage.completion_tokens == ANSWER_TOKENS
    assert len(server.asked) == 1
    assert len({request.path for request in server.asked}) == 1


@pytest.mark.parametrize("streaming", [False, True])
async def test_an_answer_at_its_limit_is_an_error(
    case: Case, server: WireServer, make: Make, streaming: bool
) -> None:
    if case[1] in NO_COUNTS:
        pytest.skip("the protocol does not say why an answer ends")
    server.says(TEXT, "truncated")
    with pytest.raises(LlmError) as caught:
        await answer(make(), streaming)
    assert (caught.value.code, caught.value.attempts) == (Problem.TRUNCATED, 1)


async def test_what_is_asked_arrives(case: Case, server: WireServer, make: Make) -> None:
    server.says()
    wishes = CompletionOptions(max_tokens=321, temperature=0.25, stop=("END",), seed=77)
    await make(options={**config(case, server).options, "extra_body": {"x_extra": 1}}).complete(
        PROMPT, wishes
    )
    sent = server.asked[0].json
    told = json.dumps(sent, ensure_ascii=False)
    assert "you are terse" in told
    assert "say something" in told
    assert sent["x_extra"] == 1
    assert "321" in told
    assert ("0.25" in told) is (case[1] != "custom-http")
    without_seed = ("anthropic", "gigachat", "yandexgpt", "custom-http")
    assert ("77" in told) is (case[1] not in without_seed and case[0] != "openai responses")


async def test_schema(case: Case, server: WireServer, make: Make) -> None:
    server.says('{"marker": "x"}')
    provider = make()
    response = await provider.complete(WITH_SCHEMA)
    assert json.loads(response.text) == {"marker": "x"}
    told = server.asked[0].body.decode()
    enforced = (await provider.get_model_info()).enforces_schema
    assert enforced is (case[1] not in NO_SCHEMA)
    if case[1] in ONLY_JSON:
        assert "json_object" in told
    else:
        assert ("marker" in told) is enforced


async def test_probe(case: Case, server: WireServer, make: Make) -> None:
    assert await make().is_available()
    assert server.asked == []
    paths = {request.path for request in server.requests} - {"/oauth"}
    expected = case[2].probe or case[2].models_path
    assert paths == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("status", "code"), [(401, Problem.KEY_REFUSED), (403, Problem.FORBIDDEN), (404, None)]
)
async def test_probe_of_a_key_that_is_refused(
    case: Case, server: WireServer, make: Make, status: int, code: Problem | None
) -> None:
    if not (case[2].probe or case[2].models_path):
        pytest.skip("only the connection is probed")
    server.probe_status = status
    found = await make().is_available()
    if code is None:
        assert found, "the server answers, whatever it has there"
        return
    assert isinstance(found.error, AuthenticationError)
    assert found.error.code == code


async def test_models(case: Case, server: WireServer, make: Make) -> None:
    names = await make().list_models()
    if case[1] in NO_LIST and not case[2].models_path:
        assert names == ()
    else:
        assert [name.removesuffix(":latest") for name in names] == ["fake"]


@pytest.mark.parametrize("streaming", [False, True])
async def test_cancel(case: Case, server: WireServer, make: Make, streaming: bool) -> None:
    server.hang()
    task = asyncio.create_task(answer(make(), streaming))
    assert await asyncio.to_thread(server.arrived.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.disconnected.wait, 5)
    assert len(server.asked) == 1


@pytest.mark.parametrize("streaming", [False, True])
async def test_closing_ends_a_running_call(
    case: Case, server: WireServer, make: Make, streaming: bool
) -> None:
    server.hang()
    provider = make()
    task = asyncio.create_task(answer(provider, streaming))
    assert await asyncio.to_thread(server.arrived.wait, 5)
    await provider.close()
    with pytest.raises(LlmError) as caught:
        await task
    assert caught.value.code == Problem.CANCELLED


async def test_the_key_is_in_its_header_and_nowhere_else(
    case: Case, server: WireServer, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.says().fails(500).says()
    provider = make()
    await provider.complete(PROMPT)
    await answer(provider, streaming=True)
    await provider.is_available()
    await provider.list_models()
    speech = case[2].speech
    secret = f"{TOKEN}-1" if case[1] == "gigachat" else KEY
    assert server.requests
    for request in server.requests:
        carried = {n: v for n, v in request.headers.items() if secret in v or KEY in v}
        if request.path == "/oauth":
            assert carried == {"authorization": f"Basic {KEY}"}
        else:
            assert carried == {speech.key_header: speech.key_prefix + secret}
        assert KEY not in request.path + request.body.decode()
    assert KEY not in caplog.text
    assert secret not in caplog.text


async def test_a_missing_key_is_told_before_anything_is_sent(
    case: Case, server: WireServer, make: Make
) -> None:
    server.says()
    keyless = {
        "custom-http",
        "llama-cpp",
        "lm-studio",
        "ollama",
        "openai-compatible",
        "vllm",
    }
    provider = make(api_key=None)
    if case[1] in keyless:
        assert (await provider.complete(PROMPT)).text == TEXT
        assert case[2].speech.key_header not in server.asked[0].headers
        return
    with pytest.raises(AuthenticationError) as caught:
        await provider.complete(PROMPT)
    assert (caught.value.code, server.requests) == (Problem.KEY_MISSING, [])


async def test_a_parameter_that_is_refused_is_left_out_and_remembered(
    case: Case, server: WireServer, make: Make
) -> None:
    if case[1] == "custom-http":
        pytest.skip("there are no parameters")
    server.refuses("temperature").says()
    wishes = CompletionOptions(temperature=0.25)
    provider = make()
    assert (await provider.complete(PROMPT, wishes)).attempts == 2
    assert (await provider.complete(PROMPT, wishes)).attempts == 1
    assert (await make().complete(PROMPT, wishes)).attempts == 1, "in another provider too"
    told = ["0.25" in request.body.decode() for request in server.asked]
    assert told == [True, False, False, False]


async def test_unknown_models_are_told_by_name(case: Case, server: WireServer, make: Make) -> None:
    if case[1] == "custom-http":
        pytest.skip("there are no models")
    server.fails(404, "model")
    with pytest.raises(LlmError) as caught:
        await make(model="fake").complete(PROMPT)
    assert caught.value.code == Problem.MODEL_UNKNOWN
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE
    assert "fake" in caught.value.text("en")


async def answer(provider: LlmProvider, streaming: bool) -> str:
    if streaming:
        return "".join([part.text async for part in provider.stream(PROMPT)])
    return (await provider.complete(PROMPT)).text
