"""What `javac` says of one file; annotation processors are code of others and are not run."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from os import pathsep
from pathlib import Path

from pe4king_core.model.message import Message

_SECONDS = 120
_ERROR = re.compile(r"^(.*?\.java):(\d+): error: (.*)$", re.MULTILINE)
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_SYMBOL = re.compile(r"\s*symbol:\s+(.*)")
_SOURCES = ("src/test/java", "src/main/java", "src/integrationTest/java", "src/it/java", "src", ".")
_OPTIONS = ("-proc:none", "-Xlint:none", "-nowarn", "-implicit:none", "-Xmaxerrs", "50")


@dataclass(frozen=True, slots=True)
class Said:
    """One error: of our file where `own`; `line` from 1."""

    own: bool
    line: int
    message: str


def compile_text(
    text: str,
    jdk: Path,
    class_path: tuple[Path, ...],
    root: Path | None,
    texts: Mapping[str, str],
) -> list[Said] | Message:
    """The errors in `text`, compiled with the project's sources; or why it was not compiled."""
    program = next((each for each in _programs(jdk) if each.is_file()), None)
    if program is None:
        return Message(f"there is no javac in {jdk.name}", f"в {jdk.name} нет javac")
    with tempfile.TemporaryDirectory(prefix="pe4king-javac-") as scratch:
        folder = Path(scratch)
        file = _laid_out(folder / "own", text)
        for other in texts.values():
            if _package(other) is not None:
                _laid_out(folder / "own", other, unless=file)
        return _run(program, folder, file, class_path, root)


def _programs(jdk: Path) -> tuple[Path, Path]:
    return jdk / "bin" / "javac", jdk / "bin" / "javac.exe"


def _package(text: str) -> str | None:
    found = _PACKAGE.search(text)
    if found is not None:
        return found[1]
    return "" if _TYPE.search(text) else None


def _laid_out(folder: Path, text: str, unless: Path | None = None) -> Path:
    """Write `text` where Java wants it: by its package and its public type."""
    public = re.search(r"\bpublic\s+(?:\w+\s+)*?(?:class|interface|enum|record)\s+(\w+)", text)
    named = public or _TYPE.search(text)
    place = folder.joinpath(*[part for part in (_package(text) or "").split(".") if part])
    path = place / f"{named[1] if named else 'Unnamed'}.java"
    if path != unless:
        place.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def _run(
    program: Path, folder: Path, file: Path, class_path: tuple[Path, ...], root: Path | None
) -> list[Said] | Message:
    (folder / "classes").mkdir()
    sources = [folder / "own"]
    if root is not None:
        sources += [root / each for each in _SOURCES if (root / each).is_dir()]
    command = [
        str(program),
        *("-J-Xmx768m", "-J-XX:TieredStopAtLevel=1", "-J-Duser.language=en", "-encoding", "UTF-8"),
        *_OPTIONS,
        *("-d", str(folder / "classes")),
        *("-classpath", pathsep.join(str(each) for each in class_path)),
        *("-sourcepath", pathsep.join(str(each) for each in sources)),
        str(file),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - the JDK's compiler, which runs nothing of the project
            command,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Message(f"no answer in {_SECONDS} seconds", f"нет ответа за {_SECONDS} секунд")
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Message(f"javac does not start: {why}", f"javac не запускается: {why}")
    if done.returncode == 0:
        return []
    found = _errors(done.stdout + done.stderr, file)
    if found:
        return found
    return Message(f"javac ended with {done.returncode}", f"javac завершился с {done.returncode}")


def _errors(output: str, file: Path) -> list[Said]:
    lines = output.splitlines()
    found: list[Said] = []
    for index, line in enumerate(lines):
        match = _ERROR.match(line)
        if match is None:
            continue
        symbols = (_SYMBOL.match(each) for each in lines[index + 1 : index + 5])
        symbol = next((each[1] for each in symbols if each is not None), "")
        message = f"{match[3]}: {' '.join(symbol.split())}" if symbol else match[3]
        found.append(Said(Path(match[1]) == file, int(match[2]), message))
    return found
