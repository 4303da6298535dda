"""Things that the document does not have: none is taken for granted, each is named."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import LevelState
from tests.proof.gates.contract_kit import cases, judged


@pytest.mark.parametrize(("language", "name", "text"), cases("invented"))
def test_what_is_invented_fails(language: SourceLanguage, name: str, text: str) -> None:
    result = judged(language, text)
    assert result.state is LevelState.FAILED, result.reason.en
    assert name in result.reason.en
    assert name in result.reason.ru
    assert result.span is not None
    assert 0 <= result.span.start < result.span.end <= len(text)


@pytest.mark.parametrize(("language", "name", "text"), cases("doubtful"))
def test_what_cannot_be_told_is_a_warning(language: SourceLanguage, name: str, text: str) -> None:
    result = judged(language, text)
    assert result.state is LevelState.WARNED, result.reason.en
    assert name in result.reason.en
    assert result.reason.ru


@pytest.mark.parametrize(("language", "name", "text"), cases("documented"))
def test_what_is_documented_passes(language: SourceLanguage, name: str, text: str) -> None:
    result = judged(language, text)
    assert result.state is LevelState.PASSED, f"{name}: {result.reason.en}"
