"""`resolves` for Python: names are looked up in the files of a real environment, nothing is run."""

from __future__ import annotations

# ruff: noqa: E501 - a file of a user stands in one line
import subprocess
import sys
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelResult, LevelState
from pe4king_core.proof.gates.resolving.gate import ResolvingGate
from pe4king_core.proof.proposed import Proposed, Surroundings

HERE = Path(sys.executable)
CONFTEST = "import pytest\n\n\n@pytest.fixture\ndef api():\n    return None\n"


def check(folder: Path, after: str, before: str = "", *, python: Path | None = HERE) -> LevelResult:
    path = folder / "test_it.py"
    proposed = Proposed(
        SourceLanguage.PYTHON, before, (Edit(Span(0, len(before)), after),), str(path)
    )
    return ResolvingGate().check(proposed, Surroundings(root=folder, python=python))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "helpers.py").write_text("def book():\n    return {}\n\n\nLIMIT = 3\n")
    package = tmp_path / "clients"
    package.mkdir()
    (package / "__init__.py").write_text("from .books import BooksClient\n")
    (package / "books.py").write_text("class BooksClient:\n    pass\n")
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "import httpx\n\n\ndef test_a(api):\n    assert httpx.Client().get('/').is_success\n",
        "import requests\nfrom requests.adapters import HTTPAdapter\n\nX = requests.Session, HTTPAdapter\n",
        "import os.path\nimport time\nimport datetime as dt\n\nX = os.path.join, time.time, dt.date\n",
        "import helpers\nfrom helpers import LIMIT\n\nX = helpers.book, LIMIT\n",
        "from clients import BooksClient\nfrom clients.books import BooksClient as B\n\nX = BooksClient, B\n",
        "import json\n\nX = json.JSONDecodeError, json.decoder\n",
        "import pydantic\n\nX = pydantic.BaseModel\n",
        "import allure\n\n\n@allure.story('x')\ndef test_a(tmp_path, capsys, monkeypatch, request):\n    pass\n",
        "try:\n    import wonderlib\nexcept ImportError:\n    wonderlib = None\n",
        "from hamcrest import *\n\n\ndef test_a():\n    assert_that(1, equal_to(1))\n",
        "import pytest\n\n\n@pytest.mark.parametrize(('a', 'b'), [(1, 2)])\ndef test_a(a, b, api):\n    assert a < b\n",
        "import pytest\n\n\n@pytest.fixture(name='shop')\ndef _shop():\n    return 1\n\n\ndef test_a(shop):\n    assert shop\n",
        "class TestA:\n    def test_a(self, api):\n        assert [each for each in ()] == []\n",
        "import unittest\n\n\nclass TestA(unittest.TestCase):\n    def test_a(self):\n        self.fail()\n",
        "def test_a():\n    try:\n        pass\n    except ValueError as error:\n        print(error)\n",
        "import http\n\nX = http.HTTPStatus.OK\n",
        "import xml.etree.ElementTree as ET\n\nX = ET.fromstring\n",
        "import math\n\nX = math.inf\n",
        "def test_a(api, *, more=1, **rest):\n    global seen\n    seen = (lambda x: x)(more)\n    assert seen\n",
    ],
)
def test_what_is_there_resolves(project: Path, text: str) -> None:
    result = check(project, text)
    assert result.state is LevelState.PASSED, result.reason.en


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        (
            "import wonderlib\n",
            "there is no module wonderlib in the environment of the tests",
            "import wonderlib",
        ),
        (
            "import httpx.wonder\n",
            "there is no module httpx.wonder in the environment of the tests",
            "import httpx.wonder",
        ),
        (
            "from helpers import boook\n",
            "helpers has no boook; there is book",
            "from helpers import boook",
        ),
        (
            "from clients import OrdersClient\n",
            "clients has no OrdersClient",
            "from clients import OrdersClient",
        ),
        ("import helpers\n\nX = helpers.bok\n", "helpers has no bok; there is book", "helpers.bok"),
        ("import json\n\nX = json.parse\n", "json has no parse", "json.parse"),
        (
            "import requests\n\nX = requests.Sesion\n",
            "requests has no Sesion; there is Session",
            "requests.Sesion",
        ),
        (
            "from hamcrest import equal_too\n",
            "hamcrest has no equal_too; there is equal_to",
            "from hamcrest import equal_too",
        ),
        ("def test_a():\n    assert respons.ok\n", "respons is not defined anywhere", "respons"),
        (
            "def test_a():\n    book = 1\n\n\ndef test_b():\n    assert book\n",
            "book is not defined anywhere",
            "book",
        ),
        (
            "def test_a(apii):\n    assert apii\n",
            "test_a: there is no fixture apii; there is api",
            "apii",
        ),
        (
            "import pytest\n\n\n@pytest.fixture\ndef shop(stock):\n    return stock\n",
            "shop: there is no fixture stock",
            "stock",
        ),
    ],
)
def test_what_is_not_there_is_red(project: Path, text: str, reason: str, place: str) -> None:
    result = check(project, text)
    assert (result.state, result.reason.en.partition("; there is ")[0]) == (
        LevelState.FAILED,
        reason.partition("; there is ")[0],
    )
    assert reason in result.reason.en or "; there is" in result.reason.en
    assert any("а" <= each <= "я" for each in result.reason.ru)
    assert result.span is not None
    assert result.span.of(text) == place


