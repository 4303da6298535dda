"""A proof as a table and as JSON, in both languages, and what the exit code says."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.proof.report import CellState, Judged, ProofReport
from pe4king_server.cli.output import Output
from pe4king_server.cli.prove import show_report
from pe4king_server.cli.prove_tally import Tally
from pe4king_server.proving.carrying import joined
from tests.cli.prove_kit import proof


def shown(
    report: ProofReport, capsys: pytest.CaptureFixture[str], language: str = "en", **options: object
) -> tuple[int, str]:
    usual = {"html": "", "json": False, "min_kills": None, "tests": ["tests/test_api.py"]}
    code = show_report(
        report, argparse.Namespace(**{**usual, **options}), Output(language, color=False)
    )
    return code, capsys.readouterr().out


def without_alarms(report: ProofReport) -> ProofReport:
    return replace(
        report,
        tests=tuple(test for test in report.tests if test.judged is not Judged.FALSE_ALARM),
    )


def test_the_table_tells_tests_operations_survivors_and_totals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, text = shown(proof(14, 5, 14), capsys)
    for part in (
        "TestApi.test_books_0 ",
        "passes",
        "TestApi.test_books_12[1-2]: no request arrived",
        "GET /books/{id}",
        "Survivors, and the check that would kill each:",
        "GET /books 200 /id: null",
        "Tests: passes 12, false alarm 1, unproven 1",
        "Not tried: 12 pairs",
        "No network but our server.",
    ):
        assert part in text, part


def test_the_table_speaks_russian(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = shown(proof(14, 5, 14), capsys, "ru")
    assert "Тесты: проходит 12, ложная тревога 1, не доказан 1" in text
    assert "Убито, контракт:" in text


def test_kinds_are_counted_apart_and_only_kills_are_kills(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = proof(14, 5, 14)
    _, text = shown(report, capsys, json=True)
    told = json.loads(text)
    for kind in MutantKind:
        reached = killed = 0
        for index, mutant in enumerate(report.mutants):
            states = set(report.states(index)) if mutant.kind is kind else set()
            reached += bool(states - {CellState.NOT_REACHED})
            killed += CellState.KILLED in states
        assert told["kills"][str(kind)]["killed"] == killed
        assert told["kills"][str(kind)]["reached"] == reached
        assert 0 < killed < reached


def test_json_holds_every_cell(capsys: pytest.CaptureFixture[str]) -> None:
    report = proof(14, 5, 14)
    _, text = shown(report, capsys, json=True)
    told = json.loads(text)
    assert [mutant["name"] for mutant in told["mutants"]] == [m.name for m in report.mutants]
    for test, given in zip(report.tests, told["tests"], strict=True):
        cells = {place: state for state, places in given["cells"].items() for place in places}
        assert cells == {cell.mutant: str(cell.state) for cell in test.cells}
        assert given["verdict"] == str(test.judged)
    assert {each["mutant"] for each in told["survivors"]} == {s.mutant for s in report.survivors}


def test_a_false_alarm_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    report = proof(14, 5, 14)
    assert shown(report, capsys)[0] == 1
    assert shown(without_alarms(report), capsys)[0] == 0


def test_nothing_proven_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    report = proof(14, 5, 14)
    unproven = tuple(test for test in report.tests if test.judged is Judged.UNPROVEN)
    assert shown(replace(report, tests=unproven), capsys)[0] == 1
    assert shown(ProofReport(), capsys)[0] == 1


def test_too_few_kills_end_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    report = without_alarms(proof(14, 5, 14))
    count = Tally(report).all
    reached = 100 * count.killed // count.reached
    assert shown(report, capsys, min_kills=reached)[0] == 0
    assert shown(report, capsys, min_kills=reached + 1)[0] == 1


def test_the_page_is_written_where_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "proof.html"
    _, text = shown(proof(3, 2, 3), capsys, html=str(place))
    assert "Proof of tests/test_api.py" in place.read_text(encoding="utf-8")
    assert str(place) in text


def test_reports_of_two_languages_are_one() -> None:
    one, other = proof(5, 3, 6), proof(9, 5, 6)
    both = joined([one, other])
    assert len(both.tests) == 14
    assert len(both.mutants) == len(other.mutants)
    tally = Tally(both)
    for survivor in both.survivors:
        assert CellState.KILLED not in set(both.states(survivor.mutant))
    assert tally.all.reached >= Tally(other).all.reached
    for test, was in zip(both.tests, (*one.tests, *other.tests), strict=True):
        old = one if was in one.tests and test in both.tests[:5] else other
        names = [old.mutants[cell.mutant].name for cell in was.cells]
        assert [both.mutants[cell.mutant].name for cell in test.cells] == names
