"""Broken, huge and hostile surroundings: what could not be read is named, the rest is found."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from time import perf_counter

import pytest

from pe4king_server.environment.look import MAX_BYTES
from tests.server.environment_kit import (
    Workspace,
    is_superuser,
    messages,
    program,
    put,
    told,
    virtual,
)

PYTHON = "tests/test_x.py"
JAVA = "src/test/java/BooksTest.java"

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<project><version>&b;</version></project>
"""
OUTSIDE = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><project>&x;</project>'


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    made.write(PYTHON)
    made.write(JAVA)
    virtual(made.root / ".venv", "pytest-8.0.0")
    return made


@pytest.mark.parametrize(
    ("name", "text", "test"),
    [
        ("pyproject.toml", "[tool\nx", PYTHON),
        ("pytest.ini", "no section\n", PYTHON),
        ("setup.cfg", "[tool:pytest\n", PYTHON),
        ("pom.xml", "<project><a></project>", JAVA),
        ("pom.xml", "", JAVA),
        ("pom.xml", LAUGHS, JAVA),
        ("pom.xml", OUTSIDE, JAVA),
        ("pom.xml", "<project>\0</project>", JAVA),
        ("gradle/libs.versions.toml", "x = [", JAVA),
        ("pom.xml", "x" * (MAX_BYTES + 1), JAVA),
        (".env", "x" * (MAX_BYTES + 1), PYTHON),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    name: str, text: str, test: str, work: Workspace
) -> None:
    work.write("build.gradle", "testImplementation libs.x")
    work.write(name, text)
    found = work.found(test)
    assert name in told(found)
    assert all(messages(found))
    if test == PYTHON:
        assert found.python is not None
        assert found.python.package("pytest") is not None
    else:
        assert found.java is not None


@pytest.mark.skipif(is_superuser(), reason="rights do not bind this user")
def test_folders_and_files_without_rights(work: Workspace) -> None:
    closed = work.root / "src" / "test" / "resources"
    closed.mkdir(parents=True)
    work.write("pom.xml", "<project/>").chmod(0)
    closed.chmod(0)
    try:
        found = work.found(JAVA)
    finally:
        closed.chmod(0o700)
    assert "pom.xml cannot be opened" in told(found)
    assert "src/test/resources cannot be opened" in told(found)


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_links_in_circles(work: Workspace) -> None:
    for name in ("venv", "env", "pom.xml", "pyproject.toml", "mvnw", ".env"):
        (work.root / name).symlink_to(work.root / name)
    (work.root / "src" / "loop").symlink_to(work.root)
    assert work.found(PYTHON).python is not None
    work.found(JAVA)
    work.found("src/loop/src/loop/tests/test_x.py")
    work.found("venv")
    (work.root / ".venv" / "bin" / "python").unlink()
    (work.root / ".venv" / "bin" / "python").symlink_to(work.home / "gone")
    found = work.found(PYTHON)
    assert found.python is None
    assert ".venv/bin/python leads to no program" in told(found)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
def test_pipes_and_devices_are_not_read(work: Workspace) -> None:
    os.mkfifo(work.root / "pom.xml")
    os.mkfifo(work.root / ".env")
    done = threading.Thread(target=lambda: (work.found(JAVA), work.found(PYTHON)), daemon=True)
    done.start()
    done.join(20)
    assert not done.is_alive()


def test_parents_in_a_circle(work: Workspace) -> None:
    text = (
        "<project><parent><groupId>a</groupId><artifactId>b</artifactId><version>1</version>"
        "<relativePath>{}</relativePath></parent><properties><v>${{w}}</v><w>${{v}}</w>"
        "</properties><dependencies><dependency><groupId>junit</groupId><artifactId>junit"
        "</artifactId><version>${{v}}</version></dependency></dependencies></project>"
    )
    work.write("pom.xml", text.format("other.xml"))
    work.write("other.xml", text.format("pom.xml"))
    found = work.found(JAVA)
    assert found.java is not None
    assert [(each.name, each.version) for each in found.java.libraries] == [("junit", "")]


@pytest.mark.parametrize("version", ["../../../../secret", "..", "/etc", "a/b", "1\\..\\2"])
def test_coordinates_lead_nowhere_else(version: str, work: Workspace) -> None:
    put(work.home / "secret" / "junit-..jar")
    work.write(
        "pom.xml",
        "<project><dependencies><dependency><groupId>junit</groupId><artifactId>junit</artifactId>"
        f"<version>{version}</version></dependency></dependencies></project>",
    )
    found = work.found(JAVA)
    assert found.java is not None
    assert found.java.libraries[0].jar is None


def test_texts_that_regular_expressions_fear(work: Workspace) -> None:
    big = 300_000
    work.write("build.gradle", "/*" * big)
    work.write("settings.gradle", "")
    work.write(JAVA, "url" * big)
    work.write("src/test/resources/a.properties", ("base" * 1000 + "\n") * 200)
    work.write("src/test/resources/b.properties", "base.url=" + " \t" * big + "x")
    work.write("tests/conftest.py", "base_" * big + "\nos.environ[" + " " * big)
    work.write(PYTHON, "server" + " " * big)
    work.write(".env", "A" + " " * big + "\n")
    work.write("environment.yml", "name:" + " " * big + "x y\n")
    put(work.root / ".venv" / "pyvenv.cfg", "home" + " " * big + "= " + "x " * big)
    begin = perf_counter()
    work.found(JAVA)
    work.found(PYTHON)
    assert perf_counter() - begin < 10


def test_other_peoples_machines_are_not_asked(work: Workspace) -> None:
    """Windows would open a connection, with the user's name, for a path like these."""
    far = "//host.invalid/share/pom.xml"
    work.write(
        "pom.xml",
        "<project><parent><groupId>a</groupId><artifactId>b</artifactId><version>1</version>"
        f"<relativePath>{far}</relativePath></parent></project>",
    )
    work.write("pyproject.toml", "[tool.poetry]\nname = 'x'\n")
    work.write("poetry.toml", "[virtualenvs]\npath = '//host.invalid/share'\n")
    put(
        work.root / ".venv" / "pyvenv.cfg",
        "home = //host.invalid/share\ninclude-system-site-packages = true\n",
    )
    for test in (JAVA, PYTHON):
        assert "host.invalid" not in told(work.found(test))


def test_nothing_is_run(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    for name in ("python3", "mvn", "gradle", "java", "javac", "poetry", "conda"):
        program(work.programs / name)
    work.write("pom.xml", "<project/>")
    work.write("mvnw")

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", fail)
    monkeypatch.setattr(os, "system", fail)
    monkeypatch.setattr(os, "posix_spawn", fail, raising=False)
    for test in (JAVA, PYTHON, "."):
        work.found(test)
