"""`pe4king generate` tells what stands behind the tests that it writes, and writes nothing red."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pe4king_core.model.message import Message
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_server.actions.base import Proven
from pe4king_server.cli import generate_proof, main
from pe4king_server.consent import Consents
from tests.cli.test_prove import DOCUMENT
from tests.server.environment_kit import put

READ = "parses ✓ resolves ✓ keeps ✓ contract ✓ safe ✓"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    folder = tmp_path / "work"
    put(folder / "openapi.yaml", DOCUMENT)
    put(folder / "pytest.ini", "[pytest]\n")
    monkeypatch.chdir(folder)
    return folder


def generated(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["generate", "openapi.yaml", *options]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("work")
def test_without_consent_the_levels_that_only_read_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = generated(capsys)
    assert f"{READ} (not run: passes, kills)" in told
    assert "passes, kills: no consent to run the tests of this folder" in told


@pytest.mark.slow
def test_with_consent_the_new_tests_are_run(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Consents.of_user().give(work)
    told = generated(capsys)
    assert "Running the new tests" in told
    assert f"{READ} passes ✓ kills 0 → " in told
    assert "not run" not in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "most", "told"),
    [
        (["--no-run"], 60, "passes, kills: left out by --no-run"),
        ([], 0, "tests are too many to run at once: `pe4king prove FILE` runs them"),
    ],
)
def test_running_can_be_left_out_and_many_are_not_run(
    options: list[str],
    most: int,
    told: str,
    work: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Consents.of_user().give(work)
    monkeypatch.setattr(generate_proof, "MOST_TESTS", most)
    monkeypatch.setattr(generate_proof, "ActionProver", None)
    assert told in generated(capsys, *options)
    assert list((work / "api-tests").glob("test_*.py"))


def test_what_is_red_is_not_written(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Message("test_x: a false alarm", "test_x: ложная тревога")

    class Red:
        def __init__(self, *_: object) -> None: ...

        async def __call__(self, *_: object) -> Proven:
            return Proven(
                LevelResult(Level.PASSES, LevelState.FAILED, wrong),
                LevelResult(Level.KILLS, LevelState.NOT_RUN),
            )

    monkeypatch.setattr(generate_proof, "ActionProver", Red)
    assert main(["generate", "openapi.yaml"]) == 1
    assert "a false alarm" in capsys.readouterr().err
    assert not (work / "api-tests").exists()
