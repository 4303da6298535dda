"""Scripts for the answers that a test was not content with, from what it asserts of them.

Only what did not hold is scripted, so that all else stays as it is: what is made is found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.scripts import Script
from pe4king_core.model.fact import (
    STATUS,
    AssertionFact,
    Equals,
    InRange,
    Literal,
    OneOf,
    SubjectKind,
)
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import TestCall, TestFunction
from pe4king_core.proof.baseline.truth import Told, fact_of, is_false, told
from pe4king_core.proof.baseline.values import changed_members, with_claim

Operations = Mapping[str, Operation]
"""What the calls of a test mean, by their ids."""


_INVALID = frozenset({Why.INVALID, Why.MEDIA_TYPE, Why.CREDENTIALS, Why.ACCEPT})
_REFUSALS = _INVALID | {Why.MISSING}
"""In the place of these answers a script has to play whatever was sent."""


def amended(
    test: TestFunction,
    operations: Operations,
    seen: Sequence[Handled],
    scripts: Sequence[Script] = (),
) -> tuple[Script, ...]:
    """`scripts` with those that give `test` what it asserts and did not see in `seen`.

    The same scripts where there is nothing to be added.
    """
    found = {(each.operation, each.nth): each for each in scripts}
    for call, nth, handled in _pairs(test, operations, seen):
        name = operations[call.id].key
        before = found.get((name, nth)) or Script(name, nth=nth)
        after = _scripted(before, list(_facts(test, call)), handled)
        if after != before:
            found[(name, nth)] = after
    return tuple(found.values())


def _pairs(
    test: TestFunction, operations: Operations, seen: Sequence[Handled]
) -> Iterator[tuple[TestCall, int | None, Handled]]:
    """The calls of a test with what they got; the number counts calls of the same operation."""
    known = [each for each in test.calls if each.id in operations and each.blocked is None]
    for call in known:
        key = operations[call.id].key
        same = [each for each in known if operations[each.id].key == key]
        got = [each for each in seen if each.operation is not None and each.operation.key == key]
        if len(same) == 1:
            yield from ((call, None, each) for each in got[:1])
            continue
        number = same.index(call)
        if number < len(got):
            yield call, number + 1, got[number]


def _facts(test: TestFunction, call: TestCall) -> Iterator[AssertionFact]:
    for assertion in test.assertions:
        fact = fact_of(assertion) if assertion.call == call.id else None
        if fact is not None:
            yield fact


def _scripted(script: Script, facts: Sequence[AssertionFact], handled: Handled) -> Script:
    """`script` with what makes the false ones of `facts` true."""
    answer = told(handled)
    wrong = [fact for fact in facts if is_false(fact, answer)]
    statuses = [_status(fact, handled) for fact in wrong if fact.subject == STATUS]
    if handled.why in _INVALID and not any(_tells_status(fact) for fact in facts):
        statuses = [_other_refusal(handled)]
    status = next((each for each in statuses if each is not None), None)
    if status is not None:
        # What else is wrong is seen when the status is right.
        return _with_status(script, status, handled, answer)
    if statuses:
        return script
    for fact in wrong:
        script = _with(script, fact, handled)
    return _with_body(script, wrong, answer)


def _with_status(script: Script, status: int, handled: Handled, answer: Told) -> Script:
    """With another status; a refusal still says what is wrong, where it is written the same way."""
    always = script.always or handled.why in _REFUSALS
    script = replace(script, status=status, always=always)
    operation, before = handled.operation, handled.response
    after = operation.response_for(status) if operation is not None else None
    if handled.why not in _INVALID or before is None or after is None or not answer.has_json:
        return script
    one, other = before.json, after.json
    if one is None or other is None or one.schema != other.schema:
        return script
    return replace(script, body=answer.body, has_body=True)


def _tells_status(fact: AssertionFact) -> bool:
    return fact.subject == STATUS and fact.check is not None


def _other_refusal(handled: Handled) -> int | None:
    """Of the two statuses for invalid requests the other one, where it is documented."""
    operation, given = handled.operation, handled.answer.status
    found = (each for each in (422, 400) if each != given)
    if operation is None or given not in (400, 422):
        return None
    return next((each for each in found if operation.response_for(each) is not None), None)


def _status(fact: AssertionFact, handled: Handled) -> int | None:
    """The status that is asserted, where the operation documents it.

    A request that is invalid is refused, in whichever way the test wants.
    """
    operation = handled.operation
    if operation is None:
        return None
    wanted: list[int] = []
    match fact.check:
        case Equals(Literal(int() as value)):
            wanted = [value]
        case OneOf(values):
            wanted = [each for each in values if isinstance(each, int)]
        case InRange(bounds):
            listed = [int(code) for code in operation.responses if code.isdecimal()]
            wanted = [each for each in listed if bounds.contains(each)]
    if handled.why in _INVALID:
        wanted = [each for each in wanted if each >= 400]
    return next((each for each in wanted if operation.response_for(each) is not None), None)


def _with(script: Script, fact: AssertionFact, handled: Handled) -> Script:
    """With what is asserted of headers and of the content type."""
    match fact.check:
        case Equals(Literal(str() as value)) | OneOf((str() as value, *_)):
            pass
        case _:
            return script
    if fact.subject.kind is SubjectKind.HEADER:
        name = fact.subject.name
        others = [each for each in script.headers if each[0].lower() != name.lower()]
        return replace(script, headers=(*others, (name, value)))
    response = handled.response
    if fact.subject.kind is SubjectKind.CONTENT_TYPE and response is not None:
        media = next((name for name in response.content if name.startswith(value)), "")
        return replace(script, media_type=media or script.media_type)
    return script


def _with_body(script: Script, wrong: Sequence[AssertionFact], answer: Told) -> Script:
    if not answer.has_json:
        return script
    body = answer.body
    for fact in wrong:
        if fact.subject.kind is SubjectKind.BODY:
            body = with_claim(body, fact.subject.name, fact.check)
    if body == answer.body:
        return script
    members = None if script.has_body else changed_members(answer.body, body)
    if members is None:
        return replace(script, body=body, has_body=True)
    return replace(script, members={**script.members, **members})
