"""What the tests of whole proposals share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proof.runners.java_runner_kit import jdk
from tests.proof.whole.proposals_kit import Entrance, lay_out
from tests.rendering.java_kit import java_kit


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop's project, to be run: a user without consents, with a secret."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    folder = lay_out(tmp_path / "shop")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shop's project, only to be read."""
    place = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        patch.setenv("PE4KING_PYTHON", sys.executable)
        yield lay_out(place / "shop")


@pytest.fixture(scope="module")
def reading(folder: Path) -> Entrance:
    """The entrance for proposals that are only read."""
    return Entrance(folder)


@pytest.fixture(scope="module")
def compiling(folder: Path) -> Entrance:
    """The same with a JDK and what Java tests are compiled with."""
    jars = tuple(sorted(java_kit().libraries.glob("*.jar")))
    return Entrance(folder, jdk=jdk(), jars=jars)
