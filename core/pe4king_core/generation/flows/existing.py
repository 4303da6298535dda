"""What a call works on: what the test has made, or what somebody else would have to have made.

A test of what it did not make needs data that exist, and where it changes them it harms somebody:
it is kept, and skipped until its user has put in the id of something to work on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from pe4king_core.generation.flows.api_map import parameter_of, templates_of
from pe4king_core.generation.flows.flow import Flow, aimed
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request
from pe4king_core.model.fact import EarlierValue
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.model.schema import JsonType

_CHANGING = frozenset({"PUT", "PATCH"})
READING = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that leave everything as it is (RFC 9110 section 9.2.1)."""
_ASKING = frozenset(
    {"search", "query", "find", "lookup", "filter", "list", "count", "check", "validate", "preview"}
    | {"estimate", "quote", "calculate", "compare", "export", "render", "test", "verify", "match"}
)
"""Last words of paths of POSTs that only ask something."""
_CLOSED_FORMATS = frozenset({"date", "date-time", "time"})


class Ground(Enum):
    """What a valid request of an operation works on."""

    OWN = "own"
    """What the test makes, or what every server has."""
    EXISTING = "existing"
    """What is there only if somebody made it; the call leaves it as it is."""
    OF_OTHERS = "of others"
    """What somebody else may have made, and the call changes."""


def ground(operation: Operation, request: Request, flow: Flow | None) -> Ground:
    """What the valid `request` works on when `flow` comes before it."""
    sent = aimed(request, flow)
    unknown = (flow is not None and not flow.sure) or any(_unknown(operation, sent))
    if operation.method in READING:
        return Ground.EXISTING if unknown else Ground.OWN
    if operation.method == "POST":
        if not unknown:
            return Ground.OWN
        adds = "201" in operation.responses or _only_asks(operation)
        return Ground.EXISTING if adds else Ground.OF_OTHERS
    if unknown:
        if _makes_inside(operation, sent):
            return Ground.OWN
        makes = operation.method == "PUT" and bool(sent.unique)
        return Ground.EXISTING if makes else Ground.OF_OTHERS
    if templates_of(operation.route):
        return Ground.OWN
    names = operation.method in _CHANGING and not _names_one(sent)
    return Ground.OWN if names else Ground.OF_OTHERS


def _makes_inside(operation: Operation, sent: Request) -> bool:
    """Whether a PUT makes something in what the test has made: nobody else has anything there."""
    names = templates_of(operation.route)
    ends = operation.route.rstrip("/").endswith("{" + names[-1] + "}")
    if operation.method != "PUT" or "201" not in operation.responses or not ends:
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


def _only_asks(operation: Operation) -> bool:
    last = words_of(operation.route.rstrip("/").rpartition("/")[2])
    return not _ASKING.isdisjoint(last)


def _names_one(sent: Request) -> bool:
    """Whether the body says by its id which resource is changed, and the id is made up."""
    body = sent.body
    if body is None or not isinstance(body.value, Mapping):
        return False
    return "id" in body.value and "/id" not in body.taken
