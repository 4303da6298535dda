"""Facts hold for every valid answer, negative requests are invalid, however the schema is built.

Schemas and values are random; whether a value is valid is for the `jsonschema` package to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pe4king_core.generation import response_facts
from pe4king_core.generation.generate import generate_cases
from pe4king_core.generation.requests.requests import changed_value, valid_request
from pe4king_core.generation.variations.negative import negative_cases
from pe4king_core.improvement.case_judge import judge_cases
from pe4king_core.improvement.judge import judge_facts
from pe4king_core.model.case import TestPlan
from pe4king_core.model.fact import (
    AssertionFact,
    CaseFact,
    CaseKind,
    Change,
    ChangeIn,
    ChangeKind,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Presence,
    SubjectKind,
    Unique,
    body,
)
from pe4king_core.model.json import join, lookup
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi import load
from pe4king_core.rendering.patterns import FORMATS
from pe4king_core.rendering.python.assertions import PythonNames, render_python
from tests.generation.random_schemas import Made, Schemas, Values
from tests.rendering.fact_truth import holds
from tests.rendering.test_python_assertions import run

pytestmark = pytest.mark.slow

SEEDS = st.integers(0, 2**32)


def some(count: int) -> Any:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def operation_of(made: Made, place: str) -> Operation:
    [operation] = load(made.document(place), "file:///random.json").operations
    return operation


def body_facts(operation: Operation) -> list[AssertionFact]:
    facts = response_facts(operation, 200)
    return [fact for fact in facts if fact.subject.kind is SubjectKind.BODY]


def valid_values(made: Made, random: Random, left_out: str, count: int) -> Iterator[Any]:
    validator = made.validator(left_out)
    for _ in range(count):
        value = Values(made, random, left_out).make()
        if validator.is_valid(value):
            yield value


def is_true(fact: AssertionFact, value: Any) -> bool:
    """`holds` for the formats too; conditions on the way are looked at before what lies behind."""
    for condition in fact.conditions:
        if "*" in condition.pointer or lookup(value, condition.pointer) not in condition.values:
            return True
    if isinstance(fact.check, HasFormat):
        fact = replace(fact, check=Matches(f"^({FORMATS[fact.check.name]})$"))
    return holds(fact, value)


@some(150)
@given(SEEDS)
def test_facts_hold_for_every_valid_answer(seed: int) -> None:
    random = Random(seed)
    made = Schemas(random).make()
    operation = operation_of(made, "response")
    facts = body_facts(operation)
    code = render_python(facts, PythonNames())
    for value in valid_values(made, random, "writeOnly", 5):
        for fact in facts:
            assert is_true(fact, value), (fact, value)
        assert run(code.lines, code.imports, value) == "holds", (value, code.lines)


@some(100)
@given(SEEDS)
def test_the_judge_accepts_every_fact_of_the_rules(seed: int) -> None:
    operation = operation_of(Schemas(Random(seed)).make(), "response")
    facts = response_facts(operation, 200)
    verdict = judge_facts(facts, {"C1": operation}, {"C1": 200})
    # Places of which a schema contradicts itself: no answer has them, so the judge knows none.
    reasons = {reason.en for _, reason in verdict.rejected}
    assert all(reason.endswith("is not in the document") for reason in reasons)


CHECKS: tuple[Any, ...] = (
    None,
    NotNull(),
    Unique(),
    HasSize(Bounds(0, 3)),
    HasLength(Bounds(1)),
    InRange(Bounds(0)),
    InRange(Bounds()),
    MultipleOf(1),
    MultipleOf(0),
    Matches("x"),
    HasFormat("uuid"),
    Equals(Literal(1)),
    Equals(Literal(True)),
    OneOf((1,)),
    OnlyMembers(("id", "name", "kind", "tags", "next", "secret")),
    OneOf((None, True, False, 0, 1, -1, 2.5, "", "a")),
    OneOf(("tag0", "tag1", "tag2")),
    *(HasType(frozenset({kind})) for kind in JsonType),
)
TOKENS = ("*", "id", "name", "kind", "tags", "0", "200", "undeclared", "next", "secret")


def bent(fact: AssertionFact, facts: list[AssertionFact], random: Random) -> AssertionFact:
    """`fact` with something about it changed, as a model might propose it."""
    other = random.choice(facts)
    choices = (
        replace(fact, nullable=not fact.nullable),
        replace(fact, presence=random.choice(list(Presence))),
        replace(fact, guards=fact.guards[1:]),
        replace(fact, conditions=other.conditions),
        replace(fact, check=random.choice(CHECKS)),
        replace(fact, check=other.check),
        replace(fact, subject=body(join(fact.subject.name, random.choice(TOKENS)))),
    )
    return random.choice(choices)


@some(100)
@given(SEEDS)
def test_what_the_judge_accepts_holds(seed: int) -> None:
    random = Random(seed)
    made = Schemas(random).make()
    operation = operation_of(made, "response")
    facts = body_facts(operation)
    proposed = [bent(random.choice(facts), facts, random) for _ in range(20)] if facts else []
    proposed += [bent(fact, facts, random) for fact in proposed]
    verdict = judge_facts(proposed, {"C1": operation}, {"C1": 200})
    accepted = [proposed[index] for index in verdict.accepted]
    for value in valid_values(made, random, "writeOnly", 4):
        for fact in accepted:
            assert is_true(fact, value), (fact, value)
            code = render_python([fact], PythonNames())
            assert run(code.lines, code.imports, value) == "holds", (fact, value, code.lines)


def lenient(change: Change) -> list[Change]:
    """What a server that coerces may make of a change."""
    value = change.value
    if change.kind is ChangeKind.REMOVE:
        return [replace(change, kind=ChangeKind.SET, value=None)]
    if value is None:
        return [replace(change, kind=ChangeKind.REMOVE)]
    readings: list[Any] = [] if isinstance(value, list) else [[value]]
    if isinstance(value, str):
        try:
            readings += [float(value), int(float(value))]
        except (ValueError, OverflowError):
            readings += [value.lower() == "true"] if value.lower() in ("true", "false") else []
    elif isinstance(value, bool | int | float):
        readings += [str(value).lower(), str(value), int(value)]
        readings += [bool(value)] if value in (0, 1) else []
    return [replace(change, value=reading) for reading in readings]


@some(80)
@given(SEEDS)
def test_positive_and_edge_bodies_are_valid_and_negative_ones_are_not(seed: int) -> None:
    made = Schemas(Random(seed), untyped=False).make()
    operation = operation_of(made, "request")
    validator = made.validator("readOnly")
    cases, _ = generate_cases(operation, TestPlan())
    assert cases == generate_cases(operation, TestPlan())[0]
    assert len({case.id for case in cases}) == len({case.name for case in cases}) == len(cases)
    sent = valid_request(operation).body
    assert sent is not None
    whole = sent.value
    wrong = [error.validator for error in validator.iter_errors(whole)]
    if any(case.kind is CaseKind.POSITIVE for case in cases):
        assert set(wrong) <= {"oneOf"}, whole
    for case in cases:
        value = whole
        for change in case.changes:
            value = changed_value(value, change)
        if case.kind is CaseKind.EDGE:
            assert validator.is_valid(value), case.changes
            continue
        for change in case.changes:
            if change.where is ChangeIn.BODY and change.name:
                for seen in (change, *lenient(change)):
                    assert not validator.is_valid(changed_value(whole, seen)), seen


@some(80)
@given(SEEDS)
def test_negative_cases_that_the_judge_accepts_are_invalid(seed: int) -> None:
    random = Random(seed)
    made = Schemas(random, untyped=False).make()
    operation = operation_of(made, "request")
    validator = made.validator("readOnly")
    own = negative_cases(operation, TestPlan()).cases
    assert judge_cases(own, operation).rejected == ()
    pointers = [change.name for case in own for change in case.changes if change.name] or ["/id"]
    values = (None, "5", 5, 0, True, "true", "", [], {}, "x" * 30, 1.5, -100, ["a"], "not-a-date")
    sent = valid_request(operation).body
    assert sent is not None
    whole = sent.value
    for _ in range(15):
        change = Change(
            ChangeIn.BODY,
            random.choice(pointers),
            random.choice((ChangeKind.SET, ChangeKind.ADD, ChangeKind.REMOVE)),
            random.choice(values),
        )
        fact = CaseFact(operation.key, CaseKind.NEGATIVE, Message("t", "т"), (change,))
        if judge_cases([fact], operation).accepted:
            for seen in (change, *lenient(change)):
                assert not validator.is_valid(changed_value(whole, seen)), seen


@pytest.mark.parametrize("seed", range(5))
def test_the_values_of_these_tests_are_mostly_valid(seed: int) -> None:
    random = Random(seed)
    made = [Schemas(random).make() for _ in range(20)]
    counts = [len(list(valid_values(item, random, "writeOnly", 5))) for item in made]
    assert sum(counts) > 40
