"""Other people's Java tests, as they are and with what they lack woven in, really run."""

from __future__ import annotations

import re
import sys
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
from tests.rendering.java_kit import JavaKit, java_kit
from tests.testcode import corpus_kit
from tests.testcode.corpus_kit import Suite
from tests.weaving.corpus_weaving import Outcome, WovenSuite, weave_suite

pytestmark = pytest.mark.slow

SUITES = {suite.name: suite for suite in corpus_kit.suites("java")}
NAMES = sorted(SUITES)
DEEPEST = max(Depth)
_PACKAGE = re.compile(r"^package ([\w.]+);", re.MULTILINE)


@pytest.fixture(scope="module")
def kit() -> JavaKit:
    return java_kit()


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


def run(suite: Suite, kit: JavaKit, folder: Path, service: str) -> None:
    """The suite compiles without a warning, and all its tests run and pass."""
    sources = {path: text for path, text in suite.files.items() if path.endswith(".java")}
    classes = kit.compile(sources, folder, options=("-Xlint:all", "-Werror"))
    known = {
        "origin": service.removesuffix("/v1"),
        "base_url": service,
        "key": "demo-key",
        "token": "demo-token",
    }
    environment = {name: value.format(**known) for name, value in suite.environment.items()}
    outcomes = kit.run_tests(classes, environment, package=package_of(suite))
    failed = {name: each for name, each in outcomes.items() if not each.passed}
    assert not failed, "\n".join(f"{name}: {each.message}" for name, each in failed.items())
    ran = {re.split(r"[(\[]", name)[0] for name in outcomes}
    assert ran == {reported_name(label) for label in suite.labels}


def package_of(suite: Suite) -> str:
    """The package around all others of the suite."""
    packages: list[str] = [name for text in suite.files.values() for name in _PACKAGE.findall(text)]
    outermost = min(packages, key=len)
    assert all(f"{name}.".startswith(f"{outermost}.") for name in packages)
    return outermost


def reported_name(label: str) -> str:
    """`a/BooksTest.java::BooksTest::Inner::reads` as reports have it: `BooksTest$Inner.reads`."""
    *classes, method = label.split("::")[1:]
    return f"{'$'.join(classes)}.{method}"


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_suite_passes_as_written(
    name: str, kit: JavaKit, bookstore_service: str, tmp_path: Path
) -> None:
    run(SUITES[name], kit, tmp_path, bookstore_service)


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_woven_suite_passes(
    name: str, kit: JavaKit, bookstore_service: str, tmp_path: Path
) -> None:
    run(woven(name).suite, kit, tmp_path, bookstore_service)


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize("name", NAMES)
def test_only_insertions(name: str, depth: Depth) -> None:
    result = woven(name, depth)
    for outcome in result.outcomes.values():
        assert all(edit.span.start == edit.span.end for edit in outcome.edits)
    for path, before in SUITES[name].files.items():
        after = result.suite.files[path]
        rest = iter(after)
        assert all(character in rest for character in before), f"{path}: something is gone"
        if "\r\n" in before and "\n" not in before.replace("\r\n", ""):
            assert "\n" not in after.replace("\r\n", ""), f"{path}: line ends are mixed"
        elif "\r" not in before:
            assert "\r" not in after, f"{path}: line ends are mixed"


@pytest.mark.parametrize("name", NAMES)
def test_weaving_again_adds_nothing(name: str) -> None:
    again = weave_suite(woven(name).suite, bookstore(), DEEPEST)
    added = {
        test: [edit.text for edit in outcome.edits]
        for test, outcome in again.outcomes.items()
        if outcome.edits
    }
    assert added == {}
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
