"""Generated tests join the user's own: their clients, base classes, variables, style and place."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pe4king_server.cli.bookstore import Bookstore
from tests.cli.test_cli import BOOKSTORE, pe4king
from tests.rendering.java_kit import java_kit
from tests.testcode import corpus_kit

pytestmark = pytest.mark.slow

PYTHON = {suite.name: suite for suite in corpus_kit.suites("python")}
JAVA = {suite.name: suite for suite in corpus_kit.suites("java")}
OURS = {"API_BASE_URL": "{base_url}", "API_KEY": "{key}", "API_BEARER_AUTH": "{token}"}
FIXTURES = {"contracts": "api", "russian_steps": "клиент"}
NOT_TOLD = {"in_process"}
"""Suites that read nothing from the environment that says where the API is."""
JOINED = ("atelier", "citylibrary", "gateway", "inkwell", "vitrina")
APART = ("contracts", "orderdesk")


@pytest.fixture
def service() -> Iterator[str]:
    with Bookstore() as bookstore:
        yield bookstore.base_url


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(BOOKSTORE / "openapi.yaml", tmp_path / "openapi.yaml")
    (tmp_path / ".git").mkdir()
    return tmp_path


def put(workspace: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def generate(workspace: Path, *options: str) -> str:
    return pe4king("generate", "openapi.yaml", *options, folder=workspace).stdout


def environment_of(suite: corpus_kit.Suite, service: str) -> dict[str, str]:
    known = {
        "origin": service.removesuffix("/v1"),
        "base_url": service,
        "key": "demo-key",
        "token": "demo-token",
    }
    names = {**suite.environment, **(OURS if suite.name in NOT_TOLD else {})}
    return {name: value.format(**known) for name, value in names.items()}


def run_pytest(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("--rootdir", str(folder), "-o", "asyncio_default_fixture_loop_scope=function"),
            *("-W", "error", "-W", "ignore::DeprecationWarning:starlette.testclient"),
            *("--strict-markers", *arguments),
        ],
        cwd=folder,
        env={**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PYTHON))
def test_generated_pytest_runs_beside_other_peoples_suites(
    name: str, workspace: Path, service: str
) -> None:
    suite = PYTHON[name]
    corpus_kit.lay_out(suite, workspace)
    told = generate(workspace, "--max", "12")
    for path, text in suite.files.items():
        assert (workspace / path).read_bytes() == text.encode(), f"{path} was changed"
    if name in FIXTURES:
        assert f"Uses your fixture `{FIXTURES[name]}`" in told
    elif name not in NOT_TOLD:
        assert "Reads the variables of your tests: " in told
    apart = ["."] if name in FIXTURES else ["api-tests", "."]
    out = run_pytest(workspace, environment_of(suite, service), *apart)
    passed = re.search(r"(\d+) passed", out)
    assert passed
    assert int(passed[1]) > 100
    assert "are there already" in generate(workspace, "--max", "12")


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.parametrize("name", [*JOINED, *APART])
def test_generated_junit_runs_beside_other_peoples_suites(
    name: str, workspace: Path, service: str, tmp_path: Path
) -> None:
    kit = java_kit()
    suite = JAVA[name]
    corpus_kit.lay_out(suite, workspace)
    told = generate(workspace, "--max", "6", "--format", "junit-restassured")
    assert ("of your tests" in told) is True
    assert ((workspace / "api-tests" / "pom.xml").exists()) is (name in APART)
    sources = {
        path.relative_to(workspace).as_posix(): path.read_text(encoding="utf-8")
        for path in workspace.rglob("*.java")
    }
    ours = [text for text in sources.values() if "written by Pe4King" in text]
    package = re.search(r"^package ([\w.]+);", ours[0], re.M)
    assert package
    assert (package[1].endswith(".generated")) is (name in JOINED)
    classes = kit.compile(sources, tmp_path / "classes")
    outcomes = kit.run_tests(classes, environment_of(suite, service), package=package[1])
    failed = {test: each.message for test, each in outcomes.items() if not each.passed}
    assert not failed
    assert len(outcomes) > 60


CONFTEST = """\
import os

