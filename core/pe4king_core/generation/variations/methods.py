"""Methods that a path does not have: a server answers 405 (RFC 9110 section 15.5.6).

The document lists what there is and does not say that there is nothing else, so such a case
rests on a law unless the operation documents 405.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.model.fact import Basis, CaseFact, CaseKind, Change, ChangeIn, ChangeKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, OperationEntry

LAW = "method-not-allowed"
_TRIED = ("PATCH", "PUT", "DELETE", "POST", "GET")
"""The least usual first: what a server most surely does not have."""
_MAX_VISITS = 500
_TEMPLATE = re.compile(r"\{[^{}]*\}")
_ANY = "{}"


@dataclass(slots=True)
class _Node:
    """Paths by their segments; `_ANY` stands for a segment with a template in it."""

    children: dict[str, _Node] = field(default_factory=dict)
    ends: int = 0


class Methods:
    """The methods of every path of a document."""

    def __init__(self, entries: Iterable[OperationEntry]) -> None:
        self._methods: dict[str, list[str]] = {}
        self._root = _Node()
        for entry in entries:
            route = _route(entry.path)
            if route not in self._methods:
                self._methods[route] = []
                self._put(route)
            self._methods[route].append(entry.method.upper())

    def case(self, operation: Operation) -> CaseFact | None:
        """The case of `operation`'s path, at the first of its operations; at most one a path.

        None where the path has all methods, or another path could be meant.
        """
        route = _route(operation.path)
        known = self._methods.get(route, [])
        if known[:1] != [operation.method.upper()]:
            return None
        method = next((name for name in _TRIED if name not in known), None)
        if method is None or self._overlaps(route):
            return None
        documented = "405" in operation.responses
        return CaseFact(
            operation.key,
            CaseKind.NEGATIVE,
            Message(en=f"rejects method {method}", ru=f"отклоняет метод {method}"),
            _changes(operation, method),
            expected=(405,) if documented else (405, 404, 501),
            basis=Basis.DOCUMENT if documented else Basis.LAW,
            source=operation.pointer,
            reason=Message(en=f"the path has no {method}", ru=f"у этого пути нет метода {method}"),
            law="" if documented else LAW,
            value=Worth.METHOD.value,
        )

    def _put(self, route: str) -> None:
        node = self._root
        for segment in route.split("/"):
            node = node.children.setdefault(segment, _Node())
        node.ends += 1

    def _overlaps(self, route: str) -> bool:
        """Whether a request to `route` may be one to another path of the document."""
        segments = route.split("/")
        waiting = [(self._root, 0)]
        found = visits = 0
        while waiting:
            node, index = waiting.pop()
            visits += 1
            if visits > _MAX_VISITS:
                return True
            if index == len(segments):
                found += node.ends
                continue
            segment = segments[index]
            if segment == _ANY:
                waiting += [(child, index + 1) for child in node.children.values()]
            else:
                both = dict.fromkeys((segment, _ANY))
                waiting += [(node.children[n], index + 1) for n in both if n in node.children]
        return found > 1


def _changes(operation: Operation, method: str) -> tuple[Change, ...]:
    """The other method, without a body: the server refuses before it reads one."""
    other = Change(ChangeIn.METHOD, "", ChangeKind.SET, method)
    if operation.request_body is None:
        return (other,)
    return (other, Change(ChangeIn.BODY, "", ChangeKind.REMOVE))


def _route(path: str) -> str:
    """`path` without its names: what tells two paths apart for a server."""
    bare = path.partition("#")[0].partition("?")[0].rstrip("/")
    return "/".join(_ANY if _TEMPLATE.search(part) else part for part in bare.split("/"))
