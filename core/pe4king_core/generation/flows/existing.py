"""What a call works on: what the test has made, or what somebody else would have to have made.

A test of what it did not make needs data that exist, and where it changes them it harms somebody:
it is kept, and skipped until its user has put in the id of something to work on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pe4king_core.generation.flows.api_map import parameter_of, templates_of
from pe4king_core.generation.flows.flow import Flow, aimed
from pe4king_core.model.case import Request
from pe4king_core.model.fact import EarlierValue
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.model.schema import JsonType

_CHANGING = frozenset({"PUT", "PATCH"})
READING = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that leave everything as it is (RFC 9110 section 9.2.1)."""
_CLOSED_FORMATS = frozenset({"date", "date-time", "time"})


def needs_existing(operation: Operation, request: Request, flow: Flow | None) -> bool:
    """Whether the valid `request` works on what neither the test nor every server has."""
    sent = aimed(request, flow)
    if (flow is not None and not flow.sure) or any(_unknown(operation, sent)):
        return not _makes_inside(operation, sent)
    if operation.method in READING or operation.method == "POST" or templates_of(operation.route):
        return False
    return operation.method not in _CHANGING or _names_one(sent)


def _makes_inside(operation: Operation, sent: Request) -> bool:
    """Whether a PUT makes something in what the test has made: nobody else has anything there."""
    names = templates_of(operation.route)
    if operation.method != "PUT" or "201" not in operation.responses or not names:
        return False
    if not operation.route.rstrip("/").endswith("{" + names[-1] + "}"):
        return False
    outer = [sent.path_parameters.get(name) for name in names[:-1]]
    return bool(outer) and all(isinstance(value, EarlierValue) for value in outer)


def _unknown(operation: Operation, sent: Request) -> Iterator[str]:
    """The path parameters with an id that nobody made."""
    for name in templates_of(operation.route):
        given = sent.path_parameters.get(name)
        if isinstance(given, EarlierValue) or name in sent.unique:
            continue
        if not is_closed(parameter_of(operation, name)):
            yield name


def is_closed(parameter: Parameter) -> bool:
    """Whether the document says itself which values there are."""
    schema = parameter.schema
    if schema is None:
        return False
    return bool(
        schema.enum is not None
        or schema.only_type is JsonType.BOOLEAN
        or schema.format in _CLOSED_FORMATS
    )


def _names_one(sent: Request) -> bool:
    """Whether the body says by its id which resource is changed, and the id is made up."""
    body = sent.body
    if body is None or not isinstance(body.value, Mapping):
        return False
    return "id" in body.value and "/id" not in body.taken
