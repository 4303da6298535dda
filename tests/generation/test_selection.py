"""Which operations a plan selects, and how many of their cases a budget keeps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.generation import generate, iter_models, selected_operations
from pe4king_core.generation.budget import within_budget
from pe4king_core.generation.generate import generate_cases
from pe4king_core.model.case import TestCase, TestPlan
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load

SHOP = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /items:
    get: {operationId: listItems, tags: [items], responses: {"200": {description: x}}}
    post: {operationId: addItem, tags: [items, admin], responses: {"201": {description: x}}}
  /items/{id}:
    get: {operationId: getItem, tags: [items], responses: {"200": {description: x}}}
  /items/{id}/parts/{part}:
    get: {operationId: getPart, tags: [parts], responses: {"200": {description: x}}}
  /itemsets:
    get: {operationId: listSets, responses: {"200": {description: x}}}
  /v1.0/a(b):
    get: {operationId: odd, responses: {"200": {description: x}}}
"""


def document() -> ApiDocument:
    return load(SHOP, "file:///shop.yaml")


def selected(**plan: Any) -> list[str | None]:
    return [found.operation_id for found in selected_operations(document(), TestPlan(**plan))]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("/items", ["listItems", "addItem"]),
        ("/items/", ["listItems", "addItem"]),
        ("items", ["listItems", "addItem"]),
        ("/items/*", ["getItem"]),
        ("/items/**", ["listItems", "addItem", "getItem", "getPart"]),
        ("/items/{id}", ["getItem"]),
        ("/items/{itemId}", ["getItem"]),
        ("/item*", ["listItems", "addItem", "listSets"]),
        ("**/parts/**", ["getPart"]),
        ("/items/**/parts/*", ["getPart"]),
        ("/v1?0/*", ["odd"]),
        ("/v1.0/a(b)", ["odd"]),
        ("/**", ["listItems", "addItem", "getItem", "getPart", "listSets", "odd"]),
        ("/nothing", []),
        ("", []),
    ],
)
def test_path_globs(glob: str, expected: list[str]) -> None:
    assert selected(paths=(glob,)) == expected


def test_names_tags_and_paths_hold_together() -> None:
    assert selected() == ["listItems", "addItem", "getItem", "getPart", "listSets", "odd"]
    assert selected(tags=frozenset({"items"})) == ["listItems", "addItem", "getItem"]
    assert selected(tags=frozenset({"admin", "parts"})) == ["addItem", "getPart"]
    assert selected(tags=frozenset({"items"}), paths=("/items/*",)) == ["getItem"]
    assert selected(operations=frozenset({"GET /items", "getPart"}), paths=("/items",)) == [
        "listItems"
    ]


def test_only_what_is_selected_is_written_and_flows_still_know_the_rest() -> None:
    models = generate(document(), TestPlan(tags=frozenset({"parts"})))
    assert [model.group for model in models] == ["parts"]
    assert {case.operation.operation_id for case in models[0].cases} == {"getPart"}


def test_models_come_one_by_one_and_tell_how_far_they_are() -> None:
    told: list[tuple[int, int]] = []
    models = iter_models(document(), TestPlan(), done=lambda *so_far: told.append(so_far))
    first = next(models)
    assert (first.group, told) == ("items", [(1, 6), (2, 6), (3, 6)])
    assert [model.group for model in models] == ["parts", "Shop"]
    assert told[-1] == (6, 6)


def test_what_is_over_the_budget_is_counted() -> None:
    everything = {model.group: len(model.cases) for model in generate(document(), TestPlan())}
    for model in generate(document(), TestPlan(max_tests_per_endpoint=1)):
        operations = len({case.operation.key for case in model.cases})
        assert len(model.cases) == operations
        assert model.over_budget == everything[model.group] - operations


def some_cases() -> tuple[TestCase, ...]:
    cases, _ = generate_cases(document().operations[1], TestPlan())
    return cases


@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(0, 35))
def test_a_budget_never_keeps_a_case_of_less_value_than_one_it_drops(
    values: list[int], most: int
) -> None:
    from dataclasses import replace

    one = some_cases()[0]
    cases = [replace(one, id=str(number), value=value) for number, value in enumerate(values)]
    kept = within_budget(cases, most)
    left = [case for case in cases if case not in kept]
    assert len(kept) == min(most, len(cases))
    assert [case for case in cases if case in kept] == list(kept), "the order stays"
    assert min((c.value for c in kept), default=1000) >= max((c.value for c in left), default=0)
