"""Proofs as a user gets them: pytest in a sandbox, the bookstore of the examples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.case import TestPlan
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.proof.proving.job import Api, ProofJob, TestSource
from pe4king_core.proof.proving.proving import prove
from pe4king_core.proof.report import CellState, Judged, ProofReport
from pe4king_core.proof.runners.python.runner import PythonRunner
from pe4king_core.proof.running import RunRequest
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.sandbox import Sandbox
from pe4king_core.testcode import read_tests
from tests.e2e.suites import suite

pytestmark = pytest.mark.slow

BOOKSTORE = Path(__file__).resolve().parents[3] / "examples" / "bookstore"
DOCUMENT = BOOKSTORE / "openapi.yaml"
SETTINGS = {"API_KEY": "demo-key", "API_BEARER_AUTH": "demo-token"}


def proven(root: Path, *, generated: bool, mutants: int) -> ProofReport:
    """The proof of all tests below `root`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    data: Any = DocumentText.read(text).data
    api = Api("openapi", load(text, DOCUMENT.as_uri()), lambda: data)
    files = sorted(root.rglob("test_*.py"))
    read = [read_tests(each.read_text(encoding="utf-8"), SourceLanguage.PYTHON) for each in files]
    sources = tuple(
        TestSource(path, file, frozenset(t.qualified_name for t in file.tests if generated))
        for path, file in zip(files, read, strict=True)
    )
    request = RunRequest(root, tuple(files), base_urls=("API_BASE_URL",), environment=SETTINGS)
    runner = PythonRunner(Path(sys.executable))
    box = Sandbox(Limits(), sources=root, readable=runner.readable)
    return prove(ProofJob((api,), request, sources, mutants=mutants), runner, box)


def test_tests_written_in_a_hurry_pass_and_notice_little() -> None:
    report = proven(BOOKSTORE / "tests", generated=False, mutants=40)
    assert [each.en for each in report.problems] == []
    assert {test.item.name: test.judged for test in report.tests} == dict.fromkeys(
        [
            "test_list_books",
            "test_get_book",
            "test_create_order",
            "test_get_order",
            "test_no_such_book",
        ],
        Judged.PASSES,
    )
    assert 0.0 < report.count(MutantKind.CONTRACT).rate < 0.5
    assert sum(each.fact is not None for each in report.survivors) > len(report.survivors) / 2
    by_name = {test.item.name: test for test in report.tests}
    assert CellState.CRASHED in {cell.state for cell in by_name["test_get_order"].cells}
    assert report.confinement


def test_what_we_generate_is_no_false_alarm_and_notices_most(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    document = load(text, DOCUMENT.as_uri())
    plan = TestPlan(operations=frozenset({"GET /customers/{customerId}", "GET /health"}))
    suite(document, plan=plan).write(tmp_path)
    report = proven(tmp_path, generated=True, mutants=80)
    wrong = {t.item.name: t.reason.en for t in report.tests if t.judged is not Judged.PASSES}
    assert wrong == {}
    assert len(report.tests) > 5
    count = report.count(MutantKind.CONTRACT)
    assert count.rate > 0.5
