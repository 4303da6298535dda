"""The class path of Java tests: what their build says, and what runs them beside it.

Builds are run to be asked, and builds are code of the project: only with the user's consent.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.proof.runners.java.building import Tool, gradle, maven
from pe4king_core.proof.runners.java.problems import no_class_path

_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
_VERSION = re.compile(r"(?P<name>[a-z-]+?)-(?P<version>\d[\w.]*(?:-[\w.]+)?)\.jar")
_PRINT = """\
allprojects {
  tasks.register("pe4kingClassPath") {
    def sets = project.extensions.findByName("sourceSets")
    def test = sets == null ? null : sets.findByName("test")
    def path = test == null ? files() : test.runtimeClasspath
    def out = file(System.getProperty("pe4king.out"))
    inputs.files(path).withPropertyName("path").optional()
    doLast { out.text = path.files.join(File.pathSeparator) }
  }
}
"""


@dataclass(frozen=True, slots=True)
class ClassPaths:
    """Asks build tools. `cache` is ours to write to; `environment` is the user's.

    `maven` is Maven's program, needed for the jars that no build names; None: they are not had.
    """

    jdk: Path
    cache: Path
    maven: Path | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def of_build(self, file: Path, program: Path) -> tuple[Path, ...]:
        """What the tests of a `pom.xml` or `build.gradle` need; raises JavaRunnerError."""
        tool = Tool(program, self.jdk, self.environment)
        with tempfile.TemporaryDirectory(prefix="pe4king-") as folder:
            out = Path(folder) / "class_path"
            if file.name == "pom.xml":
                wanted = f"-Dmdep.outputFile={out}", "-Dmdep.includeScope=test"
                maven(tool, file, (f"{_DEPENDENCIES}:build-classpath", *wanted))
            else:
                script = Path(folder) / "print.gradle"
                script.write_text(_PRINT, encoding="utf-8")
                said = f"-Dpe4king.out={out}", "--project-cache-dir", str(Path(folder) / "cache")
                gradle(tool, file, ("-q", "-I", str(script), *said, "pe4kingClassPath"))
            if not out.is_file():
                raise no_class_path(program.name, "it said nothing")
            text = out.read_text(encoding="utf-8").strip()
        found = tuple(Path(each) for each in text.split(os.pathsep) if each)
        return (*found, *self._engines(found))

    def bundled(self) -> tuple[Path, ...]:
        """The jars that our own Java tests are written for; raises JavaRunnerError."""
        from pe4king_core.rendering.templates import template

        pom = template("junit_restassured/pom.xml.jinja").render(package="bundled", allure=True)
        return self._copied(pom)

    def _engines(self, found: Sequence[Path]) -> tuple[Path, ...]:
        """The engines that Maven's Surefire would add by itself, of the versions in use."""
        versions = {
            match["name"]: match["version"]
            for match in (_VERSION.fullmatch(each.name) for each in found)
            if match
        }
        wanted = []
        if "junit-jupiter-api" in versions and "junit-jupiter-engine" not in versions:
            engine = "org.junit.jupiter", "junit-jupiter-engine"
            wanted.append((*engine, versions["junit-jupiter-api"]))
        if not wanted:
            return ()
        names = {each.name for each in found}
        return tuple(each for each in self._copied(_pom(wanted)) if each.name not in names)

    def _copied(self, pom: str) -> tuple[Path, ...]:
        """The jars of a POM of ours, copied into the cache once."""
        folder = self.cache / hashlib.sha256(pom.encode()).hexdigest()[:16]
        if not folder.is_dir():
            if self.maven is None:
                raise no_class_path("Maven", "it is not installed")
            self.cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.cache, prefix="partial-") as made:
                file, jars = Path(made) / "pom.xml", Path(made) / "jars"
                file.write_text(pom, encoding="utf-8")
                wanted = f"-DoutputDirectory={jars}", "-DincludeScope=test"
                tool = Tool(self.maven, self.jdk, self.environment)
                maven(tool, file, (f"{_DEPENDENCIES}:copy-dependencies", *wanted))
                _move(jars, folder)
        return tuple(sorted(folder.glob("*.jar")))


def _move(jars: Path, folder: Path) -> None:
    try:
        jars.rename(folder)
    except OSError:
        if not folder.is_dir():  # nobody else was faster
            shutil.copytree(jars, folder)


def _pom(coordinates: Sequence[tuple[str, str, str]]) -> str:
    listed = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version></dependency>"
        for group, name, version in coordinates
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>pe4king</groupId><artifactId>engines</artifactId><version>1</version>"
        f"<dependencies>{listed}</dependencies></project>"
    )
