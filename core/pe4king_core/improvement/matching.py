"""Which operation of a document a call in a test means: method, path template, base path.

A claim is made only where one operation fits better than every other. Written-out segments beat
parameters, segment by segment; what a test computes is taken for a parameter, never for a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.improvement import mismatch
from pe4king_core.improvement.bases import (
    Prefix,
    bases_of,
    prefix_kind,
    starts_with_base,
    stated_weights,
)
from pe4king_core.improvement.routes import RouteIndex, Weights, index_of
from pe4king_core.improvement.segments import (
    LITERAL,
    CallSegment,
    Pattern,
    call_segments,
    plain_name,
)
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestCall

_MOST_READ = 16
"""No more operations than this are read to see whether they have servers of their own."""

_MOST_MAXIMA = 200

_MOST_KNOWN = 10_000
"""No more answers than this are kept for a document."""

_SEVERAL_SEGMENTS = frozenset(
    {"path", "subpath", "endpoint", "route", "url", "uri", "suffix", "resourcepath"}
)
"""Names of holes that may hold a slash."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a call means: an operation, or the reason why none can be named.

    `candidates` are the keys of operations that fit equally well; `note` says how the operation
    was found where that is not plain from the document.
    """

    operation: Operation | None = None
    reason: Message | None = None
    candidates: tuple[str, ...] = ()
    note: Message | None = None

    @property
    def ambiguous(self) -> bool:
        """Whether several operations fit equally well."""
        return len(self.candidates) > 1


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One way to read the call: the entry, what each segment of the call is, and what is cut."""

    number: int
    weights: Weights
    prefix: int = 0
    """How many segments of the call stand in front of the template."""
    kind: Prefix = Prefix.STATED


def match_call(call: TestCall, document: ApiDocument) -> Match:
    """The operation of `document` that `call` means, or why that cannot be told."""
    if call.unresolved is not None:
        return Match(reason=call.unresolved)
    if call.path and not call.path.startswith("/"):
        return Match(reason=mismatch.starts_with_hole(call.path))
    known = document.derived.get(_known, document)
    key = (call.method, call.path, call.parameter_names, call.parts.query, call.parts.complete)
    found = known.get(key)
    if found is None:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        found = known[key] = _Matching(call, document).match()
    return found


def _known(_: ApiDocument) -> dict[tuple[object, ...], Match]:
    """What was asked of a document already; tests repeat their calls."""
    return {}


