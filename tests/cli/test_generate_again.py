"""`pe4king generate` where the tests are there already and somebody, or the document, changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from tests.cli.test_cli import BOOKSTORE, pe4king
from tests.weaving.test_regenerating import assert_kept, is_formatted, names_of, removed

pytestmark = pytest.mark.slow

BOOKS, ORDERS = "api-tests/test_books.py", "api-tests/test_orders.py"
REQUIRED = "required: [title, authors, isbn, genre, price"
TITLE = "        title:\n          type: string\n          minLength: 1\n          maxLength: 200\n"
SHELF = (
    f"{REQUIRED}]\n      properties:\n{TITLE}          examples",
    f"{REQUIRED}, shelf]\n      properties:\n        shelf: {{type: integer, minimum: 1}}\n"
    f"{TITLE}          examples",
)
"""A field that has to be sent from now on."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(BOOKSTORE / "openapi.yaml", tmp_path / "openapi.yaml")
    return tmp_path


def generate(workspace: Path, *options: str, code: int = 0) -> str:
    done = pe4king("generate", "openapi.yaml", *options, folder=workspace, code=code)
    return done.stdout + done.stderr


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((folder / "api-tests").rglob("*"))
        if path.suffix in (".py", ".java", ".txt")
    }


def change_document(workspace: Path, old: str, new: str) -> None:
    document = workspace / "openapi.yaml"
    text = document.read_text(encoding="utf-8")
    assert old in text
    document.write_text(text.replace(old, new, 1), encoding="utf-8")


def again(workspace: Path, *options: str) -> str:
    """Generate; what is there must stay, and a third run must do nothing."""
    before = texts(workspace)
    told = generate(workspace, *options)
    after = texts(workspace)
    for name, text in before.items():
        assert_kept(text, after[name])
    generate(workspace, *options)
    assert texts(workspace) == after
    if "junit-restassured" not in options:
        assert all(is_formatted(text) for name, text in after.items() if "test_" in name)
    return told


