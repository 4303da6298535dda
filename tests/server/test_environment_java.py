"""The build, the libraries and the Java installation of Java tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Level
from tests.server.environment_kit import Workspace, not_checked, program, put, told

TEST = "module/src/test/java/shop/BooksTest.java"
PARENT = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>shop</groupId><artifactId>parent</artifactId><version>1</version>
  <packaging>pom</packaging>
  <modules><module>module</module><module>other</module></modules>
  <properties><assured>5.5.0</assured><junit.version>5.11.0</junit.version></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>io.rest-assured</groupId><artifactId>rest-assured</artifactId>
      <version>${assured}</version></dependency>
    <dependency><groupId>org.assertj</groupId><artifactId>assertj-bom</artifactId>
      <version>3.26.0</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.hamcrest</groupId><artifactId>hamcrest</artifactId>
      <version>2.2</version></dependency>
  </dependencies>
</project>
"""
MODULE = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <!-- ours -->
  <parent><groupId>shop</groupId><artifactId>parent</artifactId><version>1</version></parent>
  <artifactId>module</artifactId>
  <dependencies>
    <dependency><groupId>io.rest-assured</groupId><artifactId>rest-assured</artifactId></dependency>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
      <version>${junit.version}</version><scope>test</scope></dependency>
    <dependency><groupId>org.assertj</groupId><artifactId>assertj-core</artifactId></dependency>
    <dependency><groupId>org.testng</groupId><artifactId>testng</artifactId>
      <version>${unknown}</version></dependency>
    <dependency><groupId>com.example</groupId><artifactId>something</artifactId></dependency>
  </dependencies>
</project>
"""
BOM = """<project><version>3.26.0</version><dependencyManagement><dependencies>
  <dependency><groupId>org.assertj</groupId><artifactId>assertj-core</artifactId>
    <version>${project.version}</version></dependency>
