"""How well the readers agree with what a human found in the corpus of foreign tests."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from pe4king_core.model.source import SourceLanguage
from tests.testcode import corpus_kit, corpus_notation
from tests.testcode.corpus_kit import CORPUS, Score, Suite, Tally

LANGUAGES = [str(language) for language in SourceLanguage]
FOLDERS = [
    (language, path.name)
    for language in LANGUAGES
    for path in sorted((CORPUS / language).iterdir())
    if path.is_dir()
]
FLOOR = 0.95
FLOOR_OF_A_SUITE = 0.8
"""Suites are small: one surprise in ten calls is a tenth."""


@cache
def suite_of(language: str, name: str) -> Suite:
    return corpus_kit.load_suite(CORPUS / language / name, SourceLanguage(language))


@cache
def score_of(language: str, name: str) -> Score:
    return corpus_kit.score(suite_of(language, name))


@pytest.mark.parametrize(("language", "name"), FOLDERS)
def test_suite(language: str, name: str) -> None:
    score = score_of(language, name)
    sys.stdout.write("\n".join([*score.differences, corpus_kit.table([score]), ""]))
    hold(score, FLOOR_OF_A_SUITE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language(language: str) -> None:
    scores = [score_of(language, name) for each, name in FOLDERS if each == language]
    sys.stdout.write(corpus_kit.table(scores) + "\n")
    hold(sum(scores, Score(language)), FLOOR)


def hold(score: Score, floor: float) -> None:
    for tally in (score.calls, score.assertions):
        assert tally.precision >= floor
        assert tally.recall >= floor


def test_corpus_is_large() -> None:
    assert sum(len(suite_of(*each).labels) for each in FOLDERS) >= 150


@pytest.mark.parametrize(("language", "name"), FOLDERS)
def test_every_test_of_a_suite_is_labelled(language: str, name: str) -> None:
    suite = suite_of(language, name)
    if language == "python":
        assert set(suite.labels) == set(_python_tests(suite))
        return
    for test in suite.labels:
        path, *_, method = test.split("::")
        assert re.search(rf"\b{re.escape(method)}\s*\(", suite.files[path]), test


def _python_tests(suite: Suite) -> Iterator[str]:
    """The tests as pytest would collect them, found without our reader."""
    for path, text in suite.files.items():
        if path.rpartition("/")[2].startswith("test_"):
            yield from _tests_in(ast.parse(text).body, path)


def _tests_in(body: Sequence[ast.stmt], owner: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _tests_in(node.body, f"{owner}::{node.name}")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:4] == "test":
            yield f"{owner}::{node.name}"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("status range 200..300)", "status range 200..299"),
        ("body(/a) length 3..", "body(/a) size (2.."),
        ("body(/a) == 5.0", "body(/a) == 5"),
        ("body(/a) in [null, 1]", "body(/a) in [1] null ok"),
        ("body(/a) type string null ok", "body(/a) type null|string"),
        ("body(/a) type integer|number", "body(/a) type number"),
        (r"body(/a) matches ^(?:\/v1)$", "body(/a) matches ^/v1$"),
        ("header(LOCATION)", "header(Location)"),
        ("header(ETag) not null", "header(ETag)"),
        ('body(/a) == {"b": 1, "c": 2}', 'body(/a) == {"c": 2, "b": 1.0}'),
    ],
)
def test_equal_meanings_are_equal_texts(left: str, right: str) -> None:
    assert corpus_notation.assertion(left, str) == corpus_notation.assertion(right, str)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("body(/a) range (0..", "body(/a) range 0.."),
        ("body(/a)", "body(/a) not null"),
        ("body(/a) == 1 if present", "body(/a) == 1"),
        ("body(/a) type string", "body(/a) type string|null"),
        ("body(/a) == 1 when 200", "body(/a) == 1 when 201"),
    ],
)
def test_other_meanings_are_other_texts(left: str, right: str) -> None:
    assert corpus_notation.assertion(left, str) != corpus_notation.assertion(right, str)


def test_a_range_may_be_said_in_two_parts() -> None:
    assert corpus_notation.ends("body(/a) range (0..4.5) if present") == (
        "body(/a) range (0.. if present",
        "body(/a) range ..4.5) if present",
    )
    for whole in ("body(/a) range 1..", "body(/a) size 1..2", "status range 200..299"):
        assert corpus_notation.ends(whole) == (whole,)


def test_unknown_words_are_told() -> None:
    with pytest.raises(ValueError, match=r"labels\.txt:2"):
        corpus_kit.parse_labels("t.py::test_a\n  cal GET /books\n", "suite")
    with pytest.raises(ValueError, match="no such check"):
        corpus_kit.parse_labels("t.py::a\n  call GET /a\n  check 1 body(/a) is 1\n", "suite")


def test_scoring() -> None:
    text = """\
import httpx

def test_a():
    response = httpx.get("http://shop/books/7?full=yes")
    assert response.status_code == 200
    assert response.json()["id"] == 7
    assert response.elapsed.total_seconds() < 5
"""
    labels = """\
t/test_a.py::test_a
  call GET /books/{} json
  call DELETE /books/{}
  check 1 status == 200
  check 1 body(/id) == 8
  check 1 ?
"""
    suite = Suite(
        "made",
        SourceLanguage.PYTHON,
        {"t/test_a.py": text},
        corpus_kit.parse_labels(labels, "made"),
    )
    score = corpus_kit.score(suite)
    assert score.tests == 1
    assert score.calls == Tally(right=1, wrong=0, missed=1)
    assert score.assertions == Tally(right=2, wrong=1, missed=1)
    assert score.bodies == Tally(right=0, wrong=1, missed=1)
    assert score.differences == (
        "made/t/test_a.py::test_a: call missed: DELETE /books/{}",
        "made/t/test_a.py::test_a: body of GET /books/{}: none instead of json",
        "made/t/test_a.py::test_a: check missed: [GET /books/{}] body(/id) == 8",
        "made/t/test_a.py::test_a: check wrong: [GET /books/{}] body(/id) == 7",
    )