def test_what_was_missing_before_is_not_judged(project: Path) -> None:
    before = "import wonderlib\n\n\ndef test_a(nothing):\n    assert wonderlib.x\n"
    after = before + "\n\ndef test_b(api):\n    assert wonderlib.x\n"
    assert check(project, after, before).state is LevelState.PASSED
    worse = before + "\n\ndef test_b(nobody):\n    pass\n"
    assert check(project, worse, before).state is LevelState.FAILED


def test_without_an_interpreter_it_is_not_run(project: Path) -> None:
    result = check(project, "import wonderlib\n", python=None)
    assert (result.state, result.reason.en) == (
        LevelState.NOT_RUN,
        "no Python interpreter was found",
    )
    assert check(project, "X = nowhere\n", python=None).state is LevelState.FAILED


@pytest.mark.parametrize("content", [None, "#!/bin/sh\nexit 3\n", "#!/bin/sh\necho '[1]'\n"])
def test_an_interpreter_that_does_not_answer(project: Path, content: str | None) -> None:
    program = project / "python"
    if content is not None:
        program.write_text(content)
        program.chmod(0o755)
    result = check(project, "import json\n", python=program)
    assert result.state is LevelState.NOT_RUN
    assert "python" in result.reason.en


def test_nothing_of_the_user_is_run(project: Path) -> None:
    mark = project / "was_run"
    code = f"open({str(mark)!r}, 'w')\nNAME = 1\n"
    for name in ("conftest.py", "helpers.py", "json.py", "sitecustomize.py", "usercustomize.py"):
        (project / name).write_text(code)
    check(project, "import helpers\nfrom helpers import NAME\n\nX = helpers.NAME\n")
    assert not mark.exists()


def test_another_environment_has_other_modules(project: Path) -> None:
    """A bare virtual environment has no pytest: its fixtures are unknown, its modules missing."""
    home = project / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    program = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    assert check(project, "import json\n", python=program).state is LevelState.PASSED
    assert check(project, "import httpx\n", python=program).state is LevelState.FAILED


@pytest.mark.parametrize(
    "module",
    [
        "def __getattr__(name):\n    return name\n",
        "globals().update(a=1)\n",
        "from nowhere_at_all import *\n",
        "def (:\n",
    ],
)
def test_modules_that_make_names_up_are_believed(project: Path, module: str) -> None:
    (project / "magic.py").write_text(module)
    result = check(project, "import magic\nfrom magic import that\n\nX = magic.this, that\n")
    assert result.state is LevelState.PASSED, result.reason.en


def test_fixtures_of_folders_above_and_of_other_modules(project: Path) -> None:
    inner = project / "unit"
    inner.mkdir()
    (inner / "conftest.py").write_text("from fixtures import order\n")
    assert check(inner, "def test_a(api, order):\n    pass\n").state is LevelState.PASSED
    (inner / "conftest.py").write_text("from fixtures import *\n")
    assert check(inner, "def test_a(anything):\n    pass\n").state is LevelState.PASSED
