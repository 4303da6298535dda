"""The command `pe4king.server.status` through LSP: what was found is shown and returned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lsp_kit.session import editor
from tests.server.environment_kit import put, virtual

pytestmark = pytest.mark.slow

DOCUMENT = """openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /books: {get: {responses: {200: {description: ok}}}}
"""
TEST = """import requests

BASE_URL = "http://localhost:8080"


def test_books():
    assert requests.get(f"{BASE_URL}/books").status_code == 200
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    put(tmp_path / "openapi.yaml", DOCUMENT)
    put(tmp_path / "tests" / "test_books.py", TEST)
    virtual(tmp_path / ".venv", "pytest-8.2.0", "requests-2.32.0")
    return tmp_path


@pytest.mark.parametrize("kind", ["vscode", "lsp4ij"])
@pytest.mark.parametrize("locale", ["en", "ru"])
async def test_the_status_is_shown_and_returned(kind: str, locale: str, workspace: Path) -> None:
    async with editor(kind, workspace=workspace, locale=locale) as ed:
        uri = await ed.open("tests/test_books.py", TEST.replace("8080", "9090"))
        result: Any = await ed.execute("pe4king.server.status", {"uri": uri})
        assert result["status"] == "shown"
        found = result["found"]
        assert found["documents"]["matched"] == 1
        assert found["python"]["interpreter"] == str(workspace / ".venv" / "bin" / "python")
        assert found["baseUrl"]["value"] == "http://localhost:9090", "the editor's text counts"
        assert found["notChecked"] == []
        (shown,) = ed.shown
        assert shown.uri.endswith(".md")
        assert not ed.messages


async def test_without_arguments_the_workspace_is_meant(workspace: Path) -> None:
    async with editor("vscode", workspace=workspace) as ed:
        result: Any = await ed.execute("pe4king.server.status")
        assert result["found"]["documents"]["found"] == [(workspace / "openapi.yaml").as_uri()]
        assert result["found"]["language"] is None


async def test_what_is_no_file_says_so(workspace: Path) -> None:
    async with editor("vscode", workspace=workspace) as ed:
        result: Any = await ed.execute("pe4king.server.status", {"uri": "untitled:Untitled-1"})
        assert result["status"] == "shown"
        assert "not on the disk" in result["found"]["notChecked"][0]["reason"]
