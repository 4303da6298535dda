"""A finding: something to tell the user at a place in a document or a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.model.message import Message
from pe4king_core.model.text import Span


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable (`doc-…` for documents); `pointer` names the element where one is known."""

    code: str
    severity: Severity
    message: Message
    span: Span
    pointer: str = ""
