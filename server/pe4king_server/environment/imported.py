"""The project's own files that tests import: settings are often read there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from pe4king_core.model.source import SourceLanguage
from pe4king_server.environment.look import Look

_FROM = re.compile(r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)", re.M)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([\w.]+(?:[ \t]*(?:,|as)[ \t]*[\w.]+)*)", re.M)
_JAVA_IMPORT = re.compile(r"^[ \t]*import\s+(?:static\s+)?([\w.]+?)(?:\.\*)?\s*;", re.M)
_PACKAGE = re.compile(r"^[ \t]*package\s+([\w.]+)\s*;", re.M)
_MOST = 60
_ROOTS = ("src", "lib", "src/test/python")


def with_imported(
    look: Look, texts: Mapping[Path, str], above: Iterable[Path], language: SourceLanguage
) -> dict[Path, str]:
    """`texts` and those of the project's files that they import, and so on; at most 60 more."""
    found = dict(texts)
    folders = list(above)
    queue = list(texts)
    while queue and len(found) < len(texts) + _MOST:
        file = queue.pop(0)
        named = _java if language is SourceLanguage.JAVA else _python
        for path in named(look, file, found[file], folders):
            if path in found:
                continue
            text = look.text(path)
            if text is not None:
                found[path] = text
                queue.append(path)
    return found


def _python(_: Look, file: Path, text: str, folders: list[Path]) -> Iterator[Path]:
    roots = [file.parent, *folders, *(folder / each for folder in folders for each in _ROOTS)]
    for dots, module, names in _FROM.findall(text):
        parents = [file, *file.parents]
        starts = parents[len(dots) : len(dots) + 1] if dots else roots
        members = re.findall(r"\w+", re.sub(r"\bas\s+\w+", "", names))
        for start in starts:
            base = start.joinpath(*filter(None, module.split(".")))
            yield from _module(base)
            for member in members:
                yield from _module(base / member)
    for names in _IMPORT.findall(text):
        for name in re.findall(r"[\w.]+", re.sub(r"\bas\s+\w+", "", names)):
            for start in roots:
                yield from _module(start.joinpath(*filter(None, name.split("."))))


def _module(base: Path) -> Iterator[Path]:
    if base.name:
        yield base.with_name(f"{base.name}.py")
        yield base / "__init__.py"


def _java(look: Look, file: Path, text: str, _: list[Path]) -> Iterator[Path]:
    """The classes that are imported, and those of the same package."""
    package = _PACKAGE.search(text)
    steps = package[1].split(".") if package is not None else []
    if tuple(file.parent.parts[-len(steps) :] if steps else ()) != tuple(steps):
        return
    root = file.parents[len(steps)]
    for name in _JAVA_IMPORT.findall(text):
        place = PurePosixPath(*name.split("."))
        for each in (place, place.parent):  # a static import names a member of its class
            yield root / each.with_suffix(".java") if each.name else file
    yield from (file.parent / each for each in look.names(file.parent) if each.endswith(".java"))
