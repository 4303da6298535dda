"""Start-up is a budget: nothing heavy is loaded before it is needed, settings arrive either way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.lsp_kit.client import Reaction
from tests.lsp_kit.session import editor

HEAVY = (
    "httpx", "jinja2", "keyring", "tenacity", "rich", "tree_sitter", "fast_yaml",
    "pe4king_adapter", "pe4king_core.openapi", "pe4king_core.generation",
)  # fmt: skip


def test_a_server_that_is_ready_has_loaded_nothing_heavy() -> None:
    script = (
        "import sys; from pe4king_server.server import create_server; create_server();"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


async def test_start_options_are_the_settings_of_clients_without_configuration(
    tmp_path: Path,
) -> None:
    shutil.copy(ROOT / "examples" / "bookstore" / "openapi.yaml", tmp_path / "openapi.yaml")
    options = {"pe4king": {"output": "elsewhere"}}
    async with editor("vscode", workspace=tmp_path, initialization_options=options) as ed:
        ed.client.reactions["workspace/configuration"] = Reaction.ERROR
        await ed.open("openapi.yaml")
        action = await ed.action("openapi.yaml", "summary: Ask whether", "Generate tests")
        assert (await ed.run(action))["status"] == "applied"
        assert "test_get_health" in ed.text("elsewhere/test_service.py")
