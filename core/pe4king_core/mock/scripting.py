"""The answer that a script asks for: the document's, with what the script has set."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.replies import Replies
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.scripts import Script, with_members
from pe4king_core.mock.state.state import State
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import MediaType, Response


def scripted(
    replies: Replies,
    state: State,
    sent: Sent,
    operation: Operation | None,
    request: ReadRequest | None,
    script: Script,
    turn: int,
) -> Handled:
    """The answer of `script`; `operation` is None where the document has none for the call.

    What the call does is kept as usual, unless the script has a body of its own.
    """
    status, response = _status(replies, operation, script)
    media = _media(replies, response, sent, script)
    value: Json = script.body
    if media is not None and not script.has_body:
        value = replies.answers.value(media, turn)
        if request is not None and response is not None:
            value = state.shaped(request, status, response, media, value)
    has_body = media is not None or script.has_body or bool(script.members)
    if script.members:
        value = with_members(value, script.members)
    if media is None and has_body:
        answer = Answer(status, _typed(script), _written(value))
    else:
        answer = replies.written(status, response, media, value, turn)
    if request is not None and not script.has_body:
        state.done(request, status)
    full = Answer(status, with_headers(answer, script.headers), answer.body)
    return Handled(
        sent, full, Why.SCRIPTED, operation, request, response, media, value, (), script.delay
    )


def _status(
    replies: Replies, operation: Operation | None, script: Script
) -> tuple[int, Response | None]:
    if operation is None:
        return script.status or 200, None
    if script.status is None:
        return replies.answers.success(operation) or (200, None)
    return script.status, operation.response_for(script.status)


def _media(
    replies: Replies, response: Response | None, sent: Sent, script: Script
) -> MediaType | None:
    if response is None:
        return None
    if script.media_type:
        return response.content.get(script.media_type)
    return replies.media_of(response, sent)


def _typed(script: Script) -> tuple[tuple[str, str], ...]:
    usual = "text/plain; charset=utf-8" if isinstance(script.body, str) else "application/json"
    return (("Content-Type", script.media_type or usual),)


def _written(value: Json) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def with_headers(answer: Answer, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers of `answer`, with `headers` instead of those with the same names."""
    new = tuple(headers)
    named = {name.lower() for name, _ in new}
    return (*((name, value) for name, value in answer.headers if name.lower() not in named), *new)
