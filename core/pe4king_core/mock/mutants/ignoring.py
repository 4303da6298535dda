"""Contract mutants that accept what the document forbids: which checks each leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.breaches import breaches, subject_of
from pe4king_core.mock.mutants.operators import Breaks, Ignores
from pe4king_core.mock.mutants.places import places
from pe4king_core.mock.requests.reading import FaultIn, RequestFault
from pe4king_core.model.json import EACH, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import Parameter, ParameterIn, RequestBody
from pe4king_core.model.schema import Schema

IGNORING = frozenset(Ignores)
"""Operators of mutants that the service has to carry out itself."""

_PLACES = {
    ParameterIn.PATH: FaultIn.PATH,
    ParameterIn.QUERY: FaultIn.QUERY,
    ParameterIn.HEADER: FaultIn.HEADER,
    ParameterIn.COOKIE: FaultIn.COOKIE,
}
_SAME = {
    "minimum": "range",
    "maximum": "range",
    "exclusiveMinimum": "range",
    "exclusiveMaximum": "range",
    "const": "enum",
    "unevaluatedProperties": "additionalProperties",
    "nullable": "type",
}
"""Keywords that one check looks at."""
_OF_ITEMS = "items"


def ignoring_mutants(operation: Operation) -> Iterator[Mutant]:
    """Each check of requests that the operation documents, left out."""
    if operation.requires_credentials:
        yield _mutant(operation, Ignores.CREDENTIALS, "", "", f"{operation.pointer}/security")
    for parameter in operation.parameters:
        yield from _of_parameter(operation, parameter)
    if operation.request_body is not None:
        yield from _of_body(operation, operation.request_body)


def is_ignored(mutant: Mutant, fault: RequestFault) -> bool:
    """Whether a server with this mutant does not see `fault`."""
    if mutant.operator == Ignores.CREDENTIALS:
        return fault.where is FaultIn.CREDENTIALS
    if mutant.operator != Ignores.INVALID:
        return False
    if mutant.subject == FaultIn.MEDIA_TYPE:
        return fault.where is FaultIn.MEDIA_TYPE
    where, _, name = mutant.subject.partition(" ")
    if fault.where != where:
        return False
    keyword = str(mutant.value or "")
    if where == FaultIn.BODY:
        if not keyword:
            return True
        return _fits(split(name), split(fault.name)) and _same(keyword, fault.reason)
    given = fault.name
    if fault.where is FaultIn.HEADER:
        name, given = name.lower(), given.lower()
    return given == name and _same(keyword, fault.reason)


def _same(keyword: str, reason: str) -> bool:
    reason = reason.rpartition(": ")[2]  # behind the place inside of a structure
    if reason == keyword or _SAME.get(keyword, keyword) == _SAME.get(reason, reason):
        return True
    return keyword == "type" and reason.startswith("is no")


def _fits(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    return len(wanted) == len(found) and all(
        one in (EACH, other) for one, other in zip(wanted, found, strict=True)
    )


def _of_parameter(operation: Operation, parameter: Parameter) -> Iterator[Mutant]:
    where = _PLACES.get(parameter.location)
    if where is None:
        return
    subject = f"{where} {parameter.name}"
    if parameter.required and where is not FaultIn.PATH:
        place = f"{parameter.pointer}/required"
        yield _mutant(operation, Ignores.INVALID, subject, "required", place)
    if parameter.schema is not None:
        for keyword in _keywords(parameter.schema):
            place = f"{parameter.schema.pointer}/{keyword}"
            yield _mutant(operation, Ignores.INVALID, subject, keyword, place)


def _keywords(schema: Schema) -> Iterator[str]:
    """What can be wrong with the value of a parameter, each once."""
    found: dict[str, None] = {}
    for place in places(schema):
        for breach in breaches(place.schema):
            # On the wire everything is text, and null cannot be told from it.
            is_text = breach.operator is Breaks.TYPE and breach.value[1] == "text"  # type: ignore[index]  # a pair of kinds
            is_told = breach.operator not in (Breaks.NULL, Breaks.BAD_ITEM)
            if is_told and not is_text:
                found[_SAME.get(breach.keyword, breach.keyword)] = None
    yield from found


def _of_body(operation: Operation, body: RequestBody) -> Iterator[Mutant]:
    if body.required:
        at = f"{body.pointer}/required"
        yield _mutant(operation, Ignores.INVALID, "body", "required", at)
    at = f"{body.pointer}/content"
    yield _mutant(operation, Ignores.INVALID, FaultIn.MEDIA_TYPE.value, "", at)
    media = body.json or next(iter(body.content.values()), None)
    if media is None or media.schema is None:
        return
    yield _mutant(operation, Ignores.INVALID, "body", "", media.pointer)
    seen: set[tuple[str, str]] = set()
    for place in places(media.schema):
        for breach in breaches(place.schema):
            subject = subject_of(breach, place.subject)
            keyword = _SAME.get(breach.keyword, breach.keyword)
            key = (subject, keyword)
            if key in seen or keyword == _OF_ITEMS:
                continue
            seen.add(key)
            at = f"{place.schema.pointer}/{breach.keyword}"
            yield _mutant(operation, Ignores.INVALID, f"body {subject}".rstrip(), keyword, at)


def _mutant(
    operation: Operation, operator: Ignores, subject: str, keyword: str, place: str
) -> Mutant:
    return Mutant(
        name="",
        kind=MutantKind.CONTRACT,
        operator=operator.value,
        operation=operation.key,
        place=place,
        subject=subject,
        value=keyword or None,
    )
