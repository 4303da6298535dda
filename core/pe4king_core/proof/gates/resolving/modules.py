"""Python modules as files: where they are and which names they have, without importing them."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LARGEST = 4_000_000
_DEPTH = 6
"""How many star imports may lead from one module to the next."""
_OF_ALL = frozenset(
    {"__name__", "__doc__", "__file__", "__path__", "__spec__", "__package__", "__dict__"}
    | {"__loader__", "__version__", "__all__"}
)


@dataclass(frozen=True, slots=True)
class Module:
    """A module of that dotted name; `source` is None for a compiled one and a bare folder.

    `stub` says what a compiled one has; `folder` is where its submodules are.
    """

    name: str
    source: Path | None = None
    stub: Path | None = None
    folder: Path | None = None


def find(name: str, folders: Sequence[Path]) -> Module | None:
    """The module `name` in the first of `folders` that has it (PEP 420 for bare folders)."""
    places = list(folders)
    found: Module | None = None
    for number, part in enumerate(name.split(".")):
        dotted = ".".join(name.split(".")[: number + 1])
        found = _part(dotted, part, places)
        if found is None:
            return None
        places = [] if found.folder is None else [found.folder]
        if found.folder is not None and found.source is None:
            places = [each / part for each in folders if (each / part).is_dir()] or places
    return found


def _part(dotted: str, part: str, folders: Sequence[Path]) -> Module | None:
    bare: Path | None = None
    for folder in folders:
        for package in (folder / part, folder / f"{part}-stubs"):
            for ending in (".py", ".pyi"):
                source = package / f"__init__{ending}"
                if source.is_file():
                    stub = package / "__init__.pyi"
                    return Module(dotted, source, stub if stub.is_file() else None, package)
        source = folder / f"{part}.py"
        if source.is_file():
            stub = folder / f"{part}.pyi"
            return Module(dotted, source, stub if stub.is_file() else None)
        if _is_compiled(folder, part):
            stub = folder / f"{part}.pyi"
            return Module(dotted, None, stub if stub.is_file() else None, None)
        if bare is None and (folder / part).is_dir():
            bare = folder / part
    return None if bare is None else Module(dotted, None, None, bare)


def _is_compiled(folder: Path, part: str) -> bool:
    try:
        return any(
            each.name.endswith((".so", ".pyd"))
            for each in folder.glob(f"{part}.*")
            if each.is_file()
        )
    except OSError:
        return False


def names_of(module: Module, folders: Sequence[Path], depth: int = _DEPTH) -> frozenset[str] | None:
    """The names that `module` has; None where only running it would tell."""
    if module.source is None:
        return None if module.stub is None else _resolved(module, module.stub, folders, depth)
    own = _resolved(module, module.source, folders, depth)
    if own is None or module.stub is None:
        return own
    stub = _resolved(module, module.stub, folders, depth)
    return None if stub is None else own | stub


def _resolved(
    module: Module, path: Path, folders: Sequence[Path], depth: int
) -> frozenset[str] | None:
    text = _text(path)
    parsed = None if text is None else _defined(text)
    if parsed is None or depth <= 0:
        return None
    names, stars = parsed
    found = set(names) | _OF_ALL
    if module.folder is not None:
        found |= _submodules(module.folder)
    for star in stars:
        inner = find(absolute(star, module.name, is_package=module.folder is not None), folders)
        inner_names = None if inner is None else names_of(inner, folders, depth - 1)
        if inner_names is None:
            return None
        found |= inner_names
    return frozenset(found)


def absolute(name: str, module: str, *, is_package: bool) -> str:
    """The dotted name that the relative one `name` (`..x.y`) means inside of `module`."""
    dots = len(name) - len(name.lstrip("."))
    if not dots:
        return name
    parts = module.split(".") if module else []
    up = dots - 1 if is_package else dots
    kept = parts[: len(parts) - up] if up else parts
    return ".".join([*kept, *([name[dots:]] if name[dots:] else [])])


def _submodules(folder: Path) -> set[str]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return set()
    return {each.name.partition(".")[0] for each in entries}


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


@cache
def _defined(text: str) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """The names that a module's text binds and the modules it takes everything of.

    None where it makes names up when asked for one, or puts them in by other means.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: set[str] = set()
    stars: list[str] = []
    for node in _of_module(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.alias) and node.name != "*":
            names.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            stars.append("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Global):
            names.update(node.names)
        elif (isinstance(node, ast.Call) and _is_magic(node)) or (
            isinstance(node, ast.Attribute) and node.attr == "modules"
        ):
            return None
    return None if "__getattr__" in names else (frozenset(names), tuple(stars))


def _of_module(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are carried out when the module is loaded; of functions what is global."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from (each for each in ast.walk(node) if isinstance(each, ast.Global))
        elif isinstance(node, ast.ClassDef):
            continue
        else:
            stack += ast.iter_child_nodes(node)


def _is_magic(node: ast.Call) -> bool:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in ("globals", "vars", "exec", "apipkg", "attach", "lazy_import")
