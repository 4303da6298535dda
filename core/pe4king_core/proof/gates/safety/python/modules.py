"""Which modules are imported, and what is used of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.knowing import Known
from pe4king_core.proof.gates.safety.python import tables
from pe4king_core.proof.gates.safety.python.code import PythonCode, imported
from pe4king_core.proof.gates.safety.python.places import danger

_IMPORTS = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_MOST_FILES = 300
_LARGEST = 1_000_000


def dangers(code: PythonCode, known: Known) -> Iterator[Danger]:
    """Imports of what tests do not need, and ways to it through what they may import."""
    for node in code.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _import(code, node, known)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield from _use(code, node)
    for value in code.assigned.get("pytest_plugins", ()):
        yield from _plugins(code, value, known)


def _plugins(code: PythonCode, value: ast.expr, known: Known) -> Iterator[Danger]:
    """Modules that pytest imports by the names in `pytest_plugins`."""
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            harm = refusal(node.value)
            if harm is not None:
                yield danger(code, node, harm)
            elif not _is_known(node.value, known):
                yield danger(code, node, Harm.UNKNOWN, fatal=False)


def harm_of(module: str) -> Harm:
    """What a module of the standard library is refused for."""
    top = module.partition(".")[0]
    for names, harm in (
        (tables.PROGRAMS, Harm.PROGRAMS),
        (tables.FILES, Harm.FILES),
        (tables.NETWORK, Harm.NETWORK),
        (tables.THREADS, Harm.THREADS),
    ):
        if module in names or top in names:
            return harm
    return Harm.MODULE


def refusal(name: str) -> Harm | None:
    """Why the dotted `name` of something imported may not be used; None where it may."""
    parts = name.lstrip(".").split(".")
    prefixes = [".".join(parts[: size + 1]) for size in range(len(parts))]
    if any(prefix in tables.EXCEPT for prefix in prefixes):
        return Harm.CODE
    if not name.startswith("."):
        for prefix, part in zip(prefixes, parts[1:], strict=False):
            allowed = tables.ONLY.get(prefix)
            if allowed is not None and part not in allowed:
                return harm_of(f"{prefix}.{part}" if prefix != "os" else prefix)
        if parts[0] in tables.UNSAFE_MODULES:
            return harm_of(name)
    for part in parts[0 if name.startswith(".") else 1 :]:
        if part in tables.UNSAFE_MODULES and part not in ("http", "email", "types", "queue"):
            harmless = part not in tables.MODULE_NAMES and parts[0] not in tables.FREE
            if not harmless:
                return harm_of(part)
        if part in tables.MODULE_NAMES:
            return harm_of(part)
        if part.startswith("_") and part not in tables.DUNDERS_READ:
            return Harm.CODE
    return None


def _import(code: PythonCode, node: ast.Import | ast.ImportFrom, known: Known) -> Iterator[Danger]:
    for bound, origin in imported(node):
        names = [origin]
        if isinstance(node, ast.Import):
            names = [
                each.name for each in node.names if (each.asname or each.name).startswith(bound)
            ]
        for name in names:
            harm = refusal(name)
            if harm is not None:
                yield danger(code, node, harm, name)
            elif not _is_known(name, known):
                yield danger(code, node, Harm.UNKNOWN, name.partition(".")[0], fatal=False)
        if bound == "*" and origin.partition(".")[0] in tables.ONLY:
            yield danger(code, node, harm_of(origin), f"from {origin} import *")


def _use(code: PythonCode, node: ast.Name | ast.Attribute) -> Iterator[Danger]:
    """The longest chain `a.b.c` that something imported begins."""
    parent = code.parents.get(node)
    if isinstance(parent, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return
    for name in sorted(code.origin(node)):
        harm = refusal(name)
        if harm is not None:
            yield danger(code, node, harm)
        elif _is_module(name) and not _is_alias(parent):
            yield danger(code, node, Harm.CODE)


def _is_module(name: str) -> bool:
    """Whether the name is a module that we know to be one: handed on, nobody sees what is used."""
    return name in tables.STANDARD or name in tables.ONLY or name in tables.LIBRARIES


def _is_alias(parent: ast.AST | None) -> bool:
    """Whether only another name is given, which is followed."""
    if isinstance(parent, ast.Assign):
        return all(isinstance(each, ast.Name) for each in parent.targets)
    if isinstance(parent, ast.AnnAssign):
        return isinstance(parent.target, ast.Name)
    return isinstance(parent, ast.Expr)


def _is_known(name: str, known: Known) -> bool:
    top = name.partition(".")[0]
    if not top or top in tables.STANDARD or top in tables.LIBRARIES:
        return True
    folders = {known.root, known.folder}
    if known.folder is not None:
        folders |= set(known.folder.parents[:2])
    if any(each is not None and _is_in(each, top) for each in folders):
        return True
    return known.root is not None and top in _imports_of(known.root)


def _is_in(folder: Path, top: str) -> bool:
    """Whether the project has a module `top` where tests would import it from."""
    return any(
        (base / top).is_dir() or (base / f"{top}.py").is_file()
        for base in (folder, folder / "src", folder / "tests", folder / "test")
    )


@cache
def _imports_of(root: Path) -> frozenset[str]:
    """The modules that the Python files of a project import already."""
    found: set[str] = set()
    paths = (path for pattern in ("*.py", "*/*.py", "*/*/*.py") for path in root.glob(pattern))
    for _, path in zip(range(_MOST_FILES), paths, strict=False):
        try:
            if path.is_file() and path.stat().st_size < _LARGEST:
                found.update(_IMPORTS.findall(path.read_text(encoding="utf-8", errors="replace")))
        except OSError:
            continue  # a file that cannot be read tells of no import
    return frozenset(found)
