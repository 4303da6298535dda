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
    CallStyle,
    SourceLanguage,
    TestCall,
    TestFile,
    TestFunction,
)
from pe4king_core.weaving.reasons import BARE, FOREIGN_CLIENT, OPEN_STATUS, OTHER_STATUS

_FOREIGN = frozenset({"aiohttp"})


def refusal(file: TestFile, test: TestFunction, call: TestCall) -> Message | None:
    """Why nothing may be woven behind `call`; None where something may."""
    if call.blocked is not None:
        return call.blocked
    if call.style is CallStyle.BARE:
        return BARE
    if file.client in _FOREIGN or _awaits_body(file, test, call):
        return FOREIGN_CLIENT
    statuses = _status_checks(test, call)
    if statuses and all(check is None for check in statuses):
        return OPEN_STATUS
    return None


def _awaits_body(file: TestFile, test: TestFunction, call: TestCall) -> bool:
    """Clients whose response is read in other ways than that of requests and httpx."""
    if file.language is not SourceLanguage.PYTHON or call.response is None:
        return False
    name = re.escape(call.response)
    inside = test.span.of(file.text)
    return re.search(rf"await\s+{name}\.|(?<![\w.]){name}\.status\b", inside) is not None


def _status_checks(test: TestFunction, call: TestCall) -> list[Check | None]:
    return [
        each.check
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
