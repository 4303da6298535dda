"""The path templates of a document as a tree of segments, made once and asked for every call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pe4king_core.improvement.bases import Base, bases_of, is_prefix_word
from pe4king_core.improvement.segments import LITERAL, CallSegment, Pattern, pattern_of, split_path
from pe4king_core.model.operation import ApiDocument, OperationEntry

Weights = tuple[int, ...]
Fits = Callable[[Pattern, str], bool]


@dataclass(slots=True)
class _Node:
    """What may follow the same segments; `ends` are numbers of entries that are complete here."""

    literals: dict[str, _Node] = field(default_factory=dict)
    mixed: dict[Pattern, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    ends: list[int] = field(default_factory=list)

    def below(self, pattern: Pattern) -> _Node:
        """The node for `pattern`, made where there is none."""
        if pattern.is_literal:
            return self.literals.setdefault(pattern.pieces[0], _Node())
        if not pattern.is_parameter:
            return self.mixed.setdefault(pattern, _Node())
        if self.parameter is None:
            self.parameter = _Node()
        return self.parameter

    def fitting(self, text: str, *, loose: bool) -> Iterator[tuple[int, _Node]]:
        """The nodes that `text` leads to, with weights; `loose`: that it could lead to."""
        if loose and "\0" in text:
            for literal, node in self.literals.items():
                if text == "\0" or Pattern((literal,)).could_fit(text):
                    yield LITERAL, node
        elif text in self.literals:
            yield LITERAL, self.literals[text]
        for pattern, node in self.mixed.items():
            if pattern.could_fit(text) if loose else pattern.fits(text):
                yield pattern.weight, node
        if self.parameter is not None:
            yield 0, self.parameter


class RouteTree:
    """Templates by their segments."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, patterns: Sequence[Pattern], number: int) -> None:
        """The entry `number` lies at `patterns`."""
        node = self._root
        for pattern in patterns:
            node = node.below(pattern)
        node.ends.append(number)

    def find(
        self, path: Sequence[CallSegment], *, loose: bool = False
    ) -> Iterator[tuple[int, Weights]]:
        """Numbers of the entries that `path` fits, with the weight of each segment.

        `loose`: those that it could fit, whatever its holes hold.
        """
        level: list[tuple[_Node, Weights]] = [(self._root, ())]
        for segment in path:
            level = [
                (below, (*weights, weight))
                for node, weights in level
                for weight, below in node.fitting(segment.text, loose=loose)
            ]
        for node, weights in level:
            for number in node.ends:
                yield number, weights


class RouteIndex:
    """The paths of one document; no operation is read to make it."""

    def __init__(self, document: ApiDocument) -> None:
        self.entries: tuple[OperationEntry, ...] = document.entries
        self.bases: tuple[Base, ...] = bases_of(document.servers)
        self.full = RouteTree()
        self.short = RouteTree()
        """The same templates without what may be a part of the base address in the tests."""
        known: dict[str, Pattern] = {}
        self.patterns = [
            tuple(
                known.get(part) or known.setdefault(part, pattern_of(part))
                for part in split_path(entry.path)
            )
            for entry in self.entries
        ]
        common = _common_prefix(self.patterns)
        for number, patterns in enumerate(self.patterns):
            self.full.add(patterns, number)
            for cut in range(1, min(_droppable(patterns, common), len(patterns) - 1) + 1):
                self.short.add(patterns[cut:], number)

    @cached_property
    def folded(self) -> RouteTree:
        """The templates in lower case, for paths that differ in nothing else."""
        tree = RouteTree()
        for number, patterns in enumerate(self.patterns):
            lower = [Pattern(tuple(map(str.lower, each.pieces)), each.gaps) for each in patterns]
            tree.add(lower, number)
        return tree


def index_of(document: ApiDocument) -> RouteIndex:
    """The index of `document`, made when it is first asked for."""
    return document.derived.get(RouteIndex, document)


def _common_prefix(paths: Sequence[tuple[Pattern, ...]]) -> tuple[Pattern, ...]:
    """The literal segments that all of `paths` begin with."""
    if len(set(paths)) < 2:
        return ()
    first, last = min(paths, key=_spelling), max(paths, key=_spelling)
    length = 0
    for mine, theirs in zip(first, last, strict=False):
        if mine != theirs or not mine.is_literal:
            break
        length += 1
    return first[:length]


def _spelling(patterns: tuple[Pattern, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(pattern.pieces for pattern in patterns)


def _droppable(patterns: tuple[Pattern, ...], common: tuple[Pattern, ...]) -> int:
    """How many segments in front may be a part of the address that tests have in a constant.

    Words of base paths (`/api/v1`); before them what all paths have in common (`/shop/api/v1`).
    """
    shared = 0
    for number, pattern in enumerate(common):
        if is_prefix_word(pattern.pieces[0]):
            shared = number + 1
    own = 0
    for pattern in patterns:
        if not pattern.is_literal or not is_prefix_word(pattern.pieces[0]):
            break
        own += 1
    return max(shared, own)
