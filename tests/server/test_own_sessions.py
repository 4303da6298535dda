"""Clients of the user's that are classes of their own: made from a library's, or around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.test_own_tests import generate, put, run_pytest, service, workspace

pytestmark = pytest.mark.slow

__all__ = ["service", "workspace"]

DERIVED = """\
import os

import pytest
import requests


class ApiClient(requests.Session):
    def __init__(self, base, token=""):
        super().__init__()
        self.base = base
        if token:
            self.headers["X-API-Key"] = "demo-key"
            self.headers["Authorization"] = "Bearer " + token

    def request(self, method, url, *args, **kwargs):
        return super().request(method, self.base + url, *args, **kwargs)


@pytest.fixture
def shop():
    return ApiClient(os.environ["SHOP_URL"], "demo-token")


@pytest.fixture
def stranger():
    return ApiClient(os.environ["SHOP_URL"])
"""
AROUND = """\
import os

import pytest
import requests


class Shop:
    def __init__(self):
        self.session = requests.Session()
        self.session.headers.update({"X-API-Key": "k", "Authorization": "Bearer t"})

    def get(self, path):
        return self.session.get(os.environ["SHOP_URL"] + path)


@pytest.fixture
def shop():
    return Shop()
"""
TESTS = """\
def test_books(shop):
    response = shop.get("/books")
    assert response.status_code == 200
"""
REFUSED = """

def test_strangers(stranger):
    response = stranger.post("/books", json={})
    assert response.status_code == 401
"""


def test_a_session_of_a_class_of_their_own_is_used(workspace: Path, service: str) -> None:
    put(workspace, {"tests/conftest.py": DERIVED, "tests/test_shop.py": TESTS + REFUSED})
    told = generate(workspace, "--operation", "createBook", "--max", "0")
    assert "Uses your fixture `shop` of tests/conftest.py." in told
    text = (workspace / "tests/api_tests/test_books.py").read_text(encoding="utf-8")
    assert "stranger.post(" in text
    shown = run_pytest(workspace, {"SHOP_URL": service}, "tests/api_tests")
    assert " passed" in shown
    assert "failed" not in shown


def test_a_client_that_is_around_a_session_is_told_of(workspace: Path) -> None:
    put(workspace, {"tests/conftest.py": AROUND, "tests/test_shop.py": TESTS})
    told = generate(workspace, "--operation", "listBooks", "--max", "1")
    assert "The fixture `shop` of tests/conftest.py is not used: " in told
    assert (workspace / "api-tests/test_books.py").exists()


def test_the_format_goes_on_that_was_begun(workspace: Path) -> None:
    generate(workspace, "--format", "junit-restassured", "--operation", "getBook")
    assert "are there already" in generate(workspace, "--operation", "getBook")
    assert not list((workspace / "api-tests").glob("*.py"))


def test_pytest_goes_on_in_a_java_project(workspace: Path) -> None:
    generate(workspace, "--operation", "getBook")
    put(workspace, {"pom.xml": "<project/>"})
    assert "are there already" in generate(workspace, "--operation", "getBook")


SCHEME = """\
    partner:
      type: apiKey
      in: header
      name: X-Partner
"""


@pytest.mark.parametrize("format", ["pytest", "junit-restassured"])
def test_credentials_that_a_kept_client_does_not_send_are_told(
    format: str, workspace: Path
) -> None:
    generate(workspace, "--format", format, "--operation", "getBook")
    document = workspace / "openapi.yaml"
    text = document.read_text(encoding="utf-8")
    assert "  securitySchemes:\n" in text
    text = text.replace("  securitySchemes:\n", f"  securitySchemes:\n{SCHEME}")
    told = "      operationId: listBooks\n"
    text = text.replace(told, f"{told}      security: [{{partner: []}}]\n")
    document.write_text(text, encoding="utf-8")
    shown = generate(workspace, "--format", format, "--operation", "listBooks")
    assert "does not send API_PARTNER: add it" in shown
