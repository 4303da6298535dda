"""The evidence that a proposal carries: what every gate says of it, and what was not run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit, Proposal
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, apply_edits
from pe4king_core.model.verdict import (
    Evidence,
    Kills,
    Level,
    LevelResult,
    LevelState,
    Outcome,
)
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_server.errors import BrokenProposalError
from pe4king_server.files import path_of
from pe4king_server.proving.languages import source_language

_CONTRACT = LevelResult(
    Level.CONTRACT,
    LevelState.PASSED,
    Message("everything comes from the document", "всё взято из документа"),
)
_MOST_CHARACTERS = 30_000
"""More new text than this is not read by every gate: it takes longer than writing it."""

_MUCH = Message(
    "this much text is only parsed; the gates look at what one action writes",
    "такой объём только разбирается; остальное проверяется у текста одного действия",
)
_GRAVEST = (LevelState.FAILED, LevelState.WARNED, LevelState.NOT_RUN, LevelState.PASSED)


def file_evidence(
    edits: Sequence[FileEdit],
    around: Surroundings,
    *,
    parsed: Collection[str] = (),
    support: Collection[str] = (),
) -> Evidence:
    """Evidence for files made from the document. Raises BrokenProposalError on a failure.

    `parsed` are the URIs of those that are known to parse, `support` of the new files that our
    templates have beside the tests.
    """
    sources = [edit for edit in edits if source_language(edit.uri) is not None]
    for edit in edits:
        if edit not in sources and not (edit.create and edit.uri in support):
            return checked(Evidence((_not_code(edit.uri),)))
    if not sources:
        return Evidence((_CONTRACT,))
    if sum(len(each.text) for edit in sources for each in edit.edits) > _MOST_CHARACTERS:
        unknown = [edit for edit in sources if edit.uri not in parsed]
        return checked(Evidence(_parsed_only(unknown)))
    texts = {_place(edit.uri): apply_edits(edit.base, edit.edits) for edit in edits}
    return checked(Evidence(_of_files(sources, replace(around, texts=texts))))


def _not_code(uri: str) -> LevelResult:
    """Of a file that is no code: what it does, no gate can tell."""
    name = PurePosixPath(unquote(uri)).name
    return LevelResult(
        Level.SAFE,
        LevelState.FAILED,
        Message(
            f"{name} is no code of tests: it may change how they are built, found or judged",
            f"{name} — не код тестов: он может изменить их сборку, поиск или оценку",
        ),
    )


def _parsed_only(edits: Sequence[FileEdit]) -> tuple[LevelResult, ...]:
    results = [
        _parses(edit, language)
        for edit in edits
        if (language := source_language(edit.uri)) is not None
    ]
    gravest = min(results, key=_gravity, default=LevelResult(Level.PARSES, LevelState.PASSED))
    resolves, keeps, safe = (
        LevelResult(level, LevelState.NOT_RUN, _MUCH)
        for level in (Level.RESOLVES, Level.KEEPS, Level.SAFE)
    )
    return (gravest, resolves, keeps, _CONTRACT, safe)


def _parses(edit: FileEdit, language: SourceLanguage) -> LevelResult:
    """Whether the file parses; a new one may be long, so that its tests are not read one by one."""
    from pe4king_core.proof.gates.parsing import parses

    text = apply_edits(edit.base, edit.edits)
    if edit.create and language is SourceLanguage.JAVA:
        from pe4king_core.testcode.syntax import parse

        if not parse(text, language).root.has_error:
            return LevelResult(Level.PARSES, LevelState.PASSED)
    return parses(text, language, edit.base)


def _of_files(edits: Sequence[FileEdit], around: Surroundings) -> tuple[LevelResult, ...]:
    """What the gates say of all files: of each level the gravest."""
    found: dict[Level, list[LevelResult]] = {}
    for edit in edits:
        language = source_language(edit.uri)
        assert language is not None  # noqa: S101 - only such files are asked for
        proposed = Proposed(language, edit.base, edit.edits, _place(edit.uri))
        adds = all(each.span.start == each.span.end for each in edit.edits)
        for result in (_of_ours(each, adds=adds) for each in _static(proposed, around)):
            found.setdefault(result.level, []).append(result)
    return tuple(min(found[level], key=_gravity) for level in Level if level in found)


def _of_ours(result: LevelResult, *, adds: bool) -> LevelResult:
    """What files of ours fail with, and still may be offered.

    What they need stands beside them and may be installed after them. Where they only add
    (`adds`), a helper that was deleted, but is still used, comes back.
    """
    forgiven = result.level is Level.RESOLVES or (adds and result.level is Level.KEEPS)
    if forgiven and result.state is LevelState.FAILED:
        return replace(result, state=LevelState.WARNED)
    return result


def _gravity(result: LevelResult) -> int:
    return _GRAVEST.index(result.state)


def edit_evidence(
    uri: str,
    before: TestFile,
    edits: Sequence[Edit],
    around: Surroundings,
    warnings: Sequence[Message] = (),
) -> Evidence:
    """Evidence for edits of one file. Raises BrokenProposalError on a failure."""
    if path_of(uri) is not None and source_language(uri) is None:
        return checked(Evidence((_not_code(uri),)))
    proposed = Proposed(before.language, before.text, tuple(edits), _place(uri))
    return checked(Evidence(tuple(_warned(each, warnings) for each in _static(proposed, around))))


def _warned(result: LevelResult, warnings: Sequence[Message]) -> LevelResult:
    """The contract level with what a model's facts rest on, where that is not the document."""
    if warnings and result.level is Level.CONTRACT and result.state is LevelState.PASSED:
        return LevelResult(Level.CONTRACT, LevelState.WARNED, warnings[0])
    return result


