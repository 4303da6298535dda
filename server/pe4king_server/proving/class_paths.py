"""The class path of Java tests: asked of the build once, remembered until the build changes.

Asking runs code of the project: whoever calls this has the user's consent.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from uuid import uuid4

from pe4king_server.environment.model import Environment, JavaProject


def proof_cache() -> Path:
    """Our own folder for what is asked or made once."""
    from platformdirs import user_cache_path

    return user_cache_path("pe4king") / "proof"


def class_path(environment: Environment, cache: Path) -> tuple[Path, ...]:
    """What the tests are compiled and run with; raises UserError where the build does not say.

    Where there is no build it is what our own Java tests need.
    """
    from pe4king_core.proof.runners.java.class_path import ClassPaths

    assert environment.jdk is not None  # noqa: S101 - asked for by who has a JDK
    maven = shutil.which("mvn")
    paths = ClassPaths(environment.jdk.home, cache, None if maven is None else Path(maven))
    project = environment.java
    program = None if project is None else project.wrapper or project.program
    if project is None or program is None:
        return paths.bundled()
    place = cache / f"class-path-{_key(project)}.json"
    found = _remembered(place)
    if found is None:
        found = paths.of_build(project.file, program)
        _remember(place, found)
    return found


def _key(project: JavaProject) -> str:
    """Changes with the build files: the nearest one, and that of the whole project."""
    known = hashlib.sha256()
    for file in dict.fromkeys((project.file, project.root / project.file.name)):
        known.update(str(file).encode("utf-8", "surrogateescape"))
        known.update(file.read_bytes() if file.is_file() else b"")
    return known.hexdigest()[:32]


def _remembered(place: Path) -> tuple[Path, ...] | None:
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    found = tuple(Path(each) for each in told if isinstance(each, str))
    there = all(path.exists() for path in found if path.suffix == ".jar")
    return found if there else None


def _remember(place: Path, found: tuple[Path, ...]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{uuid4().hex}.tmp")
    temporary.write_text(json.dumps([str(each) for each in found]), encoding="utf-8")
    temporary.replace(place)
