"""When to ask again: only after our own errors that say so, and never past the deadline.

A server's own delay (`retry_after` of the error) wins over the exponential backoff, but where it
is none (a date that has passed); one that is longer than we are ready to wait ends the call, with
the delay in the error. Cancelling is never caught: the predicate knows `LlmError` only.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pe4king_adapter.errors import LlmError

if TYPE_CHECKING:
    from tenacity import RetryCallState

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently; all times in seconds. `sleep` and `jitter` are for tests."""

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 8.0
    longest_obeyed_wait: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = field(default=random.random)

    def wait_after(self, attempt: int, error: BaseException | None) -> float:
        """The pause after the failed `attempt` (counted from 1)."""
        asked = error.retry_after if isinstance(error, LlmError) else None
        if asked is not None and asked > 0:
            return asked
        backoff = min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait)
        return backoff * (0.75 + 0.5 * self.jitter())

    def may_retry(self, error: BaseException) -> bool:
        """Whether `error` may pass by itself, soon enough to wait for it."""
        return (
            isinstance(error, LlmError)
            and error.retryable
            and (error.retry_after or 0.0) <= self.longest_obeyed_wait
        )


async def with_retries(
    policy: RetryPolicy, deadline: float, attempt: Callable[[], Awaitable[Result]]
) -> Result:
    """The result of `attempt`, asked again as `policy` says; `deadline` in seconds from now.

    Raises the last error, with `attempts` set.
    """
    from tenacity import (
        AsyncRetrying,
        retry_if_exception,
        stop_after_attempt,
        stop_any,
        stop_before_delay,
    )

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        return policy.wait_after(state.attempt_number, error)

    async def ask() -> Result:  # tenacity awaits only what it knows to be a coroutine function
        return await attempt()

    retrying = AsyncRetrying(
        stop=stop_any(stop_after_attempt(policy.attempts), stop_before_delay(deadline)),
        wait=wait,
        retry=retry_if_exception(policy.may_retry),
        sleep=policy.sleep,
        reraise=True,
    )
    try:
        return await retrying(ask)
    except LlmError as error:
        error.attempts = max(error.attempts, int(retrying.statistics.get("attempt_number", 1)))
        raise