import httpx
import pytest


@pytest.fixture
def shop():
    headers = {"X-API-Key": os.environ["KEY"], "Authorization": f"Bearer {os.environ['TOKEN']}"}
    with httpx.Client(base_url=os.environ["ORIGIN"], headers=headers) as client:
        yield client
"""
TESTS = """\
class TestBooks:
    def test_list(self, shop):
        response = shop.get("/v1/books")
        assert response.status_code == 200

    def test_read(self, shop):
        response = shop.get("/v1/books/7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01")
        assert response.status_code == 200
"""
OWN = {"tests/conftest.py": CONFTEST, "tests/test_catalogue.py": TESTS}


@pytest.mark.slow
def test_a_fixture_its_prefix_and_its_style_are_used(workspace: Path, service: str) -> None:
    put(workspace, OWN)
    told = generate(workspace, "--max", "10")
    assert "Uses your fixture `shop` of tests/conftest.py." in told
    text = (workspace / "tests/api_tests/test_books.py").read_text(encoding="utf-8")
    assert "class TestBooks:" in text
    assert 'shop.get("/v1/books"' in text
    assert "# Arrange" not in text
    assert "allure" not in text
    assert "(self, anonymous_api)" in text
    adapter = (workspace / "tests/api_tests/conftest.py").read_text(encoding="utf-8")
    assert all(len(line) <= 88 for line in adapter.splitlines())
    assert "with httpx.Client(base_url=shop.base_url) as opened:\n        yield opened\n" in adapter
    environment = {"ORIGIN": service.removesuffix("/v1"), "KEY": "demo-key", "TOKEN": "demo-token"}
    run_pytest(workspace, environment)
    assert "are there already" in generate(workspace, "--max", "10")


UNSURE = {
    "asynchronous": {
        **OWN,
        "tests/conftest.py": CONFTEST.replace("httpx.Client(", "httpx.AsyncClient("),
    },
    "never called by a test": {**OWN, "tests/test_catalogue.py": "def test_a():\n    assert 1\n"},
    "no credentials": {
        **OWN,
        "tests/conftest.py": CONFTEST.replace(", headers=headers", "").replace(
            CONFTEST[CONFTEST.index("    headers") : CONFTEST.index("    with")], ""
        ),
    },
    "two prefixes": {**OWN, "tests/test_catalogue.py": TESTS.replace("/v1/books/", "/books/")},
    "cannot be parsed": {**OWN, "tests/conftest.py": CONFTEST + "def half(:\n"},
}


@pytest.mark.parametrize("name", sorted(UNSURE))
def test_where_it_is_not_certain_ours_is_used(name: str, workspace: Path) -> None:
    put(workspace, UNSURE[name])
    assert "Uses your" not in generate(workspace, "--max", "2")
    text = (workspace / "api-tests/test_books.py").read_text(encoding="utf-8")
    assert "shop" not in text


def test_a_fixture_that_cannot_call_everything_is_told(workspace: Path) -> None:
    put(workspace, OWN)
    put(workspace, {"tests/conftest.py": CONFTEST.replace("Authorization", "X-Trace").replace(
        "Bearer", "trace")})  # fmt: skip
    told = generate(workspace, "--max", "2")
    assert "`shop` of tests/conftest.py is not used" in told
    assert "POST /books" in told
    reading = generate(workspace, "--max", "2", "--operation", "listBooks", "--no-behaviour",
                       "--out", "tests/reading")  # fmt: skip
    assert "Uses your fixture `shop`" in reading


def test_a_session_leaves_out_tests_without_credentials(workspace: Path) -> None:
    conftest = """\
import os

import pytest
import requests


class Session(requests.Session):
    pass


@pytest.fixture
def shop():
    session = Session()
    session.base = os.environ["ORIGIN"]
    session.headers.update({"X-API-Key": "k", "Authorization": "Bearer t"})
    return session
