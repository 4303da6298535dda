"""Judging one test: its baseline, then one run for each mutant that it may notice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pe4king_core.mock.handled import Handled
from pe4king_core.mock.mutant import MutantKind
from pe4king_core.mock.mutants.ignoring import IGNORING
from pe4king_core.model.message import Message
from pe4king_core.proof.proving import reasons
from pe4king_core.proof.proving.baselines import Baselines, Trial
from pe4king_core.proof.proving.choosing import Catalogue, Chosen
from pe4king_core.proof.proving.confirming import Confirming, contradicts
from pe4king_core.proof.proving.runs import Run, Steps
from pe4king_core.proof.proving.serving import Seen, Serving
from pe4king_core.proof.report import Cell, CellState, Judged, TestProof
from pe4king_core.proof.running import Ended, RunResult, TestItem

_MOST_TIMEOUTS = 3
"""A test that hangs again and again costs too much time."""
_PLAIN_RUNS = 4
"""The baseline, its repetition, the lenient server, the last one."""
_STATES = {
    Ended.PASSED: CellState.SURVIVED,
    Ended.SKIPPED: CellState.SURVIVED,
    Ended.EXPECTED: CellState.SURVIVED,
    Ended.FAILED: CellState.KILLED,
    Ended.CRASHED: CellState.CRASHED,
    Ended.FIXTURE_ERROR: CellState.FIXTURE_ERROR,
    Ended.TIMEOUT: CellState.TIMEOUT,
}
_NO_CHECK = frozenset({CellState.SURVIVED, CellState.CRASHED, CellState.FIXTURE_ERROR})
"""No check of the test has failed, though it may have noticed by accident."""


@dataclass(frozen=True, slots=True)
class Witness:
    """An answer with a mutant's fault that no check of a test noticed, and the one without."""

    broken: Handled
    sound: Handled | None


@dataclass(slots=True)
class Judging:
    """One test that is being judged; everything found so far."""

    item: TestItem
    trial: Trial
    until: float
    """When there is no more time for mutants (of the monotonic clock)."""
    chosen: Chosen = field(default_factory=Chosen)
    cells: list[Cell] = field(default_factory=list)
    witnesses: dict[int, Witness] = field(default_factory=dict)
    runs: int = 0
    is_done: bool = False
    last: RunResult | None = None
    """How its last run ended, where that was not for want of time."""
    hangs: bool = False
    """Whether a run on a sound server had no end."""

    @property
    def planned(self) -> int:
        """About how many runs it takes."""
        return max(self.runs, _PLAIN_RUNS + self.trial.seeds + len(self.chosen.run))

    @property
    def left_out(self) -> int:
        """Mutants that it was not run against."""
        return self.chosen.left_out + self.unfinished

    def is_flaky(self, failed: Run) -> None:
        """What it has killed so far says nothing."""
        self.trial.judged = Judged.FLAKY
        self.trial.reason = reasons.flaky(failed.result.message)
        self.chosen = Chosen()
        self.cells.clear()
        self.witnesses.clear()

    def proof(self) -> TestProof:
        """The verdict, as far as it is known."""
        trial = self.trial
        reason = self._unfinished() if trial.judged is None else trial.reason
        seen = trial.run.seen if trial.run is not None else ()
        known = (each.handled.operation for each in seen)
        return TestProof(
            self.item,
            trial.judged or Judged.UNPROVEN,
            reason,
            tuple(dict.fromkeys(each.key for each in known if each is not None)),
            tuple(sorted(self.cells, key=lambda cell: cell.mutant)),
            trial.passed_seeds,
            trial.run.result.seconds if trial.run is not None else 0.0,
            self.unfinished,
            self._prepared(seen),
            trial.passed_ends,
            reasons.timed_out(trial.test_seconds) if self.hangs else None,
        )

    def _prepared(self, seen: Sequence[Seen]) -> tuple[str, ...]:
        known = ((each.api, each.handled.operation) for each in seen)
        called = dict.fromkeys((api, each.key) for api, each in known if each is not None)
        prepares = self.trial.understood.only_prepares
        return tuple(dict.fromkeys(key for api, key in called if prepares((api, key))))

    @property
    def unfinished(self) -> int:
        """Mutants that were chosen, but there was no more time for them."""
        hidden = set(self.chosen.hidden)
        return len(self.chosen.run) - sum(each.mutant not in hidden for each in self.cells)

    def _unfinished(self) -> Message:
        """Why there is no verdict."""
        if not self.runs:
            return reasons.NOT_RUN
        match self.last:
            case RunResult(Ended.TIMEOUT):
                return reasons.timed_out(self.trial.test_seconds)
            case RunResult(Ended.CRASHED | Ended.FIXTURE_ERROR, message):
                return reasons.ended_runner(message)
        return reasons.OUT_OF_TIME


