"""Tests of the class path of Java tests: asked of Maven and Gradle, completed, or our own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pe4king_core.proof.runners.java.class_path import ClassPaths
from pe4king_core.proof.runners.java.problems import JavaRunnerError
from tests.proof.runners.java_runner_kit import CACHE, jdk

pytestmark = [pytest.mark.java, pytest.mark.slow]


def paths(cache: Path = CACHE) -> ClassPaths:
    program = shutil.which("mvn")
    if program is None:
        pytest.skip("mvn is not installed")
    return ClassPaths(jdk(), cache, Path(program))


def pom(name: str, version: str) -> str:
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>shop</groupId><artifactId>shop</artifactId><version>1</version><dependencies>"
        f"<dependency><groupId>org.junit.jupiter</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version><scope>test</scope></dependency></dependencies></project>"
    )


def test_maven_is_asked_and_the_engine_that_surefire_would_add_is_added(tmp_path: Path) -> None:
    file = tmp_path / "pom.xml"
    file.write_text(pom("junit-jupiter-api", "5.11.4"), encoding="utf-8")
    asked = paths()
    assert asked.maven is not None
    names = [each.name for each in asked.of_build(file, asked.maven)]
    assert "junit-jupiter-api-5.11.4.jar" in names
    assert "junit-jupiter-engine-5.11.4.jar" in names
    assert len(names) == len(set(names))
    assert [each.name for each in tmp_path.iterdir()] == ["pom.xml"]


def test_our_own_jars_are_those_of_generated_projects() -> None:
    names = {each.name for each in paths().bundled()}
    assert {"rest-assured-5.5.0.jar", "junit-jupiter-engine-5.11.4.jar"} <= names
    assert any(each.startswith("allure-") for each in names)


def test_a_build_that_fails_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "pom.xml"
    file.write_text(pom("no-such-library", "0"), encoding="utf-8")
    asked = paths()
    assert asked.maven is not None
    with pytest.raises(JavaRunnerError, match=r"mvn: .*no-such-library"):
        asked.of_build(file, asked.maven)


def test_gradle_is_asked_with_a_script_of_ours_and_without_secrets(tmp_path: Path) -> None:
    program = tmp_path / "gradle"
    program.write_text(
        "#!/bin/sh\n"
        'test -z "$SHOP_TOKEN" || exit 1\n'
        'for each in "$@"; do case "$each" in -Dpe4king.out=*) out="${each#*=}";; esac; done\n'
        f'printf "%s" "/jars/a.jar{os.pathsep}/jars/b.jar" > "$out"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    (tmp_path / "build.gradle").write_text("", encoding="utf-8")
    environment = {**os.environ, "SHOP_TOKEN": "secret"}
    asked = ClassPaths(jdk(), tmp_path / "cache", environment=environment)
    found = asked.of_build(tmp_path / "build.gradle", program)
    assert found == (Path("/jars/a.jar"), Path("/jars/b.jar"))
