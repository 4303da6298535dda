"""Facts of named schemas are groups: the same one wherever the schema stands, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given

from pe4king_core.generation import generate, response_facts
from pe4king_core.generation.answers.body_facts import MAX_OWN_FACTS
from pe4king_core.generation.answers.groups import MAX_FACTS, AnswerFacts, Checked
from pe4king_core.model.case import Depth, FactGroup, PlacedGroup, TestPlan
from pe4king_core.model.fact import AssertionFact, SubjectKind
from pe4king_core.model.grouping import all_facts, facts_of
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from tests.generation.random_schemas import Made, Schemas
from tests.generation.test_generation_soundness import SEEDS, is_true, some, valid_values

LIBRARY = """
openapi: 3.1.0
info: {title: Library, version: "1"}
paths:
  /books:
    get:
      responses:
        "200":
          description: some
          headers:
            X-Order: {required: true, schema: {enum: [asc, desc]}}
            X-Trace: {schema: {type: string, format: uuid}}
            X-Parts: {schema: {type: array, items: {type: string}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/BookPage"}}}
        default:
          description: wrong
          content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}
    post:
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}
        "400":
          description: bad
          content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}
        "409":
          description: there already
          content: {application/json: {schema: {$ref: "#/components/schemas/Conflict"}}}
  /books/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        "200":
          description: one
          content:
            application/json:
              schema:
                type: object
                required: [data]
                properties:
                  data: {allOf: [{$ref: "#/components/schemas/Book"}], description: the book}
                  related:
                    anyOf: [{$ref: "#/components/schemas/Book"}, {type: "null"}]
  /events:
    get:
      responses:
        "200":
          description: some
          content:
            application/json:
              schema:
                oneOf:
                  - {$ref: "#/components/schemas/Loan"}
                  - {$ref: "#/components/schemas/Return"}
components:
  schemas:
    Loan:
      type: object
      required: [kind, book, until]
      properties:
        kind: {const: loan}
        book: {$ref: "#/components/schemas/Book"}
        until: {type: string, format: date}
        note: {type: string}
    Return:
      type: object
      required: [kind, book]
      properties:
        kind: {const: return}
        book: {$ref: "#/components/schemas/Book"}
        note: {type: [integer, "null"]}
    BookPage:
      type: object
      required: [items, total]
      properties:
        items: {type: array, items: {$ref: "#/components/schemas/Book"}}
        total: {type: integer, minimum: 0, maximum: 2147483647}
    Book:
      type: object
      required: [id, title, author]
      properties:
        id: {type: string, format: uuid}
        title: {type: string, minLength: 0, maxLength: 200}
        blurb: {type: string, maxLength: 100000}
        author: {$ref: "#/components/schemas/Author"}
    Author:
      type: object
      required: [name]
      properties:
        name: {type: string}
        home: {$ref: "#/components/schemas/Country"}
    Country:
      type: object
      required: [code]
      properties:
        code: {type: string, pattern: "^[A-Z]{2}$"}
        ruler: {$ref: "#/components/schemas/Author"}
    Problem:
      type: object
      required: [code, message]
      properties: {code: {enum: [bad, worse]}, message: {type: string}}
    Conflict:
      type: object
      required: [code, message, with]
      properties: {code: {const: taken}, message: {type: string}, with: {type: string}}
