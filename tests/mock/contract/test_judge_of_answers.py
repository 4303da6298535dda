"""The judge of answers: statuses, headers, media types other than JSON, bodies that must not be."""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_core.mock.contract.fault import FaultKind
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.mock.exchange import Answer, Sent
from tests.mock.contract.raw_documents import JSON, answering, document, kinds, told

PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
}
PAGE = Answer(200, (("Content-Type", JSON),), b"{}")


@pytest.mark.parametrize(
    ("documented", "status", "wanted"),
    [
        (["200"], 200, []),
        (["2XX"], 201, []),
        (["default"], 418, []),
        (["default"], 500, []),
        (["5XX"], 503, []),
        (["200"], 201, [FaultKind.STATUS]),
        (["200"], 500, [FaultKind.SERVER_ERROR]),
        ([], 200, [FaultKind.STATUS]),
    ],
)
def test_statuses(documented: list[str], status: int, wanted: list[FaultKind]) -> None:
    raw = document(responses={key: {"description": ""} for key in documented})
    assert kinds(raw, Answer(status)) == wanted


def test_a_server_error_is_not_the_error_that_default_describes() -> None:
    raw = document(responses={"default": {"content": {JSON: {"schema": PET}}}})
    crash = Answer(500, (("Content-Type", "text/html"),), b"<h1>Oops</h1>")
    assert kinds(raw, crash) == [FaultKind.SERVER_ERROR]
    told_so = Answer(500, (("Content-Type", JSON),), b'{"name": "database"}')
    assert kinds(raw, told_so) == []


@pytest.mark.parametrize(
    ("header", "value", "wanted"),
    [
        ({"required": True, "schema": {"type": "integer"}}, None, [FaultKind.HEADER]),
        ({"schema": {"type": "integer"}}, None, []),
        ({"schema": {"type": "integer"}}, "12", []),
        ({"schema": {"type": "integer"}}, "twelve", [FaultKind.HEADER_VALUE]),
        ({"schema": {"type": "integer", "maximum": 9}}, "12", [FaultKind.HEADER_VALUE]),
        ({"schema": {"type": "array", "items": {"type": "integer"}}}, "1,2", []),
        (
            {"schema": {"type": "array", "items": {"type": "integer"}}},
            "1,b",
            [FaultKind.HEADER_VALUE],
        ),
        ({"content": {JSON: {"schema": {"type": "object"}}}}, '{"a": 1}', []),
        ({"content": {JSON: {"schema": {"type": "object"}}}}, "{", [FaultKind.HEADER_VALUE]),
        ({"type": "integer"}, "twelve", [FaultKind.HEADER_VALUE]),
    ],
)
def test_headers(header: dict[str, Any], value: str | None, wanted: list[FaultKind]) -> None:
    raw = document(responses={"200": {"headers": {"X-Count": header}}})
    headers = () if value is None else (("x-count", value),)
    assert kinds(raw, Answer(200, headers)) == wanted


@pytest.mark.parametrize(
    ("media_type", "schema", "good", "bad"),
    [
        (JSON, PET, b'{"name": "Rex"}', b'{"name": 5}'),
        ("application/problem+json", PET, b'{"name": "Rex"}', b'{"age": 5}'),
        (JSON, {"type": "number"}, b"5", b"NaN"),
        ("application/x-www-form-urlencoded", PET, b"name=Rex&age=5", b"name=Rex&age=five"),
        ("application/x-ndjson", PET, b'{"name": "a"}\n{"name": "b"}\n', b'{"name": "a"}\n{}\n'),
        ("application/json-seq", PET, b'\x1e{"name": "a"}\n', b'\x1e{"name": "a"}\n\x1e{}\n'),
        ("text/plain", {"type": "string", "maxLength": 3}, b"yes", b"maybe"),
        ("text/plain", {"type": "integer"}, b"12", b"twelve"),
        ("text/event-stream", {"type": "object"}, b"data: {}\n\n", b"<html>"),
        ("application/xml", PET, b"<pet><name>Rex</name></pet>", b"<pet><name>Rex"),
        ("application/xml", PET, b"<pet><name>Rex</name></pet>", b"<pet><age>5</age></pet>"),
        ("application/xml", PET, b'<pet name="Rex"/>', b"<pet><name/><age>five</age></pet>"),
        (
            "application/xml",
            {**PET, "xml": {"name": "pet"}},
            b"<pet><name>Rex</name></pet>",
            b"<dog><name>Rex</name></dog>",
        ),
    ],
)
def test_bodies(media_type: str, schema: Any, good: bytes, bad: bytes) -> None:
    raw = answering(schema, media_type)
    assert not told(raw, good, media_type)
    assert told(raw, bad, media_type)


