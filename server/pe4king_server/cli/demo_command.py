"""The demo at the command line: whole documents generated, and a test proven before and after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

_LIMIT = 120
_SHOWN = 3
_SECONDS = 15
_FEW = 60
"""Mutants for one test: the most telling come first."""


@dataclass(frozen=True, slots=True)
class ProvenTest:
    """What `pe4king prove` says of one test."""

    verdict: str
    killed: int
    reached: int
    survivors: tuple[tuple[str, str], ...]
    """Some faults that it does not notice, each with a check that would."""

    def line(self, language: str) -> str:
        """One line such as `passes, notices 3 of 47 seeded faults`."""
        told = Message(
            f"{self.verdict}, notices {self.killed} of {self.reached} seeded faults",
            f"{self.verdict}, замечает внесённых ошибок: {self.killed} из {self.reached}",
        )
        return told.text(language)


def generate(folder: Path, options: Sequence[str], language: str) -> list[str]:
    """What `pe4king generate` with these options says, as lines."""
    told = _told(folder, language, "generate", *options)
    return [line for line in told.splitlines() if line.strip()]


def prove_one(folder: Path, file: str, name: str, language: str) -> ProvenTest:
    """Prove one test; the consent is to this one run, of files that are ours."""
    options = ("--spec", "openapi.yaml", "--python", sys.executable, "--yes", "--json")
    limits = ("--mutants", str(_FEW), "--seconds", str(_SECONDS))
    told = _told(folder, language, "prove", file, "--test", name, *options, *limits)
    report: dict[str, Any] = json.loads(told)
    [test] = report["tests"]
    faults: dict[str, str] = {}
    for each in report["survivors"]:
        if each["check"]:
            faults.setdefault(each["check"], report["mutants"][each["mutant"]]["fault"])
    shown = tuple((fault, check) for check, fault in faults.items())[:_SHOWN]
    kills = test["kills"]
    return ProvenTest(test["verdict"], kills["killed"], kills["reached"], shown)


def _told(folder: Path, language: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-m", "pe4king_server", *arguments],
        cwd=folder,
        env={**os.environ, "PE4KING_LANG": language},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode:
        what = f"pe4king {' '.join(arguments)}"
        raise UserError(
            Message(f"{what} failed: {done.stderr}", f"{what} не удалось: {done.stderr}"),
            code="demo-command",
        )
    return done.stdout
