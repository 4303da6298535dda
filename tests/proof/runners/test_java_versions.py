"""Tests of the Java runner: with old and new versions of JUnit, and where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.proof.runners.java.runner import JavaRunner
from pe4king_core.proof.running import RunRequest
from pe4king_core.proof.sandbox.sandbox import Sandbox
from tests.proof.runners.java_runner_kit import CACHE, JavaProject, jdk
from tests.proof.runners.pytest_kit import Api, Plan, wrong_status
from tests.rendering.java_kit import resolved

pytestmark = [pytest.mark.java, pytest.mark.slow]

IMPORTS = """\
import static org.junit.jupiter.api.Assertions.*;
import java.net.*;
import org.junit.jupiter.api.*;
"""
CALL = """
  static int status(String path) throws Exception {
    URL url = new URL(System.getenv("BASE_URL") + path);
    return ((HttpURLConnection) url.openConnection()).getResponseCode();
  }
"""
BOOKS = f"""
class BooksTest {{
  int runs;
{CALL}
  @BeforeAll static void of() throws Exception {{ status("/of-the-class"); }}
  @Test void status() throws Exception {{ assertEquals(200, status("/books")); }}
  @Test void fresh() {{ assertEquals(1, ++runs); }}
}}
"""


@pytest.mark.parametrize("version", ["5.4.2", "5.8.2", "5.13.4", "6.0.1"])
def test_versions_of_junit(tmp_path: Path, version: str) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write("shop.BooksTest", BOOKS, imports=IMPORTS)
    libraries = resolved([f"org.junit.jupiter:junit-jupiter:{version}"])
    played = project.play(wrong_status, libraries=libraries)
    assert played.problems == []
    assert played.endings("BooksTest.status") == ["passed", "failed"]
    assert played.endings("BooksTest.fresh") == ["passed", "passed"]
    assert played.paths.count("/of-the-class") == 1
    assert version in played.report.runner


def test_classes_with_parameters_are_run_with_all_of_them(tmp_path: Path) -> None:
    body = f"""
    @org.junit.jupiter.params.ParameterizedClass
    @org.junit.jupiter.params.provider.ValueSource(strings = {{"/a", "/b"}})
    class PathsTest {{
      @org.junit.jupiter.params.Parameter String path;
    {CALL}
      @Test void status() throws Exception {{ assertEquals(200, status(path)); }}
    }}
    """
    project = JavaProject(tmp_path / "shop")
    project.write("shop.PathsTest", body, imports=IMPORTS)
    libraries = resolved(["org.junit.jupiter:junit-jupiter:5.13.4"])
    played = project.play(wrong_status, libraries=libraries)
    assert played.endings("PathsTest.status") == ["passed", "failed"]
    assert played.paths == ["/a", "/b", "/a", "/b"]


def test_tests_whose_engine_is_missing_are_told_of(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    imports = "import org.testng.annotations.*;\n"
    project.write("shop.NgTest", "class NgTest { @Test void ng() { } }", imports=imports)
    libraries = resolved(["org.junit.jupiter:junit-jupiter:5.8.2", "org.testng:testng:7.10.2"])
    played = project.play(libraries=libraries)
    assert played.plan.items == []
    (told,) = played.problems
    assert "TestNG is run with org.junit.support:testng-engine only" in told


def test_without_junit_or_compiler_nothing_is_run(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write("shop.BooksTest", BOOKS, imports=IMPORTS)
    (tmp_path / "jdk").mkdir()
    request = RunRequest(project.root, tuple(project.root.rglob("*.java")))
    for home, said in ((jdk(), "no usable JUnit"), (tmp_path / "jdk", "no Java compiler")):
        plan = Plan(Api())
        with Sandbox(sources=project.root) as box:
            report = JavaRunner(home, (), CACHE).run(request, plan, box)
        assert plan.items == []
        (told,) = report.problems
        assert said in told.en
        assert told.ru != told.en
