"""What is installed beside an interpreter, by the names of its metadata; nothing is imported."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pe4king_server.environment.look import Look, is_here
from pe4king_server.environment.model import Package

OF_TESTS = frozenset(
    {"pytest", "pytest-asyncio", "pytest-check", "pytest-base-url", "pytest-xdist", "nose2"}
    | {"httpx", "requests", "aiohttp", "urllib3", "starlette", "fastapi", "flask", "django"}
    | {"pydantic", "jsonschema", "assertpy", "pyhamcrest", "allure-pytest", "hypothesis"}
    | {"schemathesis", "responses", "respx", "tavern", "faker", "tenacity"}
)
"""Packages that tests of an API are written with."""

_METADATA = re.compile(
    r"(?P<name>[A-Za-z0-9._]+?)-(?P<version>\d[\w.!+]*)(?:-py[\d.]+)?\.(?:dist|egg)-info"
)
_PYTHON = re.compile(r"(?:python|pypy)(\d+\.\d+)t?")
_CONFIG = re.compile(r"^[ \t]*([\w-]+)[ \t]*=(.*)$", re.MULTILINE)


def packages_of(look: Look, interpreter: Path) -> tuple[Package, ...]:
    """The installed packages of `OF_TESTS` by name; the first place that has one counts."""
    found: dict[str, Package] = {}
    for folder in _places(look, interpreter):
        for entry in look.names(folder):
            match = _METADATA.fullmatch(entry)
            if match is not None:
                name = re.sub(r"[-_.]+", "-", match["name"]).lower()
                if name in OF_TESTS:
                    found.setdefault(name, Package(name, match["version"]))
    return tuple(sorted(found.values(), key=lambda each: each.name))


def version_of(look: Look, interpreter: Path) -> str:
    """The version of the interpreter as far as files tell it; else empty."""
    config = _config(look, _prefix(interpreter))
    stated = config.get("version") or config.get("version_info", "")
    if stated:
        return ".".join(stated.split(".")[:3])
    for name in (interpreter.name, Path(os.path.realpath(interpreter)).name):
        match = _PYTHON.match(name)
        if match is not None:
            return match[1]
    prefix = _prefix(interpreter)
    names = [match[1] for name in look.names(prefix / "lib") if (match := _PYTHON.fullmatch(name))]
    return names[0] if len(names) == 1 else ""


def _prefix(interpreter: Path) -> Path:
    """The folder that an environment is: above `bin` and `Scripts`."""
    folder = interpreter.parent
    return folder.parent if folder.name.lower() in ("bin", "scripts") else folder


def _config(look: Look, prefix: Path) -> dict[str, str]:
    text = look.text(prefix / "pyvenv.cfg") or ""
    return {match[1].lower(): match[2].strip() for match in _CONFIG.finditer(text)}


def _places(look: Look, interpreter: Path) -> Iterator[Path]:
    """Folders of installed packages, the environment's own first."""
    prefix = _prefix(interpreter)
    config = _config(look, prefix)
    version = ".".join(version_of(look, interpreter).split(".")[:2])
    yield from _below(look, prefix, version)
    if config and config.get("include-system-site-packages", "").lower() != "true":
        return
    home = config.get("home", "")
    base = Path(home) if home and is_here(home) else Path(os.path.realpath(interpreter)).parent
    yield from _below(look, _prefix(base / "python"), version)
    if not config:
        yield look.home / ".local" / "lib" / f"python{version}" / "site-packages"
    if os.name != "nt":
        yield Path(f"/usr/local/lib/python{version}/dist-packages")


def _below(look: Look, prefix: Path, version: str) -> Iterator[Path]:
    for name in ("lib", "lib64"):
        for entry in look.names(prefix / name):
            match = _PYTHON.fullmatch(entry)
            if match is not None and version in ("", match[1]):
                yield prefix / name / entry / "site-packages"
                yield prefix / name / entry / "dist-packages"
    yield prefix / "Lib" / "site-packages"
    if version.startswith("3"):
        yield prefix / "lib" / "python3" / "dist-packages"
