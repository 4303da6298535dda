"""Cases of behaviour: echo, create-then-read, update-then-read, gone-after-delete."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import TestCase, TestPlan
from pe4king_core.model.fact import (
    Basis,
    CaseKind,
    Equals,
    Presence,
    RequestValue,
    ResponseValue,
    SubjectKind,
)
from pe4king_core.openapi import load

NOTES = """
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    post:
      operationId: createNote
      summary: Write a note.
      requestBody: &body
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewNote"}}}
      responses:
        "201": &answer
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}
  /notes/{noteId}:
    parameters: [{name: noteId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: readNote
      responses: {"200": *answer, "404": {description: none}}
    put: {operationId: replaceNote, requestBody: *body, responses: {"200": *answer}}
    patch: {operationId: changeNote, requestBody: *body, responses: {"200": *answer}}
    delete: {operationId: deleteNote, responses: {"204": {description: gone}}}
components:
  schemas:
    NewNote:
      type: object
      required: [title, password, due, size, kind]
      properties:
        status: {type: string}
        title: {type: string}
        password: {type: string}
        due: {type: string, format: date-time}
        size: {type: [integer, string]}
        kind: {enum: [a, b], type: string}
        colour: {type: string, example: red}
    Note:
      type: object
      required: [id, title, password, due, size, kind]
      properties:
        id: {type: integer}
        title: {type: string}
        status: {type: string}
        password: {type: string}
        due: {type: string, format: date-time}
        size: {type: integer}
        kind: {enum: [a, b], type: string}
        colour: {type: string}
"""


def cases(text: str = NOTES, **plan: Any) -> dict[str, TestCase]:
    models = generate(load(text, "file:///notes.yaml"), TestPlan(**plan))
    return {case.id: case for model in models for case in model.cases}


def compared(case: TestCase) -> dict[str, object]:
    """What each field that a law speaks of must be equal to."""
    return {
        fact.subject.name: fact.check.operand
        for fact in case.assertions
        if fact.basis is Basis.LAW and isinstance(fact.check, Equals)
    }


def test_every_behaviour_is_a_test_of_its_own() -> None:
    found = [
        case for case in cases().values() if case.basis is Basis.LAW and case.kind == "positive"
    ]
    assert [(case.name, case.law) for case in found] == [
        ("create_note_returns_what_was_sent", "echo"),
        ("read_note_returns_the_created_note", "create-then-read"),
        ("read_note_returns_the_note_as_changed_by_put", "update-then-read"),
        ("read_note_returns_the_note_as_changed_by_patch", "update-then-read"),
        ("read_note_answers_404_for_the_deleted_note", "gone-after-delete"),
        ("replace_note_returns_what_was_sent", "echo"),
        ("change_note_returns_what_was_sent", "echo"),
    ]
    assert not any(
        fact.basis is Basis.LAW
        for case in cases().values()
        if case.basis is Basis.DOCUMENT
        for fact in case.assertions
    ), "the tests of the contract rest on the document alone"


def test_behaviour_can_be_left_out() -> None:
    assert not [case for case in cases(behavioural=False).values() if case.basis is Basis.LAW]


def test_only_fields_that_surely_come_back_are_compared() -> None:
    echo = cases()["createNote.positive.echo"]
    assert compared(echo) == {
        "/title": RequestValue("/title"),
        "/kind": RequestValue("/kind"),
        "/colour": RequestValue("/colour"),
    }, "no password, no date, nothing of several types, nothing that the server decides"
    assert echo.clean_up is not None


def test_where_nothing_is_required_fields_are_compared_where_they_come_back() -> None:
    loose = re.sub(r"required: \[.*\]", "required: []", NOTES)
    loose = loose.replace("colour:", "slug:")
    echo = cases(loose)["createNote.positive.echo"]
    assert compared(echo) == {
        "/title": RequestValue("/title"),
        "/kind": RequestValue("/kind"),
    }, "a slug may be the server's"
    assert {fact.presence for fact in echo.assertions} == {Presence.IF_PRESENT}


def test_what_is_created_is_read() -> None:
    case = cases()["readNote.positive.create-then-read"]
    assert [step.call for step in case.given] == ["POST /notes"]
    assert case.request.path_parameters == {"noteId": ResponseValue("POST /notes", "/id")}
    assert case.statuses == (200,)
    assert compared(case) == {
        "/id": ResponseValue("POST /notes", "/id"),
        "/title": RequestValue("/title", "POST /notes"),
        "/kind": RequestValue("/kind", "POST /notes"),
        "/colour": RequestValue("/colour", "POST /notes"),
    }


def test_what_is_changed_is_read() -> None:
    case = cases()["readNote.positive.update-then-read.replaceNote"]
    assert [(step.call, step.status) for step in case.given] == [
        ("POST /notes", 201),
        ("PUT /notes/{noteId}", 200),
    ]
    assert case.given[1].clean_up is None
    assert compared(case)["/title"] == RequestValue("/title", "PUT /notes/{noteId}")
    first, second = (step.request.body for step in case.given)
    assert first is not None
    assert second is not None
    assert first.value != second.value, "the change must be one"


def test_what_is_deleted_is_gone() -> None:
    case = cases()["readNote.positive.gone-after-delete"]
    assert [(step.call, step.status) for step in case.given] == [
        ("POST /notes", 201),
        ("DELETE /notes/{noteId}", 204),
    ]
    assert (case.statuses, case.any_client_error) == ((404,), False)
    assert not [fact for fact in case.assertions if fact.subject.kind is SubjectKind.BODY]
    undocumented = NOTES.replace(', "404": {description: none}', "")
    assert "readNote.positive.gone-after-delete" not in cases(undocumented)


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        (
            "title: {type: string}\n        password",
            "title: {type: string, readOnly: true}\n        password",
        ),
        (
            "        id: {type: integer}\n        title: {type: string}",
            "        id: {type: integer}\n        title: {type: string, maxLength: 1}",
        ),
        (
            "        id: {type: integer}\n        title: {type: string}",
            "        id: {type: integer}\n        title: {type: [string, integer]}",
        ),
    ],
)
def test_a_field_that_may_come_back_differently_is_not_compared(given: str, instead: str) -> None:
    assert given in NOTES
    echo = cases(NOTES.replace(given, instead))["createNote.positive.echo"]
    assert "/title" not in compared(echo)
    assert "/kind" in compared(echo)


def test_behaviours_are_worth_more_than_negatives_and_less_than_the_contract() -> None:
    kept = cases(max_tests_per_endpoint=3, operations=frozenset({"readNote"}))
    assert [case.id for case in kept.values()] == [
        "readNote.positive",
        "readNote.positive.create-then-read",
        "readNote.positive.gone-after-delete",
    ]


def test_what_needs_an_id_that_is_not_promised_shows_behaviour() -> None:
    taken = {"noteId": ResponseValue("POST /notes", "/id", sure=False)}
    unsure = NOTES.replace("required: [id, title", "required: [title")
    found = cases(unsure)
    for name in ("readNote.positive", "readNote.positive.create-then-read"):
        assert found[name].request.path_parameters == taken
        assert found[name].basis is Basis.LAW
    [same] = [
        f
        for f in found["readNote.positive.create-then-read"].assertions
        if f.subject.name == "/id" and f.law
    ]
    assert same.presence is Presence.IF_PRESENT
    edges = [c for c in found.values() if c.id.startswith("replaceNote.edge")]
    assert {(case.basis, case.law) for case in edges} == {(Basis.LAW, "create-then-use")}
    negatives = [c for c in found.values() if c.id.startswith("replaceNote.negative.body")]
    assert negatives
    assert {(case.basis, len(case.given)) for case in negatives} == {(Basis.LAW, 1)}
    without = cases(unsure, behavioural=False)
    missing = without["replaceNote.negative.body.title.rejects-missing-title"]
    assert (missing.basis, missing.given) == (Basis.DOCUMENT, ())
    assert cases(unsure, behavioural=False)["readNote.positive"].basis is Basis.DOCUMENT
    assert cases()["readNote.positive"].basis is Basis.DOCUMENT


def test_titles_say_what_the_operation_is() -> None:
    found = cases()
    assert found["createNote.positive"].title.en == "Write a note: returns 201"
    assert found["readNote.positive"].title.en == "Read note: returns 200"
    assert found["readNote.positive"].title.ru == "Read note: ответ 200"


def test_kinds_select_behaviour_with_the_positive_cases() -> None:
    assert not [c for c in cases(kinds=frozenset({CaseKind.NEGATIVE})).values() if "echo" in c.id]
