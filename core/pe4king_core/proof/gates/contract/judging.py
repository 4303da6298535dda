"""Everything in the tests of one file that the documents do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pe4king_core.model.json import join, split
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestAssertion, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.contract import answers, requests, wording
from pe4king_core.proof.gates.contract.answers import Answers
from pe4king_core.proof.gates.contract.asked import Asked, asked
from pe4king_core.proof.gates.contract.calls import Meaning, chosen, meaning
from pe4king_core.proof.gates.contract.expected import Expected, expected
from pe4king_core.proof.gates.contract.finding import Finding, Problem
from pe4king_core.proof.gates.contract.places import pointers
from pe4king_core.testcode.reasons import HIDDEN_CALL

_SCHEMAS = {"pydantic": "BaseModel", "jsonschema": "properties"}
"""Libraries whose checks name fields elsewhere, with what such a place looks like."""
_REFUSED = (401, 403)
_USUAL = frozenset({400, 401, 403, 404, 405, 406, 411, 413, 414, 415, 422, 431})
"""Statuses that speak of a wrong request, whatever the API is about (RFC 9110, 15.5; RFC 6585)."""
_NAMES = re.compile(r'"([A-Za-z_][\w$-]*)"|\'([A-Za-z_][\w$-]*)\'')
_PATH = re.compile(r"""["'](?:https?://[^"'/]+)?/[\w{}/.-]+["']""")
_MESSAGE = re.compile(r',\s*f?(?:"[^"]*"|\'[^\']*\')\s*\Z')


def findings(file: TestFile, documents: Sequence[ApiDocument]) -> Iterator[Finding]:
    """What is wrong in `file`, test by test."""
    ordered = chosen((call for test in file.tests for call in test.calls), documents)
    for test in file.tests:
        yield from _Judging(file, test, ordered).all()


@dataclass(frozen=True, slots=True)
class _Understood:
    """One call with what it means and expects."""

    call: TestCall
    meant: Meaning
    expected: Expected
    asked: Asked | None = None


class _Judging:
    """One test beside the documents."""

    def __init__(
        self, file: TestFile, test: TestFunction, documents: Sequence[ApiDocument]
    ) -> None:
        self._text = file.text
        self._test = test
        self._calls = [self._understood(call, documents) for call in test.calls]
        self._answers = {
            each.call.id: _answers(each.expected, each.meant.operation)
            for each in self._calls
            if each.meant.operation is not None
        }

    def _understood(self, call: TestCall, documents: Sequence[ApiDocument]) -> _Understood:
        meant = meaning(call, documents)
        wanted = expected(self._test, call, self._text)
        if meant.operation is None:
            return _Understood(call, meant, wanted)
        return _Understood(call, meant, wanted, asked(self._test, call, meant.operation))

    def all(self) -> Iterator[Finding]:
        """Every finding of the test."""
        for each in self._calls:
            yield from self._call(each)
        if not self._calls and _PATH.search(self._test.body_span.of(self._text)):
            reason = wording.unread_call(self._test.name, HIDDEN_CALL)
            yield Finding(LevelState.WARNED, reason, self._test.name_span)
        for assertion in self._test.assertions:
            yield from self._assertion(assertion)
        yield from self._variables()

    def _call(self, each: _Understood) -> Iterator[Finding]:
        if each.asked is None:
            yield from self._unmatched(each)
            return
        call, problems = each.call, list(requests.invented(each.asked, each.meant.document))
        if each.meant.problem is not None:
            reason = wording.unread_call(self._test.name, each.meant.problem)
            yield Finding(LevelState.WARNED, reason, call.span, via=bool(call.via))
        if not each.expected.deliberate:
            for problem in problems:
                yield from self._graded(each, problem)
            if not (each.expected.refused or each.expected.untold):
                yield from self._impossible(each.asked)
        yield from self._statuses(each, each.asked)
        yield from self._unread_body(each.asked)

    def _graded(self, each: _Understood, problem: Problem) -> Iterator[Finding]:
        """What is wrong on purpose is not invented; a name that is not there has to say so."""
        if each.expected.refused and problem.wrong:
            return
        if each.expected.refused or each.expected.untold:
            marked = each.expected.marked
            reason = problem.reason if marked else wording.unmarked(problem.reason)
            problem = Problem(False, reason, problem.name)
        yield self._finding(problem, each.call.span, via=bool(each.call.via))

    def _unmatched(self, each: _Understood) -> Iterator[Finding]:
        meant, call = each.meant, each.call
        meant_so = each.expected.deliberate or each.expected.no_method
        if meant.problem is None or (meant.method and meant_so):
            return
        if not meant.certain:
            reason = wording.unread_call(self._test.name, meant.problem)
            yield Finding(LevelState.WARNED, reason, call.span, via=bool(call.via))
            return
        literal = [each for each in call.path.split("/") if each and each != "{}"]
        name = literal[-1] if literal else ""
        yield from self._graded(each, Problem(True, meant.problem, name))

    def _impossible(self, request: Asked) -> Iterator[Finding]:
        for name, value in requests.impossible(request):
            reason = wording.impossible_value(name or "the body", str(value))
            found = Problem(False, reason, str(value))
            yield self._finding(found, request.call.span, via=bool(request.call.via))

    def _unread_body(self, request: Asked) -> Iterator[Finding]:
        if request.is_open:
            reason = wording.unread_body(self._test.name, request.operation.key)
            yield Finding(LevelState.WARNED, reason, request.call.span, via=bool(request.call.via))

    def _statuses(self, each: _Understood, request: Asked) -> Iterator[Finding]:
        operation = request.operation
        told: set[int] = set()
        for status, assertion in each.expected.named:
            if operation.response_for(status) is not None or status in told:
                continue
            told.add(status)
            usual = not operation.success_statuses and 200 <= status < 300
            if usual or self._is_refusal(status, each, request):
                continue
            reason = wording.unknown_status(status, operation.key, list(operation.responses))
            yield self._finding(
                Problem(bool(operation.responses), reason, str(status)),
                assertion.span,
                via=bool(assertion.via),
            )

    def _is_refusal(self, status: int, each: _Understood, request: Asked) -> bool:
        """Whether an error that the document does not have follows from the request."""
        if status not in _USUAL:
            return False
        if each.expected.marked or (status in _REFUSED and request.operation.security):
            return True
        return each.expected.refused and requests.invalid(request, each.meant.document)

    def _assertion(self, assertion: TestAssertion) -> Iterator[Finding]:
        via = bool(assertion.via)
        if assertion.subject is None:
            if self._calls:
                reason = wording.unread(self._test.name, assertion.text)
                yield Finding(LevelState.WARNED, reason, assertion.span, via=via)
            return
        library = _SCHEMAS.get(assertion.library)
        if library is not None and assertion.check is None:
            reason = wording.unread_model(self._test.name)
            yield Finding(LevelState.WARNED, reason, assertion.span, library, via=True)
        if assertion.check is None and not via and self._says_more(assertion):
            reason = wording.unread(self._test.name, assertion.text)
            yield Finding(LevelState.WARNED, reason, assertion.span)
        own = self._answers.get(assertion.call or "")
        if own is None:
            return
        for problem in answers.invented(assertion, own, self._answers):
            yield self._finding(problem, assertion.span, via=via)

    def _says_more(self, assertion: TestAssertion) -> bool:
        """Whether its text has names that nothing of what was read from it has."""
        written = {a or b for a, b in _NAMES.findall(_MESSAGE.sub("", assertion.text))}
        if not written:
            return False
        same = [each for each in self._test.assertions if each.span == assertion.span]
        said = " ".join(f"{each.subject} {each.check!r} {each.conditions!r}" for each in same)
        left = [name for name in written if name not in said]
        return bool(left) and not self._documented.issuperset(left)

    @cached_property
    def _documented(self) -> frozenset[str]:
        """The names of everything in the answers that the test may get."""
        found = {
            name
            for own in self._answers.values()
            for each in own.responses
            for name in each.headers
        }
        for own in self._answers.values():
            found |= {split(pointer)[-1] for pointer in pointers(own.body)}
        return frozenset(found)

    def _variables(self) -> Iterator[Finding]:
        """Places of answers that the test keeps under a name."""
        for variable in self._test.body_variables:
            own = self._answers.get(variable.call)
            for problem in answers.place(variable.pointer, own) if own is not None else ():
                yield self._finding(problem, Span(variable.offset, variable.offset))
        for model in self._test.model_variables:
            own = self._answers.get(model.call)
            if own is None:
                continue
            for name, _ in model.members:
                yield from self._member(join(model.pointer, name), own, model.offset)

    def _member(self, pointer: str, own: Answers, offset: int) -> Iterator[Finding]:
        """A field of a class that an answer is read into; it may be filled in another way."""
        for problem in answers.place(pointer, own):
            told = Problem(False, problem.reason, problem.name)
            yield self._finding(told, Span(offset, offset), via=True)

    def _finding(self, problem: Problem, span: Span, *, via: bool = False) -> Finding:
        state = LevelState.FAILED if problem.certain else LevelState.WARNED
        return Finding(state, problem.reason, self._place(problem.name, span), problem.name, via)

    def _place(self, name: str, span: Span) -> Span:
        """Where `name` stands in the part `span`, else in the test."""
        if not name:
            return span
        pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        for part in (span, self._test.span):
            found = pattern.search(self._text, part.start, part.end)
            if found is not None:
                return Span(found.start(), found.end())
        return span


def _answers(wanted: Expected, operation: Operation) -> Answers:
    """The answers that the test may get; of an error that is not documented, any other error."""
    found = wanted.responses(operation)
    if not found and wanted.refused:
        errors = [each for code, each in operation.responses.items() if code[:1] in ("4", "d")]
        found = tuple(errors)
    return Answers(operation, found, tuple(status for status, _ in wanted.named))
