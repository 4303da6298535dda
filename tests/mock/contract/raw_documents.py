"""Raw documents for tests of the judge, written in a few words."""

from __future__ import annotations

from typing import Any

from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.fault import FaultKind
from pe4king_core.mock.exchange import Answer

JSON = "application/json"


def document(version: str = "3.1.0", components: Any = None, **operation: Any) -> dict[str, Any]:
    """A document with one operation, `GET /x`."""
    made: dict[str, Any] = {"openapi": version, "paths": {"/x": {"get": operation}}}
    if components is not None:
        made["components"] = {"schemas": components}
    return made


def answering(schema: Any, media_type: str = JSON, **kind: Any) -> dict[str, Any]:
    """A document whose answer 200 is of `schema`."""
    content = {media_type: {"schema": schema}}
    return document(responses={"200": {"content": content}}, **kind)


def kinds(raw: dict[str, Any], answer: Answer, method: str = "GET") -> list[FaultKind]:
    """What is wrong with an answer to `GET /x`."""
    return [fault.kind for fault in AnswerJudge(raw).faults(method, "/x", answer)]


def told(raw: dict[str, Any], body: bytes, media_type: str = JSON, status: int = 200) -> bool:
    """Whether the judge has something to say of a body."""
    return bool(kinds(raw, Answer(status, (("Content-Type", media_type),), body)))
