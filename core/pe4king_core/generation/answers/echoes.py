"""Fields that come back as they were sent: of one plain type in what is sent and what is answered,
inside of objects and lists as well.

Values that servers like to write in another way (times, addresses) or not to give away are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pe4king_core.generation.answers.answers import body_schema
from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import EACH, Json, join, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema

_SCALARS = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})
_RESPELT = frozenset(
    {"date-time", "time", "duration", "uri", "url", "idn-email", "hostname"}
    | {"ipv6", "password", "byte", "binary", "decimal", "phone"}
)
_ASSIGNED = frozenset(
    {"id", "uuid", "guid", "status", "state", "version", "revision", "etag", "total", "count"}
    | {"created", "updated", "modified", "deleted", "timestamp"}
)
"""Names of what servers like to decide themselves, whatever is sent."""
_LEFT_TO_SERVERS = frozenset(
    {"slug", "url", "uri", "href", "link", "owner", "self", "hash", "checksum", "rank", "score"}
    | {"rating", "balance", "position", "order", "index", "locale", "timezone", "amount"}
)
"""Last words of names of what they decide as well where nobody has to send it."""
_HIDDEN = ("password", "secret", "token", "credential", "pin", "cvv", "cvc", "card", "iban", "ssn")
_UNORDERED = frozenset(
    {"tag", "label", "category", "role", "permission", "scope", "keyword", "topic", "genre"}
    | {"group", "feature", "skill", "language", "interest", "date", "id", "member", "day"}
)
"""Last words of names of lists whose order says nothing; servers often sort them."""
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """One field: where it is sent, where it is answered, and whether it surely is.

    Both pointers have a `*` for each list of objects on the way. `asked` says whether the request
    must have it; `guards` are places above it that answers may leave out.
    """

    sent: str
    answered: str
    sent_schema: Schema
    answered_schema: Schema
    required: bool
    asked: bool
    guards: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the value is a list of plain values."""
        return self.sent_schema.only_type is JsonType.ARRAY

    @property
    def is_ordered(self) -> bool:
        """Whether the order of the list says something."""
        if self.sent_schema.unique_items or self.answered_schema.unique_items:
            return False
        return _UNORDERED.isdisjoint(words_of(split(self.sent)[-1], singular=True)[-1:])

    def in_only_items(self, size: Callable[[str], int]) -> Kept | None:
        """The field in the only item of each list of objects on the way; None where there are
        more, which servers may put in another order. `size` says how many a list that is sent has.
        """
        field, each, first = self, f"/{EACH}/", "/0/"
        while each in field.sent:
            if size(field.sent.partition(each)[0]) != 1:
                return None
            field = replace(
                field,
                sent=field.sent.replace(each, first, 1),
                answered=field.answered.replace(each, first, 1),
                guards=tuple(guard.replace(each, first, 1) for guard in field.guards),
            )
        return field

    def comes_back_as(self, value: Json) -> bool:
        """Whether what is sent as `value` has one spelling only: addresses may be lowered."""
        if value is None:
            return False
        if self.sent_schema.format != "email" or not isinstance(value, str):
            return True
        return value == value.lower()


def echo_fields(operation: Operation, status: int, *, asked_json: bool = False) -> tuple[Kept, ...]:
    """The fields of the JSON body of `operation` that its answer with `status` has again.

    `asked_json`: the call asks for JSON where there are other forms.
    """
    answered = body_schema(operation, status, asked_json=asked_json)
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
            found = tuple(_pairs(mine, theirs, _Way(sent_at, answered_at)))
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


@dataclass(frozen=True, slots=True)
class _Way:
    """Where two objects stand that are compared, and what may be missing above the answered one."""

    sent: str
    answered: str
    guards: tuple[str, ...] = ()
    asked: bool = True
    depth: int = 0

    def to(self, name: str, *, sure: bool, asked: bool) -> _Way:
        """The way on to the member `name` of both."""
        answered = join(self.answered, name)
        guards = self.guards if sure else (*self.guards, answered)
        sent, depth = join(self.sent, name), self.depth + 1
        return _Way(sent, answered, guards, self.asked and asked, depth)

    def each(self) -> _Way:
        """The way on to the items of both."""
        sent, answered = join(self.sent, EACH), join(self.answered, EACH)
        return replace(self, sent=sent, answered=answered)


def _pairs(sent: Schema, answered: Schema, way: _Way) -> Iterator[Kept]:
    if sent.branches or answered.branches or way.depth > _DEPTH:
        return
    place = alternatives(answered)
    for name, mine in sent.properties.items():
        theirs = answered.properties.get(name)
        if theirs is None or _is_left_to_servers(name, mine, theirs):
            continue
        there = child(place, name)
        required = bool(there) and all(found.required for found in there)
        asked = name in sent.required
        if comes_back(mine, theirs) or _list_comes_back(mine, theirs):
            if asked or required or _LEFT_TO_SERVERS.isdisjoint(words_of(name)[-1:]):
                at = join(way.sent, name), join(way.answered, name)
                yield Kept(*at, mine, theirs, required, way.asked and asked, way.guards)
            continue
        sure = required and not any(found.nullable for found in there)
        yield from _inside(mine, theirs, way.to(name, sure=sure, asked=asked))


def _inside(sent: Schema, answered: Schema, way: _Way) -> Iterator[Kept]:
    """The fields inside of two objects, or of the items of two lists."""
    kind = sent.only_type
    if kind is not answered.only_type:
        return
    if kind is JsonType.OBJECT:
        yield from _pairs(sent, answered, way)
    elif kind is JsonType.ARRAY and sent.items is not None and answered.items is not None:
        both = sent.items.only_type, answered.items.only_type
        if both == (JsonType.OBJECT, JsonType.OBJECT):
            yield from _pairs(sent.items, answered.items, way.each())


def _is_left_to_servers(name: str, sent: Schema, answered: Schema) -> bool:
    """Whether a server may well keep to itself, or decide, what is called `name`."""
    if any(word in name.lower() for word in _HIDDEN):
        return True
    words = words_of(name)
    if (len(words) == 1 and words[0] in _ASSIGNED) or words[-1:] == ("at",):
        return True
    return sent.read_only or sent.write_only or answered.write_only or answered.read_only


def comes_back(sent: Schema, answered: Schema) -> bool:
    """Whether a value of the one can only be kept as the other: the same single plain type."""
    kind = sent.only_type
    if kind not in _SCALARS or answered.only_type is not kind:
        return False
    return not _RESPELT & {sent.format, answered.format}


def _list_comes_back(sent: Schema, answered: Schema) -> bool:
    if sent.only_type is not JsonType.ARRAY or answered.only_type is not JsonType.ARRAY:
        return False
    mine, theirs = sent.items, answered.items
    if mine is None or theirs is None or mine.format == "email":
        return False
    return comes_back(mine, theirs)
