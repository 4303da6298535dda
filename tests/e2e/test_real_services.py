"""Generated suites against two services that were written apart from the generator.

The bookstore of `examples/` with its hand-written document, and the hotel service of this folder
with the document that FastAPI makes. Tests of valid requests pass with every seed; tests of
invalid ones pass as well, as both services validate. `PE4KING_SEEDS` sets how many seeds are run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_server.cli.bookstore import Bookstore
from tests.conftest import ROOT
from tests.e2e.hotel.service import HotelService
from tests.e2e.suites import NEGATIVES, STYLES, TRUE_KINDS, load_path, run_pytest, suite
from tests.rendering.java_kit import java_kit

pytestmark = pytest.mark.slow

EXISTING = {"API_EXISTING_DATA": "1"}
"""The services know the data of their documents' examples."""
SEEDS = int(os.environ.get("PE4KING_SEEDS", "2"))


@pytest.fixture(params=["bookstore", "hotel"])
def service(request: pytest.FixtureRequest) -> Iterator[tuple[ApiDocument, dict[str, str]]]:
    """A fresh service: its document, and what its tests need to know of it."""
    if request.param == "bookstore":
        document = load_path(ROOT / "examples" / "bookstore" / "openapi.yaml")
        with Bookstore() as bookstore:
            yield document, bookstore.environment
    else:
        with HotelService() as hotel:
            text = json.dumps(hotel.document)
            yield load(text, "file:///hotel/openapi.json"), hotel.environment


def test_valid_requests_pass_with_every_seed(
    service: tuple[ApiDocument, dict[str, str]], tmp_path: Path
) -> None:
    document, environment = service
    expected = 0
    for seed in range(1, SEEDS + 1):
        made = suite(document, plan=TestPlan(kinds=TRUE_KINDS, seed=seed))
        made.write(tmp_path / f"seed_{seed}")
        expected += made.size
    done = run_pytest(tmp_path, environment)
    assert not done.wrong, done.printed[-5000:]
    assert len(done.outcomes) == expected
    assert expected > SEEDS * len(document.operations)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_invalid_requests_are_refused(
    service: tuple[ApiDocument, dict[str, str]], style: TestStyle, tmp_path: Path
) -> None:
    document, environment = service
    made = suite(document, style=style, plan=TestPlan(kinds=NEGATIVES))
    done = run_pytest(made.write(tmp_path), environment)
    assert not done.wrong, done.printed[-5000:]
    assert len(done.outcomes) == made.size > 5 * len(document.operations)


@pytest.mark.parametrize(
    "style", [STYLES["requests"], STYLES["classes"]], ids=["requests", "classes"]
)
def test_every_style_passes(
    service: tuple[ApiDocument, dict[str, str]], style: TestStyle, tmp_path: Path
) -> None:
    document, environment = service
    made = suite(document, style=style, plan=TestPlan(kinds=TRUE_KINDS))
    done = run_pytest(made.write(tmp_path), environment)
    assert not done.wrong, done.printed[-5000:]
    assert len(done.outcomes) == made.size


def test_a_suite_can_be_run_again(
    service: tuple[ApiDocument, dict[str, str]], tmp_path: Path
) -> None:
    """What a suite leaves behind does not stand in its own way."""
    document, environment = service
    suite(document, plan=TestPlan(kinds=TRUE_KINDS)).write(tmp_path)
    assert not run_pytest(tmp_path, environment).wrong
    again = run_pytest(tmp_path, environment)
    assert not again.wrong, again.printed[-5000:]


@pytest.mark.java
def test_junit_passes(service: tuple[ApiDocument, dict[str, str]], tmp_path: Path) -> None:
    document, environment = service
    made = suite(document, "junit-restassured")
    kit = java_kit()
    classes = kit.compile(made.java(), tmp_path, options=("-Xlint:all", "-Werror"))
    outcomes = kit.run_tests(classes, EXISTING | environment)
    assert not {name: one for name, one in outcomes.items() if not one.passed}
    assert len(outcomes) == made.size


@pytest.mark.java
def test_junit_of_valid_requests_passes_with_every_seed(
    service: tuple[ApiDocument, dict[str, str]], tmp_path: Path
) -> None:
    document, environment = service
    sources: dict[str, str] = {}
    for seed in range(1, SEEDS + 1):
        style = TestStyle(package=f"seed{seed}")
        plan = TestPlan(kinds=TRUE_KINDS, seed=seed)
        sources |= suite(document, "junit-restassured", style, plan).java()
    kit = java_kit()
    outcomes = kit.run_tests(kit.compile(sources, tmp_path), EXISTING | environment)
    assert not {name: one for name, one in outcomes.items() if not one.passed}
    assert outcomes
