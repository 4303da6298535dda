"""A proof on a terminal: a line a test, a line an operation, what survives, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.message import Message
from pe4king_core.proof.report import Count, Judged, ProofReport, Survivor, TestProof
from pe4king_server.cli.output import Output, one_line
from pe4king_server.cli.prove_tally import OTHER_ENDS, Tally, of_test, percent
from pe4king_server.cli.prove_words import (
    KINDS,
    STATES,
    VERDICTS,
    Names,
    Told,
    fault,
    remark,
)

_MOST_SURVIVORS = 10
_MOST_IDLE = 10
_STYLES = {
    Judged.PASSES: "yellow",
    Judged.FALSE_ALARM: "bold red",
    Judged.FLAKY: "red",
    Judged.UNPROVEN: "yellow",
}


_UNNOTICED = Message(
    "Survivors, and the check that would kill each:",
    "Выжившие и проверка, которая убила бы каждого:",
)
_ACCIDENTS = Message(
    "Noticed by accident, killed by no check of a test:",
    "Замечены случайно, проверками тестов не убиты:",
)


def print_proof(report: ProofReport, output: Output) -> None:
    """Everything that fits on a terminal; the rest is in the page and in the JSON."""
    if not report.tests:
        for message in report.problems:
            output.line(one_line(message.text(output.language)), "bold red")
        return
    tally = Tally(report)
    told = Told(tally)
    _print_tests(report, told.names, output)
    if report.mutants:
        output.line()
        _print_operations(tally, output)
    for title, survivors in ((_UNNOTICED, tally.unnoticed), (_ACCIDENTS, tally.by_accident)):
        if survivors:
            output.line()
            output.say(title, "bold")
            _print_survivors(survivors, report, told, output)
    output.line()
    for message, style in _totals(tally, told.names):
        output.say(message, style)
    for message in report.problems:
        output.line(one_line(message.text(output.language)), "yellow")
    for message in report.confinement:
        output.line(one_line(message.text(output.language)), "dim")


def _print_tests(report: ProofReport, names: Names, output: Output) -> None:
    head = (
        Message("test", "тест"),
        Message("verdict", "вердикт"),
        Message("kills", "убито"),
        Message("other ends", "иначе"),
    )
    rows = [tuple(each.text(output.language) for each in head)]
    rows += [_test_row(test, names, report, output.language) for test in report.tests]
    output.table(rows)
    for test in report.tests:
        reason = one_line(remark(test).text(output.language))
        if reason:
            output.line(f"  {names.of(test.item)}: {reason}", _STYLES[test.judged])


def _test_row(test: TestProof, names: Names, report: ProofReport, language: str) -> tuple[str, ...]:
    count = of_test(test, report.mutants)
    other = [
        f"{STATES[state].text(language)} {amount}"
        for state in OTHER_ENDS
        if (amount := sum(cell.state is state for cell in test.cells))
    ]
    kills = f"{count.killed}/{count.reached}" if test.cells else ""
    return names.of(test.item), VERDICTS[test.judged].text(language), kills, ", ".join(other)


def _print_operations(tally: Tally, output: Output) -> None:
    language = output.language
    operation = Message("operation", "операция").text(language)
    rows = [(operation, *(KINDS[kind].text(language) for kind in MutantKind))]
    for key in tally.operations:
        rows.append((key, *(_shown(tally.group(key, kind)) for kind in MutantKind)))
    output.table(rows)


def _shown(count: Count) -> str:
    return f"{count.killed}/{count.reached}" if count.reached else "–"


def _print_survivors(
    survivors: Sequence[Survivor], report: ProofReport, told: Told, output: Output
) -> None:
    for survivor in survivors[:_MOST_SURVIVORS]:
        what = one_line(fault(report.mutants[survivor.mutant]).text(output.language))
        output.line(f"  {what}", "yellow")
        output.line(f"    → {one_line(told.cure(survivor).text(output.language))}")
    hidden = len(survivors) - _MOST_SURVIVORS
    if hidden > 0:
        output.say(Message(f"  and {hidden} more (--html FILE, --json)",
                           f"  и ещё {hidden} (--html ФАЙЛ, --json)"), "yellow")  # fmt: skip


def _totals(tally: Tally, names: Names) -> Iterator[tuple[Message, str]]:
    verdicts = tally.verdicts()
    told = [(VERDICTS[judged], amount) for judged, amount in verdicts.items() if amount]
    en = ", ".join(f"{word.en} {amount}" for word, amount in told)
    ru = ", ".join(f"{word.ru} {amount}" for word, amount in told)
    style = "bold green" if tally.harmless else "bold red"
    yield Message(f"Tests: {en or 'none'}", f"Тесты: {ru or 'нет'}"), style
    for kind in MutantKind:
        if tally.of_kind(kind).reached or tally.untried(kind):
            yield _rate(tally, kind), "bold"
    if tally.report.survivors:
        yield _survived(tally), "bold"
    if tally.idle:
        yield _idle(tally.idle, names), "yellow"
    if tally.report.left_out:
        yield _not_tried(tally.report), "yellow"


def _rate(tally: Tally, kind: MutantKind) -> Message:
    """Of those reached; what was not tried is no part of it, so it stands beside."""
    name, count, noticed = KINDS[kind], tally.of_kind(kind), tally.noticed(kind)
    en, ru = f"Kills, {name.en}: {_share(count)}", f"Убито, {name.ru}: {_share(count)}"
    if untried := tally.untried(kind):
        en += f" of those tried, {untried} not tried"
        ru += f" из опробованных, не опробовано {untried}"
    if noticed != count:
        en += f"; with those noticed by accident: {_share(noticed)}"
        ru += f"; вместе с замеченными случайно: {_share(noticed)}"
    return Message(en, ru)


def _share(count: Count) -> str:
    return f"{percent(count)} ({count.killed}/{count.reached})"


def _survived(tally: Tally) -> Message:
    all_, noticed = len(tally.report.survivors), len(tally.by_accident)
    return Message(
        f"Survivors: {all_}, of them noticed by accident: {noticed}",
        f"Выжившие: {all_}, из них замечены случайно: {noticed}",
    )


def _idle(tests: Sequence[TestProof], names: Names) -> Message:
    shown = ", ".join(one_line(names.of(test.item)) for test in tests[:_MOST_IDLE])
    more = ", …" if len(tests) > _MOST_IDLE else ""
    return Message(
        f"Tests that notice nothing ({len(tests)}): {shown}{more}",
        f"Тесты, которые ничего не замечают ({len(tests)}): {shown}{more}",
    )


def _not_tried(report: ProofReport) -> Message:
    """What was left out, by what limits it."""
    unfinished = sum(test.unfinished for test in report.tests)
    chosen = report.left_out - unfinished
    limits = [f"--mutants: {chosen}"] if chosen else []
    limits += [f"--seconds: {unfinished}"] if unfinished else []
    told = ", ".join(limits)
    return Message(
        f"Not tried: {report.left_out} pairs of test and mutant ({told})",
        f"Не опробовано пар «тест — мутант»: {report.left_out} ({told})",
    )
