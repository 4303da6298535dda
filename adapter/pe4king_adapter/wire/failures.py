"""What a failed answer means: the codes in its body first, then its status.

Forms read: `{"error": {message, type, code, param}}`, `{"error": "text"}`, a list around
either, `{"code", "message"}`, `{"status", "message"}`, web pages, nothing. Of the body only
code words ever leave this module.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from pe4king_adapter.problems import Problem
from pe4king_core.model.json import Json

_CODES: Mapping[Problem, str] = {
    Problem.QUOTA: r"insufficient_quota|credit_balance_exhausted|billing_(not_active|error)"
    r"|(organization|project)_spend_limit_exceeded|organization_usage_limit_exceeded"
    r"|billing_hard_limit_reached|arrearage|(pre|post)paidbilloverdue"
    r"|allocationquota\.freetieronly",
    Problem.CONTEXT_LENGTH: r"context_length_exceeded|exceed_context_size_error"
    r"|token_limit_exceeded|request_too_large",
    Problem.FILTERED: r"content_filter|content_policy_violation|responsibleaipolicyviolation"
    r"|data_?inspection_?failed",
    Problem.MODEL_UNKNOWN: r"model_not_(found|supported)",
    Problem.KEY_REFUSED: r"invalid_?api_?key|api_key_invalid|authentication_error"
    r"|invalid_authentication|unauthenticated",
    Problem.FORBIDDEN: r"permission_(error|denied)|access_denied",
    Problem.RATE_LIMIT: r"rate_limit_(exceeded|error)|slow_down|limit_requests"
    r"|throttling(\.ratequota|\.allocationquota)?|resource_exhausted",
    Problem.OVERLOADED: r"(server_)?overloaded(_error)?|unavailable_error",
    Problem.TIMEOUT: r"request_?timeout|timeout_error|deadline_exceeded",
}
"""Codes in lower case, the weightier problem first: a body may carry several."""
_PHRASES: tuple[tuple[Problem, str], ...] = (
    (Problem.CONTEXT_LENGTH, r"maximum context length|context (length|window|size) (is )?exceed"),
    (
        Problem.CONTEXT_LENGTH,
        r"prompt is too long|exceeds the (available )?context|too many tokens",
    ),
    (Problem.CONTEXT_LENGTH, r"range of input length|maximum number of tokens allowed"),
    (Problem.KEY_REFUSED, r"api key not valid|(incorrect|invalid) api key"),
    (Problem.QUOTA, r"credit balance is too low|free allocated quota exceeded"),
)
_PASSING_QUOTA = re.compile(r"^allocated quota exceeded|please increase your quota limit", re.I)
_STATUSES: Mapping[int, Problem] = {
    401: Problem.KEY_REFUSED,
    402: Problem.QUOTA,
    403: Problem.FORBIDDEN,
    404: Problem.ADDRESS_UNKNOWN,
    408: Problem.TIMEOUT,
    413: Problem.CONTEXT_LENGTH,
    429: Problem.RATE_LIMIT,
    503: Problem.OVERLOADED,
    504: Problem.TIMEOUT,
    529: Problem.OVERLOADED,
}
_PARAMETERS = ("response_format", "temperature", "seed", "max_tokens", "stop", "stream_options")
_PARAMETER_WORDS = {"json_schema": "response_format", "structured output": "response_format"}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in our terms; `parameter` is the one the server did not accept."""

    problem: Problem
    retry_after: float | None = None
    request_id: str = ""
    parameter: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class _ErrorBody:
    codes: frozenset[str] = frozenset()
    message: str = ""
    parameter: str = ""
    delay: float | None = None
    daily: bool = False
    moderated: bool = False


