"""Insertions into an assertion keep it only where it still says what it said."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.keeping.gate import keeps
from pe4king_core.testcode import read_tests

TEXT = (
    "def test_a(client):\n"
    "    assert client.get('/x').status_code == 200\n"
    "    check(client.get('/y'), 404)\n"
)


def kept(*insertions: tuple[str, str, str]) -> bool:
    """Whether `keeps` passes with texts put before and behind parts of the test."""
    edits = []
    for part, before, behind in insertions:
        start = TEXT.index(part)
        edits.append(Edit(Span(start, start), before))
        edits.append(Edit(Span(start + len(part), start + len(part)), behind))
    file = read_tests(TEXT, SourceLanguage.PYTHON)
    return keeps(file, [edit for edit in edits if edit.text]).state is LevelState.PASSED


@pytest.mark.parametrize("path", ["/x", "/y"])
def test_a_name_for_the_answer_keeps_the_assertion(path: str) -> None:
    assert kept((f"client.get('{path}')", "(r := ", ")"))


@pytest.mark.parametrize(
    "insertion",
    [
        ("== 200", "", " or True"),
        ("== 200", "", "0"),
        ("client.get('/x')", "not ", ""),
        (", 404", "", "4"),
        (", 404", "", " or 200"),
        ("check(", "no_", ""),
        ("    assert", "    return\n", ""),
    ],
)
def test_what_changes_the_assertion_loses_it(insertion: tuple[str, str, str]) -> None:
    assert not kept(insertion)
