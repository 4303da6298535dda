"""Fields that come back as they were sent: of one plain type in what is sent and what is answered.

Values that servers like to write in another way (dates, addresses) or not to give away are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.generation.answers.answers import body_schema
from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import join
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema

_SCALARS = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})
_RESPELT = frozenset(
    {"date-time", "date", "time", "duration", "uri", "url", "email", "idn-email", "hostname"}
    | {"ipv6", "password", "byte", "binary", "decimal", "phone"}
)
_ASSIGNED = frozenset(
    {"id", "uuid", "guid", "status", "state", "version", "revision", "etag", "total", "count"}
    | {"created", "updated", "modified", "deleted", "timestamp"}
)
"""Names of what servers like to decide themselves, whatever is sent."""
_HIDDEN = ("password", "secret", "token", "credential", "pin", "cvv", "cvc")


@dataclass(frozen=True, slots=True)
class Kept:
    """One field: where it is sent, where it is answered, and whether it surely is.

    `asked` says whether the request must have it.
    """

    sent: str
    answered: str
    sent_schema: Schema
    answered_schema: Schema
    required: bool
    asked: bool


def echo_fields(operation: Operation, status: int) -> tuple[Kept, ...]:
    """The fields of the JSON body of `operation` that its answer with `status` has again."""
    answered = body_schema(operation, status)
    sent = sent_schema(operation)
    return kept_fields(sent, answered) if sent is not None and answered is not None else ()


def sent_schema(operation: Operation) -> Schema | None:
    """The schema of the JSON body that `operation` takes."""
    media = operation.request_body.json if operation.request_body is not None else None
    return media.schema if media is not None else None


def kept_fields(sent: Schema, answered: Schema) -> tuple[Kept, ...]:
    """The fields of `sent` that `answered` has again, in the order of `sent`.

    Both may be envelopes (`{"book": {...}}`): the one object inside is looked at then.
    """
    for sent_at, mine in _envelopes(sent):
        for answered_at, theirs in _envelopes(answered):
            found = tuple(_pairs(mine, theirs, sent_at, answered_at))
            if found:
                return found
    return ()


def _envelopes(schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield "", schema
    inner = [
        (name, member)
        for name, member in schema.properties.items()
        if member.only_type is JsonType.OBJECT and name in schema.required and not member.nullable
    ]
    if len(inner) == 1:
        yield join("", inner[0][0]), inner[0][1]


def _pairs(sent: Schema, answered: Schema, sent_at: str, answered_at: str) -> Iterator[Kept]:
    if sent.branches or answered.branches:
        return
    place = alternatives(answered)
    for name, mine in sent.properties.items():
        theirs = answered.properties.get(name)
        if theirs is None or not comes_back(name, mine, theirs):
            continue
        there = child(place, name)
        required = bool(there) and all(found.required for found in there)
        yield Kept(
            join(sent_at, name),
            join(answered_at, name),
            mine,
            theirs,
            required,
            name in sent.required,
        )


def comes_back(name: str, sent: Schema, answered: Schema) -> bool:
    """Whether a value of the one can only be kept as the other: the same single plain type."""
    kind = sent.only_type
    if kind not in _SCALARS or answered.only_type is not kind:
        return False
    if _RESPELT & {sent.format, answered.format} or any(word in name.lower() for word in _HIDDEN):
        return False
    words = words_of(name)
    if (len(words) == 1 and words[0] in _ASSIGNED) or words[-1:] == ("at",):
        return False
    return not (sent.read_only or sent.write_only or answered.write_only or answered.read_only)
