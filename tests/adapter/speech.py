"""What the servers of all protocols say: answers, streams, lists, failures, as bytes.

Written from the vendors' documentation, not from our codecs, so that a codec that misreads its
protocol fails here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = Any
PROMPT_TOKENS, ANSWER_TOKENS = 11, 7
JSON_TYPE = "application/json"
EVENTS = "text/event-stream"
LINES = "application/x-ndjson"


@dataclass(frozen=True)
class Speech:
    """One protocol as a server speaks it; `stream` ends with the end sign.

    `failure` makes the body of a failed answer from its status and a word: "" (nothing special),
    "rate", "quota", "model", "context".
    """

    answer: Callable[[str, str], Json]
    stream: Callable[[str, str], list[bytes]]
    models: Json
    failure: Callable[[int, str], Json]
    stream_type: str = EVENTS
    key_header: str = "authorization"
    key_prefix: str = "Bearer "


@dataclass(frozen=True)
class Spoken:
    """A provider type: its protocol, where its server is asked, and what it is configured with.

    `path` is below the server's root; `probe` is where the availability is asked.
    """

    speech: Speech
    path: str
    stream_path: str = ""
    models_path: str = ""
    probe: str = ""
    endpoint: str = ""
    model: str = "fake"
    options: dict[str, Json] = field(default_factory=dict)


def pieces(text: str, size: int = 7) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def sse(value: Json, event: str = "", end: str = "\n\n") -> bytes:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(value, ensure_ascii=False)}{end}".encode()


def line(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


# -- OpenAI's chat completions -------------------------------------------------------------------

_CHAT_REASONS = {"complete": "stop", "truncated": "length", "filtered": "content_filter"}
_USAGE = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": ANSWER_TOKENS, "total_tokens": 18}


def _chat_answer(text: str, finish: str) -> Json:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": _CHAT_REASONS[finish]}
    return {"id": "c", "model": "fake", "choices": [choice], "usage": _USAGE}


def _chat_stream(text: str, finish: str) -> list[bytes]:
    deltas: list[Json] = [{"role": "assistant", "content": None}]
    deltas += [{"content": piece} for piece in pieces(text)]
    events = [sse({"choices": [{"index": 0, "delta": d, "finish_reason": None}]}) for d in deltas]
    last = {"index": 0, "delta": {}, "finish_reason": _CHAT_REASONS[finish]}
    events.append(sse({"choices": [last]}))
    return [*events, sse({"choices": [], "usage": _USAGE}), b"data: [DONE]\n\n"]


def _chat_failure(status: int, word: str) -> Json:
    known = {
        "rate": ("rate_limit_error", "rate_limit_exceeded", "Rate limit reached"),
        "quota": ("insufficient_quota", "insufficient_quota", "You exceeded your current quota"),
        "model": ("invalid_request_error", "model_not_found", "The model does not exist"),
        "context": ("invalid_request_error", "context_length_exceeded", "too long"),
    }
    kind, code, message = known.get(word, ("some_error", None, "It did not work"))
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def qwen_failure(status: int, word: str) -> Json:
    if word == "rate":
        text = "Allocated quota exceeded, please increase your quota limit."
        return {"error": {"message": text, "type": "insufficient_quota", "code": None}}
    if word == "quota":
        text = "Free allocated quota exceeded."
        return {"error": {"message": text, "type": "insufficient_quota", "code": None}}
    return _chat_failure(status, word)


def flat_failure(status: int, word: str) -> Json:
    said = {"model": "No such model", "rate": "Too Many Requests"}
    return {"status": status, "message": said.get(word, "It did not work")}


CHAT = Speech(_chat_answer, _chat_stream, {"data": [{"id": "fake"}]}, _chat_failure)


# -- OpenAI's responses --------------------------------------------------------------------------


def _responses_answer(text: str, finish: str) -> Json:
    reasons = {"truncated": "max_output_tokens", "filtered": "content_filter"}
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {
        "id": "resp_1",
        "object": "response",
        "model": "fake",
        "status": "completed" if finish == "complete" else "incomplete",
        "incomplete_details": {"reason": reasons[finish]} if finish in reasons else None,
        "output": [
            {"type": "reasoning", "summary": []},
            {"type": "message", "role": "assistant", "content": content},
        ],
        "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": ANSWER_TOKENS},
    }


def _responses_stream(text: str, finish: str) -> list[bytes]:
    def event(kind: str, **rest: Json) -> bytes:
        return sse({"type": kind, **rest}, kind)

    end = "response.completed" if finish == "complete" else "response.incomplete"
    deltas = [event("response.output_text.delta", delta=piece) for piece in pieces(text)]
    start = event("response.created", response={"id": "resp_1", "status": "in_progress"})
    return [start, *deltas, event(end, response=_responses_answer(text, finish))]


RESPONSES = Speech(_responses_answer, _responses_stream, {"data": [{"id": "fake"}]}, _chat_failure)


# -- Anthropic -----------------------------------------------------------------------------------

_STOPS = {"complete": "end_turn", "truncated": "max_tokens", "filtered": "refusal"}


def _anthropic_answer(text: str, finish: str) -> Json:
    return {
        "type": "message",
        "role": "assistant",
        "model": "fake",
        "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": text}],
        "stop_reason": _STOPS[finish],
        "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": ANSWER_TOKENS},
    }


def _anthropic_stream(text: str, finish: str) -> list[bytes]:
    def event(kind: str, **rest: Json) -> bytes:
        return sse({"type": kind, **rest}, kind)

    message: Json = {"role": "assistant", "model": "fake", "content": [], "stop_reason": None}
    usage = {"input_tokens": PROMPT_TOKENS, "output_tokens": 1}
    deltas = [
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
        for piece in pieces(text)
    ]
    return [
        event("message_start", message={**message, "usage": usage}),
        event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        event("ping"),
        *deltas,
        event("content_block_stop", index=0),
        event(
            "message_delta",
            delta={"stop_reason": _STOPS[finish]},
            usage={"output_tokens": ANSWER_TOKENS},
        ),
        event("message_stop"),
    ]


def _anthropic_failure(status: int, word: str) -> Json:
    by_status = {
        401: "authentication_error",
        402: "billing_error",
        403: "permission_error",
        404: "not_found_error",
        413: "request_too_large",
        429: "rate_limit_error",
        500: "api_error",
        504: "timeout_error",
        529: "overloaded_error",
    }
    message = "model: fake" if word == "model" else "It did not work"
    error: Json = {"type": by_status.get(status, "invalid_request_error"), "message": message}
    if word == "quota":
        error["details"] = {"error_code": "enforced_spend_limit_reached"}
    return {"type": "error", "error": error, "request_id": "req_1"}


ANTHROPIC = Speech(
    _anthropic_answer,
    _anthropic_stream,
    {"data": [{"type": "model", "id": "fake"}], "has_more": False},
    _anthropic_failure,
    key_header="x-api-key",
    key_prefix="",
)


# -- Gemini --------------------------------------------------------------------------------------

_GEMINI_REASONS = {"complete": "STOP", "truncated": "MAX_TOKENS", "filtered": "SAFETY"}


def _gemini_chunk(text: str, finish: str) -> Json:
    candidate: Json = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    if finish:
        candidate["finishReason"] = _GEMINI_REASONS[finish]
    usage = {"promptTokenCount": PROMPT_TOKENS, "candidatesTokenCount": ANSWER_TOKENS}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "fake"}


def _gemini_stream(text: str, finish: str) -> list[bytes]:
    chunks = [_gemini_chunk(piece, "") for piece in pieces(text)]
    return [sse(chunk, end="\r\n\r\n") for chunk in [*chunks, _gemini_chunk("", finish)]]


def _gemini_failure(status: int, word: str) -> Json:
    words = {
        400: "INVALID_ARGUMENT",
        401: "UNAUTHENTICATED",
        403: "PERMISSION_DENIED",
        404: "NOT_FOUND",
        429: "RESOURCE_EXHAUSTED",
        500: "INTERNAL",
        503: "UNAVAILABLE",
        504: "DEADLINE_EXCEEDED",
    }
    message = "models/fake is not found" if word == "model" else "It did not work"
    error: Json = {"code": status, "message": message, "status": words.get(status, "UNKNOWN")}
    if status == 429:
        period = "PerDay" if word == "quota" else "PerMinute"
        quota = {"quotaId": f"GenerateRequests{period}PerProjectPerModel"}
        error["details"] = [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [quota]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"},
        ]
    return {"error": error}


GEMINI = Speech(
    _gemini_chunk,
    _gemini_stream,
    {"models": [{"name": "models/fake", "supportedGenerationMethods": ["generateContent"]}]},
    _gemini_failure,
    key_header="x-goog-api-key",
    key_prefix="",
)


# -- Ollama --------------------------------------------------------------------------------------

_OLLAMA_REASONS = {"complete": "stop", "truncated": "length"}


def _ollama_answer(text: str, finish: str) -> Json:
    end = {"done": True, "done_reason": _OLLAMA_REASONS[finish]} if finish else {"done": False}
    counts = {"prompt_eval_count": PROMPT_TOKENS, "eval_count": ANSWER_TOKENS} if finish else {}
    return {"model": "fake", "message": {"role": "assistant", "content": text}, **end, **counts}


def _ollama_stream(text: str, finish: str) -> list[bytes]:
    lines = [_ollama_answer(piece, "") for piece in pieces(text)]
    return [line(value) for value in [*lines, _ollama_answer("", finish)]]


def _ollama_failure(status: int, word: str) -> Json:
    return {"error": "model 'fake' not found" if word == "model" else "it did not work"}


OLLAMA = Speech(
    _ollama_answer,
    _ollama_stream,
    {"models": [{"name": "fake:latest", "model": "fake:latest"}]},
    _ollama_failure,
    stream_type=LINES,
)


# -- YandexGPT -----------------------------------------------------------------------------------

_YANDEX_STATUSES = {
    "": "ALTERNATIVE_STATUS_PARTIAL",
    "complete": "ALTERNATIVE_STATUS_FINAL",
    "truncated": "ALTERNATIVE_STATUS_TRUNCATED_FINAL",
    "filtered": "ALTERNATIVE_STATUS_CONTENT_FILTER",
}


def _yandex_answer(text: str, finish: str) -> Json:
    message = {"role": "assistant", "text": text}
    usage = {"inputTextTokens": str(PROMPT_TOKENS), "completionTokens": str(ANSWER_TOKENS)}
    alternatives = [{"message": message, "status": _YANDEX_STATUSES[finish]}]
    return {"result": {"alternatives": alternatives, "usage": usage, "modelVersion": "fake"}}


def _yandex_stream(text: str, finish: str) -> list[bytes]:
    parts = pieces(text)
    sums = ["".join(parts[: at + 1]) for at in range(len(parts))]
    return [line(_yandex_answer(s, "")) for s in sums] + [line(_yandex_answer(text, finish))]


def _yandex_failure(status: int, word: str) -> Json:
    codes = {401: 16, 403: 7, 404: 5, 429: 8, 500: 13, 503: 14, 504: 4}
    message = "model is not found" if word == "model" else "It did not work"
    error = {"grpcCode": codes.get(status, 3), "httpCode": status, "message": message}
    return {"error": {**error, "httpStatus": "Failed", "details": []}}


YANDEX = Speech(
    _yandex_answer,
    _yandex_stream,
    {},
    _yandex_failure,
    stream_type=LINES,
    key_prefix="Api-Key ",
)


# -- a declared endpoint -------------------------------------------------------------------------

CUSTOM = Speech(
    lambda text, finish: {"data": {"text": text}},
    lambda text, finish: [line({"data": {"text": text}})],
    {},
    lambda status, word: {"error": "it did not work"},
    stream_type=JSON_TYPE,
)
