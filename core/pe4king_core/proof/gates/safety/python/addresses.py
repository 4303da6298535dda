"""Where requests go: only to the API under test, however the address is put together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.hosts import (
    HOLE,
    addresses_in,
    host_of,
    is_absolute,
    is_address_name,
    is_foreign,
    looks_like_host,
)
from pe4king_core.proof.gates.safety.knowing import Known
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.gates.safety.python.folding import texts
from pe4king_core.proof.gates.safety.python.places import called, danger

_VERBS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream"}
    | {"urlopen", "Request", "websocket_connect", "ws_connect", "call", "fetch", "open_url"}
    | {"from_url", "from_uri", "connect", "trace", "query", "download", "upload", "ping"}
    | {"Client", "AsyncClient", "Session", "ClientSession", "TestClient", "PoolManager"}
    | {"HTTPConnection", "HTTPSConnection", "ProxyManager", "HTTPConnectionPool", "notify"}
    | {"connection_from_url", "submit", "publish", "report"}
)
_METHOD_FIRST = frozenset({"request", "stream", "Request", "call", "send", "fetch", "query"})
_HOST_FIRST = frozenset({"HTTPConnection", "HTTPSConnection", "HTTPConnectionPool"})
_MOST_VALUES = 50
"""A name that is given more values than these says nothing about an address."""
_PARAMETERS = frozenset(
    {"url", "uri", "base_url", "host", "proxy", "proxies", "mounts", "endpoint"}
)
_HARMLESS = re.compile(
    r"(?:assert|check|expect|verify|equal|contain|match|has|is|starts|ends|raises)\w*|append|add"
    r"|dumps|loads|param|parametrize|setdefault|update|urlparse|urlsplit|fullmatch|search|dict"
    r"|list|set|tuple|str|isinstance|len|print|compile|eq|mark|not_|any_of|all_of|one_of|debug"
    r"|info|title|description|link|issue|testcase|step|feature|story|epic|reason|skip|skipif"
    r"|startswith|endswith|replace|strip|lstrip|rstrip|removeprefix|removesuffix|split|join|quote"
    r"|addinivalue_line|setenv|getenv|index|count|find|in_|extend|items|sub|warns|xfail|usefixtures"
)


def dangers(code: PythonCode, known: Known) -> Iterator[Danger]:
    """Addresses that are not the API's."""
    allowed = known.hosts
    for node in code.nodes:
        if isinstance(node, ast.Call):
            yield from _call(code, node, allowed)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _assigned(code, node, allowed)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _returned(code, node, allowed)
        elif isinstance(node, ast.Dict):
            yield from _references(code, node, allowed)


def called_hosts(code: PythonCode) -> frozenset[str]:
    """The hosts that requests of this text name."""
    found: set[str] = set()
    for node in code.nodes:
        if isinstance(node, ast.Call):
            for target in _targets(code, node):
                found |= {host_of(text.replace(HOLE, "")) for text in texts(code, target)}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
            if any(is_address_name(each.id) for each in names):
                found |= {host_of(text) for text in texts(code, node.value)}
    return frozenset(found - {""})


def _targets(code: PythonCode, node: ast.Call) -> Iterator[ast.expr]:
    """The arguments that may be an address to call."""
    origins = {each.rpartition(".")[2] for each in code.origin(node.func)}
    sends = called(node) in _VERBS or bool(origins & _VERBS)
    for keyword in node.keywords:
        if keyword.arg in _PARAMETERS or (keyword.arg is None and sends):
            yield keyword.value
    if any(isinstance(each, ast.Attribute) and each.attr in _VERBS for each in node.args[:1]):
        yield from node.args[1:]  # a client's method that somebody else calls
    if sends:
        yield from node.args[: 2 if called(node) in _METHOD_FIRST else 1]