"""
    put(workspace, {**OWN, "tests/conftest.py": conftest})
    told = generate(workspace, "--max", "10")
    assert "Uses your fixture `shop`" in told
    assert re.search(r"Left out: \d+ tests of requests with missing or wrong credentials", told)
    text = (workspace / "tests/api_tests/test_books.py").read_text(encoding="utf-8")
    assert "anonymous" not in text
    assert "wrong_credentials" not in text


def test_a_chosen_folder_sees_only_the_conftest_files_above_it(workspace: Path) -> None:
    put(workspace, OWN)
    assert "Uses your fixture" in generate(workspace, "--max", "1", "--out", "tests/contract")
    assert "Uses your fixture" not in generate(workspace, "--max", "1", "--out", "elsewhere")
    assert "Uses your fixture" not in generate(workspace, "--max", "1", "--no-own", "--out", "x")
    text = (workspace / "x/test_books.py").read_text(encoding="utf-8")
    assert "api.get(" in text
    assert "shop" not in text


def test_a_file_is_never_called_like_another_test_file(workspace: Path) -> None:
    """Without packages pytest stops at two test files of one name."""
    mine = "def test_mine():\n    assert True\n"
    put(workspace, {"tests/test_books.py": mine, "tests/pack/__init__.py": "",
                    "tests/pack/test_orders.py": mine})  # fmt: skip
    generate(workspace, "--max", "1", "--kinds", "positive", "--no-behaviour")
    written = sorted(path.name for path in (workspace / "api-tests").glob("test_*"))
    assert written == [
        "test_books_api.py",
        "test_customers.py",
        "test_orders.py",
        "test_service.py",
    ]
    collected = run_pytest(workspace, {"API_BASE_URL": "http://127.0.0.1:1"}, "--collect-only")
    assert "test_mine" in collected
    again = generate(workspace, "--max", "1", "--kinds", "positive", "--no-behaviour")
    assert "are there already" in again


def test_what_was_begun_in_our_folder_goes_on_there(workspace: Path) -> None:
    generate(workspace, "--max", "2")
    put(workspace, OWN)
    assert "are there already" in generate(workspace, "--max", "2")
    told = generate(workspace, "--max", "4")
    assert "Uses your" not in told
    assert "Reads the variables" not in told
    assert '"/v1/books' not in (workspace / "api-tests/test_books.py").read_text(encoding="utf-8")


def test_negative_tests_beside_a_foreign_test_look_like_it(workspace: Path) -> None:
    put(workspace, OWN)
    done = pe4king(
        "negative", "tests/test_catalogue.py", "--test", "TestBooks.test_list",
        "--no-ai", "--write", folder=workspace,
    )  # fmt: skip
    assert "tests/test_catalogue.py" in done.stdout
    text = (workspace / "tests/test_catalogue.py").read_text(encoding="utf-8")
    assert text.startswith(TESTS.rstrip())
    assert "    def test_list_books_rejects_" in text
    added = text.removeprefix(TESTS)
    assert "shop.get(" in added
    assert '"/v1/books"' in added
    for foreign in ("# Act", "allure", "mark.negative", "anonymous_api"):
        assert foreign not in added
    assert not (workspace / "api-tests").exists()


BASE = """\
package com.acme.shop.support;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;

public abstract class ShopTest {
  protected RequestSpecification shop() {
    return given()
        .baseUri(System.getenv("SHOP_ORIGIN"))
        .basePath("/v1")
        .header("X-API-Key", System.getenv("SHOP_KEY"))
        .header("Authorization", "Bearer " + System.getenv("SHOP_TOKEN"));
  }
}
"""
JAVA_TESTS = """\
package com.acme.shop;

import static org.hamcrest.Matchers.equalTo;

import com.acme.shop.support.ShopTest;
import org.junit.jupiter.api.Test;

