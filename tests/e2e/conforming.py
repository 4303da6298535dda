"""Generated suites run against the conforming server of their document.

Tests of data that exist find it as it was: the server forgets what others did before each of them.
All other tests share what they make and change, as they do with a real service.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pe4king_core.generation import generate
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.mounts import Mounts
from pe4king_core.mock.http.serving import Running
from pe4king_core.mock.service import Options, Service
from pe4king_core.model.case import TestCase, TestModel, TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument, SchemeKind, SecurityScheme
from pe4king_core.rendering.format import environment_name
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.writing import schemes_of
from tests.e2e.suites import rendered, run_pytest
from tests.rendering.java_kit import Outcome

_PLUGIN = """
import http.client
import os
from urllib.parse import urlsplit

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if item.get_closest_marker("skipif"):
        where = http.client.HTTPConnection(urlsplit(os.environ["API_BASE_URL"]).netloc)
        where.request("POST", "/__pe4king/reset")
        assert where.getresponse().status < 300
        where.close()
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """One suite and the server it meets; `seed` is that of both."""

    name: str
    document: ApiDocument
    plan: TestPlan
    options: Options
    style: TestStyle = field(default_factory=TestStyle)

    @property
    def folder(self) -> str:
        """A name for its folder."""
        told = f"{self.name} {self.options.seed} {'lenient' if self.options.lenient else 'strict'}"
        return re.sub(r"\W", "_", told)

    def models(self) -> tuple[TestModel, ...]:
        return generate(self.document, replace(self.plan, seed=self.options.seed))


@dataclass(slots=True)
class Verdict:
    """What became of the tests: by state, and those that failed with the reason."""

    states: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def add(self, node: str, outcome: Outcome, told: str) -> None:
        """One test; failures that a reason is told for are counted apart."""
        self.states[outcome.state] += 1
        if outcome.passed:
            return
        if told:
            self.explained[told] += 1
        else:
            self.wrong[node] = outcome.message

    def __str__(self) -> str:
        failures = (f"{node}: {why[:400]}" for node, why in self.wrong.items())
        return "\n".join((f"{dict(self.states)} {dict(self.explained)}", *failures))


def served(settings: Iterable[Setting], folder: Path) -> Verdict:
    """Run the pytest suites of all `settings`, each against its server."""
    verdict = Verdict()
    for each in settings:
        models = each.models()
        files = rendered(each.document, models, "pytest", each.style)
        files.write(folder / each.folder / "suite")
        (folder / each.folder / "conftest.py").write_text(_PLUGIN, encoding="utf-8")
        with running(each) as server:
            environment = {"API_BASE_URL": server.base_url, **credentials(each.document)}
            run = run_pytest(folder / each.folder, environment)
        cases = {f"suite/{node}": case for node, case in nodes(each, models)}
        assert run.outcomes.keys() == cases.keys(), run.printed[-3_000:]
        for node, outcome in run.outcomes.items():
            told = "" if outcome.passed else explanation(each, cases[node], outcome)
            verdict.add(f"{each.folder}/{node}", outcome, told)
    return verdict


def running(setting: Setting) -> Running:
    """The conforming server of a setting, not started yet."""
    service = Service(setting.document, setting.options)
    return Running(MockApp(Mounts.of([("document", service)])))


def credentials(document: ApiDocument) -> dict[str, str]:
    """Credentials for all schemes of `document`, as variables of the environment."""
    return {
        environment_name(scheme): "demo:key" if scheme.kind is SchemeKind.BASIC else "demo-key"
        for scheme in schemes_of(document)
    }


def nodes(setting: Setting, models: tuple[TestModel, ...]) -> Iterator[tuple[str, TestCase]]:
    """Every case with the node that pytest calls it by."""
    for model in models:
        path = formats()["pytest"].render(replace(model, cases=()), setting.style).path
        for case in model.cases:
            yield f"{path}::test_{case.name}", case


def explanation(setting: Setting, case: TestCase, outcome: Outcome) -> str:
    """Why a test may fail with a server that conforms; "" where it may not."""
    if outcome.state == "skipped" and "which the test needs" in outcome.message:
        return "skipped: an answer has no optional part that the test needs"
    shown = [each.kind for each in schemes_of(setting.document) if each.kind in _AUTHORIZATION]
    alternatives = [each.schemes for each in case.operation.security]
    if "401" in outcome.message and alternatives and all(map(_others(shown[-1:]), alternatives)):
        return "Authorization shows the credentials of one scheme, here of another one"
    return ""


_AUTHORIZATION = (SchemeKind.BASIC, SchemeKind.BEARER)


def _others(shown: list[SchemeKind]) -> Callable[[tuple[SecurityScheme, ...]], bool]:
    """Whether schemes need something else in Authorization than what is `shown` there."""
    return lambda schemes: any(
        each.kind in _AUTHORIZATION and each.kind not in shown for each in schemes
    )