def assert_green(workspace: Path, service: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "."],
        cwd=workspace / "api-tests",
        env={
            **os.environ,
            "API_BASE_URL": service,
            "API_KEY": "demo-key",
            "API_BEARER_AUTH": "demo-token",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


LOOKS: dict[str, tuple[str, ...]] = {
    "functions": (),
    "classes": ("--classes", "--no-allure"),
    "requests": ("--client", "requests"),
}


@pytest.mark.parametrize("looks", LOOKS)
def test_tests_join_those_of_an_earlier_run_and_use_its_helpers(
    looks: str, workspace: Path, bookstore_service: str
) -> None:
    options = LOOKS[looks]
    generate(workspace, "--kinds", "positive", *options)
    again(workspace, *options)
    assert_green(workspace, bookstore_service)
    assert texts(workspace)[ORDERS].count("def create_order_payload(") == 1


def test_hands_at_work(workspace: Path, bookstore_service: str) -> None:
    generate(workspace)
    path = workspace / BOOKS
    text = path.read_text(encoding="utf-8")
    gone = "test_create_book_accepts_only_required_fields"
    edited = removed(text, gone).replace("def test_get_book_returns_200(", "def test_mine(")
    edited = edited.replace('"inStock": True', '"inStock": False', 1)
    edited = edited.replace("\n\n\n@pytest.fixture\n", "\n\n\nMINE = 3\n\n\n@pytest.fixture\n", 1)
    edited += "\n\ndef mine():\n    return MINE\n\n\ndef test_of_mine():\n    assert mine() == 3\n"
    assert is_formatted(edited)
    path.write_text(edited, encoding="utf-8")
    told = generate(workspace, "--check", code=1)
    assert f"{BOOKS}: create_book_payload" in told
    told = again(workspace)
    assert "Wrote 2 tests" in told
    assert "1 definition; tests use yours (--verbose names them)" in told
    assert f"  {BOOKS}: create_book_payload" in generate(workspace, "--verbose")
    assert "Nothing would be written" in generate(workspace, "--check")
    assert_green(workspace, bookstore_service)


def test_the_other_style_of_a_file_is_kept(workspace: Path) -> None:
    one = ("--kinds", "positive")
    generate(workspace, *one, "--classes", "--no-allure")
    again(workspace)
    text = texts(workspace)[BOOKS]
    assert "allure" not in text
    assert all(line.startswith("    ") for line in text.splitlines() if "def test_" in line)


def test_an_operation_and_a_field_that_are_new(workspace: Path) -> None:
    generate(workspace, "--max", "0")
    change_document(workspace, *SHELF)
    change_document(workspace, "  /health:\n", _SHELVES + "  /health:\n")
    told = again(workspace, "--max", "0", "--verbose")
    text = texts(workspace)[BOOKS]
    assert "def test_create_shelf_returns_201(" in text
    assert "def create_shelf_payload():" in text
    assert "def test_create_book_rejects_missing_shelf(" in text
    first, last = text.index("def create_shelf_payload"), text.index("def test_")
    assert first < last
    assert f"  {BOOKS}: create_book_payload" in told


_SHELVES = """\
  /shelves:
    post:
      operationId: createShelf
      tags: [books]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [label]
              properties:
                label: {type: string, maxLength: 20}
                depth: {type: integer, minimum: 1}
      responses:
        '201': {description: Made}
        '400': {description: Wrong}
"""


def test_files_of_tags_that_are_gone_are_told(workspace: Path) -> None:
    generate(workspace, "--max", "3")
    change_document(workspace, "tags: [service]", "tags: [books]")
    (workspace / "api-tests" / "test_other.py").write_text(
        '"""x: tests of Another API, written by Pe4King."""\n\n\ndef test_another():\n    pass\n',
        encoding="utf-8",
    )
    change_document(workspace, "operationId: getHealth", "operationId: readHealth")
    told = again(workspace, "--max", "3", "--verbose")
    assert "test_service.py: test_get_health_returns_200" in told
    assert "belong to no case of the document" in told
    assert "test_another" not in told


@pytest.mark.parametrize("options", [(), ("--check",), ("--operation", "getOrder")])
def test_a_file_that_cannot_be_read_is_refused(options: tuple[str, ...], workspace: Path) -> None:
    generate(workspace, "--max", "3")
    path = workspace / ORDERS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n\ndef broken(:\n", encoding="utf-8")
    before = texts(workspace)
    told = generate(workspace, "--max", "4", *options, code=1)
    assert f"{ORDERS}: syntax error in line {text.count(chr(10)) + 3}." in told
    assert "Repair it" in told
    assert texts(workspace) == before


def test_java(workspace: Path) -> None:
    options = ("--format", "junit-restassured")
    generate(workspace, *options)
    whole = texts(workspace)
    [name] = [each for each in whole if each.endswith("OrdersTest.java")]
    java = SourceLanguage.JAVA
    tests = names_of(whole[name], java)
    bare = removed(whole[name], *tests[::2], "createOrderBody", language=java)
    (workspace / name).write_text(bare, encoding="utf-8")
    told = again(workspace, *options)
    assert f"Wrote {len(tests[::2])} tests" in told
    assert texts(workspace) == whole


def test_a_base_class_of_an_earlier_release_gets_what_it_lacks(workspace: Path) -> None:
    options = ("--format", "junit-restassured", "--tag", "books")
    generate(workspace, *options)
    whole = texts(workspace)
    base, tests = (
        next(each for each in whole if each.endswith(name))
        for name in ("BaseApiTest.java", "BooksTest.java")
    )
    java = SourceLanguage.JAVA
    bare = removed(whole[base], "cleanUps", "afterwards", "cleanUp", language=java)
    bare = bare.replace("import java.util.Deque;\n", "")
    (workspace / base).write_text(bare, encoding="utf-8")
    (workspace / tests).unlink()
    again(workspace, *options)
    after = texts(workspace)
    assert after[tests] == whole[tests]
    assert sorted(filter(None, after[base].splitlines())) == sorted(
        filter(None, whole[base].splitlines())
    )
