"""What one assertion claims about an answer: a subject and a check, whatever the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.fact import (
    STATUS,
    Check,
    Condition,
    Contains,
    CountOf,
    Equals,
    HasSize,
    HasType,
    InRange,
    Literal,
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Operand,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
    Subject,
    SubjectKind,
    SumOf,
    Unique,
    body,
    header,
)
from pe4king_core.model.json import EACH, Json, join
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.testcode.acceptance import accepts_null, accepts_zero
from pe4king_core.testcode.intervals import both_ends, interval, size_interval
from pe4king_core.testcode.values import (
    Answer,
    Collected,
    Fallback,
    Headers,
    Items,
    Known,
    Measure,
    Measured,
    Ordered,
    Part,
    Rows,
    Sent,
    TypeNames,
    Value,
    plain,
)

_NAME = re.compile(r"[A-Za-z_$][\w$-]*")
_TEXT_FIELDS = frozenset(
    ("title", "name", "message", "detail", "details",
     "description", "error", "reason", "text", "url", "location")
)  # fmt: skip
DISTINCT = "distinct"
"""The argument of a `LENGTH` that counts different items only."""
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim about `subject` of the answer of `call`; `check` is None for presence alone."""

    call: str
    subject: Subject
    check: Check | None = None
    presence: Presence = Presence.REQUIRED
    nullable: bool = False
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    negated: bool = False
    """The check does not hold (`!= 3`); only `logic` makes something of it."""


Claims = tuple[Claim, ...]


def media_type(subject: Subject) -> bool:
    """Whether `subject` is the content type, which is compared without its parameters."""
    return subject.kind is SubjectKind.CONTENT_TYPE


def claim(part: Part, check: Check | None) -> Claim:
    """`check` of `part`, with the presence that follows from how the part was reached."""
    if isinstance(check, HasType) and JsonType.NUMBER in check.types:
        check = HasType(check.types - {JsonType.INTEGER})
    if check == Equals(Literal(None)) and part.subject.kind is not SubjectKind.BODY:
        return Claim(part.call, part.subject, presence=Presence.ABSENT)
    presence = Presence.REQUIRED
    by_default = part.fallback is Fallback.DEFAULT
    by_default = by_default or (part.fallback is Fallback.ZERO and accepts_zero(check))
    if by_default or (part.fallback is Fallback.NULL and accepts_null(check)):
        presence = Presence.IF_PRESENT
    return Claim(part.call, part.subject, check, presence, guards=part.optional)


def comparison(left: Value, sign: str, right: Value) -> Claims:
    """The claims of `left sign right`; empty where neither side is part of an answer.

    `sign` is one of `== != < <= > >= in`, `not in`, `is` and `is not`.
    """
    sign = {"is": "==", "is not": "!="}.get(sign, sign)
    if sign in ("in", "not in"):
        return _membership(left, right, negated=sign == "not in")
    if sign not in _FLIPPED:
        return ()
    if _is_earlier(left, right):
        left, sign, right = right, _FLIPPED[sign], left
    for subject, operator, other in ((left, sign, right), (right, _FLIPPED[sign], left)):
        if isinstance(subject, Part):
            return (_part_claim(subject, operator, other),)
    if isinstance(right, Measured) and right.measure is Measure.CAPPED:
        left, sign, right = right, _FLIPPED[sign], left
    for subject, operator, other in ((left, sign, right), (right, _FLIPPED[sign], left)):
        if isinstance(subject, Measured):
            return _measured(subject, operator, other)
        if isinstance(subject, Collected):
            return (_collected(subject, operator, other),)
    return ()


def _is_earlier(left: Value, right: Value) -> bool:
    """Whether `left` is of an earlier answer than `right`: what came later is what is checked."""
    if not isinstance(left, Part) or not isinstance(right, Part):
        return False
    return (len(left.call), left.call) < (len(right.call), right.call)


def operand(value: Value, call: str) -> Operand | None:
    """`value` as something that an answer of `call` is compared with."""
    match value:
        case Known(known):
            return Literal(known)
        case Sent(calls, pointer, content):
            return RequestValue(pointer) if call in calls else operand(content, call)
        case Part(other, subject) if subject.kind is SubjectKind.BODY and EACH not in subject.name:
            return ResponseValue(other, subject.name)
        case Measured(part, Measure.LENGTH) if part.call == call:
            return CountOf(part.subject.name)
        case Measured(part, Measure.SUM) if part.call == call:
            return SumOf(part.subject.name)
    return None


