"""schemathesis: a judge by others, which sends valid and broken requests and checks the answers.

`schemathesis()` installs it once into `.cache/schemathesis/` from the locked requirements beside
this module and skips the test where that is impossible. It is told the credentials that are right:
which those are no document says, and all others have to be refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.security import SchemeKind, SecurityScheme
from pe4king_server.actions.writing import schemes_of
from tests.e2e.schemathesis.events import Verdict, verdict
from tests.e2e.schemathesis.secrets import SECRET

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]


@dataclass(frozen=True, slots=True)
class Schemathesis:
    """An installed schemathesis."""

    program: Path

    def run(
        self,
        path: Path,
        document: ApiDocument,
        url: str,
        folder: Path,
        *,
        examples: int,
        seconds: int,
        operations: Sequence[str] = (),
    ) -> Verdict:
        """All checks with seed 1, of all operations or of those named; its files are in `folder`.

        `examples` is for each operation and phase; `seconds` bounds the whole run.
        """
        config, report = folder / "schemathesis.toml", folder / "report.ndjson"
        config.write_text("\n".join(_config(document)), encoding="utf-8")
        command = [str(self.program), "--config-file", str(config), "run", str(path), "--url", url]
        command += ["--checks", "all", "--max-examples", str(examples), "--seed", "1"]
        command += ["--workers", "1", "--request-timeout", "30", "--no-shrink"]
        command += ["--suppress-health-check", "all", "--continue-on-failure"]
        command += [
            "--output-sanitize",
            "false",
            "--report",
            "ndjson",
            "--report-ndjson-path",
            str(report),
        ]
        command += [part for name in operations for part in ("--include-name", name)]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
            printed = done.stdout + done.stderr
        except subprocess.TimeoutExpired:
            printed = f"not done in {seconds} s"
        return verdict(report, printed)


def schemathesis() -> Schemathesis:
    """schemathesis, installed; skips the test where the registry cannot be had."""
    locked = _HERE / "requirements.txt"
    name = hashlib.sha256(locked.read_bytes()).hexdigest()[:12]
    home = _ROOT / ".cache" / "schemathesis" / f"{name}-{sys.version_info.minor}"
    if not (home / "complete").exists():
        _install(locked, home)
    return Schemathesis(home / "bin" / "schemathesis")


def _install(locked: Path, home: Path) -> None:
    """Into its final place, as the programs of an environment name where they are."""
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, timeout=120)
    command = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--require-hashes", "-r", str(locked)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        shutil.rmtree(home)
        pytest.skip(f"schemathesis cannot be installed: {done.stderr[-300:]}")
    (home / "complete").touch()


def _config(document: ApiDocument) -> Iterator[str]:
    """Its configuration: what is right for each scheme that it knows how to show."""
    for scheme in schemes_of(document):
        settings = _credentials(scheme)
        if settings:
            yield f"[auth.openapi.{json.dumps(scheme.name)}]"
            yield from settings


def _credentials(scheme: SecurityScheme) -> tuple[str, ...]:
    if scheme.type == "mutualTLS":
        return ()
    if scheme.kind is SchemeKind.API_KEY:
        return (f'api_key = "{SECRET}"',)
    if scheme.kind is SchemeKind.BASIC:
        return ('username = "user"', f'password = "{SECRET}"')
    return (f'bearer = "{SECRET}"',)
