"""Every real document in every format: it compiles, is clean, and is the same each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pe4king_core.model.case import TestStyle
from tests.conftest import ROOT
from tests.e2e import documents as corpus
from tests.e2e.suites import STYLES, pytest_process, rendered
from tests.rendering.java_kit import java_kit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_specs")]


def folder_name(document: str) -> str:
    return re.sub(r"\W", "_", document)


def write_python(folder: Path, style: TestStyle) -> dict[str, int]:
    """Every document's suite in a folder of its own; how many tests each has."""
    sizes: dict[str, int] = {}
    for name, document in corpus.documents().items():
        made = rendered(document, corpus.models(name), "pytest", style)
        made.write(folder / folder_name(name))
        sizes[name] = made.size
    return sizes


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_python_is_clean_and_collected(style: TestStyle, tmp_path: Path) -> None:
    sizes = write_python(tmp_path, style)
    for command in (["check", "--output-format=concise"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    done = pytest_process(tmp_path, ["--collect-only", "-W", "error"])
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    collected: dict[str, int] = dict.fromkeys(map(folder_name, sizes), 0)
    for folder in re.findall(r"^(\w+)/\S+\.py::", done.stdout, re.MULTILINE):
        collected[folder] += 1
    # Two tests of one name would be one test for pytest.
    assert collected == {folder_name(name): size for name, size in sizes.items()}


@pytest.mark.java
def test_java_compiles(tmp_path: Path) -> None:
    kit = java_kit()
    sources: dict[str, str] = {}
    for number, (name, document) in enumerate(corpus.documents().items()):
        style = TestStyle(package=f"api{number}")
        made = rendered(document, corpus.models(name), "junit-restassured", style)
        sources |= made.java()
    assert len(sources) > len(corpus.documents())
    kit.compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))


def test_every_operation_is_tested_or_the_reason_is_told() -> None:
    untold: list[str] = []
    for name, document in corpus.documents().items():
        plan = corpus.plan_for(document)
        told = {case.operation.key for model in corpus.models(name) for case in model.cases}
        told |= {doubt.operation for model in corpus.models(name) for doubt in model.not_provable}
        wanted = plan.operations or {operation.key for operation in document.operations}
        untold += [f"{name}: {key}" for key in sorted(wanted - told)]
    assert not untold


def test_the_same_bytes_in_another_process() -> None:
    """Another seed of Python's hashes would show a set that reaches the output."""
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}
    other = subprocess.run(
        [sys.executable, "-m", "tests.e2e.documents"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(other.stdout) == corpus.digests()
