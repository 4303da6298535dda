"""`pe4king generate`: what is chosen, what is told, and what a second run does."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from pe4king_server.cli.progress import SOON, ProgressBar
from pe4king_server.nearby import NearbyFiles
from tests.cli.test_cli import BOOKSTORE, pe4king

BOOKS = "api-tests/test_books.py"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(BOOKSTORE / "openapi.yaml", tmp_path / "openapi.yaml")
    return tmp_path


def generate(workspace: Path, *options: str, code: int = 0) -> str:
    done = pe4king("generate", "openapi.yaml", *options, folder=workspace, code=code)
    return done.stdout + done.stderr


def cases(workspace: Path, *options: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in generate(workspace, "--list", *options).splitlines()]


def files_of(folder: Path) -> dict[str, bytes]:
    found = folder.rglob("*")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()
    }


SELECTIONS = {
    "operation": (["--operation", "getBook"], {"GET /books/{bookId}"}),
    "method and path": (["--operation", "GET /health"], {"GET /health"}),
    "tag": (["--tag", "service"], {"GET /health"}),
    "path": (
        ["--path", "/orders/**", "--kinds", "positive"],
        {"POST /orders", "GET /orders/{orderId}", "POST /orders/{orderId}/cancel"},
    ),
    "all together": (["--tag", "books", "--path", "/books/*", "--operation", "getBook"],
                     {"GET /books/{bookId}"}),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SELECTIONS))
def test_selection(name: str, workspace: Path) -> None:
    options, expected = SELECTIONS[name]
    assert {case["operation"] for case in cases(workspace, *options)} == expected


MISTAKES = {
    "operation": (["--operation", "getBok"], "Did you mean getBook?"),
    "tag": (["--tag", "boks"], "Did you mean books?"),
    "path": (["--path", "/bok/**"], "Did you mean /books?"),
    "kind": (["--kinds", "positive,edges"], "Did you mean edge?"),
    "nothing left": (["--tag", "orders", "--operation", "getBook"], "No operation fits"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_mistakes_name_what_fits(name: str, workspace: Path) -> None:
    options, expected = MISTAKES[name]
    assert expected in generate(workspace, *options, code=1)
    assert not (workspace / "api-tests").exists()


@pytest.mark.slow
def test_kinds_and_behaviour(workspace: Path) -> None:
    edges = cases(workspace, "--kinds", "edge", "--max", "5")
    assert {case["kind"] for case in edges} == {"edge"}
    every = cases(workspace, "--max", "0")
    stated = cases(workspace, "--max", "0", "--no-behaviour")
    assert any(case["behaviour"] for case in every)
    assert not any(case["behaviour"] for case in stated)
    assert {case["id"] for case in stated} >= {c["id"] for c in every if not c["behaviour"]}


@pytest.mark.slow
def test_the_budget_keeps_the_most_valuable_and_says_what_it_left_out(workspace: Path) -> None:
    every = [c for c in cases(workspace, "--max", "0") if c["operation"] == "POST /books"]
    few = [c for c in cases(workspace, "--max", "5") if c["operation"] == "POST /books"]
    assert len(few) == 5
    kept = {case["id"] for case in few}
    worst = min(int(str(case["value"])) for case in few)
    assert all(int(str(case["value"])) <= worst for case in every if case["id"] not in kept)
    assert "--max; 0 writes all" in generate(workspace, "--max", "5")
    assert "--max; 0 writes all" not in generate(workspace, "--max", "0")


def test_the_summary_counts_kinds_and_files(workspace: Path) -> None:
    told = generate(workspace)
    counted = re.search(r"(\d+) positive, (\d+) edge, (\d+) negative; of these \d+ behaviour", told)
    wrote = re.search(r"Wrote (\d+) tests", told)
    assert counted
    assert wrote
    assert sum(map(int, counted.groups())) == int(wrote[1])
    assert "+ api-tests/test_books.py" in told
    again = generate(workspace)
    assert "are there already" in again
    assert "4 files unchanged" in again
    russian = pe4king("generate", "openapi.yaml", "--out", "x", folder=workspace, PE4KING_LANG="ru")
    assert "позитивных" in russian.stdout


@pytest.mark.slow
def test_what_cannot_be_proven_is_counted_and_listed_by_reason(workspace: Path) -> None:
    short = generate(workspace, "--max", "0", "--out", "a")
    counted = re.search(r"(\d+) cases? not provable \(--verbose lists them\)", short)
    assert counted
    long = generate(workspace, "--max", "0", "--out", "b", "--verbose")
    listed = long.partition("not provable")[2]
    assert len(re.findall(r"^    \w+ /", listed, re.M)) == int(counted[1])


@pytest.mark.slow
def test_a_second_run_writes_nothing_and_other_options_only_add(workspace: Path) -> None:
    generate(workspace, "--kinds", "positive", "--no-behaviour")
    before = files_of(workspace)
    generate(workspace, "--kinds", "positive", "--no-behaviour")
    assert files_of(workspace) == before
    edited = before[BOOKS].decode().replace("assert response.status_code == 200", "assert True", 1)
    (workspace / BOOKS).write_text(edited, encoding="utf-8")
    told = generate(workspace, "--kinds", "positive,negative", "--no-behaviour", "--max", "4")
    assert f"~ {BOOKS}" in told
    after = (workspace / BOOKS).read_text(encoding="utf-8")
    compile(after, BOOKS, "exec")
    lines = iter(after.splitlines())
    assert all(line in lines for line in edited.splitlines()), "something was changed or moved"
    assert "def test_create_book_rejects_" in after
    generate(workspace, "--kinds", "positive,negative", "--no-behaviour", "--max", "4")
    assert (workspace / BOOKS).read_text(encoding="utf-8") == after


@pytest.mark.slow
def test_check_tells_what_is_missing_and_writes_nothing(workspace: Path) -> None:
    missing = generate(workspace, "--check", "--max", "3", code=1)
    assert "+ api-tests/test_books.py" in missing
    assert "would be written" in missing
    assert not (workspace / "api-tests").exists()
    generate(workspace, "--max", "3")
    before = files_of(workspace)
    assert "Nothing would be written" in generate(workspace, "--check", "--max", "3")
    text = before[BOOKS].decode()
    (workspace / BOOKS).write_text(without(text, "test_get_book_returns_200"), encoding="utf-8")
    lacking = generate(workspace, "--check", "--max", "3", code=1)
    assert "test_get_book_returns_200" in lacking
    assert "test_list_books_returns_200" not in lacking


def without(text: str, test: str) -> str:
    """`text` without the function `test` and its decorators."""
    blocks = text.split("\n\n\n")
    kept = [block for block in blocks if f"def {test}(" not in block]
    assert len(kept) == len(blocks) - 1
    return "\n\n\n".join(kept)


@pytest.mark.slow
def test_a_deleted_test_stays_away_where_a_comment_says_so(workspace: Path) -> None:
    options = ("--max", "3")
    generate(workspace, *options)
    text = without((workspace / BOOKS).read_text(encoding="utf-8"), "test_get_book_returns_200")
    text += "\n# pe4king: leave out test_get_book_returns_2*, test_nothing\n"
    (workspace / BOOKS).write_text(text, encoding="utf-8")
    assert "Left out as comments in the files ask: 1 test" in generate(workspace, *options)
    assert (workspace / BOOKS).read_text(encoding="utf-8") == text
    states = {case["name"]: case["state"] for case in cases(workspace, *options)}
    assert states["test_get_book_returns_200"] == "left-out"
    generate(workspace, *options, "--check")


@pytest.mark.slow
def test_the_list_knows_every_test_by_a_stable_id(workspace: Path) -> None:
    new = cases(workspace, "--max", "6")
    assert {case["state"] for case in new} == {"new"}
    ids = [case["id"] for case in new]
    assert len(ids) == len(set(ids))
    generate(workspace, "--max", "6")
    text = (workspace / BOOKS).read_text(encoding="utf-8")
    changed = text.replace("    # Act\n", "    # Act, as I like it\n", 1)
    (workspace / BOOKS).write_text(changed, encoding="utf-8")
    there = cases(workspace, "--max", "6")
    assert [(c["id"], c["name"], c["file"]) for c in there] == [
        (c["id"], c["name"], c["file"]) for c in new
    ]
    edited = [case for case in there if case["state"] == "edited"]
    assert [case["file"] for case in edited] == [BOOKS]
    assert all(case["state"] == "there" for case in there if case not in edited)
    one = cases(workspace, "--max", "6", "--operation", "createBook")
    assert {case["id"] for case in one} <= set(ids)


@pytest.mark.slow
def test_tests_of_operations_that_are_gone_stay_and_are_told(workspace: Path) -> None:
    generate(workspace, "--max", "3")
    document = workspace / "openapi.yaml"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("operationId: getBook", "operationId: readBook"), "utf-8")
    told = generate(workspace, "--max", "3", "--verbose")
    assert re.search(r"\d tests in these files belong to no case of the document", told)
    assert f"{BOOKS}: test_get_book_returns_200" in told
    after = (workspace / BOOKS).read_text(encoding="utf-8")
    assert "def test_get_book_returns_200(" in after
    assert "def test_read_book_returns_200(" in after


@pytest.mark.slow
def test_labels_seed_and_classes(workspace: Path) -> None:
    one = ("--operation", "createBook", "--kinds", "positive")
    generate(workspace, *one, "--owner", "shop team", "--severity", "critical",
             "--feature", "Shelf", "--out", "a")  # fmt: skip
    text = (workspace / "a" / "test_books.py").read_text(encoding="utf-8")
    for label in ("shop team", "critical", "shelf"):
        assert label in text.lower()
    generate(workspace, *one, "--classes", "--no-allure", "--out", "b")
    text = (workspace / "b" / "test_books.py").read_text(encoding="utf-8")
    assert "\nclass TestBooks:" in text
    assert "allure" not in text
    seeds = [cases(workspace, "--seed", seed, "--kinds", "positive") for seed in ("1", "2")]
    assert [case["id"] for case in seeds[0]] == [case["id"] for case in seeds[1]]


def test_the_bar_comes_on_a_terminal_only_and_only_if_it_takes_long() -> None:
    now = [0.0]

    def shown(*, terminal: bool, seconds: float) -> str:
        now[0] = 0.0
        written = io.StringIO()
        console = Console(file=written, force_terminal=terminal, width=60)
        with ProgressBar(console, "Writing tests", lambda: now[0]) as bar:
            for done in range(1, 4):
                now[0] += seconds
                bar(done, 3)
        return written.getvalue()

    assert "Writing tests" in shown(terminal=True, seconds=SOON)
    assert shown(terminal=True, seconds=SOON / 10) == ""
    assert shown(terminal=False, seconds=SOON) == ""


def test_without_a_project_only_the_folders_at_hand_are_looked_into(tmp_path: Path) -> None:
    for folder in ("docs", "out", "others/deep"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "test_a.py").write_text("", encoding="utf-8")
    folders = [tmp_path / "docs", tmp_path / "out"]
    listed = NearbyFiles(tmp_path, folders).list((".py",))
    assert [uri.rsplit("/", 2)[1] for uri in listed] == ["docs", "out"]
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    assert len(NearbyFiles(tmp_path, folders).list((".py",))) == 3


@pytest.mark.slow
def test_what_is_wrong_with_the_document_is_told_behind_the_tests(workspace: Path) -> None:
    document = workspace / "openapi.yaml"
    broken = document.read_text(encoding="utf-8").replace("schemas/Book'", "schemas/Bok'", 1)
    document.write_text(broken, encoding="utf-8")
    told = generate(workspace, "--max", "1")
    assert 0 < told.index("api-tests/test_books.py") < told.index("[doc-ref-unresolved]")
