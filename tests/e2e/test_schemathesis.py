"""`pe4king mock` judged by schemathesis, with all its checks, over real documents.

A failure is ours unless a named rule of `tests.e2e.schemathesis.impossible` says why no server can
avoid it; those are counted and printed. `PE4KING_ALL_OPERATIONS=1` (`make judges`) takes every
document that schemathesis can load, and more examples for each operation. Of documents with more
than `MANY` operations every n-th is taken, spread over the document, with fewer examples. The seed
is always 1.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from tests.conftest import ROOT
from tests.e2e.documents import MANY, Disk, documents
from tests.e2e.schemathesis import schemathesis
from tests.e2e.schemathesis.events import Verdict
from tests.e2e.schemathesis.impossible import Impossible
from tests.e2e.schemathesis.secrets import RIGHT
from tests.e2e.served import Served

pytestmark = pytest.mark.slow

EVERYTHING = bool(os.environ.get("PE4KING_ALL_OPERATIONS"))
EXAMPLES = 12 if EVERYTHING else 4
EXAMPLES_OF_LARGE = 2
SECONDS = 900
FEW = (
    "small/cafe-3.2.yaml",
    "small/museum.yaml",
    "small/oas32-features.json",
    "small/petstore-3.2.json",
    "small/petstore3.yaml",
    "small/realworld.yml",
    "small/sendgrid-sso-v3.yaml",
    "small/vampi.yml",
    "edge/readme-3.0/discriminators.yaml",
)


def names() -> list[str]:
    return list(documents()) if EVERYTHING else list(FEW)


def test_bookstore(tmp_path: Path) -> None:
    check(ROOT / "examples" / "bookstore" / "openapi.yaml", tmp_path)


@pytest.mark.parametrize("name", names())
def test_public_document(name: str, tmp_path: Path, shared_specs: Path) -> None:
    check(shared_specs / name, tmp_path)


def check(path: Path, folder: Path) -> None:
    judge = schemathesis()
    text = path.read_text(encoding="utf-8")
    document = load(text, str(path), Disk())
    keys = [operation.key for operation in document.operations]
    large = len(keys) > MANY
    with Served(path, options=RIGHT, log=False) as served:
        verdict = judge.run(
            path,
            document,
            served.base_url,
            folder,
            examples=EXAMPLES_OF_LARGE if large else EXAMPLES,
            seconds=SECONDS,
            operations=keys[:: len(keys) // MANY] if large else (),
        )
    if not verdict.cases and "load specification" in verdict.broken:
        pytest.skip(f"schemathesis does not load it: {verdict.broken[-300:]}")
    impossible = Impossible(document, raw_of(text))
    assert not verdict.broken, verdict.broken
    judged(path.name, verdict, impossible)


def judged(name: str, verdict: Verdict, impossible: Impossible) -> None:
    """Fails with all that no rule excuses."""
    reasons = Counter(impossible.reason(each) for each in verdict.failures)
    ours = [str(each) for each in verdict.failures if not impossible.reason(each)]
    del reasons[""]
    print(  # noqa: T201
        f"{name}: {verdict.cases} requests, {verdict.checks} checks, {len(ours)} failures; "
        f"impossible: {dict(reasons)}; untested: {list(verdict.untested)}"
    )
    assert not ours, f"{len(ours)}:\n" + "\n".join(ours)


def raw_of(text: str) -> dict[str, object]:
    try:
        raw = read(text)
    except UnreadableError:
        return {}
    return raw if isinstance(raw, dict) else {}
