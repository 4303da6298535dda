"""Proof: which share of mutants suites kill, how many false alarms they raise, what judging costs.

Documents: the bookstore example and some under PE4KING_SHARED; of large ones a sample of
operations, named in the output with the seed. The suites of a document (`bench.proof_suites`) send
the same requests and differ in what they check; other generators' tests (`bench.proof_peers`) meet
the same server and mutants. A kill is an assertion that failed; `broke` are mutants that only made
tests crash. `of all` is the share of the mutants that any suite of the document reached.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from bench.proof_cost import java_ratio, python_ratio
from bench.proof_jobs import (
    SAMPLES,
    Figures,
    Made,
    Tally,
    in_scratch,
    proven,
    python_runner,
    source_of,
    together,
)
from bench.proof_peers import PEERS, NothingMadeError
from bench.proof_suites import SUITES, Source

_WORKERS = 2
_TIMED = {"bookstore": 8, "small/museum.yaml": 25}
"""Documents that the cost is measured on, with the mutants of a test."""


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    options = _options(arguments)
    suites = options.suite or [*SUITES, *PEERS]
    names = [each for each in options.document or SAMPLES if _announced(each, options)]
    found: dict[str, dict[str, Figures]] = {}
    # Suites know nothing of each other, so that each core takes one; costs are measured alone.
    with ProcessPoolExecutor(_WORKERS, get_context("spawn")) as pool:
        started = {
            name: {suite: pool.submit(_suite, name, suite, options) for suite in suites}
            for name in names
        }
        for name, futures in started.items():
            found[name] = _shown(name, futures)
    ratios = [] if options.no_cost else _ratios(names, options.seed)
    _summary(found)
    print()
    print(json.dumps(_told(found, ratios)))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench proof")
    parser.add_argument("--document", action="append", default=[], help="only these")
    parser.add_argument("--suite", action="append", default=[], help="only these")
    parser.add_argument("--seed", type=int, default=1, help="of the generated tests")
    parser.add_argument("--seeds", type=int, default=3, help="of the conforming server")
    parser.add_argument("--mutants", type=int, default=60, help="the most for one test")
    parser.add_argument("--no-cost", action="store_true", help="leave the costs out")
    return parser.parse_args(arguments)


def _announced(name: str, options: argparse.Namespace) -> bool:
    source = _source(name, options.seed)
    if source is None:
        print(f"{name}: not here; set PE4KING_SHARED")
        return False
    print(
        f"{name}: {len(source.operations)} of {len(source.document.operations)} operations, tests "
        f"of seed {options.seed}, servers of seeds 1 to {options.seeds}, strict and lenient, at "
        f"most {options.mutants} mutants a test"
    )
    return True


@cache
def _source(name: str, seed: int) -> Source | None:
    return source_of(name, seed)


def _suite(name: str, suite: str, options: argparse.Namespace) -> Figures:
    """One suite of one document, in a process of the pool."""
    source = _source(name, options.seed)
    assert source is not None
    with in_scratch("suite") as folder:
        root = Path(folder) / "tests"
        root.mkdir()
        try:
            made = _made(source, suite, root)
        except NothingMadeError as error:
            return Figures(failed=str(error))
        return proven(source, root, made, options.mutants, options.seeds)


def _made(source: Source, suite: str, root: Path) -> Made:
    if suite in PEERS:
        return PEERS[suite](source, root)
    return Made(tuple(SUITES[suite](source, root)), python_runner())


def _shown(name: str, futures: Mapping[str, Future[Figures]]) -> dict[str, Figures]:
    """The suites of a document, all of them known."""
    found = {suite: future.result() for suite, future in futures.items()}
    print(f"\n{name}")
    contract = frozenset[tuple[str, ...]]().union(
        *(each.contract.reached for each in found.values())
    )
    law = frozenset[tuple[str, ...]]().union(*(each.law.reached for each in found.values()))
    for suite, figures in found.items():
        if figures.failed:
            print(f"  {suite:15} nothing: {figures.failed}")
            continue
        print(
            f"  {suite:15}{figures.tests:4} tests  contract {_words(figures.contract, contract)}"
            f"  law {_words(figures.law, law)}  {len(figures.alarms)} false alarms, "
            f"{len(figures.unproven)} unproven  {figures.runs} cells in {figures.seconds:.0f} s"
            + (f"  {figures.lost} tests in files with syntax errors" if figures.lost else "")
        )
        told = figures.alarms + figures.problems
        most = len(told) if suite in SUITES else 3
        for each in (*told[:most], *figures.unproven[:3]):
            print(f"      {each}")
        for key in sorted(figures.contract.broke)[:3]:
            print(f"      only broke on {' '.join(filter(None, key))}")
    sys.stdout.flush()
    return found


def _words(tally: Tally, every: frozenset[tuple[str, ...]]) -> str:
    if not tally.reached:
        return "none reached"
    return (
        f"{len(tally.killed):4} of {len(tally.reached):4} {tally.rate:6.1%} "
        f"(of all {len(tally.killed) / len(every):6.1%}; broke {len(tally.broke)})"
    )


def _ratios(names: Sequence[str], seed: int) -> list[float]:
    """Every cost that can be had here."""
    print()
    found: list[float] = []
    for name in names:
        source = _source(name, seed)
        if source is not None and name in _TIMED:
            found.append(python_ratio(name, source, _TIMED[name]))
    bookstore = _source("bookstore", seed)
    java = java_ratio(bookstore) if bookstore is not None else None
    return found if java is None else [*found, java]


def _summary(found: Mapping[str, Mapping[str, Figures]]) -> None:
    """All documents together, each suite over those that it made tests for."""
    print("\nall documents")
    for suite in dict.fromkeys(suite for each in found.values() for suite in each):
        made = [each[suite] for each in found.values() if not each[suite].failed]
        if not made:
            continue
        alarms = sum(len(each.alarms) for each in made)
        tests = sum(each.tests for each in made)
        print(
            f"  {suite:15}{tests:5} tests of {len(made)} documents  contract "
            f"{_share(together(each.contract for each in made))}  law "
            f"{_share(together(each.law for each in made))}  {alarms} false alarms"
        )


def _share(rate: float | None) -> str:
    return "none reached" if rate is None else f"{rate:6.1%}"


def _told(
    found: Mapping[str, Mapping[str, Figures]], ratios: Sequence[float]
) -> dict[str, float | None]:
    ours, bare = (
        [each[name] for each in found.values() if name in each] for name in ("enhanced", "bare")
    )
    own = [figures for each in found.values() for name, figures in each.items() if name in SUITES]
    return {
        "kill_rate": together(each.contract for each in ours),
        "law_kill_rate": together(each.law for each in ours),
        "baseline_kill_rate": together(each.contract for each in bare),
        "baseline_law_kill_rate": together(each.law for each in bare),
        "false_alarms": sum(len(each.alarms) for each in own),
        "mutant_cost_ratio": round(max(ratios), 2) if ratios else None,
    }
