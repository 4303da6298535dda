"""Which cases are written where a plan limits their number: the most valuable, each once."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.case import TestCase
from pe4king_core.model.fact import CaseKind


def without_repeats(cases: Sequence[TestCase]) -> list[TestCase]:
    """The cases without edges that change nothing, and without ids that are there already."""
    found: dict[str, TestCase] = {}
    for case in cases:
        if case.kind is not CaseKind.EDGE or case.request != case.base:
            found.setdefault(case.id, case)
    return list(found.values())


def within_budget(cases: Sequence[TestCase], most: int | None) -> Sequence[TestCase]:
    """At most `most` of `cases`, in their order: none is worth less than one left out."""
    if most is None or len(cases) <= most:
        return cases
    ranked = sorted(range(len(cases)), key=lambda index: (-cases[index].value, index))
    kept = frozenset(ranked[: max(most, 0)])
    return [case for index, case in enumerate(cases) if index in kept]
