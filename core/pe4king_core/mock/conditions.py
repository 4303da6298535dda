"""Requests that want an answer only if something has changed (RFC 9110 section 13)."""

from __future__ import annotations

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.model.operation import Operation

_SAME = ("304", "3XX", "3xx")
_KEPT = frozenset({"etag", "cache-control", "content-location", "date", "expires", "vary"})
"""The headers that tell of what the client has already (RFC 9110 section 15.4.5)."""


def unchanged(sent: Sent, operation: Operation, answer: Answer) -> Answer | None:
    """304, where the client has this very answer and the document has a 304; else None."""
    wanted, tag = sent.header("if-none-match"), answer.header("etag")
    if not wanted or not tag or sent.method not in ("GET", "HEAD"):
        return None
    if answer.status != 200 or not any(key in operation.responses for key in _SAME):
        return None
    known = [each.strip().removeprefix("W/") for each in wanted.split(",")]
    if tag.removeprefix("W/") not in known and "*" not in known:
        return None
    return Answer(304, [each for each in answer.headers if each[0].lower() in _KEPT])
