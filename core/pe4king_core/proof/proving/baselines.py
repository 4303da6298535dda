"""The baseline of a test: how the conforming server answers when it passes, or why it does not.

Generated tests have to pass for every answer that the document allows. For a user's own test the
server is scripted with what it asserts already, where the document allows that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pe4king_core.mock.answers.variations import Variety
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.exchange import Exchange
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.scripts import Script
from pe4king_core.model.message import Message
from pe4king_core.proof.baseline.amending import amended
from pe4king_core.proof.proving import reasons
from pe4king_core.proof.proving.confirming import contradicts
from pe4king_core.proof.proving.runs import Run, Steps, same_answers
from pe4king_core.proof.proving.serving import Kept, Seen, Serving, Stage
from pe4king_core.proof.proving.understanding import Understood
from pe4king_core.proof.proving.unillustrated import Ends
from pe4king_core.proof.report import Judged
from pe4king_core.proof.running import Ended

_ATTEMPTS = 6
"""So many times a script is amended: a test stops at the first assertion that fails."""
_TRIES = 3
"""So many times more a test has to fail: one in two runs of a flaky one passes."""
_UNDOCUMENTED = frozenset({Why.UNKNOWN_PATH, Why.SCRIPTED})
_REFUSED = frozenset({Why.INVALID, Why.MEDIA_TYPE, Why.CREDENTIALS})


@dataclass(slots=True)
class Trial:
    """One test on trial: what is known so far. `kept` is what exists when a run begins."""

    understood: Understood
    seeds: int
    lenient: bool
    test_seconds: float
    kept: Kept
    stage: Stage = field(default_factory=lambda: Stage(recorded=True))
    judged: Judged | None = None
    reason: Message = Message("", "")
    passed_seeds: int = 0
    passed_ends: int = 0
    """Of those without anything that the document shows of its answers."""
    run: Run | None = None
    """The baseline's run."""
    refused: tuple[Seen, ...] = ()
    """Refusals for what is wrong with requests; in the baseline a script may play instead."""


