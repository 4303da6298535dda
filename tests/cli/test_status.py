"""`pe4king status`: what was found is shown, what is missing is said."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pe4king_server.cli import main
from tests.server.environment_kit import put, virtual

DOCUMENT = """openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'http://localhost:8080/v1'}]
paths:
  /books: {get: {responses: {200: {description: ok}}}}
"""
TEST = """import requests

BASE_URL = "http://localhost:8080/v1"


def test_books():
    assert requests.get(f"{BASE_URL}/books").status_code == 200


def test_authors():
    assert requests.get(f"{BASE_URL}/authors").status_code == 200
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    put(work / "openapi.yaml", DOCUMENT)
    put(work / "tests" / "test_books.py", TEST)
    virtual(work / ".venv", "pytest-8.2.0", "requests-2.32.0")
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "PE4KING_PYTHON"):
        monkeypatch.delenv(name, raising=False)
    return work


def test_the_status_of_a_test_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "tests/test_books.py"]) == 0
    shown = capsys.readouterr().out
    for part in (
        "openapi.yaml",
        "calls in it: 1 of 2",
        ".venv/bin/python 3.12.1",
        "pytest 8.2.0, requests 2.32.0",
        "http://localhost:8080/v1",
        "BASE_URL in tests/test_books.py",
        "test_authors: GET /v1/authors is not in the document",
    ):
        assert part in shown


def test_the_status_in_russian(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PE4KING_LANG", "ru")
    (folder / "openapi.yaml").unlink()
    (folder / "tests" / "test_books.py").write_text("def test_x():\n    pass\n", encoding="utf-8")
    assert main(["status", "tests/test_books.py"]) == 0
    shown = capsys.readouterr().out
    for part in ("нет документа OpenAPI", "адрес API", "не проверяется (passes, kills)"):
        assert part in shown


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "tests/test_books.py", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["language"] == "python"
    assert told["documents"]["chosen"] == (folder / "openapi.yaml").as_uri()
    assert (told["documents"]["calls"], told["documents"]["matched"]) == (2, 1)
    assert told["python"]["manager"] == "venv"
    assert told["python"]["packages"] == {"pytest": "8.2.0", "requests": "2.32.0"}
    assert told["baseUrl"]["value"] == "http://localhost:8080/v1"
    assert told["notChecked"] == []
    assert told["java"] is None


@pytest.mark.slow
def test_a_folder_and_the_current_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["status"], ["status", "tests"], ["status", str(folder)]):
        assert main([*arguments, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["language"] is None
        assert told["python"]["interpreter"] == str(folder / ".venv" / "bin" / "python")
    assert main(["status"]) == 0
    assert "openapi.yaml" in capsys.readouterr().out


def test_versions_are_asked_only_on_demand(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["status", "tests/test_books.py", "--versions"]) == 0
    assert "it ended with 9" in capsys.readouterr().out
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    assert main(["status", "tests/test_books.py", "--versions", "--json"]) == 0
    (asked,) = json.loads(capsys.readouterr().out)["versions"]
    assert asked["answer"] == f"Python {'.'.join(map(str, sys.version_info[:3]))}"
    assert asked["problem"] is None


def test_wrong_files_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "missing_test.py"]) == 1
    assert "There is no file" in capsys.readouterr().err
    assert main(["status", "--spec", "missing.yaml", "tests/test_books.py"]) == 0
    assert "cannot be read" in capsys.readouterr().out
