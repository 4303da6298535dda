"""What every protocol's answers mean: text, reason for the end, tokens; never a thought."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import FinishReason, LlmResponse, Usage
from pe4king_adapter.wire.custom_json import CustomJsonCodec
from pe4king_adapter.wire.failures import Failure

from .wire_samples import SAMPLES, STREAMED, TEXT, Sample, sample


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def answered(name: str, value: Any) -> LlmResponse:
    found = sample(name).codec.answer({"x-request-id": "r1"}, encoded(value))
    assert isinstance(found, LlmResponse), found
    assert found.request_id == "r1"
    return found


def failed(name: str, value: Any) -> Failure:
    found = sample(name).codec.answer({}, encoded(value))
    assert isinstance(found, Failure), found
    return found


def streamed(name: str, *documents: Any) -> LlmResponse | Failure:
    one = sample(name)
    return one.read(b"".join(map(one.framed, documents)) + one.mark)[1]


@pytest.mark.parametrize("sample", STREAMED, ids=lambda sample: sample.name)
def test_whole_and_streamed_answers_say_the_same(sample: Sample) -> None:
    whole = sample.codec.answer({}, sample.body)
    assert isinstance(whole, LlmResponse)
    reasoning = 2 if sample.name == "gemini" else None
    assert whole == LlmResponse(TEXT, FinishReason.COMPLETE, Usage(9, 4, reasoning), "m")
    for size in (1, 7, 4096):
        assert sample.read(sample.streamed, size) == (TEXT, whole)


@pytest.mark.parametrize("content", ["application/json; charset=utf-8", "", "text/plain"])
@pytest.mark.parametrize("sample", STREAMED, ids=lambda sample: sample.name)
def test_whatever_the_server_calls_it(sample: Sample, content: str) -> None:
    for body in (sample.body, sample.streamed, b"\n \n" + sample.streamed):
        reader = sample.codec.reader({"content-type": content})
        pieces = [reader.feed(body[at : at + 2]) for at in range(0, len(body), 2)]
        last = reader.finish()
        assert reader.failure is None
        assert last.response is not None
        assert "".join([*pieces, last.text]) == last.response.text == TEXT


def test_nothing_at_all_is_a_cut_stream() -> None:
    for one in STREAMED:
        for body in (b"", b"\n\n"):
            reader = one.codec.reader({})
            assert (reader.feed(body), reader.failure, reader.done) == ("", None, False)
            reader.finish()
            assert reader.failure == Failure(Problem.STREAM_CUT)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_no_answer_at_all(sample: Sample) -> None:
    page = sample.codec.answer({"content-type": "text/html"}, b"<html>")
    assert page == Failure(Problem.WEB_PAGE)
    assert sample.codec.answer({}, b'{"a":') == Failure(Problem.NOT_JSON)
    empty = sample.codec.answer({}, b'{"object": 1}')
    assert isinstance(empty, Failure)
    assert empty.problem is Problem.NO_ANSWER
    error = b'{"error": {"message": "m", "type": "server_error", "code": 503}}'
    broken = sample.codec.answer({}, error)
    assert isinstance(broken, Failure)
    assert broken.problem is Problem.OVERLOADED


@pytest.mark.parametrize("sample", STREAMED, ids=lambda sample: sample.name)
def test_an_error_in_the_middle_of_a_stream(sample: Sample) -> None:
    first, *_ = sample.stream
    error = {"error": {"type": "overloaded_error", "message": "Overloaded"}, "type": "error"}
    body = sample.framed(first) + sample.framed(error) + sample.mark
    _, found = sample.read(body)
    assert isinstance(found, Failure)
    assert found.problem is Problem.OVERLOADED
    _, broken = sample.read(sample.framed(first) + sample.framed("what?") + sample.mark)
    assert isinstance(broken, Failure)
    assert broken.problem is Problem.STREAM_CUT


def chat(message: Any, reason: Any = "stop", **more: Any) -> Any:
    return {"choices": [{"message": message, "finish_reason": reason, **more}]}


CHATS = [
    (chat({"content": None, "tool_calls": [{}]}, "tool_calls"), "", FinishReason.OTHER),
    (chat({"content": None, "tool_calls": [{}]}), "", FinishReason.COMPLETE),
    (chat({"content": "x", "tool_calls": [{}]}), "x", FinishReason.COMPLETE),
    (chat({"role": "assistant"}, "length"), "", FinishReason.TRUNCATED),
    (chat({"content": "x", "refusal": "no"}), "x", FinishReason.REFUSED),
    (chat({"content": "x"}, "content_filter"), "x", FinishReason.FILTERED),
    (chat({"content": "x"}, ""), "x", FinishReason.UNKNOWN),
    (chat({"content": "x"}, None), "x", FinishReason.UNKNOWN),
    (chat({"content": "x"}, "STOP"), "x", FinishReason.COMPLETE),
    (chat({"content": "x"}, "brand_new"), "x", FinishReason.OTHER),
    (chat({"content": "<think>a</think>x"}), "x", FinishReason.COMPLETE),
    (chat({"content": "<think>a"}), "", FinishReason.TRUNCATED),
    (
        chat({"content": [{"type": "thinking", "thinking": [{"text": "t"}]}, {"text": "x"}]}),
        "x",
        FinishReason.COMPLETE,
    ),
    ({"choices": [{"text": "old", "finish_reason": "stop"}]}, "old", FinishReason.COMPLETE),
]


@pytest.mark.parametrize(("body", "text", "finish"), CHATS)
def test_chat_answers(body: Any, text: str, finish: FinishReason) -> None:
    found = answered("chat", body)
    assert (found.text, found.finish, found.usage) == (text, finish, Usage())


def test_chat_errors_under_status_200() -> None:
    inner = chat({"content": "half"}, "error", error={"code": 429, "message": "slow"})
    assert failed("chat", inner).problem is Problem.RATE_LIMIT
    assert failed("chat", chat({"content": "half"}, "error")).problem is Problem.SERVER
    groq = {"error": {"message": "m", "type": "invalid_request_error", "status_code": 400}}
    assert failed("chat", groq).problem is Problem.BAD_REQUEST
    found = sample("chat").read(b"event: error\n" + sample("chat").framed(groq))[1]
    assert isinstance(found, Failure)
    assert found.problem is Problem.BAD_REQUEST


def test_events_that_say_only_by_name_that_they_are_errors() -> None:
    one = sample("chat")
    named = b'event: error\ndata: {"message": "no", "type": "server_error", "code": 503}\n\n'
    assert one.read(one.framed(one.stream[1]) + named)[1] == Failure(Problem.OVERLOADED)
    empty = b"event: error\ndata: {}\n\n"
    assert isinstance(one.read(one.framed(one.stream[1]) + empty)[1], Failure)


def test_padding_around_the_end_sign_and_empty_events() -> None:
    one = sample("chat")
    body = b"data:\n\n" + b"".join(map(one.framed, one.stream)) + b"data:   [DONE] \n\n"
    assert one.read(body) == one.read(one.streamed)


def test_an_empty_reason_in_every_chunk_needs_the_end_sign() -> None:
    chunk = {"choices": [{"delta": {"content": "x"}, "finish_reason": ""}]}
    found = streamed("chat", chunk, chunk)
    assert isinstance(found, LlmResponse)
    assert (found.text, found.finish) == ("xx", FinishReason.UNKNOWN)
    one = sample("chat")
    assert isinstance(one.read(one.framed(chunk))[1], Failure)


def test_a_server_that_tells_no_reason_has_to_count_and_to_end() -> None:
    chunk = {"choices": [{"delta": {"content": "x"}}]}
    usage = {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
    found = streamed("chat", chunk, usage)
    assert found == LlmResponse("x", FinishReason.UNKNOWN, Usage(1, 2))
    one = sample("chat")
    for body in (one.framed(chunk) + one.mark, one.framed(chunk) + one.framed(usage)):
        assert one.read(body)[1] == Failure(Problem.STREAM_CUT)


def responses(status: str, *output: Any, **more: Any) -> Any:
    return {"status": status, "output": list(output), **more}


def said(text: str, kind: str = "output_text") -> Any:
    return {"type": "message", "content": [{"type": kind, "text": text, "refusal": text}]}


CALL = {"type": "function_call", "name": "f"}
RESPONSES = [
    (responses("completed", CALL), "", FinishReason.COMPLETE),
    (responses("completed", said("a"), CALL, said("b")), "ab", FinishReason.COMPLETE),
    (responses("completed", said("no", "refusal")), "", FinishReason.REFUSED),
    (
        responses("incomplete", said("a"), incomplete_details={"reason": "max_output_tokens"}),
        "a",
        FinishReason.TRUNCATED,
    ),
    (
        responses("incomplete", incomplete_details={"reason": "content_filter"}),
        "",
        FinishReason.FILTERED,
    ),
    (responses("queued"), "", FinishReason.UNKNOWN),
]


@pytest.mark.parametrize(("body", "text", "finish"), RESPONSES)
def test_responses(body: Any, text: str, finish: FinishReason) -> None:
    found = answered("responses", body)
    assert (found.text, found.finish) == (text, finish)
    last = f"response.{body['status']}" if body["status"] == "incomplete" else "response.completed"
    again = streamed("responses", {"type": last, "response": body})
    assert isinstance(again, LlmResponse)
    assert (again.text, again.finish) == (text, finish)


def test_responses_that_failed() -> None:
    error = {"code": "rate_limit_exceeded", "message": "slow down"}
    body = responses("failed", error=error)
    assert failed("responses", body).problem is Problem.RATE_LIMIT
    ended = streamed("responses", {"type": "response.failed", "response": body})
    alone = streamed("responses", {"type": "error", **error})
    for found in (ended, alone):
        assert isinstance(found, Failure)
        assert found.problem is Problem.RATE_LIMIT
    refused = streamed(
        "responses",
        {"type": "response.refusal.delta", "delta": "no"},
        {"type": "response.completed", "response": responses("completed")},
    )
    assert isinstance(refused, LlmResponse)
    assert refused.finish is FinishReason.REFUSED


MESSAGES = [
    ("stop_sequence", FinishReason.COMPLETE),
    ("max_tokens", FinishReason.TRUNCATED),
    ("model_context_window_exceeded", FinishReason.TRUNCATED),
    ("refusal", FinishReason.REFUSED),
    ("pause_turn", FinishReason.OTHER),
    ("tool_use", FinishReason.OTHER),
    (None, FinishReason.UNKNOWN),
]


@pytest.mark.parametrize(("reason", "finish"), MESSAGES)
def test_messages_end_for_many_reasons(reason: Any, finish: FinishReason) -> None:
    found = answered("anthropic", {"content": [{"type": "thinking"}], "stop_reason": reason})
    assert (found.text, found.finish) == ("", finish)


def test_counts_of_a_message_may_come_again() -> None:
    found = streamed(
        "anthropic",
        {"type": "message_start", "message": {"usage": {"input_tokens": 9, "output_tokens": 1}}},
        {"type": "content_block_start", "content_block": {"type": "text", "text": "a"}},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {
                "input_tokens": 11,
                "output_tokens": 4,
                "output_tokens_details": {"thinking_tokens": 3},
            },
        },
        {"type": "message_stop"},
    )
    assert isinstance(found, LlmResponse)
    assert (found.text, found.usage) == ("a", Usage(11, 4, 3))


def gemini(reason: Any, *parts: Any) -> Any:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": reason}]}


GEMINIS = [
    (gemini("STOP", {"text": "t", "thought": True}, {"text": "x"}), "x", FinishReason.COMPLETE),
    (gemini("STOP", {"functionCall": {"name": "f"}}), "", FinishReason.COMPLETE),
    ({"candidates": [{"finishReason": "MAX_TOKENS"}]}, "", FinishReason.TRUNCATED),
    (gemini("SAFETY"), "", FinishReason.FILTERED),
    (gemini("IMAGE_SAFETY"), "", FinishReason.FILTERED),
    (gemini("RECITATION", {"text": "x"}), "x", FinishReason.FILTERED),
    (gemini("MALFORMED_FUNCTION_CALL"), "", FinishReason.OTHER),
    (gemini("FINISH_REASON_UNSPECIFIED", {"text": "x"}), "x", FinishReason.UNKNOWN),
    ({"promptFeedback": {"blockReason": "SAFETY"}}, "", FinishReason.FILTERED),
]


@pytest.mark.parametrize(("body", "text", "finish"), GEMINIS)
def test_gemini_answers(body: Any, text: str, finish: FinishReason) -> None:
    found = answered("gemini", body)
    assert (found.text, found.finish) == (text, finish)


def test_a_gemini_stream_may_be_one_array() -> None:
    chunks = list(sample("gemini").stream)
    assert answered("gemini", chunks).text == TEXT
    error = [{"error": {"code": 503, "status": "UNAVAILABLE", "message": "m"}}]
    found = streamed("gemini", error)
    assert isinstance(found, Failure)
    assert found.problem is Problem.OVERLOADED


@pytest.mark.parametrize(
    ("more", "finish"),
    [
        ({"done_reason": "length"}, FinishReason.TRUNCATED),
        ({"done_reason": "load"}, FinishReason.UNKNOWN),
        ({}, FinishReason.UNKNOWN),
    ],
)
def test_ollama_ends(more: Any, finish: FinishReason) -> None:
    message = {"content": "x", "thinking": "hm"}
    found = answered("ollama", {"message": message, "done": True, **more})
    assert (found.text, found.finish, found.usage) == ("x", finish, Usage())


def test_an_ollama_error_in_a_line() -> None:
    found = streamed("ollama", {"message": {"content": "a"}}, {"error": "model 'x' not found"})
    assert isinstance(found, Failure)
    assert found.problem is Problem.MODEL_UNKNOWN
    old = answered("ollama", {"response": "generated", "done": True, "done_reason": "stop"})
    assert old.text == "generated"


@pytest.mark.parametrize(
    ("status", "finish"),
    [
        ("ALTERNATIVE_STATUS_TRUNCATED_FINAL", FinishReason.TRUNCATED),
        ("ALTERNATIVE_STATUS_CONTENT_FILTER", FinishReason.FILTERED),
        ("ALTERNATIVE_STATUS_TOOL_CALLS", FinishReason.OTHER),
        ("ALTERNATIVE_STATUS_NEW", FinishReason.OTHER),
    ],
)
def test_yandex_ends(status: str, finish: FinishReason) -> None:
    alternatives = [{"message": {"text": "x"}, "status": status}]
    found = answered("yandex", {"result": {"alternatives": alternatives}})
    assert (found.text, found.finish) == ("x", finish)
    bare = answered("yandex", {"alternatives": alternatives})
    assert (bare.text, bare.finish) == ("x", finish)


def test_yandex_text_replaces_the_text_before() -> None:
    lines = [
        {"result": {"alternatives": [{"message": {"text": text}, "status": status}]}}
        for text, status in (("abc", "PARTIAL"), ("abX", "ALTERNATIVE_STATUS_FINAL"))
    ]
    lines[0]["result"]["alternatives"][0]["status"] = "ALTERNATIVE_STATUS_PARTIAL"
    found = streamed("yandex", *lines)
    assert isinstance(found, LlmResponse)
    assert found.text == "abX"


CUSTOM = [
    ({"text": "x"}, "x"),
    ({"result": "x", "data": "y"}, "x"),
    ({"data": ["x", "y"]}, "x"),
    ({"text": {"content": "x"}}, "x"),
    ({"result": {"message": {"content": "x"}}}, "x"),
    ({"data": {"choices": [{"text": "x"}]}}, "x"),
    ({"data": {"generated_text": "x"}}, "x"),
    ({"result": {"response": "x"}}, "x"),
    ([{"text": "x"}], "x"),
    ({"text": None, "data": "x"}, "x"),
]


@pytest.mark.parametrize(("body", "text"), CUSTOM)
def test_custom_answers_are_found_and_never_complete(body: Any, text: str) -> None:
    found = answered("custom", body)
    assert (found.text, found.finish, found.usage) == (text, FinishReason.UNKNOWN, Usage())


def test_custom_answers_in_places_of_their_own() -> None:
    codec = CustomJsonCodec(text_field="out.0.answer")
    found = codec.answer({}, encoded({"text": "no", "out": [{"answer": "yes"}]}))
    assert isinstance(found, LlmResponse)
    assert found.text == "yes"
    assert isinstance(codec.answer({}, encoded({"text": "no"})), Failure)
    plain = CustomJsonCodec(plain_text=True).answer({}, "просто текст".encode())
    assert isinstance(plain, LlmResponse)
    assert plain.text == "просто текст"


def test_a_custom_answer_without_text_tells_the_keys() -> None:
    found = failed("custom", {"status": 1, "answer_text": "x", "два слова": 2, "secret value": 3})
    assert found == Failure(Problem.NO_ANSWER, detail=("status", "answer_text"))
