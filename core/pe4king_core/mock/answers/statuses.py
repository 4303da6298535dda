"""Which documented status an operation answers with: successes, and each kind of failure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from pe4king_core.model.operation import Operation, Response

_ODD = frozenset({206, 207, 208, 226})
"""Successes that are no answer to a plain request."""
_FIRST, _LAST = 200, 599
_RANGE = re.compile(r"([1-5])xx", re.IGNORECASE)


class Failure(StrEnum):
    """Why a request is not answered with success."""

    INVALID = "invalid"
    PATH = "path"
    CREDENTIALS = "credentials"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    ACCEPT = "accept"
    MEDIA_TYPE = "media type"
    METHOD = "method"
    CONFLICT = "conflict"
    STALE = "stale"
    TOO_LARGE = "too large"
    TOO_MANY = "too many"
    SERVER = "server"


_STATUSES: Mapping[Failure, tuple[int, ...]] = {
    Failure.INVALID: (400, 422),
    Failure.PATH: (400, 404, 422),
    Failure.CREDENTIALS: (401, 403),
    Failure.FORBIDDEN: (403, 401, 404),
    Failure.MISSING: (404, 410),
    Failure.ACCEPT: (406,),
    Failure.MEDIA_TYPE: (415,),
    Failure.METHOD: (405,),
    Failure.CONFLICT: (409, 422, 400),
    Failure.STALE: (412,),
    Failure.TOO_LARGE: (413,),
    Failure.TOO_MANY: (429,),
    Failure.SERVER: (500, 503, 502, 504),
}
"""The first one is what RFC 9110 has for it, the others are what documents use instead."""
_INSTEAD: Mapping[Failure, tuple[int, ...]] = {Failure.MEDIA_TYPE: (400, 422)}
"""What is documented for wrong requests in general, where nothing covers the status meant."""
_SAID: Mapping[Failure, re.Pattern[str]] = {
    Failure.INVALID: re.compile(r"invalid|validation|malformed|bad request", re.IGNORECASE),
    Failure.PATH: re.compile(r"invalid|validation|malformed|bad request", re.IGNORECASE),
    Failure.CREDENTIALS: re.compile(r"unauthori[sz]ed|credential|authenticat", re.IGNORECASE),
    Failure.MISSING: re.compile(r"not found|does ?n.t exist|no such", re.IGNORECASE),
    Failure.CONFLICT: re.compile(r"already|conflict|duplicate", re.IGNORECASE),
}
"""How documents describe a failure for which they use a status of their own."""
_MEANT_OTHERWISE = frozenset({"401", "403", "404", "407", "409", "410"})
"""What clients act upon as something else: log in again, forget the thing. A description such as
"invalid token" makes none of them the answer to a request that is malformed."""
_MALFORMED = frozenset({Failure.INVALID, Failure.PATH})


def documented(operation: Operation) -> Iterator[tuple[int, Response]]:
    """Every documented answer with a status that it may have; none before 200, as 101 is none."""
    taken = {int(key) for key in operation.responses if key.isdecimal()}
    for key, response in operation.responses.items():
        status = _concrete(key, taken, succeeds=success(operation) is not None)
        if status is not None and _FIRST <= status <= _LAST:
            taken.add(status)
            yield status, response


def success(operation: Operation) -> tuple[int, Response] | None:
    """The documented success of a plain request: the lowest 2xx, else what stands for one.

    Where no 2xx is documented `default` is the success; without it a documented 3xx is.
    """
    exact = sorted(int(key) for key in operation.responses if key.isdecimal())
    usual = [code for code in exact if 200 <= code < 300 and code not in _ODD]
    for code in usual[:1]:
        return code, operation.responses[str(code)]
    for key in ("2XX", "2xx"):
        if key in operation.responses:
            return 200, operation.responses[key]
    for code in (code for code in exact if 200 <= code < 300):
        return code, operation.responses[str(code)]
    if "default" in operation.responses:
        return 200, operation.responses["default"]
    for code in (code for code in exact if 300 <= code < 400):
        return code, operation.responses[str(code)]
    return None


def failure(operation: Operation, fault: Failure) -> tuple[int, Response | None]:
    """Status and documented answer for `fault`; without a documented one RFC 9110's status.

    Looked for in turn: the usual statuses, one whose description says it, the range, `default`,
    what is documented of wrong requests in general.
    """
    wanted = _STATUSES[fault]
    for code in wanted:
        if str(code) in operation.responses:
            return code, operation.responses[str(code)]
    said = _SAID.get(fault)
    for key, response in operation.responses.items():
        client = key.isdecimal() and 400 <= int(key) < 500
        if fault in _MALFORMED and key in _MEANT_OTHERWISE:
            continue
        if client and said is not None and said.search(response.description):
            return int(key), response
    first = wanted[0]
    for key in (f"{first // 100}XX", f"{first // 100}xx", "default"):
        if key in operation.responses:
            return first, operation.responses[key]
    for code in _INSTEAD.get(fault, ()):
        if str(code) in operation.responses:
            return code, operation.responses[str(code)]
    return first, None


def _concrete(key: str, taken: set[int], *, succeeds: bool) -> int | None:
    """A status for a documented key that no other key speaks of."""
    if key.isdecimal():
        return int(key)
    matched = _RANGE.fullmatch(key)
    if matched is not None:
        first = 100 * int(matched[1])
        return next((code for code in range(first, first + 100) if code not in taken), None)
    if key != "default":
        return None
    first = 400 if succeeds and 200 in taken else 200
    return next((code for code in (first, *range(400, 500)) if code not in taken), None)
