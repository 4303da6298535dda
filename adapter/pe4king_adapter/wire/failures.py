"""What a failed answer means: the codes in its body first, then its status.

`failure_tables.py` holds the tables of the providers, `failure_body.py` reads bodies. Of a body
only code words ever leave these modules.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pe4king_adapter.problems import Problem
from pe4king_adapter.wire.delays import retry_after
from pe4king_adapter.wire.failure_body import ErrorBody, parse, read_error
from pe4king_adapter.wire.failure_tables import GENERIC, FailureTable, Rule
from pe4king_core.model.json import Json


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in our terms.

    `parameter` is our name of the one that the server did not accept. `retry` is the server's
    own word on asking again, None where it has none. `detail` are keys of an answer in an
    unknown form.
    """

    problem: Problem
    retry_after: float | None = None
    request_id: str = ""
    parameter: str = ""
    retry: bool | None = None
    detail: tuple[str, ...] = ()


def failure_of(
    status: int, headers: Mapping[str, str], body: bytes, table: FailureTable = GENERIC
) -> Failure:
    """What the answer with this `status` means; header names are lower case."""
    error = read_error(parse(body))
    delay = retry_after(headers, time.time(), limited=status == 429)
    delays = [stated for stated in (delay, error.delay) if stated is not None]
    error = replace(error, delay=max(delays, default=None))
    problem = _problem(status, error, table, _is_page(headers, body))
    word = {"true": True, "false": False}.get(headers.get("x-should-retry", ""))
    return replace(_failure(problem, headers, error), retry=word)


def failure_in(
    answer: Mapping[str, Json], headers: Mapping[str, str], table: FailureTable = GENERIC
) -> Failure | None:
    """The failure that an answer with status 200 carries in its body, if it does."""
    error = answer.get("error")
    if not error:
        return None
    found = read_error(answer)
    return _failure(_problem(_stated(error), found, table), headers, found)


def request_id(headers: Mapping[str, str]) -> str:
    """The server's name for this request, for its support; only plain words are taken."""
    for name in ("x-request-id", "request-id", "apim-request-id"):
        if re.fullmatch(r"[\w.:-]{1,80}", headers.get(name, "")):
            return headers[name]
    return ""


def _failure(problem: Problem, headers: Mapping[str, str], error: ErrorBody) -> Failure:
    return Failure(
        problem,
        retry_after=error.delay,
        request_id=request_id(headers),
        parameter=error.parameter if problem is Problem.BAD_REQUEST else "",
    )


def _stated(error: Json) -> int:
    """The status that an error object names; 400 where only the request can be the reason."""
    if not isinstance(error, dict):
        return 500
    for key in ("code", "status_code", "httpCode", "http_code"):
        code = error.get(key)
        if isinstance(code, int) and 400 <= code < 600:
            return code
    return 400 if error.get("type") == "invalid_request_error" else 500


def _problem(status: int, error: ErrorBody, table: FailureTable, is_page: bool = False) -> Problem:
    if 300 <= status < 400:
        return Problem.REDIRECT
    for rule in table.rules:
        if _holds(rule, status, error):
            return rule.problem
    if status >= 500:
        return Problem.SERVER
    return Problem.WEB_PAGE if is_page else Problem.BAD_REQUEST


def _holds(rule: Rule, status: int, error: ErrorBody) -> bool:
    return (
        (not rule.statuses or status in rule.statuses)
        and (not rule.delayed or error.delay is not None)
        and (not rule.codes or any(re.fullmatch(rule.codes, code) for code in error.codes))
        and (not rule.phrase or re.search(rule.phrase, error.message, re.IGNORECASE) is not None)
    )


def _is_page(headers: Mapping[str, str], body: bytes) -> bool:
    start = body[:200].lstrip().lower()
    return "text/html" in headers.get("content-type", "") or start.startswith(
        (b"<!doctype", b"<html")
    )
