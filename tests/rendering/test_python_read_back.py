"""Generated pytest files are read back in full: every call, and every assertion through helpers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.improvement.missing import missing_facts
from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.fact import Basis, CaseKind
from pe4king_core.model.grouping import all_facts
from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.rendering.python.values import relates
from pe4king_core.testcode import CodeBase, CodeView, is_covered, read_tests
from tests.conftest import ROOT
from tests.rendering.python_kit import FORMAT, models

pytestmark = pytest.mark.slow

BOOKSTORE = ROOT / "examples/bookstore/openapi.yaml"


@pytest.fixture(params=["bookstore", "petstore3"])
def document(request: pytest.FixtureRequest) -> Path:
    if request.param == "bookstore":
        return BOOKSTORE
    folder: Path = request.getfixturevalue("shared_specs")
    return folder / "small/petstore3.yaml"


def read(model: TestModel, style: TestStyle) -> dict[str, TestFunction]:
    """The tests of the model's file as the reader sees them in their folder."""
    made = FORMAT.render(model, style)
    [conftest, _] = FORMAT.support([model], [], style)
    files = {f"file:///t/{file.path}": file.text for file in (made, conftest)}
    view = CodeView(CodeBase(files.get, files), f"file:///t/{made.path}")
    found = read_tests(made.text, SourceLanguage.PYTHON, view).tests
    return {test.name: test for test in found}


@pytest.mark.parametrize("classes", [False, True])
def test_every_call_and_assertion_is_found(document: Path, *, classes: bool) -> None:
    for model in models(document.read_text(encoding="utf-8")):
        tests = read(model, TestStyle(classes=classes))
        for case in model.cases:
            test = tests[f"test_{case.name}"]
            assert len(test.calls) == 1 + len(case.given), case.id
            act = next(c for c in reversed(test.calls) if c.method == case.request.method)
            facts = [fact for fact in all_facts(case) if not relates(fact)]
            lost = [fact for fact in facts if not is_covered(test, replace(fact, call=act.id))]
            assert not lost, case.id


def test_nothing_is_missing_in_a_contract_test(document: Path) -> None:
    judged = 0
    for model in models(document.read_text(encoding="utf-8"), max_tests_per_endpoint=9):
        tests = read(model, TestStyle())
        for case in filter(_states_the_contract, model.cases):
            test = tests[f"test_{case.name}"]
            source = FORMAT.render(model, TestStyle()).text
            assert missing_facts(test, test.calls[-1], case.operation, source) == (), case.id
            judged += 1
    assert judged > 5


def _states_the_contract(case: TestCase) -> bool:
    return case.kind is CaseKind.POSITIVE and case.basis is not Basis.LAW
