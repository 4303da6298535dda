"""What `pe4king prove` says beside figures: accidents, idle tests, what was not tried and why."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.model.message import Message
from pe4king_core.proof.proving.reasons import OUT_OF_TIME
from pe4king_core.proof.report import (
    Cell,
    CellState,
    Count,
    Judged,
    ProofReport,
    Survivor,
    TestProof,
)
from pe4king_core.proof.running import TestItem
from pe4king_server.cli import main
from pe4king_server.cli.output import Output
from pe4king_server.cli.prove import show_report
from pe4king_server.cli.prove_page import proof_page
from pe4king_server.cli.prove_tally import Tally, percent
from pe4king_server.cli.prove_words import test_name as shown_name
from tests.cli.prove_kit import mutants, operations, proof
from tests.cli.test_prove import DOCUMENT, HEAD, WEAK
from tests.server.environment_kit import put


def shown(
    report: ProofReport, capsys: pytest.CaptureFixture[str], language: str = "en", **options: object
) -> tuple[int, str, str]:
    usual = {"html": "", "json": False, "min_kills": None, "tests": ["tests"]}
    given = argparse.Namespace(**{**usual, **options})
    code = show_report(report, given, Output(language, color=False))
    return code, *capsys.readouterr()


def of(*states: CellState, name: str = "test_one", **more: object) -> ProofReport:
    """One test that did this to as many mutants."""
    item = TestItem(name, Path("tests/test_api.py").absolute(), name)
    message = "KeyError: 'price'"
    cells = tuple(Cell(place, state, message) for place, state in enumerate(states))
    test = TestProof(item, Judged.PASSES, cells=cells, seeds=3)
    faults = tuple(mutants(operations(1), len(states)))
    return ProofReport((replace(test, **more),), faults)  # type: ignore[arg-type]


def test_what_was_noticed_by_accident_stands_apart(capsys: pytest.CaptureFixture[str]) -> None:
    report = proof(14, 5, 14)
    tally = Tally(report)
    assert tally.by_accident
    assert tally.unnoticed
    assert {*tally.by_accident, *tally.unnoticed} == set(report.survivors)
    _, text, _ = shown(report, capsys)
    first, _, second = text.partition("Noticed by accident, killed by no check of a test:")
    assert "Survivors, and the check that would kill each:" in first
    assert "noticed by accident, " not in first
    assert "noticed by accident, crash in TestApi.test_" in second
    counted = f"Survivors: {len(report.survivors)}, of them noticed by accident: "
    assert f"{counted}{len(tally.by_accident)}" in text
    assert "; with those noticed by accident: " in text
    told = json.loads(shown(report, capsys, json=True)[1])["survivors"]
    assert [each["noticed"] is None for each in told] == sorted(
        (each["noticed"] is None for each in told), reverse=True
    )
    page = proof_page(report, "Proof", "en")
    assert "<h2>Noticed by accident</h2>" in page


def test_tests_that_notice_nothing_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    idle = of(CellState.SURVIVED, CellState.NOT_REACHED, CellState.SURVIVED)
    assert "Tests that notice nothing (1): test_one" in shown(idle, capsys)[1]
    assert "ничего не замечают (1): test_one" in shown(idle, capsys, "ru")[1]
    assert "Tests that notice nothing: <code>test_one</code>" in proof_page(idle, "Proof", "en")
    for state in (CellState.KILLED, CellState.CRASHED):
        assert "notice nothing" not in shown(of(CellState.SURVIVED, state), capsys)[1]


def test_what_was_not_tried_is_told_with_what_limits_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = replace(of(CellState.KILLED, unfinished=22), left_out=30)
    text = shown(report, capsys)[1]
    assert "test_one: not tried against 22 mutants: its share of the time was used up" in text
    assert "Not tried: 30 pairs of test and mutant (--mutants: 8, --seconds: 22)" in text
    assert json.loads(shown(report, capsys, json=True)[1])["tests"][0]["unfinished"] == 22


def test_too_few_kills_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    report = of(CellState.KILLED, CellState.SURVIVED)
    code, _, told = shown(report, capsys, min_kills=51)
    assert code == 1
    assert "1/2 is less than 51 % (--min-kills)" in told
    assert shown(report, capsys, min_kills=50)[::2] == (0, "")


def test_a_rate_of_nothing_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(shown(of(CellState.NOT_REACHED), capsys, json=True)[1])
    assert told["tests"][0]["kills"] == {"killed": 0, "reached": 0, "rate": None}


def test_where_nothing_could_be_run_only_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "proof.html"
    report = ProofReport(problems=(Message("no pytest", "нет pytest"),))
    code, text, _ = shown(report, capsys, html=str(page))
    assert (code, text) == (1, "no pytest\n")
    assert not page.exists()


def test_names_of_rows_are_shown_as_they_were_written() -> None:
    def named(row: str) -> str:
        return shown_name(TestItem("x", Path("test_x.py"), "test_x", row))

    assert named(r"\u0438\u043c\u044f-\xe9") == "test_x[имя-é]"
    assert named(r"\x1b[31m") == r"test_x[\x1b[31m]"
    assert named(r"\ud800-\Uffffffff") == r"test_x[\ud800-\Uffffffff]"


@pytest.mark.parametrize(
    ("killed", "reached", "told"),
    [(8, 12, "67 %"), (1, 6, "17 %"), (999, 1000, "99 %"), (1, 1000, "1 %"), (0, 5, "0 %")],
)
def test_all_is_all_and_none_is_none(killed: int, reached: int, told: str) -> None:
    assert percent(Count(killed, reached)) == told


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--test", "test_bok"], 1, "There is test_book"),
        (["--spec", "nope.yaml"], 1, "There is no document nope.yaml"),
        (["--base-url-name", "bad name"], 2, "this is no name of a variable"),
    ],
)
def test_wrong_names_are_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    told: str,
) -> None:
    put(tmp_path / "pytest.ini", "[pytest]\n")
    put(tmp_path / "openapi.yaml", "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n")
    put(tmp_path / "test_books.py", "def test_book():\n    assert 1 + 1 == 2\n")
    monkeypatch.chdir(tmp_path)
    try:
        ended = main(["prove", "test_books.py", "--yes", *options])
    except SystemExit as left:
        ended = int(str(left.code))
    assert ended == code
    assert told in capsys.readouterr().err


def test_why_levels_of_a_proposal_were_not_run_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    work = tmp_path / "work"
    put(work / "openapi.yaml", DOCUMENT)
    put(work / "pytest.ini", "[pytest]\n")
    put(work / "test_books.py", HEAD + WEAK)
    monkeypatch.chdir(work)
    assert main(["enhance", "test_books.py"]) == 0
    told = capsys.readouterr().out
    assert "passes, kills: no consent to run the tests of this folder" in told


def test_rates_are_of_what_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    [key] = operations(1)
    tried = of(CellState.KILLED, CellState.SURVIVED, CellState.NOT_REACHED, operations=(key,))
    report = replace(tried, mutants=tuple(mutants([key], 9)))
    assert {each.kind.value for each in report.mutants[3:]} == {"contract", "law"}
    line = "Kills, contract: 50 % (1/2) of those tried, 4 not tried"
    assert line in shown(report, capsys)[1]
    assert (
        "Убито, контракт: 50 % (1/2) из опробованных, не опробовано 4"
        in (shown(report, capsys, "ru")[1])
    )
    assert "Kills, law: – (0/0) of those tried, 2 not tried" in shown(report, capsys)[1]
    assert "1 / 2 of those reached · 4 not tried" in proof_page(report, "Proof", "en")
    assert "0 / 0 of those reached · 1 not reached · 2 not tried" in (
        proof_page(report, "Proof", "en")
    )
    told = json.loads(shown(report, capsys, json=True)[1])["kills"]
    assert (told["contract"]["untried"], told["law"]["untried"]) == (4, 2)
    # What a test only prepares something with, it need not be run against.
    prepared = replace(report.tests[0], prepared=(key,))
    assert "not tried" not in shown(replace(report, tests=(prepared,)), capsys)[1]


def test_what_a_law_needs_is_said_where_no_check_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = of(*[CellState.SURVIVED] * 3)
    alive = tuple(Survivor(place) for place in range(3))
    text = shown(replace(report, survivors=alive), capsys)[1]
    assert "→ compare /price in the answer with what was sent" not in text
    assert "in the answer with what was sent" in text
    assert "no single check that we know; comparing the whole answer with the document" in text


def test_nothing_reached_or_judged_is_not_enough(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = of(CellState.NOT_REACHED)
    code, _, told = shown(nothing, capsys, min_kills=10)
    assert code == 1
    assert "Nothing can be said of --min-kills: mutants reached: 0" in told
    assert shown(nothing, capsys, min_kills=0)[0] == 0
    good = of(CellState.KILLED)
    late = replace(good.tests[0], judged=Judged.UNPROVEN, reason=OUT_OF_TIME, cells=())
    both = replace(good, tests=(*good.tests, late))
    code, _, told = shown(both, capsys, min_kills=10)
    assert code == 1
    assert "tests not judged for want of time: 1." in told
