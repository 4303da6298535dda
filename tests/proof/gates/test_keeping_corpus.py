"""Edits of whole files: what keeps every check passes, what loses or weakens one does not."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.keeping.gate import KeepingGate
from pe4king_core.proof.proposed import Proposed, Surroundings

CORPUS = Path(__file__).parent / "keeping"


def cases(kind: str) -> list[object]:
    """The cases of the files `<kind>_<language>.txt`: before and after, between marks."""
    found: list[object] = []
    for language in SourceLanguage:
        text = (CORPUS / f"{kind}_{language}.txt").read_text(encoding="utf-8")
        for part in text.split("=== ")[1:]:
            name, _, files = part.partition("\n")
            before, _, after = files.partition("---\n")
            found.append(pytest.param(language, before, after, id=f"{language}: {name}"))
    return found


def edits(before: str, after: str) -> tuple[Edit, ...]:
    """The lines that differ."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Edit(Span(offsets[a], offsets[b]), "".join(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )


@pytest.mark.parametrize(("language", "before", "after"), cases("legitimate"))
def test_a_refactoring_passes(language: SourceLanguage, before: str, after: str) -> None:
    result = KeepingGate().check(Proposed(language, before, edits(before, after)), Surroundings())
    assert result.state is LevelState.PASSED, result.reason.en


@pytest.mark.parametrize(("language", "before", "after"), cases("weakened"))
def test_a_lost_check_fails(language: SourceLanguage, before: str, after: str) -> None:
    result = KeepingGate().check(Proposed(language, before, edits(before, after)), Surroundings())
    assert result.state is LevelState.FAILED
    assert result.reason.en
    assert result.reason.ru
