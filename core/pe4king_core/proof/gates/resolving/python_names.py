"""Imports, attributes of modules and plain names of a Python text that lead nowhere."""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.proof.gates.resolving.interpreter import Interpreter
from pe4king_core.proof.gates.resolving.modules import absolute, find, names_of
from pe4king_core.proof.gates.resolving.problem import Problem, nearest
from pe4king_core.proof.gates.safety.python.code import PythonCode

_ALWAYS = frozenset(dir(builtins)) | {
    *("__file__", "__name__", "__doc__", "__path__", "__package__", "__spec__", "__loader__"),
    *("__class__", "__annotations__", "__module__", "__qualname__", "WindowsError", "reveal_type"),
}
_OPTIONAL = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


def imports(
    code: PythonCode, interpreter: Interpreter, folders: Sequence[Path], package: str
) -> Iterator[Problem]:
    """What is imported or read of a module and is not there."""
    places = (*folders, *interpreter.folders)
    for node in code.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom) and not _is_guarded(code, node):
            yield from _import(code, node, interpreter, places, package)
        elif isinstance(node, ast.Attribute):
            yield from _attribute(code, node, places)


def _is_guarded(code: PythonCode, node: ast.AST) -> bool:
    """Whether the code itself says what to do without the module, or only types need it."""
    for above in code.above(node):
        if isinstance(above, ast.Try):
            caught = {
                each.id
                for handler in above.handlers
                for each in ast.walk(handler.type or handler)
                if isinstance(each, ast.Name)
            }
            return bool(caught & _OPTIONAL)
        if isinstance(above, ast.If) and "TYPE_CHECKING" in ast.unparse(above.test):
            return True
    return False


def _import(
    code: PythonCode,
    node: ast.Import | ast.ImportFrom,
    interpreter: Interpreter,
    places: Sequence[Path],
    package: str,
) -> Iterator[Problem]:
    if isinstance(node, ast.Import):
        for each in node.names:
            if not _exists(each.name, interpreter, places):
                yield _no_module(code, node, each.name)
        return
    written = "." * node.level + (node.module or "")
    if node.level and not package:
        return  # which package a file without one means is told by how it is run
    name = absolute(written, f"{package}.here", is_package=False)
    if not _exists(name, interpreter, places):
        yield _no_module(code, node, name)
        return
    module = find(name, places)
    names = None if module is None else names_of(module, places)
    for each in node.names:
        if names is not None and each.name != "*" and each.name not in names:
            yield _no_name(code, node, each.name, name, names)


def _exists(name: str, interpreter: Interpreter, places: Sequence[Path]) -> bool:
    top = name.partition(".")[0]
    if name in interpreter.built_in or (top in interpreter.built_in and top != name):
        return True
    module = find(name, places)
    if module is not None:
        return module.source is not None or module.folder is not None or module.stub is None
    if name == top:
        return top in interpreter.standard
    parent = find(name.rpartition(".")[0], places)
    if parent is None or parent.folder is not None:
        return False
    # A single file may call another module its part (`os.path`).
    names = names_of(parent, places)
    return names is None or name.rpartition(".")[2] in names


def _attribute(code: PythonCode, node: ast.Attribute, places: Sequence[Path]) -> Iterator[Problem]:
    """`requests.foo`: the first name behind a module that was imported."""
    if not isinstance(node.value, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    for origin in sorted(code.origin(node.value)):
        if origin.startswith("."):
            continue
        module = find(origin, places)
        names = None if module is None else names_of(module, places)
        if names is not None and node.attr not in names:
            # Imported somewhere else, a submodule is an attribute too.
            if find(f"{origin}.{node.attr}", places) is not None:
                continue
            yield _no_name(code, node, node.attr, origin, names)


def undefined(code: PythonCode) -> Iterator[Problem]:
    """Names that nothing in the file gives a value."""
    if code.stars:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = symtable.symtable(code.text, "test", "exec")
    defined = {
        each.get_name()
        for each in table.get_symbols()
        if each.is_assigned() or each.is_imported() or each.is_namespace() or each.is_annotated()
    }
    defined |= _declared_global(table)
    missing = {name for name in _free(table) if name not in defined and name not in _ALWAYS}
    for node in reversed(code.nodes):
        if isinstance(node, ast.Name) and node.id in missing and isinstance(node.ctx, ast.Load):
            missing.discard(node.id)
            hint = nearest(node.id, defined | _ALWAYS)
            yield Problem(
                f"name {node.id}",
                Message(
                    f"{node.id} is not defined anywhere{hint.en}",
                    f"имя {node.id} нигде не определено{hint.ru}",
                ),
                code.span(node),
            )


def _free(table: symtable.SymbolTable) -> set[str]:
    """Names that are looked up in the module, from any of its scopes."""
    is_module = table.get_type() == "module"
    found = {
        each.get_name()
        for each in table.get_symbols()
        if each.is_referenced() and (is_module or each.is_global())
    }
    for child in table.get_children():
        found |= _free(child)
    return found


def _declared_global(table: symtable.SymbolTable) -> set[str]:
    found = {
        each.get_name()
        for each in table.get_symbols()
        if each.is_declared_global() and each.is_assigned()
    }
    for child in table.get_children():
        found |= _declared_global(child)
    return found


def _no_module(code: PythonCode, node: ast.AST, name: str) -> Problem:
    return Problem(
        f"module {name}",
        Message(
            f"there is no module {name} in the environment of the tests",
            f"в окружении тестов нет модуля {name}",
        ),
        code.span(node),
    )


def _no_name(
    code: PythonCode, node: ast.AST, name: str, module: str, names: frozenset[str]
) -> Problem:
    hint = nearest(name, names)
    return Problem(
        f"member {module}.{name}",
        Message(f"{module} has no {name}{hint.en}", f"в {module} нет {name}{hint.ru}"),
        code.span(node),
    )
