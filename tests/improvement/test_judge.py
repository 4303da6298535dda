"""The contract gate for facts: nothing invented, nothing a conforming server may break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pe4king_core.generation import response_facts
from pe4king_core.improvement.judge import judge_facts
from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    CountOf,
    Equals,
    HasFormat,
    HasType,
    InRange,
    Literal,
    NotNull,
    OneOf,
    Presence,
    RequestValue,
    SumOf,
    body,
    header,
)
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi import load

DOCUMENT = load(
    """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {note: {type: string}}}
      responses:
        "201":
          description: made
          headers:
            Location: {required: true, schema: {type: string}}
            X-Trace: {schema: {type: string}}
          content:
            application/json:
              schema:
                type: object
                required: [id, total, items, state]
                properties:
                  id: {type: string, format: uuid}
                  total: {type: number, minimum: 0}
                  state: {enum: [new, paid]}
                  note: {type: string}
                  shipped: {type: [string, "null"], format: date-time}
                  items:
                    type: array
                    items:
                      type: object
                      required: [price]
                      properties: {price: {type: integer, minimum: 1, maximum: 9}}
                  address:
                    type: object
                    required: [city]
                    properties: {city: {type: string}}
""",
    "file:///shop.yaml",
)
ORDER = DOCUMENT.operations[0]


def verdict(fact: AssertionFact) -> str | None:
    """None where the fact is accepted, else the reason in English."""
    result = judge_facts([fact], {"C1": ORDER}, {"C1": 201})
    return None if result.accepted else result.rejected[0][1].en


def fact(pointer: str, check: object, **changes: object) -> AssertionFact:
    return replace(AssertionFact("C1", body(pointer), check), **changes)  # type: ignore[arg-type]


def test_every_fact_of_the_rules_is_accepted() -> None:
    facts = response_facts(ORDER, 201)
    assert len(facts) > 12
    result = judge_facts(facts, {"C1": ORDER}, {"C1": 201})
    assert result.rejected == ()


@pytest.mark.parametrize(
    "sound",
    [
        fact("/total", InRange(Bounds(0))),
        fact("/total", InRange(Bounds(-5))),
        fact("/total", HasType(frozenset({JsonType.NUMBER}))),
        fact("/items/*/price", InRange(Bounds(0, 10))),
        fact("/items/*/price", HasType(frozenset({JsonType.NUMBER}))),
        fact("/state", OneOf(("paid", "new", "old"))),
        fact("/id", NotNull()),
        fact("/shipped", HasFormat("date-time"), presence=Presence.IF_PRESENT, nullable=True),
        fact("/address/city", HasType(frozenset({JsonType.STRING})), guards=("/address",)),
        AssertionFact("C1", STATUS, Equals(Literal(201))),
        AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json"))),
        AssertionFact("C1", header("location")),
    ],
    ids=str,
)
def test_what_the_document_promises_is_accepted(sound: AssertionFact) -> None:
    assert verdict(sound) is None


@pytest.mark.parametrize(
    ("unsound", "reason"),
    [
        (fact("/nothing", NotNull()), "not in the document"),
        (fact("/items/*/nothing", NotNull()), "not in the document"),
        (fact("/note", NotNull()), "optional"),
        (fact("/total", InRange(Bounds(1))), "not promise"),
        (fact("/total", Equals(Literal(9.5))), "not promise"),
        (fact("/total", HasType(frozenset({JsonType.INTEGER}))), "not promise"),
        (fact("/items/*/price", InRange(Bounds(1, 9, exclusive_low=True))), "not promise"),
        (fact("/state", OneOf(("new",))), "not promise"),
        (fact("/id", HasFormat("email")), "not promise"),
        (fact("/shipped", HasFormat("date-time"), presence=Presence.IF_PRESENT), "null"),
        (fact("/address/city", HasType(frozenset({JsonType.STRING}))), "absent or null"),
        (AssertionFact("C1", STATUS, Equals(Literal(200))), "expects 201"),
        (AssertionFact("C1", CONTENT_TYPE, Equals(Literal("text/plain"))), "not promise"),
        (AssertionFact("C1", header("X-Nothing")), "no header"),
        (AssertionFact("C1", header("X-Trace")), "optional"),
        (AssertionFact("C9", body("/id"), NotNull()), "no call C9"),
        (fact("/total", Equals(SumOf("/items/*/cost"))), "not in the document"),
        (fact("/note", Equals(RequestValue("/remark")), presence=Presence.IF_PRESENT), "not in"),
    ],
    ids=str,
)
def test_what_it_does_not_promise_is_turned_away(unsound: AssertionFact, reason: str) -> None:
    assert reason in (verdict(unsound) or "accepted")


@pytest.mark.parametrize("operand", [SumOf("/items/*/price"), CountOf("/items")], ids=str)
def test_a_law_passes_with_a_warning(operand: SumOf | CountOf) -> None:
    result = judge_facts([fact("/total", Equals(operand))], {"C1": ORDER}, {"C1": 201})
    assert result.accepted == (0,)
    assert "does not state" in result.warnings[0].en


BRANCHES = load(
    """
openapi: 3.1.0
info: {title: Pay, version: "1"}
paths:
  /payment:
    get:
      responses:
        "200":
          description: one of two
          content:
            application/json:
              schema:
                type: object
                required: [payment]
                properties:
                  payment:
                    oneOf:
                      - $ref: "#/components/schemas/Card"
                      - $ref: "#/components/schemas/Cash"
                    discriminator:
                      propertyName: type
                      mapping:
                        card: "#/components/schemas/Card"
                        cash: "#/components/schemas/Cash"
components:
  schemas:
    Card:
      type: object
      required: [type, last]
      properties: {type: {const: card}, last: {type: string, pattern: "^[0-9]{4}$"}}
    Cash:
      type: object
      required: [type]
      properties: {type: {const: cash}}
""",
    "file:///pay.yaml",
)


def test_a_branch_is_judged_under_its_discriminator() -> None:
    [operation] = BRANCHES.operations
    facts = response_facts(operation, 200)
    conditional = [item for item in facts if item.conditions]
    assert [str(item.subject) for item in conditional][:1] == ["body(/payment/last)"]
    judged = judge_facts(facts, {"C1": operation}, {"C1": 200})
    assert judged.rejected == ()
    bare = [replace(item, conditions=()) for item in conditional]
    judged = judge_facts(bare, {"C1": operation}, {"C1": 200})
    assert judged.accepted == ()
    only_card = fact("/payment/type", Equals(Literal("card")))
    judged = judge_facts([only_card], {"C1": operation}, {"C1": 200})
    assert judged.accepted == (), "it may be cash"
