"""The tests that we generate, behaviour included, pass against the service of their document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.generation import generate
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.mutants.laws import law_mutants
from pe4king_core.mock.service import Options, Service
from pe4king_core.mock.state.damage import Operator
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.model.case import TestModel, TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.rendering.format import environment_name
from tests.e2e.judging.recorder import Recorder
from tests.e2e.suites import Run, rendered, run_pytest
from tests.mock.state.calls import bookstore, hotel, text_of

pytestmark = pytest.mark.slow

_SMALL = ("petstore3.yaml", "realworld.yml", "museum.yaml", "cafe-3.2.yaml", "vampi.yml")


def ran(
    document: ApiDocument, service: Service, folder: Path, models: tuple[TestModel, ...]
) -> Run:
    """The tests of `models` run against `service`."""

    def answering(_: Recorder, sent: Sent) -> Answer:
        return service.answer(sent).answer

    rendered(document, models, "pytest", TestStyle()).write(folder)
    with Recorder(answering) as recorder:
        environment = {"API_BASE_URL": recorder.base_url}
        for scheme in document.security_schemes.values():
            is_basic = "basic" in (scheme.http_scheme, scheme.type)
            environment[environment_name(scheme)] = "demo:key" if is_basic else "demo-key"
        return run_pytest(folder, environment)


def laws_in(models: tuple[TestModel, ...]) -> int:
    return sum(bool(case.law) for model in models for case in model.cases)


@pytest.mark.parametrize("unknown", list(Unknown))
@pytest.mark.parametrize("text", [bookstore, hotel])
def test_all_tests_of_our_documents_pass(text: object, unknown: Unknown, tmp_path: Path) -> None:
    document = load(text(), "file:///document.yaml")  # type: ignore[operator]
    models = generate(document, TestPlan())
    service = Service(document, Options(unknown=unknown))
    run = ran(document, service, tmp_path, models)
    assert not run.wrong, "\n".join(f"{name}: {why}" for name, why in run.wrong.items())
    assert laws_in(models) > 10
    assert len(run.outcomes) > 300


@pytest.mark.parametrize("name", _SMALL)
def test_all_tests_of_public_documents_pass(name: str, tmp_path: Path, shared_specs: Path) -> None:
    document = load(text_of(shared_specs / "small" / name), "file:///document.yaml")
    run = ran(document, Service(document, Options()), tmp_path, generate(document, TestPlan()))
    assert not run.wrong, "\n".join(f"{each}: {why}" for each, why in run.wrong.items())
    assert len(run.outcomes) > 50


@pytest.mark.parametrize(
    ("operation", "operator"),
    [
        ("POST /books", Operator.ECHO_CHANGED),
        ("POST /books", Operator.NOT_KEPT),
        ("POST /books", Operator.KEPT_CHANGED),
        ("PUT /books/{bookId}", Operator.NOT_UPDATED),
        ("DELETE /books/{bookId}", Operator.NOT_REMOVED),
    ],
)
def test_behaviour_tests_notice_a_broken_law(
    operation: str, operator: Operator, tmp_path: Path
) -> None:
    document = load(bookstore(), "file:///document.yaml")
    found = document.operation(operation)
    assert found is not None
    mutants = [each for each in law_mutants(document, found) if each.operator == operator]
    models = tuple(
        replace(model, cases=tuple(case for case in model.cases if case.law))
        for model in generate(document, TestPlan(paths=("/books", "/books/*")))
    )
    service = Service(document, Options())
    service.mutant = next(each for each in mutants if each.subject in ("", "/title"))
    wrong = ran(document, service, tmp_path, models).wrong
    assert wrong
    assert all("assert" in why for why in wrong.values()), wrong
