"""Our part of the Java process, compiled once for each JDK and each version of JUnit."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pe4king_core.proof.runners.java.problems import no_compiler, no_platform

_SOURCES = Path(__file__).with_name("child")
_SECONDS = 120


def program(jdk: Path, name: str) -> Path:
    """A program of the JDK."""
    return jdk / "bin" / (f"{name}.exe" if os.name == "nt" else name)


def child_classes(jdk: Path, class_path: Sequence[Path], cache: Path) -> Path:
    """The folder of compiled classes in `cache`; raises JavaRunnerError."""
    if not program(jdk, "javac").is_file():
        raise no_compiler(jdk)
    sources = sorted(_SOURCES.glob("*.java"))
    classes = cache / _key(jdk, class_path, sources)
    if not classes.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="partial-") as folder:
            partial = Path(folder) / "classes"
            _compile(jdk, class_path, sources, partial)
            _move(partial, classes)
    return classes


def _key(jdk: Path, class_path: Sequence[Path], sources: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    release = jdk / "release"
    digest.update(release.read_bytes() if release.is_file() else str(jdk).encode())
    for source in sources:
        digest.update(source.read_bytes())
    platform = (each for each in class_path if each.name.startswith("junit-platform-"))
    for jar in sorted(platform):
        digest.update(f"{jar.name} {jar.stat().st_size if jar.is_file() else 0}\n".encode())
    return digest.hexdigest()[:16]


def _compile(jdk: Path, class_path: Sequence[Path], sources: Sequence[Path], into: Path) -> None:
    # No annotation processors: they would be code of the class path, run outside of the sandbox.
    options = ["-proc:none", "-nowarn", "-encoding", "UTF-8", "-d", str(into)]
    path = os.pathsep.join(map(str, class_path))
    done = subprocess.run(  # noqa: S603 - the user's own compiler on our own sources
        [program(jdk, "javac"), *options, "-cp", path, *map(str, sources)],
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise no_platform(next((line for line in done.stderr.splitlines() if "error:" in line), ""))


def _move(partial: Path, classes: Path) -> None:
    try:
        partial.rename(classes)
    except OSError:
        if not classes.is_dir():
            shutil.copytree(partial, classes, dirs_exist_ok=True)
