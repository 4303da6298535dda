"""What a refused request is told: the status, the fault and its place, nothing that is made up."""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.handled import Handled
from pe4king_core.mock.service import Service
from tests.mock.service_document import asked, said, service

TEXT = """\
openapi: 3.1.0
info: {title: 'Tools "of" all', version: "1"}
paths:
  /tools:
    get:
      operationId: listTools
      parameters:
      - {name: status, in: query, schema: {enum: [new, used]}}
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - name: mode
        in: query
        schema:
          oneOf:
          - {type: integer, minimum: 5}
          - {enum: [a, b]}
          - {enum: [c]}
      - name: role
        in: query
        content:
          application/json:
            schema:
              type: array
              items:
                anyOf:
                - {required: [is, name], properties: {is: {const: user}, name: {type: string}}}
                - {required: [is], properties: {is: {enum: [system, tool]}, name: {type: string}}}
      - {name: size, in: query, schema: {type: number, exclusiveMaximum: 10, multipleOf: 2}}
      responses:
        "200": {description: tools}
        "400": {$ref: "#/components/responses/Error"}
    post:
      operationId: addTool
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Tool"}}}
      responses: {"201": {description: made}, "401": {description: x}, "404": {description: x}}
    put:
      operationId: putTools
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Tool"}}}}
      responses: {"200": {description: x}, "422": {$ref: "#/components/responses/Texts"}}
  /tools/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getTool
      security: [{key: [], other: []}, {bearer: []}, {basic: []}]
      responses:
        "200": {description: one, content: {text/plain: {schema: {type: string}}}}
        "404": {$ref: "#/components/responses/Error"}
        "409": {description: Still in use, content: {application/json: {schema: {
          type: object, properties: {message: {type: string}, code: {type: string}}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    other: {type: apiKey, in: query, name: secret}
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
  responses:
    Error:
      description: problem
      content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
    Texts:
      description: problem
      content: {application/json: {schema: {type: object, properties: {errors: {
        type: object, properties: {body: {type: array, items: {type: string}}}}}}}}
  schemas:
    Error:
      type: object
      required: [code, message]
      properties:
        code: {type: string}
        message: {type: string}
        decline: {type: string}
        charge: {type: object, properties: {amount: {type: integer}}}
        details:
          type: array
          items:
            type: object
            required: [field]
            properties: {field: {type: string}, reason: {type: string}, note: {type: string}}
    Tool:
      oneOf: [{$ref: "#/components/schemas/Saw"}, {$ref: "#/components/schemas/Drill"}]
      discriminator:
        propertyName: kind
        mapping: {saw: "#/components/schemas/Saw", drill: "#/components/schemas/Drill"}
    Saw:
      type: object
      required: [kind, name, teeth]
      properties:
        kind: {type: string}
        name: {type: string, minLength: 3}
        teeth: {type: array, items: {type: string}, maxItems: 1}
    Drill:
      type: object
      required: [kind, speed]
      properties: {kind: {type: string}, speed: {type: number}}
"""
BEARER = ("Authorization", "Bearer t")


def tools(**options: Any) -> Service:
    return service(TEXT, **options)


def told(handled: Handled) -> list[str]:
    return [fault.told.en for fault in handled.faults]


def test_values_and_what_is_allowed_are_told() -> None:
    handled = asked(tools(), "GET", "/tools?status=bogus&page=abc&size=11")
    assert handled.answer.status == 400
    assert told(handled) == [
        "query status: `bogus` is none of new, used",
        "query page: `abc` is no integer",
        "query size: 11 is more than 10",
        "query size: 11 is no multiple of 2",
    ]
    assert [fault.reason for fault in handled.faults] == ["enum", "type", "range", "multipleOf"]
    assert handled.faults[2].told.ru == "query size: 11 больше 10"
    below = asked(tools(), "GET", "/tools?page=0&size=10")
    assert told(below) == ["query page: 0 is less than 1", "query size: 10 is not less than 10"]
    assert told(asked(tools(), "GET", "/tools?page=1&page=2")) == [
        "query page: was sent more than once, one value is expected"
    ]


def test_of_a_choice_the_nearest_alternative_is_told() -> None:
    def words(query: str) -> str:
        return asked(tools(), "GET", f"/tools?{query}").faults[0].told.en

    near = "(in the nearest of 3 documented alternatives)"
    assert words("mode=2") == f"query mode: 2 is less than 5 {near}"
    assert words("role=[{}]").startswith("query role: /0 /is is required (in the nearest of 2")
    assert words('role=[{"is":"usr","name":"a"}]') == (
        "query role: /0 /is `usr` is none of user, system, tool"
    )


def test_without_a_mapping_the_choices_are_what_the_alternatives_allow() -> None:
    listed = """mapping: {saw: "#/components/schemas/Saw", drill: "#/components/schemas/Drill"}"""
    named = TEXT.replace(f"        {listed}\n", "").replace(
        "kind: {type: string}\n", "kind: {enum: [handsaw]}\n"
    )
    handled = asked(service(named), "POST", "/tools", {"kind": "awl"})
    assert told(handled) == ["body: kind `awl` is none of handsaw, Drill"]


