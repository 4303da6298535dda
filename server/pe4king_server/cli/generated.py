"""What `pe4king generate` tells of its result: a summary, a list for programs, a check for CI."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from pe4king_core.generation import iter_models
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_server.actions.base import ActionContext, counted, plural
from pe4king_server.actions.generate import Generated
from pe4king_server.actions.presence import NamedCase, State
from pe4king_server.actions.writing import FileState, WrittenFile
from pe4king_server.cli.output import Output, one_line, shown_path
from pe4king_server.cli.regenerated import orphans, tell_differing
from pe4king_server.generating.names import tests_in
from pe4king_server.own_tests.evidence import is_ours

_KINDS = {
    CaseKind.POSITIVE: ("positive", "позитивный", "позитивных"),
    CaseKind.EDGE: ("edge", "граничный", "граничных"),
    CaseKind.NEGATIVE: ("negative", "негативный", "негативных"),
}
"""What they are called; in Russian for one of them, and for several."""
_SHOWN = 10


def summarise(
    made: Generated,
    document: ApiDocument,
    plan: TestPlan,
    context: ActionContext,
    output: Output,
    *,
    verbose: bool,
) -> None:
    """Tests by kind, files, and what was left out and why."""
    written = made.written
    output.say(made.proposal.message, "bold")
    if written.added:
        output.say(_kinds(written.added), "dim")
        output.evidence(made.proposal.evidence)
    for note in made.told:
        output.say(Message(f"  {note.en}", f"  {note.ru}"), "green")
    _files(made, output)
    tell_differing(made, output, verbose=verbose)
    _doubts(made, output, verbose=verbose)
    gone = list(_gone(made, document, plan, context))
    if gone:
        _tell_gone(gone, output, verbose=verbose)


def _kinds(cases: Iterable[NamedCase]) -> Message:
    """`12 positive (4 behaviour), 30 edge, 90 negative`."""
    known = [each.case for each in cases]
    kinds = Counter(case.kind for case in known)
    laws = sum(case.behaviour for case in known)
    parts = [(kinds[kind], names) for kind, names in _KINDS.items() if kinds[kind]]
    en = ", ".join(f"{count} {name}" for count, (name, _, _) in parts)
    ru = ", ".join(plural(count, one, many, many) for count, (_, one, many) in parts)
    if not laws:
        return Message(en, ru)
    return Message(f"{en}; of these {laws} behaviour", f"{ru}; из них {laws} о поведении")


def _files(made: Generated, output: Output) -> None:
    files = made.written.files
    for file in files:
        if file.edits:
            mark = "+" if file.state is FileState.NEW else "~"
            count = len(file.presence.those(State.NEW))
            tests = Message(counted(count, "test"), plural(count, "тест", "теста", "тестов")).text(
                output.language
            )
            output.line(f"  {mark} {shown_path(file.uri)}  {tests}")
    for edit in made.written.support:
        output.line(f"  + {shown_path(edit.uri)}")
    same = sum(file.state is FileState.UNCHANGED for file in files)
    if same:
        output.say(
            Message(
                f"  {counted(same, 'file')} unchanged",
                f"  {plural(same, 'файл', 'файла', 'файлов')} без изменений",
            ),
            "dim",
        )


def _doubts(made: Generated, output: Output, *, verbose: bool) -> None:
    """What cannot be proven to be wrong, by reason; a count unless all of it is asked for."""
    doubts = made.doubts
    if not doubts:
        return
    hint = (
        Message("", "") if verbose else Message(" (--verbose lists them)", " (список: --verbose)")
    )
    output.say(
        Message(
            f"{counted(len(doubts), 'case')} not provable{hint.en}",
            f"Недоказуемых случаев: {len(doubts)}{hint.ru}",
        ),
        "yellow",
    )
    if not verbose:
        return
    reasons: dict[str, list[str]] = {}
    for doubt in doubts:
        place = f"{doubt.operation}: {doubt.title.text(output.language)}"
        reasons.setdefault(doubt.reason.text(output.language), []).append(place)
    for reason, places in sorted(reasons.items(), key=lambda item: -len(item[1])):
        output.line(f"  {one_line(reason)}", "yellow")
        for place in places:
            output.line(f"    {one_line(place)}")


def _gone(
    made: Generated, document: ApiDocument, plan: TestPlan, context: ActionContext
) -> Iterable[tuple[str, str]]:
    """Tests in generated files that no case of the document has: file and name.

    Only where the whole document was asked for; a smaller plan says nothing of the others.
    """
    if plan.operations or plan.tags or plan.paths:
        return
    suspects = [
        (shown_path(file.uri), name)
        for file in made.written.files
        if file.presence.others and is_ours(context.files.read(file.uri) or "")
        for name in file.presence.others
    ]
    suspects += orphans(made, document.title, context)
    if suspects:
        known = _all_names(made, document, plan)
        yield from (each for each in suspects if each[1] not in known)


def _all_names(made: Generated, document: ApiDocument, plan: TestPlan) -> set[str]:
    """The names of the tests that any kind and any budget would give."""
    whole = replace(plan, kinds=frozenset(CaseKind), behavioural=True, max_tests_per_endpoint=None)
    place = made.place
    return {
        name
        for model in iter_models(document, whole)
        for name, _ in tests_in(place.format.render(model, place.style).text, place.format.language)
    }


def _tell_gone(gone: list[tuple[str, str]], output: Output, *, verbose: bool) -> None:
    hint = (
        Message("", "") if verbose else Message(" (--verbose lists them)", " (список: --verbose)")
    )
    count = len(gone)
    output.say(
        Message(
            f"{counted(count, 'test')} in these files belong to no case of the document: "
            f"yours, or of operations that are gone or renamed{hint.en}",
            f"Тестов в этих файлах, не относящихся к документу: {count} — ваши или для операций, "
            f"которых больше нет{hint.ru}",
        ),
        "yellow",
    )
    for path, name in gone if verbose else ():
        output.line(f"  {path}: {name}")


def list_cases(made: Generated, output: Output) -> None:
    """Every case as a line of JSON: its id, its test and file, and whether that is there."""
    for file in made.written.files:
        for each in file.presence.cases:
            line = {
                "id": each.case.id,
                "name": each.name,
                "file": shown_path(file.uri),
                "operation": each.case.operation,
                "kind": str(each.case.kind),
                "behaviour": each.case.behaviour,
                "value": each.case.value,
                "state": str(each.state),
            }
            output.raw(json.dumps(line, ensure_ascii=False))


def tell_check(made: Generated, output: Output) -> int:
    """What would change; 1 where something would."""
    written = made.written
    tell_differing(made, output, verbose=True)
    if not written.edits:
        output.say(
            Message("Nothing would be written.", "Записывать было бы нечего."),
            "bold",
        )
        return 0
    for file in written.files:
        _would(file, output)
    for edit in written.support:
        output.line(f"+ {shown_path(edit.uri)}")
    tell_count(made, output)
    return 1


def tell_dry(made: Generated, output: Output) -> None:
    """What would be written, as a diff."""
    if made.written.edits:
        tell_count(made, output)
    else:
        output.say(made.proposal.message, "bold")
    for edit in made.written.edits:
        output.diff(edit)


def tell_count(made: Generated, output: Output) -> None:
    """How many tests would be written."""
    count = len(made.written.added)
    output.say(
        Message(
            f"{counted(count, 'test')} would be written.",
            f"Было бы написано: {plural(count, 'тест', 'теста', 'тестов')}.",
        ),
        "bold",
    )


def _would(file: WrittenFile, output: Output) -> None:
    if not file.edits:
        return
    new = file.presence.those(State.NEW)
    output.line(f"{'+' if file.state is FileState.NEW else '~'} {shown_path(file.uri)}")
    shown = new[:_SHOWN] if file.state is FileState.NEW else new
    for each in shown:
        output.line(f"    {each.name}")
    if len(new) > len(shown):
        hidden = len(new) - len(shown)
        output.say(Message(f"    and {hidden} more", f"    и ещё {hidden}"))