class _Matching:
    """One call against one document."""

    def __init__(self, call: TestCall, document: ApiDocument) -> None:
        self._call = call
        self._document = document
        self._index: RouteIndex = index_of(document)
        self._method = call.method.upper()
        self._path = call_segments(call.path, call.parameter_names)
        self._slash = call.path.partition("#")[0].partition("?")[0].endswith("/")
        self._own_base = starts_with_base(self._path, self._index.bases)
        self._unread = _MOST_READ

    def match(self) -> Match:
        """The result."""
        found = list(self._found())
        for kind in (Prefix.STATED, Prefix.LIKELY):
            of_kind = [each for each in found if each.kind is kind]
            best = self._maximal(of_kind)
            mine = [each for each in best if self._method_of(each) == self._method]
            if mine:
                return self._chosen(self._by_query(mine))
            if best:
                return Match(reason=self._other_methods(best))
        possible = self._possible()
        if possible:
            return Match(reason=mismatch.computed(self._shown, possible), candidates=possible)
        return Match(reason=self._reason(found))

    def _method_of(self, candidate: _Candidate) -> str:
        return self._index.entries[candidate.number].method.upper()

    def _found(self) -> Iterator[_Candidate]:
        """Every entry whose template the path, or its end, certainly fits."""
        index, path = self._index, self._path
        for cut in range(len(path) + 1):
            prefix = path[:cut]
            weights = stated_weights(prefix, index.bases) if cut else ()
            kind = prefix_kind(prefix, index.bases)
            ends = [each for each in index.full.find(path[cut:]) if self._fits(each[0], cut)]
            most = _maxima(end for _, end in ends)
            for number, end in ends:
                if end not in most:
                    continue
                own = self._own_kind(number, prefix, kind)
                front = weights if weights is not None else (0,) * cut
                candidate = _Candidate(number, (*front, *end), cut, own)
                if not self._takes_base_for_value(candidate) and _is_named(candidate):
                    yield candidate
        for number, end in index.short.find(path):
            candidate = _Candidate(number, end, 0, Prefix.LIKELY)
            if self._fits(number, 0, short=True) and _is_named(candidate):
                yield candidate

    def _own_kind(self, number: int, prefix: Sequence[CallSegment], kind: Prefix) -> Prefix:
        """`kind`, corrected where the operation or its path item has servers of its own."""
        if not prefix or self._unread <= 0:
            return kind
        operation = self._document.operations[number]
        self._unread -= 1
        if not operation.servers or operation.servers == self._document.servers:
            return kind
        own = prefix_kind(prefix, bases_of(operation.servers))
        return own if own is Prefix.STATED else min(Prefix.LIKELY, max(own, kind))

    def _takes_base_for_value(self, candidate: _Candidate) -> bool:
        """Whether a parameter would have to stand for a part of the servers' base path."""
        if candidate.prefix or candidate.kind is not Prefix.STATED:
            return False
        return any(weight < LITERAL for weight in candidate.weights[: self._own_base])

    def _fits(self, number: int, cut: int, *, short: bool = False) -> bool:
        """Whether no hole that may hold several segments stands for one parameter."""
        patterns = self._index.patterns[number]
        if short:
            patterns = patterns[len(patterns) - len(self._path) :]
        return all(
            not segment.is_hole
            or not segment.names
            or plain_name(segment.names[0]) not in _SEVERAL_SEGMENTS
            or _is_called(pattern, segment)
            for segment, pattern in zip(self._path[cut:], patterns, strict=True)
        )

    def _maximal(self, candidates: Sequence[_Candidate]) -> list[_Candidate]:
        """Those that no other is more literal than; of equal ones those that end alike."""
        most = _maxima(each.weights for each in candidates)
        best = [each for each in candidates if each.weights in most]
        exact = [each for each in best if self._ends_alike(each)]
        return exact if exact and len(most) == 1 else best

    def _by_query(self, best: list[_Candidate]) -> list[_Candidate]:
        """Of templates that differ in the query written into them, the one that the call sends."""
        if len(best) < 2 or not self._call.parts.complete:
            return best
        sent = _query_names(self._call.path) | set(self._call.parts.query)
        wanted = [_query_names(self._index.entries[each.number].path) for each in best]
        fitting = [names for names in wanted if names <= sent]
        most = max(map(len, fitting), default=-1)
        kept = [
            each
            for each, names in zip(best, wanted, strict=True)
            if names <= sent and len(names) == most
        ]
        return kept or best

    def _ends_alike(self, candidate: _Candidate) -> bool:
        path = self._index.entries[candidate.number].path.partition("?")[0]
        return (path.endswith("/") and path != "/") is (self._slash and bool(self._path))

    def _chosen(self, best: Sequence[_Candidate]) -> Match:
        keys = self._keys(best)
        if len(keys) > 1:
            return Match(reason=mismatch.ambiguous(self._shown, keys), candidates=keys)
        chosen = best[0]
        maybe = self._other_readings(chosen)
        if maybe:
            return Match(reason=mismatch.computed(self._shown, maybe), candidates=maybe)
        operation = self._document.operations[chosen.number]
        note = None
        if chosen.kind is Prefix.LIKELY:
            note = mismatch.found_by_end(self._shown, operation.key)
        return Match(operation, note=note)

    def _other_readings(self, chosen: _Candidate) -> tuple[str, ...]:
        """The keys of what else a path that begins with a hole may mean, with the chosen one."""
        if chosen.prefix or not self._path or not self._path[0].is_hole:
            return ()
        patterns = self._index.patterns[chosen.number]
        if len(patterns) == len(self._path) and _is_called(patterns[0], self._path[0]):
            return ()
        possible = [
            _Candidate(number, weights)
            for number, weights in self._index.full.find(self._path, loose=True)
        ]
        keys = self._keys(
            each for each in (chosen, *possible) if self._method_of(each) == self._method
        )
        return keys if len(keys) > 1 else ()

    def _keys(self, candidates: Iterable[_Candidate]) -> tuple[str, ...]:
        entries = self._index.entries
        return tuple(dict.fromkeys(entries[each.number].key for each in candidates))

    @property
    def _shown(self) -> str:
        return f"{self._method} {self._call.path or '/'}"

    def _other_methods(self, best: Iterable[_Candidate]) -> Message:
        entries = self._index.entries
        found = [entries[each.number] for each in best]
        paths = {each.path for each in found}
        methods = dict.fromkeys(entry.method for entry in entries if entry.path in paths)
        return mismatch.other_methods(self._method, found[0].path, tuple(methods))

    def _possible(self) -> tuple[str, ...]:
        """The keys of what the path may mean, depending on what its holes hold."""
        index, path = self._index, self._path
        if all(segment.is_known for segment in path):
            return ()
        return self._keys(
            candidate
            for cut in range(len(path) + 1)
            if prefix_kind(path[:cut], index.bases) is not Prefix.UNKNOWN
            or not any(segment.is_known for segment in path[:cut])
            for number, weights in index.full.find(path[cut:], loose=True)
            for candidate in (_Candidate(number, weights),)
            if self._method_of(candidate) == self._method and LITERAL in weights
        )

    def _reason(self, found: Sequence[_Candidate]) -> Message:
        """Why nothing fits, with the nearest thing that the document has."""
        index, path = self._index, self._path
        below = [each for each in found if each.kind is Prefix.UNKNOWN]
        if below:
            prefix = "".join(f"/{each.shown}" for each in path[: below[0].prefix])
            return mismatch.not_below(index.entries[below[0].number].path, prefix)
        folded = [CallSegment(each.text.lower(), each.names) for each in path]
        for cut in range(len(path) + 1):
            for number, _ in index.folded.find(folded[cut:]):
                if prefix_kind(folded[:cut], index.bases) is Prefix.STATED:
                    return mismatch.other_case(self._shown, index.entries[number].path)
        return mismatch.no_path(self._shown)


def _maxima(weights: Iterable[Weights]) -> set[Weights]:
    """The weights that no others are at least as literal as in every segment.

    All of them where so many are left that they cannot be told apart anyway.
    """
    every = set(weights)
    best: list[Weights] = []
    for one in sorted(every, reverse=True):
        # A greater one was seen before: it is no smaller where they first differ.
        if not any(all(a >= b for a, b in zip(other, one, strict=True)) for other in best):
            best.append(one)
        if len(best) > _MOST_MAXIMA:
            return every
    return set(best)


def _query_names(path: str) -> set[str]:
    query = path.partition("#")[0].partition("?")[2]
    return {part.partition("=")[0] for part in query.split("&") if part}


def _is_named(candidate: _Candidate) -> bool:
    """Whether a segment of the template is written out, where a part of the path was cut off."""
    if candidate.kind is Prefix.STATED or not candidate.weights:
        return True
    return LITERAL in candidate.weights[candidate.prefix :]


def _is_called(pattern: Pattern, segment: CallSegment) -> bool:
    """Whether the hole has the name of the parameter: then it stands for it."""
    return bool(segment.names) and [plain_name(name) for name in segment.names] == [
        plain_name(name) for name in pattern.names
    ]
