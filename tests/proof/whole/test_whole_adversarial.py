"""Proposals that nobody must be offered, through the entrance through which proposals come.

| stopped by | what |
|---|---|
| parses | rubbish, fences and prose of an answer, letters written as code points |
| resolves | modules, names, fixtures, methods that do not exist |
| keeps | weakened, hidden, deleted and empty checks; what tests use replaced |
| contract | members, endpoints, methods, statuses, headers, parameters, values nobody documented |
| safe | programs, files, secrets, other hosts, endless loops, whatever meddles with the judging |
| passes, kills | what fails or depends on chance when it is run; what notices no fault |
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Evidence, Level, LevelState, Outcome
from pe4king_server.consent import Consents
from pe4king_server.errors import BrokenProposalError
from tests.proof.whole.proposals_kit import Case, Entrance, cases, snapshot

RUN = (Level.PASSES, Level.KILLS)
ALL = cases("adversarial")
READ = [each for each in ALL if each.level not in RUN]
PYTHON = [each for each in READ if each.language is SourceLanguage.PYTHON]
JAVA = [each for each in READ if each.language is SourceLanguage.JAVA]
TO_RUN = [each for each in ALL if each.level in RUN]
WORST = [
    each
    for each in PYTHON
    if each.name
    in (
        *("a process", "an endless loop", "a fork bomb", "more memory than there is"),
        *("secrets of the environment", "a file with secrets is read", "a file is written"),
        *("a socket", "the test runner ends", "an exit that looks like success"),
        *("built-in functions are replaced", "a forged line of the runner"),
        *("the runner's descriptors are looked for", "the runner is looked for in memory"),
        *("the runner is looked for on the stack", "it behaves when it is watched"),
        "requests are replaced by monkeypatch",
    )
]
"""What would do most harm, or would lie about what it is worth, if no gate had read it."""


def stops(entrance: Entrance, case: Case) -> None:
    with pytest.raises(BrokenProposalError) as caught:
        entrance.read(case)
    result = caught.value.result
    assert result.level == case.level, result.reason.en
    assert result.state is LevelState.FAILED
    assert result.reason.en
    assert any("а" <= each <= "я" for each in result.reason.ru)


def test_there_are_enough_of_them() -> None:
    assert len(PYTHON) >= 60
    assert len(JAVA) >= 35
    assert {each.level for each in ALL} == set(Level)
    assert len(WORST) >= 15


@pytest.mark.parametrize("case", PYTHON, ids=str)
def test_reading_stops_it(reading: Entrance, case: Case) -> None:
    stops(reading, case)


@pytest.mark.java
@pytest.mark.parametrize("case", JAVA, ids=str)
def test_reading_stops_it_in_java(compiling: Entrance, case: Case) -> None:
    stops(compiling, case)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            each,
            id=str(each),
            marks=[pytest.mark.java] if each.language is SourceLanguage.JAVA else [],
        )
        for each in TO_RUN
    ],
)
async def test_running_stops_it(shop: Path, case: Case) -> None:
    Consents.of_user().give(shop)
    entrance = Entrance(shop)
    evidence = entrance.read(case)
    with pytest.raises(BrokenProposalError) as caught:
        await entrance.run(case, evidence)
    assert caught.value.result.level == case.level, caught.value.result.reason.en


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("case", WORST, ids=str)
async def test_what_no_gate_had_read_does_no_harm_when_it_runs(shop: Path, case: Case) -> None:
    Consents.of_user().give(shop)
    before, running = snapshot(shop), processes()
    try:
        evidence = await Entrance(shop).run(case, Evidence())
    except BrokenProposalError as error:
        evidence = Evidence((error.result,))
    # A lie would be: it passes, and is worth something.
    assert evidence.outcome is not Outcome.GREEN
    assert [evidence.state(each) for each in RUN] != [LevelState.PASSED] * 2
    told = " ".join(each.reason.en for each in evidence.levels)
    assert "hunter2" not in told
    assert snapshot(shop) == before
    assert processes() <= running
    assert "pwned" not in os.listdir("/tmp")


def processes() -> set[str]:
    """The children of this process, zombies aside."""
    found: set[str] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text(encoding="utf-8")
        except OSError:
            continue  # it has ended meanwhile
        if f"PPid:\t{os.getpid()}\n" in status and "State:\tZ" not in status:
            found.add(folder.name)
    return found
