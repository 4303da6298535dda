"""Mutants that no test noticed, each with the missing check that would notice it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe4king_core.improvement.missing import missing_facts
from pe4king_core.improvement.ranking import ranked
from pe4king_core.mock.mutant import Mutant
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact
from pe4king_core.proof.baseline.truth import is_false, told
from pe4king_core.proof.proving.judging import Judging, Witness
from pe4king_core.proof.proving.understanding import Understood
from pe4king_core.proof.report import CellState, Survivor


def survivors(tests: Sequence[Judging], mutants: Sequence[Mutant]) -> tuple[Survivor, ...]:
    """The mutants that were reached and not killed, in their order."""
    facts = _Facts()
    killed, reached = set[int](), set[int]()
    for test in tests:
        proof = test.proof()
        reached |= {cell.mutant for cell in test.cells if proof.concerns(cell, mutants)}
        killed |= {cell.mutant for cell in test.cells if cell.state is CellState.KILLED}
    return tuple(
        _survivor(number, tests, facts)
        for number in range(len(mutants))
        if number in reached - killed
    )


def _survivor(number: int, tests: Sequence[Judging], facts: _Facts) -> Survivor:
    first = ""
    for test in tests:
        witness = test.witnesses.get(number)
        if witness is None:
            continue
        first = first or test.item.id
        fact = facts.noticing(test, witness)
        if fact is not None:
            return Survivor(number, fact, test.item.id)
    return Survivor(number, None, first)


class _Facts:
    """What tests do not check yet; worked out once for each call."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[AssertionFact, ...]] = {}

    def noticing(self, test: Judging, witness: Witness) -> AssertionFact | None:
        """The most valuable fact that is false only of the answer with the fault."""
        operation = witness.broken.operation
        known = test.trial.understood
        if operation is None:
            return None
        broken = told(witness.broken)
        sound = told(witness.sound) if witness.sound is not None else None
        for call in _calls(known, operation.key):
            for fact in self._missing(known, call):
                if is_false(fact, broken) and (sound is None or not is_false(fact, sound)):
                    return fact
        return None

    def _missing(self, known: Understood, call_id: str) -> tuple[AssertionFact, ...]:
        key = (id(known), call_id)
        if key not in self._known and known.test is not None:
            call = next(each for each in known.test.calls if each.id == call_id)
            operation = known.operations[call_id][1]
            found = missing_facts(known.test, call, operation, known.source, depth=Depth.L6_RULES)
            self._known[key] = ranked(found)
        return self._known.get(key, ())


def _calls(known: Understood, operation: str) -> Iterator[str]:
    return (call for call, (_, each) in known.operations.items() if each.key == operation)
