"""Which operation a request means, by its method and target (OpenAPI, Paths Object).

The templates are a tree of segments, so a path costs as many steps as it has segments. What is
written out goes before templates, as the specification asks; of paths that state equally much all
are looked at. No operation is read before it is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qsl, unquote

from pe4king_core.mock.requests.plans import Plan
from pe4king_core.mock.requests.segments import LITERAL, Segment, segment_of, segments_of
from pe4king_core.model.operation import ApiDocument, Operation, OperationEntry
from pe4king_core.model.server import Server

_ORIGIN = re.compile(r"(?:[^/?#]*:)?//[^/?#]*")
_FEW = 1_000
"""Servers of single operations are looked at in documents of so many operations."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a method and a path mean in a document.

    `parameters` are the texts of the path's parameters as they were sent, percent-encoded.
    `methods` are those that the document has for the path: empty where it has no such path.
    """

    operation: Operation | None
    route: str
    """The path below the base path of the server, decoded."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    base: str = ""
    """The base path of the server, as far as the request has it."""
    plan: Plan | None = None
    others: tuple[Found, ...] = ()
    """Operations that the path may mean as well, where the document does not tell them apart."""


@dataclass(frozen=True, slots=True)
class _End:
    """An operation at the end of a path, the names on the way and the query written into it."""

    number: int
    method: str
    names: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Node:
    """What may follow the same segments."""

    literals: dict[str, _Node] = field(default_factory=dict)
    mixed: dict[tuple[str, ...], tuple[Segment, _Node]] = field(default_factory=dict)
    parameter: _Node | None = None
    ends: list[_End] = field(default_factory=list)

    def below(self, segment: Segment) -> _Node:
        """The node for `segment`, made where there is none."""
        if segment.is_literal:
            return self.literals.setdefault(segment.pieces[0], _Node())
        if segment.is_parameter:
            self.parameter = self.parameter or _Node()
            return self.parameter
        return self.mixed.setdefault(segment.pieces, (segment, _Node()))[1]

    def fitting(self, raw: str) -> Iterator[tuple[int, tuple[str, ...], _Node]]:
        """The nodes that a sent segment leads to, with weights and values of parameters."""
        literal = self.literals.get(raw)
        if literal is None and "%" in raw:
            literal = self.literals.get(unquote(raw))
        if literal is not None:
            yield LITERAL, (), literal
        for segment, node in self.mixed.values():
            values = segment.values(raw)
            if values is not None:
                yield segment.weight, values, node
        if self.parameter is not None and raw:
            yield 0, (raw,), self.parameter


_Way = tuple[tuple[int, ...], tuple[str, ...], _Node]


