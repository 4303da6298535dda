"""Other people's Python tests, as they are and with what they lack woven in, really run."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pe4king_core.model.case import Depth
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_server.cli.bookstore import Bookstore
from tests.conftest import ROOT
from tests.testcode import corpus_kit
from tests.testcode.corpus_kit import Suite
from tests.weaving.corpus_weaving import Outcome, WovenSuite, weave_suite

pytestmark = pytest.mark.slow

SUITES = {suite.name: suite for suite in corpus_kit.suites("python")}
NAMES = sorted(SUITES)
DEEPEST = max(Depth)


@pytest.fixture
def bookstore_service() -> Iterator[str]:
    """A bookstore of its own: what other suites leave behind would stand in its pages."""
    with Bookstore() as service:
        yield service.base_url


@cache
def bookstore() -> ApiDocument:
    document = ROOT / "examples" / "bookstore" / "openapi.yaml"
    return load(document.read_text(encoding="utf-8"), document.as_uri())


@cache
def woven(name: str, depth: Depth = DEEPEST) -> WovenSuite:
    return weave_suite(SUITES[name], bookstore(), depth)


def run(suite: Suite, folder: Path, service: str) -> None:
    """The suite's tests pass against the bookstore, without a warning."""
    corpus_kit.lay_out(suite, folder)
    known = {
        "origin": service.removesuffix("/v1"),
        "base_url": service,
        "key": "demo-key",
        "token": "demo-token",
    }
    environment = {name: value.format(**known) for name, value in suite.environment.items()}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("--rootdir", str(folder), "-o", "asyncio_default_fixture_loop_scope=function"),
            *("-W", "error", "-W", "ignore::DeprecationWarning:starlette.testclient"),
        ],
        cwd=folder,
        env={**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_suite_passes_as_written(name: str, bookstore_service: str, tmp_path: Path) -> None:
    run(SUITES[name], tmp_path, bookstore_service)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_woven_suite_passes(name: str, bookstore_service: str, tmp_path: Path) -> None:
    run(woven(name).suite, tmp_path, bookstore_service)


@pytest.mark.parametrize(
    "depth", [pytest.param(each, marks=[pytest.mark.slow] * (each < DEEPEST)) for each in Depth]
)
@pytest.mark.parametrize("name", NAMES)
def test_only_insertions(name: str, depth: Depth) -> None:
    result = woven(name, depth)
    for outcome in result.outcomes.values():
        assert all(edit.span.start == edit.span.end for edit in outcome.edits)
    for path, before in SUITES[name].files.items():
        after = result.suite.files[path]
        assert left_over(before, after) == "", f"{path}: something was changed or taken away"
        if "\r\n" in before and "\n" not in before.replace("\r\n", ""):
            assert "\n" not in after.replace("\r\n", ""), f"{path}: line ends are mixed"
        if path.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                ast.parse(after, path)


def left_over(before: str, after: str) -> str:
    """What is left of `before` when its characters are looked for in `after`, in order."""
    place = 0
    for number, character in enumerate(before):
        place = after.find(character, place) + 1
        if place == 0:
            return before[number:]
    return ""


def test_left_over_finds_what_is_gone() -> None:
    assert left_over("ab\nc", "ab\n+\nc") == ""
    assert left_over("ab\nc", "aB\nc") == "b\nc"
    assert left_over("abc", "ab") == "c"


@pytest.mark.parametrize("name", NAMES)
def test_weaving_again_adds_nothing(name: str) -> None:
    again = weave_suite(woven(name).suite, bookstore(), DEEPEST)
    assert {test: outcome.edits for test, outcome in again.outcomes.items() if outcome.edits} == {}
    assert again.suite.files == woven(name).suite.files


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_has_a_reason(name: str) -> None:
    for test, outcome in woven(name).outcomes.items():
        assert len(outcome.reasons) >= outcome.refused, test
        for reason in outcome.reasons:
            assert reason.en.strip(), test
            assert reason.ru.strip(), test
            assert reason.en != reason.ru, test


@pytest.mark.parametrize("name", NAMES)
def test_every_test_has_an_outcome(name: str) -> None:
    assert set(woven(name).outcomes) == set(SUITES[name].labels)


def test_most_tests_get_something() -> None:
    outcomes: dict[str, Outcome] = {
        f"{name}/{test}": outcome
        for name in NAMES
        for test, outcome in woven(name).outcomes.items()
    }
    kinds = Counter(outcome.kind for outcome in outcomes.values())
    for test, outcome in outcomes.items():
        if outcome.kind != "inserted":
            why = "; ".join(dict.fromkeys(reason.en for reason in outcome.reasons))
            sys.stdout.write(f"{test}: {outcome.kind} {why}\n")
    facts = sum(outcome.added for outcome in outcomes.values())
    sys.stdout.write(f"{len(outcomes)} tests, {facts} facts woven: {dict(kinds)}\n")
    assert kinds["inserted"] >= 0.6 * len(outcomes)
