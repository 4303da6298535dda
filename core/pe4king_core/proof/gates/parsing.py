"""The first gate: what is proposed is source of its language without a syntax error."""

from __future__ import annotations

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_core.testcode import read_tests
from pe4king_core.testcode.incremental import TestReader
from pe4king_core.testcode.syntax import parse, walk

_LINES = "\n"


class ParsingGate:
    """Whether the text with all edits parses."""

    level = Level.PARSES

    def check(self, proposed: Proposed, around: Surroundings) -> LevelResult:  # noqa: ARG002
        """What `parses` says; a new file in Java is judged by its tree alone, it may be long."""
        text = proposed.after
        if proposed.is_new and proposed.language is SourceLanguage.JAVA:
            return _tree_result(text)
        return parses(text, proposed.language, proposed.before)


def parses(text: str, language: SourceLanguage, before: str = "") -> LevelResult:
    """Whether `text` is source of `language` without a syntax error.

    `before` is the text as it was: an error that it had already, in another test, is a warning.
    """
    problem = _problem(text, language)
    if problem is None:
        return LevelResult(Level.PARSES, LevelState.PASSED)
    reason, span = problem
    if before and _problem(before, language) is not None and _same_damage(before, text, language):
        elsewhere = Message(
            f"the file has a syntax error elsewhere: {reason.en}",
            f"в другом месте файла есть ошибка: {reason.ru}",
        )
        return LevelResult(Level.PARSES, LevelState.WARNED, elsewhere, span)
    return LevelResult(Level.PARSES, LevelState.FAILED, reason, span)


def _problem(text: str, language: SourceLanguage) -> tuple[Message, Span | None] | None:
    if language is SourceLanguage.PYTHON:
        return _python_problem(text)
    damaged = next((test for test in read_tests(text, language).tests if test.damaged), None)
    if damaged is not None:
        reason = Message(
            f"{damaged.name} has a syntax error", f"в {damaged.name} синтаксическая ошибка"
        )
        return reason, damaged.name_span
    result = _tree_result(text)
    return None if result.state is LevelState.PASSED else (result.reason, result.span)


def _tree_result(text: str) -> LevelResult:
    """Whether the tree of a Java text has no error."""
    source = parse(text, SourceLanguage.JAVA)
    if not source.root.has_error:
        return LevelResult(Level.PARSES, LevelState.PASSED)
    wrong = next(
        (node for node in walk(source.root) if node.is_error or node.is_missing), source.root
    )
    span = source.span(wrong)
    reason = _at_line(text.count(_LINES, 0, span.start) + 1)
    return LevelResult(Level.PARSES, LevelState.FAILED, reason, span)


def _same_damage(before: str, after: str, language: SourceLanguage) -> bool:
    """Whether the same tests are damaged in both texts, and at least all old tests are there."""
    reader = TestReader(language)
    old, new = reader.read(before).tests, reader.read(after).tests
    damaged_before = {test.qualified_name for test in old if test.damaged}
    damaged_after = {test.qualified_name for test in new if test.damaged}
    # A Java tree may have errors for syntax that is younger than our grammar.
    some = bool(damaged_before) or language is SourceLanguage.JAVA
    return some and damaged_before == damaged_after and len(new) >= len(old)


def _python_problem(text: str) -> tuple[Message, Span | None] | None:
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return _at_line(line), _line(text, line)
    return None


def _at_line(line: int) -> Message:
    return Message(f"syntax error at line {line}", f"синтаксическая ошибка в строке {line}")


def _line(text: str, number: int) -> Span | None:
    """The line `number` of `text`, counted from 1."""
    lines = text.splitlines(keepends=True)
    if not 0 < number <= len(lines):
        return None
    start = sum(map(len, lines[: number - 1]))
    return Span(start, start + len(lines[number - 1].rstrip("\r\n")))
