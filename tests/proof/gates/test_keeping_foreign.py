"""Other people's tests: what we weave in keeps every check, and no check can be taken out."""

from __future__ import annotations

import ast
import random
import re
from functools import cache

import pytest

from pe4king_core.model.case import Depth
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.openapi import load
from pe4king_core.proof.gates.keeping.gate import KeepingGate
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_core.testcode import language_of, read_tests
from tests.conftest import ROOT
from tests.testcode import corpus_kit
from tests.testcode.corpus_kit import Suite
from tests.weaving.corpus_weaving import weave_suite

pytestmark = pytest.mark.slow

SUITES = [suite for language in SourceLanguage for suite in corpus_kit.suites(language)]
BOTH = pytest.mark.parametrize(
    "suite", SUITES, ids=[f"{suite.language} {suite.name}" for suite in SUITES]
)
MOST = 8
"""Checks that are taken out of one file."""


@cache
def bookstore() -> ApiDocument:
    document = ROOT / "examples" / "bookstore" / "openapi.yaml"
    return load(document.read_text(encoding="utf-8"), document.as_uri())


def state(suite: Suite, before: str, *edits: Edit) -> LevelState:
    """What the gate says of `edits`."""
    return KeepingGate().check(Proposed(suite.language, before, edits), Surroundings()).state


@BOTH
def test_what_we_weave_in_keeps_every_check(suite: Suite) -> None:
    woven = dict(weave_suite(suite, bookstore(), max(Depth)).suite.files)
    for path, before in suite.files.items():
        if language_of(path) is suite.language:
            edit = Edit(Span(0, len(before)), woven[path])
            assert state(suite, before, edit) is LevelState.PASSED, path


@BOTH
def test_another_layout_keeps_every_check(suite: Suite) -> None:
    for path, before in suite.files.items():
        if language_of(path) is suite.language:
            edit = Edit(Span(0, len(before)), laid_out(suite.language, before))
            assert state(suite, before, edit) is LevelState.PASSED, path


def laid_out(language: SourceLanguage, text: str) -> str:
    """The same code in other lines, in Python without comments and with other names."""
    if language is SourceLanguage.JAVA:
        return re.sub(r"\n\s*\.(?=\w+\()", ".", text)
    tree = ast.parse(text)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            rename(function)
    return ast.unparse(tree)


def rename(function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Other names for the local variables of a function without inner functions."""
    inside = [node for node in ast.walk(function) if node is not function]
    if any(isinstance(node, ast.FunctionDef | ast.Lambda | ast.Global) for node in inside):
        return
    parameters = {node.arg for node in inside if isinstance(node, ast.arg)}
    names = [node for node in inside if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)} - parameters
    for node in names:
        if node.id in bound:
            node.id = f"{node.id}_renamed"


@BOTH
def test_no_check_can_be_taken_out(suite: Suite) -> None:
    for path, before in suite.files.items():
        if language_of(path) is not suite.language:
            continue
        edits = weakening(suite, before)
        random.Random(path).shuffle(edits)
        for edit in edits[:MOST]:
            told = f"{path}: {edit.span.of(before)} -> {edit.text}"
            assert state(suite, before, edit) is LevelState.FAILED, told


def weakening(suite: Suite, text: str) -> list[Edit]:
    """Edits that each leave one check out, or let it always pass."""
    edits: list[Edit] = []
    for test in read_tests(text, suite.language).tests:
        for assertion in test.assertions:
            said, span = assertion.text, assertion.span
            if not test.body_span.contains(span.start):
                continue
            if said.startswith("assert "):
                edits.append(Edit(span, "pass"))
                edits.append(Edit(Span(span.start + 7, span.start + 7), "True or "))
            elif said.startswith(".") and suite.language is SourceLanguage.JAVA:
                edits.append(Edit(span, ""))
            elif said.startswith("assert") and suite.language is SourceLanguage.JAVA:
                edits.append(Edit(span, "Objects.hash(1)"))
    return edits
