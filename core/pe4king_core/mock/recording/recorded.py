"""One recorded exchange, and what may be wrong with a line of a recording."""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.model.message import Message


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request and what a server answered, bodies decoded.

    Of a body that was too long only the beginning is there: then the size says how many bytes
    it had; None: it is complete. `line` is where it stands in its file, from 1 on.
    """

    sent: Sent
    answer: Answer
    request_size: int | None = None
    answer_size: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class DamagedLine:
    """A line that cannot be used; the others are."""

    line: int
    reason: Message
