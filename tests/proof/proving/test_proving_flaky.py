"""Tests that pass and fail by chance: they are told as such, and kill nothing."""

from __future__ import annotations

import pytest

from pe4king_core.proof.report import CellState, Judged
from pe4king_core.proof.running import Director, Ended, RunReport, RunRequest, RunResult, TestItem
from tests.proof.proving.played import TESTS, Played, only, proof

CHANCE = """
import random

chance = random.Random({start})

def test_checks_nothing(client):
    client.post("/books", json={{"title": "Dune"}})
    client.get("/books")
    assert chance.random() < {share}, "bad luck"
"""


@pytest.mark.slow
@pytest.mark.parametrize("generated", [True, False])
@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("start", range(5))
def test_what_fails_by_chance_is_flaky_and_kills_nothing(
    start: int, share: float, generated: bool
) -> None:
    report = proof(CHANCE.format(start=start, share=share), generated=generated)
    test = only(report)
    assert test.judged is Judged.FLAKY
    assert "bad luck" in test.reason.en
    assert test.reason.ru != test.reason.en
    assert (test.cells, report.left_out, report.survivors) == ((), 0, ())


BY_RUN = """
runs = []

def test_lists(client):
    runs.append(1)
    client.get("/books")
    assert len(runs) {luck}, "bad luck"
"""


@pytest.mark.parametrize("luck", ["!= 1", "!= 4", "!= 9"])
def test_one_failure_with_answers_that_pass_else_is_enough(luck: str) -> None:
    test = only(proof(BY_RUN.format(luck=luck), generated=False))
    assert (test.judged, test.cells) == (Judged.FLAKY, ())


def test_a_kill_that_does_not_come_again_with_other_answers_is_none() -> None:
    text = """
tries = []

def test_makes(client):
    tries.append(1)
    response = client.post("/books", json={"title": f"Dune {len(tries)}"})
    assert response.status_code == 201
    assert type(response.json()["id"]) is int or len(tries) % 2
"""
    test = only(proof(text, generated=False))
    assert test.judged is Judged.PASSES
    assert CellState.KILLED in {cell.state for cell in test.cells}


class _Dies(Played):
    """Every run of a test ends the runner; at the third time it is left out."""

    def __init__(self, ended: Ended, message: str) -> None:
        super().__init__("")
        self._result = RunResult(ended, message)

    def run(self, request: RunRequest, director: Director, sandbox: object) -> RunReport:
        item = TestItem("test_books.py::test_exits", TESTS, "test_exits")
        for _ in range(3):
            director.collected([item])
            if director.again(item):
                director.ended(item, self._result)
        return RunReport("played 1")


@pytest.mark.parametrize(
    ("ended", "reason"),
    [(Ended.CRASHED, "the test ended the runner"), (Ended.TIMEOUT, "did not end within 10 s")],
)
def test_what_takes_the_runner_with_it_is_not_told_as_out_of_time(
    ended: Ended, reason: str
) -> None:
    test = only(proof("", runner=_Dies(ended, "the test ended the runner")))
    assert test.judged is Judged.UNPROVEN
    assert reason in test.reason.en


def test_what_the_end_of_all_time_interrupts_says_so() -> None:
    test = only(proof("", runner=_Dies(Ended.TIMEOUT, "over"), total_seconds=0))
    assert "the time for the proof was up" in test.reason.en
