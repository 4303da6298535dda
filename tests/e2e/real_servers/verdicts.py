"""What each failed test is: a disagreement of server and document, or unexplained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.fault import FaultKind
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Exchange, Sent
from pe4king_core.model.case import TestCase
from pe4king_core.model.fact import Basis, CaseKind, Credentials

ACCEPTS = "accepts what the document forbids"
REFUSES = "refuses what the document allows"
NOT_THERE = "nothing there to be had"
OTHER_ERROR = "another error than the documented one"
NEUTRAL = frozenset({NOT_THERE, OTHER_ERROR})
"""Failures that no validator can decide: the document allows what the server did."""
LAW = "a law that does not hold there"
UNEXPLAINED = "UNEXPLAINED"
_NO_ANSWER = 599


class Verdicts:
    """Judges failures against one raw document; `prefix` is what stands before its paths."""

    def __init__(self, document: Mapping[str, Any], prefix: str) -> None:
        self._requests = RequestJudge(document)
        self._answers = AnswerJudge(document)
        self._prefix = prefix

    def of(self, case: TestCase, exchanges: Sequence[Exchange]) -> tuple[str, str]:
        """The kind of a failure, and what the validator says."""
        called = self.under_test(case, exchanges)
        if called is None:
            return self._before(exchanges)
        faults = list(self._faults(called))
        if not self._is_wanted(case, called.answer.status):
            status = next(
                (each for each in faults if each[0] in (FaultKind.STATUS, FaultKind.SERVER_ERROR)),
                None,
            )
            return status or self._other_status(case, called)
        # The status is right: then what the answer holds is not.
        every = [*faults, *(fault for each in exchanges for fault in self._faults(each))]
        if every:
            return every[0]
        if case.basis is Basis.LAW:
            return LAW, f"{case.law}: {called.answer.body[:120]!r}"
        return UNEXPLAINED, f"{called.answer.status} {called.answer.body[:200]!r}"

    def _before(self, exchanges: Sequence[Exchange]) -> tuple[str, str]:
        """A test that did not come to its call: something was not created for it."""
        for exchange in reversed(exchanges):
            if exchange.answer.status >= 400:
                status = [
                    f
                    for f in self._faults(exchange)
                    if f[0] in (FaultKind.STATUS, FaultKind.SERVER_ERROR)
                ]
                return status[0] if status else self._refusal(exchange)
        faults = [fault for each in exchanges for fault in self._faults(each)]
        return faults[0] if faults else (UNEXPLAINED, "the call under test was not made")

    def _is_wanted(self, case: TestCase, status: int) -> bool:
        return status in case.statuses or (case.any_client_error and 400 <= status < 500)

    def _other_status(self, case: TestCase, called: Exchange) -> tuple[str, str]:
        if case.kind is CaseKind.NEGATIVE:
            return self._negative(case, called)
        if called.answer.status >= 400:
            return self._refusal(called)
        wanted = ", ".join(map(str, case.statuses))
        if case.basis is Basis.LAW:
            return LAW, f"{case.law}: {called.answer.status}, wanted {wanted}"
        return UNEXPLAINED, f"{called.answer.status}, wanted {wanted}"

    def under_test(self, case: TestCase, exchanges: Sequence[Exchange]) -> Exchange | None:
        """The call that the case is about: the one after its preparations."""
        later = exchanges[len(case.given) :]
        return next((e for e in later if self._template(e) == case.operation.path), None)

    def _template(self, exchange: Exchange) -> str | None:
        found = self._operation(exchange)
        return None if found is None else found[0].path

    def _operation(self, exchange: Exchange) -> Any:
        path = exchange.sent.target.split("?", maxsplit=1)[0].removeprefix(self._prefix)
        return self._requests.operations.matching(exchange.sent.method, path)

    def _faults(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        if exchange.answer.status == _NO_ANSWER:
            yield FaultKind.SERVER_ERROR, f"no answer: {exchange.answer.body[:80]!r}"
        found = self._operation(exchange)
        if found is None:
            return
        try:
            yield from self._answers.faults(exchange.sent.method, found[0].path, exchange.answer)
        except UnjudgedError as error:
            yield UNEXPLAINED, f"not judged: {error}"

    def _invalid(self, exchange: Exchange) -> list[str]:
        found = self._operation(exchange)
        if found is None:
            return ["no such operation"]
        sent = exchange.sent
        plain = Sent(sent.method, sent.target.removeprefix(self._prefix), sent.headers, sent.body)
        try:
            return self._requests.faults(plain, found[0].path)
        except UnjudgedError:
            return []

    def _refusal(self, exchange: Exchange) -> tuple[str, str]:
        """A request that a document allows got a documented error."""
        wrong = self._invalid(exchange)
        if wrong:
            return UNEXPLAINED, f"our request is not valid: {wrong[0]}"
        shown = f"{exchange.sent.method} {exchange.sent.target} -> {exchange.answer.status}"
        kind = NOT_THERE if exchange.answer.status in (404, 410) else REFUSES
        return kind, f"{shown} {exchange.answer.body[:120]!r}"

    def _negative(self, case: TestCase, exchange: Exchange) -> tuple[str, str]:
        shown = f"{exchange.sent.method} {exchange.sent.target} -> {exchange.answer.status}"
        if exchange.answer.status >= 400:
            wanted = ", ".join(map(str, case.statuses))
            return OTHER_ERROR, f"{shown}, the test wants {wanted}"
        if case.request.credentials is not Credentials.VALID:
            return ACCEPTS, f"{shown} without credentials"
        wrong = self._invalid(exchange)
        if wrong:
            return ACCEPTS, f"{shown}: {wrong[0]}"
        if case.basis is Basis.LAW:
            return LAW, f"{case.law}: {shown}"
        return UNEXPLAINED, f"{shown}, and the request is valid"
