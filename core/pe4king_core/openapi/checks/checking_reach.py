"""What each part of a document reaches through references.

Strongly connected components by Tarjan's algorithm (SIAM J. Comput. 1972), without recursion and
on demand. Each component keeps the faulty parts that it reaches as the bits of one integer, so
that hundreds of operations which share a thousand schemas cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.openapi.checks.checking_walk import Part
from pe4king_core.openapi.findings.faults import Fault

_MAX_REMEMBERED = 1_000


class Reach:
    """The findings that parts reach.

    `walked` makes sure that a part's targets are known, `finding` tells of a fault of a part.
    """

    def __init__(
        self,
        walked: Callable[[Part], Part],
        finding: Callable[[Fault, Part], Finding],
        limit: int,
    ) -> None:
        self._walked = walked
        self._finding = finding
        self._limit = limit
        self._reached: dict[Part, int] = {}
        self._faulty: list[Part] = []
        self._numbers: dict[Part, int] = {}
        self._with = dict.fromkeys(Severity, 0)
        self._told: dict[int, tuple[Finding, ...]] = {}

    def findings(self, part: Part) -> tuple[Finding, ...]:
        """Those of `part` and of all that it reaches: `limit` at most, the gravest first."""
        if part not in self._reached:
            _Search(self._walked, self._reached, self._close).run(part)
        bits = self._reached[part]
        own = self._numbers.get(part)
        if own is None:
            return self._of(bits)
        # Operations differ in what is wrong with themselves, and share what they refer to.
        found = [self._finding(fault, part) for fault in part.faults.kept]
        found += self._of(bits & ~(1 << own))
        order = list(Severity)
        return tuple(sorted(found, key=lambda each: order.index(each.severity))[: self._limit])

    def _of(self, bits: int) -> tuple[Finding, ...]:
        known = self._told.get(bits)
        if known is None:
            if len(self._told) >= _MAX_REMEMBERED:
                self._told.clear()
            known = self._told[bits] = tuple(islice(self._worst(bits), self._limit))
        return known

    def _worst(self, bits: int) -> Iterator[Finding]:
        for severity, parts in self._with.items():
            waiting = bits & parts
            while waiting:
                lowest = waiting & -waiting
                waiting ^= lowest
                part = self._faulty[lowest.bit_length() - 1]
                for fault in part.faults.kept:
                    if fault.severity is severity:
                        yield self._finding(fault, part)

    def _close(self, members: list[Part]) -> None:
        """Sets what the parts of one component reach; all outside of it is known by now."""
        bits = 0
        for part in members:
            for target in part.targets:
                bits |= self._reached.get(target, 0)
            if part.faults.kept:
                bits |= self._numbered(part)
        for part in members:
            self._reached[part] = bits

    def _numbered(self, part: Part) -> int:
        """The bit of a faulty part."""
        bit = 1 << len(self._faulty)
        self._numbers[part] = len(self._faulty)
        self._faulty.append(part)
        for severity in {fault.severity for fault in part.faults.kept}:
            self._with[severity] |= bit
        return bit


class _Search:
    """One depth-first search; `closed` holds the parts whose component is complete."""

    def __init__(
        self,
        walked: Callable[[Part], Part],
        closed: dict[Part, int],
        close: Callable[[list[Part]], None],
    ) -> None:
        self._walked = walked
        self._closed = closed
        self._close = close
        self._order: dict[Part, int] = {}
        self._lowest: dict[Part, int] = {}
        self._open: list[Part] = []
        self._path: list[tuple[Part, Iterator[Part]]] = []

    def run(self, start: Part) -> None:
        """Closes `start` and all that it reaches."""
        self._enter(start)
        while self._path:
            part, targets = self._path[-1]
            following = next((other for other in targets if self._is_new(part, other)), None)
            if following is not None:
                self._enter(following)
                continue
            self._path.pop()
            if self._path:
                above = self._path[-1][0]
                self._lowest[above] = min(self._lowest[above], self._lowest[part])
            if self._lowest[part] == self._order[part]:
                self._close(self._taken(part))

    def _taken(self, part: Part) -> list[Part]:
        """The component of `part`: all that was opened since, which is no longer open."""
        members: list[Part] = []
        while not members or members[-1] is not part:
            members.append(self._open.pop())
        return members

    def _enter(self, part: Part) -> None:
        self._order[part] = self._lowest[part] = len(self._order)
        self._open.append(part)
        self._path.append((part, iter(self._walked(part).targets)))

    def _is_new(self, part: Part, target: Part) -> bool:
        """Whether `target` is to be entered; an open one lowers what `part` leads back to."""
        if target in self._closed:
            return False
        if target in self._order:
            self._lowest[part] = min(self._lowest[part], self._order[target])
            return False
        return True
