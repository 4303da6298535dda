"""What `pe4king generate` says: in whole words of the user's language, and only what is so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pe4king_server.cli import generate, program
from tests.cli.test_cli import BOOKSTORE, pe4king

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(BOOKSTORE / "openapi.yaml", tmp_path / "openapi.yaml")
    return tmp_path


def said(workspace: Path, *options: str, code: int = 0, language: str = "en") -> str:
    done = pe4king("generate", *options, folder=workspace, code=code, PE4KING_LANG=language)
    return done.stdout + done.stderr


def test_russian_counts_agree_with_their_nouns(workspace: Path) -> None:
    told = said(workspace, "openapi.yaml", "--operation", "getBook", "--max", "1", language="ru")
    assert "1 позитивный\n" in told
    told = said(workspace, "openapi.yaml", "--operation", "listBooks", "--no-behaviour",
                "--max", "0", language="ru")  # fmt: skip
    assert "граничных, " in told


USAGE = {
    "negative maximum": (("openapi.yaml", "--max", "-1"), "параметр --max: -1 — не целое число"),
    "no number": (("openapi.yaml", "--seed", "one"), "параметр --seed: one — не целое число"),
    "nothing": ((), "не хватает обязательных параметров: DOC"),
    "excluding": (("openapi.yaml", "--check", "--list"), "нельзя вместе с --check"),
    "choice": (("openapi.yaml", "--client", "curl"), "нет варианта 'curl'"),
}


@pytest.mark.parametrize("name", sorted(USAGE))
def test_mistakes_of_usage_are_told_in_russian(name: str, workspace: Path) -> None:
    options, expected = USAGE[name]
    told = said(workspace, *options, code=2, language="ru")
    assert expected in told
    assert "использование: pe4king generate" in told


def test_help_is_in_one_language(workspace: Path) -> None:
    told = said(workspace, "--help", language="ru")
    assert "\nаргументы:\n" in told
    assert "показать эту справку" in told
    assert "options:" not in told
    assert "\noptions:\n" in said(workspace, "--help")


def test_a_dry_run_does_not_claim_to_have_written(workspace: Path) -> None:
    told = said(workspace, "openapi.yaml", "--operation", "getBook", "--max", "1", "--dry-run")
    assert "+def test_get_book_returns_200" in told
    assert "1 test would be written." in told
    assert "Wrote" not in told
    assert not (workspace / "api-tests").exists()


def test_an_unknown_tag_shows_those_that_there_are(workspace: Path) -> None:
    told = said(workspace, "openapi.yaml", "--tag", "xyz", code=1)
    assert "Tags: books, customers, orders, service." in told


def test_a_problem_of_the_document_names_its_file(workspace: Path) -> None:
    (workspace / "list.txt").write_text("one\ntwo\n", encoding="utf-8")
    assert said(workspace, "list.txt", code=1).startswith("list.txt: Line 1: ")


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("step", "expected"),
    [("generated", "Interrupted; nothing was written.\n"), ("_tell", "Interrupted.\n")],
)
def test_an_interruption_says_whether_anything_was_written(
    step: str,
    expected: str,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("PE4KING_LANG", "en")
    monkeypatch.setattr(generate, step, _interrupted)
    assert program.run(["generate", "openapi.yaml", "--operation", "getBook"]) == 130
    assert capsys.readouterr().err == expected
    assert (workspace / "api-tests").exists() == (step == "_tell")
