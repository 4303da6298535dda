"""Tests of other teams, proven against their document: none of them turns red."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_server.cli import main
from tests.proof.whole.proposals_kit import BOOKSTORE
from tests.testcode.corpus_kit import Suite, lay_out, suites

pytestmark = pytest.mark.slow

PYTHON = suites(SourceLanguage.PYTHON)
JAVA = suites(SourceLanguage.JAVA)
PASSING = {
    "async_shop": 8,
    "client_classes": 12,
    "contracts": 11,
    "httpx_fixtures": 17,
    "in_process": 9,
    "inkwell": 8,
    "matchers": 7,
    "paperback": 6,
    "plain_requests": 7,
    "quill": 9,
    "russian_steps": 10,
    "tables": 15,
    "unit_cases": 10,
    "warehouse": 7,
}
"""How many tests of each Python suite are proven at least; the others are unproven."""


def proven(
    suite: Suite, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[Counter[str], str]:
    """How often which verdict was given, each with a reason, and what could not be run."""
    lay_out(suite, folder)
    (folder / "openapi.yaml").write_bytes(BOOKSTORE.read_bytes())
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    options = ["--spec", "openapi.yaml", "--yes", "--json", "--mutants", "5", "--seeds", "2"]
    main(["prove", ".", *options])
    told = json.loads(capsys.readouterr().out)
    assert all(each["reason"] for each in told["tests"] if each["verdict"] != "passes")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return Counter(each["verdict"] for each in told["tests"]), " ".join(map(str, told["problems"]))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    place = tmp_path / "suite"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize("suite", PYTHON, ids=lambda each: each.name)
def test_no_python_test_turns_red(
    suite: Suite, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, _ = proven(suite, folder, capsys)
    assert set(verdicts) <= {"passes", "unproven"}, verdicts
    assert verdicts["passes"] >= PASSING[suite.name]


@pytest.mark.java
@pytest.mark.parametrize("suite", JAVA, ids=lambda each: each.name)
def test_no_java_test_turns_red(
    suite: Suite, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts, problems = proven(suite, folder, capsys)
    # What needs other libraries than our own Java tests is said not to compile.
    assert verdicts.total() or "does not exist" in problems
    assert set(verdicts) <= {"passes", "unproven"}, verdicts
