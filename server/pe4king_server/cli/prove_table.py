"""A proof on a terminal: a line a test, a line an operation, what survives, and the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.message import Message
from pe4king_core.proof.report import CellState, Count, Judged, ProofReport, TestProof
from pe4king_server.cli.output import Output, one_line
from pe4king_server.cli.prove_tally import Tally, of_test, percent
from pe4king_server.cli.prove_words import KINDS, STATES, VERDICTS, cure, fault, test_name

_MOST_SURVIVORS = 10
_STYLES = {
    Judged.PASSES: "yellow",
    Judged.FALSE_ALARM: "bold red",
    Judged.FLAKY: "red",
    Judged.UNPROVEN: "yellow",
}
_OTHER = (CellState.CRASHED, CellState.FIXTURE_ERROR, CellState.TIMEOUT)


def print_proof(report: ProofReport, output: Output) -> None:
    """Everything that fits on a terminal; the rest is in the page and in the JSON."""
    tally = Tally(report)
    _print_tests(report.tests, output)
    if report.mutants:
        output.line()
        _print_operations(tally, output)
    if report.survivors:
        output.line()
        _print_survivors(report, output)
    output.line()
    for message, style in _totals(tally):
        output.say(message, style)
    for message in (*report.problems, *report.confinement):
        output.line(one_line(message.text(output.language)), "dim")


def _print_tests(tests: Sequence[TestProof], output: Output) -> None:
    head = (
        Message("test", "тест"),
        Message("verdict", "вердикт"),
        Message("kills", "убито"),
        Message("other ends", "иначе"),
    )
    rows = [tuple(each.text(output.language) for each in head)]
    rows += [_test_row(test, output.language) for test in tests]
    output.table(rows)
    for test in tests:
        reason = one_line(test.reason.text(output.language))
        if reason:
            output.line(f"  {test_name(test.item)}: {reason}", _STYLES[test.judged])


def _test_row(test: TestProof, language: str) -> tuple[str, ...]:
    count = of_test(test)
    other = [
        f"{STATES[state].text(language)} {amount}"
        for state in _OTHER
        if (amount := sum(cell.state is state for cell in test.cells))
    ]
    kills = f"{count.killed}/{count.reached}" if test.cells else ""
    return test_name(test.item), VERDICTS[test.judged].text(language), kills, ", ".join(other)


def _print_operations(tally: Tally, output: Output) -> None:
    language = output.language
    operation = Message("operation", "операция").text(language)
    rows = [(operation, *(KINDS[kind].text(language) for kind in MutantKind))]
    for key in tally.operations:
        rows.append((key, *(_shown(tally.group(key, kind)) for kind in MutantKind)))
    output.table(rows)


def _shown(count: Count) -> str:
    return f"{count.killed}/{count.reached}" if count.reached else "–"


def _print_survivors(report: ProofReport, output: Output) -> None:
    output.say(Message("Survivors, and the check that would kill each:",
                       "Выжившие и проверка, которая убила бы каждого:"), "bold")  # fmt: skip
    for survivor in report.survivors[:_MOST_SURVIVORS]:
        what = one_line(fault(report.mutants[survivor.mutant]).text(output.language))
        output.line(f"  {what}", "yellow")
        output.line(f"    → {one_line(cure(survivor).text(output.language))}")
    hidden = len(report.survivors) - _MOST_SURVIVORS
    if hidden > 0:
        output.say(Message(f"  and {hidden} more (--html FILE, --json)",
                           f"  и ещё {hidden} (--html ФАЙЛ, --json)"), "yellow")  # fmt: skip


def _totals(tally: Tally) -> Iterator[tuple[Message, str]]:
    verdicts = tally.verdicts()
    told = [(VERDICTS[judged], amount) for judged, amount in verdicts.items() if amount]
    en = ", ".join(f"{word.en} {amount}" for word, amount in told)
    ru = ", ".join(f"{word.ru} {amount}" for word, amount in told)
    style = "bold green" if tally.harmless else "bold red"
    yield Message(f"Tests: {en or 'none'}", f"Тесты: {ru or 'нет'}"), style
    for kind in MutantKind:
        count = tally.of_kind(kind)
        if count.reached:
            name, share = KINDS[kind], f"{percent(count)} ({count.killed}/{count.reached})"
            yield Message(f"Kills, {name.en}: {share}", f"Убито, {name.ru}: {share}"), "bold"
    if tally.report.left_out:
        left = tally.report.left_out
        yield (
            Message(
                f"Not tried: {left} pairs of test and mutant (--mutants, --seconds)",
                f"Не опробовано пар «тест — мутант»: {left} (--mutants, --seconds)",
            ),
            "yellow",
        )
