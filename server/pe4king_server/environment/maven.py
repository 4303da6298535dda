"""Maven projects: modules, parents, and the libraries that their POMs declare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from pe4king_server.environment.libraries import Coordinates, is_of_tests, is_plain
from pe4king_server.environment.look import Look, is_file, is_folder, is_here
from pe4king_server.environment.model import JavaProject, Library

_PROPERTY = re.compile(r"\$\{([^${}]+)\}")
_DEEPEST = 12
"""No longer chain of parents, and no deeper nesting of imported lists, is followed."""


@dataclass(slots=True)
class _Pom:
    """What a POM and its parents say together; the nearest statement counts."""

    properties: dict[str, str] = field(default_factory=dict)
    declared: dict[Coordinates, str] = field(default_factory=dict)
    managed: dict[Coordinates, str] = field(default_factory=dict)
    imported: list[tuple[Coordinates, str]] = field(default_factory=list)


def maven_project(look: Look, above: list[Path]) -> JavaProject | None:
    """The project of the nearest pom.xml."""
    modules = [folder for folder in above if is_file(folder / "pom.xml")]
    if not modules:
        return None
    nearest, root = modules[0], _root(look, modules)
    store = repository(look)
    wrappers = (folder / name for folder in above for name in ("mvnw", "mvnw.cmd"))
    return JavaProject(
        "maven",
        nearest / "pom.xml",
        root,
        wrapper=next((path for path in wrappers if is_file(path)), None),
        program=look.program("mvn", shims=True),
        libraries=_libraries(look, nearest / "pom.xml", store),
        classes=tuple(
            folder
            for name in ("test-classes", "classes")
            if is_folder(folder := nearest / "target" / name)
        ),
    )


def repository(look: Look) -> Path:
    """The folder that Maven keeps libraries in."""
    settings = look.xml(look.home / ".m2" / "settings.xml")
    stated = _child_text(settings, "localRepository") if settings is not None else ""
    stated = stated.replace("${user.home}", str(look.home))
    return Path(stated) if stated and "${" not in stated else look.home / ".m2" / "repository"


def _root(look: Look, modules: list[Path]) -> Path:
    """The outermost folder whose POM lists the one below, from the nearest one up."""
    root = modules[0]
    for folder in modules[1:]:
        pom = look.xml(folder / "pom.xml")
        listed = [] if pom is None else [*_texts(pom, "modules", "module")]
        if root not in ((folder / name).absolute() for name in listed):
            inside = str(root.relative_to(folder)).replace("\\", "/")
            if inside not in (name.strip("/").removeprefix("./") for name in listed):
                break
        root = folder
    return root


def _libraries(look: Look, file: Path, store: Path) -> tuple[Library, ...]:
    pom = _Pom()
    _read(look, file, store, pom, _DEEPEST)
    for coordinates, version in pom.imported:
        known = _resolved(version, pom.properties)
        lists = _Pom()
        _read(look, _stored(store, coordinates, known, ".pom"), store, lists, _DEEPEST)
        for each, stated in lists.managed.items():
            pom.managed.setdefault(each, _resolved(stated, lists.properties))
    found = []
    for coordinates, stated in pom.declared.items():
        if not is_of_tests(coordinates.name):
            continue
        version = _resolved(stated or pom.managed.get(coordinates, ""), pom.properties)
        jar = _stored(store, coordinates, version, ".jar")
        found.append(
            Library(coordinates.group, coordinates.name, version, jar if is_file(jar) else None)
        )
    return tuple(found)


def _read(look: Look, file: Path, store: Path, into: _Pom, left: int) -> None:
    """Add what the POM `file` and its parents say."""
    element = look.xml(file) if left > 0 else None
    if element is None:
        return
    parent = _child(element, "parent")
    for name in ("groupId", "version"):
        stated = _child_text(element, name) or _child_text(parent, name)
        into.properties.setdefault(f"project.{name}", stated)
    for each in _child(element, "properties") or ():
        into.properties.setdefault(_plain(each.tag), (each.text or "").strip())
    for dependency in _dependencies(element):
        into.declared.setdefault(*_entry(dependency, into.properties))
    management = _child(element, "dependencyManagement")
    for dependency in _dependencies(management):
        entry = _entry(dependency, into.properties)
        if _child_text(dependency, "scope") == "import":
            into.imported.append(entry)
        else:
            into.managed.setdefault(*entry)
    if parent is not None:
        _read(look, _parent_file(parent, file, store), store, into, left - 1)


def _parent_file(parent: Element, file: Path, store: Path) -> Path:
    relative = _child(parent, "relativePath")
    place = "../pom.xml" if relative is None else (relative.text or "").strip()
    if place and is_here(place):
        path = file.parent / place
        path = path / "pom.xml" if is_folder(path) else path
        if is_file(path):
            return path
    coordinates = Coordinates(_child_text(parent, "groupId"), _child_text(parent, "artifactId"))
    return _stored(store, coordinates, _child_text(parent, "version"), ".pom")


def _stored(store: Path, coordinates: Coordinates, version: str, ending: str) -> Path:
    """The place of a file in the local repository; of none where the coordinates are no names."""
    group, name = coordinates.group, coordinates.name
    if not is_plain(group, name, version):
        return store / "unknown"
    return store.joinpath(*group.split("."), name, version, f"{name}-{version}{ending}")


def _entry(dependency: Element, properties: Mapping[str, str]) -> tuple[Coordinates, str]:
    group, name, version = (
        _child_text(dependency, part) for part in ("groupId", "artifactId", "version")
    )
    return Coordinates(_resolved(group, properties), _resolved(name, properties)), version


def _resolved(text: str, properties: Mapping[str, str]) -> str:
    """`text` with properties put in; empty where one of them is not known."""
    for _ in range(_DEEPEST):
        match = _PROPERTY.search(text)
        if match is None or len(text) > 500:
            break
        name = match[1].replace("pom.", "project.", 1) if match[1][:4] == "pom." else match[1]
        value = properties.get(name)
        if value is None:
            return ""
        text = text[: match.start()] + value + text[match.end() :]
    return "" if "${" in text else text


def _dependencies(holder: Element | None) -> Iterator[Element]:
    listed = _child(holder, "dependencies")
    return (each for each in listed or () if _plain(each.tag) == "dependency")


def _texts(holder: Element, name: str, item: str) -> Iterator[str]:
    for each in _child(holder, name) or ():
        if _plain(each.tag) == item and each.text:
            yield each.text.strip()


def _child(holder: Element | None, name: str) -> Element | None:
    if holder is None:
        return None
    return next((each for each in holder if _plain(each.tag) == name), None)


def _child_text(holder: Element | None, name: str) -> str:
    found = _child(holder, name)
    return "" if found is None else (found.text or "").strip()


def _plain(tag: object) -> str:
    """The tag without its namespace; comments and instructions have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
