"""Not, or and and of claims: what holds of an answer where one of two conditions holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pe4king_core.model.fact import (
    Check,
    Condition,
    Equals,
    HasSize,
    HasType,
    Literal,
    NotNull,
    OneOf,
    Presence,
    SubjectKind,
)
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.testcode.claims import Claim, Claims

_NULL = Equals(Literal(None))


def weakened(claims: Claims) -> Claims:
    """The subjects of `claims` without their checks: they are looked at, no more is certain."""
    return tuple(
        replace(each, check=None, presence=Presence.IF_PRESENT, negated=False) for each in claims
    )


def negation(claims: Claims) -> Claims:
    """What holds where `claims` together do not."""
    if len(claims) != 1:
        return weakened(claims)
    only = claims[0]
    if only.check is None and only.presence is Presence.REQUIRED and not only.guards:
        return (replace(only, presence=Presence.ABSENT),)
    if only.presence is Presence.ABSENT:
        return (replace(only, presence=Presence.REQUIRED),)
    if isinstance(only.check, NotNull):
        return (replace(only, check=_NULL, presence=Presence.IF_PRESENT),)
    if only.check == _NULL and not only.negated:
        return (replace(only, check=NotNull(), presence=Presence.REQUIRED),)
    if isinstance(only.check, HasSize) and only.check.bounds == Bounds(0, 0):
        return (replace(only, check=HasSize(Bounds(low=1)), presence=Presence.REQUIRED),)
    if isinstance(only.check, Equals | OneOf):
        presence = only.presence if only.negated else Presence.IF_PRESENT
        return (replace(only, negated=not only.negated, presence=presence),)
    return weakened(claims)


def either(left: Claims, right: Claims) -> Claims:
    """What holds where one of two conditions holds: an excuse beside a check, or a choice."""
    for excuse, stated in ((left, right), (right, left)):
        if len(excuse) == 1 and stated:
            excused = [_excused(excuse[0], each) for each in stated]
            if any(each is not None for each in excused):
                return tuple(
                    each or weakened((plain,))[0]
                    for each, plain in zip(excused, stated, strict=True)
                )
    return tuple(_choices(left, right)) or weakened((*left, *right))


def any_of(options: Sequence[Claims]) -> Claims:
    """What holds where at least one of `options` does; excuses may stand in any order."""
    found: Claims = options[-1] if options else ()
    for option in reversed(options[:-1]):
        found = either(option, found)
    return found


def _excused(excuse: Claim, stated: Claim) -> Claim | None:
    """`stated`, which need not hold where `excuse` does; None where `excuse` is no excuse."""
    if excuse.call != stated.call or excuse.subject.kind is not SubjectKind.BODY:
        return _excused_header(excuse, stated)
    place, values = excuse.subject.name, _values(excuse.check)
    if excuse.negated:
        condition = Condition(place, values or ())
        return replace(stated, conditions=(*stated.conditions, condition)) if values else None
    is_null = says_null(excuse)
    if not is_null and excuse.presence is not Presence.ABSENT:
        return None
    if excuse.subject == stated.subject:
        found = nullable(stated) if is_null else stated
        needed = is_null and excuse.presence is Presence.REQUIRED
        return found if needed else replace(found, presence=Presence.IF_PRESENT)
    if _lies_below(stated.subject.name, place):
        return replace(stated, guards=(*stated.guards, place))
    return None


def _lies_below(pointer: str, ancestor: str) -> bool:
    """Whether `pointer` leads through `ancestor`; GPath leaves open where an array is spread."""
    if pointer.startswith(ancestor + "/"):
        return True
    plain, above = pointer.replace("/*", ""), ancestor.replace("/*", "")
    return "/*" in pointer and (plain == above or plain.startswith(above + "/"))


def _excused_header(excuse: Claim, stated: Claim) -> Claim | None:
    """A header that is missing or null excuses what is said of it."""
    if excuse.subject != stated.subject or excuse.call != stated.call:
        return None
    if says_null(excuse) or excuse.presence is Presence.ABSENT:
        return replace(stated, presence=Presence.IF_PRESENT)
    return None


def says_null(claim: Claim) -> bool:
    """Whether `claim` says that its subject is null."""
    is_null = claim.check in (_NULL, HasType(frozenset({JsonType.NULL})))
    return is_null and not claim.negated


def nullable(claim: Claim) -> Claim:
    """`claim`, but null passes as well."""
    match claim.check:
        case HasType(types):
            return replace(claim, check=HasType(types | {JsonType.NULL}))
        case OneOf(values):
            return replace(claim, check=OneOf((*values, None)))
    return replace(claim, nullable=True)


def _choices(left: Claims, right: Claims) -> Iterator[Claim]:
    """For (a and b) or (c and d): a or c, b or d, where those can be said as one check."""
    for first in left:
        for second in right:
            if first.subject == second.subject and not (first.negated or second.negated):
                check = _choice(first.check, second.check)
                if check is not None:
                    missing = Presence.IF_PRESENT in (first.presence, second.presence)
                    presence = Presence.IF_PRESENT if missing else first.presence
                    yield replace(first, check=check, presence=presence)


def _choice(left: Check | None, right: Check | None) -> Check | None:
    if left == right:
        return left
    if isinstance(left, HasType) and isinstance(right, HasType):
        return HasType(left.types | right.types)
    values = (_values(left), _values(right))
    if values[0] is None or values[1] is None:
        return None
    return OneOf((*values[0], *values[1]))


def _values(check: Check | None) -> tuple[Json, ...] | None:
    match check:
        case OneOf(values):
            return values
        case Equals(Literal(value)):
            return (value,)
    return None
