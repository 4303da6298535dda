"""The wire below the protocols: events, JSON lines, thinking in the text, delays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_adapter.provider import LlmResponse
from pe4king_adapter.transport.sse import ServerSentEvent, SseDecoder
from pe4king_adapter.wire.delays import retry_after
from pe4king_adapter.wire.failures import failure_of
from pe4king_adapter.wire.ndjson import NdjsonDecoder
from pe4king_adapter.wire.openai_chat import OpenAiChatCodec
from pe4king_adapter.wire.think import ThinkingFilter, strip_thinking

NOW = 1_000_000.0


def decoded(decoder: SseDecoder | NdjsonDecoder, data: bytes, size: int) -> list[ServerSentEvent]:
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
    assert decoded(SseDecoder(), data, size) == [
        ServerSentEvent("one"),
        ServerSentEvent("", "ping"),
        ServerSentEvent("two\n three"),
        ServerSentEvent("\u2028\x0c\x85", "error"),
        ServerSentEvent("last without blank line"),
    ]


def test_events_that_come_whole_are_read_like_those_that_are_cut() -> None:
    blocks = [
        b": hello\n\n",
        b'data: {"a": 1}\n\ndata: two\n\n',
        b"event: error\ndata: x\nid: 3\n\n",
        b"\n\n",
        b"data: a\ndata: b\n\n\n\n",
        b"event: lone\n\ndata:tight\n\n",
        b"data: split\n",
        b"data: in two\n\n",
        b"data: \xff\n\n",
        b"data: \n\n",
        b"data: one more line end\n\n\n",
    ]
    decoder = SseDecoder()
    whole = [event for block in blocks for event in decoder.feed(block)]
    assert decoder.finish() == []
    assert whole == decoded(SseDecoder(), b"".join(blocks), 1)
    assert len(whole) == 9


PIECES = (
    *(b"data: x", b"data:y", b"data", b"event: e", b": c", b"id: 1", b" ", b"\xff"),
    *(b"\n", b"\n\n", b"\n\n\n", b"\r", b"\r\n", b"\xe2\x80\xa8", b"\xef\xbb\xbf"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_the_short_way_reads_like_the_long_one(pieces: list[bytes]) -> None:
    decoder = SseDecoder()
    quick = [event for piece in pieces for event in decoder.feed(piece)] + decoder.finish()
    whole = b"".join(pieces)
    assert quick == decoded(SseDecoder(), whole, 1)
    assert decoded(SseDecoder(), whole, len(whole) or 1) == quick


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_json_lines_in_every_spelling(size: int) -> None:
    data = b'\xef\xbb\xbf{"a": "\xe2\x80\xa8"}\r\n\n  \n{"b":\x0c 1}\n{"last": true}'
    assert decoded(NdjsonDecoder(), data, size) == [
        ServerSentEvent('{"a": "\u2028"}'),
        ServerSentEvent('{"b":\x0c 1}'),
        ServerSentEvent('{"last": true}'),
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
    body = events + end
    reader = OpenAiChatCodec().reader({})
    shown = [reader.feed(body[at : at + 11]) for at in range(0, len(body), 11)]
    last = reader.finish()
    assert reader.failure is None
    assert isinstance(last.response, LlmResponse)
    assert "".join([*shown, last.text]).strip() == last.response.text.strip() == '{"a": "<think>"}'


@pytest.mark.parametrize(
    ("text", "answer", "is_open"),
    [
        ("<THINK>x</Think>answer", "answer", False),
        ("<think>a</think>\n<thinking>b</think></thinking> answer", " answer", False),
        ("thoughts without a start</think>answer", "answer", False),
        ("<think>never closed", "", True),
        ('{"tag": "</think>"}', '{"tag": "</think>"}', False),
        ("see <think> and </think>", "see <think> and </think>", False),
        ("", "", False),
    ],
)
def test_thinking_is_cut_only_where_it_is_thinking(text: str, answer: str, is_open: bool) -> None:
    assert strip_thinking(text) == (answer, is_open)


@pytest.mark.parametrize("text", ["  <thinner> text", "\n\n\n text", "<th", "<think", " "])
@pytest.mark.parametrize("size", [1, 2, 100])
def test_what_only_looks_like_thinking_is_shown(text: str, size: int) -> None:
    shown = ThinkingFilter()
    pieces = [shown.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join([*pieces, shown.finish()]) == text


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
        ({"retry-after": "2"}, b'{"error": {"details": [{"retryDelay": "3.5s"}]}}', 3.5),
        ({}, b"", None),
    ],
)
def test_every_spelling_of_the_servers_delay(
    headers: dict[str, str], body: bytes, seconds: float | None
) -> None:
    assert failure_of(429, headers, body).retry_after == seconds


def test_a_date_is_a_delay_from_now() -> None:
    """The middle spelling of RFC 9110, section 5.6.7, is obsolete, and still to be read."""
    for date in ("Mon, 12 Jan 1970 13:46:45 GMT", "Monday, 12-Jan-70 13:46:45 GMT"):
        assert retry_after({"retry-after": date}, NOW) == 5.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("12ms", 0.012),
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("1h2m3s", 3723.0),
        ("1m26.5s", 86.5),
        ("30", 30.0),
        ("1000007", 7.0),
        ("1700000000000", None),
        ("1970-01-12T13:46:50Z", 10.0),
        ("1970-01-12T13:46:30+00:00", 0.0),
        ("never", None),
        ("1s later", None),
    ],
)
def test_limits_say_when_they_are_reset(value: str, seconds: float | None) -> None:
    exhausted = {
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": value,
        "x-ratelimit-remaining-requests": "5",
        "x-ratelimit-reset-requests": "9h",
    }
    if value == "1700000000000":
        seconds = 1_700_000_000 - NOW
    if value == "1000007":
        seconds = 1_000_007.0
    found = retry_after(exhausted, NOW, limited=True)
    assert found == pytest.approx(seconds) if seconds is not None else found is None
    assert retry_after(exhausted, NOW) is None
    assert retry_after({**exhausted, "retry-after": "3"}, NOW, limited=True) == 3.0