</dependencies></dependencyManagement></project>
"""


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    made.write(TEST, "class BooksTest {}\n")
    return made


def jdk(folder: Path, *names: str, version: str = "17.0.9") -> Path:
    for name in names or ("java", "javac"):
        program(folder / "bin" / name)
    put(folder / "release", f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return folder


def test_a_maven_module_with_its_parents_and_lists(work: Workspace) -> None:
    work.write("pom.xml", PARENT)
    work.write("module/pom.xml", MODULE)
    (work.root / "module/target/test-classes").mkdir(parents=True)
    store = work.home / ".m2" / "repository"
    put(store / "org/assertj/assertj-bom/3.26.0/assertj-bom-3.26.0.pom", BOM)
    jar = put(store / "io/rest-assured/rest-assured/5.5.0/rest-assured-5.5.0.jar")
    work.environ["JAVA_HOME"] = str(jdk(work.home / "jdk"))
    maven = program(work.programs / "mvn")
    found = work.found(TEST, baseUrl="http://localhost:1")
    assert found.language is SourceLanguage.JAVA
    assert found.python is None
    assert found.java is not None
    assert (found.java.tool, found.java.file, found.java.root) == (
        "maven",
        work.root / "module/pom.xml",
        work.root,
    )
    assert (found.java.program, found.java.wrapper) == (maven, None)
    assert found.java.classes == (work.root / "module/target/test-classes",)
    assert {each.name: each.version for each in found.java.libraries} == {
        "rest-assured": "5.5.0",
        "junit-jupiter": "5.11.0",
        "assertj-core": "3.26.0",
        "testng": "",
        "hamcrest": "2.2",
    }
    library = found.java.library("rest-assured")
    assert library is not None
    assert library.jar == jar
    assert found.jdk is not None
    assert (found.jdk.version, found.jdk.compiler) == ("17.0.9", True)
    assert found.not_checked == ()
    assert found.problems == ()


def test_a_parent_from_the_repository_and_another_place_for_it(work: Workspace) -> None:
    put(
        work.home / ".m2/settings.xml",
        "<settings><localRepository>${user.home}/jars</localRepository></settings>",
    )
    put(
        work.home / "jars/org/boot/starter/3.0/starter-3.0.pom",
        "<project><properties><j.version>5.9</j.version></properties><dependencyManagement>"
        "<dependencies><dependency><groupId>junit</groupId><artifactId>junit</artifactId>"
        "<version>${j.version}</version></dependency></dependencies></dependencyManagement>"
        "</project>",
    )
    work.write(
        "module/pom.xml",
        "<project><parent><groupId>org.boot</groupId><artifactId>starter</artifactId>"
        "<version>3.0</version><relativePath/></parent><dependencies><dependency>"
        "<groupId>junit</groupId><artifactId>junit</artifactId></dependency></dependencies>"
        "</project>",
    )
    found = work.found(TEST)
    assert found.java is not None
    assert found.java.library("junit") is not None
    assert [each.version for each in found.java.libraries] == ["5.9"]
    assert found.java.root == work.root / "module"


GRADLE = """
plugins { id 'java' }
// testImplementation 'org.testng:testng:7.0'
/* testImplementation 'junit:junit:4.12' */
ext { assured = '5.4.0' }
def hamcrest = "2.2"
dependencies {
    testImplementation "io.rest-assured:rest-assured:$assured"
    testImplementation("org.hamcrest:hamcrest:${hamcrest}") // "https://example.com"
    testImplementation group: 'org.assertj', name: 'assertj-core', version: '3.25.1'
    testImplementation 'org.junit.jupiter:junit-jupiter'
    testImplementation libs.allure.junit5
    testImplementation libs.bundles.json
    testImplementation "com.fasterxml.jackson.core:jackson-databind:${jacksonVersion}"
}
"""
CATALOG = """
[versions]
allure = "2.29.0"
[libraries]
allure-junit5 = { module = "io.qameta.allure:allure-junit5", version.ref = "allure" }
gson = "com.google.code.gson:gson:2.11.0"
unused = { group = "org.testng", name = "testng", version = "7.1" }
[bundles]
json = ["gson"]
"""


@pytest.mark.parametrize("ending", ["", ".kts"])
def test_a_gradle_project(ending: str, work: Workspace) -> None:
    work.write(f"settings.gradle{ending}", "include 'module'")
    work.write(f"module/build.gradle{ending}", GRADLE)
    work.write("gradle/libs.versions.toml", CATALOG)
    work.write("gradle.properties", "# x\njacksonVersion = 2.17.2\n")
    wrapper = work.write("gradlew")
    (work.root / "module/build/classes/java/main").mkdir(parents=True)
    cache = work.home / "gradle/caches/modules-2/files-2.1"
    work.environ["GRADLE_USER_HOME"] = str(work.home / "gradle")
    jar = put(cache / "com.google.code.gson/gson/2.11.0/abc123/gson-2.11.0.jar")
    found = work.found(TEST)
    assert found.java is not None
    assert (found.java.tool, found.java.root, found.java.wrapper) == ("gradle", work.root, wrapper)
    assert found.java.classes == (work.root / "module/build/classes/java/main",)
    assert {each.name: each.version for each in found.java.libraries} == {
        "rest-assured": "5.4.0",
        "hamcrest": "2.2",
        "assertj-core": "3.25.1",
        "junit-jupiter": "",
        "allure-junit5": "2.29.0",
        "gson": "2.11.0",
        "jackson-databind": "2.17.2",
    }
    library = found.java.library("gson")
    assert library is not None
    assert library.jar == jar


def test_the_nearer_build_counts(work: Workspace) -> None:
    work.write("pom.xml", PARENT)
    work.write("module/build.gradle", "")
    found = work.found(TEST)
    assert found.java is not None
    assert found.java.tool == "gradle"


def test_what_is_missing_is_told(work: Workspace) -> None:
    found = work.found(TEST)
    assert found.java is None
    assert found.jdk is None
    assert not_checked(found) == {Level.RESOLVES, Level.PASSES, Level.KILLS}
    assert "There is no Maven or Gradle project" in told(found)
    assert "There is no JDK" in told(found)
    work.write("pom.xml", PARENT)
    assert "maven is neither on the PATH nor" in told(work.found(TEST))
    work.write("mvnw")
    assert "maven is neither on the PATH nor" not in told(work.found(TEST))


def test_scripts_of_version_managers_start_builds_and_hold_no_java(work: Workspace) -> None:
    shims = work.home / ".asdf" / "shims"
    made = {name: program(shims / name) for name in ("mvn", "gradle", "javac", "java")}
    work.environ["PATH"] = str(shims)
    work.write("pom.xml", PARENT)
    work.write("module/build.gradle", "")
    for path, tool in ((TEST, "gradle"), ("tests/ATest.java", "mvn")):
        found = work.found(path)
        assert found.java is not None
        assert found.java.program == made[tool]
        assert found.jdk is None


def test_java_of_the_path_and_a_wrong_home(work: Workspace) -> None:
    home = jdk(work.home / "real-jdk", version="21.0.1")
    (work.programs / "javac").symlink_to(home / "bin" / "javac")
    work.environ["JAVA_HOME"] = str(work.home / "gone")
    found = work.found(TEST)
    assert found.jdk is not None
    assert (found.jdk.home, found.jdk.version) == (home, "21.0.1")
    assert "holds no Java" in told(found)


def test_java_without_a_compiler(work: Workspace) -> None:
    work.environ["JAVA_HOME"] = str(jdk(work.home / "jre", "java"))
    found = work.found(TEST)
    assert found.jdk is not None
    assert not found.jdk.compiler
    assert "There is no JDK" in told(found)


def test_windows_layout(work: Workspace) -> None:
    work.write("pom.xml", PARENT)
    wrapper = work.write("mvnw.cmd")
    work.environ["JAVA_HOME"] = str(jdk(work.home / "jdk", "java.exe", "javac.exe"))
    found = work.found(TEST)
    assert found.jdk is not None
    assert found.jdk.compiler
    assert found.java is not None
    assert found.java.wrapper == wrapper
