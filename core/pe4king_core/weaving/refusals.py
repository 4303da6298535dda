"""When an assertion must not be written, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Equals,
    Literal,
    OneOf,
    SubjectKind,
)
from pe4king_core.model.message import Message
from pe4king_core.model.source import (
    SourceLanguage,
    TestAssertion,
    TestCall,
    TestFunction,
)
from pe4king_core.weaving.reasons import OPEN_STATUS, OTHER_STATUS


def refusal(test: TestFunction, call: TestCall) -> Message | None:
    """Why nothing may be woven behind `call`; None where something may."""
    if call.blocked is not None:
        return call.blocked
    statuses = _status_checks(test, call)
    if statuses and all(check is None for check in statuses):
        return OPEN_STATUS
    if test.parametrized and _rows_disagree(test, call):
        return OPEN_STATUS
    return None


def _rows_disagree(test: TestFunction, call: TestCall) -> bool:
    """Whether the expected status is a parameter that differs between the rows of a table."""
    names = "|".join(map(re.escape, test.parameters))
    return bool(names) and any(
        isinstance(each.check, OneOf)
        and len(set(each.check.values)) > 1
        and re.search(rf"(?<![\w.\"'])(?:{names})\b", each.text) is not None
        for each in _of_status(test, call)
    )


def _status_checks(test: TestFunction, call: TestCall) -> list[Check | None]:
    return [each.check for each in _of_status(test, call)]


def _of_status(test: TestFunction, call: TestCall) -> list[TestAssertion]:
    return [
        each
        for each in test.assertions
        if each.call == call.id
        and each.subject is not None
        and each.subject.kind is SubjectKind.STATUS
    ]


def status_refusal(
    test: TestFunction, call: TestCall, fact: AssertionFact, facts: Sequence[AssertionFact]
) -> Message | None:
    """Why `fact`, which may be limited to one status, does not fit what the test expects."""
    expected = expected_status(test, call, facts)
    if fact.when is None or expected == fact.when:
        return None
    if expected is not None:
        return OTHER_STATUS
    return OPEN_STATUS if test.language is SourceLanguage.JAVA else None


def expected_status(
    test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> int | None:
    """The one status that the test, or one of `facts`, asserts for `call`."""
    stated = [fact.check for fact in facts if fact.subject.kind is SubjectKind.STATUS]
    found = {
        status for check in (*_status_checks(test, call), *stated) for status in _statuses(check)
    }
    return next(iter(found)) if len(found) == 1 else None


def _statuses(check: Check | None) -> tuple[int, ...]:
    match check:
        case Equals(Literal(int() as status)):
            return (status,)
        case OneOf(values):
            return tuple(value for value in values if isinstance(value, int))
    return ()
