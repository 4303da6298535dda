"""The OpenAI-compatible provider against a real server on loopback."""

from __future__ import annotations

import asyncio
import logging
import traceback

import pytest

from pe4king_adapter.config import provider_config
from pe4king_adapter.config.values import Source, settings_of
from pe4king_adapter.errors import (
    AuthenticationError,
    ErrorKind,
    InvalidResponseError,
    LlmConnectionError,
    LlmError,
    LlmTimeoutError,
    QuotaExceededError,
    RateLimitError,
)
from pe4king_adapter.provider import AnswerSchema, CompletionOptions, FinishReason, Prompt
from pe4king_adapter.registry import create_provider
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy

from .conftest import CANARY, MakeProvider, config_for
from .fake_server import FakeModel, completion

PROMPT = Prompt.of("you are terse", "say something")
WITH_SCHEMA = Prompt.of("s", "u", AnswerSchema("thing", {"type": "object"}))


async def failure(provider_for: MakeProvider, model: FakeModel, **settings: object) -> LlmError:
    with pytest.raises(LlmError) as caught:
        await provider_for(model.base_url, **settings).complete(PROMPT)
    return caught.value


async def test_complete_returns_text_usage_and_finish(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.answer("Привет, U+2028:\u2028!")
    response = await provider_for(model.base_url, temperature=0, seed=7, max_tokens=99).complete(
        PROMPT, CompletionOptions(stop=("END",), max_tokens=50)
    )
    assert response.text == "Привет, U+2028:\u2028!"
    assert response.finish is FinishReason.COMPLETE
    assert (response.usage.prompt_tokens, response.usage.completion_tokens) == (11, 7)
    request = model.requests[0]
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.json == {
        "model": "fake",
        "messages": [
            {"role": "system", "content": "you are terse"},
            {"role": "user", "content": "say something"},
        ],
        "stream": False,
        "temperature": 0,
        "seed": 7,
        "stop": ["END"],
        "max_tokens": 50,
    }


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"api_key_ref": "env:MY_KEY"}, "Set the environment variable MY_KEY to a valid one."),
        ({}, "Set the environment variable LLM_API_KEY to a valid one."),
        ({"api_key_ref": ""}, "It wants one: set LLM_API_KEY, or name it with `api_key_ref`."),
    ],
)
async def test_a_refused_key_is_told_with_its_place(
    model: FakeModel,
    settings: dict[str, str],
    advice: str,
) -> None:
    model.error(401, {})
    given = {"LLM_API_KEY": CANARY, "MY_KEY": CANARY} if settings != {"api_key_ref": ""} else {}
    config = provider_config(
        settings_of({"endpoint": model.base_url, "model": "m", **settings}, Source.USER), given
    )
    assert config is not None
    provider = create_provider(config)
    with pytest.raises(AuthenticationError) as caught:
        await provider.complete(PROMPT)
    assert advice in caught.value.text("en")
    await provider.close()


async def test_connections_are_reused(model: FakeModel, provider_for: MakeProvider) -> None:
    model.answer("one")
    provider = provider_for(model.base_url)
    for _ in range(3):
        await provider.complete(PROMPT)
        assert "".join([part.text async for part in provider.stream(PROMPT)]) == "one"
    assert model.connections == 1


