"""Compiles and runs Java in tests with the jars that generated projects use.

The class path is resolved by Maven once per checkout into `.cache/java/`; after that only `javac`
and `java` run, which takes seconds. `java_kit()` skips the test where JDK or Maven are missing.

    kit = java_kit()
    classes = kit.compile({"api/BooksTest.java": text, ...}, tmp_path)
    outcomes = kit.run_tests(classes, {"API_BASE_URL": "http://127.0.0.1:8000"})
    outcomes["BooksTest.listBooks"].passed
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_COORDINATES = (
    "org.junit.jupiter:junit-jupiter:5.11.4",
    "org.junit.platform:junit-platform-console:1.11.4",
    "org.junit.platform:junit-platform-launcher:1.11.4",
    "io.rest-assured:rest-assured:5.5.0",
    "io.qameta.allure:allure-junit5:2.29.1",
    "junit:junit:4.13.2",
    "org.junit.vintage:junit-vintage-engine:5.11.4",
    "org.testng:testng:7.10.2",
    "org.junit.support:testng-engine:1.0.5",
    "org.hamcrest:hamcrest-core:2.2",
    "org.assertj:assertj-core:3.26.3",
    "com.fasterxml.jackson.core:jackson-databind:2.17.2",
    "io.rest-assured:json-schema-validator:5.5.0",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one test: `failed` is a failed assertion, `error` any other exception."""

    state: str
    message: str = ""

    @property
    def passed(self) -> bool:
        return self.state == "passed"


@dataclass(frozen=True, slots=True)
class JavaKit:
    """A JDK and a folder of jars."""

    libraries: Path

    @property
    def class_path(self) -> str:
        return str(self.libraries / "*")

    def compile(
        self, sources: Mapping[str, str], folder: Path, *, options: Sequence[str] = ("-Xlint:all",)
    ) -> Path:
        """Compile `sources` (relative path to text); returns the classes' folder.

        Fails the test with javac's words; add `-Werror` to `options` to forbid warnings.
        """
        classes = folder / "classes"
        files = []
        for name, text in sources.items():
            path = folder / "sources" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
        common = ["--release", "17", "-encoding", "UTF-8", "-proc:none", "-d", str(classes)]
        done = self._run(["javac", *common, *options, "-cp", self.class_path, *files])
        if done.returncode != 0:
            pytest.fail(f"javac:\n{done.stdout}{done.stderr}", pytrace=False)
        return classes

    def run_main(self, classes: Path, name: str, *arguments: str) -> str:
        """The standard output of `name.main(arguments)`; fails the test on a bad exit."""
        path = os.pathsep.join((str(classes), self.class_path))
        done = self._run(
            ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", path, name, *arguments]
        )
        if done.returncode != 0:
            pytest.fail(f"java {name}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}", pytrace=False)
        return done.stdout

    def run_tests(
        self,
        classes: Path,
        environment: Mapping[str, str] | None = None,
        *,
        package: str = "",
        reports: Path | None = None,
    ) -> dict[str, Outcome]:
        """Run every test below `classes`, or those of `package`: JUnit 5, JUnit 4 and TestNG.

        Outcomes by `Class.method`, without packages; tests of a table have their row behind it.
        """
        reports = reports or classes.parent / "reports"
        path = os.pathsep.join((str(classes), self.class_path))
        command = ["java", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", path]
        command += [f"-Dallure.results.directory={reports / 'allure'}"]
        command += ["org.junit.platform.console.ConsoleLauncher", "execute"]
        command += (
            [f"--select-package={package}", "--include-classname=.*"]
            if package
            else [f"--scan-class-path={classes}"]
        )
        command += [f"--reports-dir={reports}", "--details=none", "--disable-banner"]
        done = self._run(command, environment)
        written = sorted(reports.glob("TEST-*.xml"))
        if not (reports / "TEST-junit-jupiter.xml").exists():
            pytest.fail(f"JUnit:\n{done.stdout}{done.stderr}", pytrace=False)
        return {name: one for report in written for name, one in _outcomes(report).items()}

    def _run(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **(environment or {})},
            timeout=600,
            check=False,
        )


def _outcomes(report: Path) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').rsplit('.', 1)[-1]}.{case.get('name', '')}"
        outcome = Outcome("passed")
        for tag, state in (("failure", "failed"), ("error", "error"), ("skipped", "skipped")):
            problem = case.find(tag)
            if problem is not None:
                outcome = Outcome(state, problem.get("message") or problem.text or "")
        found[name.removesuffix("()")] = outcome
    return found


def java_kit() -> JavaKit:
    """The kit, with its jars in place; skips the test where that is impossible."""
    for program in ("javac", "java", "mvn"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    return JavaKit(resolved(_COORDINATES))


def resolved(coordinates: Sequence[str]) -> Path:
    """A folder with the jars of `coordinates` and of what they need; skips without Maven."""
    if shutil.which("mvn") is None:
        pytest.skip("mvn is not installed")
    wanted = hashlib.sha256("\n".join(coordinates).encode()).hexdigest()[:12]
    libraries = _ROOT / ".cache" / "java" / wanted
    if not (libraries / "complete").exists():
        _resolve(libraries, coordinates)
    return libraries


def _resolve(libraries: Path, coordinates: Sequence[str]) -> None:
    partial = libraries.with_name(f"{libraries.name}.{os.getpid()}")
    partial.mkdir(parents=True, exist_ok=True)
    (partial / "pom.xml").write_text(_pom(coordinates), encoding="utf-8")
    command = ["mvn", "-q", "-B", "-f", str(partial / "pom.xml"), _PLUGIN]
    command.append(f"-DoutputDirectory={partial}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        shutil.rmtree(partial)
        pytest.skip(f"Maven cannot resolve the jars: {done.stdout[-500:]}")
    (partial / "complete").touch()
    try:
        partial.rename(libraries)
    except OSError:
        shutil.rmtree(partial)  # another test run was faster


def _pom(coordinates: Sequence[str]) -> str:
    dependencies = "".join(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId>"
        "<version>{}</version></dependency>".format(*each.split(":"))
        for each in coordinates
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>kit</groupId><artifactId>kit</artifactId><version>1</version>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )
