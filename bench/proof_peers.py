"""Tests that other generators write for a document, made ready to be proven beside ours.

They are given the operations of the sample only, and what they ask for by name: the address, keys.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bench.newman import NewmanRunner
from bench.peers import HOME, Runner, asserting_tests, peers
from bench.proof_jobs import PLACEHOLDER, Made, python_runner
from bench.proof_suites import Source

_MOST_UNDER_NEWMAN = 12
"""newman starts anew for every run, which takes it a tenth of a second."""
_PORTMAN_VALUES = MappingProxyType(
    dict.fromkeys(
        ("bearerToken", "apiKey", "accessToken", "basicAuthUsername", "basicAuthPassword"),
        PLACEHOLDER,
    )
)
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


class NothingMadeError(Exception):
    """Why a peer has no tests for a document."""


def earlier(source: Source, folder: Path) -> Made:
    """The earlier Pe4King under pytest; files with syntax errors are left out."""
    _written("Pe4King TypeScript pytest", source, folder)
    _, lost = asserting_tests(folder)
    for path in folder.rglob("*.py"):
        if not _compiles(path):
            path.unlink()
    paths = tuple(sorted(folder.rglob("test_*.py")))
    if not paths:
        raise NothingMadeError(f"{lost} tests, all in files with syntax errors")
    return Made(paths, python_runner(), environment={"API_TOKEN": PLACEHOLDER}, lost=lost)


def earlier_as_own(source: Source, folder: Path) -> Made:
    """The same tests, judged as somebody's own: the server first answers what they expect."""
    return replace(earlier(source, folder), generated=frozenset())


def portman(source: Source, folder: Path) -> Made:
    """portman's collection under newman, one request a test."""
    _written("portman", source, folder)
    collection = folder / "collection.json"
    names = frozenset(_requests(json.loads(collection.read_text(encoding="utf-8"))))
    if not names:
        raise NothingMadeError("a collection without requests")
    for path in folder.iterdir():
        if path != collection:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    node = shutil.which("node")
    if node is None:
        raise NothingMadeError("no Node")
    runner = NewmanRunner(Path(node), HOME / "npm" / "node_modules", _PORTMAN_VALUES)
    return Made((collection,), runner, names, most=_MOST_UNDER_NEWMAN)


PEERS: Mapping[str, Callable[[Source, Path], Made]] = MappingProxyType(
    {"pe4king-ts": earlier, "pe4king-ts own": earlier_as_own, "portman": portman}
)


def _written(name: str, source: Source, folder: Path) -> None:
    found = dict(peers())[name]
    if isinstance(found, str):
        raise NothingMadeError(f"not here: {found}")
    _generated(found, source, folder)


def _generated(runner: Runner, source: Source, folder: Path) -> None:
    document = folder.parent / f"{folder.name}.json"
    document.write_text(json.dumps(_sample(source)), encoding="utf-8")
    try:
        figures = runner(document, folder)
    finally:
        document.unlink()
    if figures.failed:
        raise NothingMadeError(figures.failed)


def _sample(source: Source) -> dict[str, Any]:
    """The document without the operations that no suite has."""
    paths = {
        path: {
            name: value
            for name, value in item.items()
            if name not in _METHODS or f"{name.upper()} {path}" in source.operations
        }
        for path, item in source.raw["paths"].items()
    }
    kept = {path: item for path, item in paths.items() if _METHODS & item.keys()}
    return {**source.raw, "paths": kept}


def _compiles(path: Path) -> bool:
    try:
        compile(path.read_text(encoding="utf-8"), path.name, "exec")
    except SyntaxError:
        return False
    return True


def _requests(node: Mapping[str, Any], name: str = "") -> Iterator[str]:
    for child in node.get("item", ()):
        known = f"{name}/{child['name']}" if name else child["name"]
        if "item" in child:
            yield from _requests(child, known)
        else:
            yield known