class Judge:
    """Judges the tests of one proof, one after the other."""

    def __init__(self, serving: Serving, catalogue: Catalogue, most: int) -> None:
        self._serving = serving
        self._catalogue = catalogue
        self._most = most
        self._baselines = Baselines(serving)

    def steps(self, judging: Judging) -> Steps[None]:
        """Everything that has to be done for one test."""
        trial = judging.trial
        yield from self._baselines.judge(trial, judging.item.file)
        if trial.judged is Judged.PASSES and trial.run is not None:
            judging.chosen = self._catalogue.chosen(
                trial.run.seen, trial.refused, trial.understood, self._most
            )
            judging.cells += (Cell(n, CellState.NOT_REACHED) for n in judging.chosen.hidden)
            yield from self._mutants(judging)
        if judging.runs > 1:
            yield from self._left_behind(judging)
        judging.is_done = True

    def _left_behind(self, judging: Judging) -> Steps[None]:
        """One run more, on the sound server: other tests may need what this one leaves behind."""
        trial = judging.trial
        self._serving.prepare(trial.stage, trial.kept)
        run = yield
        kept = self._serving.kept()
        if trial.judged is Judged.PASSES and run.went_wrong:
            self._serving.prepare(trial.stage, trial.kept)
            again = yield
            if contradicts(run, again):
                judging.is_flaky(run)
        trial.kept = kept

    def rest(self, judging: Judging) -> None:
        """Leave the server sound, with what exists for the next test."""
        self._serving.prepare(replace(judging.trial.stage, scripts={}), judging.trial.kept)

    def _mutants(self, judging: Judging) -> Steps[None]:
        timeouts, confirming = 0, Confirming()
        for number in judging.chosen.run:
            if time.monotonic() > judging.until or timeouts >= _MOST_TIMEOUTS:
                return
            self._seed_fault(judging, number)
            run = yield
            timeouts += run.result.ended is Ended.TIMEOUT
            if confirming.is_wanted(run.result):
                run = yield from self._confirmed(judging, number, run, confirming)
                if judging.trial.judged is Judged.FLAKY:
                    return
            cell = _cell(number, run)
            judging.cells.append(cell)
            if cell.state is CellState.KILLED:
                self._catalogue.killed(number)
            elif cell.state in _NO_CHECK:
                self._note(judging, number, run)

    def _confirmed(
        self, judging: Judging, number: int, run: Run, confirming: Confirming
    ) -> Steps[Run]:
        """The run that counts: this one, where the check fails again, else what comes then."""
        self._seed_fault(judging, number)
        again = yield
        if contradicts(run, again):
            judging.is_flaky(run)
        elif not again.passed:
            confirming.failed_again(run.result)
            return run
        return again

    def _seed_fault(self, judging: Judging, number: int) -> None:
        mutant, trial = self._catalogue.mutants[number], judging.trial
        # Recorded answers know nothing of what exists, which is all that laws speak of.
        recorded = trial.stage.recorded and mutant.kind is MutantKind.CONTRACT
        scripts = trial.stage.scripts
        if mutant.operator in IGNORING:
            # A script that refuses whatever is sent would do so on the broken server as well.
            scripts = {
                api: tuple(script for script in each if not script.always)
                for api, each in scripts.items()
            }
        stage = replace(trial.stage, recorded=recorded, scripts=scripts)
        self._serving.prepare(stage, trial.kept, (self._catalogue.apis[number], mutant))

    def _note(self, judging: Judging, number: int, run: Run) -> None:
        broken = next((each for each in run.seen if each.has_fault), None)
        if broken is not None and judging.trial.run is not None:
            sound = _sound(broken, judging.trial.run.seen)
            judging.witnesses[number] = Witness(broken.handled, sound)


def _cell(number: int, run: Run) -> Cell:
    """What a run says of a mutant: nothing, where its fault showed in no answer."""
    result = run.result
    if not run.has_fault and result.ended is not Ended.TIMEOUT:
        return Cell(number, CellState.NOT_REACHED)
    message = "" if result.ended is Ended.PASSED else result.message
    return Cell(number, _STATES[result.ended], message)


def _sound(broken: Seen, seen: Sequence[Seen]) -> Handled | None:
    """The answer of the baseline to the same request, else to one of the same operation."""
    wanted = broken.handled
    same = [each.handled for each in seen if each.handled.operation is wanted.operation]
    exact = (
        each
        for each in same
        if (each.sent.method, each.sent.target) == (wanted.sent.method, wanted.sent.target)
    )
    return next(exact, next(iter(same), None))
