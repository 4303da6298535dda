"""The page of a proof: one file with everything in it, for one test and for hundreds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.proof.report import ProofReport
from pe4king_server.cli.prove_page import proof_page
from tests.cli.prove_kit import FAILURE, proof

_LARGEST = 4_000_000
"""Characters of a page for 300 tests and 2,000 mutants: a browser opens that at once."""


class _Reader(HTMLParser):
    """Tags with their attributes, and the text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = [tag] if tag in ("script", "style") else []

    def handle_endtag(self, tag: str) -> None:
        self._open = []

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def data_of(page: str) -> Any:
    match = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


def unpacked(cells: str) -> str:
    return re.sub(r"(\d+)(.)", lambda match: match[2] * int(match[1]), cells)


def test_the_page_needs_nothing_but_itself() -> None:
    page = proof_page(proof(14, 5, 14), "Proof", "en")
    for tag, attributes in _Reader(page).tags:
        assert not {"src", "href", "srcset", "action"} & set(attributes), (tag, attributes)
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_cells_are_those_of_the_report_by_operation_and_kind() -> None:
    report = proof(14, 5, 14)
    data = data_of(proof_page(report, "Proof", "en"))
    order = [
        index
        for group in data["groups"]
        for index, mutant in enumerate(report.mutants)
        if (mutant.operation, str(mutant.kind)) == (group["operation"], group["kind"])
    ]
    assert sorted(order) == list(range(len(report.mutants)))
    letters = {"killed": "k", "survived": "s", "crash": "c", "fixture error": "f"}
    letters |= {"timeout": "t", "not reached": "n"}
    for test, shown in zip(report.tests, data["tests"], strict=True):
        known = {cell.mutant: cell for cell in test.cells}
        cells = unpacked(shown["cells"])
        told = dict(shown["told"])
        for column, index in enumerate(order):
            cell = known.get(index)
            assert cells[column] == ("." if cell is None else letters[str(cell.state)])
            message = "" if cell is None else cell.message
            assert (data["messages"][told[column]] if column in told else "") == message


def test_figures_and_survivors_are_there_without_scripts() -> None:
    text = _Reader(proof_page(proof(14, 5, 14), "Proof of tests", "en")).text
    for part in (
        "Proof of tests",
        "pytest 9.0.1",
        "passes 12",
        "false alarm 1",
        "GET /books 200 /id: null",
        "no request arrived",
        "price: a number",
        "No network but our server.",
    ):
        assert part in text


def test_the_page_speaks_russian() -> None:
    page = proof_page(proof(14, 5, 14), "Проверка", "ru")
    assert '<html lang="ru">' in page
    text = _Reader(page).text
    for part in ("Тесты и мутанты", "проходит", "ложная тревога", "выжил", "ни одного запроса"):
        assert part in text
    assert "Survivors" not in text


def test_what_tests_say_cannot_become_markup() -> None:
    report = proof(14, 5, 14)
    page = proof_page(report, "<b>bold</b>", "en")
    assert FAILURE in {cell.message for test in report.tests for cell in test.cells}
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert FAILURE in data_of(page)["messages"]


def test_the_same_report_gives_the_same_page() -> None:
    assert proof_page(proof(14, 5, 14), "P", "en") == proof_page(proof(14, 5, 14), "P", "en")


def test_hundreds_of_tests_and_thousands_of_mutants_fit() -> None:
    report = proof(300, 45, 45)
    assert len(report.mutants) > 2000
    page = proof_page(report, "Proof", "en")
    assert len(page) < _LARGEST
    assert len(data_of(page)["tests"]) == 300


def test_nothing_proven_is_a_page_too() -> None:
    page = proof_page(ProofReport(), "Proof", "en")
    assert '<script id="data"' not in page
    assert "<h1>Proof</h1>" in page


def test_the_script_has_no_syntax_error(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    page = proof_page(proof(3, 2, 3), "Proof", "en")
    script = page.rpartition("<script>")[2].partition("</script>")[0]
    place = tmp_path / "page.js"
    place.write_text(script, encoding="utf-8")
    done = subprocess.run([node, "--check", str(place)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
