"""Errors for which the document has no words (RFC 9457)."""

from __future__ import annotations

from pe4king_core.mock.answers.bodies import as_json
from pe4king_core.mock.answers.errors import phrase_of
from pe4king_core.mock.exchange import Answer
from pe4king_core.model.json import Json

PROBLEM = "application/problem+json"


def problem(status: int, detail: str, media_type: str = PROBLEM) -> Answer:
    """An answer for which the document has no words: RFC 9457, or nothing for a success."""
    if status < 400:
        return Answer(status)
    title = phrase_of(status)
    members: dict[str, Json] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
    }
    return Answer(status, (("Content-Type", media_type),), as_json(members))