def _static(proposed: Proposed, around: Surroundings) -> tuple[LevelResult, ...]:
    from pe4king_core.proof.gates.all import static_levels

    return static_levels(proposed, around)


def _place(uri: str) -> str:
    path = path_of(uri)
    return "" if path is None else str(path)


def checked(evidence: Evidence) -> Evidence:
    """`evidence` where it is not red. Raises BrokenProposalError with what failed."""
    if evidence.outcome is Outcome.RED:
        raise BrokenProposalError(
            next(result for result in evidence.levels if result.state is LevelState.FAILED)
        )
    return evidence


def evidence_line(evidence: Evidence) -> Message:
    """One line such as `parses ✓ keeps ✓ contract ! kills 3 → 9 of 12 (not run: resolves)`."""
    marks = {LevelState.PASSED: "✓", LevelState.WARNED: "!", LevelState.FAILED: "✗"}
    shown = " ".join(
        f"{result.level} {marks[result.state]}"
        for result in evidence.levels
        if result.state in marks and (result.level is not Level.KILLS or evidence.kills is None)
    )
    kills = Message("", "") if evidence.kills is None else kills_words(evidence.kills)
    en, ru = f"{shown} {kills.en}".strip(), f"{shown} {kills.ru}".strip()
    waiting = [level for level in Level if evidence.state(level) is LevelState.NOT_RUN]
    names = ", ".join(waiting)
    if not waiting:
        return Message(en, ru)
    return Message(f"{en} (not run: {names})", f"{ru} (не проверялось: {names})")


def reasons_not_run(evidence: Evidence) -> tuple[Message, ...]:
    """Why levels were not run, those with the same reason together."""
    found: dict[Message, list[str]] = {}
    for each in evidence.levels:
        if each.state is LevelState.NOT_RUN and each.reason.en:
            found.setdefault(each.reason, []).append(str(each.level))
    return tuple(
        Message(f"{', '.join(names)}: {reason.en}", f"{', '.join(names)}: {reason.ru}")
        for reason, names in found.items()
    )


def kills_words(kills: Kills) -> Message:
    """`kills 3 → 9 of 12`."""
    return Message(
        f"kills {kills.before} → {kills.after} of {kills.mutants}",
        f"убито {kills.before} → {kills.after} из {kills.mutants}",
    )


def titled(proposal: Proposal) -> Message:
    """The title of a proposal, with its kills before and after where it was run."""
    title, kills = proposal.title, proposal.evidence.kills
    if kills is None:
        return title
    shown = kills_words(kills)
    return Message(f"{title.en} · {shown.en}", f"{title.ru} · {shown.ru}")
