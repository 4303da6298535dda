"""Gradle projects: the libraries that build files and version catalogs write out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pe4king_server.environment.libraries import Coordinates, is_of_tests, is_plain
from pe4king_server.environment.look import Look, is_file, is_folder
from pe4king_server.environment.model import JavaProject, Library

BUILD = ("build.gradle", "build.gradle.kts")
_SETTINGS = ("settings.gradle", "settings.gradle.kts")
_LINE_COMMENT = re.compile(r"(?<![:\"'])//[^\n]*")
_STRING = re.compile(r"[\"']([\w.-]+):([\w.-]+)(?::([\w.$+{}-]+))?(?:@\w+)?[\"']")
_NAMED = re.compile(
    r"group\s*[:=]\s*[\"']([\w.-]+)[\"']\s*,\s*name\s*[:=]\s*[\"']([\w.-]+)[\"']"
    r"(?:\s*,\s*version\s*[:=]\s*[\"']([\w.$+{}-]+)[\"'])?"
)
_ALIAS = re.compile(r"\blibs\.([A-Za-z][\w.]*)")
_PROPERTY = re.compile(r"\$\{?(\w+)\}?")
_VALUE = re.compile(r"\b(\w+)\s*=\s*[\"']([\w.+-]+)[\"']")


def gradle_project(look: Look, above: list[Path]) -> JavaProject | None:
    """The project of the nearest build file."""
    found = [(folder, name) for folder in above for name in BUILD if is_file(folder / name)]
    if not found:
        return None
    nearest, name = found[0]
    root = next(
        (
            folder
            for folder in above
            if folder in (nearest, *nearest.parents)
            and any(is_file(folder / each) for each in _SETTINGS)
        ),
        nearest,
    )
    wrappers = (folder / each for folder in above for each in ("gradlew", "gradlew.bat"))
    return JavaProject(
        "gradle",
        nearest / name,
        root,
        wrapper=next((path for path in wrappers if is_file(path)), None),
        program=look.program("gradle", shims=True),
        libraries=_libraries(look, nearest, root),
        classes=tuple(_classes(nearest)),
    )


def _classes(folder: Path) -> Iterator[Path]:
    for language in ("java", "kotlin"):
        for name in ("test", "main"):
            found = folder / "build" / "classes" / language / name
            if is_folder(found):
                yield found


def _libraries(look: Look, folder: Path, root: Path) -> tuple[Library, ...]:
    """What the module's build file and the root's declare; versions where they are written out."""
    texts = [
        _without_comments(look.text(place / name) or "")
        for place in dict.fromkeys((folder, root))
        for name in BUILD
    ]
    values = dict(_values(look, root, texts))
    stated: dict[Coordinates, str] = {}
    for text in texts:
        for pattern in (_STRING, _NAMED):
            for group, name, version in pattern.findall(text):
                if is_of_tests(name):
                    stated.setdefault(Coordinates(group, name), _filled(version, values))
        for coordinates, version in _aliased(look, root, text):
            stated.setdefault(coordinates, version)
    store = look.folder("GRADLE_USER_HOME", look.home / ".gradle")
    store = store / "caches" / "modules-2" / "files-2.1"
    return tuple(
        Library(each.group, each.name, version, _jar(look, store, each, version))
        for each, version in stated.items()
    )


def _without_comments(text: str) -> str:
    kept: list[str] = []
    place = 0
    while (start := text.find("/*", place)) >= 0:
        kept.append(text[place:start])
        end = text.find("*/", start + 2)
        place = len(text) if end < 0 else end + 2
    return _LINE_COMMENT.sub("", "".join((*kept, text[place:])))


def _values(look: Look, root: Path, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Names that versions may be written with: properties of the project, then of its files."""
    for text in texts:
        yield from _VALUE.findall(text)
    for line in (look.text(root / "gradle.properties") or "").splitlines():
        name, mark, value = line.partition("=")
        if mark and not line.startswith("#"):
            yield name.strip(), value.strip()


def _filled(version: str, values: dict[str, str]) -> str:
    """`version` with its properties put in; empty where one is not known."""
    text = _PROPERTY.sub(lambda match: values.get(match[1], "$"), version)
    return "" if "$" in text else text


def _aliased(look: Look, root: Path, text: str) -> Iterator[tuple[Coordinates, str]]:
    """The libraries that `libs.rest.assured` and the like stand for."""
    used = {alias.lower() for alias in _ALIAS.findall(text)}
    catalog = look.toml(root / "gradle" / "libs.versions.toml") if used else {}
    libraries, versions = catalog.get("libraries"), catalog.get("versions")
    bundles = catalog.get("bundles")
    if not isinstance(libraries, dict):
        return
    for alias, members in bundles.items() if isinstance(bundles, dict) else ():
        if f"bundles.{_dotted(alias)}" in used and isinstance(members, list):
            used |= {_dotted(str(member)) for member in members}
    for alias, stated in libraries.items():
        library = _library(stated, versions if isinstance(versions, dict) else {})
        if _dotted(alias) in used and library is not None and is_of_tests(library[0].name):
            yield library


def _library(stated: object, versions: dict[str, object]) -> tuple[Coordinates, str] | None:
    """The coordinates and version of an entry of the catalog, in each of its notations."""
    if isinstance(stated, str):
        parts = (*stated.split(":"), "", "")
        return Coordinates(parts[0], parts[1]), parts[2]
    if not isinstance(stated, dict):
        return None
    version: object = stated.get("version", "")
    if isinstance(version, dict):
        version = versions.get(str(version.get("ref")), "")
    group, _, name = str(stated.get("module", "")).partition(":")
    group, name = str(stated.get("group", group)), str(stated.get("name", name))
    return Coordinates(group, name), version if isinstance(version, str) else ""


def _dotted(alias: str) -> str:
    return re.sub(r"[-_]", ".", alias).lower()


def _jar(look: Look, store: Path, coordinates: Coordinates, version: str) -> Path | None:
    """The library's file in the cache, which lies in a folder named by its hash."""
    if not is_plain(*coordinates, version):
        return None
    folder = store / coordinates.group / coordinates.name / version
    for name in look.names(folder):
        jar = folder / name / f"{coordinates.name}-{version}.jar"
        if is_file(jar):
            return jar
    return None
