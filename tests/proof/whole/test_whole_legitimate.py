"""Refactorings and improvements as people make them: none of them may be refused."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Level, LevelState, Outcome
from tests.proof.whole.proposals_kit import Case, Entrance, cases

ALL = cases("legitimate")
PYTHON = [each for each in ALL if each.language is SourceLanguage.PYTHON]
JAVA = [each for each in ALL if each.language is SourceLanguage.JAVA]
READING = (Level.PARSES, Level.RESOLVES, Level.KEEPS, Level.CONTRACT, Level.SAFE)


def offers(entrance: Entrance, case: Case) -> None:
    evidence = entrance.read(case)
    told = [each.reason.en for each in evidence.levels if each.state is not LevelState.PASSED]
    assert [evidence.state(level) for level in READING] == [LevelState.PASSED] * 5, told
    assert evidence.outcome is not Outcome.RED


def test_there_are_enough_of_them() -> None:
    assert len(PYTHON) + len(JAVA) >= 40


@pytest.mark.parametrize("case", PYTHON, ids=str)
def test_it_is_offered(reading: Entrance, case: Case) -> None:
    offers(reading, case)


@pytest.mark.java
@pytest.mark.parametrize("case", JAVA, ids=str)
def test_it_is_offered_in_java(compiling: Entrance, case: Case) -> None:
    offers(compiling, case)
