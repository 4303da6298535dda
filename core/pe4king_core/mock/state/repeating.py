"""Requests that are sent again with the key of idempotency that their operation documents.

The key and the body together name what was asked: sent again, they make nothing new, and the answer
is the first one, as long as what it tells of is there. The same key with another body is a request
of its own, as tests take the documented example for all they send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.changes import Effect
from pe4king_core.mock.state.store import Thing
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ParameterIn

_NAMES = frozenset({"idempotency-key", "x-idempotency-key"})


def repeatable(request: ReadRequest, media: str) -> str:
    """What is the same when `request` is sent again for an answer in `media`; "" without a key."""
    for parameter in request.operation.parameters:
        is_key = parameter.location is ParameterIn.HEADER and parameter.name.lower() in _NAMES
        sent = request.sent.header(parameter.name) if is_key else None
        if sent:
            digest = sha256(request.sent.body)
            for text in (request.operation.key, request.route, request.sent.query, sent, media):
                digest.update(f"\0{text}".encode("utf-8", "surrogatepass"))
            return digest.hexdigest()
    return ""


def repeated(path: str, things: Mapping[str, Thing], asked: str) -> Effect | None:
    """What the same request has left on the shelf `path`; None where it is a new one."""
    for text, thing in things.items():
        if asked and thing.asked == asked:
            return Effect(path, ((text, thing),), again=True)
    return None


def noted(effect: Effect, asked: str, told: Json) -> Effect:
    """`effect` with what it takes to know the request again, and to answer it."""
    if not asked or len(effect.things) != 1:
        return effect
    text, thing = effect.things[0]
    return replace(effect, things=((text, replace(thing, asked=asked, told=told)),))
