"""The wire: recorded exchanges with real providers (data beside the checkout) and event streams."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from pe4king_adapter.provider import FinishReason, LlmResponse
from pe4king_adapter.transport.sse import ServerSentEvent, SseDecoder
from pe4king_adapter.wire.failures import Failure, failure_of
from pe4king_adapter.wire.openai_chat import ChatStream, read_answer

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("PE4KING_SHARED") or ROOT.parent / "shared")
RECORDED = SHARED / "wire" / "exchanges.jsonl.gz"

needs_recordings = pytest.mark.skipif(
    not RECORDED.is_file(),
    reason="the recorded exchanges (wire/exchanges.jsonl.gz) are not beside the checkout; "
    "set PE4KING_SHARED to the folder that holds them",
)
Exchange = dict[str, Any]


def exchanges() -> list[Exchange]:
    with gzip.open(RECORDED, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    ours = [item for item in found if item["path"].endswith("/chat/completions")]
    return [item for item in ours if "/api/v2/" not in item["path"]]  # GigaChat's own protocol


def body_of(exchange: Exchange) -> bytes:
    body = exchange["body"]
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def headers_of(exchange: Exchange) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in exchange["headers"].items()}


def is_stream(exchange: Exchange) -> bool:
    return "event-stream" in headers_of(exchange).get("content-type", "")


def streamed(exchange: Exchange, size: int) -> tuple[str, LlmResponse, Failure | None]:
    body = body_of(exchange)
    reader = ChatStream(headers_of(exchange))
    pieces = [reader.feed(body[at : at + size]) for at in range(0, len(body), size)]
    last = reader.finish()
    assert last.response is not None
    return "".join([*pieces, last.text]), last.response, reader.failure


@needs_recordings
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_recorded_streams_read_the_same_in_pieces_of_any_size(size: int) -> None:
    streams = [exchange for exchange in exchanges() if is_stream(exchange)]
    assert len(streams) > 40
    for exchange in streams:
        whole = streamed(exchange, 1 << 30)
        assert streamed(exchange, size) == whole
        text, response, failure = whole
        ended = re.search(r'"finish_reason":\s*"', exchange["body"]) is not None
        failed = re.search(r'"error":\s*\{', exchange["body"]) is not None
        assert (failure is None) == (ended and not failed)
        assert response.text == text or failure is not None


@needs_recordings
def test_recorded_answers_give_text_finish_and_usage() -> None:
    plain = [e for e in exchanges() if not is_stream(e) and e["status"] == 200]
    assert len(plain) > 300
    for exchange in plain:
        answer = read_answer(headers_of(exchange), body_of(exchange))
        recorded = json.loads(body_of(exchange))
        choice = recorded["choices"][0]
        assert isinstance(answer, LlmResponse)
        if choice["finish_reason"] == "stop":
            assert answer.finish in (FinishReason.COMPLETE, FinishReason.REFUSED)
        content = choice["message"].get("content")
        if isinstance(content, str) and "<think>" not in content:
            assert answer.text == content
        assert "<think>" not in answer.text
        if recorded.get("usage"):
            assert answer.usage.prompt_tokens == recorded["usage"]["prompt_tokens"]


@needs_recordings
def test_recorded_failures_are_classified() -> None:
    failed = [exchange for exchange in exchanges() if exchange["status"] >= 400]
    assert failed
    for exchange in failed:
        found = failure_of(exchange["status"], headers_of(exchange), body_of(exchange))
        expected = {404: "llm-model-unknown", 429: "llm-rate-limit"}.get(exchange["status"])
        assert found.problem == expected or (expected is None and found.problem)


def decoded(data: bytes, size: int) -> list[ServerSentEvent]:
    decoder = SseDecoder()
    events = [e for at in range(0, len(data), size) for e in decoder.feed(data[at : at + size])]
    return events + decoder.finish()


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_events_in_every_spelling(size: int) -> None:
    data = (
        b"\xef\xbb\xbfdata: one\r\n\r\n: comment\nevent:ping\ndata\n\n"
        b"data: two\rdata:  three\r\rid: 7\nretry: 1\n\n"
        b"event: error\ndata: \xe2\x80\xa8\x0c\xc2\x85\n\n"
        b"data: last without blank line"
    )
    assert decoded(data, size) == [
        ServerSentEvent("one"),
        ServerSentEvent("", "ping"),
        ServerSentEvent("two\n three"),
        ServerSentEvent("\u2028\x0c\x85", "error"),
        ServerSentEvent("last without blank line"),
    ]


def test_comments_of_keep_alive_cost_nothing() -> None:
    decoder = SseDecoder()
    for _ in range(1000):
        assert decoder.feed(b": OPENROUTER PROCESSING\n\n") == []
    assert decoder.pending == 0


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_thinking_in_a_stream_is_held_back(size: int) -> None:
    text = ' <think>a < b </thin </think>  {"a": "<think>"}'
    events = b"".join(
        b"data: " + json.dumps({"choices": [{"delta": {"content": piece}}]}).encode() + b"\n\n"
        for piece in [text[at : at + size] for at in range(0, len(text), size)]
    )
    end = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    exchange = {"headers": {}, "body": (events + end).decode()}
    shown, response, failure = streamed(exchange, 11)
    assert failure is None
    assert shown.strip() == response.text.strip() == '{"a": "<think>"}'


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, b"", 7.0),
        ({"retry-after": "1.5"}, b"", 1.5),
        ({"retry-after-ms": "250", "retry-after": "0.1"}, b"", 0.25),
        ({"retry-after": "Fri, 01 Jan 1999 00:00:00 GMT"}, b"", 0.0),
        ({"retry-after": "soon"}, b"", None),
        ({"retry-after": "-5"}, b"", None),
        ({"retry-after": "nan"}, b"", None),
        ({}, b'[{"error": {"details": [{"retryDelay": "30s"}]}}]', 30.0),
        ({}, b"", None),
    ],
)
def test_every_spelling_of_the_servers_delay(
    headers: dict[str, str], body: bytes, seconds: float | None
) -> None:
    assert failure_of(429, headers, body).retry_after == seconds
