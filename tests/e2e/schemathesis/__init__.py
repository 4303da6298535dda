"""schemathesis: a judge by others, which sends valid and broken requests and checks the answers.

`schemathesis()` installs it once into `.cache/schemathesis/` from the locked requirements beside
this module and skips the test where that is impossible. It gets the credentials that are right:
which those are no document says, and all others have to be refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.security import SchemeKind, SecurityScheme
from pe4king_server.actions.writing import schemes_of

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
SECRET = "pe4king-right"
PAIR = "pe4king:right"
RIGHT = ("--credential", SECRET, "--credential", PAIR)
"""Options of `pe4king mock`: the only credentials that are right."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed check of one request; `curl` shows how to ask again."""

    operation: str
    check: str
    code: str
    status: int
    body: str
    curl: str
    message: str
    raw: Any

    def __str__(self) -> str:
        return f"{self.operation}: {self.code} {self.message}\n    {self.curl}\n    {self.body}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What schemathesis says of one document; `refused` where it cannot load it."""

    cases: int = 0
    operations: int = 0
    failures: tuple[Failure, ...] = ()
    errors: tuple[str, ...] = ()
    refused: str = ""


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
        """All checks, of all operations or of those named; `folder` is for its files."""
        config, report = folder / "schemathesis.toml", folder / "report.json"
        config.write_text("\n".join(_config(document)), encoding="utf-8")
        command = [str(self.program), "--config-file", str(config), "run", str(path), "--url", url]
        command += ["--checks", "all", "--max-examples", str(examples), "--seed", "1"]
        command += ["--workers", "1", "--max-time", str(seconds), "--request-timeout", "30"]
        command += ["--suppress-health-check", "all", "--no-shrink", "--continue-on-failure"]
        command += ["--report", "json", "--report-json-path", str(report)]
        command += [part for name in operations for part in ("--include-name", name)]
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds * 3 + 240,
            check=False,
        )
        if not report.exists():
            return Verdict(refused=(done.stdout + done.stderr)[-1500:])
        return _verdict(json.loads(report.read_text(encoding="utf-8")))


def _verdict(told: dict[str, Any]) -> Verdict:
    return Verdict(
        told["test_cases"]["generated"],
        told["operations"]["tested"],
        tuple(_failures(told)),
        tuple(json.dumps(each)[:500] for each in told["errors"]),
    )


def _failures(told: dict[str, Any]) -> Iterator[Failure]:
    for each in told["failures"]:
        yield Failure("", "", "", 0, "", "", "", each)
