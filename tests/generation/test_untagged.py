"""Operations without tags: one file where it can be read, files by resource where it cannot."""

from __future__ import annotations

from pe4king_core.generation import generate
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import CaseKind
from pe4king_core.openapi import load

_POSITIVE = TestPlan(kinds=frozenset({CaseKind.POSITIVE}))


def groups(count: int) -> dict[str, int]:
    """The groups of a document with so many operations below two resources, and two elsewhere."""
    lines = ["openapi: 3.0.3", "info: {title: Shop, version: '1'}", "paths:"]
    for number in range(count):
        lines.append(f"  /api/v1/{'orders' if number % 2 else 'users'}/{{id}}/p{number}:")
        lines.append("    get: {responses: {'204': {description: done}}}")
    lines += ["  /v2/{id}:", "    get: {responses: {'204': {description: done}}}"]
    lines += ["  /tagged:", "    get: {tags: [Own], responses: {'204': {description: done}}}", ""]
    models = generate(load("\n".join(lines), "file:///shop.yaml"), _POSITIVE)
    return {model.group: len({case.operation.key for case in model.cases}) for model in models}


def test_few_are_one_group() -> None:
    assert groups(60) == {"Shop": 61, "Own": 1}


def test_many_are_grouped_by_what_their_paths_name_first() -> None:
    assert groups(120) == {"users": 60, "orders": 60, "Shop": 1, "Own": 1}
