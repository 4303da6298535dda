"""A whole suite of tests, run through the recorder and then against what it recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pe4king_server.cli import main
from pe4king_server.cli.bookstore import Bookstore
from tests.cli.running_kit import exchanges, recording, running
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

DOCUMENT = str(ROOT / "examples" / "bookstore" / "openapi.yaml")


def passed(suite: Path, address: str, environment: dict[str, str]) -> str:
    """The last line of a run, without its time."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio"],
        cwd=suite,
        env={**os.environ, **environment, "API_BASE_URL": address},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    return ended.stdout.strip().rpartition("\n")[2].partition(" in ")[0]


def test_generated_tests_pass_through_the_recorder_and_against_the_recording(
    tmp_path: Path,
) -> None:
    suite = tmp_path / "suite"
    assert main(["generate", DOCUMENT, "--out", str(suite)]) == 0
    with Bookstore() as service:
        environment = service.environment
        with recording(tmp_path, service.base_url, "--spec", DOCUMENT) as (url, command):
            really = passed(suite, url, environment)
            assert command.end() == (0, "")
    assert really.endswith(" passed")
    assert " " not in really.removesuffix(" passed")
    assert len(exchanges(tmp_path)) > 300
    text = (tmp_path / "rec.jsonl").read_text(encoding="utf-8")
    assert "demo-key" not in text
    assert "demo-token" not in text
    arguments = ("mock", DOCUMENT, "--port", "0", "--recorded", "rec.jsonl")
    with running(tmp_path, *arguments) as mock:
        url = mock.until(r"(http://\S+/v1) ")[1]
        assert passed(suite, url, environment) == really
        assert mock.end() == (0, "")
        told = [line for line in mock.rest() if line.endswith(" ms")]
    recorded = [line for line in told if "  recorded  " in line]
    assert len(recorded) > 0.9 * len(told)
