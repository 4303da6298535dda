"""The gates that only read: the result parses, and keeps every assertion there was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, apply_edits
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.testcode import read_tests


def parses(text: str, language: SourceLanguage) -> LevelResult:
    """Whether `text` is source of `language` without a syntax error."""
    if language is SourceLanguage.PYTHON:
        problem = _python_problem(text)
    else:
        damaged = [test.name for test in read_tests(text, language).tests if test.damaged]
        problem = (
            Message(
                en=f"{damaged[0]} has a syntax error", ru=f"в {damaged[0]} синтаксическая ошибка"
            )
            if damaged
            else None
        )
    if problem is None:
        return LevelResult(Level.PARSES, LevelState.PASSED)
    return LevelResult(Level.PARSES, LevelState.FAILED, problem)


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
    after = read_tests(apply_edits(before.text, edits), before.language)
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
