"""Contract tests against Prism, which makes its answers up from the document.

A failure is a false alarm of ours unless the validator says that Prism's own answer breaks the
document. Known of Prism 5.14: `exclusiveMinimum` and `exclusiveMaximum` as numbers are ignored (so
it gets them as `minimum` and `maximum` too, which says the same), and media types without a schema
are answered with an error of its own. `PE4KING_SEEDS` sets how many seeds are run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.generation import generate
from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.operations import Operations
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Exchange
from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument, SchemeKind
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import read
from pe4king_core.rendering.format import environment_name
from pe4king_server.actions.writing import schemes_of
from tests.conftest import ROOT
from tests.e2e.judging.recorder import Passing, Recorder
from tests.e2e.prism import prism
from tests.e2e.suites import TRUE_KINDS, rendered, run_pytest

pytestmark = pytest.mark.slow

SEEDS = int(os.environ.get("PE4KING_SEEDS", "2"))
DOCUMENTS = (
    "small/petstore3.yaml",
    "small/museum.yaml",
    "small/realworld.yml",
    "small/vampi.yml",
    "mid/resend.yaml",
    "mid/adyen-transfers-v4.yaml",
)


@dataclass(slots=True)
class Tally:
    """What became of the tests of one document, over all seeds."""

    passed: int = 0
    prism_is_wrong: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)


class Contract:
    """The contract tests of one document, run against Prism."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.document = load(text, path.as_uri())
        raw = read(text)
        assert isinstance(raw, dict)
        self._served = json.dumps(_with_plain_bounds(raw))
        self._operations = Operations(raw)
        self._judge = AnswerJudge(raw)
        self.tally = Tally()

    def run(self, seed: int, folder: Path) -> None:
        plan = TestPlan(kinds=TRUE_KINDS, behavioural=False, seed=seed)
        models = generate(self.document, plan)
        made = rendered(self.document, models, "pytest", TestStyle())
        made.write(folder / "suite")
        served = folder / "openapi.json"
        served.write_text(self._served, encoding="utf-8")
        with (
            prism().serve(served, seed) as server,
            Recorder(Passing(server.base_url)) as recorder,
        ):
            recorder.install(folder)
            environment = {"API_BASE_URL": recorder.base_url, **credentials(self.document)}
            done = run_pytest(folder, environment)
        assert len(done.outcomes) == made.size, done.printed[-3000:]
        for name, message in done.wrong.items():
            self._judge_failure(f"seed {seed} {name}: {message}", recorder.exchanges[name])
        self.tally.passed += made.size - len(done.wrong)

    def _judge_failure(self, told: str, exchanges: Sequence[Exchange]) -> None:
        faults = [fault for each in exchanges for fault in self._faults(each)]
        if faults:
            self.tally.prism_is_wrong.append(f"{faults[0]} {told}")
        else:
            shown = "; ".join(
                f"{each.sent.method} {each.sent.target[:120]} {each.sent.body[:200]!r} -> "
                f"{each.answer.status} {each.answer.body[:400]!r}"
                for each in exchanges
            )
            self.tally.false_alarms.append(f"{told}\n    {shown}")

    def _faults(self, exchange: Exchange) -> Sequence[tuple[str, str]]:
        path = exchange.sent.target.split("?", maxsplit=1)[0]
        found = self._operations.matching(exchange.sent.method, path)
        if b"stoplight.io/prism/errors#UNKNOWN" in exchange.answer.body:
            return [("an error of Prism itself", str(exchange.answer.status))]
        if found is None or exchange.answer.status >= 400:
            return []
        try:
            return self._judge.faults(exchange.sent.method, found[0].path, exchange.answer)
        except UnjudgedError:
            return []


def _with_plain_bounds(node: Any) -> Any:
    """The same document: what excludes a bound allows nothing beyond it either."""
    if isinstance(node, list):
        return [_with_plain_bounds(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {str(key): _with_plain_bounds(value) for key, value in node.items()}
    for excluded, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(excluded), int | float) and not isinstance(made[excluded], bool):
            made.setdefault(plain, made[excluded])
    return made


def credentials(document: ApiDocument) -> Mapping[str, str]:
    """Some credentials for every scheme: Prism looks only whether there are any."""
    values: dict[str, Any] = {SchemeKind.BASIC: "user:password"}
    return {environment_name(s): values.get(s.kind, "credentials") for s in schemes_of(document)}


def test_bookstore(tmp_path: Path) -> None:
    check(Contract(ROOT / "examples" / "bookstore" / "openapi.yaml"), tmp_path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_public_document(name: str, tmp_path: Path, shared_specs: Path) -> None:
    check(Contract(shared_specs / name), tmp_path)


def check(contract: Contract, folder: Path) -> None:
    for seed in range(1, SEEDS + 1):
        (folder / str(seed)).mkdir()
        contract.run(seed, folder / str(seed))
    tally = contract.tally
    print(f"{tally.passed} passed, Prism is wrong in {len(tally.prism_is_wrong)}")  # noqa: T201
    assert not tally.false_alarms, f"{len(tally.false_alarms)}:\n" + "\n".join(tally.false_alarms)
    assert tally.passed > len(tally.prism_is_wrong)
