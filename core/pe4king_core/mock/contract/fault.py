"""What the judge finds wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class FaultKind(StrEnum):
    """The ways to break a document."""

    SERVER_ERROR = "server error"
    STATUS = "undocumented status"
    CONTENT_TYPE = "undocumented content type"
    BODY = "body against its schema"
    HEADER = "header missing"
    HEADER_VALUE = "header against its schema"
    ACCEPTED = "invalid request accepted"
    CREDENTIALS = "request without credentials accepted"


class Fault(NamedTuple):
    """One thing wrong with an exchange, in words for whoever reads a log."""

    kind: FaultKind
    words: str
