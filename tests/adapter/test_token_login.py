"""GigaChat's login: one token for all calls, renewed early, once after a 401, one at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs

import pytest

from pe4king_adapter.errors import AuthenticationError, LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmProvider, Prompt
from pe4king_adapter.providers.gigachat import PROFILE
from pe4king_adapter.registry import create_provider
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.token_login import TokenLogin
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy

from .spoken import SPOKEN
from .wire_server import KEY, TEXT, TOKEN, WireServer, config_of

SPEECH = SPOKEN["gigachat"]
PROMPT = Prompt.of("s", "u")
NOW = 1_700_000_000


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(SPEECH) as running:
        assert isinstance(running, WireServer)
        yield running


@pytest.fixture
async def provider(server: WireServer) -> AsyncIterator[LlmProvider]:
    async def sleep(_: float) -> None:
        return

    config = config_of("gigachat", SPEECH, server.root)
    made = create_provider(config, Tools(policy=RetryPolicy(sleep=sleep)))
    yield made
    await made.close()


def logins(server: WireServer) -> int:
    return len([request for request in server.requests if request.path == "/oauth"])


def bearers(server: WireServer) -> list[str]:
    return [request.headers["authorization"] for request in server.asked]


async def test_the_key_buys_a_token(server: WireServer, provider: LlmProvider) -> None:
    server.says()
    for _ in range(3):
        assert (await provider.complete(PROMPT)).text == TEXT
    login = server.requests[0]
    assert (login.method, login.path) == ("POST", "/oauth")
    assert login.headers["authorization"] == f"Basic {KEY}"
    assert len(login.headers["rquid"]) == 36
    assert parse_qs(login.body.decode()) == {"scope": ["GIGACHAT_API_PERS"]}
    assert bearers(server) == [f"Bearer {TOKEN}-1"] * 3
    assert logins(server) == 1


async def test_one_login_however_many_calls_wait(server: WireServer, provider: LlmProvider) -> None:
    server.says()
    await asyncio.gather(*(provider.complete(PROMPT) for _ in range(20)))
    assert (logins(server), len(server.asked)) == (1, 20)


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_refused_token_is_renewed_once(
    server: WireServer, provider: LlmProvider, streaming: bool
) -> None:
    server.fails(401).says()
    if streaming:
        parts = [part async for part in provider.stream(PROMPT)]
        response = parts[-1].response
    else:
        response = await provider.complete(PROMPT)
    assert response is not None
    assert (response.text, response.attempts) == (TEXT, 2)
    assert bearers(server) == [f"Bearer {TOKEN}-1", f"Bearer {TOKEN}-2"]


async def test_tokens_that_are_refused_again_end_the_call(
    server: WireServer, provider: LlmProvider
) -> None:
    server.fails(401)
    with pytest.raises(AuthenticationError) as caught:
        await provider.complete(PROMPT)
    assert (caught.value.attempts, logins(server)) == (2, 2)


async def test_calls_that_were_refused_together_log_in_once(
    server: WireServer, provider: LlmProvider
) -> None:
    for _ in range(5):
        server.fails(401)
    server.says()
    await asyncio.gather(*(provider.complete(PROMPT) for _ in range(5)))
    assert (logins(server), len(server.asked)) == (2, 10)


@pytest.mark.parametrize(
    ("body", "renewed"),
    [
        ({"access_token": "a", "expires_at": (NOW + 61) * 1000}, False),
        ({"access_token": "a", "expires_at": (NOW + 60) * 1000}, True),
        ({"tok": "a", "exp": NOW + 61}, False),
        ({"tok": "a", "exp": NOW + 60}, True),
    ],
)
async def test_a_token_is_renewed_a_minute_before_its_end(
    server: WireServer, body: dict[str, object], renewed: bool
) -> None:
    answers = iter([body, {"access_token": "b", "expires_at": (NOW + 1800) * 1000}])
    server.beside = lambda _: (200, next(answers))
    config, endpoint = config_of("gigachat", SPEECH, server.root), f"{server.root}/oauth"
    login = TokenLogin(config, PROFILE, endpoint=endpoint, scope="S", clock=lambda: NOW)
    first = await login.headers(SecretValue(KEY))
    second = await login.headers(SecretValue(KEY))
    await login.close()
    assert first["authorization"].reveal() == "Bearer a"
    assert second["authorization"].reveal() == ("Bearer b" if renewed else "Bearer a")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"code": 6, "message": "credentials doesn't match db data"}, Problem.KEY_REFUSED),
        (400, {"code": 4, "message": "Can't decode Authorization header"}, Problem.BAD_REQUEST),
        (500, {}, Problem.SERVER),
        (200, {}, Problem.NOT_JSON),
        (200, {"access_token": "bad\ntoken", "expires_at": 1}, Problem.NOT_JSON),
        (200, {"access_token": "a", "expires_at": "soon"}, Problem.NOT_JSON),
    ],
)
async def test_a_login_that_fails_is_told(
    server: WireServer, provider: LlmProvider, status: int, body: object, code: Problem
) -> None:
    server.beside = lambda _: (status, body)
    with pytest.raises(LlmError) as caught:
        await provider.complete(PROMPT)
    assert caught.value.code == code
    assert server.asked == []
    assert KEY not in json.dumps([caught.value.text("en"), str(vars(caught.value))])


async def test_the_key_is_not_sent_without_encryption(server: WireServer) -> None:
    options = {"auth_endpoint": "http://elsewhere.example/oauth"}
    config = config_of("gigachat", SPEECH, server.root, options=options)
    provider = create_provider(config)
    with pytest.raises(LlmError) as caught:
        await provider.complete(PROMPT)
    assert caught.value.code == Problem.NOT_ENCRYPTED
    await provider.close()
