"""Where the sources of Java tests are, as their packages and folders tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")


def source_root(file: Path) -> Path:
    """The folder that the packages of `file` start in."""
    stated = _PACKAGE.search(_COMMENT.sub("", file.read_text(encoding="utf-8", errors="replace")))
    parts = PurePosixPath(stated[1].replace(".", "/")).parts if stated else ()
    folder = file.parent
    if folder.parts[len(folder.parts) - len(parts) :] != parts:
        return folder
    return folder.parents[len(parts) - 1] if parts else folder


def source_roots(files: Iterable[Path]) -> tuple[Path, ...]:
    """Where further sources are looked for: those of the tests first, then the project's own."""
    tests = list(dict.fromkeys(source_root(file) for file in files))
    return tuple(dict.fromkeys([*tests, *(each for root in tests for each in _beside(root))]))


def _beside(root: Path) -> Iterator[Path]:
    """`src/main/java` and `src/testFixtures/java` for `src/test/java`."""
    if root.name in ("java", "kotlin") and root.parent.parent.name == "src":
        for name in ("testFixtures", "main"):
            beside = root.parent.parent / name / root.name
            if beside.is_dir() and beside != root:
                yield beside


def resources(roots: Iterable[Path]) -> tuple[Path, ...]:
    """Folders with files that tests read from the class path."""
    found = (root.parent / "resources" for root in roots)
    return tuple(dict.fromkeys(each for each in found if each.is_dir()))


def module_folder(file: Path, project: Path) -> Path:
    """The folder that a build runs the tests of `file` in."""
    for folder in file.parents:
        if any((folder / name).is_file() for name in _BUILDS):
            return folder
        if folder == project:
            break
    return project
