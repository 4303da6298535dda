"""Generating tests: a ready index to files on disk, in tests a second, against other generators.

Documents: Stripe's and GitHub's under PE4KING_SHARED. Positive, negative and edge cases, no
budget, pytest and JUnit. Ours runs in a fresh process for every round: the document is loaded and
its operations are listed, the clock starts, nothing else is warm. A test counts if it asserts on
the answer. `floor` is the time to write the same bytes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers import Figures, asserting_tests, peers

ROUNDS = 3
_ROOT = Path(__file__).parents[1]
_SHARED = Path(os.environ.get("PE4KING_SHARED", _ROOT.parent / "shared"))
_DOCUMENTS = ("stripe-spec3.yaml", "github-api.json")
_FORMATS = ("pytest", "junit-restassured")
_OURS = ("all", "first", "second")


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    if arguments[:1] == ["--child"]:
        return _child(*arguments[1:])
    paths = [_SHARED / "specs" / "large" / name for name in _DOCUMENTS]
    if not all(path.exists() for path in paths):
        print(f"no documents under {_SHARED}; set PE4KING_SHARED", file=sys.stderr)
        return 1
    ours = {(path, name): _ours(path, name) for path in paths for name in _FORMATS}
    slowest = {path: min(ours[path, name].rate for name in _FORMATS) for path in paths}
    ratios = [
        slowest[path] / figures.rate for path in paths for figures in _peers(path) if figures.rate
    ]
    _halves(paths[-1])
    print()
    print(
        json.dumps(
            {
                "tests_per_second_min": round(min(slowest.values())),
                "fastest_peer_ratio_min": round(min(ratios), 2) if ratios else None,
                "peak_mb": round(max(each.peak for each in ours.values()) / 1e6),
            }
        )
    )
    return 0


def _ours(path: Path, name: str) -> Figures:
    """The best round: whatever else the machine does only slows."""
    rounds = [_round(path, name, "all") for _ in range(ROUNDS)]
    best = min(rounds, key=lambda each: each.seconds)
    peak = max(each.peak for each in rounds)
    figures = Figures(best.seconds, best.tests, peak, cpu=best.cpu)
    _print(path, f"Pe4King {name}", figures)
    print(
        f"{'':54}{best.written / 1e6:8.1f} MB written, floor {best.floor:.2f} s, "
        f"{best.cases - best.tests} tests assert nothing"
    )
    return figures


@dataclass(frozen=True, slots=True)
class _Round:
    seconds: float
    cpu: float
    floor: float
    cases: int
    tests: int
    operations: int
    written: int
    peak: int


def _round(path: Path, name: str, part: str) -> _Round:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench", "generation", "--child"]
        done = subprocess.run(
            [*command, str(path), name, part, folder],
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-2000:])
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return _Round(**told, tests=asserting_tests(Path(folder, "tests")))


def _child(path: str, name: str, part: str, folder: str) -> int:
    """One round: prints its figures, leaves the files."""
    from pe4king_core.generation import generate
    from pe4king_core.model.case import TestPlan, TestStyle
    from pe4king_core.openapi import load
    from pe4king_core.rendering.formats import formats
    from pe4king_server.actions.writing import schemes_of

    document = load(Path(path).read_text(encoding="utf-8"), Path(path).as_uri())
    chosen, style = formats()[name], TestStyle()
    keys = [f"{entry.method} {entry.path}" for entry in document.entries]
    half = len(keys) // 2
    wanted = {"all": [], "first": keys[:half], "second": keys[half:]}[part]
    plan = TestPlan(operations=frozenset(wanted))

    start, before = time.perf_counter(), time.process_time()
    models = generate(document, plan)
    files = [chosen.render(model, style) for model in models]
    files += chosen.support(models, schemes_of(document), style)
    _write(Path(folder, "tests"), {file.path: file.text for file in files})
    seconds, cpu = time.perf_counter() - start, time.process_time() - before

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    start = time.perf_counter()
    _write(Path(folder, "floor"), {file.path: file.text for file in files})
    floor = time.perf_counter() - start
    figures = {
        "seconds": seconds,
        "cpu": cpu,
        "floor": floor,
        "cases": sum(len(model.cases) for model in models),
        "operations": len(wanted) or len(keys),
        "written": sum(len(file.text.encode()) for file in files),
        "peak": peak,
    }
    print(json.dumps(figures))
    return 0


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _peers(path: Path) -> list[Figures]:
    found: list[Figures] = []
    for name, runner in peers():
        if isinstance(runner, str):
            figures = Figures(failed=f"not here: {runner}")
        else:
            with tempfile.TemporaryDirectory() as folder:
                source = _as_json(path, Path(folder)) if "TypeScript" in name else path
                output = Path(folder, "out")
                output.mkdir()
                figures = runner(source, output)
        _print(path, name, figures)
        found.append(figures)
    return found


def _as_json(path: Path, folder: Path) -> Path:
    """The document as JSON, for a peer that is handed the data."""
    from pe4king_core.openapi.parsing.reading import read

    target = folder / "document.json"
    target.write_text(json.dumps(read(path.read_text(encoding="utf-8"))), encoding="utf-8")
    return target


def _halves(path: Path) -> None:
    """Linear cost: two halves of the operations together against all of them."""
    for name in _FORMATS:
        cost: dict[str, float] = {}
        for part in _OURS:
            best = min((_round(path, name, part) for _ in range(2)), key=lambda r: r.cpu)
            cost[part] = best.cpu / best.operations
        half = (cost["first"] + cost["second"]) / 2
        print(
            f"{path.name[:22]:24}{name:30}{half * 1e3:8.2f} ms CPU an operation in halves, "
            f"{cost['all'] * 1e3:.2f} in all: {cost['all'] / half:.2f}"
        )


def _print(path: Path, name: str, figures: Figures) -> None:
    told = (
        figures.failed
        or f"{figures.seconds:8.2f} s {figures.cpu:7.2f} s CPU {figures.tests:7} tests "
        f"{figures.rate:9.0f} a second "
        f"{figures.peak / 1e6:6.0f} MB"
    )
    print(f"{path.name[:22]:24}{name:30}{told}", flush=True)
