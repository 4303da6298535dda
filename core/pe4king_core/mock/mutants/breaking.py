"""Contract mutants that change an answer, made from what an operation documents."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.breaches import breaches, subject_of
from pe4king_core.mock.mutants.operators import Breaks
from pe4king_core.mock.mutants.places import Place, places
from pe4king_core.model.json import EACH, Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import MediaKind, MediaType, Response
from pe4king_core.model.schema import JsonType, Schema

_SUCCESSES = (200, 201, 202, 203, 206)
_REFUSALS = (400, 404, 409, 410, 418)
_FAILURES = (500, 502, 503)
_WRONG_TYPES = ("text/html", "application/x-unexpected")
_BODILESS = ("204", "205", "304")
"""Statuses whose answers HTTP gives no body."""
_STRUCTURED = (MediaKind.JSON, MediaKind.JSON_SEQUENCE, MediaKind.XML)
_OF_TEXTS = frozenset(
    {
        Breaks.ENUM,
        Breaks.PATTERN,
        Breaks.FORMAT,
        Breaks.TOO_SHORT,
        Breaks.TOO_LONG,
        Breaks.BELOW,
        Breaks.ABOVE,
        Breaks.NOT_MULTIPLE,
    }
)
"""What can be wrong with a value that travels as text."""
_VALUES = (MediaKind.JSON, MediaKind.JSON_SEQUENCE, MediaKind.TEXT)


def breaking_mutants(operation: Operation) -> Iterator[Mutant]:
    """Every mutant of every documented answer; successes first, bodies before what is around."""
    known = sorted(operation.responses.values(), key=lambda each: each.status[:1] != "2")
    for response in known:
        if operation.method != "HEAD":
            yield from _of_content(operation, response)
        yield from _of_headers(operation, response)
        if response.status[:1] == "2":
            yield from _of_status(operation, response)


def _of_status(operation: Operation, response: Response) -> Iterator[Mutant]:
    for statuses in (_SUCCESSES, _FAILURES, _REFUSALS):
        free = (each for each in statuses if operation.response_for(each) is None)
        wrong = next(free, None)
        if wrong is not None:
            yield _mutant(operation, response, Breaks.STATUS, response.pointer, value=wrong)


def _of_headers(operation: Operation, response: Response) -> Iterator[Mutant]:
    for name, header in response.headers.items():
        if name.lower() == "content-type":
            continue
        if header.required:
            yield _mutant(operation, response, Breaks.NO_HEADER, header.pointer, subject=name)
        if header.schema is not None and _can_be_wrong(header.schema):
            at = header.schema.pointer
            yield _mutant(operation, response, Breaks.HEADER_VALUE, at, subject=name)


def _can_be_wrong(schema: Schema) -> bool:
    """Whether some text is no value of a header."""
    free = JsonType.STRING in schema.types or not schema.types
    return any(each.operator in _OF_TEXTS for each in breaches(schema)) or not free


def _of_content(operation: Operation, response: Response) -> Iterator[Mutant]:
    at = response.pointer
    media = _media(response)
    if media is None:
        if response.status not in _BODILESS:
            yield _mutant(operation, response, Breaks.NEEDLESS_BODY, at)
        return
    yield from _of_values(operation, response, media)
    if response.status[:1] in ("4", "5", "d"):
        yield _mutant(operation, response, Breaks.ERROR_BODY, media.pointer)
    plain = media.name.partition(";")[0].strip().lower()
    wrong = next(each for each in _WRONG_TYPES if each != plain)
    yield _mutant(operation, response, Breaks.CONTENT_TYPE, media.pointer, value=wrong)
    yield _mutant(operation, response, Breaks.NO_CONTENT_TYPE, media.pointer)
    yield _mutant(operation, response, Breaks.EMPTY_BODY, media.pointer)
    if media.kind in _STRUCTURED:
        yield _mutant(operation, response, Breaks.BROKEN_BODY, media.pointer)


def _media(response: Response) -> MediaType | None:
    """The media type whose values are changed: JSON where there is some."""
    found = sorted(response.content.values(), key=lambda each: each.kind not in _VALUES)
    return response.json or next(iter(found), None)


def _of_values(operation: Operation, response: Response, media: MediaType) -> Iterator[Mutant]:
    if media.kind not in _VALUES:
        return
    for place in _places(media):
        for breach in breaches(place.schema):
            if media.kind is MediaKind.TEXT and breach.operator not in _OF_TEXTS:
                continue
            subject = subject_of(breach, place.subject)
            at = f"{place.schema.pointer}/{breach.keyword}"
            yield _mutant(operation, response, breach.operator, at, subject, breach.value)


def _places(media: MediaType) -> Iterator[Place]:
    """The places of a body; the items of a sequence are those of an array."""
    if media.kind is not MediaKind.JSON_SEQUENCE:
        yield from places(media.schema) if media.schema is not None else ()
        return
    item: Schema | None = media.item_schema or media.schema
    if item is not None:
        is_whole = media.item_schema is None and item.only_type is JsonType.ARRAY
        yield from places(item, "" if is_whole else f"/{EACH}")


def _mutant(
    operation: Operation,
    response: Response,
    operator: Breaks,
    place: str,
    subject: str = "",
    value: Json = None,
) -> Mutant:
    return Mutant(
        name="",
        kind=MutantKind.CONTRACT,
        operator=operator.value,
        operation=operation.key,
        place=place,
        status=response.status,
        subject=subject,
        value=value,
    )