def _part_claim(part: Part, sign: str, other: Value) -> Claim:
    check = _part_check(part, sign, other)
    if sign != "!=" or check is None:
        return claim(part, check)
    if check == Equals(Literal(None)):
        return claim(part, NotNull())
    return replace(claim(part, check), negated=True)


def _part_check(part: Part, sign: str, other: Value) -> Check | None:
    if sign == "==" and isinstance(other, Ordered) and other.of == part:
        return Sorted("", other.descending)
    if isinstance(other, Rows):
        return _one_of_rows(part, other) if sign == "==" else None
    found = operand(other, part.call)
    if sign in ("==", "!="):
        return Equals(found) if found is not None else None
    number = _number(plain(other))
    if number is None:
        return None
    return InRange((size_interval if part.subject == STATUS else interval)(sign, number))


def _one_of_rows(part: Part, rows: Rows) -> Check | None:
    """What equals a parameter of the test equals its value in a row; told of the status only."""
    known = [each.value for each in map(plain, rows.values) if isinstance(each, Known)]
    if not known or len(known) != len(rows.values):
        return None
    if all(type(each) is type(known[0]) and each == known[0] for each in known):
        return Equals(Literal(known[0]))
    if part.subject != STATUS or not all(map(_is_scalar, known)):
        return None
    return OneOf(tuple(dict.fromkeys(known)))


def _is_scalar(value: Json) -> bool:
    return value is None or isinstance(value, str | int | float)


def _number(value: Value) -> int | float | None:
    known = value.value if isinstance(value, Known) else None
    is_number = isinstance(known, int | float) and not isinstance(known, bool)
    return known if is_number else None  # type: ignore[return-value]  # narrowed above


def merged(claims: Sequence[Claim]) -> Claims:
    """`claims` with the two ends of one interval (`0 < x <= 9`) put together."""
    if len(claims) != 2:
        return tuple(claims)
    first, second = claims
    if first.subject != second.subject or not first.check or not second.check:
        return tuple(claims)
    check = both_ends(first.check, second.check)
    return (replace(first, check=check),) if check is not None else tuple(claims)


def _measured(measured: Measured, sign: str, other: Value) -> Claims:
    part = measured.part
    number = _number(plain(other))
    match measured.measure:
        case Measure.LENGTH if number is not None and sign != "!=":
            return (claim(part, HasSize(size_interval(sign, number))),)
        case Measure.LENGTH if sign == "==" and _all_distinct(measured, other):
            return (claim(part, Unique()),)
        case Measure.TYPE if sign == "==" and isinstance(other, TypeNames):
            return (claim(part, HasType(other.types)),)
        case Measure.HUNDREDS if sign == "==" and number is not None:
            return (claim(part, InRange(Bounds(number * 100, number * 100 + 99))),)
        case Measure.MODULO if sign == "==" and number == 0:
            factor = _number(Known(measured.argument))
            return (claim(part, MultipleOf(factor) if factor else None),)
        case Measure.KEYS | Measure.DISTINCT if sign in ("==", ">=", ">", "<="):
            return _keys(measured, other, sign)
        case Measure.CAPPED if sign == "==" and isinstance(measured.argument, int):
            counted = operand(other, part.call)
            if isinstance(counted, CountOf):
                return (claim(part, Equals(replace(counted, most=measured.argument))),)
    return (claim(part, None),)


def _all_distinct(measured: Measured, other: Value) -> bool:
    """Whether the number of different items is compared with the number of items."""
    part = measured.part
    counts = (Measured(part, Measure.LENGTH), Measured(part, Measure.LENGTH, DISTINCT))
    return (measured, other) in (counts, counts[::-1])


def _keys(measured: Measured, other: Value, sign: str) -> Claims:
    names = strings(other)
    part = measured.part
    if not names or (measured.measure is Measure.DISTINCT and not _object_like(part)):
        return (claim(part, None),)
    if sign == "<=":
        return (claim(part, OnlyMembers(names)),)
    inside = replace(part, fallback=Fallback.NONE)
    there = tuple(claim(child(inside, name), None) for name in names)
    return (*there, claim(part, OnlyMembers(names))) if sign == "==" else there


def strings(value: Value) -> tuple[str, ...]:
    """The members of a literal list of texts; empty for anything else."""
    known = value.value if isinstance(value, Known) else None
    if isinstance(known, list | tuple) and all(isinstance(member, str) for member in known):
        return tuple(str(member) for member in known)
    return ()


