"""The user's Python: how old it may be, and where its packages are."""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from pe4king_core.proof.runners.python import runner
from pe4king_core.proof.runners.python.runner import PythonRunner
from tests.proof.runners.pytest_kit import Project

FOLDER = Path(runner.__file__).parent


@pytest.mark.parametrize("name", ["child", "hearing", "judging", "redirect"])
def test_what_runs_inside_is_python_3_7_and_of_the_standard_library(name: str) -> None:
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")

    tree = ast.parse(text, feature_version=(3, 7))

    typing_only = [
        each for node in ast.walk(tree) if _is_for_typing(node) for each in ast.walk(node)
    ]
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if node not in typing_only
        for name in _names(node)
    }
    assert imported <= {*sys.stdlib_module_names, "pytest", "_pytest"}


def test_what_runs_inside_is_one_file_that_no_test_can_import(project: Project) -> None:
    project.write(
        test_it="""
import importlib
import os
import sys

import pytest

NAMES = ["child", "hearing", "judging", "redirect", "enforcing", "pe4king_core", "_pe4king_judging"]


@pytest.mark.parametrize("name", NAMES)
def test_import(name):
    with pytest.raises(ImportError):
        importlib.import_module(name)


def test_files():
    folder, name = os.path.split(sys.modules["__main__"].__file__.rpartition("/")[0])
    assert os.listdir(folder) == [name] == ["child.pyz"]
    assert not any("child.pyz" in each for each in sys.path)
"""
    )

    played = project.play()

    assert {str(each[0].ended) for each in played.plan.results.values()} == {"passed"}
    assert len(played.plan.results) == 8


def _is_for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [each.name for each in node.names] if isinstance(node, ast.Import) else []


def test_packages_are_read_where_the_interpreter_has_them(tmp_path: Path) -> None:
    """Those of the environment, and projects that are installed in place."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "own"], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "own")}))
    (packages / "shop.pth").write_text(f"{tmp_path / 'plain'}\nimport __editable___shop\n")
    (packages / "__editable___shop.py").write_text(
        f"MAPPING = {{'shop': {str(tmp_path / 'finder' / 'shop')!r}}}\n"
    )
    for name in ("plain", "finder/shop"):
        (tmp_path / name).mkdir(parents=True)

    readable = PythonRunner(tmp_path / "own" / "bin" / "python").readable

    assert {packages, tmp_path / "plain", tmp_path / "finder" / "shop"} <= set(readable)
    assert Path(sys.base_prefix) in readable


def test_an_interpreter_that_does_not_start_is_told_of(project: Project, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    project.write(test_it="def test_it():\n    pass\n")

    assert PythonRunner(broken).readable == ()
    [problem] = project.play(interpreter=broken).problems
    assert problem == (
        f"pytest did not start: {broken} ended at once and said nothing; "
        "it may be no Python interpreter."
    )
    [problem] = project.play(interpreter=tmp_path / "missing").problems
    assert problem.endswith("missing could not be started: there is no such program.")
