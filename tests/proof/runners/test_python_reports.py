"""What reports tell of the sandbox, however the talk with the test runner has ended."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pe4king_core.proof.runners.python.runner import PythonRunner
from pe4king_core.proof.running import RunReport, RunRequest
from pe4king_core.proof.sandbox.limits import MEBIBYTE, Limits
from pe4king_core.proof.sandbox.sandbox import Sandbox
from tests.proof.runners.pytest_kit import Api, Plan, Project, served

GREEDY = """
import time
from pathlib import Path


def {name}():
    for number in range(8):
        Path(f"{{number}}.txt").write_bytes(bytes(400_000))
    time.sleep(60)
"""


def reported(project: Project, interpreter: Path = Path(sys.executable)) -> RunReport:
    request = RunRequest(project.root, (project.root / "test_it.py",))
    limits = Limits(scratch=2 * MEBIBYTE)
    api = Api()
    base = project.root.parent / "sandboxes"
    with Sandbox(limits, sources=project.root, base=base) as box, served(api, box.listener):
        report = PythonRunner(interpreter).run(request, Plan(api), box)
        assert report.confinement == box.confinement
        assert report.problems[: len(box.problems)] == box.problems
        assert len(box.problems) == 1
    return report


@pytest.fixture
def lacking(project: Project) -> Project:
    """A project of which something cannot be copied."""
    project.write(test_it="def test_it():\n    pass\n")
    (project.root / "data.bin").write_bytes(bytes(600_000))
    return project


def test_an_interpreter_that_does_not_start(lacking: Project) -> None:
    report = reported(lacking, lacking.root / "missing")

    assert "could not be started" in report.problems[-1].en
    assert report.confinement == ()


def test_tests_that_cannot_be_collected(lacking: Project) -> None:
    lacking.write(test_it="import nothing_of_the_kind\n")

    report = reported(lacking)

    assert "cannot be collected" in report.problems[-1].en
    assert report.confinement


@pytest.mark.slow
def test_a_test_that_the_sandbox_ends(lacking: Project) -> None:
    lacking.write(test_it=GREEDY.format(name="test_it"))

    report = reported(lacking)

    assert "test_it: the tests wrote too much." in [each.en for each in report.problems]


@pytest.mark.slow
def test_a_start_that_the_sandbox_ends(lacking: Project) -> None:
    lacking.write(test_it=GREEDY.format(name="fill") + "\nfill()\n")

    report = reported(lacking)

    assert [each.en for each in report.problems[1:]] == [
        "The test runner was ended before any test: the tests wrote too much."
    ]


def test_a_good_end(lacking: Project) -> None:
    report = reported(lacking)

    assert len(report.problems) == 1
    assert report.confinement