def child(part: Part, key: str) -> Part:
    """The member `key` of the JSON value `part`."""
    subject = body(join(part.subject.name, key))
    return Part(part.call, subject, part.fallback, part.optional)


def _collected(collected: Collected, sign: str, other: Value) -> Claim:
    if sign == "==" and isinstance(other, Ordered) and other.of == collected:
        return claim(collected.array, Sorted(collected.inner, other.descending))
    return Claim(collected.array.call, body(f"{collected.array.subject.name}/*{collected.inner}"))


def _membership(left: Value, right: Value, *, negated: bool) -> Claims:
    if isinstance(left, Part):
        check = _one_of(right)
        return (replace(claim(left, check), negated=negated and check is not None),)
    if isinstance(left, Measured):
        return _measured_in(left, right, negated=negated)
    if isinstance(right, Headers) and isinstance(left, Known) and isinstance(left.value, str):
        presence = Presence.ABSENT if negated else Presence.REQUIRED
        return (Claim(right.call, header_subject(left.value), presence=presence),)
    if isinstance(right, Measured) and right.measure in (Measure.KEYS, Measure.DISTINCT):
        is_keys = right.measure is Measure.KEYS
        return contained(left, right.part, negated=negated, as_key=True if is_keys else None)
    if isinstance(right, Part):
        return contained(left, right, negated=negated)
    if isinstance(right, Collected):
        return (Claim(right.array.call, body(f"{right.array.subject.name}/*{right.inner}")),)
    return ()


def _one_of(right: Value) -> Check | None:
    known = right.value if isinstance(right, Known) else None
    return OneOf(tuple(known)) if isinstance(known, list | tuple) else None


def _measured_in(left: Measured, right: Value, *, negated: bool) -> Claims:
    if isinstance(right, Items) and left.measure is Measure.TYPE and not negated:
        names = [member for member in right.members if isinstance(member, TypeNames)]
        if len(names) == len(right.members):
            check = HasType(frozenset().union(*(name.types for name in names)))
            return (claim(left.part, check),)
    return (claim(left.part, None),)


def contained(
    left: Value, part: Part, *, negated: bool = False, as_key: bool | None = None
) -> Claims:
    """`left in part`: presence of a key where the part looks like an object, else a member."""
    known = left.value if isinstance(left, Known) else None
    if part.subject.kind is SubjectKind.CONTENT_TYPE and isinstance(known, str) and not negated:
        return (claim(part, Equals(Literal(known))),)
    if part.subject.kind is not SubjectKind.BODY:
        found = operand(left, part.call)
        return (claim(part, Contains(found) if found and not negated else None),)
    if as_key is None and isinstance(known, str):
        as_key = _object_like(part, known) or (negated and bool(_NAME.fullmatch(known)))
    if isinstance(known, str) and as_key:
        presence = Presence.ABSENT if negated else Presence.REQUIRED
        member = claim(child(part, known), None)
        return (replace(member, presence=presence),)
    found = operand(left, part.call)
    return (claim(part, Contains(found) if found and not negated else None),)


def _object_like(part: Part, key: str = "x") -> bool:
    """Whether `"key" in part` asks for a key; text and lists are told by their usual names."""
    pointer = part.subject.name
    last = pointer.rpartition("/")[2]
    if not pointer or last == EACH:
        return True
    plural = last.endswith("s") and not last.endswith("ss")
    return bool(_NAME.fullmatch(key)) and not plural and last.lower() not in _TEXT_FIELDS


def header_subject(name: str) -> Subject:
    """The header `name` as a subject; the content type has one of its own."""
    if name.lower() == "content-type":
        return Subject(SubjectKind.CONTENT_TYPE)
    return header(name)


def succeeded(call: str, *, redirects: bool) -> Claim:
    """The status is one of success (with `redirects`, anything below 400)."""
    bounds = Bounds(high=399) if redirects else Bounds(200, 299)
    return Claim(call, STATUS, InRange(bounds))


def truthy(value: Value) -> Claims:
    """What follows from `value` being true where the language lets any value be a condition."""
    match value:
        case Part():
            kind = value.subject.kind
            return (claim(value, NotNull() if kind is SubjectKind.BODY else None),)
        case Measured(part, Measure.LENGTH):
            return (claim(part, HasSize(Bounds(low=1))),)
        case Measured(part):
            return (claim(part, None),)
        case Collected():
            return (claim(value.array, None),)
        case Answer(call):
            return (succeeded(call, redirects=True),)
    return ()
