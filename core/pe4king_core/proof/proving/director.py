"""Who tells the runner what to run next: one test after the other, each until it is judged."""

from __future__ import annotations

import time
from collections.abc import Sequence

from pe4king_core.proof.proving.baselines import Trial
from pe4king_core.proof.proving.choosing import Catalogue
from pe4king_core.proof.proving.job import Progress, ProofJob, Watcher
from pe4king_core.proof.proving.judging import Judge, Judging
from pe4king_core.proof.proving.runs import Run, Steps
from pe4king_core.proof.proving.serving import Serving, Stage
from pe4king_core.proof.proving.shares import Shares
from pe4king_core.proof.proving.understanding import understood
from pe4king_core.proof.running import Ended, RunResult, TestItem

_FOR_MUTANTS = 0.9
"""The part of all time after which no more mutants are tried."""


class ProofDirector:
    """The director of one proof.

    Where the runner had to be started again, what its tests share is made anew in the next run;
    so that run is one for nothing, on the sound server.
    """

    def __init__(
        self, job: ProofJob, serving: Serving, catalogue: Catalogue, watcher: Watcher | None
    ) -> None:
        self._job = job
        self._serving = serving
        self._judge = Judge(serving, catalogue, job.mutants)
        self._watcher = watcher
        self._shares = Shares(time.monotonic() + job.request.total_seconds * _FOR_MUTANTS)
        self._over = time.monotonic() + job.request.total_seconds
        self._items: dict[str, TestItem] = {}
        self._steps: dict[str, Steps[None]] = {}
        self._run: Run | None = None
        self._restarted = False
        self._warming = False
        self.judged: dict[str, Judging] = {}

    def collected(self, items: Sequence[TestItem]) -> None:
        """These tests are there; a second time: the runner was started again."""
        self._restarted = bool(self._items)
        for item in items:
            self._items.setdefault(item.id, item)

    def again(self, item: TestItem) -> bool:
        """Whether `item` is run once more; the server is ready for it then."""
        judging = self.judged.get(item.id)
        if judging is None:
            judging = self._begun(item)
            self._restarted = False
            return True
        if judging.is_done:
            return False
        if self._restarted and not judging.hangs:
            self._restarted, self._warming = False, True
            self._serving.prepare(Stage(recorded=True), judging.trial.kept)
            return True
        return self._goes_on(item, judging)

    def ended(self, item: TestItem, result: RunResult) -> None:
        """How the run ended."""
        judging = self.judged[item.id]
        judging.runs += 1
        is_over = result.ended is Ended.TIMEOUT and time.monotonic() >= self._over
        judging.last = judging.last if is_over else result
        # Later there are mutants: who waits for something may do so in vain there.
        is_sound = judging.trial.judged is None
        judging.hangs |= result.ended is Ended.TIMEOUT and is_sound and not is_over
        if self._warming:
            self._warming = False
            judging.trial.kept = self._serving.kept()
            judging.is_done = result.ended is Ended.TIMEOUT
        else:
            self._run = Run(result, self._serving.seen())
        if self._watcher is not None:
            done = sum(each.is_done for each in self.judged.values())
            total = max(len(self._items), len(self.judged))
            self._watcher(Progress(done, total, item.id, judging.runs, judging.planned))

    def finished(self) -> tuple[Judging, ...]:
        """All tests that were found, judged or not, in the order found."""
        for item in self._items.values():
            if item.id not in self.judged:
                self.judged[item.id] = self._judging(item)
        return tuple(self.judged[each] for each in self._items)

    def _begun(self, item: TestItem) -> Judging:
        self._items.setdefault(item.id, item)
        judging = self.judged[item.id] = self._judging(item)
        self._run = None
        steps = self._steps[item.id] = self._judge.steps(judging)
        next(steps)
        return judging

    def _goes_on(self, item: TestItem, judging: Judging) -> bool:
        if self._run is None:
            # The run that was allowed has never ended: the runner has lost it.
            judging.is_done = True
            return False
        run, self._run = self._run, None
        try:
            self._steps[item.id].send(run)
        except StopIteration:
            self._judge.rest(judging)
            return False
        return True

    def _judging(self, item: TestItem) -> Judging:
        job = self._job
        trial = Trial(
            understood(item, job.sources, job.apis),
            job.seeds,
            job.lenient,
            job.request.test_seconds,
            self._serving.kept(),
        )
        return Judging(item, trial, self._until())

    def _until(self) -> float:
        left = max(len(self._items) - len(self.judged), 1)
        return self._shares.until(time.monotonic(), left)
