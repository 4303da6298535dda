"""Hand-written tests, enhanced by the rules on the command line, are run against a real server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.test_generated_tests_run import credentials, pytest_run

pytestmark = pytest.mark.slow

BOOKSTORE = ROOT / "examples" / "bookstore"


def enhance(name: str, folder: Path) -> str:
    shutil.copy(BOOKSTORE / "openapi.yaml", folder)
    path = folder / Path(name).name
    shutil.copy(BOOKSTORE / "tests" / name, path)
    subprocess.run(
        [sys.executable, "-m", "pe4king_server", "enhance", path.name, "--write"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return path.read_text(encoding="utf-8")


def test_enhanced_pytest_passes(tmp_path: Path, bookstore_service: str) -> None:
    before = (BOOKSTORE / "tests" / "test_smoke.py").read_text(encoding="utf-8")
    after = enhance("test_smoke.py", tmp_path)
    assert after.count("assert ") > before.count("assert ") + 50
    done = pytest_run(tmp_path, "-W", "error", **credentials(bookstore_service))
    assert done.returncode == 0, done.stdout
    assert f"{before.count('def test_')} passed" in done.stdout


def test_enhanced_pytest_notices_a_broken_server(tmp_path: Path) -> None:
    """A server that leaves a required field out: the old test passes, the enhanced one fails."""
    service = tmp_path / "service"
    shutil.copytree(BOOKSTORE, service, ignore=shutil.ignore_patterns("__pycache__"))
    operations = service / "bookstore_app" / "operations.py"
    broken = "\n".join(
        [
            operations.read_text(encoding="utf-8"),
            "import json as _json",
            "_dumps = _json.dumps",
            "def _without_title(value, **options):",
            "    if isinstance(value, dict):",
            "        value = {k: v for k, v in value.items() if k != 'createdAt'}",
            "    return _dumps(value, **options)",
            "_json.dumps = _without_title",
        ]
    )
    operations.write_text(broken, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(service / "service.py"), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().rpartition(" ")[2].strip()
        tests = tmp_path / "tests"
        tests.mkdir()
        shutil.copy(BOOKSTORE / "tests" / "test_smoke.py", tests)
        old = pytest_run(tests, "-k", "test_get_book", **credentials(url))
        assert "1 passed" in old.stdout, old.stdout
        enhance("test_smoke.py", tests)
        new = pytest_run(tests, "-k", "test_get_book", **credentials(url))
        assert "1 failed" in new.stdout, new.stdout
        assert "createdAt" in new.stdout
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.java
def test_enhanced_junit_passes(tmp_path: Path, bookstore_service: str) -> None:
    from tests.rendering.java_kit import java_kit

    kit = java_kit()
    before = (BOOKSTORE / "tests" / "java" / "SmokeTest.java").read_text(encoding="utf-8")
    after = enhance("java/SmokeTest.java", tmp_path)
    assert after.count(".body(") > before.count(".body(") + 30
    classes = kit.compile({"SmokeTest.java": after}, tmp_path / "java")
    outcomes = kit.run_tests(classes, credentials(bookstore_service))
    assert len(outcomes) == before.count("@Test")
    assert all(outcome.passed for outcome in outcomes.values()), outcomes
