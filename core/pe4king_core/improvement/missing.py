"""What a test could check and does not: the promised facts minus those it checks already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pe4king_core.generation.assertions import response_facts, status_fact
from pe4king_core.model.case import Depth, Focus
from pe4king_core.model.fact import (
    STATUS,
    AssertionFact,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    OneOf,
    Unique,
)
from pe4king_core.model.json import split
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import TestCall, TestFunction
from pe4king_core.testcode.coverage import is_covered

_FOCUS: dict[Focus, tuple[type, ...]] = {
    Focus.TYPES: (HasType, HasFormat, OneOf, Matches),
    Focus.BOUNDS: (InRange, HasLength, HasSize, MultipleOf, Unique),
}


def asserted_status(test: TestFunction, call: TestCall) -> int | None:
    """The one status that the test asserts for `call`, if it asserts exactly one."""
    for assertion in test.assertions:
        if assertion.call == call.id and assertion.subject == STATUS:
            match assertion.check:
                case Equals(Literal(int() as status)):
                    return status
                case OneOf((int() as status,)):
                    return status
    return None


def expected_status(test: TestFunction, call: TestCall, operation: Operation) -> int | None:
    """The asserted status, else the first documented success where the test asserts none.

    None where the test speaks of the status in a way that allows several.
    """
    asserted = asserted_status(test, call)
    if asserted is not None:
        return asserted
    if any(item.call == call.id and item.subject == STATUS for item in test.assertions):
        return None
    return next(iter(operation.success_statuses), None)


def missing_facts(
    test: TestFunction,
    call: TestCall,
    operation: Operation,
    *,
    depth: Depth = Depth.L5_TYPES,
    focus: frozenset[Focus] = frozenset(),
) -> tuple[AssertionFact, ...]:
    """The facts promised for `call` that `test` does not check yet, in reading order."""
    status = expected_status(test, call, operation)
    if status is None or operation.response_for(status) is None:
        return ()
    facts: list[AssertionFact] = []
    if asserted_status(test, call) is None:
        facts.append(status_fact(call.id, status))
    facts += response_facts(operation, status, call=call.id, depth=depth)
    return tuple(fact for fact in _focused(facts, focus) if not is_covered(test, fact))


def _focused(facts: Iterable[AssertionFact], focus: frozenset[Focus]) -> list[AssertionFact]:
    """Only what `focus` asks for; everything where it asks for nothing or for rules."""
    chosen = list(facts)
    kinds = tuple(kind for item in focus for kind in _FOCUS.get(item, ()))
    nested = Focus.NESTING in focus
    if not kinds and not nested:
        return chosen
    return [
        fact
        for fact in chosen
        if isinstance(fact.check, kinds) or (nested and len(split(fact.subject.name)) > 1)
    ]


def for_call(facts: Iterable[AssertionFact], call: str) -> tuple[AssertionFact, ...]:
    """`facts` said of another call."""
    return tuple(replace(fact, call=call) for fact in facts)
