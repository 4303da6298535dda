"""Comparisons of values to claims, with what only Python's values add to `claims.comparison`."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.fact import STATUS, SubjectKind
from pe4king_core.model.json import Json
from pe4king_core.testcode.claims import (
    Claims,
    child,
    claim,
    comparison,
    truthy,
)
from pe4king_core.testcode.logic import negation, weakened
from pe4king_core.testcode.python.arguments import items_of, members_of, part_of
from pe4king_core.testcode.python.objects import Bound, Failures, Instance, Pairs, Record, Truth
from pe4king_core.testcode.values import (
    Items,
    Known,
    Measure,
    Measured,
    Part,
    Rows,
    Sent,
    Value,
    call_of,
    plain,
)

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _later(one: Value, other: Value) -> bool:
    """Whether `one` belongs to a later call than `other`; that is the one a test is about."""
    calls = (call_of(one), call_of(other))
    if None in calls or calls[0] == calls[1]:
        return False
    order = [int(call[1:]) if call and call[1:].isdecimal() else 0 for call in calls]
    return order[0] > order[1]


def _pairwise(left: Value, right: Value) -> Claims:
    """`(response.status_code, body["id"]) == (200, 5)`: member by member."""
    mine, other = items_of(left), items_of(right)
    if mine is None or other is None or len(mine) != len(other):
        return ()
    return tuple(
        each
        for first, second in zip(mine, other, strict=True)
        for each in compared(first, "==", second)
    )


def compared(left: Value, sign: str, right: Value) -> Claims:
    """The claims of `left sign right`."""
    sign = {"is": "==", "is not": "!="}.get(sign, sign)
    left, right = part_of(left), _status_line(left, part_of(right))
    if sign in _FLIPPED and _later(right, left):
        left, sign, right = right, _FLIPPED[sign], left
    if sign == "==":
        pairwise = _pairwise(left, right)
        if pairwise:
            return pairwise
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Truth | Failures) and sign in ("==", "!="):
            return _of_truth(one, other, negated=sign == "!=")
    if isinstance(left, Pairs) or isinstance(right, Pairs):
        return _subset(left, sign, right)
    if sign == "==" and (isinstance(plain(left), Record) or isinstance(plain(right), Record)):
        return _members(left, right)
    if sign == "==" and isinstance(left, Part) and isinstance(plain(right), Items):
        return _items(left, plain(right))
    if sign == "==" and isinstance(right, Part) and isinstance(plain(left), Items):
        return _items(right, plain(left))
    if sign == "==" and isinstance(left, Rows):
        left, right = right, left
    if sign == "==" and isinstance(right, Rows):
        return _rows(left, right)
    if sign in ("in", "not in") and isinstance(right, Items):
        return _one_of(left, right, sign)
    return _measured_rows(left, right) or comparison(left, sign, right)


def _status_line(left: Value, right: Value) -> Value:
    """Werkzeug's `response.status` is a text: "200 OK"."""
    text = right.value if isinstance(right, Known) else None
    is_status = isinstance(left, Part) and left.subject == STATUS
    if is_status and isinstance(text, str) and text[:3].isdecimal() and text[3:4] in ("", " "):
        return Known(int(text[:3]))
    return right


def _of_truth(truth: Truth | Failures, other: Value, *, negated: bool) -> Claims:
    if isinstance(truth, Failures):
        return truth.claims if other == Known([]) and not negated else ()
    known = other.value if isinstance(other, Known) else None
    if not isinstance(known, bool):
        return ()
    return truth.claims if known is not negated else negation(truth.claims)


def _rows(left: Value, rows: Rows) -> Claims:
    """Equal to a parameter of the test: to one of its values."""
    values = [plain(each) for each in rows.values]
    known = [each.value for each in values if isinstance(each, Known)]
    if len(known) != len(values) or not known or len(known) > 60:
        return comparison(left, "==", rows)
    distinct = [value for index, value in enumerate(known) if not _seen(value, known[:index])]
    if len(distinct) == 1:
        return comparison(left, "==", Known(distinct[0]))
    if isinstance(left, Part):
        return comparison(left, "in", Known(distinct))
    return comparison(left, "==", rows)


def _seen(value: Json, before: Sequence[Json]) -> bool:
    return any(type(each) is type(value) and each == value for each in before)


def _one_of(left: Value, right: Items, sign: str) -> Claims:
    """`x in (a, b)` where not all of them are plain: the types of `type(x) in (int, str)`."""
    if isinstance(left, Measured):
        return comparison(left, sign, right)
    call = call_of(left)
    if isinstance(left, Part) and call is not None:
        return (claim(left, None),) if sign == "in" else ()
    return comparison(left, sign, right)


def _measured_rows(left: Value, right: Value) -> Claims:
    """`len(x) == rows` and the like say no more than that x is there."""
    if isinstance(left, Measured) and isinstance(right, Rows):
        return (claim(left.part, None),)
    if isinstance(right, Measured) and isinstance(left, Rows):
        return (claim(right.part, None),)
    return ()


def _members(left: Value, right: Value) -> Claims:
    """A dictionary with members from answers, compared member by member."""
    for one, other in ((left, right), (right, left)):
        members = members_of(other)
        if members is None:
            continue
        if isinstance(one, Sent | Known | Record) or plain(one) is not one:
            mine = members_of(one)
            if mine is None:
                return ()
            return tuple(
                each
                for name in members
                if name in mine
                for each in compared(mine[name], "==", members[name])
            )
        if isinstance(one, Part) and one.subject.kind is SubjectKind.BODY:
            if isinstance(other, Sent):
                return comparison(one, "==", other)
            return tuple(
                each
                for name, member in members.items()
                for each in member_claims(one, name, member)
            )
    return ()


def member_claims(part: Part, name: str, expected: Value) -> Claims:
    """That the member `name` of `part` is `expected`, or there where that is not known."""
    inner = child(part, name)
    own = part_of(expected)
    if isinstance(own, Part) and own.call == inner.call and own.subject == inner.subject:
        return (claim(inner, None),)
    return compared(inner, "==", expected) or (claim(inner, None),)


def _items(part: Part, expected: Value) -> Claims:
    if not isinstance(expected, Items):
        return ()
    return tuple(
        each
        for index, member in enumerate(expected.members)
        for each in member_claims(part, str(index), member)
    ) or (claim(part, None),)


def _subset(left: Value, sign: str, right: Value) -> Claims:
    """`body.items() >= expected.items()`."""
    if sign in ("<=", "<", "=="):
        left, right = right, left
    elif sign not in (">=", ">"):
        return ()
    if sign == "==" and not (isinstance(left, Pairs) and isinstance(part_of(left.of), Part)):
        left, right = right, left
    part = part_of(left.of) if isinstance(left, Pairs) else None
    members = members_of(right.of) if isinstance(right, Pairs) else members_of(right)
    if not isinstance(part, Part) or members is None:
        call = call_of(left) or call_of(right)
        return () if call is None or not isinstance(part, Part) else (claim(part, None),)
    return tuple(
        each for name, member in members.items() for each in member_claims(part, name, member)
    )


def true_of(value: Value) -> Claims:
    """What follows from `value` being true."""
    value = part_of(value)
    match value:
        case Truth(claims):
            return claims
        case Failures(claims):
            return weakened(claims)
        case Measured(part, Measure.OTHER):
            return (claim(part, None),)
        case Bound() | Instance():
            return ()
    return truthy(value)
