"""Generating tests: a ready index to files on disk, in tests a second, against other generators.

Documents: Stripe's and GitHub's under PE4KING_SHARED. Positive, negative and edge cases, no
budget, pytest and JUnit. Ours runs in a fresh process for every round and does what `pe4king
generate` does: the document is loaded and its operations are read, by the program and by its
helper process; then the clock runs until all files are on disk. A test counts if it asserts on the
answer and its file has no syntax error; the others are shown beside it. `floor` is the time to
write the same bytes; memory is that of all processes together.
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
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers import Figures, asserting_tests, peers

ROUNDS = 3
_BRIEF = 5.0
"""Seconds up to which a peer is run as often as we are."""
_LOOK = 0.02
"""Seconds between two looks at the memory of a round."""
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
    made = {(path, name): _ours(path, name) for path in paths for name in _FORMATS}
    slowest = {path: min(made[path, name].rate for name in _FORMATS) for path in paths}
    found = [(slowest[path], figures) for path in paths for figures in _peers(path)]
    ratios = [ours / figures.rate for ours, figures in found if figures.rate]
    written = [ours / figures.written_rate for ours, figures in found if figures.broken]
    _halves(paths[-1])
    if written:
        print(f"against tests in files with syntax errors too: {min(written):.2f}")
    print()
    print(
        json.dumps(
            {
                "tests_per_second_min": round(min(slowest.values())),
                "fastest_peer_ratio_min": round(min(ratios), 2) if ratios else None,
                "peak_mb": round(max(each.peak for each in made.values()) / 1e6),
            }
        )
    )
    return 0


def _ours(path: Path, name: str) -> Figures:
    """The best round: whatever else the machine does only slows."""
    rounds = [_round(path, name, "all") for _ in range(ROUNDS)]
    best = min(rounds, key=lambda each: each.seconds)
    peak = _round(path, name, "all", watched=True).peak
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


def _round(path: Path, name: str, part: str, *, watched: bool = False) -> _Round:
    """One run in a process of its own; one whose memory is `watched` is slower."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench", "generation", "--child"]
        started = subprocess.Popen(
            [*command, str(path), name, part, folder],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak = _peak_of_tree(started) if watched else 0
        out, errors = started.communicate(timeout=600)
        if started.returncode != 0:
            raise RuntimeError(errors[-2000:])
        told: dict[str, Any] = json.loads(out.splitlines()[-1])
        tests, broken = asserting_tests(Path(folder, "tests"))
        if broken:
            raise RuntimeError(f"{broken} of our own tests stand in files with syntax errors")
        return _Round(**told, tests=tests, peak=peak)


def _peak_of_tree(process: subprocess.Popen[str]) -> int:
    """Bytes that a process and its children held together at most; what they share counts once."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_held, _tree(process.pid))))
        time.sleep(_LOOK)
    return peak


def _tree(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    return found


def _held(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _child(path: str, name: str, part: str, folder: str) -> int:
    """One round: prints its figures, leaves the files."""
    from pe4king_core.generation import selected_operations
    from pe4king_core.model.case import TestPlan
    from pe4king_core.openapi.parsing.reading import collector_paused
    from pe4king_server.actions.base import ActionContext
    from pe4king_server.actions.generate import generated
    from pe4king_server.cli.reading import document_store, surroundings
    from pe4king_server.disk import write_edits
    from pe4king_server.files import DiskFiles, uri_of
    from pe4king_server.generating.helpers import Helpers
    from pe4king_server.models import NoModels
    from pe4king_server.settings import parse_settings

    source, tests, helpers = Path(path), Path(folder, "tests"), Helpers()
    settings = parse_settings({"format": name, "output": uri_of(tests)})
    with collector_paused(), closing(helpers), document_store() as store:
        # As the command does it: the helper starts while the document is read here, and reads it
        # while its operations are read here.
        helpers.start()
        text = source.read_text(encoding="utf-8")
        document = store.load(uri_of(source), text, surroundings(source))
        del text
        keys = [f"{entry.method} {entry.path}" for entry in document.entries]
        half = len(keys) // 2
        wanted = {"all": [], "first": keys[:half], "second": keys[half:]}[part]
        plan = TestPlan(operations=frozenset(wanted))
        if part == "all":
            helpers.prepare(document, store.text_of(document))
        selected_operations(document, plan)
        store.rest()
        files = DiskFiles(Path(folder))
        context = ActionContext(files, store, settings, NoModels(), helpers=helpers)

        start, before = time.perf_counter(), _cpu()
        made = generated(document, plan, context)
        write_edits(made.proposal.edits)
        seconds, cpu = time.perf_counter() - start, _cpu() - before

    texts = {Path(edit.uri).name: edit.edits[0].text for edit in made.proposal.edits}
    start = time.perf_counter()
    _write(Path(folder, "floor"), texts)
    floor = time.perf_counter() - start
    figures = {
        "seconds": seconds,
        "cpu": cpu,
        "floor": floor,
        "cases": len(made.written.added),
        "operations": len(wanted) or len(keys),
        "written": sum(len(text.encode()) for text in texts.values()),
    }
    print(json.dumps(figures))
    return 0


def _cpu() -> float:
    """Seconds of this process and of its children, those that have ended and those that live."""
    every = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in every) + sum(
        map(_cpu_of, _tree(os.getpid())[1:])
    )


def _cpu_of(pid: int) -> float:
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(state[11]) + int(state[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


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
                if figures.written_rate and figures.seconds < _BRIEF:  # the best round, as of ours
                    others = [runner(source, output) for _ in range(ROUNDS - 1)]
                    figures = max(figures, *others, key=lambda each: each.written_rate)
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
        + (f", {figures.broken} more in files with syntax errors" if figures.broken else "")
    )
    print(f"{path.name[:22]:24}{name:30}{told}", flush=True)
