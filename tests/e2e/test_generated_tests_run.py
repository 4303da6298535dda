"""Generated tests are run for real: compiled, started by their runner, against a real server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.writing import schemes_of
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"
PUBLIC = ("small/petstore3.yaml", "small/museum.yaml", "small/vampi.yml", "mid/resend.yaml")
STYLES = (
    TestStyle(client="httpx"),
    TestStyle(client="requests"),
    TestStyle(client="httpx", classes=True, allure=False),
)


def render(document: ApiDocument, name: str, style: TestStyle) -> Mapping[str, str]:
    chosen = formats()[name]
    models: tuple[TestModel, ...] = generate(document, TestPlan())
    files = [chosen.render(model, style) for model in models]
    files += chosen.support(models, schemes_of(document), style)
    return {file.path: file.text for file in files}


def write(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def pytest_run(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:asyncio",
            *options,
        ],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def credentials(base_url: str) -> dict[str, str]:
    return {"API_BASE_URL": base_url, "API_KEY": "demo-key", "API_BEARER_AUTH": "demo-token"}


@pytest.mark.parametrize("style", STYLES, ids=["httpx", "requests", "classes"])
def test_pytest_passes_on_the_bookstore(
    style: TestStyle, tmp_path: Path, bookstore_service: str
) -> None:
    document = load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())
    write(render(document, "pytest", style), tmp_path)
    done = pytest_run(tmp_path, "-W", "error", **credentials(bookstore_service))
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 200


def test_generated_tests_can_fail(tmp_path: Path, bookstore_service: str) -> None:
    """The same tests against an answer that the document forbids, and without credentials."""
    text = BOOKSTORE.read_text(encoding="utf-8")
    stricter = text.replace("enum: [ok, degraded]", "enum: [sleeping]")
    if stricter == text:
        stricter = re.sub(r"enum: \[ok[^\]]*\]", "enum: [sleeping]", text)
    assert stricter != text
    write(render(load(stricter, BOOKSTORE.as_uri()), "pytest", TestStyle()), tmp_path)
    done = pytest_run(tmp_path, "-k", "get_health_returns_200", API_BASE_URL=bookstore_service)
    assert "1 failed" in done.stdout
    assert "AssertionError" in done.stdout


@pytest.mark.java
def test_junit_passes_on_the_bookstore(tmp_path: Path, bookstore_service: str) -> None:
    from tests.rendering.java_kit import java_kit

    kit = java_kit()
    document = load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())
    files = render(document, "junit-restassured", TestStyle())
    sources = {name: text for name, text in files.items() if name.endswith(".java")}
    classes = kit.compile(sources, tmp_path)
    outcomes = kit.run_tests(classes, credentials(bookstore_service))
    wrong = {name: outcome for name, outcome in outcomes.items() if not outcome.passed}
    assert not wrong
    assert len(outcomes) > 200


@pytest.mark.parametrize("name", PUBLIC)
def test_pytest_of_a_public_document_compiles(
    name: str, tmp_path: Path, shared_specs: Path
) -> None:
    path = shared_specs / name
    document = load(path.read_text(encoding="utf-8"), path.as_uri())
    files = render(document, "pytest", TestStyle())
    for file, text in files.items():
        if file.endswith(".py"):
            compile(text, file, "exec")
    write(files, tmp_path)
    done = pytest_run(tmp_path, "--collect-only")
    assert done.returncode == 0, done.stdout
    collected = re.search(r"(\d+) tests? collected", done.stdout)
    assert collected is not None
    assert int(collected[1]) >= len(document.operations)


@pytest.mark.java
def test_junit_of_public_documents_compiles(tmp_path: Path, shared_specs: Path) -> None:
    from tests.rendering.java_kit import java_kit

    kit = java_kit()
    for number, name in enumerate(PUBLIC[:3]):
        path = shared_specs / name
        document = load(path.read_text(encoding="utf-8"), path.as_uri())
        files = render(document, "junit-restassured", TestStyle(package=f"api{number}"))
        sources = {file: text for file, text in files.items() if file.endswith(".java")}
        assert len(sources) > 1
        kit.compile(sources, tmp_path / str(number))


@pytest.mark.parametrize("style", STYLES, ids=["httpx", "requests", "classes"])
def test_generated_python_is_clean_for_ruff(style: TestStyle, tmp_path: Path) -> None:
    document = load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())
    write(render(document, "pytest", style), tmp_path)
    for command in (["check", "--isolated"], ["format", "--check", "--isolated"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
