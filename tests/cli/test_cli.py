"""The command line as a user meets it: results, diffs, exit codes, messages in both languages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.fake_server import FakeModel
from tests.conftest import ROOT

BOOKSTORE = ROOT / "examples" / "bookstore"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(BOOKSTORE / "openapi.yaml", tmp_path / "openapi.yaml")
    shutil.copy(BOOKSTORE / "tests" / "test_smoke.py", tmp_path / "test_smoke.py")
    return tmp_path


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


def pe4king(
    *arguments: str, folder: Path, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pe4king_server", *arguments],
        cwd=folder,
        env={**os.environ, "PE4KING_LANG": "en", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_generate_writes_files_and_says_which(workspace: Path) -> None:
    done = pe4king("generate", "openapi.yaml", folder=workspace)
    assert "Wrote 2" in done.stdout
    assert "api-tests/test_books.py" in done.stdout
    written = sorted(path.name for path in (workspace / "api-tests").iterdir())
    assert written == [
        "conftest.py",
        "requirements.txt",
        "test_books.py",
        "test_customers.py",
        "test_orders.py",
        "test_service.py",
    ]
    again = pe4king("generate", "openapi.yaml", folder=workspace)
    assert "are there already" in again.stdout


def test_generate_selects_and_limits(workspace: Path) -> None:
    pe4king(
        "generate", "openapi.yaml", "--operation", "getBook", "--operation", "GET /health",
        "--kinds", "positive", "--no-behaviour", "--out", "some", folder=workspace,
    )  # fmt: skip
    text = (workspace / "some" / "test_books.py").read_text(encoding="utf-8")
    assert text.count("\ndef test_") == 1


def test_dry_run_writes_nothing(workspace: Path) -> None:
    done = pe4king("generate", "openapi.yaml", "--dry-run", folder=workspace)
    assert "+def test_list_books_returns_200(api):" in done.stdout
    assert not (workspace / "api-tests").exists()


def test_enhance_shows_a_diff_and_writes_when_asked(workspace: Path) -> None:
    before = (workspace / "test_smoke.py").read_bytes()
    shown = pe4king("enhance", "test_smoke.py", "--test", "test_list_books", folder=workspace)
    assert "+    body = r.json()" in shown.stdout
    assert "no model is configured" in shown.stdout
    assert "keeps ✓ contract ✓ safe ✓ (not run: " in shown.stdout
    assert "passes, kills)" in shown.stdout
    assert (workspace / "test_smoke.py").read_bytes() == before
    pe4king("enhance", "test_smoke.py", "--write", folder=workspace)
    after = (workspace / "test_smoke.py").read_text(encoding="utf-8")
    compile(after, "test_smoke.py", "exec")
    removed = set(before.decode().splitlines()) - set(after.splitlines())
    assert not removed
    again = pe4king("enhance", "test_smoke.py", folder=workspace)
    assert "+" not in [line[:1] for line in again.stdout.splitlines()]


@pytest.mark.slow
def test_depth_and_focus_choose_what_is_added(workspace: Path) -> None:
    shallow = pe4king(
        "enhance", "test_smoke.py", "--test", "test_list_books", "--depth", "L3", folder=workspace
    )
    bounds = pe4king(
        "enhance", "test_smoke.py", "--test", "test_list_books", "--focus", "bounds",
        folder=workspace,
    )  # fmt: skip
    assert "isinstance(item" not in shallow.stdout
    assert '+    assert 1 <= body["limit"] <= 50' in bounds.stdout
    assert "content-type" not in bounds.stdout


@pytest.mark.slow
def test_a_model_is_asked_and_its_origin_shown(workspace: Path, model: FakeModel) -> None:
    law = {
        "call": "C1", "pointer": "/total", "check": "equals_count", "args": ["/items"],
        "presence": "required", "reason": "one page",
    }  # fmt: skip
    model.answer({"assertions": [law]})
    without = pe4king(
        "enhance", "test_smoke.py", "--test", "test_list_books", folder=workspace,
        LLM_API_KEY="secret-key", LLM_BASE_URL=model.base_url,
    )  # fmt: skip
    assert "== len(" not in without.stdout, "a rule the document does not state, not asked for"
    assert "business rule" in without.stdout
    done = pe4king(
        "enhance", "test_smoke.py", "--test", "test_list_books", "--depth", "L6",
        folder=workspace, LLM_API_KEY="secret-key", LLM_BASE_URL=model.base_url,
    )  # fmt: skip
    assert '+    assert body["total"] == len(body["items"])' in done.stdout
    assert "1 from the model" in done.stdout
    assert "contract !" in done.stdout
    assert "secret-key" not in done.stdout + done.stderr
    assert len(model.requests) == 2
    off = pe4king(
        "enhance", "test_smoke.py", "--test", "test_list_books", "--no-ai", folder=workspace,
        LLM_API_KEY="secret-key", LLM_BASE_URL=model.base_url,
    )  # fmt: skip
    assert "from the model" not in off.stdout
    assert len(model.requests) == 2


@pytest.mark.slow
def test_negative_and_explain(workspace: Path) -> None:
    negative = pe4king("negative", "openapi.yaml", "--operation", "createBook", folder=workspace)
    assert "+def test_create_book_rejects_missing_title(api):" in negative.stdout
    explained = pe4king("explain", "test_smoke.py", "--test", "test_list_books", folder=workspace)
    assert "GET /books" in explained.stdout
    assert "Not checked yet" in explained.stdout
    operation = pe4king("explain", "openapi.yaml", "--operation", "createBook", folder=workspace)
    assert "Worth testing" in operation.stdout


def test_russian(workspace: Path) -> None:
    done = pe4king("explain", "test_smoke.py", folder=workspace, PE4KING_LANG="ru_RU.UTF-8")
    assert "Пока не проверяется" in done.stdout
    wrong = pe4king("generate", "none.yaml", folder=workspace, code=1, PE4KING_LANG="ru")
    assert "Файла none.yaml нет" in wrong.stderr
    shown = pe4king("--help", folder=workspace, PE4KING_LANG="ru")
    assert "написать тесты по документу" in shown.stdout


PROBLEMS = {
    "no file": (["generate", "none.yaml"], "no file none.yaml"),
    "not openapi": (["generate", "other.yaml"], "OpenAPI"),
    "not yaml": (["generate", "broken.yaml"], "broken.yaml:2:"),
    "binary": (["generate", "binary.yaml"], "is not UTF-8 text"),
    "no operation": (["generate", "openapi.yaml", "--operation", "getBok"], "getBook"),
    "no kind": (["generate", "openapi.yaml", "--kinds", "happy"], "positive, negative, edge"),
    "no format": (["generate", "openapi.yaml", "--format", "junit"], "junit-restassured"),
    "no tests": (["enhance", "empty_test.py"], "no tests"),
    "no test": (["enhance", "test_smoke.py", "--test", "test_none"], "test_none"),
    "no document": (["enhance", "test_smoke.py", "--spec", "none.yaml"], "none.yaml"),
    "a folder": (["generate", "."], "a folder"),
    "not named as tests": (["enhance", "orders_checks.py"], "not named as a test"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PROBLEMS))
def test_problems_are_told_plainly(name: str, workspace: Path) -> None:
    (workspace / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    (workspace / "broken.yaml").write_text('openapi: 3.1.0\ninfo: "no end\n', encoding="utf-8")
    (workspace / "binary.yaml").write_bytes(b"\x7fELF\xff\x01")
    (workspace / "orders_checks.py").write_text("def test_a():\n    pass\n", encoding="utf-8")
    (workspace / "empty_test.py").write_text("x = 1\n", encoding="utf-8")
    arguments, words = PROBLEMS[name]
    done = pe4king(*arguments, folder=workspace, code=1)
    assert words in done.stderr
    assert not (workspace / "api-tests").exists()


def test_wrong_usage_has_its_own_exit_code(workspace: Path) -> None:
    pe4king("enhance", folder=workspace, code=2)
    pe4king("unknown", folder=workspace, code=2)
    assert "pe4king 0." in pe4king("--version", folder=workspace).stdout


def test_a_closed_pipe_is_no_error(workspace: Path) -> None:
    command = f'"{sys.executable}" -m pe4king_server generate openapi.yaml --dry-run | head -1'
    done = subprocess.run(
        command, shell=True, cwd=workspace, capture_output=True, encoding="utf-8", check=False
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.endswith(" tests would be written.\n")


@pytest.mark.slow
def test_demo_ends_with_the_number_of_passed_tests(tmp_path: Path) -> None:
    done = pe4king("demo", "--no-color", folder=tmp_path)
    last = done.stdout.strip().splitlines()[-1]
    assert last.endswith(" passed")
    assert int(last.split()[0]) > 200
    assert "test_list_books: passes, notices 3 of " in done.stdout
    assert done.stdout.count("pe4king prove tests/test_smoke.py") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_read_with_the_project_around_it(tmp_path: Path) -> None:
    """Who stands in the folder of the tests gets what an editor with the project open gives."""
    shutil.copy(BOOKSTORE / "openapi.yaml", tmp_path)
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "shop.py").write_text(
        "class Shop:\n    def book(self, client):\n        return client.get('/books/1')\n",
        encoding="utf-8",
    )
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_shop.py").write_text(
        "import httpx\nfrom shop import Shop\n\n\ndef test_it():\n"
        "    client = httpx.Client(base_url='http://127.0.0.1:8765/v1')\n"
        "    response = Shop().book(client)\n    assert response.status_code == 200\n",
        encoding="utf-8",
    )
    told = pe4king("explain", "test_shop.py", folder=tests)
    assert told.returncode == 0, told.stderr
    assert "Read a book" in told.stdout
    assert "through `book`" in told.stdout
