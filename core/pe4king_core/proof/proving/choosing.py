"""Which mutants a test is run against: those that its baseline can show, fairly over all kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.mock.handled import Handled
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.ignoring import IGNORING
from pe4king_core.mock.service import Service
from pe4king_core.proof.proving.serving import Seen
from pe4king_core.proof.proving.understanding import Understood

_TRIED = 4
"""So many different answers of one operation and status are tried to show a fault in."""
_SHARE = 3
"""Mutants of what a test asserts on are taken so many times as often as others."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Numbers of mutants: those to be run, those that no answer of the test can show, the rest."""

    run: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    left_out: int = 0


Operation = tuple[int, str]
"""The number of a document and the key of one of its operations."""


class Catalogue:
    """The mutants of all operations that any test reached, by number, in the order found."""

    def __init__(
        self, conforming: Callable[[int], Service], kinds: Collection[MutantKind], enough: int = 0
    ) -> None:
        """`enough`: mutants that so many tests have killed are not chosen any more."""
        self._conforming = conforming
        self._kinds = kinds
        self._enough = enough
        self._killed: Counter[int] = Counter()
        self._numbers: dict[Operation, tuple[int, ...]] = {}
        self.mutants: list[Mutant] = []
        self.apis: list[int] = []

    def killed(self, number: int) -> None:
        """One more test has killed it."""
        self._killed[number] += 1

    def of(self, operation: Operation) -> tuple[int, ...]:
        """The numbers of the mutants of an operation, best first."""
        found = self._numbers.get(operation)
        if found is None:
            api, key = operation
            made = self._conforming(api).mutants(key)
            wanted = [each for each in made if each.kind in self._kinds]
            first = len(self.mutants)
            self.mutants += wanted
            self.apis += [api] * len(wanted)
            found = self._numbers[operation] = tuple(range(first, first + len(wanted)))
        return found

    def chosen(
        self,
        seen: Sequence[Seen],
        refused: Sequence[Seen],
        understood: Understood,
        most: int,
    ) -> Chosen:
        """At most `most` of the mutants that show in `seen`.

        Of operations that only prepare something the laws alone are of interest: what was made
        may be wrong where the test looks at it.

        `refused` are the refusals of invalid requests.

        The faults are tried on the answers as they were: what shows in none needs no run.
        """
        shown = _Showing(self._conforming, seen, refused)
        run: list[int] = []
        hidden: list[int] = []
        rest = 0
        prepared = {each for each in shown.operations if understood.only_prepares(each)}
        for number in self._in_turn(shown.operations, understood.about):
            mutant, api = self.mutants[number], self.apis[number]
            if mutant.kind is MutantKind.CONTRACT and (api, mutant.operation) in prepared:
                continue
            if len(run) >= most or 0 < self._enough <= self._killed[number]:
                rest += 1
            elif shown.may_show(api, mutant):
                run.append(number)
            else:
                hidden.append(number)
        return Chosen(tuple(run), tuple(hidden), rest)

    def _in_turn(
        self, operations: Sequence[Operation], about: Collection[Operation]
    ) -> Iterator[int]:
        """All mutants of `operations`: some of each operation and kind, then the next of each."""
        queues: list[tuple[int, list[int]]] = []
        for operation in operations:
            numbers = self.of(operation)
            share = _SHARE if operation in about else 1
            for kind in MutantKind:
                queues.append((share, [n for n in numbers if self.mutants[n].kind is kind]))
        while any(queue for _, queue in queues):
            for share, queue in queues:
                yield from queue[:share]
                del queue[:share]


class _Showing:
    """The answers of a baseline, asked which faults could show in them."""

    def __init__(
        self, conforming: Callable[[int], Service], seen: Sequence[Seen], refused: Sequence[Seen]
    ) -> None:
        self._conforming = conforming
        self._refused = refused
        self._answers: dict[Operation, dict[tuple[str, bytes], Handled]] = {}
        for each in seen:
            handled = each.handled
            if handled.operation is not None:
                answers = self._answers.setdefault((each.api, handled.operation.key), {})
                answers.setdefault((handled.status_key, handled.answer.body), handled)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What was called, in the order of the first calls."""
        return tuple(self._answers)

    def may_show(self, api: int, mutant: Mutant) -> bool:
        answers = self._answers.get((api, mutant.operation), {}).values()
        if mutant.kind is MutantKind.LAW:
            return any(200 <= each.answer.status < 300 for each in answers)
        mutator = self._conforming(api).mutator
        if mutator is None:
            return False
        if mutant.operator in IGNORING:
            return any(
                all(mutator.is_ignored(mutant, fault) for fault in each.handled.faults)
                for each in self._refused
                if each.api == api and _key(each) == mutant.operation
            )
        same = [each for each in answers if each.status_key == mutant.status][:_TRIED]
        return any(mutator.mutated(mutant, each) is not None for each in same)


def _key(seen: Seen) -> str:
    operation = seen.handled.operation
    return "" if operation is None else operation.key
