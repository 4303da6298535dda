"""What became of one request: the answer, and why it is this one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.requests.reading import ReadRequest, RequestFault
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import MediaType, Response


class Why(StrEnum):
    """Why a request got its answer, in the words of the request log."""

    ANSWERED = "answered"
    """The documented success."""
    SCRIPTED = "scripted"
    RECORDED = "recorded"
    PREFERRED = "preferred"
    """The request's `Prefer` header chose the answer."""
    INVALID = "invalid request"
    CREDENTIALS = "credentials"
    MISSING = "no such thing"
    """What the request is about was removed, or never was there."""
    STALE = "changed meanwhile"
    """The request is for a version (`If-Match`) that is no more."""
    UNKNOWN_PATH = "unknown path"
    METHOD = "method not documented"
    ACCEPT = "nothing acceptable"
    MEDIA_TYPE = "media type not documented"
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    NO_HTTP = "no HTTP"
    """The bytes that came are no request."""
    OPTIONS = "options"
    FAILED = "failure asked for"
    """One of the failures that `--fail` spreads."""
    MUTANT = "mutant"
    ERROR = "error of the mock"


@dataclass(frozen=True, slots=True)
class Handled:
    """A request and its answer, with the document's view of both.

    `status_key` is the documented response ("200", "4XX", "default"), empty where the document
    has none for the status; `value` what the body says before it was written as `media`.
    """

    sent: Sent
    answer: Answer
    why: Why
    operation: Operation | None = None
    request: ReadRequest | None = None
    response: Response | None = None
    media: MediaType | None = None
    value: Json = None
    faults: tuple[RequestFault, ...] = ()
    delay: float = 0.0
    """Milliseconds that a script asks to wait before the answer is sent."""

    @property
    def status_key(self) -> str:
        """The documented response that this answer is."""
        return "" if self.response is None else self.response.status