def failure_of(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What the answer with this `status` means; header names are lower case."""
    error = _read(_json_of(body))
    problem = _problem(status, headers, error, _is_page(headers, body))
    delays = [retry_after(headers, time.time()), error.delay]
    return Failure(
        problem,
        retry_after=max((delay for delay in delays if delay is not None), default=None),
        request_id=request_id(headers),
        parameter=error.parameter if problem is Problem.BAD_REQUEST else "",
        final=headers.get("x-should-retry") == "false",
    )


def failure_in(answer: Mapping[str, Json], headers: Mapping[str, str]) -> Failure | None:
    """The failure that an answer with status 200 carries in its body, if it does."""
    if not answer.get("error"):
        return None
    error = answer["error"]
    code = error.get("code") if isinstance(error, Mapping) else None
    status_code = error.get("status_code") if isinstance(error, Mapping) else None
    stated = next((c for c in (code, status_code) if isinstance(c, int) and 400 <= c < 600), 500)
    return failure_of(stated, headers, json.dumps(answer).encode())


def request_id(headers: Mapping[str, str]) -> str:
    """The server's name for this request, for its support; only plain words are taken."""
    for name in ("x-request-id", "request-id", "apim-request-id"):
        if re.fullmatch(r"[\w.:-]{1,80}", headers.get(name, "")):
            return headers[name]
    return ""


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `retry-after` as number or HTTP date."""
    found = []
    if (milliseconds := _float(headers.get("retry-after-ms"))) is not None:
        found.append(milliseconds / 1000)
    value = headers.get("retry-after")
    if (seconds := _float(value)) is not None:
        found.append(seconds)
    elif value:
        try:
            found.append(parsedate_to_datetime(value).timestamp() - now)
        except (ValueError, OverflowError):
            return max(found, default=None)
    return max((max(delay, 0.0) for delay in found), default=None)


def _float(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*", text):
        return None
    return float(text)


def _json_of(body: bytes) -> Json:
    try:
        value: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def _read(value: Json) -> _ErrorBody:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, Mapping):
        return _ErrorBody()
    error = value.get("error", value)
    if isinstance(error, str):
        return _ErrorBody(message=error, parameter=_parameter("", error))
    if not isinstance(error, Mapping):
        return _ErrorBody()
    details = error.get("details")
    inner = error.get("innererror")
    nested = [error, *(d for d in (details, inner) if isinstance(d, Mapping))]
    listed = [d for d in details if isinstance(d, Mapping)] if isinstance(details, list) else []
    words = [
        str(part[key])
        for part in (*nested, *listed)
        for key in ("code", "type", "status", "error_code", "reason")
        if isinstance(part.get(key), str | int)
    ]
    message = error.get("message")
    message = message if isinstance(message, str) else ""
    metadata = error.get("metadata")
    return _ErrorBody(
        codes=frozenset(word.lower() for word in words),
        message=message,
        parameter=_parameter(error.get("param"), message),
        delay=_delay(listed),
        daily="PerDay" in json.dumps(listed),
        moderated=isinstance(metadata, Mapping) and "flagged_input" in metadata,
    )


def _parameter(named: Json, message: str) -> str:
    if isinstance(named, str) and named:
        base = re.split(r"[.\[]", named)[0]
        return base if base in _PARAMETERS else ""
    lowered = message.lower()
    for word, parameter in _PARAMETER_WORDS.items():
        if word in lowered:
            return parameter
    return next((p for p in _PARAMETERS if re.search(rf"\b{p}\b", lowered)), "")


def _delay(details: list[Mapping[str, Json]]) -> float | None:
    delays = [
        float(match[1])
        for detail in details
        if (match := re.fullmatch(r"(\d{1,6}(?:\.\d+)?)s", str(detail.get("retryDelay", ""))))
    ]
    return max(delays, default=None)


def _problem(status: int, headers: Mapping[str, str], error: _ErrorBody, is_page: bool) -> Problem:
    if 300 <= status < 400:
        return Problem.REDIRECT
    if "insufficient_quota" in error.codes and _PASSING_QUOTA.search(error.message):
        return Problem.RATE_LIMIT
    if error.moderated:
        return Problem.FILTERED
    if status == 429 and error.daily:
        return Problem.QUOTA
    for problem, pattern in _CODES.items():
        if any(re.fullmatch(pattern, code) for code in error.codes):
            return problem
    for problem, phrase in _PHRASES:
        if status < 500 and re.search(phrase, error.message, re.IGNORECASE):
            return problem
    return _by_status(status, headers, error, is_page)


def _by_status(
    status: int, headers: Mapping[str, str], error: _ErrorBody, is_page: bool
) -> Problem:
    if status == 402 and "retry-after" in headers:
        return Problem.RATE_LIMIT
    if status == 404 and re.search(r"\bmodel\b", error.message, re.IGNORECASE):
        return Problem.MODEL_UNKNOWN
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return Problem.SERVER
    return Problem.WEB_PAGE if is_page else Problem.BAD_REQUEST


def _is_page(headers: Mapping[str, str], body: bytes) -> bool:
    start = body[:200].lstrip().lower()
    return "text/html" in headers.get("content-type", "") or start.startswith(
        (b"<!doctype", b"<html")
    )
