"""The gates that only read: the result parses, and keeps every assertion there was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.testcode import read_tests
from pe4king_core.testcode.incremental import TestReader

_UNREAD = str(None)
_NAMING = re.compile(r"\(\w+ := |\)|\s*\.then\(\).*\.(?:extract|response)\(\)", re.DOTALL)
"""What may be put into an assertion that we cannot read: a name for an answer, links around one."""


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
    """Whether every test and assertion of `before` is still there after `edits`.

    One into which something was inserted counts if the rest of it, and what it says, is the same.
    """
    # Both alone: what the helpers of other files check is not touched by the edits.
    reader = TestReader(before.language)
    text = apply_edits(before.text, edits)
    old, new = (reader.places(each) for each in (before.text, text))
    missing = dict(old).keys() - dict(new).keys()
    if missing:
        return _loss(min(missing))
    # A test that no edit lies in has the text that it had.
    touched = frozenset(
        name
        for name, place in old
        if any(place.span.start <= e.span.end and e.span.start <= place.span.end for e in edits)
    )
    inserted = _inserted(edits)
    after = {test.qualified_name: test for test in reader.read(text, only=touched).tests}
    for test in reader.read(before.text, only=touched).tests:
        if _lost(test, after[test.qualified_name], text, inserted):
            return _loss(test.name)
    return LevelResult(Level.KEEPS, LevelState.PASSED)


def _loss(name: str) -> LevelResult:
    return LevelResult(
        Level.KEEPS,
        LevelState.FAILED,
        Message(en=f"{name} would lose a check", ru=f"{name} потеряет проверку"),
    )


def _inserted(edits: Sequence[Edit]) -> list[Span]:
    """Where the insertions of `edits` stand in the text that they make."""
    found: list[Span] = []
    shift = 0
    for edit in sorted(edits, key=lambda each: each.span.start):
        start = edit.span.start + shift
        found.append(Span(start, start + len(edit.text)))
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return found


def _lost(
    before: TestFunction, after: TestFunction, text: str, inserted: Sequence[Span]
) -> Counter[str]:
    """The assertions of `before` that `after`, a part of `text`, does not have."""
    lost = Counter(each.text for each in before.assertions)
    lost -= Counter(each.text for each in after.assertions)
    if not lost:
        return lost
    said = {each.text: _claims(before, each.text) for each in before.assertions}
    for span in {each.span for each in after.assertions}:
        inside = [each for each in inserted if span.start <= each.start and each.end <= span.end]
        old = _without(text, span, inside)
        claims = _claims(after, span.of(text))
        if old not in lost or claims != said[old]:
            continue
        understood = all(subject != _UNREAD for subject, *_ in claims)
        if understood or all(_NAMING.fullmatch(each.of(text)) for each in inside):
            del lost[old]
    return lost


def _claims(test: TestFunction, text: str) -> set[tuple[str, str, str, bool]]:
    """What the assertions with this text say; of which call is told by the text."""
    return {
        (str(each.subject), repr(each.check), each.presence, each.conditional)
        for each in test.assertions
        if each.text == text
    }


def _without(text: str, span: Span, inserted: Sequence[Span]) -> str:
    """The part `span` of `text` without the parts `inserted`, which lie inside of it."""
    pieces: list[str] = []
    position = span.start
    for each in inserted:
        pieces.append(text[position : each.start])
        position = each.end
    return "".join((*pieces, text[position : span.end]))
