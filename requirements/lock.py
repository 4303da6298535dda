"""Write the locked requirements: every version and hash, no index addresses, all platforms.

Needs `uv` on the path (`pip install uv`); run through `make lock` after changing pyproject.toml.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Made by `make lock` from pyproject.toml. Do not edit.\n"
LOCKS = {"run.txt": [], "dev.txt": ["--extra", "dev"]}


def lock(name: str, extras: list[str]) -> None:
    """One file, resolved for every platform and Python 3.11 upwards."""
    target = ROOT / "requirements" / name
    command = ["uv", "pip", "compile", "pyproject.toml", *extras, "--universal", "--quiet"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--output-file", str(target)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - fixed arguments
    target.write_text(HEADER + target.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    for file, options in LOCKS.items():
        lock(file, options)
        sys.stdout.write(f"requirements/{file}\n")