def test_each_item_of_a_sequence_has_its_schema() -> None:
    media_type = "application/jsonl"
    content = {media_type: {"itemSchema": PET}}
    raw = document("3.2.0", responses={"200": {"content": content}})
    assert not told(raw, b'{"name": "a"}\n{"name": "b"}', media_type)
    assert told(raw, b'{"name": "a"}\n{"age": 1}', media_type)


def test_multipart_is_read_by_its_fields() -> None:
    media_type = "multipart/form-data; boundary=b"
    raw = answering(PET, "multipart/form-data")
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    assert not told(raw, part % (b"name", b"Rex") + b"--b--\r\n", media_type)
    assert told(raw, part % (b"age", b"5") + b"--b--\r\n", media_type)


def test_what_nobody_reads_is_not_looked_at() -> None:
    assert not told(answering({"type": "string"}, "image/png"), b"\x89PNG", "image/png")


@pytest.mark.parametrize("text", ["<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "<!DOCTYPE x><x/>"])
def test_entities_of_xml_are_not_read(text: str) -> None:
    with pytest.raises(UnjudgedError):
        told(answering(PET, "application/xml"), text.encode(), "application/xml")


@pytest.mark.parametrize(
    ("headers", "body", "wanted"),
    [
        ({}, b"", [FaultKind.CONTENT_TYPE]),
        ({}, b"{}", [FaultKind.CONTENT_TYPE]),
        ({"Content-Type": "text/html"}, b"{}", [FaultKind.CONTENT_TYPE]),
        ({"Content-Type": JSON}, b"", [FaultKind.BODY]),
        ({"content-type": "Application/JSON; charset=utf-8"}, b"{}", []),
    ],
)
def test_content_types(headers: dict[str, str], body: bytes, wanted: list[FaultKind]) -> None:
    assert kinds(answering({}), Answer(200, tuple(headers.items()), body)) == wanted


@pytest.mark.parametrize("status", [204, 205, 304])
def test_statuses_without_a_body(status: int) -> None:
    raw = document(responses={str(status): {"content": {JSON: {"schema": PET}}}})
    assert kinds(raw, Answer(status)) == []
    assert kinds(raw, Answer(status, (("Content-Type", JSON),), b'{"name": "a"}')) != []


def test_head_is_answered_as_get_without_the_body() -> None:
    raw = answering(PET)
    assert kinds(raw, Answer(200, (("Content-Type", JSON),)), "HEAD") == []
    assert kinds(raw, PAGE, "HEAD") == [FaultKind.BODY]
    assert kinds(raw, Answer(404), "HEAD") == [FaultKind.STATUS]


def test_swagger_says_where_there_is_no_body() -> None:
    raw = {"swagger": "2.0", "paths": {"/x": {"get": {"responses": {"200": {}}}}}}
    assert kinds(raw, Answer(200)) == []
    assert kinds(raw, PAGE) == [FaultKind.BODY]
    # In OpenAPI 3 a response without content says nothing of it.
    assert kinds(document(responses={"200": {}}), PAGE) == []


def test_write_only_members_are_not_answered() -> None:
    user = {
        "required": ["name", "password"],
        "properties": {"name": {"type": "string"}, "password": {"writeOnly": True}},
    }
    assert not told(answering(user), b'{"name": "a"}')
    assert told(answering(user), b'{"password": "a"}')
    inherited = {"allOf": [{"$ref": "#/components/schemas/User"}], "required": ["password"]}
    assert not told(answering(inherited, components={"User": user}), b'{"name": "a"}')


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "nullable": True}, b"null", b"5"),
        ({"type": "integer", "minimum": 5, "exclusiveMinimum": True}, b"6", b"5"),
        ({"type": "integer", "format": "int32"}, b"2147483647", b"2147483648"),
        ({"enum": [{"required": ["a"], "$ref": 5}]}, b'{"required": ["a"], "$ref": 5}', b"{}"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/A"}}, b'["a"]', b"[5]"),
    ],
)
def test_the_words_of_openapi_3_0(schema: Any, good: bytes, bad: bytes) -> None:
    raw = answering(schema, version="3.0.3", components={"A": {"type": "string"}})
    assert not told(raw, good)
    assert told(raw, bad)


def test_a_request_that_cannot_be_read_does_not_hide_the_answers() -> None:
    raw = answering(PET)
    raw["paths"]["/x"]["get"]["requestBody"] = {"$ref": "#/components/requestBodies/Lost"}
    raw["paths"]["/x"]["get"]["responses"]["404"] = {"$ref": "#/components/responses/Lost"}
    assert not told(raw, b'{"name": "Rex"}')
    assert told(raw, b'{"name": 5}')
    with pytest.raises(UnjudgedError):
        told(raw, b"{}", status=404)
    sent = Sent("GET", "/x", (("Content-Type", JSON),), b"{}")
    with pytest.raises(UnjudgedError):
        RequestJudge(raw).faults(sent, "/x")
