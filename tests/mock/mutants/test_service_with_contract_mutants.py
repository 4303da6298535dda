"""Contract mutants in the running service: every one is seen by the judge, and nothing else is."""

from __future__ import annotations

from collections import Counter

import pytest

from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.contract.fault import FaultKind
from pe4king_core.mock.exchange import Exchange, Sent
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.contract import IGNORING, contract_mutants, is_ignored
from pe4king_core.mock.mutants.operators import Ignores
from pe4king_core.mock.requests.reading import FaultIn, RequestFault
from pe4king_core.model.case import TestCase
from pe4king_core.model.fact import CaseKind
from tests.mock.mutants.mutated_services import (
    BOOKSTORE,
    Subject,
    authorized,
    sent_of,
    subject_at,
)


@pytest.fixture(scope="module")
def bookstore() -> Subject:
    return subject_at(BOOKSTORE)


@pytest.mark.slow
def test_every_success_of_the_service_can_be_broken(bookstore: Subject) -> None:
    seen: Counter[str] = Counter()
    for case in bookstore.cases():
        sent = sent_of(case.request)
        if case.kind is not CaseKind.POSITIVE or sent is None:
            continue
        sent = authorized(sent, case, bookstore.document)
        bookstore.service.reset()
        assert not bookstore.judge.faults(Exchange(sent, bookstore.service.answer(sent).answer))
        for mutant in contract_mutants(case.operation, most=None)[::3]:
            if mutant.operator in IGNORING or mutant.status[:1] != "2":
                continue
            bookstore.service.reset()
            bookstore.service.mutant = mutant
            answer = bookstore.service.answer(sent).answer
            seen["broken" if bookstore.judge.faults(Exchange(sent, answer)) else "same"] += 1
    assert seen["broken"] > 100
    assert seen["same"] < seen["broken"] / 10


@pytest.mark.slow
def test_invalid_requests_are_accepted_where_a_check_is_left_out(bookstore: Subject) -> None:
    kinds: Counter[str] = Counter()
    for case in bookstore.cases():
        if case.kind is CaseKind.NEGATIVE:
            kinds.update(ignored(bookstore, case))
    assert kinds["accepted"] > 150
    assert kinds["credentials"] > 10


def ignored(subject: Subject, case: TestCase) -> Counter[str]:
    """What becomes of an invalid request under each mutant that does not see its fault."""
    sent = sent_of(case.request)
    found: Counter[str] = Counter()
    if sent is None:
        return found
    sent = authorized(sent, case, subject.document)
    subject.service.reset()
    refused = subject.service.answer(sent)
    assert not subject.judge.faults(Exchange(sent, refused.answer)), case.id
    for mutant in contract_mutants(case.operation, most=None):
        if not refused.faults or not all(is_ignored(mutant, fault) for fault in refused.faults):
            continue
        subject.service.reset()
        subject.service.mutant = mutant
        answer = subject.service.answer(sent).answer
        if answer.status < 300:
            found[_kind(subject.judge, Exchange(sent, answer), mutant)] += 1
    return found


def _kind(judge: ExchangeJudge, exchange: Exchange, mutant: Mutant) -> str:
    kinds = {fault.kind for fault in judge.faults(exchange, mutant.operation)}
    if mutant.operator == Ignores.CREDENTIALS:
        assert FaultKind.CREDENTIALS in kinds, mutant.name
        return "credentials"
    assert FaultKind.ACCEPTED in kinds, (mutant.name, exchange)
    return "accepted"


def test_a_media_type_that_is_not_documented(bookstore: Subject) -> None:
    headers = (("Content-Type", "text/csv"), ("Authorization", "Bearer token123"))
    sent = Sent("POST", "/books", headers, b"title;price")
    bookstore.service.reset()
    assert bookstore.service.answer(sent).answer.status >= 400
    bookstore.service.mutant = one(bookstore, "POST /books", " media type: anything accepted")
    exchange = Exchange(sent, bookstore.service.answer(sent).answer)
    assert exchange.answer.status < 300
    assert [f.kind for f in bookstore.judge.faults(exchange)] == [FaultKind.ACCEPTED]


def one(subject: Subject, key: str, wanted: str) -> Mutant:
    operation = subject.document.operation(key)
    assert operation is not None
    return next(m for m in contract_mutants(operation, most=None) if m.name == f"{key}{wanted}")


@pytest.mark.parametrize(
    ("key", "name", "fault", "is_seen"),
    [
        ("POST /books", ": accepted without credentials", (FaultIn.CREDENTIALS, "", ""), False),
        ("POST /books", ": accepted without credentials", (FaultIn.BODY, "", "required"), True),
        ("POST /books", " body: anything accepted", (FaultIn.BODY, "/title", "type"), False),
        ("POST /books", " body: anything accepted", (FaultIn.QUERY, "limit", "type"), True),
        (
            "POST /books",
            " body /title: accepted without it",
            (FaultIn.BODY, "/title", "required"),
            False,
        ),
        (
            "POST /books",
            " body /title: accepted without it",
            (FaultIn.BODY, "/title", "minLength"),
            True,
        ),
        (
            "POST /books",
            " body /title: accepted without it",
            (FaultIn.BODY, "/price", "required"),
            True,
        ),
    ],
)
def test_which_faults_a_mutant_does_not_see(
    bookstore: Subject, key: str, name: str, fault: tuple[FaultIn, str, str], is_seen: bool
) -> None:
    mutant = one(bookstore, key, name)
    assert is_ignored(mutant, RequestFault(*fault)) is not is_seen
