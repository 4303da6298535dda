"""Proof: which share of mutants suites kill, how many false alarms they raise, what judging costs.

Documents: the bookstore example and some under PE4KING_SHARED; of large ones a sample of
operations, named in the output with the seed. The suites of a document send the same requests and
differ in what they check (`bench.proof_suites`); every suite meets the same server and mutants.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import cast

from bench.proof_suites import SUITES, Source
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.mounts import Mounts
from pe4king_core.mock.http.serving import Running
from pe4king_core.mock.mutant import MutantKind
from pe4king_core.mock.service import Service
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import read
from pe4king_core.proof.proving.job import Api, ProofJob, TestSource
from pe4king_core.proof.proving.proving import prove
from pe4king_core.proof.report import Count, Judged, ProofReport
from pe4king_core.proof.runners.python.runner import PythonRunner
from pe4king_core.proof.running import RunRequest
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.sandbox import Sandbox
from pe4king_core.rendering.format import environment_name
from pe4king_core.testcode import read_tests
from pe4king_server.actions.writing import schemes_of

_ROOT = Path(__file__).parents[1]
_SHARED = Path(os.environ.get("PE4KING_SHARED", _ROOT.parent / "shared"))
_DOCUMENTS: Mapping[str, int] = MappingProxyType(
    {
        "bookstore": 0,
        "small/museum.yaml": 0,
        "small/realworld.yml": 0,
        "small/petstore3.yaml": 0,
        "mid/resend.yaml": 20,
        "large/github-api.json": 20,
    }
)
"""How many operations are taken of each, every n-th of the document; 0: all."""
_TIMED = ("bookstore", "small/museum.yaml")
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of one suite."""

    tests: int
    contract: Count
    law: Count
    false_alarms: int
    unproven: int
    seconds: float
    runs: int


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench proof")
    parser.add_argument("--document", action="append", default=[], help="only these")
    parser.add_argument("--suite", action="append", default=[], help="only these")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", type=int, default=60, help="the most for one test")
    options = parser.parse_args(arguments)
    found: dict[str, list[Figures]] = {name: [] for name in options.suite or SUITES}
    ratios: list[float] = []
    for name in options.document or _DOCUMENTS:
        source = _source(name, options.seed)
        if source is None:
            print(f"{name}: not here; set PE4KING_SHARED", file=sys.stderr)
            continue
        for suite, figures in found.items():
            figures.append(_proven(source, suite, options.mutants))
        if name in _TIMED:
            ratios.append(_cost(source, options.mutants))
    ours, bare = found.get("enhanced", []), found.get("bare", [])
    told = {
        "kill_rate": _rate(each.contract for each in ours),
        "law_kill_rate": _rate(each.law for each in ours),
        "baseline_kill_rate": _rate(each.contract for each in bare),
        "baseline_law_kill_rate": _rate(each.law for each in bare),
        "false_alarms": sum(each.false_alarms for suite in found.values() for each in suite),
        "mutant_cost_ratio": round(max(ratios), 2) if ratios else None,
    }
    print()
    print(json.dumps(told))
    return 0


def _rate(counts: Iterable[Count]) -> float:
    """Over all documents together."""
    found = list(counts)
    return round(Count(sum(c.killed for c in found), sum(c.reached for c in found)).rate, 4)