def _call(code: PythonCode, node: ast.Call, allowed: frozenset[str]) -> Iterator[Danger]:
    seen: set[int] = set()
    for target in _targets(code, node):
        seen.add(id(target))
        found = texts(code, target)
        if called(node) in _HOST_FIRST or _is_host(node, target):
            found = frozenset(f"http://{each}" for each in found if not is_absolute(each))
        if any(is_foreign(each, allowed) for each in found) or _hidden_host(code, target, allowed):
            yield danger(code, target, Harm.ADDRESS)
    name = called(node)
    if _HARMLESS.fullmatch(name) or name[:1].isupper():
        return
    for argument in node.args:
        plain = id(argument) not in seen and isinstance(argument, ast.Constant | ast.JoinedStr)
        if plain and _leads_away(code, argument, allowed):
            yield danger(code, argument, Harm.ADDRESS, fatal=False)


def _leads_away(code: PythonCode, node: ast.expr | None, allowed: frozenset[str]) -> bool:
    return any(is_foreign(each, allowed) for each in texts(code, node))


def _is_host(node: ast.Call, target: ast.expr) -> bool:
    return any(each.arg == "host" and each.value is target for each in node.keywords)


def _hidden_host(code: PythonCode, target: ast.expr, allowed: frozenset[str]) -> bool:
    """Whether an address whose host is not known is made of something that looks like a host."""
    found = texts(code, target)
    if not any(each.startswith(HOLE) or f"://{HOLE}" in each for each in found):
        return False
    leading = _leading(target)
    reached = _reachable(code, leading)
    return any(
        any(is_foreign(address, allowed) for address in addresses_in(each))
        or (looks_like_host(each) and is_foreign(f"http://{each}", allowed))
        for each in reached
    )


def _leading(node: ast.expr) -> list[ast.expr]:
    """The parts at the start of an address: all of them until its path begins."""
    if isinstance(node, ast.JoinedStr):
        found: list[ast.expr] = []
        for value in node.values:
            if isinstance(value, ast.Constant):
                text = str(value.value)
                if text.startswith("/") and not text.startswith("//"):
                    break
            found.append(value)
        return found
    if isinstance(node, ast.BinOp):
        return [*_leading(node.left), node.right]
    return [node]


def _reachable(code: PythonCode, nodes: list[ast.expr]) -> set[str]:
    """Every text that `nodes` are made of, through the names of the file; no bodies of requests."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(nodes)
    while waiting:
        for each in _parts(waiting.pop()):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                found.add(each.value)
            elif isinstance(each, ast.Name | ast.Attribute):
                name = each.id if isinstance(each, ast.Name) else each.attr
                values = code.assigned.get(name, [])
                if name not in seen and len(values) < _MOST_VALUES:
                    waiting += values
                seen.add(name)
    return found


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and what it is made of; an answer of the API may lead on, its request does not."""
    yield node
    if isinstance(node, ast.Call):
        if called(node) in _VERBS and called(node) != "get":
            return
        yield from _parts(node.func)
        for argument in node.args:
            yield from _parts(argument)
        return
    for child in ast.iter_child_nodes(node):
        yield from _parts(child)


def _assigned(
    code: PythonCode, node: ast.Assign | ast.AnnAssign, allowed: frozenset[str]
) -> Iterator[Danger]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            name = str(target.slice.value)
        if is_address_name(name) and _leads_away(code, node.value, allowed):
            yield danger(code, node, Harm.ADDRESS)


def _returned(
    code: PythonCode, node: ast.FunctionDef | ast.AsyncFunctionDef, allowed: frozenset[str]
) -> Iterator[Danger]:
    """Fixtures such as `base_url`, which others use."""
    if not is_address_name(node.name):
        return
    for each in ast.walk(node):
        given = each.value if isinstance(each, ast.Return | ast.Yield) else None
        if _leads_away(code, given, allowed):
            yield danger(code, each, Harm.ADDRESS)


def _references(code: PythonCode, node: ast.Dict, allowed: frozenset[str]) -> Iterator[Danger]:
    """Schemas of others, which validators fetch."""
    for key, value in zip(node.keys, node.values, strict=True):
        refers = isinstance(key, ast.Constant) and key.value in ("$ref", "$dynamicRef")
        if refers and _leads_away(code, value, allowed):
            yield danger(code, value, Harm.ADDRESS)
