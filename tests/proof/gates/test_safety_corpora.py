"""`safe` and `resolves` on what we write ourselves: generated files, and what we weave."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

from pe4king_core.model.case import Depth
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.openapi import load
from pe4king_core.proof.gates.resolving.gate import ResolvingGate
from pe4king_core.proof.gates.safety.gate import SafetyGate
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_core.testcode import language_of
from tests.conftest import ROOT
from tests.e2e.documents import documents, models
from tests.e2e.suites import STYLES, rendered, suite
from tests.testcode import corpus_kit
from tests.weaving.corpus_weaving import weave_suite

pytestmark = pytest.mark.slow
FORMATS = ("pytest", "junit-restassured")
SUITES = {
    f"{suite.language}/{suite.name}": suite
    for language in ("python", "java")
    for suite in corpus_kit.suites(language)
}


@cache
def bookstore() -> ApiDocument:
    document = ROOT / "examples" / "bookstore" / "openapi.yaml"
    return load(document.read_text(encoding="utf-8"), document.as_uri())


def proposed(path: str, after: str, before: str = "") -> Proposed | None:
    language = language_of(path)
    if language is None or before == after:
        return None
    return Proposed(language, before, (Edit(Span(0, len(before)), after),), path)


def red(files: dict[str, str], document: ApiDocument) -> list[str]:
    """What the gate says of new files, where they do not pass."""
    around = Surroundings(documents=(document,))
    found = [(path, proposed(path, text)) for path, text in files.items()]
    said = [(path, SafetyGate().check(each, around)) for path, each in found if each is not None]
    assert said
    return [f"{path}: {r.reason.en}" for path, r in said if r.state is not LevelState.PASSED]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", FORMATS)
def test_generated_bookstore_is_safe(name: str, style: str) -> None:
    made = suite(bookstore(), name, STYLES[style])
    assert red(dict(made.files), bookstore()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_generated_small_documents_are_safe(name: str) -> None:
    small = {each: it for each, it in documents().items() if each.startswith("small")}
    if not small:
        pytest.skip("no shared documents")
    for each, document in small.items():
        for style in STYLES.values():
            made = rendered(document, models(each), name, style)
            assert red(dict(made.files), document) == [], each


@pytest.mark.parametrize("name", sorted(SUITES))
def test_weaving_into_foreign_tests_is_safe_and_resolves(name: str, tmp_path: Path) -> None:
    foreign = SUITES[name]
    woven = weave_suite(foreign, bookstore(), max(Depth)).suite
    corpus_kit.lay_out(foreign, tmp_path)
    around = Surroundings(root=tmp_path, python=Path(sys.executable))
    changed = 0
    for path, after in woven.files.items():
        each = proposed(str(tmp_path / path), after, foreign.files[path])
        if each is None:
            continue
        changed += 1
        result = SafetyGate().check(each, around)
        assert result.state is LevelState.PASSED, f"{path}: {result.reason.en}"
        if path.endswith(".py"):
            resolved = ResolvingGate().check(each, around)
            assert resolved.state is LevelState.PASSED, f"{path}: {resolved.reason.en}"
    assert changed


def test_generated_python_resolves(tmp_path: Path) -> None:
    for style in STYLES.values():
        made = suite(bookstore(), "pytest", style)
        made.write(tmp_path)
        around = Surroundings(root=tmp_path, python=Path(sys.executable))
        for path, text in made.files.items():
            each = proposed(str(tmp_path / path), text)
            if each is not None:
                result = ResolvingGate().check(each, around)
                assert result.state is LevelState.PASSED, f"{path}: {result.reason.en}"
