"""Python environments for programs that are measured beside ours, in `.cache/bench/`."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]


def interpreter_of(name: str) -> Path | str:
    """The Python that has `requirements/NAME.txt` installed, or why it cannot be had."""
    locked = _ROOT / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(locked.read_bytes()).hexdigest()[:12]
    home = _ROOT / ".cache" / "bench" / f"{name}-{digest}-{sys.version_info.minor}"
    folder = "Scripts" if sys.platform == "win32" else "bin"
    python = home / folder / "python"
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, timeout=120)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--require-hashes", "--no-deps", "-r", str(locked)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode != 0:
            shutil.rmtree(home)
            return f"{name} cannot be installed: {done.stderr.strip()[-200:]}"
        (home / "complete").touch()
    return python
