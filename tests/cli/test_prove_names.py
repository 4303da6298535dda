"""How tests are named: by the table, by pytest, by Java people; and told apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.errors import UserError
from pe4king_core.model.source import SourceLanguage
from pe4king_core.proof.proving.job import TestSource
from pe4king_core.proof.report import Judged, ProofReport, TestProof
from pe4king_core.proof.runners.wanted import wanted
from pe4king_core.proof.running import Choice, TestItem
from pe4king_core.testcode import read_tests
from pe4king_server.cli.output import Output
from pe4king_server.cli.prove_page import proof_page
from pe4king_server.cli.prove_table import print_proof
from pe4king_server.proving.carrying import in_source_order
from pe4king_server.proving.naming import choices_of, with_choices
from pe4king_server.proving.selection import ReadFile

PYTHON = """
def test_get(): assert 1
class TestBooks:
    def test_get(self): assert 1
    def test_put(self): assert 1
"""
JAVA = """
class BooksTest {
  @Test void list() {}
  @Nested class Errors { @Test void unknown() {} }
}
"""


def read(path: str, text: str = PYTHON) -> ReadFile:
    is_java = path.endswith(".java")
    language = SourceLanguage.JAVA if is_java else SourceLanguage.PYTHON
    return ReadFile(Path(path).absolute(), read_tests(text, language), {})


FILES = [read("tests/a/test_x.py"), read("tests/b/test_x.py"), read("src/BooksTest.java", JAVA)]
A, B, JAVA_FILE = (each.path for each in FILES)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("test_put", [Choice("TestBooks.test_put")]),
        ("TestBooks.test_put", [Choice("TestBooks.test_put")]),
        ("TestBooks", [Choice("TestBooks.test_get"), Choice("TestBooks.test_put")]),
        ("test_put[a-1]", [Choice("TestBooks.test_put", rows=("a-1",))]),
        (
            "tests/a/test_x.py::TestBooks::test_put[x[0]::я]",
            [Choice("TestBooks.test_put", A, ("x[0]::я", r"x[0]::\u044f"))],
        ),
        ("a/test_x.py::TestBooks.test_put", [Choice("TestBooks.test_put", A)]),
        (
            "test_x.py::test_put",
            [Choice("TestBooks.test_put", A), Choice("TestBooks.test_put", B)],
        ),
        ("BooksTest#list", [Choice("BooksTest.list")]),
        ("org.shop.BooksTest.list()", [Choice("BooksTest.list")]),
        ("BooksTest.Errors#unknown", [Choice("BooksTest.Errors.unknown")]),
        ("BooksTest.java::BooksTest.list", [Choice("BooksTest.list", JAVA_FILE)]),
    ],
)
def test_every_usual_way_to_name_a_test(name: str, meant: list[Choice]) -> None:
    assert list(choices_of([name], FILES)) == meant


@pytest.mark.parametrize("name", ["put", "tests/c/test_x.py::test_get", "x.py::test_get", ""])
def test_other_names_mean_nothing(name: str) -> None:
    if not name:
        assert choices_of([], FILES) == ()
        return
    with pytest.raises(UserError, match="There is no test"):
        choices_of([name], FILES)


def test_only_files_with_tests_that_are_wanted_are_run() -> None:
    assert with_choices(FILES, choices_of(["BooksTest.list"], FILES)) == FILES[2:]
    assert with_choices(FILES, choices_of(["b/test_x.py::test_get"], FILES)) == FILES[1:2]
    assert with_choices(FILES, ()) == FILES


def item(file: Path, name: str, row: str = "") -> TestItem:
    return TestItem(f"{file}::{name}[{row}]", file, name, row)


def test_rows_and_files_are_chosen_and_rows_that_are_not_there_are_told() -> None:
    found = [
        item(A, "test_get"),
        item(B, "test_get"),
        item(A, "test_p", "1"),
        item(A, "test_p", "2"),
    ]
    assert wanted(found, ()) == (found, [])
    assert wanted(found, [Choice("test_get", B)]) == ([found[1]], [])
    chosen, missing = wanted(found, [Choice("test_p", rows=("2",)), Choice("test_p", rows=("3",))])
    assert chosen == [found[3]]
    assert [each.en for each in missing] == ["test_p has no row 3. It has 1, 2."]
    assert [each.ru for each in missing] == ["У test_p нет строки 3. Есть 1, 2."]


def test_tests_of_one_name_are_told_apart_by_their_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = [(A, "test_get"), (B, "test_get"), (B, "test_put")]
    tests = tuple(TestProof(item(file, name), Judged.FLAKY) for file, name in names)
    print_proof(ProofReport(tests), Output("en", color=False))
    lines = capsys.readouterr().out.splitlines()
    shown = [line.split()[0] for line in lines[1:4]]
    assert shown == ["tests/a/test_x.py::test_get", "tests/b/test_x.py::test_get", "test_put"]
    page = proof_page(ProofReport(tests), "Proof", "en")
    assert "tests/b/test_x.py::test_get" in page
    assert "::test_put" not in page


def test_tests_are_told_in_the_order_of_their_files() -> None:
    names = ["BooksTest.Errors.unknown", "BooksTest.inherited", "BooksTest.list"]
    tests = [TestProof(item(JAVA_FILE, name), Judged.PASSES) for name in names]
    sources = [TestSource(JAVA_FILE, FILES[2].file)]
    ordered = in_source_order(tests, sources)
    assert [each.item.name for each in ordered] == [names[2], names[0], names[1]]
    rows = [replace(tests[0], seeds=number) for number in range(3)]
    assert in_source_order(rows, sources) == tuple(rows)
