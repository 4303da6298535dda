"""Where the API under test is, as the tests or the user say; nobody is ever asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.verdict import Level
from tests.server.environment_kit import Workspace, told

PYTHON = "tests/test_x.py"
JAVA = "src/test/java/shop/BooksTest.java"
URL = "http://shop.test:8080/v1"


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_the_setting_comes_first(work: Workspace) -> None:
    work.write(PYTHON, f'BASE_URL = "{URL}"\n')
    found = work.found(PYTHON, baseUrl="https://other.test")
    assert found.base_url is not None
    assert found.base_url.shown == "https://other.test"
    assert "pe4king.baseUrl" in found.base_url.origin.en


@pytest.mark.parametrize("wrong", ["shop.test", "ftp://shop.test", "file:///etc/passwd", "http://"])
def test_a_setting_that_is_no_address_is_told(wrong: str, work: Workspace) -> None:
    work.write(PYTHON, f'BASE_URL = "{URL}"\n')
    found = work.found(PYTHON, baseUrl=wrong)
    assert found.base_url is not None
    assert found.base_url.value == URL
    assert "it is no http or https address" in told(found)


@pytest.mark.parametrize(
    ("files", "origin"),
    [
        ({PYTHON: f'import os\nBASE = os.environ.get("SHOP_URL", "{URL}")\n'},
         "SHOP_URL in tests/test_x.py"),
        ({PYTHON: "", "tests/conftest.py": f'x = os.getenv("SHOP_HOST", "{URL}")\n'},
         "SHOP_HOST in tests/conftest.py"),
        ({PYTHON: 'x = os.environ["SHOP_URL"]\n', ".env": f"A=1\nexport SHOP_URL='{URL}'\n"},
         "SHOP_URL in .env"),
        ({PYTHON: "", "pytest.ini": f"[pytest]\nbase_url = {URL}\n"}, "base_url in pytest.ini"),
        ({PYTHON: "", "setup.cfg": f"[tool:pytest]\nbase_url = {URL}\n"}, "base_url in setup.cfg"),
        ({PYTHON: "", "pyproject.toml": f"[tool.pytest.ini_options]\nbase_url = '{URL}'\n"},
         "base_url in pyproject.toml"),
        ({PYTHON: f'SHOP_URL: str = "{URL}"\n'}, "SHOP_URL in tests/test_x.py"),
        ({PYTHON: "", "tests/config.py": f"base_url = '{URL}'\n"}, "base_url in tests/config.py"),
        ({PYTHON: "", ".env": f"API_BASE_URL={URL}  # here\n"}, "API_BASE_URL in .env"),
        ({JAVA: 'RestAssured.baseURI = "http://shop.test"; RestAssured.port = 8080;'},
         f"baseURI in {JAVA}"),
        ({JAVA: "", "src/test/java/shop/BaseTest.java": f'b.setBaseUri("{URL}");'},
         "setBaseUri in src/test/java/shop/BaseTest.java"),
        ({JAVA: "", "src/test/java/AbstractIT.java": f'given().baseUri("{URL}")'},
         "baseUri in src/test/java/AbstractIT.java"),
        ({JAVA: f'String x = System.getProperty("base.uri", "{URL}");'}, f"base.uri in {JAVA}"),
        ({JAVA: "", "src/test/resources/application.properties": f"a=b\nbase.uri={URL}\n"},
         "base.uri in src/test/resources/application.properties"),
        ({JAVA: "", "src/test/resources/test.yml": f"api:\n  base-url: {URL}\n"},
         "base-url in src/test/resources/test.yml"),
    ],
)  # fmt: skip
def test_what_the_tests_read(files: dict[str, str], origin: str, work: Workspace) -> None:
    for name in (".git/HEAD", "pom.xml" if JAVA in files else "requirements.txt"):
        work.write(name, "<project/>")
    for path, text in files.items():
        work.write(path, text)
    found = work.found(next(iter(files)))
    assert found.base_url is not None
    assert found.base_url.value.removesuffix("/v1") == URL.removesuffix("/v1")
    assert found.base_url.origin.en == origin
    assert found.base_url.origin.ru


def test_variables_count_only_where_the_tests_read_them(work: Workspace) -> None:
    work.environ |= {"SHOP_URL": URL, "API_BASE_URL": "http://other.test"}
    work.write(PYTHON, 'x = os.environ["SHOP_URL"]\n')
    found = work.found(PYTHON)
    assert found.base_url is not None
    assert found.base_url.value == URL
    work.write(PYTHON, "x = 1\n")
    assert work.found(PYTHON).base_url is None


@pytest.mark.parametrize(
    "text",
    [
        'TITLE = "http://shop.test"\n',
        'BASE_URL = "localhost:8080"\n',
        'BASE_URL = f"http://{HOST}/v1"\n',
        'x = os.environ["TOKEN"]\n',
    ],
)
def test_what_is_no_address_is_none(text: str, work: Workspace) -> None:
    work.environ["TOKEN"] = URL
    work.write(PYTHON, text)
    found = work.found(PYTHON)
    assert found.base_url is None
    for level in (Level.PASSES, Level.KILLS):
        assert found.why_not(level) is not None


def test_secrets_in_addresses_are_not_shown(work: Workspace) -> None:
    found = work.found(".", baseUrl="https://user:pass@shop.test/v1?key=abc")
    assert found.base_url is not None
    assert found.base_url.shown == "https://…@shop.test/v1?…"
    assert "user:pass" not in repr(found)
    assert "abc" not in repr(found)
