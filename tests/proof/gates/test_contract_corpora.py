"""Good tests are not turned away: those that we generate, and those of other teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.generation import generate
from pe4king_core.model.case import TestStyle
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.openapi import load
from pe4king_core.proof.gates.contract.finding import Finding
from pe4king_core.proof.gates.contract.gate import added
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_core.testcode import language_of
from tests.e2e.documents import SPECS, Disk, plan_for
from tests.e2e.suites import rendered
from tests.proof.gates.contract_kit import bookstore
from tests.testcode import corpus_kit

FORMATS = {"pytest": SourceLanguage.PYTHON, "junit-restassured": SourceLanguage.JAVA}
ENDINGS = {SourceLanguage.PYTHON: ".py", SourceLanguage.JAVA: ".java"}


def of_files(
    files: dict[str, str], language: SourceLanguage, document: ApiDocument
) -> list[Finding]:
    """What is found in new files that are proposed together."""
    around = Surroundings(documents=(document,), texts=files)
    return [
        each
        for path, text in files.items()
        for each in added(Proposed(language, "", (Edit(Span(0, 0), text),), path), around)
    ]


def generated(document: ApiDocument, name: str) -> list[Finding]:
    models = generate(document, plan_for(document))
    language = FORMATS[name]
    made = rendered(document, models, name, TestStyle()).files
    files = {path: text for path, text in made.items() if path.endswith(ENDINGS[language])}
    return of_files(files, language, document)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_what_we_generate_for_the_bookstore_passes(name: str) -> None:
    assert [each.reason.en for each in generated(bookstore(), name)] == []


def small_documents() -> Iterator[tuple[str, ApiDocument]]:
    for folder in ("small", "examples"):
        for path in sorted((SPECS / folder).rglob("*")):
            if path.suffix not in (".json", ".yaml", ".yml"):
                continue
            try:
                document = load(path.read_text(encoding="utf-8"), str(path), Disk())
            except DocumentError:
                continue  # no OpenAPI document, or one that is deliberately broken
            if document.operations:
                yield path.name, document


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.skipif(not SPECS.is_dir(), reason="needs the shared documents")
def test_what_we_generate_for_small_documents_passes(name: str) -> None:
    found = [
        (path, [each.reason.en for each in generated(document, name)])
        for path, document in small_documents()
    ]
    assert len(found) > 20
    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize("language", list(SourceLanguage))
def test_no_test_of_other_teams_fails(language: SourceLanguage) -> None:
    found: list[Finding] = []
    tests = 0
    for suite in corpus_kit.suites(language):
        files = {path: text for path, text in suite.files.items() if language_of(path)}
        around = Surroundings(documents=(bookstore(),), texts=suite.files)
        tests += len(suite.labels)
        for path, text in files.items():
            proposed = Proposed(language, "", (Edit(Span(0, 0), text),), path)
            found += added(proposed, around)
    states = Counter(each.state for each in found)
    failed = [each.reason.en for each in found if each.state is LevelState.FAILED]
    assert failed == []
    # Most of them pass: a gate that doubts everything would be no help.
    assert 0 < states[LevelState.WARNED] < tests / 2
