"""The files that a Java process is started with: its arguments and its job."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pe4king_core.proof.runners.java import layout
from pe4king_core.proof.runners.java.child_classes import program
from pe4king_core.proof.running import RunRequest

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OF_JAVA = re.compile(r"(?:java|jdk|sun|os|user|file|path|line|junit|allure)\.")
_OPTIONS = (
    "-Xmx512m",
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",  # for runs this short the second compiler never pays
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+DisplayVMOutputToStderr",
    "-Dfile.encoding=UTF-8",
    "-Duser.language=en",
    "-Djava.awt.headless=true",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is: the folder for our files, the copy of the project, our server."""

    folder: Path
    project: Path
    port: int
    host: str = "127.0.0.1"

    def source(self, request: RunRequest, file: Path) -> Path:
        """The copy of a test file."""
        return self.project / (file.relative_to(request.root) if file.is_absolute() else file)

    @property
    def classes(self) -> Path:
        """Where the tests are compiled to."""
        return self.folder / "classes"


@dataclass(frozen=True, slots=True)
class Command:
    """How to start Java."""

    words: tuple[str, ...]
    folder: Path
    environment: dict[str, str]


def prepared(
    place: Place, request: RunRequest, jdk: Path, child: Path, class_path: Iterable[Path]
) -> Command:
    """The command, its files written; the job is written before each start (`write_job`)."""
    for name in ("classes", "tmp"):
        (place.folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(child, place.folder / "child", dirs_exist_ok=True)
    files = [place.source(request, each) for each in request.files]
    environment = dict(_environment(place, request))
    path = [
        place.folder / "child",
        place.classes,
        *layout.resources(layout.source_roots(files)),
        *class_path,
    ]
    arguments = [*_OPTIONS, *_settings(place, environment)]
    arguments += ["-cp", os.pathsep.join(map(str, path)), "pe4king.child.Main", str(_job(place))]
    file = place.folder / "arguments"
    file.write_text("\n".join(map(_quoted, arguments)), encoding="utf-8")
    folder = layout.module_folder(files[0], place.project) if files else place.project
    known = {name: value for name, value in environment.items() if _NAME.fullmatch(name)}
    return Command((str(program(jdk, "java")), f"@{file}"), folder, known)


def write_job(place: Place, request: RunRequest, skipped: Iterable[str]) -> None:
    """What this start has to do: everything but the tests `skipped`."""
    lines = [f"{key}\t{quote(value, safe='')}" for key, value in _job_lines(place, request)]
    lines += [f"skip\t{quote(each, safe='')}" for each in skipped]
    _job(place).write_text("\n".join(lines), encoding="ascii")


def _job(place: Place) -> Path:
    return place.folder / "job"


def _job_lines(place: Place, request: RunRequest) -> Iterator[tuple[str, str]]:
    files = [place.source(request, each) for each in request.files]
    yield from (("source", str(each)) for each in files)
    yield from (("root", str(each)) for each in layout.source_roots(files))
    yield from (("name", each) for each in request.names)
    yield "project", str(place.project)
    yield "classes", str(place.classes)
    yield "scratch", str(place.folder)
    yield "host", place.host
    yield "port", str(place.port)
    yield "milliseconds", str(max(1, round(request.test_seconds * 1000)))


def _environment(place: Place, request: RunRequest) -> Iterator[tuple[str, str]]:
    yield from request.environment.items()
    url = f"http://{place.host}:{place.port}{request.base_path}"
    yield from ((name, url) for name in request.base_urls)


def _settings(place: Place, environment: dict[str, str]) -> Iterator[str]:
    """System properties; tests may read by them what others read from the environment."""
    temporary = place.folder / "tmp"
    yield f"-Djava.io.tmpdir={temporary}"
    yield f"-Dallure.results.directory={temporary / 'allure'}"
    yield f"-XX:ErrorFile={temporary / 'error.log'}"
    for name, value in environment.items():
        if not _OF_JAVA.match(name):
            yield f"-D{name}={value}"


def _quoted(argument: str) -> str:
    """As argument files of Java have it (JDK tool specification, java, "Argument Files")."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'
