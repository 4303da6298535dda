"""The evidence that a proposal carries: the gates that were run, and that the others were not."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, apply_edits
from pe4king_core.model.verdict import Evidence, Level, LevelResult, LevelState, Outcome
from pe4king_core.proof.static import keeps, parses
from pe4king_core.testcode import language_of
from pe4king_server.errors import BrokenProposalError

_CONTRACT = LevelResult(
    Level.CONTRACT,
    LevelState.PASSED,
    Message("everything comes from the document", "всё взято из документа"),
)


def file_evidence(edits: Sequence[FileEdit], *, others: bool = False) -> Evidence:
    """Evidence for whole files made from the document. Raises BrokenProposalError on a failure.

    `others`: there are more files, which are known to parse.
    """
    results = [LevelResult(Level.PARSES, LevelState.PASSED)] if others else []
    for edit in edits:
        language = language_of(edit.uri)
        if language is not None:
            results.append(_parsed(edit, language))
    failed = [result for result in results if result.state is LevelState.FAILED]
    passed = [LevelResult(Level.PARSES, LevelState.PASSED)] if results and not failed else []
    return _checked(Evidence((*failed[:1], *passed, _CONTRACT)))


def _parsed(edit: FileEdit, language: SourceLanguage) -> LevelResult:
    """Whether the file parses; a new one may be long, so that its tests are not read one by one."""
    text = apply_edits(edit.base, edit.edits)
    if edit.create and language is SourceLanguage.JAVA:
        from pe4king_core.testcode.syntax import parse

        if not parse(text, language).root.has_error:
            return LevelResult(Level.PARSES, LevelState.PASSED)
    return parses(text, language, edit.base)


def edit_evidence(
    before: TestFile, edits: Sequence[Edit], warnings: Sequence[Message] = ()
) -> Evidence:
    """Evidence for insertions into one file. Raises BrokenProposalError on a failure."""
    contract = (
        LevelResult(Level.CONTRACT, LevelState.WARNED, warnings[0]) if warnings else _CONTRACT
    )
    parsed = parses(apply_edits(before.text, edits), before.language, before.text)
    return _checked(Evidence((parsed, keeps(before, edits), contract)))


def _checked(evidence: Evidence) -> Evidence:
    if evidence.outcome is Outcome.RED:
        raise BrokenProposalError(
            next(result for result in evidence.levels if result.state is LevelState.FAILED)
        )
    return evidence


def evidence_line(evidence: Evidence) -> Message:
    """One line such as `parses ✓ keeps ✓ contract ✓ (passes, kills: not run)`."""
    marks = {LevelState.PASSED: "✓", LevelState.WARNED: "!", LevelState.FAILED: "✗"}
    shown = " ".join(
        f"{result.level} {marks[result.state]}"
        for result in evidence.levels
        if result.state in marks
    )
    waiting = [level for level in Level if evidence.state(level) is LevelState.NOT_RUN]
    names = ", ".join(waiting)
    if not waiting:
        return Message(shown, shown)
    return Message(f"{shown} (not run: {names})", f"{shown} (не проверялось: {names})")