async def test_many_callers_share_a_small_pool(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.answer("one")
    provider = provider_for(model.base_url)
    answers = await asyncio.gather(*(provider.complete(PROMPT) for _ in range(40)))
    assert [answer.text for answer in answers] == ["one"] * 40
    assert model.connections <= 8


async def test_the_answers_schema_is_sent_and_dropped_where_it_is_refused(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    refusal = {"message": "response_format is not supported", "param": "response_format"}
    model.error(400, refusal).answer("{}")
    provider = provider_for(model.base_url)
    response = await provider.complete(WITH_SCHEMA)
    assert response.attempts == 2
    first, second = (request.json for request in model.requests)
    assert first["response_format"]["json_schema"]["name"] == "thing"
    assert {k: v for k, v in first.items() if k != "response_format"} == second
    await provider.complete(WITH_SCHEMA)
    assert "response_format" not in model.requests[2].json, "the refusal is remembered"
    assert not (await provider.get_model_info()).enforces_schema


async def test_max_tokens_is_renamed_where_it_is_refused(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    error = {"message": "Unsupported parameter: use max_completion_tokens", "param": "max_tokens"}
    model.error(400, error).answer("fine")
    await provider_for(model.base_url, max_tokens=10).complete(PROMPT)
    assert "max_tokens" not in model.requests[1].json
    assert model.requests[1].json["max_completion_tokens"] == 10


async def test_a_request_that_stays_bad_is_not_asked_for_ever(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.error(400, {"message": "no idea what you want"})
    with pytest.raises(InvalidResponseError) as caught:
        await provider_for(model.base_url).complete(WITH_SCHEMA)
    assert len(model.requests) == 2
    assert (caught.value.code, caught.value.attempts) == ("llm-bad-request", 2)


FINAL = [
    (401, {"code": "invalid_api_key"}, AuthenticationError, "llm-key-refused"),
    (403, {"message": "country not supported"}, AuthenticationError, "llm-forbidden"),
    (402, {"message": "Insufficient credits"}, QuotaExceededError, "llm-quota"),
    (429, {"type": "insufficient_quota"}, QuotaExceededError, "llm-quota"),
    (404, {"code": "model_not_found"}, InvalidResponseError, "llm-model-unknown"),
    (404, {"message": "The model `x` does not exist"}, InvalidResponseError, "llm-model-unknown"),
    (404, {"message": "Not Found"}, InvalidResponseError, "llm-address-unknown"),
    (400, {"code": "context_length_exceeded"}, InvalidResponseError, "llm-context-length"),
    (413, {}, InvalidResponseError, "llm-context-length"),
    (400, {"code": "content_filter"}, InvalidResponseError, "llm-content-filter"),
    (422, {"message": "bad"}, InvalidResponseError, "llm-bad-request"),
    (307, {}, LlmConnectionError, "llm-redirect"),
]


@pytest.mark.parametrize(("status", "error", "kind", "code"), FINAL)
async def test_what_cannot_succeed_is_asked_once(
    model: FakeModel,
    provider_for: MakeProvider,
    status: int,
    error: dict[str, str],
    kind: type[LlmError],
    code: str,
) -> None:
    model.error(status, error, {"x-request-id": "req-1"})
    raised = await failure(provider_for, model)
    assert type(raised) is kind
    assert (raised.code, raised.status, raised.request_id) == (code, status, "req-1")
    assert len(model.requests) == raised.attempts == 1
    assert not raised.retryable


PASSING = [
    (429, {"code": "rate_limit_exceeded"}, RateLimitError, "llm-rate-limit"),
    (
        429,
        {"code": "insufficient_quota", "message": "Allocated quota exceeded, please increase ..."},
        RateLimitError,
        "llm-rate-limit",
    ),
    (
        503,
        {"message": "Loading model", "type": "unavailable_error"},
        RateLimitError,
        "llm-overloaded",
    ),
    (529, {}, RateLimitError, "llm-overloaded"),
    (500, {"message": "boom"}, LlmConnectionError, "llm-server-error"),
    (502, "<html>bad gateway", LlmConnectionError, "llm-server-error"),
    (408, {}, LlmTimeoutError, "llm-timeout"),
    (504, {}, LlmTimeoutError, "llm-timeout"),
]


@pytest.mark.parametrize(("status", "error", "kind", "code"), PASSING)
async def test_what_may_pass_is_asked_three_times_with_growing_pauses(
    model: FakeModel,
    provider_for: MakeProvider,
    waits: list[float],
    status: int,
    error: object,
    kind: type[LlmError],
    code: str,
) -> None:
    model.error(status, error)
    raised = await failure(provider_for, model)
    assert type(raised) is kind
    assert (raised.code, raised.attempts, len(model.requests)) == (code, 3, 3)
    assert waits == [0.5, 1.0]


async def test_the_servers_delay_is_obeyed(
    model: FakeModel, provider_for: MakeProvider, waits: list[float]
) -> None:
    model.error(429, {}, {"retry-after": "2"}).error(429, {}, {"retry-after-ms": "1500"})
    model.answer("at last")
    response = await provider_for(model.base_url, timeout=60).complete(PROMPT)
    assert (response.text, response.attempts, waits) == ("at last", 3, [2.0, 1.5])


@pytest.mark.parametrize("passed", ["0", "Fri, 01 Jan 1999 00:00:00 GMT"])
async def test_a_delay_of_nothing_is_no_leave_to_storm(
    model: FakeModel, provider_for: MakeProvider, waits: list[float], passed: str
) -> None:
    model.error(503, {}, {"retry-after": passed})
    await failure(provider_for, model)
    assert waits == [0.5, 1.0]


async def test_a_delay_beyond_patience_ends_the_call_at_once(
    model: FakeModel, provider_for: MakeProvider, waits: list[float]
) -> None:
    model.error(429, {}, {"retry-after": "61"}).error(429, {}, {"retry-after": "1800"})
    raised = await failure(provider_for, model, timeout=3600)
    assert (raised.retry_after, raised.attempts, waits) == (61.0, 1, [])
    assert "It asks to wait for 61 s. Try again later" in raised.text("en")
    told = (await failure(provider_for, model, timeout=3600)).text("ru")
    assert "Сервер просит подождать 30 мин. Повторите позже" in told


def test_pauses_differ_so_that_callers_do_not_come_back_together() -> None:
    waits = [RetryPolicy(jitter=lambda part=part: part).wait_after(2, None) for part in (0.0, 1.0)]
    assert waits == [0.75, 1.25]


async def test_a_delay_beyond_the_deadline_ends_the_call_at_once(
    model: FakeModel, provider_for: MakeProvider, waits: list[float]
) -> None:
    model.error(503, {}, {"retry-after": "30"})
    raised = await failure(provider_for, model, timeout=5)
    assert (raised.attempts, waits) == (1, [])


async def test_a_server_says_itself_whether_to_ask_again(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.error(500, {}, {"x-should-retry": "false"})
    assert (await failure(provider_for, model)).attempts == 1
    with FakeModel() as willing:
        willing.error(409, {}, {"x-should-retry": "true"}).answer("now")
        response = await provider_for(willing.base_url).complete(PROMPT)
        assert (response.text, response.attempts) == ("now", 2)


@pytest.mark.parametrize(
    ("body", "headers", "code", "attempts"),
    [
        (b"\x00not json", {}, "llm-answer-not-json", 3),
        (b"<html>welcome</html>", {"content-type": "text/html"}, "llm-answer-web-page", 1),
        (b"", {}, "llm-answer-not-json", 3),
        (b"[]", {}, "llm-answer-empty", 3),
        (b"{}", {}, "llm-answer-empty", 3),
        (b'{"choices": []}', {}, "llm-answer-empty", 3),
        (b'{"choices": [{"message": {}}]}', {}, "llm-answer-empty", 3),
        (b"[" * 100_000, {}, "llm-answer-not-json", 3),
        (b'{"x": "' + b"a" * 9 * 1024 * 1024 + b'"}', {}, "llm-answer-too-large", 1),
        (b'{"error": {"code": "rate_limit_exceeded"}}', {}, "llm-rate-limit", 3),
        (b'{"error": {"code": 401, "message": "x"}}', {}, "llm-key-refused", 1),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else None,
)
async def test_unusable_bodies(
    model: FakeModel,
    provider_for: MakeProvider,
    body: bytes,
    headers: dict[str, str],
    code: str,
    attempts: int,
) -> None:
    model.status(200, body, headers)
    raised = await failure(provider_for, model)
    assert (raised.code, raised.attempts) == (code, attempts)


@pytest.mark.parametrize(
    ("finish", "message", "code"),
    [
        ("length", {}, "llm-answer-truncated"),
        ("content_filter", {}, "llm-content-filter"),
        ("stop", {"refusal": "I will not"}, "llm-declined"),
    ],
)
async def test_answers_that_are_no_answers(
    model: FakeModel, provider_for: MakeProvider, finish: str, message: dict[str, str], code: str
) -> None:
    model.answer('{"assertions": []}', finish=finish, **message)
    raised = await failure(provider_for, model)
    assert (raised.code, raised.kind) == (code, ErrorKind.INVALID_RESPONSE)


async def test_thinking_is_cut_off_and_reasoning_fields_are_ignored(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.answer("<think>hm {</think>\n{}", reasoning_content="secret thoughts")
    model.answer("<think>never closed")
    provider = provider_for(model.base_url)
    assert (await provider.complete(PROMPT)).text == "\n{}"
    with pytest.raises(InvalidResponseError, match="cut off"):
        await provider.complete(PROMPT)


# -- the rest ----------------------------------------------------------------------------------


async def test_availability_spends_no_token(model: FakeModel, provider_for: MakeProvider) -> None:
    assert await provider_for(model.base_url).is_available()
    assert (model.requests[0].method, model.requests[0].path) == ("GET", "/v1/models")
    model.models_status = 404
    assert await provider_for(model.base_url).is_available()
    model.models_status = 401
    found = await provider_for(model.base_url).is_available()
    assert not found
    assert isinstance(found.error, AuthenticationError)


async def test_availability_is_asked_once_a_minute(model: FakeModel) -> None:
    now = [100.0]
    provider = create_provider(config_for(model.base_url), Tools(clock=lambda: now[0]))
    for seconds, asked in [(0, 1), (59, 1), (2, 2)]:
        now[0] += seconds
        assert await provider.is_available()
        assert len(model.requests) == asked
    await provider.close()


def test_tokens_are_rather_over_than_underestimated() -> None:
    provider = create_provider(config_for("http://127.0.0.1:1/v1"))
    assert provider.estimate_tokens("") == 0
    assert provider.estimate_tokens("abcd") == 2
    assert provider.estimate_tokens("тест") == 3


async def test_the_key_is_nowhere_but_in_the_header(
    model: FakeModel, provider_for: MakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"message": f"Incorrect API key provided: {CANARY}", "code": CANARY, "param": CANARY}
    model.error(401, echo, {"x-request-id": CANARY})
    model.status(200, f"<html>{CANARY}".encode()).error(400, echo, {"location": CANARY})
    model.status(200, completion(CANARY) | {"model": CANARY}, {"x-request-id": CANARY})
    provider = provider_for(model.base_url)
    shown: list[str] = [repr(provider), str(vars(provider)), repr(config_for(model.base_url))]
    for _ in range(3):
        with pytest.raises(LlmError) as caught:
            await provider.complete(PROMPT)
        error = caught.value
        trace = traceback.format_exception(error)
        shown += [str(error), repr(error), error.text("ru"), str(vars(error)), *trace]
        assert error.__cause__ is None
    response = await provider.complete(PROMPT)
    shown += [response.request_id, response.model, caplog.text]
    assert not [text for text in shown if CANARY in text]