def _source(name: str, seed: int) -> Source | None:
    bookstore = _ROOT / "examples" / "bookstore" / "openapi.yaml"
    path = bookstore if name == "bookstore" else _SHARED / "specs" / name
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    document, raw = load(text, path.as_uri()), read(text)
    keys = [operation.key for operation in document.operations]
    most = _DOCUMENTS.get(name, 20)
    step = max(len(keys) // most, 1) if most else 1
    chosen = keys[::step][: most or None]
    print(f"{name}: {len(chosen)} of {len(keys)} operations, seed {seed}")
    return Source(path, document, cast("Mapping[str, object]", raw), frozenset(chosen), seed)


def _proven(source: Source, suite: str, mutants: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = SUITES[suite](source, root)
        job = _job(source, root, paths, mutants)
        runner = PythonRunner(Path(sys.executable))
        start = time.perf_counter()
        report = prove(job, runner, Sandbox(Limits(), sources=root, readable=runner.readable))
        seconds = time.perf_counter() - start
    figures = _figures(report, seconds)
    _print(suite, figures, report)
    return figures


def _cost(source: Source, mutants: int) -> float:
    """Seconds of one mutant's run over those of one test under plain pytest, on one suite."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = SUITES["generated"](source, root)
        plain = min(_plain(source, root) for _ in range(_ROUNDS))
        runner = PythonRunner(Path(sys.executable))
        costs: list[float] = []
        for _ in range(_ROUNDS):
            runs, seconds = [0, 0], [0.0, 0.0]
            for number, most in enumerate((0, mutants)):
                job = _job(source, root, paths, most)
                box = Sandbox(Limits(), sources=root, readable=runner.readable)
                start = time.perf_counter()
                report = prove(job, runner, box)
                seconds[number] = time.perf_counter() - start
                runs[number] = sum(len(test.cells) for test in report.tests)
            costs.append((seconds[1] - seconds[0]) / (runs[1] - runs[0]))
    ratio = min(costs) / plain
    print(f"  a mutant {min(costs) * 1e3:.1f} ms, a plain test {plain * 1e3:.1f} ms: {ratio:.2f}")
    return ratio


def _plain(source: Source, folder: Path) -> float:
    """Seconds of a test where pytest runs the whole suite once, its start left out."""
    service = Service(source.document)
    with Running(MockApp(Mounts.of([("document", service)]))) as server:
        environment = {**_credentials(source), "API_BASE_URL": server.base_url + service.base_path}
        started, _ = _pytest(folder, environment, "--collect-only")
        seconds, tests = _pytest(folder, environment)
    return (seconds - started) / tests


def _pytest(folder: Path, environment: Mapping[str, str], *options: str) -> tuple[float, int]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "."]
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment, "PYTEST_ADDOPTS": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    seconds = time.perf_counter() - start
    counts = re.findall(r"(\d+) (?:passed|failed|skipped|tests collected)", done.stdout)
    if not counts:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return seconds, sum(map(int, counts))


def _credentials(source: Source) -> dict[str, str]:
    named = {environment_name(each): "demo:key" for each in schemes_of(source.document)}
    return {**named, "API_EXISTING_DATA": "1"}


def _job(source: Source, root: Path, paths: Sequence[Path], mutants: int) -> ProofJob:
    request = RunRequest(
        root,
        tuple(paths),
        base_urls=("API_BASE_URL",),
        environment=_credentials(source),
        total_seconds=1800,
    )
    sources = []
    for path in paths:
        file = read_tests(path.read_text(encoding="utf-8"), SourceLanguage.PYTHON)
        names = frozenset(test.qualified_name for test in file.tests)
        sources.append(TestSource(path, file, names))
    api = Api(source.path.stem, source.document, lambda: source.raw)
    return ProofJob((api,), request, tuple(sources), mutants=mutants)


def _figures(report: ProofReport, seconds: float) -> Figures:
    judged = [test.judged for test in report.tests]
    return Figures(
        len(report.tests),
        report.count(MutantKind.CONTRACT),
        report.count(MutantKind.LAW),
        judged.count(Judged.FALSE_ALARM) + judged.count(Judged.FLAKY),
        judged.count(Judged.UNPROVEN),
        seconds,
        sum(len(test.cells) for test in report.tests),
    )


def _print(suite: str, figures: Figures, report: ProofReport) -> None:
    print(
        f"  {suite:10}{figures.tests:6} tests  contract {figures.contract.killed:5} of "
        f"{figures.contract.reached:5} {figures.contract.rate:6.1%}  law {figures.law.killed:4} of "
        f"{figures.law.reached:4} {figures.law.rate:6.1%}  {figures.false_alarms} false alarms, "
        f"{figures.unproven} unproven  {figures.runs} runs in {figures.seconds:.0f} s",
        flush=True,
    )
    for test in report.tests:
        if test.judged is not Judged.PASSES:
            print(f"    {test.judged}: {test.item.id}: {test.reason.en[:200]}")
    for problem in report.problems:
        print(f"    {problem.en[:300]}")
