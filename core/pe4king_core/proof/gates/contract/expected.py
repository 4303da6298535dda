"""Which answers a test expects of a call, and whether it means its request to be refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pe4king_core.model.fact import STATUS, Check, Equals, InRange, Literal, OneOf
from pe4king_core.model.operation import Operation, Response
from pe4king_core.model.source import TestAssertion, TestCall, TestFunction

_MARK = re.compile(r"mark\s*\.\s*negative\b|@Tag\s*\(\s*\"negative\"\s*\)|\bNEGATIVE\b", re.I)
_WORDS = re.compile(
    r"reject|refus|invalid|negative|denied|deny|forbid|unauthori[sz]ed|unauthenticated"
    r"|not_?found|missing|unknown|nonexist|non_exist|does_?not_?exist|malformed|unsupported"
    r"|wrong|bad_?request|illegal|without_|unexpected|undocumented|not_?allowed|fails?_|error"
    r"|(?:^|[_.])bad(?:_|$)|answers_?4\d\d|returns_?4\d\d|too_?(?:long|short|many|few|large|small)|4\d\d",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the assertions say of the status of one call.

    `named` are the statuses that are written out, with the assertion that does it; `marked`:
    the test says by its markers or its name that it is a negative one; `refused`: nothing but
    errors pass, those of the client among them.
    """

    named: tuple[tuple[int, TestAssertion], ...]
    checks: tuple[Check | None, ...]
    marked: bool
    refused: bool
    untold: bool = False
    """It is not told by assertions that can be read."""

    @property
    def deliberate(self) -> bool:
        """Whether the request is wrong on purpose, and the test says so."""
        return self.marked and (self.refused or self.untold)

    @property
    def no_method(self) -> bool:
        """Whether the test expects to be told that there is no such method."""
        return bool(self.named) and all(status in (405, 501) for status, _ in self.named)

    def responses(self, operation: Operation) -> tuple[Response, ...]:
        """The documented answers that pass."""
        if not self.checks:
            return tuple(operation.responses.values())
        if self.named:
            every = (operation.response_for(status) for status, _ in self.named)
            found = {each.pointer: each for each in every if each is not None}
            return tuple(found.values())
        return tuple(
            response
            for code, response in operation.responses.items()
            if any(_passes(self.checks, status) for status in _statuses(code))
        )


def expected(test: TestFunction, call: TestCall, text: str) -> Expected:
    """What `test`, a part of `text`, expects of `call`."""
    found = [each for each in test.assertions if each.call == call.id and each.subject == STATUS]
    named = [(status, each) for each in found for status in _named(each.check)]
    named += [
        (each.when, each)
        for each in test.assertions
        if each.call == call.id and each.when is not None and each.subject == STATUS
    ]
    head = text[test.span.start : test.body_span.start]
    title = test.qualified_name
    marked = bool(_MARK.search(head)) or bool(_WORDS.search(_snake(title)))
    unread = any(a.subject is None and a.call in (call.id, None) for a in test.assertions)
    checks = tuple(each.check for each in found)
    return Expected(tuple(named), checks, marked, _refused(checks), unread and not checks)


def _refused(checks: tuple[Check | None, ...]) -> bool:
    if not checks:
        return False
    first = next((status for status in range(100, 600) if _passes(checks, status)), 0)
    return 400 <= first < 500


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _named(check: Check | None) -> Iterable[int]:
    match check:
        case Equals(Literal(int() as status)):
            return (status,)
        case OneOf(values):
            return [each for each in values if isinstance(each, int)]
    return ()


def _passes(checks: Iterable[Check | None], status: int) -> bool:
    """Whether the status passes those of `checks` that are ranges or lists."""
    return all(_holds(check, status) for check in checks)


def _holds(check: Check | None, status: int) -> bool:
    match check:
        case InRange(bounds):
            return bounds.contains(status)
        case Equals(Literal()) | OneOf():
            return status in _named(check)
    return True


def _statuses(code: str) -> Iterable[int]:
    """Statuses that the documented answer `code` may have."""
    if code.isdecimal():
        return (int(code),)
    return range(int(code[0]) * 100, int(code[0]) * 100 + 100) if code[:1].isdecimal() else ()
