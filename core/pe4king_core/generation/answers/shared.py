"""Facts that several answers have in common."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from pe4king_core.generation.answers.redundancy import check_key
from pe4king_core.model.fact import AssertionFact, Presence, SubjectKind
from pe4king_core.model.message import Message


def common_facts(answers: Sequence[Sequence[AssertionFact]]) -> tuple[AssertionFact, ...]:
    """What all of `answers` say, in the order of the first.

    Where all ask for a field and each checks it in its own way, that it is there.
    """
    first = answers[0]
    if all(facts == first for facts in answers[1:]):
        return tuple(first)
    common = set.intersection(*({_alike(fact) for fact in facts} for facts in answers))
    required = set.intersection(*(set(_required(facts)) for facts in answers))
    required -= {_place(fact) for fact in first if _alike(fact) in common}
    return tuple(_kept(first, common, required))


def _kept(
    facts: Sequence[AssertionFact], common: set[Hashable], required: set[Hashable]
) -> Iterator[AssertionFact]:
    for fact in facts:
        place = _place(fact)
        if _alike(fact) in common:
            yield fact
        elif place in required:
            required.discard(place)
            yield _presence(fact)


def _alike(fact: AssertionFact) -> Hashable:
    """Equal for facts that say the same, wherever in the document they come from."""
    return (*_place(fact), check_key(fact.check), fact.presence, fact.nullable)


def _place(fact: AssertionFact) -> tuple[Hashable, ...]:
    return fact.subject, fact.guards, fact.conditions


def _required(facts: Sequence[AssertionFact]) -> Iterator[Hashable]:
    for fact in facts:
        subject = fact.subject
        is_key = subject.kind is SubjectKind.BODY and subject.name and subject.name[-2:] != "/*"
        if fact.presence is Presence.REQUIRED and (is_key or subject.kind is SubjectKind.HEADER):
            yield _place(fact)


def _presence(fact: AssertionFact) -> AssertionFact:
    name = fact.subject.name.rpartition("/")[2]
    return AssertionFact(
        fact.call,
        fact.subject,
        guards=fact.guards,
        conditions=fact.conditions,
        source=fact.source,
        reason=Message(en=f"{name} is required", ru=f"поле {name} обязательно"),
    )
