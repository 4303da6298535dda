"""Assertions that are only made under conditions, and the conditions themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import (
    Condition,
    Contains,
    Equals,
    Literal,
    NotNull,
    OneOf,
    Presence,
    Subject,
    SubjectKind,
    body,
)
from pe4king_core.model.json import join
from pe4king_core.model.source import TestAssertion
from pe4king_core.model.text import Span
from pe4king_core.testcode.claims import Claim, Claims


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What one `if` around assertions says.

    `present` holds (call, subject, not null) of the parts it asks for; `opaque` marks a
    condition, or a part of one, that is not understood.
    """

    present: tuple[tuple[str, Subject, bool], ...] = ()
    conditions: tuple[Condition, ...] = ()
    when: int | None = None
    opaque: bool = False


OPAQUE = Circumstance(opaque=True)
_NONE = Circumstance()


def circumstance_of(claims: Claims, *, asks_presence: bool) -> Circumstance:
    """The condition that says `claims`; `asks_presence` where it only asks for a member."""
    each = claims[0] if len(claims) == 1 else None
    if each is None or each.negated or each.presence is Presence.ABSENT:
        return OPAQUE
    if each.subject.kind is SubjectKind.STATUS:
        match each.check:
            case Equals(Literal(int() as status)):
                return Circumstance(when=status)
    match each.check:
        case Contains(Literal(str() as key)) if asks_presence:
            inner = body(join(each.subject.name, key))
            return Circumstance(present=((each.call, inner, False),))
        case None if asks_presence:
            return Circumstance(present=((each.call, each.subject, False),))
    if each.subject.kind is not SubjectKind.BODY:
        return OPAQUE
    match each.check:
        case NotNull():
            return Circumstance(present=((each.call, each.subject, True),))
        case Equals(Literal(value)):
            return Circumstance(conditions=(Condition(each.subject.name, (value,)),))
        case OneOf(values):
            return Circumstance(conditions=(Condition(each.subject.name, values),))
    return OPAQUE


def joined(circumstances: Sequence[Circumstance]) -> Circumstance:
    """All of `circumstances` at once."""
    if not circumstances:
        return _NONE
    whens = {each.when for each in circumstances if each.when is not None}
    return Circumstance(
        tuple(present for each in circumstances for present in each.present),
        tuple(condition for each in circumstances for condition in each.conditions),
        next(iter(whens), None),
        any(each.opaque for each in circumstances) or len(whens) > 1,
    )


def assertion(
    number: int,
    span: Span,
    text: str,
    claim: Claim,
    around: Circumstance,
    library: str = "",
    soft: str = "",
    via: tuple[str, ...] = (),
) -> TestAssertion:
    """`claim` as assertion number `number`, made under the conditions `around`."""
    identity = f"A{number}"
    presence, nullable, guards, opaque = _qualified(claim, around)
    conditions = (*claim.conditions, *around.conditions)
    check = None if claim.negated else claim.check
    return TestAssertion(
        identity,
        span,
        text,
        claim.call,
        claim.subject,
        check,
        Presence.IF_PRESENT if opaque else presence,
        guards,
        conditions,
        around.when,
        nullable,
        opaque,
        library,
        soft,
        via,
    )


def _qualified(claim: Claim, around: Circumstance) -> tuple[Presence, bool, tuple[str, ...], bool]:
    """Presence, whether null passes, guards, and whether a condition is about something else."""
    presence, nullable, opaque = claim.presence, claim.nullable, around.opaque
    guards = list(claim.guards)
    for call, present, not_null in around.present:
        if call != claim.call or present.kind is not claim.subject.kind:
            opaque = True
        elif present == claim.subject:
            presence = Presence.IF_PRESENT
            nullable = nullable or not_null
        elif claim.subject.name.startswith(present.name + "/"):
            guards.append(present.name)
        else:
            opaque = True
    return presence, nullable, tuple(dict.fromkeys(guards)), opaque
