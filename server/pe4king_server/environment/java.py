"""The build and the Java installation of Java tests."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_server.environment.gradle import gradle_project
from pe4king_server.environment.look import Look, is_program
from pe4king_server.environment.maven import maven_project
from pe4king_server.environment.model import JavaProject, Jdk

_VERSION = re.compile(r'^JAVA_VERSION="?([\w.+-]+)', re.MULTILINE)


def find_project(look: Look, folder: Path) -> JavaProject | None:
    """The Maven or Gradle project that `folder` belongs to; the nearer one of both."""
    above = look.above(folder)
    found = [
        project
        for project in (maven_project(look, above), gradle_project(look, above))
        if project is not None
    ]
    return max(found, key=lambda project: len(project.file.parts), default=None)


def find_jdk(look: Look) -> Jdk | None:
    """JAVA_HOME, else the Java on the PATH."""
    stated = look.variable("JAVA_HOME")
    if stated:
        origin = Message("the environment variable JAVA_HOME", "переменная окружения JAVA_HOME")
        found = _jdk(look, Path(stated), origin)
        if found is not None:
            return found
        look.problem(
            Message(f"JAVA_HOME ({stated}) holds no Java.", f"В JAVA_HOME ({stated}) нет Java.")
        )
    program = look.program("javac", "java")
    if program is None:
        return None
    # Systems put links to the chosen installation on the PATH.
    real = Path(os.path.realpath(program))
    origin = Message("the first on the PATH", "первая в PATH")
    return _jdk(look, real.parent.parent, origin) or Jdk(
        real.parent.parent, origin, compiler=real.stem == "javac"
    )


def _jdk(look: Look, home: Path, origin: Message) -> Jdk | None:
    names = ("javac", "java", "javac.exe", "java.exe")
    there = {name.removesuffix(".exe") for name in names if is_program(home / "bin" / name)}
    if not there:
        return None
    stated = _VERSION.search(look.text(home / "release") or "")
    return Jdk(home, origin, stated[1] if stated else "", compiler="javac" in there)
