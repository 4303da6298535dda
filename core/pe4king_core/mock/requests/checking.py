"""A request as its operation understands it, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.bodies import BodyReader
from pe4king_core.mock.requests.parameters import ParameterReader
from pe4king_core.mock.requests.plans import Plan
from pe4king_core.mock.requests.reading import FaultIn, ReadRequest, RequestFault
from pe4king_core.mock.requests.routing import Found
from pe4king_core.mock.requests.wording import worded


def read_request(sent: Sent, found: Found, *, lenient: bool = False) -> ReadRequest:
    """What `sent` says to the operation that was found; credentials are not looked at.

    Strict: only what the document allows is valid. `lenient`: whatever a server could coerce into
    something valid is. Query parameters and headers that the document does not have are of no
    matter either way. Where several operations were found, the first one that `sent` is valid for
    is taken. Raises ValueError where none was found.
    """
    first = _read(sent, found, lenient=lenient)
    if not first.faults:
        return first
    others = (_read(sent, other, lenient=lenient) for other in found.others)
    return next((other for other in others if not other.faults), first)


def _read(sent: Sent, found: Found, *, lenient: bool) -> ReadRequest:
    operation = found.operation
    if operation is None:
        raise ValueError(f"no operation for {found.route}")
    headers = _by_name(sent)
    parameters = ParameterReader(found.plan or Plan(operation), lenient)
    path, query = parameters.path(found.parameters), parameters.query(sent.query)
    header, cookies = parameters.headers(headers), parameters.cookies(headers.get("cookie", ()))
    body = BodyReader(operation.request_body, lenient)
    body.read(sent, headers)
    return ReadRequest(
        sent,
        operation,
        path,
        query,
        header,
        cookies,
        body=body.value,
        has_body=body.has_body,
        media_type=body.media_type,
        route=found.route,
        faults=(*parameters.faults, *_expectation(headers), *body.faults),
    )


def _by_name(sent: Sent) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in sent.headers:
        headers.setdefault(name.lower(), []).append(value)
    return headers


def _expectation(headers: Mapping[str, list[str]]) -> tuple[RequestFault, ...]:
    """The one expectation that there is (RFC 9110 section 10.1.1)."""
    stated = headers.get("expect", ())
    if all(value.strip().lower() == "100-continue" for value in stated):
        return ()
    said = worded("expectation", "", None, None)
    return (RequestFault(FaultIn.HEADER, "Expect", "expectation", said=said),)
