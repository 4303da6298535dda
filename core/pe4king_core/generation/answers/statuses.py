"""The statuses that an operation answers valid requests with."""

from __future__ import annotations

from pe4king_core.generation.answers.answers import body_schema
from pe4king_core.model.operation import Operation

_ANY_SUCCESS = (200, 201, 202, 203, 204, 206, 207)
_CREATED = frozenset({200, 201, 203})
_LATER = 202


def expected_statuses(operation: Operation) -> tuple[int, ...]:
    """What a valid request may be answered with: documented 2xx, else documented 1xx and 3xx.

    A range (`2XX`, `default`) allows every common success.
    """
    exact = [int(key) for key in operation.responses if key.isdecimal() and int(key) < 400]
    success = [code for code in exact if 200 <= code < 300]
    if any(key.upper() == "2XX" for key in operation.responses):
        return tuple(dict.fromkeys((*success, *_ANY_SUCCESS)))
    if success or (exact and "default" not in operation.responses):
        return tuple(success or exact)
    return _ANY_SUCCESS


def done_statuses(operation: Operation) -> tuple[int, ...]:
    """All documented successes of `operation`, if each says that it is done; the usual one first.

    Empty where other ones may come, or one that promises to do it later (202).
    """
    statuses = expected_statuses(operation)
    listed = all(200 <= code < 300 and str(code) in operation.responses for code in statuses)
    return statuses if listed and _LATER not in statuses else ()


def alike(operation: Operation, status: int) -> tuple[int, ...]:
    """The other documented successes whose answers say the same as the one with `status`."""
    told = body_schema(operation, status, asked_json=True)
    return tuple(
        code
        for code in operation.success_statuses
        if code != status
        and code in _CREATED
        and str(code) in operation.responses
        and (told is not None or operation.method == "PUT")
        and body_schema(operation, code, asked_json=True) == told
    )


def success_status(operation: Operation) -> int | None:
    """The one documented success of `operation`; None where it may answer in several ways."""
    statuses = expected_statuses(operation)
    return statuses[0] if len(statuses) == 1 and 200 <= statuses[0] < 300 else None


def echoed_statuses(operation: Operation) -> tuple[int, ...]:
    """The documented successes of `operation`, if their answers all say the same."""
    statuses = expected_statuses(operation)
    if len(statuses) == 1:
        return statuses if 200 <= statuses[0] < 300 else ()
    if {*statuses} <= {statuses[0], *alike(operation, statuses[0])}:
        return statuses
    return ()


def created_status(operation: Operation) -> int | None:
    """The status with which `operation` surely makes something that is there at once.

    A PUT that documents 201 answers so when it creates (RFC 9110 section 9.3.4), and so does a
    POST that has 200 for what was there already.
    """
    makes = operation.method == "PUT" or (
        operation.method == "POST" and "200" in operation.responses
    )
    if makes and "201" in operation.responses:
        return 201
    status = success_status(operation)
    return status if status in _CREATED else None
