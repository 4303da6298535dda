"""Java: where existing API tests stand, with which runner, and what they can be joined by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from pe4king_server.files import Files, folder_of, join_uri

_PACKAGE = re.compile(r"^[ \t]*package[ \t]+([\w.]+)[ \t]*;", re.M)
_MAPPER = re.compile(
    r"\bcom\.fasterxml\.jackson\b|\bcom\.google\.gson\b|\.as\(\s*\w+(?:\[\])?\.class|\.body\(\s*Map\.of\("
)
"""What does not work without Jackson or Gson."""
_BUILT_WITH = re.compile(r"jackson|gson|spring-boot-starter-(?:web|json)", re.IGNORECASE)
BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")
SUBPACKAGE = "generated"


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests of one source root. `module` is the URI of the folder that is built."""

    module: str
    source_root: str
    package: str
    jupiter: bool
    """Whether its tests are JUnit 5."""
    runner: str
    """The runner as people call it."""
    allure: bool
    mapper: bool
    """Whether something is there that makes JSON of maps."""


def suite_of(callers: Iterable[str], texts: Mapping[str, str], files: Files) -> Suite | None:
    """The suite of the test files `callers`; None where they stand in several places."""
    places: set[str] = set()
    packages: list[list[str]] = []
    for uri in callers:
        named = _PACKAGE.search(texts.get(uri, ""))
        if named is None:
            return None
        folder, path = folder_of(uri), "/".join(named[1].split("."))
        if not unquote(folder).endswith(f"/{path}"):
            return None
        places.add("/".join(folder.split("/")[: -len(path.split("/"))]))
        packages.append(named[1].split("."))
    if len(places) != 1:
        return None
    [root] = places
    code = "\n".join(texts.values())
    module, source_root = _split(root)
    runner = _runner(texts[uri] for uri in callers if uri in texts)
    return Suite(
        module,
        source_root,
        ".".join((*_shared(packages), SUBPACKAGE)),
        runner == "JUnit 5",
        runner,
        "io.qameta.allure" in code,
        _MAPPER.search(code) is not None or _is_built_with_mapper(module, files),
    )


def _is_built_with_mapper(module: str, files: Files) -> bool:
    builds = (files.read(join_uri(module, name)) or "" for name in BUILDS)
    return any(map(_BUILT_WITH.search, builds))


def _shared(packages: Sequence[Sequence[str]]) -> list[str]:
    """The package around all others."""
    shared: list[str] = []
    for parts in zip(*packages, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return shared


def _split(root: str) -> tuple[str, str]:
    """The folder that is built, and the source root below it: `…/shop` and `src/test/java`."""
    parts = root.split("/")
    if len(parts) > 3 and parts[-3] == "src":
        return "/".join(parts[:-3]), "/".join(parts[-3:])
    return "/".join(parts[:-1]), parts[-1]


def _runner(texts: Iterable[str]) -> str:
    code = "\n".join(texts)
    if "org.junit.jupiter" in code:
        return "JUnit 5"
    return "TestNG" if "org.testng" in code else "JUnit 4"
