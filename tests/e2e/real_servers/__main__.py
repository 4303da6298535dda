"""Runs the generated tests of every server and prints what came of them."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pe4king_core.generation import generate
from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.model.case import TestCase, TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.rendering.format import environment_name
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.writing import schemes_of
from tests.e2e.judging.recorder import Passing, Recorder
from tests.e2e.real_servers.servers import (
    SERVERS,
    NotToBeHadError,
    Running,
    Server,
    Started,
)
from tests.e2e.real_servers.verdicts import NEUTRAL, UNEXPLAINED, Verdicts
from tests.e2e.suites import Run, rendered, run_pytest

_SHOWN = 3
_TIME = 420.0
"""Seconds that the tests of one server may take."""


@dataclass(slots=True)
class Report:
    """What came of the tests of one server."""

    name: str
    tests: int = 0
    passed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    reached_alone: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)

    def add(self, kind: str, told: str) -> None:
        self.kinds[kind] += 1
        self.examples.setdefault(kind, []).append(told)

    def figures(self) -> dict[str, int]:
        """For machines; every test is one of passed, disagreements, undecided, unexplained."""
        undecided = sum(self.kinds[kind] for kind in NEUTRAL)
        unexplained = self.kinds[UNEXPLAINED]
        return {
            "tests": self.tests,
            "passed": self.passed,
            "disagreements": self.kinds.total() - undecided - unexplained,
            "undecided": undecided,
            "unexplained": unexplained,
            "operations_reached": len(self.reached | self.reached_alone),
            "only_by_chains": len(self.reached - self.reached_alone),
        }

    def lines(self) -> Iterator[str]:
        yield f"{self.name}: {self.tests} tests, {self.passed} passed"
        for kind, count in self.kinds.most_common():
            yield f"  {count:5}  {kind}"
            shown = self.examples[kind] if kind == UNEXPLAINED else self.examples[kind][:_SHOWN]
            yield from (f"           {each[:260]}" for each in shown)
        chained = sorted(self.reached - self.reached_alone)
        yield (
            f"  {len(self.reached_alone)} operations answer a single call with success, "
            f"{len(chained)} more only after something was created for them"
        )
        yield from (f"           {key}" for key in chained)


def main(names: list[str]) -> int:
    """The exit code: 1 where a failure is unexplained."""
    total: Counter[str] = Counter()
    for server in SERVERS:
        if names and server.name.lower() not in names:
            continue
        try:
            report = run(server)
        except NotToBeHadError as error:
            print(f"{server.name}: skipped: {error}")
            continue
        print("\n".join(report.lines()), flush=True)
        total.update(report.figures())
    print(json.dumps(total))
    return 1 if total["unexplained"] else 0


def run(server: Server) -> Report:
    """Everything that is generated; on a fresh server the same with nothing created for it."""
    report = Report(server.name)
    for runner in (_run_single, _run_all):
        with tempfile.TemporaryDirectory() as folder:
            data, suite = Path(folder, "data"), Path(folder, "suite")
            data.mkdir()
            suite.mkdir()
            with Started(server, data) as running:
                document = load(running.document, "file:///openapi.json")
                keys = frozenset(each.key for each in document.operations) - running.left_out
                models = generate(document, TestPlan(operations=keys))
                runner(document, models, running, suite, report)
    return report


def _run_all(
    document: ApiDocument,
    models: tuple[TestModel, ...],
    running: Running,
    folder: Path,
    report: Report,
) -> None:
    verdicts = Verdicts(json.loads(running.document), running.prefix)
    recorder, done = _recorded(document, models, running, folder)
    for node, case in _cases(models):
        exchanges = recorder.exchanges.get(f"suite/{node}", [])
        outcome = done.outcomes.get(f"suite/{node}")
        report.tests += 1
        called = verdicts.under_test(case, exchanges)
        if case.kind is not CaseKind.NEGATIVE and called and called.answer.status < 400:
            report.reached.add(case.operation.key)
        if outcome is None:
            report.add(UNEXPLAINED, f"{node}: not run")
        elif outcome.passed:
            report.passed += 1
        else:
            kind, told = verdicts.of(case, exchanges)
            report.add(kind, f"{node.split('::')[-1]}: {told} [{_first_line(outcome.message)}]")


def _run_single(
    document: ApiDocument,
    models: tuple[TestModel, ...],
    running: Running,
    folder: Path,
    report: Report,
) -> None:
    """The same operations, each with one call and values that nobody made."""
    single = tuple(replace(model, cases=tuple(_single(model))) for model in models)
    verdicts = Verdicts(json.loads(running.document), running.prefix)
    recorder, _ = _recorded(document, single, running, folder)
    for node, case in _cases(single):
        called = verdicts.under_test(case, recorder.exchanges.get(f"suite/{node}", []))
        if called is not None and called.answer.status < 400:
            report.reached_alone.add(case.operation.key)


def _single(model: TestModel) -> Iterator[TestCase]:
    seen: set[str] = set()
    for case in model.cases:
        if case.kind is CaseKind.POSITIVE and case.operation.key not in seen:
            seen.add(case.operation.key)
            request = valid_request(case.operation)
            yield replace(case, given=(), clean_up=None, request=request)


def _recorded(
    document: ApiDocument, models: tuple[TestModel, ...], running: Running, folder: Path
) -> tuple[Recorder, Run]:
    rendered(document, models, "pytest", TestStyle()).write(folder / "suite")
    with Recorder(Passing(running.base_url, running.headers)) as recorder:
        recorder.install(folder)
        environment = {
            "API_BASE_URL": recorder.base_url + running.prefix,
            **_credentials(document, running.credentials),
        }
        done = run_pytest(folder, environment, timeout=_TIME)
    if not done.outcomes:
        raise NotToBeHadError(f"pytest could not run: {done.printed[-1500:]}")
    return recorder, done


def _first_line(message: str) -> str:
    return message.split("\n", maxsplit=1)[0][:80]


def _credentials(document: ApiDocument, value: str) -> Mapping[str, str]:
    return {environment_name(scheme): value for scheme in schemes_of(document)} if value else {}


def _cases(models: tuple[TestModel, ...]) -> Iterator[tuple[str, TestCase]]:
    for model in models:
        path = formats()["pytest"].render(replace(model, cases=()), TestStyle()).path
        for case in model.cases:
            yield f"{path}::test_{case.name}", case


if __name__ == "__main__":
    sys.exit(main([name.lower() for name in sys.argv[1:]]))
