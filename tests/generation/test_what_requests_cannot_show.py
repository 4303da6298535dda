"""What HTTP requests cannot show is told, and no test pretends to show it."""

from __future__ import annotations

import json

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan
from pe4king_core.openapi import load

_KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def model(security: list[dict[str, list[str]]], **more: object) -> TestModel:
    schemes = {"tls": {"type": "mutualTLS"}, "key": _KEY}
    get = {"security": security, "responses": {"200": {"description": ""}}, **more}
    text = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": get}},
            "components": {"securitySchemes": schemes},
        }
    )
    [made] = generate(load(text, "file:///a.json"), TestPlan())
    return made


@pytest.mark.parametrize(
    ("security", "provable"),
    [
        ([{"tls": []}], False),
        ([{"unknown": []}], False),
        ([{"tls": []}, {"key": []}], False),
        ([{"tls": [], "key": []}], True),
        ([{"key": []}], True),
    ],
)
def test_refused_credentials(security: list[dict[str, list[str]]], provable: bool) -> None:
    made = model(security)
    tested = [case for case in made.cases if "credentials" in case.name]
    told = [doubt for doubt in made.not_provable if "credentials" in doubt.title.en]
    assert (len(tested), len(told)) == ((2, 0) if provable else (0, 2))


def test_another_protocol_is_not_waited_for() -> None:
    made = model([], responses={"101": {"description": "no HTTP any more"}})
    assert not [case for case in made.cases if 101 in case.statuses]
    assert any("1xx" in doubt.reason.en for doubt in made.not_provable)


def test_no_header_has_a_name_that_http_does_not_know() -> None:
    parameter = {"name": "a header", "in": "header", "schema": {"type": "integer"}}
    made = model([], parameters=[parameter])
    assert made.cases
    assert not [case for case in made.cases if "a header" in case.request.headers]


def tagged(branches: dict[str, object]) -> str:
    """All that is said of an answer that is one of `branches`, told by its `type`."""
    schema = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in branches],
        "discriminator": {"propertyName": "type"},
    }
    content = {"application/json": {"schema": schema}}
    text = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}
            },
            "components": {"schemas": branches},
        }
    )
    [made] = generate(load(text, "file:///a.json"), TestPlan())
    return repr([(case.assertions, case.groups) for case in made.cases])


def branch(tag: str, **members: object) -> dict[str, object]:
    properties = {"type": {"const": tag}, **members}
    return {"type": "object", "required": [*properties], "properties": properties}


def test_a_branch_says_itself_what_its_discriminator_is() -> None:
    said = tagged({"FunctionCall": branch("function"), "CustomCall": branch("custom")})
    assert "'function'" in said
    assert "('FunctionCall'" not in said


def test_a_tag_of_two_branches_tells_neither() -> None:
    user, helper = {"const": "user"}, {"const": "helper"}
    asked, told = branch("message", role=user), branch("message", role=helper)
    said = tagged({"Asked": asked, "Told": told, "Call": branch("call", tool={"const": "saw"})})
    assert "'saw'" in said
    assert "'message'" in said
    assert "'helper'" not in said
    assert "'user'" not in said


@pytest.mark.parametrize(("example", "sent"), [(None, False), ('"v1"', True)])
def test_a_made_up_precondition_is_not_sent(example: str | None, sent: bool) -> None:
    """A server that does nothing then (412) does what it was asked for."""
    parameters: list[dict[str, object]] = [
        {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
        {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
    ]
    if example is not None:
        parameters[0]["example"] = example
    made = model([], parameters=parameters)
    positive = [case for case in made.cases if case.statuses[0] < 300]
    everything = [case for case in positive if "X-Trace" in case.request.headers]
    assert everything
    assert any("If-Match" in case.request.headers for case in everything) is sent
