"""What the tests of runners share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.runners.pytest_kit import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project of Python tests."""
    root = tmp_path / "shop"
    root.mkdir()
    return Project(root)
