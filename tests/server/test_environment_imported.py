"""Names of the environment are found in what tests import, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_server.environment.look import Look
from pe4king_server.environment.names import Names, names_read
from pe4king_server.files import DiskFiles
from tests.server.environment_kit import put

READS = 'import os\nHOST = os.environ["SHOP_ROOT"]\nKEY = os.environ["SHOP_KEY"]\n'


def read(folder: Path, test: str, language: SourceLanguage = SourceLanguage.PYTHON) -> Names:
    look = Look(DiskFiles(folder), {}, folder.parent)
    return names_read(look, [folder / test], language)


@pytest.mark.parametrize(
    ("imports", "place"),
    [
        ("from shop.api.base import Client", "shop/api/base.py"),
        ("from shop.api import base", "shop/api/base.py"),
        ("import shop.api.base as base", "shop/api/base.py"),
        ("from shop import (\n    api,\n    routes as known,\n)", "shop/routes.py"),
        ("from shop import routes", "src/shop/routes.py"),
        ("from . import base", "tests/base.py"),
        ("from .base import Case", "tests/base.py"),
        ("from ..lib import http", "lib/http.py"),
        ("import lib", "lib/__init__.py"),
    ],
)
def test_modules_of_the_project(tmp_path: Path, imports: str, place: str) -> None:
    put(tmp_path / "work" / place, READS)
    put(tmp_path / "work" / "tests" / "test_a.py", f"{imports}\n")
    found = read(tmp_path / "work", "tests/test_a.py")
    assert found.addresses == ("SHOP_ROOT",)
    assert found.others == ("SHOP_KEY",)


def test_through_a_module_and_in_a_circle(tmp_path: Path) -> None:
    put(tmp_path / "work" / "shop" / "base.py", "from shop import routes\n")
    put(tmp_path / "work" / "shop" / "routes.py", f"import shop.base\n{READS}")
    put(tmp_path / "work" / "test_a.py", "import shop.base\n")
    assert read(tmp_path / "work", "test_a.py").addresses == ("SHOP_ROOT",)


def test_classes_of_a_java_project(tmp_path: Path) -> None:
    tests = tmp_path / "work" / "src" / "test" / "java" / "org" / "shop"
    put(tests / "http" / "Http.java", 'class Http { String s = System.getenv("SHOP_URL"); }')
    put(tests / "Near.java", 'package org.shop; class Near { String s = System.getenv("KEY"); }')
    put(tests / "ATest.java", "package org.shop;\nimport static org.shop.http.Http.s;\n")
    place = (tests / "ATest.java").relative_to(tmp_path / "work")
    found = read(tmp_path / "work", str(place), SourceLanguage.JAVA)
    assert (found.addresses, found.others) == (("SHOP_URL",), ("KEY",))


@pytest.mark.parametrize("name", ["PE4KING_ENFORCE", "PATH"])
def test_what_is_not_the_tests_is_never_set_for_them(tmp_path: Path, name: str) -> None:
    put(tmp_path / "work" / "test_a.py", f'import os\nos.environ["{name}"]\n')
    assert read(tmp_path / "work", "test_a.py").others == ()


def test_a_folder_of_the_project_is_no_address(tmp_path: Path) -> None:
    put(tmp_path / "work" / "test_a.py", 'import os\nos.environ["PROJECT_ROOT"]\n')
    assert read(tmp_path / "work", "test_a.py").addresses == ()