class Baselines:
    """Finds the baselines of one proof's tests."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._nothing = serving.kept()
        self._reading: set[Path] = set()
        """Files in which something was read for several tests: it may be of another seed."""

    def judge(self, trial: Trial, file: Path) -> Steps[None]:
        """Run the test until it is judged; the result is in `trial`."""
        first, before, after = yield from self._first(trial)
        run, trial.kept = first, after
        if not trial.understood.is_generated:
            trial.stage, run = yield from self._amended(trial, trial.stage, run)
        trial.run = run
        trial.refused = tuple(each for each in first.seen if each.handled.faults)
        self._look_at(trial, run, first)
        if trial.judged is not None:
            trial.kept = before if run is first else after
            yield from self._confirmed(trial, trial.stage, run)
            trial.kept = after
            return
        if run is first:
            trial.kept = before
        second = yield from self._run(trial, trial.stage)
        is_same = same_answers(run.seen, second.seen)
        if run is first and (len(second.seen) < len(first.seen) or not (second.passed or is_same)):
            # What was made or read for several tests has to stay; it is no part of the baseline.
            trial.kept = after
            self._note_reading(file, first, second)
            trial.run = second = yield from self._run(trial, trial.stage)
        if not second.passed:
            self._differs(trial, run, second)
            return
        yield from self._varied(trial, file)
        trial.judged = trial.judged or Judged.PASSES

    def _first(self, trial: Trial) -> Steps[tuple[Run, Kept, Kept]]:
        """The first run, with what existed before and after it.

        Where it does not pass, an earlier test may have removed what it needs; servers under test
        are reset, so that it is run once more with nothing done before.
        """
        before = trial.kept
        first = yield from self._run(trial, trial.stage)
        after = self._serving.kept()
        if first.went_wrong and any(before):
            trial.kept = self._nothing
            clean = yield from self._run(trial, trial.stage)
            if clean.passed:
                return clean, self._nothing, self._serving.kept()
        return first, before, after

    def _run(self, trial: Trial, stage: Stage) -> Steps[Run]:
        self._serving.prepare(stage, trial.kept)
        return (yield)

    def _confirmed(self, trial: Trial, stage: Stage, run: Run) -> Steps[None]:
        """What fails has to fail again with the same answers."""
        for _ in range(_TRIES if run.went_wrong else 0):
            again = yield from self._run(trial, stage)
            if contradicts(run, again):
                trial.judged, trial.reason = Judged.FLAKY, reasons.flaky(run.result.message)
            if again.passed:
                return

    def _note_reading(self, file: Path, first: Run, second: Run) -> None:
        more = first.seen[: max(len(first.seen) - len(second.seen), 0)]
        if any(each.handled.sent.method == "GET" for each in more):
            self._reading.add(file)

    def _amended(self, trial: Trial, stage: Stage, run: Run) -> Steps[tuple[Stage, Run]]:
        """The first run that passes, or the last one, with scripts for what did not hold."""
        for _ in range(_ATTEMPTS):
            scripts = self._scripts(trial.understood, run, stage.scripts)
            if not run.went_wrong or scripts == stage.scripts:
                break
            stage = replace(stage, scripts=scripts)
            run = yield from self._run(trial, stage)
        return stage, run

    def _scripts(
        self, known: Understood, run: Run, before: Mapping[int, tuple[Script, ...]]
    ) -> dict[int, tuple[Script, ...]]:
        found = dict(before)
        if known.given is None:
            return found
        for api in dict.fromkeys(each.api for each in run.seen):
            operations = {
                call: operation
                for call, (number, operation) in known.given_operations.items()
                if number == api
            }
            seen = [each.handled for each in run.seen if each.api == api]
            scripts = amended(known.given, operations, seen, before.get(api, ()))
            if scripts:
                found[api] = scripts
        return found

    def _look_at(self, trial: Trial, run: Run, first: Run) -> None:
        """What the runs on the first server come to, where that is not a pass."""
        if run.passed:
            judged = self._empty(trial.understood, run) or self._forbidden(run, first)
        else:
            judged = self._failed(trial, run)
        if judged is not None:
            trial.judged, trial.reason = judged

    def _empty(self, known: Understood, run: Run) -> tuple[Judged, Message] | None:
        """A test that passes and has shown nothing."""
        if not run.seen:
            return Judged.UNPROVEN, reasons.no_request(run.result.message)
        if not known.is_generated and _all_unknown(run.seen):
            return Judged.UNPROVEN, reasons.not_in_document(self._paths(run.seen))
        return None

    def _forbidden(self, run: Run, first: Run) -> tuple[Judged, Message] | None:
        """A test that passes only with what the document does not allow."""
        for each in run.seen:
            operation = each.handled.operation
            if each.handled.why is not Why.SCRIPTED or operation is None:
                continue
            exchange = Exchange(each.handled.sent, each.handled.answer)
            try:
                faults = self._serving.judge(each.api).faults(exchange, operation.key)
            except UnjudgedError:
                continue  # nothing is known to be wrong
            if faults:
                told = f"{faults[0].kind}: {faults[0].words}"
                return Judged.UNPROVEN, reasons.not_allowed(told, first.result.message)
        return None

    def _failed(self, trial: Trial, run: Run) -> tuple[Judged, Message]:
        message = run.result.message
        match run.result.ended:
            case Ended.SKIPPED:
                return Judged.UNPROVEN, reasons.skipped(message)
            case Ended.EXPECTED:
                return Judged.UNPROVEN, reasons.expected_to_fail(message)
            case Ended.TIMEOUT:
                return Judged.UNPROVEN, reasons.timed_out(trial.test_seconds)
            case Ended.FIXTURE_ERROR if not (trial.understood.is_generated and run.seen):
                return Judged.UNPROVEN, reasons.set_up_failed(message)
        if not run.seen:
            return Judged.UNPROVEN, reasons.fails_before_request(message)
        if _all_unknown(run.seen):
            return Judged.UNPROVEN, reasons.not_in_document(self._paths(run.seen))
        if trial.understood.is_generated:
            return Judged.FALSE_ALARM, reasons.false_alarm(trial.stage, message)
        refused = _refused(run.seen[-1].handled)
        reason = reasons.request_refused(refused) if refused else None
        return Judged.UNPROVEN, reason or reasons.baseline_fails(message)

    def _differs(self, trial: Trial, run: Run, second: Run) -> None:
        message = second.result.message
        if second.result.ended is Ended.TIMEOUT:
            trial.judged, trial.reason = Judged.UNPROVEN, reasons.timed_out(trial.test_seconds)
        elif same_answers(run.seen, second.seen):
            trial.judged, trial.reason = Judged.FLAKY, reasons.flaky(message)
        else:
            trial.judged, trial.reason = Judged.UNPROVEN, reasons.DEPENDS_ON_ITSELF

    def _varied(self, trial: Trial, file: Path) -> Steps[None]:
        """The other answers that the document allows."""
        for each in _stages(trial):
            stage = replace(each, scripts=trial.stage.scripts)
            run = yield from self._run(trial, stage)
            if not trial.understood.is_generated:
                stage, run = yield from self._amended(trial, stage, run)
            if run.went_wrong or run.result.ended is Ended.TIMEOUT:
                self._fails(trial, stage, run, file)
                yield from self._confirmed(trial, stage, run)
                return
            trial.passed_seeds += not stage.lenient and stage.ends is None
            trial.passed_ends += stage.ends is not None

    def _fails(self, trial: Trial, stage: Stage, run: Run, file: Path) -> None:
        """It passes at first, and not with other answers."""
        message = run.result.message
        if trial.understood.is_generated and file not in self._reading:
            trial.judged, trial.reason = Judged.FALSE_ALARM, reasons.false_alarm(stage, message)
        else:
            trial.reason = reasons.not_on_all(stage, message)

    def _paths(self, seen: Sequence[Seen]) -> str:
        return ", ".join(dict.fromkeys(self._serving.shown(each.handled.sent) for each in seen))


def _stages(trial: Trial) -> Iterator[Stage]:
    """The servers that a test has to pass on beside the first one."""
    yield from (Stage(seed, Variety.FULL) for seed in range(1, trial.seeds + 1))
    yield from (Stage(ends=each) for each in Ends)
    if trial.lenient and trial.understood.is_generated:
        yield Stage(lenient=True)


def _all_unknown(seen: Sequence[Seen]) -> bool:
    ways = {each.handled.why for each in seen if each.handled.operation is None}
    return all(each.handled.operation is None for each in seen) and ways <= _UNDOCUMENTED


def _refused(handled: Handled) -> Message | None:
    """What is wrong with a request that was refused."""
    if handled.why not in _REFUSED or not handled.faults:
        return None
    return handled.faults[0].told
