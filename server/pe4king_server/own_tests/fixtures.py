"""The fixtures of a `conftest.py` that may be HTTP clients, with the code that they are made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.model.operation import SecurityScheme
from pe4king_core.model.security import SchemeKind

_OURS = frozenset({"api", "anonymous_api", "wrong_credentials_api"})
_ASYNC = re.compile(r"\bAsyncClient\b|\bAsyncSession\b|\baiohttp\b")
_KINDS = (
    (re.compile(r"\bTestClient\("), "starlette"),
    (re.compile(r"\bhttpx\.Client\(|\bhttpx2?\b.*\bClient\("), "httpx"),
    (re.compile(r"\brequests\b|\bSession\b"), "requests"),
)
_DERIVED = re.compile(r"^class \w+\((?:requests\.|httpx\.)?(?:Session|Client|TestClient)\):", re.M)
_AUTHORIZATION = re.compile(r"authorization|\bauth\b|bearer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fixture:
    """One fixture; `code` is its own and that of everything in the file that it leads to."""

    name: str
    code: str
    imports: tuple[str, ...]
    """The import statements of its file."""

    @property
    def kind(self) -> str:
        """`httpx`, `requests` or `starlette`; "" where it is none of them, or asynchronous."""
        if _ASYNC.search(self.code):
            return ""
        imported = " ".join(self.imports)
        for pattern, name in _KINDS:
            if pattern.search(self.code):
                return name
        bare = "Client(" in self.code and "httpx" in imported
        return "httpx" if bare else ""

    @property
    def is_derived(self) -> bool:
        """Whether its client is of a class made from that of a library: all calls work as there."""
        return _DERIVED.search(self.code) is not None

    def shows(self, scheme: SecurityScheme) -> bool:
        """Whether its code names what `scheme` sends."""
        if scheme.kind is SchemeKind.API_KEY:
            return scheme.parameter.lower() in self.code.lower()
        return _AUTHORIZATION.search(self.code) is not None


def fixtures_of(text: str) -> dict[str, Fixture]:
    """The synchronous fixtures of a file by name; none of ours, none where it cannot be read."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    places = dict(_definitions(module))
    found = {
        name: node
        for name, node in places.items()
        if isinstance(node, ast.FunctionDef) and _is_fixture(node)
    }
    if found.keys() >= _OURS:
        return {}
    imports = tuple(
        ast.unparse(node) for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)
    )
    return {
        _name_of(name, node): Fixture(name, _code(text, node, places), imports)
        for name, node in found.items()
    }


def _definitions(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in module.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.ClassDef(name=name):
                yield name, node
            case ast.Assign(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, node


def _is_fixture(node: ast.FunctionDef) -> bool:
    return any(re.search(r"(?:^|\.)fixture\b", ast.unparse(each)) for each in node.decorator_list)


def _name_of(name: str, node: ast.stmt) -> str:
    assert isinstance(node, ast.FunctionDef)  # noqa: S101 - only functions are fixtures
    for decorator in node.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return name


def _code(text: str, node: ast.stmt, places: dict[str, ast.stmt]) -> str:
    """The source of `node` and of all that it leads to in the same file."""
    seen: dict[ast.stmt, None] = {}
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen[each] = None
        for inner in ast.walk(each):
            name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "arg", None)
            if isinstance(name, str) and name in places:
                waiting.append(places[name])
    return "\n".join(ast.get_source_segment(text, each) or "" for each in seen)
