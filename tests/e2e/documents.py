"""The real documents of `PE4KING_SHARED`, for tests over all of them.

A document of more than `MANY` operations is sampled: every n-th operation, spread over the whole
document, so that about `MANY` are left. `PE4KING_ALL_OPERATIONS=1` takes all of them.

Run as a program it prints a digest of everything generated for each document.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pe4king_core.errors import DocumentError
from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from tests.e2e.suites import rendered

MANY = 60
_ROOT = Path(__file__).resolve().parents[2]
SPECS = Path(os.environ.get("PE4KING_SHARED", _ROOT.parent / "shared")) / "specs"


class Disk:
    """Other files of the corpus, for documents split over several."""

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        path = (Path(base_uri).parent / reference).resolve()
        if not path.is_file() or not path.is_relative_to(SPECS.resolve()):
            return None
        return str(path), path.read_text(encoding="utf-8")


@cache
def documents() -> dict[str, ApiDocument]:
    """Every document that has operations, by its path in the corpus."""
    return dict(_documents())


def _documents() -> Iterator[tuple[str, ApiDocument]]:
    for path in sorted(SPECS.rglob("*")):
        if path.suffix not in (".json", ".yaml", ".yml") or path.name == "manifest.json":
            continue
        try:
            document = load(path.read_text(encoding="utf-8"), str(path), Disk())
        except (DocumentError, UnicodeDecodeError):
            continue  # deliberately unreadable; that this is told is tested elsewhere
        if document.operations:
            yield str(path.relative_to(SPECS)), document


def plan_for(document: ApiDocument) -> TestPlan:
    """Every kind of case, no budget, all operations or a sample of them."""
    keys = [operation.key for operation in document.operations]
    step = len(keys) // MANY
    if step < 2 or os.environ.get("PE4KING_ALL_OPERATIONS"):
        return TestPlan()
    return TestPlan(operations=frozenset(keys[::step]))


@cache
def models(name: str) -> tuple[TestModel, ...]:
    document = documents()[name]
    return generate(document, plan_for(document))


def digests() -> dict[str, str]:
    """A digest of all bytes of all formats, by document."""
    return {name: _digest(name) for name in documents()}


def _digest(name: str) -> str:
    summed = hashlib.sha256()
    for chosen in formats():
        files = rendered(documents()[name], models(name), chosen, TestStyle()).files
        summed.update(json.dumps(list(files.items())).encode())
    return summed.hexdigest()


if __name__ == "__main__":
    json.dump(digests(), sys.stdout)