class Router:
    """Finds operations of one document. Thread-safe."""

    def __init__(self, document: ApiDocument, base_paths: Sequence[str] | None = None) -> None:
        self._document = document
        self._root = _Node()
        self._lock = Lock()
        self._plans: dict[int, Plan] = {}
        self._given = base_paths is not None
        self._bases = _bases(base_paths if base_paths is not None else _paths(document.servers))
        self._own_bases: tuple[str, ...] | None = None
        for number, entry in enumerate(document.entries):
            self._add(number, entry)

    @property
    def base_paths(self) -> tuple[str, ...]:
        """The base paths of the document's servers, the longest first, "" last."""
        return self._bases

    def find(self, method: str, target: str) -> Found:
        """What `method` and `target` (a path, a query where there is one) mean."""
        path, _, query = target.partition("?")
        found = self._among(method, path, query, self._bases)
        if found.methods or self._given:
            return found
        own = self._bases_of_operations()
        return self._among(method, path, query, own) if own else found

    def _add(self, number: int, entry: OperationEntry) -> None:
        route, _, query = entry.path.partition("#")[0].partition("?")
        node, names = self._root, list[str]()
        for text in segments_of(route):
            segment = segment_of(text)
            names += segment.names
            node = node.below(segment)
        pairs = tuple(parse_qsl(query, keep_blank_values=True)) if query else ()
        node.ends.append(_End(number, entry.method, tuple(names), pairs))

    def _among(self, method: str, path: str, query: str, bases: Iterable[str]) -> Found:
        """Below the longest base path; at the root where the path is written out there."""
        tried: list[tuple[str, list[_Way]]] = []
        for base in bases:
            rest = _below(path, base)
            ways = self._ways(rest) if rest is not None else []
            if ways:
                tried.append((base, ways))
        if not tried:
            return Found(None, unquote(path))
        written = [one for one in tried if all(weight == LITERAL for weight in one[1][0][0])]
        base, ways = (written or tried)[0]
        return self._chosen(method, path, base, query, ways)

    def _ways(self, path: str) -> list[_Way]:
        """The ways through the tree that nothing more exact goes before, the best first."""
        level: list[_Way] = [((), (), self._root)]
        for raw in segments_of(path):
            level = [
                ((*weights, weight), values + more, below)
                for weights, values, node in level
                for weight, more, below in node.fitting(raw)
            ]
            if not level:
                return []
        ended = sorted((way for way in level if way[2].ends), key=_weight, reverse=True)
        best = ended[:1]
        for way in ended[1:]:
            if not any(_states_more(other[0], way[0]) for other in best):
                best.append(way)
        return best

    def _chosen(self, method: str, path: str, base: str, query: str, ways: list[_Way]) -> Found:
        ends = [(end, values) for _, values, node in ways for end in node.ends]
        methods = tuple(dict.fromkeys(end.method for end, _ in ends))
        route = unquote(_below(path, base) or "/")
        wanted = method.upper()
        fitting = [one for one in ends if one[0].method.upper() == wanted]
        if not fitting and wanted == "HEAD":
            fitting = [one for one in ends if one[0].method == "GET"]
        if len(fitting) > 1:
            fitting = _by_query(fitting, query)
        found = [self._found(end, values, route, methods, base) for end, values in fitting]
        if not found:
            return Found(None, route, methods=methods, base=base)
        first = found[0]
        if len(found) == 1:
            return first
        return Found(
            first.operation, route, first.parameters, methods, base, first.plan, tuple(found[1:])
        )

    def _found(
        self, end: _End, values: tuple[str, ...], route: str, methods: tuple[str, ...], base: str
    ) -> Found:
        plan = self._plan(end.number)
        parameters = dict(zip(end.names, values, strict=True))
        return Found(plan.operation, route, parameters, methods, base, plan)

    def _plan(self, number: int) -> Plan:
        plan = self._plans.get(number)
        if plan is None:
            plan = self._plans[number] = Plan(self._document.operations[number])
        return plan

    def _bases_of_operations(self) -> tuple[str, ...]:
        """Base paths that only the servers of paths and operations have."""
        if self._own_bases is None:
            with self._lock:
                operations = self._document.operations
                few = operations if len(operations) <= _FEW else ()
                servers = dict.fromkeys(_paths(s for one in few for s in one.servers))
                new = [path for path in servers if path.rstrip("/") not in self._bases]
                self._own_bases = tuple(base for base in _bases(new) if base)
        return self._own_bases


def _weight(way: _Way) -> tuple[int, ...]:
    return way[0]


def _states_more(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether `one` is at least as exact everywhere, and more so somewhere."""
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def _by_query(
    ends: list[tuple[_End, tuple[str, ...]]], query: str
) -> list[tuple[_End, tuple[str, ...]]]:
    """Those whose written query the request has, the longest of them; else all as they are."""
    sent = parse_qsl(query, keep_blank_values=True) if any(e.query for e, _ in ends) else []
    names = {name for name, _ in sent}
    fitting = [
        one
        for one in ends
        if all(pair in sent or (pair[1][:1] == "{" and pair[0] in names) for pair in one[0].query)
    ]
    longest = max((len(end.query) for end, _ in fitting), default=0)
    return [one for one in fitting if len(one[0].query) == longest] or ends


def _paths(servers: Iterable[Server]) -> Iterator[str]:
    for server in servers:
        yield _ORIGIN.sub("", server.url, count=1).partition("?")[0].partition("#")[0]


def _bases(paths: Iterable[str]) -> tuple[str, ...]:
    plain = ("/" + path.strip("/") if path.strip("/") else "" for path in paths)
    return tuple(sorted(dict.fromkeys((*plain, "")), key=len, reverse=True))


def _below(path: str, base: str) -> str | None:
    """What follows `base` in `path`; None where it does not begin with it."""
    if not base:
        return path
    if path.startswith(base) and path[len(base) : len(base) + 1] in ("/", ""):
        return path[len(base) :] or "/"
    decoded = unquote(path[: len(base) * 3]) if "%" in path[: len(base) * 3] else ""
    if not decoded.startswith(base + "/"):
        return None
    count = base.count("/")
    rest = path.split("/", count + 1)
    return "/" + rest[count + 1] if len(rest) > count + 1 else "/"
