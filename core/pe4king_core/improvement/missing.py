"""What a test could check and does not: the promised facts minus those it checks already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pe4king_core.generation.answers.answers import status_fact
from pe4king_core.generation.answers.assertions import shared_facts
from pe4king_core.improvement.expectation import expectation
from pe4king_core.improvement.laws import law_facts
from pe4king_core.improvement.ranking import most_valuable
from pe4king_core.model.case import Depth, Focus
from pe4king_core.model.fact import (
    AssertionFact,
    ChangeIn,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Matches,
    MultipleOf,
    OneOf,
    OnlyMembers,
    SubjectKind,
    Unique,
)
from pe4king_core.model.json import split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import CallStyle, TestCall, TestFunction
from pe4king_core.testcode.coverage import is_covered
from pe4king_core.testcode.reasons import DEFERRED

_FOCUS: dict[Focus, tuple[type, ...]] = {
    Focus.TYPES: (HasType, HasFormat, OneOf, Matches, OnlyMembers),
    Focus.BOUNDS: (InRange, HasLength, HasSize, MultipleOf, Unique),
}
_ONLY_SUCCESS = Message("the only documented success", "единственный успешный ответ в документе")


def missing_facts(
    test: TestFunction,
    call: TestCall,
    operation: Operation,
    source: str,
    *,
    depth: Depth = Depth.L5_TYPES,
    focus: frozenset[Focus] = frozenset(),
    limit: int | None = None,
) -> tuple[AssertionFact, ...]:
    """The facts promised for `call` that `test`, a part of `source`, does not check yet.

    In reading order, only the `limit` most valuable ones where there is a limit. Where the test
    allows several documented answers, what all of them promise. None where the expected answer
    cannot be told (`expectation` says why), and none for what a fixture or a set-up method calls
    for itself. `depth` L6 or the focus on rules adds facts that rest on laws.
    """
    if not is_judged(test, call):
        return ()
    expected = expectation(test, call, operation, source)
    status = expected.status
    response = operation.response_for(status) if status is not None else None
    statuses = expected.several if status is None else (status,) if response else ()
    if not statuses:
        return ()
    facts: list[AssertionFact] = []
    if status is not None and response is not None and not expected.asserted:
        stated_status = status_fact(call.id, status)
        facts.append(replace(stated_status, source=response.pointer, reason=_ONLY_SUCCESS))
    facts += shared_facts(
        operation, statuses, call=call.id, depth=depth, asked_json=_reads_json(test, call)
    )
    chosen = _focused(facts, focus)
    if status is not None and (depth >= Depth.L6_RULES or Focus.RULES in focus):
        chosen += law_facts(test, call, operation, status)
    missing = tuple(fact for fact in chosen if not is_covered(test, fact))
    return missing if limit is None else most_valuable(missing, limit)


def is_judged(test: TestFunction, call: TestCall) -> bool:
    """Whether `test` is about the answer of `call`.

    What a fixture or a set-up method calls is the test's business only where the test keeps the
    answer and asserts on it itself, or makes no other call; what it hands to somebody to call
    later (a clean-up) where it asserts on the answer.
    """
    if call.unsure == DEFERRED:
        return any(item.call == call.id for item in test.assertions)
    if not call.setup:
        return True
    if call.style is CallStyle.BARE:
        return False
    if all(each.setup for each in test.calls):
        return True
    inside = test.body_span
    return any(
        item.call == call.id and inside.contains(item.span.start) for item in test.assertions
    )


def _reads_json(test: TestFunction, call: TestCall) -> bool:
    """Whether the test asks for JSON, or takes the answer for it."""
    if any(item.call == call.id for item in test.body_variables) or _accepts_json(test, call):
        return True
    return any(
        item.call == call.id
        and item.subject is not None
        and item.subject.kind is SubjectKind.BODY
        and item.subject.name
        for item in test.assertions
    )


def _accepts_json(test: TestFunction, call: TestCall) -> bool:
    accepted = [
        part.text.lower()
        for part in test.sent
        if part.call == call.id and part.where is ChangeIn.HEADER and part.name.lower() == "accept"
    ]
    return bool(accepted) and all("json" in text for text in accepted)


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
