"""Built-in names, attributes and definitions that run code or change how tests are judged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.python import tables
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.gates.safety.python.places import called, danger, dotted

_HARMLESS_SETTERS = frozenset({"setenv", "delenv", "context", "undo"})
_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType", "abc.ABCMeta", "enum.EnumMeta"})


def dangers(code: PythonCode) -> Iterator[Danger]:
    """Every rule of this module on every node."""
    for node in code.nodes:
        match node:
            case ast.Name(ctx=ast.Load()):
                yield from _name(code, node)
            case ast.Attribute():
                yield from _attribute(code, node)
            case ast.Call():
                yield from _call(code, node)
            case ast.ClassDef():
                yield from _class(code, node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _function(code, node)
            case ast.MatchClass():
                if any(each.startswith("_") for each in node.kwd_attrs):
                    yield danger(code, node, Harm.CODE)
        yield from _bound(code, node)


def _name(code: PythonCode, node: ast.Name) -> Iterator[Danger]:
    if code.is_defined(node) or code.origin(node):
        return
    if node.id == "type" and isinstance(code.parents.get(node), ast.Assign | ast.NamedExpr):
        yield danger(code, node, Harm.CODE)
    for names, harm in (
        (tables.BUILTINS_REFUSED, Harm.CODE),
        (tables.BUILTINS_FILES, Harm.FILES),
        (tables.BUILTINS_PROGRAMS, Harm.PROGRAMS),
    ):
        if node.id in names:
            yield danger(code, node, harm)
            return


def _attribute(code: PythonCode, node: ast.Attribute) -> Iterator[Danger]:
    """What an attribute leads to, where nothing is known of what it is read from."""
    name = node.attr
    if isinstance(node.ctx, ast.Load):
        if name.startswith("__") and name.endswith("__"):
            above = code.parents.get(node)
            typed = name == "__class__" and isinstance(above, ast.Attribute)
            if not (typed and above.attr == "__name__") and name not in tables.DUNDERS_READ:  # type: ignore[union-attr]
                yield danger(code, node, Harm.CODE)
            return
        if code.origin(node):
            return
        parent = code.parents.get(node)
        if name in tables.MODULE_NAMES and isinstance(parent, ast.Attribute):
            yield danger(code, node, Harm.CODE)
        if isinstance(node.value, ast.Name) and node.value.id == "request" and name == "module":
            yield danger(code, node, Harm.CODE)
        yield from _by_name(code, node)
    elif _is_foreign(code, node):
        yield danger(code, code.parents.get(node) or node, Harm.CODE, dotted(node) or name)


def _by_name(code: PythonCode, node: ast.Attribute) -> Iterator[Danger]:
    parent = code.parents.get(node)
    is_called = isinstance(parent, ast.Call) and parent.func is node
    if node.attr in tables.ATTRIBUTES:
        yield danger(code, node, Harm.CODE)
    elif node.attr in tables.ATTRIBUTES_PROGRAMS and is_called:
        yield danger(code, node, Harm.PROGRAMS)
    elif (node.attr in tables.ATTRIBUTES_FILES and is_called) or (
        node.attr == "open" and is_called
    ):
        yield danger(code, node, Harm.FILES)
    elif node.attr in ("environ", "getenv", "environb"):
        yield danger(code, node, Harm.SECRETS)
    base = node.value
    if isinstance(base, ast.Name):
        if base.id in tables.PATCHING and node.attr in ("patch", "setattr", "setitem", "spy"):
            yield danger(code, node, Harm.CODE)
        if base.id in ("monkeypatch",) and node.attr in ("chdir",):
            yield danger(code, node, Harm.FILES)
        if base.id in tables.PYTEST_ITSELF:
            yield danger(code, node, Harm.PROGRAMS)


def _is_foreign(code: PythonCode, node: ast.Attribute) -> bool:
    """Whether what is assigned to (or deleted) belongs to something imported or built in."""
    base: ast.expr = node.value
    while isinstance(base, ast.Attribute):
        base = base.value
    if node.attr.startswith("__") and node.attr.endswith("__"):
        return True
    if isinstance(base, ast.Call) and called(base) in ("type", "super"):
        return True
    if not isinstance(base, ast.Name):
        return False
    if base.id in tables.LOAD_BEARING and not code.is_defined(base):
        return True
    return any(not each.startswith("pytestmark") for each in code.origin(base))


def _call(code: PythonCode, node: ast.Call) -> Iterator[Danger]:
    name = called(node)
    plain = isinstance(node.func, ast.Name) and not code.is_defined(node.func)
    if plain and name == "getattr" and not _is_plain_attribute(node):
        yield danger(code, node, Harm.CODE)
    if plain and name == "hasattr" and not _is_plain_attribute(node):
        yield danger(code, node, Harm.CODE, fatal=False)
    spread = any(isinstance(each, ast.Starred) for each in node.args)
    if plain and name == "type" and (len(node.args) > 1 or spread):
        yield danger(code, node, Harm.CODE)
    if name == "getfixturevalue" and not _constant(node.args[:1]):
        yield danger(code, node, Harm.CODE, fatal=False)
    if name in ("setenv", "delenv") and isinstance(node.func, ast.Attribute):
        yield danger(code, node, Harm.SECRETS)
    if name == "importorskip" and not _constant(node.args[:1]):
        yield danger(code, node, Harm.CODE)
    conditional = name in ("skipif", "xfail") and isinstance(node.func, ast.Attribute)
    if conditional and any(_is_text(each) for each in node.args):
        yield danger(code, node, Harm.CODE)  # pytest evaluates texts
    for keyword in node.keywords:
        text = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
        if keyword.arg == "uds":
            yield danger(code, node, Harm.NETWORK)
        elif (
            keyword.arg == "cert"
            or (keyword.arg == "verify" and text)
            or (keyword.arg == "filename" and "basicConfig" in dotted(node.func))
        ):
            yield danger(code, node, Harm.FILES)


def _is_plain_attribute(node: ast.Call) -> bool:
    """Whether a call such as `getattr(x, "name")` names one public attribute."""
    if len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
        return False
    name = node.args[1].value
    refused = tables.ATTRIBUTES | tables.ATTRIBUTES_PROGRAMS | tables.ATTRIBUTES_FILES
    refused |= tables.MODULE_NAMES | {"open", "environ"}
    base = node.args[0]
    plain = not isinstance(base, ast.Name) or base.id not in tables.STANDARD
    return isinstance(name, str) and not name.startswith("_") and name not in refused and plain


def _is_text(node: ast.expr) -> bool:
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return constant or isinstance(node, ast.JoinedStr | ast.BinOp)


def _constant(nodes: list[ast.expr]) -> bool:
    return bool(nodes) and all(isinstance(each, ast.Constant) for each in nodes)


def _class(code: PythonCode, node: ast.ClassDef) -> Iterator[Danger]:
    for keyword in node.keywords:
        if keyword.arg == "metaclass" and dotted(keyword.value) not in _METACLASSES:
            yield danger(code, keyword.value, Harm.CODE, f"metaclass={dotted(keyword.value)}")
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id == "type" and not code.is_defined(base):
            yield danger(code, base, Harm.CODE, f"{node.name}(type)")


def _function(code: PythonCode, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Danger]:
    name = node.name
    if name.startswith("__") and name.endswith("__"):
        if name == "__eq__":
            yield danger(code, node, Harm.JUDGING, name, fatal=False)
        elif name not in tables.DUNDERS_WRITTEN:
            yield danger(code, node, Harm.CODE, name)
    if name.startswith("pytest_") and name not in tables.HOOKS:
        yield danger(code, node, Harm.JUDGING, name)
    if any(_is_for_all(each) for each in node.decorator_list):
        for each in ast.walk(node):
            if isinstance(each, ast.Call) and dotted(each.func) in tables.SKIPPING:
                yield danger(code, each, Harm.JUDGING)
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    for argument in arguments:
        if argument.arg in tables.PYTEST_ITSELF:
            yield danger(code, argument, Harm.PROGRAMS, argument.arg)
        if argument.arg in tables.FOLDERS:
            yield danger(code, argument, Harm.FILES, argument.arg)


def _is_for_all(decorator: ast.expr) -> bool:
    """Whether it makes a fixture that every test gets, asked for or not."""
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return any(
        each.arg == "autouse"
        and not (isinstance(each.value, ast.Constant) and not each.value.value)
        for each in keywords
    )


def _bound(code: PythonCode, node: ast.AST) -> Iterator[Danger]:
    """Names of the module that stand in for built-in ones, or that Python itself looks at."""
    name = ""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        name = node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = node.name
    elif isinstance(node, ast.alias):
        name = node.asname or ""
    elif isinstance(node, ast.Global):
        name = next((each for each in node.names if each in tables.LOAD_BEARING), "")
    if not name:
        return
    inside = any(
        isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for each in code.above(node)
    )
    method = isinstance(code.parents.get(node), ast.ClassDef)
    if name in tables.LOAD_BEARING and not method and (not inside or isinstance(node, ast.Global)):
        yield danger(code, node, Harm.JUDGING, name)
    special = name.startswith("__") and name.endswith("__") and not inside and not method
    if special and name not in tables.DUNDERS_WRITTEN:
        yield danger(code, node, Harm.CODE, name)