"""


def operations(text: str = LIBRARY) -> dict[str, Operation]:
    return {each.key: each for each in load(text, "file:///library.yaml").operations}


def checked(key: str, *statuses: int, depth: Depth = Depth.L5_TYPES) -> Checked:
    return AnswerFacts().of(operations()[key], statuses, call="C1", depth=depth)


def written_out(made: Checked, when: int | None) -> list[AssertionFact]:
    grouped = [f for placed in made.groups for f in facts_of(placed, call="C1", when=when)]
    return [*made.assertions, *grouped]


def of_body(made: Checked) -> list[AssertionFact]:
    facts = written_out(made, None)
    return [fact for fact in facts if fact.subject.kind is SubjectKind.BODY]


def every_group(placed: tuple[PlacedGroup, ...]) -> Iterator[FactGroup]:
    for item in placed:
        yield item.group
        yield from every_group(item.group.groups)


def shown(facts: tuple[AssertionFact, ...]) -> list[str]:
    """Subject and check of facts, the reasons left out."""
    return [f"{fact.subject} {fact.check and type(fact.check).__name__}" for fact in facts]


def test_a_resource_is_the_same_group_alone_in_a_list_and_in_an_envelope() -> None:
    [created] = checked("POST /books", 201).groups
    [page] = checked("GET /books", 200).groups
    [data, related] = checked("GET /books/{id}", 200).groups
    [listed] = page.group.groups
    assert (created.pointer, listed.pointer, data.pointer) == ("", "/items/*", "/data")
    assert created.group == listed.group == data.group == related.group
    assert created.group.facts == listed.group.facts == related.group.facts
    assert (created.group.name, page.group.name) == ("Book", "BookPage")


def test_generated_tests_of_one_resource_share_its_group() -> None:
    document = load(LIBRARY, "file:///library.yaml")
    cases = [case for model in generate(document, TestPlan()) for case in model.cases]
    contract = {case.operation.key: case for case in cases if case.id.endswith(".positive")}
    books = [
        group
        for key in ("GET /books", "POST /books", "GET /books/{id}", "GET /events")
        for group in every_group(contract[key].groups)
        if group.name == "Book"
    ]
    assert len(books) == 5
    assert len({id(group) for group in books}) == 1
    made = contract["POST /books"]
    promised = response_facts(made.operation, 201, call=made.call, asked_json=True)
    assert sorted(map(repr, all_facts(made))) == sorted(map(repr, promised))


def test_null_and_absence_belong_to_the_place_and_not_to_the_group() -> None:
    [data, related] = checked("GET /books/{id}", 200).groups
    assert (data.presence, data.nullable) == ("required", False)
    assert (related.presence, related.nullable) == ("if_present", True)
    facts = of_body(checked("GET /books/{id}", 200))
    for value in ({}, {"related": None}):
        body: Any = {"data": {"id": "7b0c7a5e-0d58-4c8c-9a3e-8f5d2b1a6c4d", "title": "t"}} | value
        body["data"]["author"] = {"name": "n"}
        assert all(is_true(fact, body) for fact in facts)
    assert not all(is_true(fact, {"data": None}) for fact in facts)


def test_groups_end_by_level_where_schemas_are_recursive() -> None:
    [book] = checked("POST /books", 201).groups
    [author] = book.group.groups
    [country] = author.group.groups
    assert country.group.groups == ()
    assert "body(/ruler) HasType" in shown(country.group.facts)
    assert book.group.size == len(written_out(checked("POST /books", 201), 201)) - 1


def test_nothing_is_said_that_goes_without_saying() -> None:
    [page] = checked("GET /books", 200).groups
    assert "body(/total) InRange" in shown(page.group.facts)
    [total] = [f for f in page.group.facts if "InRange" in repr(f.check)]
    assert "2147483647" not in repr(total.check)
    [book] = page.group.groups
    assert shown(book.group.facts) == [
        "body HasType",
        "body(/id) HasFormat",
        "body(/title) HasType",
        "body(/title) HasLength",
        "body(/blurb) HasType",
    ]


def test_what_all_branches_of_a_choice_have_is_checked() -> None:
    made = checked("GET /events", 200)
    assert shown(made.assertions) == [
        "content_type Equals",
        "body HasType",
        "body(/kind) OneOf",
        "body(/note) HasType",
    ]
    note = made.assertions[-1]
    assert (note.presence, note.nullable) == ("if_present", True)
    assert [(placed.pointer, placed.group.name) for placed in made.groups] == [("/book", "Book")]


def test_headers_are_checked_where_their_text_can_be() -> None:
    assert shown(checked("GET /books", 200).assertions) == [
        "content_type Equals",
        "header(X-Order) OneOf",
        "header(X-Trace) HasFormat",
    ]


def test_what_either_of_two_errors_says_is_checked_and_no_more() -> None:
    both = checked("POST /books", 400, 409)
    assert both.groups == ()
    assert shown(both.assertions) == [
        "content_type Equals",
        "body HasType",
        "body(/code) None",
        "body(/message) HasType",
    ]
    [alone] = checked("POST /books", 400).groups
    assert alone.group.name == "Problem"


def test_a_shallow_plan_sees_the_fields_of_the_resource_and_not_below() -> None:
    [book] = checked("POST /books", 201, depth=Depth.L3_FIELDS).groups
    assert book.group.groups == ()
    assert shown(book.group.facts) == [
        "body HasType",
        "body(/id) None",
        "body(/title) None",
        "body(/author) None",
    ]


@pytest.mark.parametrize(
    ("wrapper", "grouped"),
    [
        ({"$ref": "#/components/schemas/A"}, True),
        ({"allOf": [{"$ref": "#/components/schemas/A"}], "nullable": True, "x-a": 1}, True),
        ({"allOf": [{"$ref": "#/components/schemas/A"}], "required": ["id"]}, False),
        ({"allOf": [{"$ref": "#/components/schemas/A"}, {"required": ["id"]}]}, False),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "string"}]}, False),
    ],
)
def test_only_what_says_no_more_than_a_named_schema_is_its_group(
    wrapper: object, grouped: bool
) -> None:
    answer = {"type": "object", "properties": {"a": wrapper}}
    named = {"A": {"type": "object", "properties": {"id": {"type": "integer"}}}}
    made = AnswerFacts().of(
        operations(Made(answer, named).document("response"))["POST /x"],
        (200,),
        call="C1",
        depth=Depth.L5_TYPES,
    )
    assert [placed.group.name for placed in made.groups] == ["A"] * grouped


def several(made: Made) -> dict[str, Operation]:
    """The random schema answered alone, in a list, and with every component."""
    document = json.loads(made.document("response"))
    answers = [made.schema, {"type": "array", "items": made.schema}]
    answers += [{"$ref": f"#/components/schemas/{name}"} for name in made.components]
    for number, schema in enumerate(answers):
        answer = {"description": "d", "content": {"application/json": {"schema": schema}}}
        document["paths"][f"/{number}"] = {"get": {"responses": {"200": answer}}}
    return operations(json.dumps(document))


@some(60)
@given(SEEDS)
def test_groups_state_what_flat_facts_do_and_nothing_twice(seed: int) -> None:
    for operation in several(Schemas(Random(seed)).make()).values():
        grouped = AnswerFacts().of(operation, (200,), call="C1", depth=Depth.L5_TYPES)
        facts = written_out(grouped, 200)
        assert sorted(map(repr, facts)) == sorted(map(repr, response_facts(operation, 200)))
        assert len({fact.key for fact in facts}) == len(facts)


@some(60)
@given(SEEDS)
def test_a_group_depends_on_its_schema_and_level_alone(seed: int) -> None:
    found = list(several(Schemas(Random(seed)).make()).values())
    Random(seed).shuffle(found)
    known: dict[str, FactGroup] = {}
    for maker in (AnswerFacts(), *(AnswerFacts() for _ in found)):
        for operation in found:
            made = maker.of(operation, (200,), call="C1", depth=Depth.L5_TYPES)
            for group in every_group(made.groups):
                first = known.setdefault(group.key, group)
                assert (first.facts, first.groups) == (group.facts, group.groups)
                assert group.size == len(list(facts_of(PlacedGroup("", group), call="C1")))
        found = found[1:] + found[:1]


@some(60)
@given(SEEDS)
def test_what_two_answers_share_holds_for_both(seed: int) -> None:
    random = Random(seed)
    made = Schemas(random).make()
    names = sorted(made.components)
    other = {"$ref": f"#/components/schemas/{random.choice(names)}"} if names else True
    document = json.loads(made.document("response"))
    content = {"application/json": {"schema": other}}
    document["paths"]["/x"]["post"]["responses"]["422"] = {"description": "e", "content": content}
    [operation] = operations(json.dumps(document)).values()
    shared = AnswerFacts().of(operation, (200, 422), call="C1", depth=Depth.L5_TYPES)
    facts = of_body(shared)
    for either in (made, Made(other, made.components)):
        for value in valid_values(either, random, "writeOnly", 5):
            assert all(is_true(fact, value) for fact in facts)


def test_a_test_stays_readable_however_wide_the_schemas_are() -> None:
    fields: dict[str, Any] = {f"f{n}": {"type": "string"} for n in range(100)}
    named = {
        name: {"type": "object", "properties": fields | {"a": reference, "b": reference}}
        for name, reference in (
            ("Wide", {"$ref": "#/components/schemas/Other"}),
            ("Other", {"$ref": "#/components/schemas/Wide"}),
        )
    }
    made = Made({"$ref": "#/components/schemas/Wide"}, named)
    facts = response_facts(operations(made.document("response"))["POST /x"], 200)
    own = [fact for fact in facts if fact.subject.name.count("/") == 1]
    assert [fact.subject.name for fact in own[:3]] == ["/f0", "/f1", "/f2"]
    assert len(own) < MAX_OWN_FACTS <= len(facts) <= MAX_FACTS + 1
