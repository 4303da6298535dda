"""What counts for a test: what it is about, not what it only prepares; and what is noted of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pe4king_core.mock.exchange import Answer
from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.fact import (
    AssertionFact,
    HasFormat,
    HasType,
    Subject,
    SubjectKind,
    body,
)
from pe4king_core.model.schema import JsonType
from pe4king_core.proof.baseline.truth import Told, is_false
from pe4king_core.proof.proving.understanding import Understood, understood
from pe4king_core.proof.report import CellState, Judged
from pe4king_core.proof.running import TestItem
from tests.proof.proving.played import TESTS, api, only, proof, source

PREPARES = """
import pytest
import requests

@pytest.fixture
def book():
    made = requests.post("https://api.example.org/v1/books", json={"title": "Dune"})
    return made.json()["id"]

def test_reads(book):
    response = requests.get(f"https://api.example.org/v1/books/{book}")
    assert response.status_code == 200

def test_makes():
    response = requests.post("https://api.example.org/v1/books", json={"title": "Dune"})
    assert response.status_code == 201
"""


def known(name: str) -> Understood:
    item = TestItem(f"test_books.py::{name}", TESTS, name)
    return understood(item, [source(PREPARES)], [api()])


def test_what_a_fixture_calls_is_only_prepared() -> None:
    assert known("test_reads").prepared == {(0, "POST /books")}
    assert known("test_makes").prepared == frozenset()


MAKES_AND_READS = """
def test_flow(client):
    book = client.post("/books", json={"title": "Dune"}).json()["id"]
    response = client.get(f"/books/{book}")
    assert response.status_code == 200
    assert response.json()["title"] == "Dune"
"""


def test_only_kills_count_of_what_is_prepared() -> None:
    report = proof(MAKES_AND_READS)
    test = only(report)
    makes = [n for n, mutant in enumerate(report.mutants) if mutant.operation == "POST /books"]
    cells = {cell.mutant: cell for cell in test.cells if cell.mutant in makes}
    prepared = replace(test, prepared=("POST /books",))
    for cell in cells.values():
        is_reached = cell.state is not CellState.NOT_REACHED
        assert test.concerns(cell, report.mutants) == is_reached
        assert prepared.concerns(cell, report.mutants) == (cell.state is CellState.KILLED)
    kinds = {report.mutants[n].kind for n, c in cells.items() if c.state is CellState.KILLED}
    assert MutantKind.LAW in kinds
    before, after = report, replace(report, tests=(prepared,))
    assert after.count(MutantKind.CONTRACT).reached < before.count(MutantKind.CONTRACT).reached
    assert after.count(MutantKind.LAW).killed == before.count(MutantKind.LAW).killed


def test_a_name_that_the_document_has_not_is_noted_beside_the_pass() -> None:
    text = """
def test_own(client):
    response = client.get("/books/7")
    assert response.status_code == 200
    assert response.json()["titel"] == "Dune"
"""
    test = only(proof(text, generated=False))
    assert test.judged is Judged.PASSES
    assert "titel" in test.reason.en
    assert test.reason.en.startswith("it passes, but")
    assert test.reason.ru.startswith("проходит, но")
    sound = text.replace("titel", "title")
    assert only(proof(sound, generated=False)).reason.en == ""


@pytest.mark.parametrize(
    ("fact", "text", "wrong"),
    [
        (HasType(frozenset({JsonType.INTEGER})), "12", False),
        (HasType(frozenset({JsonType.INTEGER})), "twelve", True),
        (HasType(frozenset({JsonType.INTEGER})), "1.5", True),
        (HasType(frozenset({JsonType.STRING})), "12", False),
        (HasFormat("uri"), "https://example.org/x", False),
        (HasFormat("uri"), "not a uri", True),
    ],
)
def test_headers_are_texts_that_may_mean_numbers(fact: object, text: str, wrong: bool) -> None:
    claim = AssertionFact("c", Subject(SubjectKind.HEADER, "X-Count"), fact)  # type: ignore[arg-type]
    answer = Answer(200, (("X-Count", text),), b"")
    assert is_false(claim, Told(200, answer, None)) is wrong


@pytest.mark.parametrize(
    ("value", "wrong"), [("https://e.org/a", False), ("no uri", True), (5, True)]
)
def test_all_formats_that_we_know_are_told_apart(value: str | int, wrong: bool) -> None:
    answer = Answer(200, (), json.dumps({"link": value}).encode())
    claim = AssertionFact("c", body("/link"), HasFormat("uri"))
    assert is_false(claim, Told(200, answer, {"link": value})) is wrong


CRASHES = """
def test_lists(client):
    response = client.get("/books/7")
    assert response.status_code == 200
    print(response.json()["title"].upper())
"""


def test_what_only_crashes_still_has_its_check_named() -> None:
    report = proof(CRASHES, generated=False)
    crashed = {cell.mutant for cell in only(report).cells if cell.state is CellState.CRASHED}
    named = {each.mutant for each in report.survivors if each.fact is not None}
    subjects = {report.mutants[number].subject for number in crashed & named}
    assert "/title" in subjects


HIDDEN = """
def each(client):
    return client.post("/books", json={"title": "Dune"}).json()["id"]

def test_reads(client, book):
    response = client.get(f"/books/{book}")
    assert response.status_code == 200
    assert response.json()["title"] == "Dune"
"""


@pytest.mark.parametrize("generated", [True, False])
def test_generated_tests_hide_no_call_but_those_of_set_up(generated: bool) -> None:
    report = proof(HIDDEN, generated=generated)
    assert only(report).prepared == (("POST /books",) if generated else ())
    tried = {report.mutants[cell.mutant] for cell in only(report).cells}
    of_set_up = {each.kind for each in tried if each.operation == "POST /books"}
    assert (MutantKind.CONTRACT in of_set_up) is not generated
    assert MutantKind.LAW in of_set_up
