"""Flows of real documents: whatever a call uses was made before it, and everything has a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pe4king_core.generation import iter_models
from pe4king_core.model.case import Request, TestCase
from pe4king_core.model.fact import Equals, RequestValue, ResponseValue
from pe4king_core.model.operation import ApiDocument
from tests.e2e.documents import documents, plan_for

pytestmark = pytest.mark.slow


def cases(document: ApiDocument) -> Iterator[TestCase]:
    for model in iter_models(document, plan_for(document)):
        yield from model.cases


def taken_from(request: Request) -> set[str]:
    """The calls whose answers `request` uses."""
    values = [*request.path_parameters.values(), *request.query.values()]
    values += request.headers.values()
    values += request.body.taken.values() if request.body is not None else ()
    return {value.call for value in values if isinstance(value, ResponseValue)}


def compared_with(case: TestCase) -> set[str]:
    """The calls whose answers or requests the assertions speak of."""
    operands = [f.check.operand for f in case.assertions if isinstance(f.check, Equals)]
    return {
        operand.call
        for operand in operands
        if isinstance(operand, ResponseValue | RequestValue) and operand.call
    }


def check(case: TestCase) -> None:
    known: set[str] = set()
    for step in case.given:
        assert step.call not in known, case.id
        assert taken_from(step.request) <= known, case.id
        known.add(step.call)
        assert step.clean_up is None or taken_from(step.clean_up.request) <= known, case.id
    assert taken_from(case.request) | compared_with(case) <= known, case.id
    if case.clean_up is not None:
        assert taken_from(case.clean_up.request) <= known | {case.call}, case.id


def test_whatever_a_call_uses_was_made_before_it(shared_specs: Path) -> None:
    reads = 0
    for name, document in documents().items():
        found = list(cases(document))
        assert len({case.id for case in found}) == len(found), name
        assert all(f"test_{case.name}".isidentifier() for case in found), name
        for case in found:
            check(case)
        reads += any(case.law == "create-then-read" for case in found)
    assert reads >= 5, "documents in which something is created and read again"
