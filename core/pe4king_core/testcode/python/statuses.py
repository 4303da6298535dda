"""What the flags of a response say of its status."""

from __future__ import annotations

from pe4king_core.model.fact import STATUS, InRange
from pe4king_core.model.schema import Bounds
from pe4king_core.testcode.claims import Claim, Claims, succeeded
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.values import Answer

_FLAGS = {
    "is_success": (200, 299),
    "is_redirect": (300, 399),
    "is_client_error": (400, 499),
    "is_server_error": (500, 599),
    "is_error": (400, 599),
}


def status_flag(frame: Frame, answer: Answer, name: str) -> Claims:
    """What `response.ok` and the like say where they are true."""
    if name == "ok":
        redirects = frame.kind(answer.call) in ("", "requests")
        return (succeeded(answer.call, redirects=redirects),)
    if name in _FLAGS:
        low, high = _FLAGS[name]
        return (Claim(answer.call, STATUS, InRange(Bounds(low, high))),)
    return ()
