"""google-java-format as the judge of our layout; resolved by Maven once per checkout.

assert not reformatted({"api/BooksTest.java": text}, tmp_path)
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.rendering.java_kit import resolved

_COORDINATES = (
    "com.google.googlejavaformat:google-java-format:1.24.0",
    "com.google.guava:guava:32.1.3-jre",
)
_PACKAGES = ("api", "code", "file", "parser", "tree", "util")


def reformatted(sources: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """The lines that google-java-format would change, by file; skips where it is not to be had."""
    jars = resolved(_COORDINATES)
    files: list[str] = []
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        files.append(str(path))
    opened = (f"--add-exports=jdk.compiler/com.sun.tools.javac.{x}=ALL-UNNAMED" for x in _PACKAGES)
    main = "com.google.googlejavaformat.java.Main"
    command = ["java", *opened, "-Dfile.encoding=UTF-8", "-cp", f"{jars}{os.sep}*", main, "-r"]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=300)
    return {
        name: changed
        for name, text in sources.items()
        if (changed := _changed(text, (folder / name).read_text("utf-8")))
    }


def _changed(before: str, after: str) -> list[str]:
    kept = set(after.split("\n"))
    return [line for line in before.split("\n") if line not in kept] or [""] * (before != after)
