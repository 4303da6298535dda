"""Whether an old assertion contradicts the document, so that replacing it is no loss.

Only what no documented answer can pass is taken for a contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.generation.answers.answers import body_schema
from pe4king_core.generation.places import Alternative, alternatives, child
from pe4king_core.improvement.matching import match_call
from pe4king_core.model.fact import (
    Equals,
    HasType,
    InRange,
    Literal,
    NotNull,
    OneOf,
    Presence,
    SubjectKind,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import TestAssertion, TestCall
from pe4king_core.testcode.implication import equal, json_types


def contradicts(
    assertion: TestAssertion, calls: Sequence[TestCall], documents: Sequence[ApiDocument]
) -> bool:
    """Whether no answer that the documents have for the call can pass `assertion`."""
    call = next((each for each in calls if each.id == assertion.call), None)
    if call is None or assertion.subject is None or assertion.conditional:
        return False
    found = [match_call(call, document).operation for document in documents]
    operations = [each for each in found if each is not None]
    return bool(operations) and all(_refuted(assertion, each) for each in operations)


def _refuted(assertion: TestAssertion, operation: Operation) -> bool:
    subject = assertion.subject
    if subject is None:
        return False
    match subject.kind:
        case SubjectKind.STATUS:
            return _no_status(assertion, operation)
        case SubjectKind.CONTENT_TYPE:
            return _no_type(assertion, operation)
        case SubjectKind.BODY:
            return assertion.presence is Presence.REQUIRED and _no_body(assertion, operation)
    return False


def _no_status(assertion: TestAssertion, operation: Operation) -> bool:
    """Whether no documented status passes; a range like `4XX` documents all of its own."""
    match assertion.check:
        case Equals(Literal(int() as status)):
            wanted: tuple[Json, ...] = (status,)
        case OneOf(values):
            wanted = values
        case InRange(bounds):
            codes = [int(code) for code in operation.responses if code.isdecimal()]
            some = len(codes) == len(operation.responses)
            return some and not any(bounds.contains(code) for code in codes)
        case _:
            return False
    return not any(
        isinstance(each, int) and operation.response_for(each) is not None for each in wanted
    )


def _no_type(assertion: TestAssertion, operation: Operation) -> bool:
    match assertion.check:
        case Equals(Literal(str() as value)):
            documented = [
                name for response in operation.responses.values() for name in response.content
            ]
            plain = value.partition(";")[0].strip().lower()
            names = {name.partition(";")[0].strip().lower() for name in documented}
            return bool(names) and plain not in names and not any("*" in each for each in names)
    return False


def _no_body(assertion: TestAssertion, operation: Operation) -> bool:
    """Whether no documented answer has the place with a value that passes."""
    statuses = [int(code) for code in operation.responses if code.isdecimal()]
    pointer = assertion.subject.name if assertion.subject is not None else ""
    judged = False
    for status in statuses:
        root = body_schema(operation, status)
        if root is None:
            continue
        judged = True
        places: Sequence[Alternative] = alternatives(root)
        for token in split(pointer):
            places = _below(places, token)
        if any(_may_pass(assertion, place) for place in places):
            return False
    return judged


def _below(places: Sequence[Alternative], token: str) -> tuple[Alternative, ...]:
    """What stands at `token` in any of `places`; an index may be one of any item."""
    found: list[Alternative] = []
    for place in places:
        found += child((place,), token) or (child((place,), EACH) if token.isdecimal() else ())
    return tuple(found)


def _may_pass(assertion: TestAssertion, place: Alternative) -> bool:
    types = place.types
    match assertion.check:
        case Equals(Literal(value)):
            return _may_be(value, place)
        case OneOf(values):
            return any(_may_be(value, place) for value in values)
        case HasType(wanted):
            both = wanted | ({JsonType.INTEGER} if JsonType.NUMBER in wanted else set())
            return not types or bool(both & types)
        case NotNull():
            return types != {JsonType.NULL}
    return True


def _may_be(value: Json, place: Alternative) -> bool:
    if place.types and not json_types(value) & place.types:
        return False
    listed = [schema.enum for schema in place.schemas if schema.enum is not None]
    return all(any(equal(value, each) for each in values) for values in listed)
