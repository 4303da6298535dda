"""Everything that we generate passes against the conforming server of its document.

Negative tests too, with the strict server and with the lenient one: what any reading of a request
makes valid is no negative test. `PE4KING_SEEDS` sets how many seeds are run (5 at most), and
`PE4KING_ALL_OPERATIONS` takes all operations of large documents, and both servers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pe4king_core.mock.service import Options
from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument
from tests.e2e import documents as corpus
from tests.e2e.conforming import Setting, credentials, running, served
from tests.e2e.suites import rendered
from tests.rendering.java_kit import java_kit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_specs")]

_ALL = bool(os.environ.get("PE4KING_ALL_OPERATIONS"))
_SEEDS = range(1, min(5, int(os.environ.get("PE4KING_SEEDS", "1"))) + 1)
_LENIENT = "lenient"
_MODES = ("strict", _LENIENT) if _ALL else ("strict",)
_FEW = 15
"""Operations of a large document where not all of them are wanted."""
_JAVA = ("petstore3.yaml", "museum.yaml", "realworld.yml", "vampi.yml", "sendgrid-sso-v3.yaml")


def settings(folder: str, options: Options) -> Iterator[Setting]:
    """The documents below `folder` of the corpus."""
    for name, document in corpus.documents().items():
        if name.startswith(f"{folder}/"):
            yield Setting(name, document, plan_for(document), options)


def plan_for(document: ApiDocument) -> TestPlan:
    """All operations, or a few that are spread over a large document."""
    keys = [operation.key for operation in document.operations]
    if _ALL or len(keys) <= corpus.MANY * 3:
        return TestPlan()
    return TestPlan(operations=frozenset(keys[:: len(keys) // _FEW]))


@pytest.mark.parametrize("lenient", _MODES, ids=_MODES)
@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("folder", ["small", "edge", "examples", "multi"])
def test_small_documents(folder: str, seed: int, lenient: str, tmp_path: Path) -> None:
    options = Options(seed=seed, lenient=lenient == _LENIENT)
    verdict = served(settings(folder, options), tmp_path)
    assert not verdict.wrong, str(verdict)
    assert verdict.states["passed"] > 100


@pytest.mark.parametrize("lenient", _MODES, ids=_MODES)
@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("folder", ["mid", "large"])
def test_large_documents(folder: str, seed: int, lenient: str, tmp_path: Path) -> None:
    options = Options(seed=seed, lenient=lenient == _LENIENT)
    verdict = served(settings(folder, options), tmp_path)
    assert not verdict.wrong, str(verdict)
    assert verdict.states["passed"] > 500


@pytest.mark.java
@pytest.mark.parametrize("name", _JAVA if _ALL else _JAVA[:2])
def test_junit(name: str, tmp_path: Path) -> None:
    document = corpus.documents()[f"small/{name}"]
    setting = Setting(name, document, TestPlan(), Options())
    made = rendered(document, setting.models(), "junit-restassured", TestStyle())
    kit = java_kit()
    classes = kit.compile(made.java(), tmp_path)
    with running(setting) as server:
        environment = {"API_BASE_URL": server.base_url, "API_EXISTING_DATA": "1"}
        outcomes = kit.run_tests(classes, environment | credentials(document))
    wrong = {each: one for each, one in outcomes.items() if not one.passed}
    assert not wrong, str(wrong)
    assert len(outcomes) == made.size
