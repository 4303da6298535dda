"""Generated suites in tests: documents to files, files to outcomes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.writing import schemes_of
from tests.rendering.java_kit import Outcome

TRUE_KINDS = frozenset(CaseKind) - {CaseKind.NEGATIVE}
"""The kinds whose tests any server that obeys its document passes."""
NEGATIVES = frozenset({CaseKind.NEGATIVE})
STYLES = {
    "httpx": TestStyle(client="httpx"),
    "requests": TestStyle(client="requests"),
    "classes": TestStyle(client="httpx", classes=True, allure=False),
}


def load_path(path: Path) -> ApiDocument:
    return load(path.read_text(encoding="utf-8"), path.as_uri())


@dataclass(frozen=True, slots=True)
class Suite:
    """What was generated: the models and the text of each file."""

    models: tuple[TestModel, ...]
    files: Mapping[str, str]

    @property
    def size(self) -> int:
        return sum(len(model.cases) for model in self.models)

    def write(self, folder: Path) -> Path:
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    def java(self) -> dict[str, str]:
        return {name: text for name, text in self.files.items() if name.endswith(".java")}


def suite(
    document: ApiDocument,
    name: str = "pytest",
    style: TestStyle | None = None,
    plan: TestPlan | None = None,
) -> Suite:
    """Every file of the format `name` for what `plan` selects of `document`."""
    return rendered(document, generate(document, plan or TestPlan()), name, style or TestStyle())


def rendered(
    document: ApiDocument, models: tuple[TestModel, ...], name: str, style: TestStyle
) -> Suite:
    """`models` as files of the format `name`, support files included; none without tests."""
    chosen = formats()[name]
    files = [chosen.render(model, style) for model in models if model.cases]
    files += chosen.support(models, schemes_of(document), style)
    return Suite(models, {file.path: file.text for file in files})


@dataclass(frozen=True, slots=True)
class Run:
    """Outcomes by `file::test`, and what pytest printed."""

    outcomes: Mapping[str, Outcome]
    printed: str
    exit_code: int

    @property
    def wrong(self) -> dict[str, str]:
        return {name: one.message for name, one in self.outcomes.items() if not one.passed}


_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "API_EXISTING_DATA": "1"}
"""Tests of data that exist are run as well: that they send what they should can be judged."""


def run_pytest(
    folder: Path, environment: Mapping[str, str], *options: str, timeout: float = 600
) -> Run:
    """Run the tests below `folder` in a process of their own; warnings are errors."""
    report = folder / "report.xml"
    done = pytest_process(
        folder,
        [
            "-W",
            "error",
            "--tb=short",
            f"--junitxml={report}",
            "-o",
            "junit_family=xunit1",
            *options,
        ],
        environment,
        timeout,
    )
    outcomes = _outcomes(report) if report.exists() else {}
    return Run(outcomes, done.stdout + done.stderr, done.returncode)


def pytest_process(
    folder: Path,
    options: Sequence[str],
    environment: Mapping[str, str] | None = None,
    timeout: float = 600,
) -> subprocess.CompletedProcess[str]:
    """pytest with none of this project's plugins and settings, `folder` being its root."""
    quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:xdist"]
    importing = ["--import-mode=importlib", f"--rootdir={folder}", "-c", os.devnull]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, *importing, *options, str(folder)],
        cwd=folder,
        env={**os.environ, **_ENVIRONMENT, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def _outcomes(report: Path) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = Outcome("passed")
        for tag, state in (("failure", "failed"), ("error", "error"), ("skipped", "skipped")):
            problem = case.find(tag)
            if problem is not None:
                outcome = Outcome(state, problem.get("message") or problem.text or "")
        found[f"{case.get('file', '')}::{case.get('name', '')}"] = outcome
    return found