class CatalogueTest extends ShopTest {
  @Test
  void listsBooks() {
    shop().get("/books").then().statusCode(200).body("offset", equalTo(0));
  }
}
"""
JAVA_OWN = {
    "src/test/java/com/acme/shop/support/ShopTest.java": BASE,
    "src/test/java/com/acme/shop/CatalogueTest.java": JAVA_TESTS,
    "pom.xml": "<project/>",
}
GENERATED = "src/test/java/com/acme/shop/generated"


def test_a_base_class_and_its_package_are_used(workspace: Path) -> None:
    put(workspace, JAVA_OWN)
    told = generate(workspace, "--max", "6")
    assert (
        "Uses your base class com.acme.shop.support.ShopTest; requests begin with shop()." in told
    )
    text = (workspace / GENERATED / "BooksTest.java").read_text(encoding="utf-8")
    assert "package com.acme.shop.generated;" in text
    assert "class BooksTest extends ShopTest {" in text
    assert "shop()" in text
    assert "qameta" not in text
    assert (workspace / "pom.xml").read_text(encoding="utf-8") == "<project/>"
    assert not (workspace / GENERATED / "BaseApiTest.java").exists()
    assert "are there already" in generate(workspace, "--max", "6")


def test_requests_of_the_base_class_without_credentials_are_used(workspace: Path) -> None:
    anonymous = """
  protected RequestSpecification stranger() {
    return given().baseUri(System.getenv("SHOP_ORIGIN")).basePath("/v1");
  }
}
"""
    refused = """
  @Test
  void refusesStrangers() {
    stranger().post("/books").then().statusCode(401);
  }
}
"""
    [base, tests, _] = JAVA_OWN
    put(workspace, {**JAVA_OWN, base: BASE.removesuffix("}\n") + anonymous,
                    tests: JAVA_TESTS.removesuffix("}\n") + refused})  # fmt: skip
    told = generate(workspace, "--operation", "createBook", "--max", "0")
    assert "requests begin with shop()." in told
    assert re.search(r"Left out: \d+ tests? of requests with wrong credentials", told)
    text = (workspace / GENERATED / "BooksTest.java").read_text(encoding="utf-8")
    assert "stranger()" in text


NO_BASE = {
    "not public": ("public abstract class", "abstract class"),
    "of another runner": ("public abstract class", "@org.junit.Ignore public abstract class"),
    "a private member": ("protected RequestSpecification", "private RequestSpecification"),
    "without credentials": ("Authorization", "X-Trace"),
}


@pytest.mark.parametrize("name", sorted(NO_BASE))
def test_a_base_class_that_does_not_serve_is_left_alone(name: str, workspace: Path) -> None:
    old, new = NO_BASE[name]
    changed = BASE.replace(old, new).replace(
        '"Bearer "', '"" ' if "X-Trace" in new else '"Bearer "'
    )
    put(workspace, JAVA_OWN | {"src/test/java/com/acme/shop/support/ShopTest.java": changed})
    assert "Uses your base class" not in generate(workspace, "--max", "2")
    written = list(workspace.rglob("BooksTest.java"))
    assert len(written) == 1
    assert "extends BaseApiTest" in written[0].read_text(encoding="utf-8")


@pytest.mark.java
@pytest.mark.slow
def test_generated_junit_passes_on_the_users_base_class(
    workspace: Path, service: str, tmp_path: Path
) -> None:
    kit = java_kit()
    put(workspace, JAVA_OWN)
    generate(workspace, "--max", "12")
    sources = {
        path.relative_to(workspace).as_posix(): path.read_text(encoding="utf-8")
        for path in workspace.rglob("*.java")
    }
    classes = kit.compile(sources, tmp_path / "classes")
    environment = {
        "SHOP_ORIGIN": service.removesuffix("/v1"),
        "SHOP_KEY": "demo-key",
        "SHOP_TOKEN": "demo-token",
    }
    outcomes = kit.run_tests(classes, environment, package="com.acme.shop")
    failed = {test: each.message for test, each in outcomes.items() if not each.passed}
    assert not failed
    assert len(outcomes) > 80


def test_the_list_names_files_beside_the_users_tests(workspace: Path) -> None:
    put(workspace, OWN)
    lines = generate(workspace, "--list", "--max", "2").splitlines()
    assert {json.loads(line)["file"].rpartition("/")[0] for line in lines} == {"tests/api_tests"}
