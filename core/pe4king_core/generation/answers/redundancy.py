"""Facts that go without saying beside others of the same place."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Equals,
    HasFormat,
    HasType,
    Matches,
    OneOf,
    Presence,
)

_TELLS_TYPE = (Equals, OneOf, HasFormat, Matches)
Ordered = tuple[tuple[int, ...], AssertionFact]


def check_key(check: Check | None) -> Hashable:
    """Equal for equal checks; told by their text where JSON's 1 and true would be one."""
    return repr(check) if isinstance(check, Equals | OneOf) else check


def without_implied(facts: Sequence[Ordered]) -> list[Ordered]:
    """`facts`, each once, without those that others of their place imply."""
    places: dict[Hashable, list[AssertionFact]] = {}
    for _, fact in facts:
        places.setdefault(_place(fact), []).append(fact)
    seen: set[Hashable] = set()
    kept: list[Ordered] = []
    for order, fact in facts:
        here = places[_place(fact)]
        if len(here) > 1:
            key = (_place(fact), check_key(fact.check))
            if key in seen or any(_implies(other, fact) for other in here):
                continue
            seen.add(key)
        kept.append((order, fact))
    return kept


def _place(fact: AssertionFact) -> Hashable:
    return fact.subject, fact.conditions


def _implies(fact: AssertionFact, other: AssertionFact) -> bool:
    """Whether `other` says only that there is a value, or a text, where `fact` says which."""
    if fact.check is None or fact is other:
        return False
    if other.check is not None and not (
        isinstance(other.check, HasType) and isinstance(fact.check, _TELLS_TYPE)
    ):
        return False
    wherever = fact.presence is Presence.REQUIRED or other.presence is fact.presence
    return (
        wherever
        and (other.nullable or not fact.nullable or other.check is None)
        and set(fact.guards) <= set(other.guards)
    )
