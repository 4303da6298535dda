"""Which missing checks are worth most: those that catch the most, the soonest understood first.

A check of what must be there beats one of what may be there, the value beats its type, the top
of an answer beats its depths, and the first check of a field beats the second of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Matches,
    MultipleOf,
    OneOf,
    Presence,
    SubjectKind,
)
from pe4king_core.model.json import EACH, split

_SUBJECTS = {
    SubjectKind.STATUS: 100,
    SubjectKind.BODY: 80,
    SubjectKind.CONTENT_TYPE: 60,
    SubjectKind.HEADER: 45,
}
_CHECKS: tuple[tuple[type, int], ...] = (
    (Equals, 7),
    (OneOf, 6),
    (HasFormat, 5),
    (Matches, 5),
    (HasType, 4),
    (InRange, 3),
    (HasLength, 3),
    (HasSize, 3),
    (MultipleOf, 2),
)
_REQUIRED = 10
_LEVEL = 8
_CONDITION = 5
_REPEATED = 9
"""What each earlier check of the same place takes from the next one."""
_LAW = 12
"""Behaviour is only ever proposed where somebody asked for it."""


def ranked(facts: Iterable[AssertionFact]) -> tuple[AssertionFact, ...]:
    """`facts`, the most valuable first; equals keep their order."""
    seen: Counter[tuple[str, str]] = Counter()
    scored: list[tuple[int, AssertionFact]] = []
    for fact in facts:
        place = (fact.call, str(fact.subject))
        scored.append((worth(fact) - _REPEATED * seen[place], fact))
        seen[place] += 1
    return tuple(fact for _, fact in sorted(scored, key=lambda item: -item[0]))


def most_valuable(facts: Iterable[AssertionFact], limit: int) -> tuple[AssertionFact, ...]:
    """The `limit` most valuable of `facts`, in the order in which they came."""
    listed = tuple(facts)
    kept = {id(fact) for fact in ranked(listed)[:limit]}
    return tuple(fact for fact in listed if id(fact) in kept)


def worth(fact: AssertionFact) -> int:
    """How much one fact is worth by itself; only the order of the numbers means anything."""
    value = _SUBJECTS[fact.subject.kind]
    if fact.subject.kind is SubjectKind.BODY:
        names = [token for token in split(fact.subject.name) if token != EACH]
        value -= _LEVEL * len(names)
    value += _REQUIRED * (fact.presence is Presence.REQUIRED and not fact.guards)
    value += next((more for kind, more in _CHECKS if isinstance(fact.check, kind)), 0)
    value -= _CONDITION * (bool(fact.conditions) + fact.nullable)
    return value + _LAW * (fact.basis is Basis.LAW)
