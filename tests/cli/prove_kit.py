"""Proofs made by hand, of any size, always the same."""

from __future__ import annotations

import random
from pathlib import Path

from pe4king_core.mock.mutant import Law, Mutant, MutantKind
from pe4king_core.mock.mutants.operators import Breaks
from pe4king_core.mock.state.damage import Operator
from pe4king_core.model.fact import AssertionFact, HasType, body
from pe4king_core.model.message import Message
from pe4king_core.model.schema import JsonType
from pe4king_core.proof.report import (
    Cell,
    CellState,
    Judged,
    ProofReport,
    Survivor,
    TestProof,
)
from pe4king_core.proof.running import TestItem

FAILURE = "AssertionError: assert 'two' == 2 <script>alert(1)</script>"
_MEMBERS = ("/id", "/title", "/author/name", "/price", "/tags", "/publishedAt", "/stock")


def operations(count: int) -> list[str]:
    """Keys of so many operations."""
    names = ("books", "orders", "authors", "customers", "payments", "reviews", "shelves")
    methods = ("GET {}", "POST {}", "GET {}/{{id}}", "DELETE {}/{{id}}", "PATCH {}/{{id}}")
    found = [method.format(f"/{name}") for name in names for method in methods]
    found += [f"GET /v2/things{number}/{{id}}" for number in range(max(0, count - len(found)))]
    return found[:count]


def mutants(keys: list[str], each: int) -> list[Mutant]:
    """So many mutants of each operation: two contract ones for each law."""
    made = []
    for key in keys:
        for place in range(each):
            subject = _MEMBERS[place % len(_MEMBERS)]
            name = f"{key} 200 {subject} {place}"
            if place % 3 == 2:
                made.append(
                    Mutant(
                        name,
                        MutantKind.LAW,
                        Operator.ECHO_CHANGED,
                        key,
                        "",
                        "200",
                        subject,
                        Law.ECHO,
                    )
                )
            else:
                operator = Breaks.MISSING if place % 2 else Breaks.NULL
                made.append(Mutant(name, MutantKind.CONTRACT, operator, key, "", "200", subject))
    return made


def proof(tests: int, keys: int, each: int) -> ProofReport:
    """A report of so many tests, operations and mutants of each operation."""
    chance = random.Random(7)
    names = operations(keys)
    faults = mutants(names, each)
    made = tuple(_test(number, names, faults, chance) for number in range(tests))
    seen: dict[int, set[CellState]] = {}
    for test in made:
        for cell in test.cells:
            seen.setdefault(cell.mutant, set()).add(cell.state)
    alive = [
        index
        for index, states in sorted(seen.items())
        if CellState.KILLED not in states and states != {CellState.NOT_REACHED}
    ]
    fact = AssertionFact("C1", body("/price"), HasType(frozenset({JsonType.NUMBER})))
    survivors = tuple(
        Survivor(index, fact if place % 3 else None, made[0].item.id)
        for place, index in enumerate(alive)
    )
    confinement = (Message("No network but our server.", "Без сети, кроме нашего сервера."),)
    return ProofReport(
        made, tuple(faults), survivors, (), confinement, "pytest 9.0.1, Python 3.12.1", 12
    )


def _test(number: int, names: list[str], faults: list[Mutant], chance: random.Random) -> TestProof:
    item = TestItem(
        f"tests/test_api.py::test_{number}",
        Path("tests/test_api.py").absolute(),
        f"TestApi.test_{names[number % len(names)].split('/')[1]}_{number}",
        "1-2" if number % 9 == 3 else "",
    )
    judged = (
        Judged.UNPROVEN
        if number % 11 == 6
        else Judged.FALSE_ALARM
        if number % 37 == 12
        else Judged.PASSES
    )
    reason = Message("no request arrived", "ни одного запроса не пришло")
    if judged is not Judged.PASSES:
        return TestProof(item, judged, reason, seconds=0.012)
    mine = [names[number % len(names)], names[(number + 2) % len(names)]]
    skill = chance.choice((0.3, 0.7, 0.95))
    cells = tuple(
        _cell(index, skill, chance)
        for index, mutant in enumerate(faults)
        if mutant.operation in mine
    )
    return TestProof(item, judged, operations=tuple(mine), cells=cells, seeds=3, seconds=0.0213)


def _cell(index: int, skill: float, chance: random.Random) -> Cell:
    if chance.random() < 0.1:
        return Cell(index, CellState.NOT_REACHED)
    if index % 13 and chance.random() < skill:
        return Cell(index, CellState.KILLED, FAILURE)
    others = (CellState.SURVIVED,) * 8 + (
        CellState.CRASHED,
        CellState.FIXTURE_ERROR,
        CellState.TIMEOUT,
    )
    state = chance.choice(others)
    return Cell(index, state, "" if state is CellState.SURVIVED else "KeyError: 'price'")
