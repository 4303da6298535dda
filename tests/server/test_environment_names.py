"""Which variables tests read: where the API is, and what they cannot do without."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_server.environment.look import Look
from pe4king_server.environment.names import Names, names_read
from pe4king_server.files import DiskFiles
from tests.server.environment_kit import put


def names(folder: Path, name: str, text: str, **others: str) -> Names:
    for other, content in others.items():
        put(folder / other.replace("__", "/").replace("_py", ".py"), content)
    put(folder / name, text)
    language = SourceLanguage.PYTHON if name.endswith(".py") else SourceLanguage.JAVA
    look = Look(DiskFiles(folder), {}, folder / "home")
    return names_read(look, [folder / name], language)


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ('os.environ["API_URL"]', "API_URL"),
        ('os.environ.get("SERVICE_HOST", "http://localhost")', "SERVICE_HOST"),
        ("os.getenv('BASE_URI')", "BASE_URI"),
        ('env("SHOP_ENDPOINT")', "SHOP_ENDPOINT"),
        ('config("TARGET", default="x")', "TARGET"),
        ('os.environ["BOOKS_API"]', "BOOKS_API"),
    ],
)
def test_python_addresses(tmp_path: Path, code: str, address: str) -> None:
    assert names(tmp_path, "test_a.py", f"import os\nBASE = {code}\n").addresses == (address,)


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ('System.getenv("ATELIER_API")', "ATELIER_API"),
        ('System.getenv().getOrDefault("BASE_URL", "x")', "BASE_URL"),
        ('System.getProperty("api.base.url", "http://localhost")', "api.base.url"),
    ],
)
def test_java_addresses(tmp_path: Path, code: str, address: str) -> None:
    text = f"class BooksTest {{ String base = {code}; }}\n"
    assert names(tmp_path, "BooksTest.java", text).addresses == (address,)


def test_what_a_conftest_reads_counts_too(tmp_path: Path) -> None:
    conftest = 'import os\nURL = os.environ["API_URL"]\nTOKEN = os.environ["API_TOKEN"]\n'
    found = names(tmp_path, "test_a.py", "def test_a(): ...\n", conftest_py=conftest)
    assert found.addresses == ("API_URL",)
    assert found.placeholders == {"API_TOKEN": "token"}


def test_only_what_is_needed_gets_a_placeholder(tmp_path: Path) -> None:
    found = names(
        tmp_path,
        "test_a.py",
        'import os\nA = os.environ["ADMIN_PASSWORD"]\nB = os.getenv("PAGE", "5")\n'
        'C = os.getenv("API_KEY", "")\nD = os.getenv("CI")\nE = os.environ["USER_EMAIL"]\n'
        'F = os.environ["DATABASE_URL"]\nG = os.getenv("HTTP_TIMEOUT")\n'
        'H = os.getenv("NOTE", "")\n',
    )
    assert found.addresses == ()
    assert found.placeholders == {
        "ADMIN_PASSWORD": "password",
        "API_KEY": "token",
        "USER_EMAIL": "user@example.com",
        "DATABASE_URL": "token",
        "HTTP_TIMEOUT": "1",
    }
    assert {"PAGE", "CI", "NOTE"} <= found.read
