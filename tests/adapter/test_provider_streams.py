"""Connections and streams of the engine: how they break, end, stall, and are left."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from pe4king_adapter.errors import (
    ErrorKind,
    LlmConnectionError,
    LlmError,
    LlmTimeoutError,
)
from pe4king_adapter.provider import FinishReason, Prompt
from pe4king_adapter.registry import create_provider

from .conftest import MakeProvider, config_for
from .fake_server import FakeModel, event

PROMPT = Prompt.of("you are terse", "say something")


async def failure(provider_for: MakeProvider, model: FakeModel, **settings: object) -> LlmError:
    with pytest.raises(LlmError) as caught:
        await provider_for(model.base_url, **settings).complete(PROMPT)
    return caught.value


# -- connections -------------------------------------------------------------------------------


async def test_refused(provider_for: MakeProvider) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        with pytest.raises(LlmConnectionError) as caught:
            await provider_for(url).complete(PROMPT)
    assert (caught.value.code, caught.value.attempts) == ("llm-connection-refused", 3)
    assert "Start the model server" in caught.value.text("en")
    assert "Запустите сервер модели" in caught.value.text("ru")


async def test_a_cut_body_is_a_connection_error(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.cut_after(20)
    raised = await failure(provider_for, model)
    assert (raised.code, raised.attempts) == ("llm-connection-broken", 3)


async def test_a_hanging_server_times_out_at_the_deadline(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.hang()
    started = time.monotonic()
    raised = await failure(provider_for, model, timeout=0.2)
    assert time.monotonic() - started < 1.5
    assert (raised.kind, raised.attempts) == (ErrorKind.TIMEOUT, 1)
    assert await asyncio.to_thread(model.disconnected.wait, 1)


async def test_an_answer_that_trickles_ends_at_the_deadline(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    """Every byte comes in time, but never the last one."""

    async def trickle(_: object, __: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    model.reply(trickle)
    async with asyncio.timeout(20):
        raised = await failure(provider_for, model, timeout=0.3)
    assert (raised.kind, raised.attempts) == (ErrorKind.TIMEOUT, 1)


@pytest.mark.parametrize("streaming", [False, True])
async def test_cancelling_closes_the_connection_at_once(
    model: FakeModel, provider_for: MakeProvider, streaming: bool
) -> None:
    model.hang()
    provider = provider_for(model.base_url)

    async def use() -> None:
        if not streaming:
            await provider.complete(PROMPT)
        async for _ in provider.stream(PROMPT):
            pass

    task = asyncio.create_task(use())
    assert await asyncio.to_thread(model.arrived.wait, 2)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(model.disconnected.wait, 1)
    assert time.monotonic() - started < 0.1
    assert len(model.requests) == 1, "a cancelled call is not retried"


async def test_cancelling_during_a_pause_ends_at_once(model: FakeModel) -> None:
    model.error(503, {}, {"retry-after": "3"})
    provider = create_provider(config_for(model.base_url))
    task = asyncio.create_task(provider.complete(PROMPT))
    assert await asyncio.to_thread(model.arrived.wait, 2)
    task.cancel()
    started = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 0.1
    await provider.close()


async def test_a_redirect_is_not_followed(model: FakeModel, provider_for: MakeProvider) -> None:
    with FakeModel() as elsewhere:
        elsewhere.answer("come here")
        model.status(302, b"", {"location": f"{elsewhere.base_url}/chat/completions"})
        raised = await failure(provider_for, model)
        assert raised.code == "llm-redirect"
        assert elsewhere.requests == []


async def test_the_environments_proxy_is_not_used_for_loopback(
    model: FakeModel, provider_for: MakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    model.answer("direct")
    assert (await provider_for(model.base_url).complete(PROMPT)).text == "direct"


# -- streams -----------------------------------------------------------------------------------


async def test_stream_hands_on_pieces_and_the_whole(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.answer("<think>deep</think>Ответ по частям: 1, 2, 3")
    parts = [part async for part in provider_for(model.base_url).stream(PROMPT)]
    assert "".join(part.text for part in parts) == "Ответ по частям: 1, 2, 3"
    assert len(parts) > 3
    whole = parts[-1].response
    assert whole is not None
    assert (whole.text, whole.finish) == ("Ответ по частям: 1, 2, 3", FinishReason.COMPLETE)
    assert whole.usage.completion_tokens == 7


BROKEN_STREAMS = [
    ("no end sign", [event({"choices": [{"delta": {"content": "half"}}]})], "llm-stream-cut"),
    ("only done", [b"data: [DONE]\n\n"], "llm-stream-cut"),
    ("nothing", [], "llm-stream-cut"),
    ("not json", [b"data: {broken\n\n"], "llm-stream-cut"),
    ("error", [event({"error": {"code": "server_error"}})], "llm-server-error"),
    ("quota", [event({"error": {"type": "insufficient_quota"}})], "llm-quota"),
    ("empty", [event({"choices": [{"delta": {}, "finish_reason": "stop"}]})], "llm-answer-empty"),
]


@pytest.mark.parametrize(("pieces", "code"), [row[1:] for row in BROKEN_STREAMS])
async def test_a_broken_stream_is_never_an_answer(
    model: FakeModel, provider_for: MakeProvider, pieces: list[bytes], code: str
) -> None:
    model.stream(*pieces)
    with pytest.raises(LlmError) as caught:
        _ = [part async for part in provider_for(model.base_url).stream(PROMPT)]
    assert caught.value.code == code


async def test_a_stream_is_asked_again_only_before_its_first_text(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.cut_after(1).answer("whole")
    provider = provider_for(model.base_url)
    assert "".join([p.text async for p in provider.stream(PROMPT)]) == "whole"
    assert len(model.requests) == 2
    with FakeModel() as other:
        other.cut_after(4)
        parts = provider_for(other.base_url).stream(PROMPT)
        assert (await anext(parts)).text
        with pytest.raises(LlmConnectionError):
            _ = [part async for part in parts]
        assert len(other.requests) == 1


async def test_a_stream_that_stalls_times_out(model: FakeModel, provider_for: MakeProvider) -> None:
    model.hang_mid_stream("some words")
    with pytest.raises(LlmTimeoutError):
        _ = [p async for p in provider_for(model.base_url, timeout=0.2).stream(PROMPT)]
    assert await asyncio.to_thread(model.disconnected.wait, 1)


async def test_leaving_a_stream_closes_the_connection(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.hang_mid_stream("some words")
    parts = provider_for(model.base_url).stream(PROMPT)
    assert (await anext(parts)).text
    await parts.aclose()  # type: ignore[attr-defined]
    assert await asyncio.to_thread(model.disconnected.wait, 1)
