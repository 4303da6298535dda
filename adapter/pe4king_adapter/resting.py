"""Which providers are better left alone for a while, because they have just failed.

Nobody answers, or not in time: 30 s at first, twice as long after every further failure, ten
minutes at most. A refused key: 30 s, as the user may store another one at any time, which nobody
tells us. A used-up quota: ten minutes. Both until the configuration changes at the longest, as
what rests is known by its whole configuration.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pe4king_adapter.errors import (
    AuthenticationError,
    LlmConnectionError,
    LlmError,
    LlmTimeoutError,
    QuotaExceededError,
    RateLimitError,
)
from pe4king_adapter.problems import Problem
from pe4king_core.model.message import Message

_NOT_ASKED = frozenset(
    {
        Problem.CANCELLED,
        Problem.KEY_MISSING,
        Problem.KEYCHAIN,
        Problem.NOT_ENCRYPTED,
        Problem.CERTIFICATE_FILE,
    }
)
"""No request was sent: the user puts it right and tries again at once."""
FIRST_REST = 30.0
LONGEST_REST = 600.0


@dataclass(frozen=True, slots=True)
class Rest:
    """Why and until when a provider is not asked; `failures` in a row."""

    error: LlmError
    until: float
    failures: int


@dataclass(slots=True)
class Resting:
    """Keeps who rests; shared by the chains of one process. `clock` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _rests: dict[str, Rest] = field(default_factory=dict)

    def failed(self, name: str, error: LlmError) -> float:
        """Remember that `name` failed; the seconds that it rests now, 0 where it need not."""
        before = self._rests.get(name)
        failures = before.failures + 1 if before is not None else 1
        seconds = _seconds(error, failures)
        if seconds > 0:
            self._rests[name] = Rest(error, self.clock() + seconds, failures)
        return seconds

    def answered(self, name: str) -> None:
        """Forget the failures of `name`: it works again."""
        self._rests.pop(name, None)

    def refusal(self, name: str) -> LlmError | None:
        """The error that a call of `name` would end with, or None where it may be asked."""
        rest = self._rests.get(name)
        if rest is None or (left := rest.until - self.clock()) <= 0:
            return None
        return _resting(rest.error, left)


def _seconds(error: LlmError, failures: int) -> float:
    if error.code in _NOT_ASKED:
        return 0.0
    if isinstance(error, AuthenticationError):
        return FIRST_REST
    if isinstance(error, QuotaExceededError):
        return LONGEST_REST
    if isinstance(error, LlmConnectionError | LlmTimeoutError):
        return float(min(FIRST_REST * 2.0 ** (failures - 1), LONGEST_REST))
    if isinstance(error, RateLimitError):
        return min(error.retry_after or 0.0, LONGEST_REST)
    return 0.0


def _resting(error: LlmError, left: float) -> LlmError:
    """The same failure once more, told without a request."""
    seconds = max(round(left), 1)
    advice = error.next_step or Message("", "")
    resting = type(error)(
        error.message,
        next_step=Message(
            f"{advice.en} It is asked again in {seconds} s.".strip(),
            f"{advice.ru} Следующая попытка через {seconds} с.".strip(),
        ),
        code=error.code,
        retry_after=left,
        status=error.status,
        provider=error.provider,
        request_id=error.request_id,
        attempts=0,
    )
    resting.retryable = error.retryable
    return resting
