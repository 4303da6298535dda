"""Facts of groups written out, for whoever wants every fact of a case by itself."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.model.case import PlacedGroup, TestCase
from pe4king_core.model.fact import AssertionFact, Condition, Presence, body
from pe4king_core.model.record import replace


def all_facts(case: TestCase) -> tuple[AssertionFact, ...]:
    """Every assertion of `case`: its own, then those of its groups."""
    when = case.statuses[0] if len(case.statuses) == 1 else None
    grouped = [
        fact for placed in case.groups for fact in facts_of(placed, call=case.call, when=when)
    ]
    return (*case.assertions, *grouped)


def facts_of(placed: PlacedGroup, *, call: str, when: int | None = None) -> Iterator[AssertionFact]:
    """The facts of a group as facts about the body of `call`, nested groups included."""
    for fact in placed.group.facts:
        yield placed_fact(fact, placed, call=call, when=when)
    for inner in placed.group.groups:
        yield from facts_of(placed_inside(inner, placed), call=call, when=when)


def placed_fact(
    fact: AssertionFact, placed: PlacedGroup, *, call: str = "", when: int | None = None
) -> AssertionFact:
    """`fact`, one of a group, as a fact about the body in which `placed` puts the group."""
    at_root = fact.subject.name == ""
    return AssertionFact(
        call,
        body(placed.pointer + fact.subject.name),
        fact.check,
        placed.presence if at_root else fact.presence,
        placed.nullable or fact.nullable if at_root else fact.nullable,
        _guards(placed, fact.guards, at_root=at_root),
        _conditions(placed, fact.conditions),
        when,
        fact.basis,
        fact.source,
        fact.reason,
        fact.law,
    )


def placed_inside(inner: PlacedGroup, placed: PlacedGroup) -> PlacedGroup:
    """`inner`, nested in a group, as a group of the body in which `placed` puts the outer one."""
    return PlacedGroup(
        placed.pointer + inner.pointer,
        inner.group,
        inner.presence,
        inner.nullable,
        _guards(placed, inner.guards, at_root=False),
        _conditions(placed, inner.conditions),
    )


def _guards(placed: PlacedGroup, inner: tuple[str, ...], *, at_root: bool) -> tuple[str, ...]:
    """What may be absent or null above a fact: the group's own place too, below its root."""
    optional = placed.presence is Presence.IF_PRESENT or placed.nullable
    own = (placed.pointer,) if optional and not at_root else ()
    moved = tuple([placed.pointer + pointer for pointer in inner]) if inner else ()
    return placed.guards + own + moved


def _conditions(placed: PlacedGroup, inner: tuple[Condition, ...]) -> tuple[Condition, ...]:
    if not inner:
        return placed.conditions
    moved = (replace(each, pointer=placed.pointer + each.pointer) for each in inner)
    return (*placed.conditions, *moved)
