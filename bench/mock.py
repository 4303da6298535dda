"""`pe4king mock` against Prism: time to the first answer, requests a second, memory.

Documents: a petstore, OpenAI's and GitHub's under PE4KING_SHARED. Both servers get the same valid
GET requests, spread over the document, that both answer with success; the same client sends them
over the same number of kept-alive connections, in turns. Memory is that of all processes of a
server after that. At the end schemathesis runs over small documents, all its checks on.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.loopback import memory_of_tree, rate, request_of, statuses
from pe4king_core.generation import generate
from pe4king_core.model.case import TestPlan
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load

_SHARED = Path(os.environ.get("PE4KING_SHARED", Path(__file__).parents[2] / "shared"))
_DOCUMENTS = ("small/petstore3.yaml", "large/openai.yaml", "large/github-api.json")
_JUDGED = ("small/petstore3.yaml", "small/museum.yaml", "small/vampi.yml")
_MANY = 40
"""So many operations of a large document are asked for."""
_PATIENCE = 120.0
_LEFT_OUT = ("host", "accept", "connection", "user-agent", "accept-encoding")
_Sent = tuple[str, list[tuple[str, str]]]


@dataclass(slots=True)
class _Figures:
    """Seconds, answers a second and bytes; the best of each, as all else on a machine slows."""

    starts: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    @property
    def start(self) -> float:
        return min(self.starts)

    @property
    def rate(self) -> float:
        return max(self.rates)

    @property
    def least_memory(self) -> int:
        return min(self.memory)


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench mock")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round's requests")
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args(arguments)
    paths = [_SHARED / "specs" / name for name in _DOCUMENTS]
    if not all(path.exists() for path in paths):
        print(f"no documents under {_SHARED}; set PE4KING_SHARED", file=sys.stderr)
        return 1
    print(f"{'document':20}{'':10}{'start s':>10}{'req/s':>10}{'MB':>8}")
    pairs = [_pair(path, options) for path in paths]
    print(
        json.dumps(
            {
                "start_ratio_max": round(max(o.start / p.start for o, p in pairs), 3),
                "throughput_ratio_min": round(min(o.rate / p.rate for o, p in pairs), 2),
                "memory_ratio_max": round(
                    max(o.least_memory / p.least_memory for o, p in pairs), 3
                ),
                "schemathesis_failures": _schemathesis_failures(),
            }
        )
    )
    return 0


def _pair(path: Path, options: argparse.Namespace) -> tuple[_Figures, _Figures]:
    """Ours and Prism's figures for one document."""
    ours, prism = _Figures(), _Figures()
    programs = (_ours(path), _prism(path))
    asked = _answered_by_both(path, programs)
    for number in range(options.rounds):
        both = [(ours, programs[0]), (prism, programs[1])]
        for figures, program in both if number % 2 else reversed(both):
            with _serving(program, asked[0], figures) as (process, port):
                requests = [request_of(port, *each) for each in asked]
                rate(port, requests, options.connections, min(1.0, options.seconds))
                figures.rates.append(rate(port, requests, options.connections, options.seconds))
                figures.memory.append(memory_of_tree(process.pid))
    for name, figures in (("pe4king", ours), ("prism", prism)):
        print(
            f"{path.stem[:19]:20}{name:10}{figures.start:10.2f}{figures.rate:10.0f}"
            f"{figures.least_memory / 1e6:8.0f}",
            flush=True,
        )
    return ours, prism


def _ours(path: Path) -> list[str]:
    return [sys.executable, "-m", "pe4king_server", "mock", str(path), "--port"]


def _prism(path: Path) -> list[str]:
    from tests.e2e.prism import prism

    # Its answers come from the document's examples, as ours do; that is what it is fastest at.
    return [str(prism().program), "mock", "-h", "127.0.0.1", str(path), "-p"]


@contextmanager
def _serving(
    program: Sequence[str], first: _Sent | None, figures: _Figures
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The program with a port; how long it takes to answer `first` is kept in `figures`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = [request_of(port, *(first or ("/", [])))]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*program, str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SCARF_ANALYTICS": "false"},
    )
    try:
        while not _answers(port, asked):
            if process.poll() is not None or time.perf_counter() - began > _PATIENCE:
                raise RuntimeError(f"{program[0]} does not start with this document")
            time.sleep(0.01)
        figures.starts.append(time.perf_counter() - began)
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, asked: Sequence[bytes]) -> bool:
    try:
        return statuses(port, asked, _PATIENCE) != [0]
    except OSError:
        return False


def _answered_by_both(path: Path, programs: Sequence[Sequence[str]]) -> list[_Sent]:
    """The requests that both answer with success."""
    document = load(path.read_text(encoding="utf-8"), path.as_uri())
    asked = list(_requests(document))
    answered = []
    for program in programs:
        with _serving(program, None, _Figures()) as (_, port):
            answered.append(statuses(port, [request_of(port, *each) for each in asked]))
    kept = [
        each
        for each, *codes in zip(asked, *answered, strict=True)
        if all(200 <= code < 300 for code in codes)
    ]
    print(f"{path.stem}: {len(kept)} of {len(asked)} requests have success with both", flush=True)
    return kept


def _requests(document: ApiDocument) -> Iterator[_Sent]:
    """A valid request for GET operations that are spread over the document."""
    from tests.e2e.shown import with_credentials
    from tests.e2e.suites import TRUE_KINDS
    from tests.mock.requests.sending import sent_of

    keys = [each.key for each in document.operations if each.method == "GET"]
    chosen = frozenset(keys[:: max(1, len(keys) // _MANY)])
    plan = TestPlan(operations=chosen, kinds=TRUE_KINDS, behavioural=False)
    taken: set[str] = set()
    for model in generate(document, plan):
        for case in model.cases:
            sent = sent_of(case) if case.operation.key not in taken else None
            if sent is not None and case.operation.method == "GET":
                taken.add(case.operation.key)
                whole = with_credentials(sent, case.operation)
                kept = [each for each in whole.headers if each[0].lower() not in _LEFT_OUT]
                yield whole.target, kept


def _schemathesis_failures() -> int:
    """Those that a server could avoid; the others are counted by name."""
    from pe4king_core.openapi.parsing.reading import read
    from tests.e2e.schemathesis import schemathesis
    from tests.e2e.schemathesis.impossible import Impossible
    from tests.e2e.schemathesis.secrets import RIGHT
    from tests.e2e.served import Served

    judge, failures = schemathesis(), 0
    for name in _JUDGED:
        path = _SHARED / "specs" / name
        text = path.read_text(encoding="utf-8")
        document = load(text, path.as_uri())
        raw = read(text)
        assert isinstance(raw, dict)
        with Served(path, options=RIGHT, log=False) as served, tempfile.TemporaryDirectory() as at:
            url, folder = served.base_url, Path(at)
            found = judge.run(path, document, url, folder, examples=4, seconds=240)
        if found.broken:
            raise RuntimeError(found.broken)
        rules = Impossible(document, raw)
        reasons = Counter(rules.reason(each) for each in found.failures)
        ours = reasons.pop("", 0)
        print(
            f"{path.stem}: {found.cases} requests of schemathesis, {ours} failures; "
            f"impossible for any server: {dict(reasons)}"
        )
        failures += ours
    return failures
