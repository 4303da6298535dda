"""Import lines stand as ruff's isort orders them."""

from __future__ import annotations

import subprocess
import sys

from pe4king_core.rendering.python.imports import import_block

NAMES = (
    "pytest",
    "urllib.parse.urlsplit",
    "re",
    "uuid.uuid4",
    "decimal.Decimal",
    "uuid.UUID",
    "urllib.parse.quote",
    "allure",
    "contextlib.suppress",
    "os",
)


def test_what_comes_of_one_module_stands_in_one_line() -> None:
    block = import_block(NAMES)
    assert "from urllib.parse import quote, urlsplit\nfrom uuid import UUID, uuid4\n" in block
    assert import_block(reversed(NAMES)) == block
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "I", "-"],
        input=block + "\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
