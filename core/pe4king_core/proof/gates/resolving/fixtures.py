"""The fixtures that tests ask for by the names of their parameters."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.proof.gates.resolving.modules import Module, find, names_of
from pe4king_core.proof.gates.resolving.problem import Problem, nearest
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.gates.safety.python.places import dotted

_PLUGIN = re.compile(r"^\[pytest11\]\s*\n((?:[^\[].*\n?)*)", re.MULTILINE)
_TARGET = re.compile(r"^[^=\n]+=\s*([\w.]+)", re.MULTILINE)
_LARGEST = 2_000_000
_OF_PYTEST = frozenset({"request", "cache", "capsys", "capfd", "caplog", "recwarn", "monkeypatch"})
_PLAIN = ("pytest.", "allure.", "mark.", "fixture")


def missing(
    code: PythonCode, path: Path | None, texts: Mapping[str, str], folders: Sequence[Path]
) -> Iterator[Problem]:
    """Parameters of tests and fixtures that are no fixture of the file, its folders or a plugin."""
    asked = [each for each in _askers(code) if each[1]]
    if not asked:
        return
    known = fixtures_of(code.tree) | set(code.origins) | _OF_PYTEST
    for text in _conftests(path, texts):
        shared = _shared(text)
        if shared is None:
            return
        known |= shared
    plugins = _plugins(tuple(folders))
    if plugins is None:
        return
    known |= plugins
    for function, names in asked:
        for name in names:
            if name.arg not in known:
                hint = nearest(name.arg, known)
                yield Problem(
                    f"fixture {name.arg}",
                    Message(
                        f"{function.name}: there is no fixture {name.arg}{hint.en}",
                        f"{function.name}: нет фикстуры {name.arg}{hint.ru}",
                    ),
                    code.span(name),
                )


def _askers(
    code: PythonCode,
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, list[ast.arg]]]:
    """Tests and fixtures with the parameters that pytest fills in."""
    for node in reversed(code.nodes):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        parent = code.parents.get(node)
        in_class = isinstance(parent, ast.ClassDef)
        if in_class and any("TestCase" in dotted(base) for base in parent.bases):  # type: ignore[union-attr]
            continue
        is_test = node.name.startswith("test") and isinstance(parent, ast.Module | ast.ClassDef)
        if not (is_test or _fixture_name(node)):
            continue
        decorators = [dotted(getattr(each, "func", each)) for each in node.decorator_list]
        if not all(each.startswith(_PLAIN) or "fixture" in each for each in decorators):
            continue  # somebody else's decorator may fill parameters in
        given = _rows(node) | (_rows(parent) if isinstance(parent, ast.ClassDef) else set())
        arguments = [*node.args.posonlyargs, *node.args.args]
        arguments = arguments[1:] if in_class else arguments
        arguments = arguments[: len(arguments) - len(node.args.defaults)]
        yield node, [each for each in arguments if each.arg not in given]


def _rows(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """The parameters that `parametrize` fills in."""
    found: set[str] = set()
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and dotted(decorator.func).endswith("parametrize"):
            for each in ast.walk(decorator.args[0]) if decorator.args else ():
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    found |= {name.strip() for name in each.value.split(",")}
    return found


def fixtures_of(tree: ast.AST) -> set[str]:
    """The fixtures that a module defines; one that is made by a call has the name it is given."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = _fixture_name(node)
            if name:
                found.add(name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            found |= {each.id for each in node.targets if isinstance(each, ast.Name)}
            found |= _named(node.value)
    return found


def _named(call: ast.Call) -> set[str]:
    return {
        each.value.value
        for each in call.keywords
        if each.arg in ("name", "fixture_name")
        and isinstance(each.value, ast.Constant)
        and isinstance(each.value.value, str)
    }


def _fixture_name(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    for decorator in node.decorator_list:
        if "fixture" in dotted(getattr(decorator, "func", decorator)).rpartition(".")[2]:
            named = _named(decorator) if isinstance(decorator, ast.Call) else set()
            return next(iter(named), node.name)
    return ""


def _conftests(path: Path | None, texts: Mapping[str, str]) -> Iterator[str]:
    if path is None:
        return
    for folder in path.parents:
        place = folder / "conftest.py"
        text = texts.get(str(place))
        if text is None:
            text = _read(place)
        if text is not None:
            yield text


def _shared(text: str) -> set[str] | None:
    """The fixtures of a `conftest.py`, imported ones too; None where they cannot be told."""
    tree = _tree(text)
    if tree is None:
        return None
    found = fixtures_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if any(each.name == "*" for each in node.names):
                return None
            found |= {each.asname or each.name for each in node.names}
        elif isinstance(node, ast.Name) and node.id == "pytest_plugins":
            return None
    return found


@cache
def _plugins(folders: tuple[Path, ...]) -> frozenset[str] | None:
    """The fixtures of pytest itself and of installed plugins; None where there is no pytest."""
    pytest = find("_pytest", folders)
    if pytest is None or pytest.folder is None:
        return None
    found: set[str] = set()
    for path in sorted(pytest.folder.glob("*.py")):
        found |= _fixtures_in(path)
    for folder in folders:
        for entry in sorted(folder.glob("*.dist-info/entry_points.txt")):
            for section in _PLUGIN.findall(_read(entry) or ""):
                for target in _TARGET.findall(section):
                    module = find(target, folders)
                    found |= set() if module is None else _of_module(module, folders)
    return frozenset(found)


def _of_module(module: Module, folders: tuple[Path, ...]) -> set[str]:
    """All names of a plugin's module: fixtures may be imported into it."""
    found = set(names_of(module, folders) or ())
    if module.source is not None:
        found |= _fixtures_in(module.source)
    if module.folder is not None:
        for path in sorted(module.folder.glob("*.py")):
            found |= _fixtures_in(path)
    return found


def _fixtures_in(path: Path) -> set[str]:
    tree = _tree(_read(path) or "")
    return set() if tree is None else fixtures_of(tree)


def _tree(text: str) -> ast.AST | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
