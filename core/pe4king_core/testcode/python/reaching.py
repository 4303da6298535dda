"""Which helpers cannot have a part in a test's requests, so that their bodies need no reading.

Tests that start the application itself lead into all of its code. What sends no request, because
no HTTP client can be had from its module, and was given nothing that has one or came from an
answer, does nothing that a reader of the test asks for.
"""

from __future__ import annotations

from collections.abc import Iterable

from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.libraries import HTTP_ROOTS, is_library
from pe4king_core.testcode.python.objects import (
    Arguments,
    Bound,
    Class,
    Client,
    Function,
    Instance,
    Library,
    Made,
    Partial,
    Record,
)
from pe4king_core.testcode.python.outline import Imported, Module
from pe4king_core.testcode.python.resolving import load
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Items, Value, call_of, plain

NOTHING = Made(Library("builtins.object"))
"""What such a helper gives: for certain no HTTP client."""
_LONG = (1_200, 400)
"""Shorter bodies are read anyway: they may build an address or a payload. By level, at most."""
_MODULES = 150
_DEPTH = 3


def is_idle(frame: Frame, function: Function, arguments: Arguments) -> bool:
    """Whether `function(arguments)` has no part in requests, and is too long to give a value."""
    level = min(frame.recorder.level, len(_LONG) - 1)
    size = function.node.end_byte - function.node.start_byte
    makes = function.name == "__init__"
    if size < _LONG[level] or function.closure is not None or makes or _is_payload(function):
        return False
    given = [*arguments.values, *(each.value for each in arguments.named.values())]
    return not _lively(given, 0) and not _reaches(frame, function.module)


def _is_payload(function: Function) -> bool:
    """Whether all it does is give a value that is written out, however long."""
    body = function.node.child_by_field_name("body")
    statements = children(body) if body is not None else []
    last = statements[-1] if len(statements) in (1, 2) else None
    given = children(last) if last is not None and last.type == "return_statement" else []
    return bool(given) and given[0].type in ("dictionary", "list")


def _lively(values: Iterable[Value], depth: int) -> bool:
    """Whether a request can be sent with one of `values`, or one of them came from an answer."""
    for value in values:
        if call_of(value) is not None:
            return True
        inner: Iterable[Value] = ()
        match plain(value):
            case Client() | Class() | Function() | Bound() | Partial() | Library():
                return True
            case Instance(client=Client()) | Instance(certain=False):
                return True
            case Instance(attributes=members) | Record(members):
                inner = members.values()
            case Items(listed):
                inner = listed
        if inner and (depth >= _DEPTH or _lively(inner, depth + 1)):
            return True
    return False


def _reaches(frame: Frame, module: Module) -> bool:
    """Whether an HTTP client can be had from `module` through what it imports."""
    known = frame.session.reaching
    found = known.get(module.uri)
    if found is None:
        found = known[module.uri] = _search(frame, module)
    return found


def _search(frame: Frame, module: Module) -> bool:
    """The same, looked for; too many modules are taken for a way to one."""
    known = frame.session.reaching
    seen: set[str] = set()
    pending = [module]
    while pending:
        current = pending.pop()
        if current.uri in seen:
            continue
        if known.get(current.uri) or len(seen) >= _MODULES:
            return True
        seen.add(current.uri)
        entries = [each for each in current.names.values() if isinstance(each, Imported)]
        entries += [Imported(each) for each in current.stars]
        for name, member in dict.fromkeys((each.module, each.name) for each in entries):
            root = name.partition(".")[0]
            if root in HTTP_ROOTS:
                return True
            if not (root and is_library(root)):
                pending += _loaded(frame, current, name, member)
    return False


def _loaded(frame: Frame, module: Module, name: str, member: str | None) -> list[Module]:
    names = [name]
    if member is not None:
        names.append(f"{name}{member}" if name.endswith(".") else f"{name}.{member}")
    found = [load(frame, each, module.uri) for each in names]
    return [each for each in found if each is not None]
