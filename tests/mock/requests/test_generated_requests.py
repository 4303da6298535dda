"""Requests of generated tests: valid ones are read without a fault, invalid ones are refused.

A negative test is proven against what a lenient server makes of its request, so both modes refuse
it. A second judge, which knows nothing of our reading, agrees with the strict one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from pe4king_core.generation import generate
from pe4king_core.mock.contract.operations import single_file
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.checking import read_request
from pe4king_core.mock.requests.routing import Router
from pe4king_core.model.case import TestCase, TestPlan
from pe4king_core.model.fact import CaseKind, ChangeIn, Credentials
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import read
from tests.conftest import ROOT
from tests.mock.requests.sending import sent_of

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"


@dataclass(slots=True)
class Verdicts:
    """How many requests of each kind were read, and what speaks against them."""

    read: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    wrong: list[str] = field(default_factory=list)


def look(cases: Iterator[TestCase], router: Router, raw: Any, verdicts: Verdicts) -> None:
    judge = RequestJudge(raw) if isinstance(raw, Mapping) and single_file(raw) else None
    for case in cases:
        sent = None if _of_method(case) else sent_of(case)
        if sent is None:
            continue
        verdicts.read[case.kind.value] += 1
        verdicts.wrong += (
            f"{case.id}: {each} {_shown(sent)}" for each in faults(case, router, sent)
        )
        if judge is None:
            continue
        try:
            judged = bool(judge.faults(sent, case.operation.path))
        except UnjudgedError:
            continue
        verdicts.judged += 1
        found = router.find(sent.method, sent.target)
        if judged is not bool(read_request(sent, found).faults):
            verdicts.wrong.append(f"{case.id}: the judge says {judged} {_shown(sent)}")


def _of_method(case: TestCase) -> bool:
    return any(change.where is ChangeIn.METHOD for change in case.changes)


def _shown(sent: Sent) -> str:
    return f"{sent.method} {sent.target[:200]} {sent.body[:200]!r}"


def faults(case: TestCase, router: Router, sent: Sent) -> Iterator[str]:
    found = router.find(sent.method, sent.target)
    reached = [one.operation for one in (found, *found.others)]
    is_negative = case.kind is CaseKind.NEGATIVE
    if case.operation not in reached:
        if not is_negative or not found.methods:
            yield f"not routed: {found.operation}"
        return
    valid = not is_negative or case.law == "unknown-id"
    valid |= case.request.credentials is not Credentials.VALID
    for lenient in (False, True):
        wrong = read_request(sent, found, lenient=lenient).faults
        if bool(wrong) is valid:
            yield f"{'lenient' if lenient else 'strict'}: {wrong[:3] or 'accepted'}"


def test_requests_for_the_bookstore() -> None:
    text = BOOKSTORE.read_text(encoding="utf-8")
    document = load(text, "file:///bookstore.yaml")
    cases = (case for model in generate(document, TestPlan()) for case in model.cases)
    verdicts = Verdicts()
    look(cases, Router(document), read(text), verdicts)
    assert not verdicts.wrong, "\n".join(verdicts.wrong[:20])
    assert verdicts.read["negative"] > 100
    assert verdicts.judged > 150


@pytest.mark.slow
def test_requests_for_public_documents(shared_specs: Any) -> None:
    from tests.e2e import documents as corpus
    from tests.e2e.test_requests_are_judged import whole

    verdicts = Verdicts()
    for name, document in corpus.documents().items():
        cases = (case for model in corpus.models(name) for case in model.cases)
        look(cases, Router(document), whole(shared_specs / name), verdicts)
    assert not verdicts.wrong, f"{len(verdicts.wrong)}:\n" + "\n".join(verdicts.wrong[:40])
    assert verdicts.read["negative"] > 3_000
    assert verdicts.judged > verdicts.read.total() / 2