def test_documented_errors_list_the_real_faults_and_no_others() -> None:
    error = said(asked(tools(), "GET", "/tools?status=bogus&page=0").answer)
    assert error == {
        "code": "bad_request",
        "message": "query status: `bogus` is none of new, used; query page: 0 is less than 1",
        "details": [
            {"field": "status", "reason": "`bogus` is none of new, used"},
            {"field": "page", "reason": "0 is less than 1"},
        ],
    }
    texts = said(asked(tools(), "PUT", "/tools", {"kind": "awl"}).answer)
    assert texts == {"errors": {"body": ["body: kind `awl` is none of saw, drill"]}}


def test_documented_examples_of_errors_stand_but_for_what_happened() -> None:
    example = "{code: own, message: text, decline: kept, details: [{field: a, reason: b}]}"
    content = 'content: {application/json: {schema: {$ref: "#/components/schemas/Error"}'
    shown = service(TEXT.replace(content, f"{content}, example: {example}"))
    error = said(asked(shown, "GET", "/tools?page=0").answer)
    assert (error["code"], error["decline"]) == ("own", "kept")
    assert error["details"] == [{"field": "page", "reason": "0 is less than 1"}]
    asked_for = asked(shown, "GET", "/tools", None, ("Prefer", "code=400"))
    assert said(asked_for.answer)["message"] == "text"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "words"),
    [
        (b'{"kind": "saw",}', "application/json", 400, "line 1, column 15: a comma before `}`"),
        (b'{"kind": \n', "application/json", 400, "line 2, column 1: it ends there"),
        (b'{"kind": saw}', "application/json", 400, "line 1, column 10: at `s`"),
        (b"a", "text/csv", 415, "Content-Type `text/csv` is none of application/json"),
        (b"a", "", 415, "Content-Type is required: application/json"),
        (b"{}", "application/json", 400, "body: `kind` is required: saw, drill"),
        (b'{"kind": "saw"}', "application/json", 400, "is not valid for kind `saw`"),
    ],
)
def test_malformed_requests_are_never_told_to_log_in_or_that_nothing_is_there(
    body: bytes, content_type: str, status: int, words: str
) -> None:
    headers = [("Content-Type", content_type)] if content_type else []
    answer = tools().answer(Sent("POST", "/tools", headers, body)).answer
    assert (answer.status, answer.header("content-type")) == (status, "application/problem+json")
    assert words in said(answer)["detail"]


def test_a_coding_that_is_not_read_is_named() -> None:
    headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]
    answer = tools().answer(Sent("POST", "/tools", headers, b"x")).answer
    assert (answer.status, said(answer)["detail"]) == (415, "Content-Encoding gzip is not read")


def test_every_way_to_log_in_is_named_and_challenged() -> None:
    handled = asked(tools(), "GET", "/tools/1", key=False)
    assert handled.answer.status == 401
    assert told(handled) == [
        "credentials are missing: header X-Key + query secret, or header Authorization: Bearer …,"
        " or header Authorization: Basic …"
    ]
    challenges = [value for name, value in handled.answer.headers if name == "WWW-Authenticate"]
    assert challenges == [f'{word} realm="Tools of all"' for word in ("ApiKey", "Bearer", "Basic")]
    wrong = asked(tools(credentials=("a",)), "GET", "/tools/1", None, BEARER, key=False)
    assert told(wrong) == ["credentials are wrong: header Authorization: Bearer …"]


def test_errors_without_a_body_say_why_in_a_header() -> None:
    bare = TEXT.replace('"400": {$ref: "#/components/responses/Error"}', '"400": {description: x}')
    answer = asked(service(bare), "GET", "/tools?status=ё").answer
    assert (answer.status, answer.body) == (400, b"")
    fault = answer.header("X-Pe4king-Fault") or ""
    assert fault.isascii()
    assert fault.startswith("query status: `\\u0451` is none of new")
    assert asked(tools(), "GET", "/tools?page=0").answer.header("X-Pe4king-Fault") is None


def test_preferences_are_applied_or_refused() -> None:
    def preferring(text: str) -> Handled:
        return asked(tools(), "GET", "/tools/1", None, BEARER, ("Prefer", text))

    missing = preferring("code=404")
    assert missing.answer.header("Preference-Applied") == "code=404"
    error = said(missing.answer)
    assert (error["code"], error["message"], error.get("details")) == ("not_found", "Not Found", [])
    assert said(preferring("code=409").answer)["message"] == "Still in use"
    for text in ("code=abc", "code=42", "dynamic=maybe"):
        refused = preferring(text).answer
        assert refused.status == 400
        assert said(refused)["detail"].startswith(f"Prefer: {text.partition('=')[0]} is ")
    assert preferring("respond-async").answer.header("Preference-Applied") is None


def test_an_undocumented_failure_that_was_asked_for_names_the_option() -> None:
    assert "`--fail`" in said(asked(tools(fail_rate=1.0), "GET", "/tools").answer)["detail"]
