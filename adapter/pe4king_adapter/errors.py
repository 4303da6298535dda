"""What can go wrong between us and other hosts, and how it is told to the user.

UserError
├── ConfigError                a setting is wrong: section, key, the closest valid name
├── FetchError                 a document of another host could not be had
└── LlmError                   kind, code, retryable, retry_after, status, provider, request_id
    ├── LlmConnectionError     kind ConnectionError: nobody answers, or the server fails
    ├── AuthenticationError    the key is missing, wrong or not allowed
    ├── RateLimitError         too many requests, or overloaded: later it works
    ├── LlmTimeoutError        kind TimeoutError: no answer in time
    ├── InvalidResponseError   an answer that cannot be used, or a request that was not accepted
    └── QuotaExceededError     paid for no more: asking again cannot help

Cancelling is `asyncio.CancelledError`, as everywhere. No error holds the key, the prompt or the
answer's body; `problems.py` has the texts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message


class ErrorKind(StrEnum):
    """The public names of the six kinds."""

    CONNECTION = "ConnectionError"
    AUTHENTICATION = "AuthenticationError"
    RATE_LIMIT = "RateLimitError"
    TIMEOUT = "TimeoutError"
    INVALID_RESPONSE = "InvalidResponseError"
    QUOTA_EXCEEDED = "QuotaExceededError"


class ConfigError(UserError):
    """A setting we cannot use; `section` and `key` say where it stands."""

    code = "config"

    def __init__(
        self,
        message: Message,
        *,
        section: str,
        key: str,
        next_step: Message | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.section = section
        self.key = key


class FetchError(UserError):
    """A document of another host that could not be had; `fetch.py` has the texts."""

    code = "fetch"


class LlmError(UserError):
    """A call to a model that gave no answer we can use.

    `retryable`: the same request may succeed later. `retry_after`: seconds the server asked us
    to wait. `attempts`: how many requests were sent before we gave up. `parameter`: the request
    parameter that the server did not accept, where it named one.
    """

    code = "llm"
    kind: ClassVar[ErrorKind]

    def __init__(
        self,
        message: Message,
        *,
        next_step: Message | None = None,
        code: str | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
        provider: str = "",
        request_id: str = "",
        parameter: str = "",
        attempts: int = 1,
    ) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.retryable = retryable
        self.retry_after = retry_after
        self.status = status
        self.provider = provider
        self.request_id = request_id
        self.parameter = parameter
        self.attempts = attempts


class LlmConnectionError(LlmError):
    """Nobody answers, the connection broke, or the server failed by itself."""

    kind = ErrorKind.CONNECTION


class AuthenticationError(LlmError):
    """The key is missing, not valid, or not allowed to do this."""

    kind = ErrorKind.AUTHENTICATION


class RateLimitError(LlmError):
    """Too many requests or an overloaded server."""

    kind = ErrorKind.RATE_LIMIT


class LlmTimeoutError(LlmError):
    """No answer in time."""

    kind = ErrorKind.TIMEOUT


class InvalidResponseError(LlmError):
    """An answer that cannot be used, or a request that the server did not accept."""

    kind = ErrorKind.INVALID_RESPONSE


class QuotaExceededError(LlmError):
    """The account has nothing left to spend."""

    kind = ErrorKind.QUOTA_EXCEEDED
