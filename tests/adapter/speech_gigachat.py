"""GigaChat's second protocol as a server speaks it."""

from __future__ import annotations

from .speech import ANSWER_TOKENS, PROMPT_TOKENS, Json, Speech, flat_failure, pieces, sse

_USAGE = {"input_tokens": PROMPT_TOKENS, "output_tokens": ANSWER_TOKENS}
_REASONS = {"complete": "stop", "truncated": "length", "filtered": "blacklist"}
_END = {"model": "fake", "usage": _USAGE}


def _said(text: str) -> Json:
    return {"model": "fake", "messages": [{"role": "assistant", "content": [{"text": text}]}]}


def _answer(text: str, finish: str) -> Json:
    return {**_said(text), **_END, "finish_reason": _REASONS[finish]}


def _stream(text: str, finish: str) -> list[bytes]:
    said = [sse(_said(piece), "response.message.delta") for piece in pieces(text)]
    return [*said, sse({**_END, "finish_reason": _REASONS[finish]}, "response.message.done")]


GIGACHAT_2 = Speech(_answer, _stream, {"data": [{"id": "fake"}]}, flat_failure)
