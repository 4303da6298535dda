"""Which of many mutants are worth a run: all operators, all parts, the nearest places first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.ignoring import IGNORING
from pe4king_core.mock.mutants.operators import Breaks, Ignores
from pe4king_core.mock.mutants.wording import described
from pe4king_core.model.json import split

_SHARES = {"success": 3, "request": 2, "error": 1}
"""How many of each part are taken in one round."""
_LIKELY = {
    operator.value: number
    for number, operator in enumerate(
        (
            Breaks.MISSING,
            Breaks.TYPE,
            Breaks.STATUS,
            Breaks.NULL,
            Breaks.ENUM,
            Breaks.CONTENT_TYPE,
            Breaks.ERROR_BODY,
            Breaks.EMPTY_BODY,
            Breaks.NO_HEADER,
            Breaks.FORMAT,
            Breaks.BELOW,
            Breaks.ABOVE,
            Breaks.EXTRA,
            Breaks.BAD_ITEM,
            Ignores.CREDENTIALS,
        )
    )
}
"""What goes wrong in real servers comes first; of the rest one is like another."""


def named(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """The mutants with names, each fault once."""
    seen: set[tuple[str, str, str, str]] = set()
    names: dict[str, int] = {}
    for mutant in mutants:
        key = (mutant.status, mutant.subject, mutant.operator, repr(mutant.value))
        if key in seen:
            continue
        seen.add(key)
        name = described(mutant).en
        names[name] = names.get(name, 0) + 1
        more = f" ({names[name]})" if names[name] > 1 else ""
        yield replace(mutant, name=name + more)


def ordered(mutants: Iterable[Mutant], seed: int) -> list[Mutant]:
    """All mutants, those that should be run first in front; the seed decides among equals."""
    parts: dict[str, dict[str, list[Mutant]]] = {part: {} for part in _SHARES}
    for mutant in mutants:
        parts[_part(mutant)].setdefault(_family(mutant), []).append(mutant)
    queues = {part: list(_rounds(families, seed)) for part, families in parts.items()}
    found: list[Mutant] = []
    while any(queues.values()):
        for part, share in _SHARES.items():
            found += queues[part][:share]
            del queues[part][:share]
    return found


def _rounds(families: dict[str, list[Mutant]], seed: int) -> Iterator[Mutant]:
    """One of each family, then the next of each."""
    for name, members in families.items():
        Random(f"{seed} {name} {members[0].operation}").shuffle(members)
        members.sort(key=_depth)
    queues = sorted(families.values(), key=lambda members: _LIKELY.get(members[0].operator, 99))
    for number in range(max(map(len, queues), default=0)):
        for members in queues:
            if number < len(members):
                yield members[number]


def _part(mutant: Mutant) -> str:
    if mutant.operator in IGNORING:
        return "request"
    return "success" if mutant.status[:1] == "2" else "error"


def _family(mutant: Mutant) -> str:
    """What is alike: the operator; of checks left out also which part of the request it is."""
    if mutant.operator == Ignores.INVALID:
        return f"{mutant.operator} {mutant.subject.partition(' ')[0]} {mutant.value}"
    return mutant.operator


def _depth(mutant: Mutant) -> int:
    return len(split(mutant.subject)) if mutant.subject.startswith("/") else 0
