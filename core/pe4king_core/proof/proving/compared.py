"""What a proposal changes: its tests as they are now against the same tests as they will be."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pe4king_core.model.message import Message
from pe4king_core.model.verdict import Kills, Level, LevelResult, LevelState
from pe4king_core.proof.proving.hosts import IsKnown
from pe4king_core.proof.report import CellState, Judged, ProofReport, TestProof

_NOTHING_RUN = Message("no test of it was run", "ни один его тест не запускался")
_FEW = 10
"""So many seeded faults in answers are noticed by a test that checks anything."""

_NO_MUTANTS = Message(
    "its tests show no seeded fault", "его тесты не показывают ни одной внесённой ошибки"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """The two levels that need a run, and how many mutants are killed before and after."""

    passes: LevelResult
    kills: LevelResult
    counts: Kills | None = None


def compared(
    before: ProofReport | None,
    after: ProofReport,
    names: Collection[str] = (),
    knows: IsKnown = lambda _: False,
) -> Compared:
    """How the tests called `names` (empty: all) fare; `before` is None where there were none.

    A test fails the level where it passed before and does not any more, where it passes on fewer
    of the answers that the document allows, where it is a false alarm or flaky, and where it does
    harm: it hangs, ends the test runner, or calls a host that it did not call before and that
    nobody `knows`. New tests that notice no fault at all fail the other one.
    """
    old = list(_named(before, names)) if before is not None else []
    new = list(_named(after, names))
    passes = _broken(before, after) or _passes(old, new, knows)
    counts = _counts(before, old, after, new)
    return Compared(passes, _kills(counts, is_new=not old), counts)


def _named(report: ProofReport, names: Collection[str]) -> Iterator[TestProof]:
    return (each for each in report.tests if not names or each.item.name in names)


def _broken(before: ProofReport | None, after: ProofReport) -> LevelResult | None:
    """That no test can be run any more."""
    if after.harm is None or (before is not None and before.harm is not None):
        return None
    return LevelResult(Level.PASSES, LevelState.FAILED, after.harm)


def _passes(old: list[TestProof], new: list[TestProof], knows: IsKnown) -> LevelResult:
    known = {each.item.id: each for each in old}
    unproven: Message | None = None
    for test in new:
        problem = _harm(known.get(test.item.id), test, knows)
        problem = problem or _problem(known.get(test.item.id), test)
        if problem is not None:
            return LevelResult(Level.PASSES, LevelState.FAILED, _about(test, problem))
        if test.judged is Judged.UNPROVEN:
            unproven = unproven or _about(test, test.reason)
    if not new:
        return LevelResult(Level.PASSES, LevelState.NOT_RUN, _NOTHING_RUN)
    if unproven is not None:
        return LevelResult(Level.PASSES, LevelState.WARNED, unproven)
    return LevelResult(Level.PASSES, LevelState.PASSED)


def _harm(old: TestProof | None, new: TestProof, knows: IsKnown) -> Message | None:
    """What it does beside testing and did not do before."""
    if new.harm is not None and (old is None or old.harm is None):
        return new.harm
    before = () if old is None else old.hosts
    hosts = [each for each in new.hosts if each not in before and not knows(each)]
    return _calls(hosts[0]) if hosts else None


def _calls(host: str) -> Message:
    return Message(f"it calls another host: {host}", f"обращается к другому хосту: {host}")


def _problem(old: TestProof | None, new: TestProof) -> Message | None:
    """Why a test is worse than it was."""
    if new.judged in (Judged.FALSE_ALARM, Judged.FLAKY):
        was_so = old is not None and old.judged is new.judged
        return None if was_so else new.reason
    if old is None or old.judged is not Judged.PASSES:
        return None
    if new.judged is not Judged.PASSES or new.seeds < old.seeds or new.ends < old.ends:
        return new.reason
    return None


def _about(test: TestProof, reason: Message) -> Message:
    return Message(f"{test.item.name}: {reason.en}", f"{test.item.name}: {reason.ru}")


def _counts(
    before: ProofReport | None, old: list[TestProof], after: ProofReport, new: list[TestProof]
) -> Kills | None:
    killed_before, reached_before = _killed(before, old) if before is not None else (set(), set())
    killed_after, reached_after = _killed(after, new)
    mutants = len(reached_before | reached_after)
    return Kills(len(killed_before), len(killed_after), mutants) if mutants else None


def _killed(
    report: ProofReport, tests: list[TestProof]
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The mutants that some of `tests` kill, and those that some of them reach, by names."""
    killed, reached = set[tuple[str, str]](), set[tuple[str, str]]()
    for test in tests:
        for cell in test.cells:
            mutant = report.mutants[cell.mutant]
            key = (mutant.operation, mutant.name)
            if test.concerns(cell, report.mutants):
                reached.add(key)
            if cell.state is CellState.KILLED:
                killed.add(key)
    return killed, reached


def _kills(counts: Kills | None, *, is_new: bool) -> LevelResult:
    if counts is None:
        return LevelResult(Level.KILLS, LevelState.NOT_RUN, _NO_MUTANTS)
    if is_new and not counts.after and counts.mutants >= _FEW:
        return LevelResult(Level.KILLS, LevelState.FAILED, _useless(counts.mutants))
    told = Message(
        f"kills {counts.before} -> {counts.after} of {counts.mutants}",
        f"обнаруживает {counts.before} -> {counts.after} из {counts.mutants}",
    )
    worse = counts.after < counts.before or not counts.after
    return LevelResult(Level.KILLS, LevelState.WARNED if worse else LevelState.PASSED, told)


def _useless(mutants: int) -> Message:
    return Message(
        f"its new tests notice none of the {mutants} seeded faults that they are answered with",
        f"его новые тесты не замечают ни одной из {mutants} внесённых ошибок в ответах",
    )
