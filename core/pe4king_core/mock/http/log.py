"""The last requests, for people and for `/__pe4king/log`."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.requests.reading import RequestFault

_KEPT = 1_000
_LONGEST_TARGET = 2_000
LONGEST_BODY = 8_192


@dataclass(frozen=True, slots=True)
class Entry:
    """One request; `at` is seconds since 1970, `milliseconds` what its answer took."""

    number: int
    at: float
    milliseconds: float
    method: str
    target: str
    status: int
    why: Why
    operation: str = ""
    faults: tuple[RequestFault, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    """The request's, at most `LONGEST_BODY` bytes of it."""
    size: int = 0
    """How long the whole body was."""

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "number": self.number,
            "time": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds"),
            "milliseconds": round(self.milliseconds, 3),
            "method": self.method,
            "target": self.target,
            "status": self.status,
            "operation": self.operation or None,
            "why": str(self.why),
            "faults": [_fault(each) for each in self.faults],
        }

    def in_full(self) -> dict[str, object]:
        """For programs that look at what was sent as well; bytes that are no text are replaced."""
        return {
            **self.as_json(),
            "headers": [list(each) for each in self.headers],
            "body": self.body.decode("utf-8", "replace"),
            "bodySize": self.size,
        }


class RequestLog:
    """Keeps the last entries, counts all of them, and passes each one on."""

    def __init__(self, told: Callable[[Entry], None] | None = None) -> None:
        self._told = told
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._numbers = count(1)
        self.counts: dict[Why, int] = {}

    def add(self, handled: Handled, target: str, milliseconds: float) -> None:
        """Note one request; `target` is what was asked for, prefixes included."""
        operation, why = handled.operation, handled.why
        entry = Entry(
            next(self._numbers),
            time.time(),
            milliseconds,
            handled.sent.method,
            target[:_LONGEST_TARGET],
            handled.answer.status,
            why,
            "" if operation is None else operation.key,
            handled.faults,
            tuple(handled.sent.headers),
            handled.sent.body[:LONGEST_BODY],
            len(handled.sent.body),
        )
        self._entries.append(entry)
        self.counts[why] = self.counts.get(why, 0) + 1
        if self._told is not None:
            self._told(entry)

    def last(self, most: int = _KEPT) -> list[Entry]:
        """The last entries, the oldest first."""
        return list(self._entries)[-most:] if most > 0 else []

    def clear(self) -> None:
        """Forget all entries and counts; numbers go on."""
        self._entries.clear()
        self.counts = {}


def _fault(fault: RequestFault) -> dict[str, str]:
    return {
        "in": str(fault.where),
        "name": fault.name,
        "reason": fault.reason,
        "place": fault.place,
        "message": fault.told.en,
    }
