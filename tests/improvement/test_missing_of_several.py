"""A test that allows several documented answers lacks what all of them promise."""

from __future__ import annotations

import pytest

from pe4king_core.improvement.missing import missing_facts
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.testcode import read_tests

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /x:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json: {schema: {$ref: "#/components/schemas/X"}}
            application/xml: {schema: {$ref: "#/components/schemas/X"}}
        "400": {$ref: "#/components/responses/Wrong"}
        "404": {$ref: "#/components/responses/Wrong"}
        "409":
          description: conflict
          content: {application/json: {schema: {$ref: "#/components/schemas/X"}}}
components:
  responses:
    Wrong:
      description: wrong
      content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}
  schemas:
    X: {type: object, required: [id], properties: {id: {type: string}}}
    Problem:
      type: object
      required: [code]
      properties: {code: {type: string}}
      additionalProperties: false
"""
[OPERATION] = load(DOCUMENT, "file:///t.yaml").operations
[OPEN] = load(
    DOCUMENT.replace('"409":', "default:"),
    "file:///open.yaml",
).operations
PROBLEM = [
    "content_type: equals",
    "body: hastype",
    "body: onlymembers",
    "body(/code): hastype",
]


def told(
    assertion: str, call: str = "requests.get('/x')", operation: Operation = OPERATION
) -> list[str]:
    source = f"import requests\n\n\ndef test_a():\n    r = {call}\n    {assertion}\n"
    [test] = read_tests(source, SourceLanguage.PYTHON).tests
    return [_words(fact) for fact in missing_facts(test, test.calls[0], operation, source)]


def _words(fact: AssertionFact) -> str:
    return f"{fact.subject}: {type(fact.check).__name__.lower()}"


@pytest.mark.parametrize(
    ("assertion", "missing"),
    [
        ("assert r.status_code in (400, 404)", PROBLEM),
        ("assert r.status_code in (400, 409)", ["content_type: equals", "body: hastype"]),
        ("assert r.status_code in (400, 404, 418)", []),
        ("assert 400 <= r.status_code <= 404", PROBLEM),
    ],
)
def test_what_all_allowed_answers_promise_is_missing(assertion: str, missing: list[str]) -> None:
    assert told(assertion) == missing


def test_a_range_with_a_default_answer_may_be_any() -> None:
    assert told("assert 400 <= r.status_code < 500", operation=OPEN) == []
    assert told("assert r.status_code in (400, 404)", operation=OPEN) == PROBLEM


def test_who_asks_for_json_gets_it() -> None:
    accepts = "requests.get('/x', headers={'Accept': 'application/json'})"
    assert told("assert r.status_code == 200") == ["content_type: oneof"]
    assert told("assert r.status_code == 200", accepts) == [
        "content_type: equals",
        "body: hastype",
        "body(/id): hastype",
    ]
