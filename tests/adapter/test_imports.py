"""What is imported when: start-up is a measured budget, and httpx lives in one module."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pe4king_adapter

ROOT = Path(pe4king_adapter.__file__).parent
HEAVY = ("httpx", "jinja2", "keyring", "tenacity")


@pytest.mark.parametrize(
    "module",
    [
        "pe4king_adapter",
        "pe4king_adapter.config",
        "pe4king_adapter.registry",
        "pe4king_adapter.prompts",
        "pe4king_adapter.enhancer",
        "pe4king_adapter.providers.openai_compatible",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_http_library_comes_without_its_command_line() -> None:
    code = "import sys, pe4king_adapter.transport.http as t; print(sorted(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    modules = ast.literal_eval(result.stdout)
    assert "httpx" in modules
    assert not {"click", "rich"} & set(modules)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_httpx_is_imported_in_one_module_and_core_only_by_its_vocabulary() -> None:
    users = []
    for path in ROOT.rglob("*.py"):
        names = imported(path)
        users += [path.name for name in names if name.split(".")[0] in ("httpx", "httpcore")]
        core = {name for name in names if name.startswith("pe4king_core")}
        allowed = ("pe4king_core.model", "pe4king_core.errors", "pe4king_core.daemon_threads")
        assert not [name for name in core if not name.startswith(allowed)], path
        assert not [name for name in names if name.split(".")[0] in ("pygls", "lsprotocol")], path
    assert users == ["http.py"]
