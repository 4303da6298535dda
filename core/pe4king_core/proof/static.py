"""The gates that only read: the result parses, and keeps every assertion there was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, apply_edits
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.testcode import read_tests
from pe4king_core.testcode.incremental import TestReader


def parses(text: str, language: SourceLanguage, before: str = "") -> LevelResult:
    """Whether `text` is source of `language` without a syntax error.

    `before` is the text as it was: an error that it had already, in another test, is a warning.
    """
    problem = _problem(text, language)
    if problem is None:
        return LevelResult(Level.PARSES, LevelState.PASSED)
    if before and _problem(before, language) is not None and _same_damage(before, text, language):
        elsewhere = Message(
            f"the file has a syntax error elsewhere: {problem.en}",
            f"в другом месте файла есть ошибка: {problem.ru}",
        )
        return LevelResult(Level.PARSES, LevelState.WARNED, elsewhere)
    return LevelResult(Level.PARSES, LevelState.FAILED, problem)


def _problem(text: str, language: SourceLanguage) -> Message | None:
    if language is SourceLanguage.PYTHON:
        return _python_problem(text)
    damaged = next((test.name for test in read_tests(text, language).tests if test.damaged), None)
    if damaged is None:
        return None
    return Message(en=f"{damaged} has a syntax error", ru=f"в {damaged} синтаксическая ошибка")


def _same_damage(before: str, after: str, language: SourceLanguage) -> bool:
    """Whether the same tests are damaged in both texts, and at least all old tests are there."""
    reader = TestReader(language)
    old, new = reader.read(before).tests, reader.read(after).tests
    damaged_before = {test.qualified_name for test in old if test.damaged}
    damaged_after = {test.qualified_name for test in new if test.damaged}
    return damaged_before == damaged_after != set() and len(new) >= len(old)


def _python_problem(text: str) -> Message | None:
    import ast

    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return Message(
            en=f"syntax error at line {line}", ru=f"синтаксическая ошибка в строке {line}"
        )
    return None


def keeps(before: TestFile, edits: Sequence[Edit]) -> LevelResult:
    """Whether every test and assertion of `before` is still there after `edits`."""
    # Both alone: what the helpers of other files check is not touched by the edits.
    reader = TestReader(before.language)
    before = reader.read(before.text)
    after = reader.read(apply_edits(before.text, edits))
    kept = {test.qualified_name: Counter(a.text for a in test.assertions) for test in after.tests}
    for test in before.tests:
        lost = Counter(a.text for a in test.assertions) - kept.get(test.qualified_name, Counter())
        if test.qualified_name not in kept or lost:
            return LevelResult(
                Level.KEEPS,
                LevelState.FAILED,
                Message(en=f"{test.name} would lose a check", ru=f"{test.name} потеряет проверку"),
            )
    return LevelResult(Level.KEEPS, LevelState.PASSED)
